# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who comes back gets a password that somebody knows; a group that cannot be taken is said."""
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.dn import normal
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.initial_passwords import (
    PasswordOptions,
    make_passwords,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.operations import target

LOCKED, PAUSED, WAITING = ("hris.ad source=elmo state=" + state for state in ("disabled since=2026-02-01", "leave", "prepared"))
ALL_STAFF = "CN=All Staff,OU=Groups,DC=corp,DC=example"


def settled(company, **more):
    values = {"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk", "groups": [ALL_STAFF]} | more
    return company.account("1", "alee", "Ann Lee", **values)


@pytest.mark.parametrize(("mark", "scramble", "new"), [(LOCKED, True, True), (LOCKED, False, False), (PAUSED, True, False), (WAITING, True, False)])
@pytest.mark.parametrize("must_change", [True, False])
def test_only_a_scrambled_password_is_replaced(company, mark, scramble, new, must_change):
    account = settled(company, enabled=False, mark=mark)
    plan = company.plan([company.employee("1")], company.snapshot(account), leaver={"scramble_password": scramble},
                        joiner={"must_change_password": must_change})
    (change,) = [one for one in plan.changes if one.action == "enable"]
    assert change.random_password is new and ("pwdLastSet" in change.attributes) is (new and must_change)
    passwords = make_passwords(plan.changes, PasswordOptions(16, ("lower", "upper", "digits"), None, None), {account.guid: account})
    assert set(passwords) == ({normal(target(change))} if new else set())


def test_the_password_of_a_lock_is_made_for_nobody(company):
    plan = company.plan([company.employee("1", end="2026-02-01")], company.snapshot(settled(company)), leaver={"scramble_password": True})
    assert plan.changes[0].action == "disable" and plan.changes[0].random_password
    assert make_passwords(plan.changes, PasswordOptions(16, ("lower", "upper", "digits"), None, None), {}) == {}


def test_a_second_run_makes_no_password(company):
    account = settled(company, enabled=True, mark="hris.ad source=elmo state=active")
    assert company.plan([company.employee("1")], company.snapshot(account), leaver={"scramble_password": True}).changes == []


def primary(company, rid=2001, **more):
    """Somebody whose primary group is Finance (RID 2001), which memberOf does not show."""
    return replace(settled(company, **more), primary_group=rid)


def said(plan):
    return [(finding.severity, finding.place) for finding in plan.findings if finding.kind == "primary_group"]


@pytest.mark.parametrize(("policy", "rid", "expected"), [
    ("remove_managed", 2001, True), ("remove_all", 2001, True), ("keep", 2001, False), ("remove_managed", 513, False), ("remove_all", 513, False),
    ("remove_managed", 2002, False), ("remove_all", 2002, True), ("remove_all", 512, False)])
@pytest.mark.parametrize("locked", [True, False])
def test_a_leaver_who_keeps_a_group(company, policy, rid, expected, locked):
    account = primary(company, rid, **({"enabled": False, "mark": LOCKED} if locked else {}))
    groups = [company.group("All Staff"), company.group("Finance", 2001), company.group("By Hand", 2002), company.group("Domain Admins", 512)]
    plan = company.plan([company.employee("1", end="2026-01-31")], company.snapshot(account, groups=groups), leaver={"groups": policy})
    assert said(plan) == ([("warning", "leaver.groups")] if expected else [])


@pytest.mark.parametrize(("department", "expected"), [("Finance", []), ("Sales", [("warning", "groups")])])
def test_a_mover_who_keeps_a_group(company, department, expected):
    plan = company.plan([company.employee("1", department=department)], company.snapshot(primary(company)))
    assert said(plan) == expected and plan.changes == []
