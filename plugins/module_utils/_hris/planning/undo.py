# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undo: the plan that reverses what the application of another plan changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..model import actions
from ..model.findings import WARNING, Finding
from ..model.plan import APPLIED, UNKNOWN, Change, Owner, Plan, ValueChange, ValueChanges
from .ownership import read_mark

ORDER = {name: position for position, name in enumerate(actions.NAMES)}
_Values = dict[tuple[str, str], Change]  # {(objectGUID, attribute): the change that undoes it}
NOT_UNDONE = frozenset(("pwdlastset",))  # attributes in lower case that cannot be set back


def undo_of(plan: Plan, statuses: Mapping[int, str]) -> Plan:
    """The plan that undoes another one, as far as it was applied.

    statuses: {index of a change: its Outcome.status}. A change whose status is unknown is undone as
    well: before anything is written, the directory is compared with what that change would have
    made. What is not put back is a finding: OUs that were created stay, and a former password is
    known to nobody.
    """
    moved = {change.guid: change.to for change in plan.changes if change.to}
    changes: list[Change] = []
    findings: list[Finding] = []
    values: _Values = {}
    for index, change in enumerate(plan.changes):
        if statuses.get(index) not in (APPLIED, UNKNOWN):
            continue
        if _is_undone(change):
            reversed_ones = _reversed(change, moved.get(change.guid) or change.dn)
            if statuses[index] == APPLIED:
                reversed_ones = [one for one in reversed_ones if _is_new(one, values)]
            changes += reversed_ones
        findings += _not_undone(change)
    changes.sort(key=lambda change: ORDER[change.action])
    counts = Counter(change.action for change in changes)
    return Plan(
        sources=plan.sources,
        as_of=plan.as_of,
        domain=plan.domain,
        changes=changes,
        findings=findings,
        limits=[],
        people={},
        counts={action: counts[action] for action in actions.NAMES if counts[action]},
        matched={},
        undoes=plan.digest,
        digests=plan.digests,
        rules=plan.rules,
        redact=plan.redact,
        labels=plan.labels,
        mark=plan.mark,
        ownership=plan.ownership,
        owners=_owners_after(plan, statuses),
        other_keys=plan.other_keys,
    )


def _not_undone(change: Change) -> Iterator[Finding]:
    """What of a change is not put back."""
    found = []
    if not _is_undone(change):
        found.append(f"{change.action} of {change.dn} is not undone.")
    elif change.action == actions.DELETE:
        found.append(f"{change.dn} gets a new password that nobody knows: reset it by hand.")
    elif change.random_password:
        found.append(f"the former password of {change.dn} is not put back: reset it by hand.")
    if change.lifts_protection and change.action == actions.DELETE:
        found.append(f"{change.dn} is not protected from accidental deletion again.")
    skipped = [name for name in change.attributes if name.casefold() in NOT_UNDONE]
    if skipped and change.action not in (actions.CREATE, actions.DELETE):
        found.append(f"{', '.join(skipped)} of {change.dn} is not put back.")
    for message in found:
        yield Finding(
            "not_undone",
            message,
            key=change.key,
            severity=WARNING,
            name=change.name,
            source=change.source,
        )


def _owners_after(plan: Plan, statuses: Mapping[int, str]) -> dict[str, Owner]:
    """Whose accounts they are after the changes that were, or may have been, made."""
    owners = dict(plan.owners)
    for index, change in enumerate(plan.changes):
        owner = owners.get(change.guid or "")
        if owner is None or statuses.get(index) not in (APPLIED, UNKNOWN):
            continue
        own = plan.ownership.get(change.source or "")
        mark, key = change.attributes.get(plan.mark), change.attributes.get(own.key if own else "")
        if mark:
            after = read_mark(next(iter(mark.after), None))
            since = after.locked_out if after else None
            owner = replace(owner, source=after.source if after else None, locked_out=since)
        if key and change.action != actions.DELETE:
            owner = replace(owner, key=next(iter(key.after), None))
        owners[change.guid or ""] = owner
    return owners


def _is_undone(change: Change) -> bool:
    if actions.BY_NAME[change.action].undone_by is None:
        return False
    return change.guid is not None or change.action == actions.CREATE


def _reversed(change: Change, dn: str) -> list[Change]:
    """The changes that undo a change. dn: where the account is after the plan."""
    action = actions.BY_NAME[change.action].undone_by or change.action
    reason = f"undo: {change.reason}"
    undone = Change(action, change.source, change.key, change.guid, dn, reason, name=change.name)
    undone.attributes = _swapped(change.attributes)
    undone.group = change.group
    undone.lifts_protection = change.lifts_protection and change.to is not None
    if change.to:
        undone.to = change.dn
    found = [undone, *_referring_again(change, dn, reason)]
    for group in change.groups:
        found.append(
            Change(
                actions.GROUP_ADD,
                change.source,
                change.key,
                change.guid,
                dn,
                reason,
                group=group,
                name=change.name,
            )
        )
    return found


def _is_new(undone: Change, values: _Values) -> bool:
    """Whether anything is left of a change without the values that earlier ones of the account have
    changed as well. Those are undone in one step, because before an undo all of its changes are
    compared with the directory.
    """
    if not undone.guid or not undone.attributes:
        return True
    for name, value in list(undone.attributes.items()):
        first = values.setdefault((undone.guid, name), undone)
        if first is not undone:
            first.attributes[name] = ValueChange(value.before, first.attributes[name].after)
            del undone.attributes[name]
    return bool(undone.attributes) or undone.action != actions.UPDATE


def _referring_again(change: Change, dn: str, reason: str) -> list[Change]:
    """The changes of the accounts that lost a value because this account was deleted."""
    found: dict[str, Change] = {}
    for one in change.referrers:
        new = Change(actions.UPDATE, change.source, None, one.guid, one.dn, reason)
        again = found.setdefault(one.guid, new)
        again.attributes[one.attribute] = ValueChange([], [dn])
    return list(found.values())


def _swapped(attributes: ValueChanges) -> ValueChanges:
    return {
        name: ValueChange(values.after, values.before)
        for name, values in attributes.items()
        if name.casefold() not in NOT_UNDONE
    }
