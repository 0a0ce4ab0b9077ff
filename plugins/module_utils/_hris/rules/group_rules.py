# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group rules: the birthright groups of a person. Every rule that holds gives its groups."""

from __future__ import annotations

from ..data_class import frozen
from ..errors import HrisError
from ..model.people import CURRENT, Person
from ..option_names import option_name
from .expressions import Expression
from .placement import compile_when
from .policies import Options


@frozen
class GroupRule:
    """One rule."""

    place: str  # the rule, for messages
    when: Expression | None  # None: it holds for everybody
    groups: tuple[str, ...]  # logon names or DNs
    records: str  # primary or current: the records that the condition is asked about

    def holds(self, person: Person) -> bool:
        """Whether the rule holds for this person."""
        if self.when is None or self.when.evaluate(person.record):
            return True
        return self.holds_for_another(person)

    def holds_for_another(self, person: Person) -> bool:
        """Whether the rule is about all current records, and holds for one that is not primary."""
        if self.when is None or self.records != "current" or person.employment is None:
            return False
        others = person.employment.records[1:]
        return any(
            one.source == person.source
            and one.time == CURRENT
            and one.in_scope
            and self.when.evaluate(one.record)
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
        compiled.append(GroupRule(place, when, groups, rule["records"]))
    return compiled


def groups_of(rules: list[GroupRule], person: Person) -> tuple[str, ...]:
    """The groups of all rules that hold, as the rules name them, each once."""
    names: list[str] = []
    record = person.record
    for rule in rules:
        if rule.when is None or rule.when.evaluate(record) or rule.holds_for_another(person):
            names += rule.groups
    return tuple(dict.fromkeys(names))
