# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rules with a condition hold for one person: for the place and for groups."""

from __future__ import annotations

from ..ad_values.dn import normal
from ..ad_values.sid import rid
from ..data_class import mutable
from ..errors import HrisError
from ..model.directory import Account, Snapshot
from ..model.people import Person
from ..model.records import Record
from ..rules.expressions import Expression
from ..rules.group_rules import GroupRule
from ..rules.ruleset import Ruleset
from .group_names import GroupNames
from .group_notes import GroupNote, note_of


@mutable
class ExplainedRule:
    """One rule with a condition."""

    rule: str
    when: str | None
    holds: bool
    why: str | None = None  # an error of the condition
    ou: str | None = None  # of a placement rule
    group: str | None = None  # of a group rule
    member: bool | None = None  # whether the account is a direct member now
    found: bool | None = None  # whether it was one before a rule gave the group
    governed: str | None = None  # what says that the cloud governs the group; None: nothing does
    first_day: str | None = None  # of a group rule with days, ISO 8601; None: no such bound
    last_day: str | None = None


def explained_placement(record: Record, rules: Ruleset) -> list[ExplainedRule]:
    """Whether each rule for the place of the account holds."""
    found = []
    for rule in rules.placement:
        explained = _rule(rule.place, rule.when, record)
        explained.ou = rule.ou.source
        found.append(explained)
    return found


def explained_groups(
    person: Person, account: Account | None, rules: Ruleset, snapshot: Snapshot
) -> list[ExplainedRule]:
    """Whether each rule for groups holds, and whether the account is a member of the groups."""
    direct: set[str] = set()
    note = None
    if account:
        direct = {normal(dn) for dn in account.groups}
        note = _note_of(account, rules, snapshot)
    names = GroupNames(snapshot.groups)
    found = []
    for rule in rules.groups:
        for name in rule.groups:
            explained = _group_rule(rule, person)
            group = names.find(name)
            explained.group = name
            explained.member = group is not None and normal(group.dn) in direct
            explained.governed = (group and group.governed) or None
            explained.found = bool(
                group and note and explained.member and rid(group.sid) in note.found
            )
            found.append(explained)
    return found


def _note_of(account: Account, rules: Ruleset, snapshot: Snapshot) -> GroupNote | None:
    """Who gave the groups of the account, as it says itself."""
    if not rules.leaver.record:
        return None
    name = snapshot.schema[rules.leaver.record.casefold()].name
    return note_of(account.attributes.get(name, ()))


def _group_rule(rule: GroupRule, person: Person) -> ExplainedRule:
    explained = _rule(rule.place, rule.when, person.record)
    if explained.why is None:
        try:
            explained.holds = rule.holds(person)
            if rule.days:
                days = rule.days.of(person.record, person.timezone)
                explained.first_day, explained.last_day = days
        except HrisError as error:
            explained.holds, explained.why = False, str(error)
    return explained


def _rule(place: str, when: Expression | None, record: Record) -> ExplainedRule:
    if when is None:
        return ExplainedRule(place, None, True)
    try:
        return ExplainedRule(place, when.source, bool(when.evaluate(record)))
    except HrisError as error:
        return ExplainedRule(place, when.source, False, why=str(error))
