# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Risk: which changes a human should see first. All changes of one account have the same risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence

from ..ad_values.dn import normal, object_of
from ..errors import HrisError
from ..model.directory import Group
from ..model.people import Person
from ..model.plan import HIGH, LOW, Change
from ..model.records import Record
from ..rules.expressions import Expression
from ..rules.risk import Risk
from .dependencies import independent_of
from .group_names import GroupNames


def assess_risks(
    changes: Sequence[Change], people: Iterable[Person], risk: Risk, groups: Iterable[Group]
) -> None:
    """Set the risk of each change of a source and, where it is high, the reasons in a few words.

    groups: of the directory, for groups that the rules name by logon name.
    """
    sensitive = _sensitive_groups(risk, groups)
    counts = _accounts_by_action(changes)
    records: dict[str, Record] = {}
    if risk.people:
        records = {person.key: person.record for person in people}
    reasons: dict[str, dict[str, None]] = defaultdict(dict)  # each once, in the order found
    for change in changes:
        found = reasons[object_of(change)]
        found.update(dict.fromkeys(_reasons(change, risk, sensitive, counts, records)))
    for change in changes:
        change.risks = list(reasons[object_of(change)])
        change.risk = HIGH if change.risks else LOW


def _sensitive_groups(risk: Risk, groups: Iterable[Group]) -> set[str]:
    """The normal DNs of the groups that the risk rules name."""
    names = GroupNames(groups)
    found = (names.find(name) for name in risk.groups)
    return {normal(group.dn) for group in found if group}


def _accounts_by_action(changes: Iterable[Change]) -> dict[str, int]:
    accounts = defaultdict(set)
    for change in changes:
        accounts[change.action].add(object_of(change))
    return {action: len(objects) for action, objects in accounts.items()}


def _reasons(
    change: Change,
    risk: Risk,
    sensitive: set[str],
    counts: dict[str, int],
    records: dict[str, Record],
) -> list[str]:
    """Why the risk of a change is high."""
    action, found = change.action, []
    if action in risk.actions:
        found.append(f"action {action}")
    most = risk.more_than.get(action)
    if most is not None and counts[action] > most:
        found.append(f"many: {counts[action]} {action}, more than {most}")
    if change.group and normal(change.group) in sensitive:
        found.append("a sensitive group")
    record = records.get(change.key or "")
    if record is not None:
        found += [reason for one in risk.people if (reason := _person_reason(one, record))]
    return found


def _person_reason(condition: Expression, record: Record) -> str | None:
    """Why the changes of this person are of high risk; also where that cannot be told."""
    try:
        return f"a person for whom {condition.source}" if condition.evaluate(record) else None
    except HrisError:
        return f"a person for whom nobody knows whether {condition.source}"


def divide_by_risk(
    changes: Sequence[Change], holding: Container[str | None]
) -> tuple[list[Change], list[Change]]:
    """(the changes that are made, without values that depend on the others; the changes of high
    risk, which wait). holding: the sources whose changes of high risk wait.
    """
    high: list[Change] = []
    low: list[Change] = []
    for change in changes:
        waits = change.risk == HIGH and change.source in holding
        (high if waits else low).append(change)
    return independent_of(low, high, lambda change: change.dn).changes, high
