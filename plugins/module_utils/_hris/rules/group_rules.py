# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group rules: the birthright groups of a person. Every rule that holds gives its groups, some of
them only between two days.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..data_class import frozen
from ..errors import HrisError
from ..model.people import CURRENT, Person
from ..model.records import Record
from ..option_names import option_name
from .days import DayRule, day_of, last_day
from .expressions import Expression, compile_rule
from .placement import compile_when
from .policies import Options
from .times import AUTO, is_day, zone


@frozen
class MembershipDays:
    """The days between which a rule gives its groups. A record without one of them has no such
    bound.
    """

    first: DayRule | None  # groups[].from
    last: DayRule | None  # groups[].until

    def of(self, record: Record, timezone: str | None) -> tuple[str | None, str | None]:
        """(the first day, the last day) in ISO 8601. timezone: of the person. Raises HrisError for
        what is not a day.
        """
        place = zone(timezone) if timezone else None
        first, last = day_of(record, self.first, place), last_day(record, self.last, place)
        return first.isoformat() if first else None, last.isoformat() if last else None

    def include(self, record: Record, person: Person) -> bool:
        """Whether the day of the run is one of them."""
        first, last = self.of(record, person.timezone)
        return (not first or first <= person.today) and (not last or person.today <= last)


@frozen
class GroupRule:
    """One rule."""

    place: str  # the rule, for messages
    when: Expression | None  # None: it holds for everybody
    groups: tuple[str, ...]  # logon names or DNs
    records: str  # primary or current: the records that the condition is asked about
    days: MembershipDays | None = None  # None: it holds on every day

    def holds(self, person: Person) -> bool:
        """Whether the rule holds for this person."""
        return self.holds_for(person.record, person) or self.holds_for_another(person)

    def holds_for(self, record: Record, person: Person) -> bool:
        """Whether the rule holds for one record of this person, on the day of the run."""
        if self.when is not None and not self.when.evaluate(record):
            return False
        return self.days is None or self.days.include(record, person)

    def holds_for_another(self, person: Person) -> bool:
        """Whether the rule is about all current records, and holds for one that is not primary."""
        if self.records != "current" or person.employment is None:
            return False
        others = person.employment.records[1:]
        return any(
            one.source == person.source
            and one.time == CURRENT
            and one.in_scope
            and self.holds_for(one.record, person)
            for one in others
        )


def compile_groups(rules: list[Options] | None) -> list[GroupRule]:
    """The group rules. Raises HrisError for the first wrong name."""
    compiled = []
    for index, rule in enumerate(rules or []):
        place = option_name(f"groups[{index}]")
        for name in rule["groups"]:
            if not name.strip() or "{" in name:
                raise HrisError(
                    f"{name!r} is not the name of a group",
                    place=f"{place}.groups",
                    hint="Write the logon name or the DN of the group, without expressions",
                )
        groups = tuple(rule["groups"])
        when = compile_when(rule.get("when"), place)
        compiled.append(GroupRule(place, when, groups, rule["records"], _days(rule, place)))
    return compiled


def _days(rule: Options, place: str) -> MembershipDays | None:
    first, last = (_day(rule.get(word), f"{place}.{word}") for word in ("from", "until"))
    return MembershipDays(first, last) if first or last else None


def _day(text: str | None, place: str) -> DayRule | None:
    """The rule of a day: an expression, or the day itself."""
    if text is None:
        return None
    if is_day(text):
        return DayRule(Expression(text, place, lambda _record: text, frozenset()), AUTO)
    return DayRule(compile_rule(text, place), AUTO)


def groups_of_record(rules: Iterable[GroupRule], record: Record) -> tuple[str, ...]:
    """The groups of somebody with one record, where no rule has days: as groups_of."""
    holding = [rule for rule in rules if rule.when is None or rule.when.evaluate(record)]
    return tuple(dict.fromkeys(name for rule in holding for name in rule.groups))


def groups_of(rules: Iterable[GroupRule], person: Person) -> tuple[str, ...]:
    """The groups of all rules that hold, as the rules name them, each once."""
    names: list[str] = []
    record = person.record
    for rule in rules:
        when, days = rule.when, rule.days
        if when is None or when.evaluate(record):
            if days is None or days.include(record, person) or rule.holds_for_another(person):
                names += rule.groups
        elif rule.holds_for_another(person):
            names += rule.groups
    return tuple(dict.fromkeys(names))
