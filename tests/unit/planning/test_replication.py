# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Right after writes to another domain controller: nothing is created, and everything else is done."""
from __future__ import annotations

from ansible_collections.hris.ad.plugins.module_utils._hris.planning.replication import (
    without_creation,
)

WHY = "the last writes went to another server"


def test_accounts_and_ous_wait_with_all_that_rests_on_them(company):
    known = [company.account(str(number), f"u{number}", f"Ann Lee{number}", rid=1100 + number, groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"],
                             givenName="Ann", sn=f"Lee{number}", displayName=f"Ann Lee{number}", title="Clerk") for number in (1, 2, 3)]
    feed = [company.employee("1", last="Lee1", end="2026-01-31"), company.employee("2", last="Lee2", title="Head", manager="id-9"),
            company.employee("3", last="Lee3", department="North"), company.employee("9", "Bo", "Ek", department="South")]
    placement = [{"ou": f"OU={{department}},{company.staff}", "create": True, "when": "department != 'Sales'"}, {"ou": company.staff}]
    plan = company.plan(feed, company.snapshot(*known), placement=placement)
    assert {"create_ou", "create", "disable", "move"} <= set(plan.counts)
    changes, waiting, findings = without_creation(plan.changes, WHY)
    assert sorted((change.key, change.action) for change in changes) == [("1", "disable"), ("1", "group_remove"), ("1", "move"), ("2", "update")]
    assert all("manager" not in change.attributes for change in changes) and waiting == len(plan.changes) - 4
    assert sorted((one.kind, one.key, one.severity) for one in findings) == [("replication", "3", "warning"), ("replication", "9", "warning")]
    assert all(WHY in one.message for one in findings) and "moved" in min(findings, key=lambda one: one.key).message


def test_where_nothing_is_created_nobody_waits(company):
    account = company.account("1", "u1", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Head")
    plan = company.plan([company.employee("1")], company.snapshot(account))
    assert without_creation(plan.changes, WHY) == (plan.changes, 0, [])
