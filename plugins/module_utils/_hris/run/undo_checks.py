# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an undo plan leaves alone: accounts on which a later change of another source rests, and
those that are locked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..ad_values.dn import normal, object_of
from ..directory.connection import Connection
from ..directory.referring import referring_accounts
from ..model import actions
from ..model.directory import Account
from ..model.plan import Plan
from ..planning.ownership import mark_of


def reasons_to_keep(
    connection: Connection, plan: Plan, accounts: Mapping[str, Account]
) -> dict[str, str]:
    """{object: why the undo plan does not change it}. accounts: as they are now."""
    if not plan.undoes or not plan.mark:
        return {}
    return {
        **dict(_locked_out(plan, accounts)),
        **dict(_taken_over(plan, accounts)),
        **dict(_referred_to(connection, plan, accounts)),
    }


def _locked_out(plan: Plan, accounts: Mapping[str, Account]) -> Iterator[tuple[str, str]]:
    """An undo would give access, places and groups back that only lifting the lock-out gives."""
    for change in plan.changes:
        account = accounts.get(object_of(change))
        mark = mark_of(account, plan.mark) if account else None
        if mark and mark.locked_out:
            yield (
                object_of(change),
                f"it is locked out since {mark.locked_out}: lift that with hris.ad.lift_lock_out",
            )


def _taken_over(plan: Plan, accounts: Mapping[str, Account]) -> Iterator[tuple[str, str]]:
    for change in plan.changes:
        account = accounts.get(object_of(change))
        mark = mark_of(account, plan.mark) if account else None
        if mark and change.source and mark.source != change.source:
            yield (
                object_of(change),
                f"it belongs to the source {mark.source} since: the change of {change.source} is "
                "not undone",
            )


def _referred_to(
    connection: Connection, plan: Plan, accounts: Mapping[str, Account]
) -> Iterator[tuple[str, str]]:
    """Accounts that would be deleted, and that an account of another source names."""
    deleted = {
        normal(accounts[object_of(change)].dn): change
        for change in plan.changes
        if change.action == actions.DELETE and object_of(change) in accounts
    }
    if not deleted:
        return
    dns = [accounts[object_of(change)].dn for change in deleted.values()]
    for dn, others in referring_accounts(connection, dns, [plan.mark]).items():
        change = deleted[dn]
        for other in others:
            mark = mark_of(other, plan.mark)
            if mark and mark.source != change.source and normal(other.dn) not in deleted:
                yield (
                    object_of(change),
                    f"{other.dn} of the source {mark.source} names it: it is not deleted",
                )
