# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored plan, compared with the directory as it is now: which of its changes can be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..ad_values.dn import normal, object_of
from ..data_class import frozen
from ..directory import drift
from ..directory.connection import Connection
from ..model import actions
from ..model.directory import Account
from ..model.plan import Change, Plan
from ..planning.dependencies import independent_of
from ..planning.replication import Waits, objects_that_wait
from .undo_checks import reasons_to_keep
from .write_checks import WriteChecks


@frozen
class LeftOut:
    """A change that is not made, because its account is not as the plan says."""

    change: Change
    message: str
    leaves_open: bool  # whether its account was to be disabled, and is still enabled


def compare(
    connection: Connection, plan: Plan, checks: WriteChecks, waits: Waits | None
) -> tuple[list[Change], list[LeftOut]]:
    """(the changes whose accounts are as the plan says, those that are left out).

    The changes of one account are made all or none. Only a change that is not allowed because of
    its group or place is left out alone. waits: what is left to a later run.
    """
    changes = plan.changes
    accounts = drift.current_accounts(connection, changes, filter(None, [plan.mark]))
    deleted = drift.deleted_dns(connection, changes)
    kept_for = reasons_to_keep(connection, plan, accounts)
    reasons = _reasons(connection, changes, accounts, deleted)
    if waits:
        reasons |= dict.fromkeys(objects_that_wait(changes, waits), waits.why)
    addressed = [_addressed(change, accounts, deleted) for change in changes]
    forbidden = checks(addressed, range(len(addressed)))
    kept, left_out = [], []
    for index, change in enumerate(changes):
        name = object_of(change)
        reason = kept_for.get(name) or forbidden.get(index) or reasons.get(name)
        if reason:
            left_out.append(LeftOut(change, reason, _leaves_open(change, accounts)))
        else:
            kept.append(addressed[index])
    independent = independent_of(
        kept, [entry.change for entry in left_out], lambda change: change.dn
    )
    return independent.changes, left_out


def _leaves_open(change: Change, accounts: Mapping[str, Account]) -> bool:
    account = accounts.get(object_of(change))
    return change.action == actions.DISABLE and account is not None and account.enabled


def _reasons(
    connection: Connection,
    changes: Sequence[Change],
    accounts: Mapping[str, Account],
    deleted: Mapping[str, str],
) -> dict[str, str]:
    """{object: why its changes are not made}."""
    reasons: dict[str, str] = {}
    restored = {change.guid for change in changes if change.action == actions.RESTORE}
    for change in changes:
        name = object_of(change)
        reason = drift.difference(connection, change, accounts, drift.BEFORE, restored)
        if not reason and change.action == actions.RESTORE and change.guid not in deleted:
            reason = "it is not among the deleted objects that this account may see"
        if reason:
            reasons.setdefault(name, reason)
    return reasons


def _addressed(
    change: Change, accounts: Mapping[str, Account], deleted: Mapping[str, str]
) -> Change:
    """The change with the names that the directory has for the account now.

    An account that the plan knows only by its DN, because a plan created it, is deleted by its
    objectGUID. A deleted account is restored from the DN that it has among the deleted objects.
    """
    if change.action == actions.RESTORE and change.guid:
        return replace(change, deleted_dn=deleted.get(change.guid))
    if change.guid or change.action == actions.CREATE:
        return change
    account = accounts.get(normal(change.dn))
    return replace(change, guid=account.guid) if account else change
