# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Right after writes to another domain controller: nothing is created, no account that was locked out there is changed, and everything else is done."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.replication import (
    Waits,
    without_waiting,
)

WHY = "the last writes went to another server"


def waits(*locked_out):
    """locked_out: the objectGUIDs of accounts that were locked out on the other server."""
    return Waits("dc1", WHY, lambda guid: guid in locked_out)


def test_accounts_and_ous_wait_with_all_that_rests_on_them(company):
    known = [company.account(str(number), f"u{number}", f"Ann Lee{number}", rid=1100 + number, groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"],
                             givenName="Ann", sn=f"Lee{number}", displayName=f"Ann Lee{number}", title="Clerk") for number in (1, 2, 3)]
    feed = [company.employee("1", last="Lee1", end="2026-01-31"), company.employee("2", last="Lee2", title="Head", manager="id-9"),
            company.employee("3", last="Lee3", department="North"), company.employee("9", "Bo", "Ek", department="South")]
    placement = [{"ou": f"OU={{department}},{company.staff}", "create": True, "when": "department != 'Sales'"}, {"ou": company.staff}]
    plan = company.plan(feed, company.snapshot(*known), placement=placement)
    assert {"create_ou", "create", "disable", "move"} <= set(plan.counts)
    changes, waiting, findings = without_waiting(plan.changes, waits())
    assert sorted((change.key, change.action) for change in changes) == [("1", "disable"), ("1", "group_remove"), ("1", "move"), ("2", "update")]
    assert all("manager" not in change.attributes for change in changes) and waiting == len(plan.changes) - 4
    assert sorted((one.kind, one.key, one.severity) for one in findings) == [("replication", "3", "warning"), ("replication", "9", "warning")]
    assert all(WHY in one.message for one in findings) and "moved" in min(findings, key=lambda one: one.key).message


def test_where_nothing_is_created_nobody_waits(company):
    account = company.account("1", "u1", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Head")
    plan = company.plan([company.employee("1")], company.snapshot(account))
    assert without_waiting(plan.changes, waits()) == (plan.changes, 0, [])


@pytest.mark.parametrize("end", [None, "2026-01-31"])
def test_an_account_that_was_locked_out_there_waits_and_a_lock_does_not(company, end):
    """This server may not know the lock-out yet: the account looks as if HR's values were all that counts. Whoever has left loses access all the same."""
    account = company.account("1", "u1", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    other = company.account("2", "u2", "Bo Ek", rid=1102, givenName="Bo", sn="Ek", displayName="Bo Ek", title="Clerk")
    feed = [company.employee("1", title="Head", end=end), company.employee("2", "Bo", "Ek", title="Head")]
    plan = company.plan(feed, company.snapshot(account, other))
    mine = [change for change in plan.changes if change.key == "1"]
    changes, waiting, findings = without_waiting(plan.changes, waits(account.guid))
    assert mine and [change.key for change in changes if change.key == "2"]
    if end:
        assert changes == plan.changes and not findings and not waiting
        return
    assert not [change for change in changes if change.key == "1"] and waiting == len(mine)
    assert [(one.kind, one.key) for one in findings] == [("replication", "1")] and f"locked out there, or that was lifted, so it is not changed by this run: {WHY}" in findings[0].message
