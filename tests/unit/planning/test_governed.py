# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts and groups that Entra governs: nothing of them is planned, and it is said."""
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.explain import explain
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.explanation_text import (
    lines_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

SAYS = "msDS-ObjectSoa is Cloud"
RULES = {"groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "department == 'Finance'"}],
         "leaver": {"groups": "remove_all"}}


def found(plan, *kinds):
    return {(one.kind, one.severity, one.key) for one in plan.findings if one.kind in kinds}


def actions(plan):
    return sorted(change.action + (f" {change.group.split(',')[0][3:]}" if change.group else "") for change in plan.changes)


@pytest.mark.parametrize(("end", "open_access"), [(None, set()), ("2020-01-01", {("has_left", "error", "1")})])
def test_an_account(company, end, open_access):
    account = replace(company.account("1", "alee", title=["Old"]), governed=SAYS)
    plan = company.plan([company.employee("1", title="New", end=end)], company.snapshot(account), **RULES)
    assert plan.changes == [] and found(plan, "governed", "protected", "has_left") == {("governed", "info", "1"), *open_access}
    (finding,) = (one for one in plan.findings if one.kind == "governed")
    assert "it is governed by Entra (msDS-ObjectSoa is Cloud)" in finding.message
    for one in plan.findings:
        if one.kind == "has_left":
            assert "end" in one.message and "Entra" in one.message


def town(company, *accounts):
    groups = [company.group("All Staff", 2000), replace(company.group("Finance", 2001), governed=SAYS), company.group("Chess", 2002)]
    return company.snapshot(*accounts, groups=groups)


def test_a_group_that_a_rule_gives(company):
    plan = company.plan([company.employee("1", department="Finance")], town(company), **RULES)
    assert actions(plan) == ["create", "group_add All Staff"]
    assert found(plan, "governed_group") == {("governed_group", "warning", None)}
    (finding,) = (one for one in plan.findings if one.kind == "governed_group")
    assert finding.place == "groups[1].groups" and "'Finance' is governed by Entra (msDS-ObjectSoa is Cloud)" in finding.message


@pytest.mark.parametrize("policy", ["remove_all", "remove_managed"])
def test_a_group_that_a_mover_and_a_leaver_keep(company, policy):
    groups = [f"CN={name},OU=Groups,DC=corp,DC=example" for name in ("All Staff", "Finance", "Chess")]
    rules = RULES | {"leaver": {"groups": policy}}
    account = company.account("1", "alee", groups=groups)
    moved = company.plan([company.employee("1", department="Sales")], town(company, account), **rules)
    assert "group_remove Finance" not in actions(moved)
    left = company.plan([company.employee("1", end="2020-01-01")], town(company, account), **rules)
    assert "group_remove All Staff" in actions(left) and "group_remove Finance" not in actions(left)
    assert ("group_remove Chess" in actions(left)) is (policy == "remove_all")


def test_an_explanation_says_it(company):
    employee, snapshot = company.employee("1", department="Finance"), town(company, company.account("1", "alee"))
    (person,) = people_of([employee], company.rules(**RULES), company.as_of).people
    plan = company.plan([employee], snapshot, **RULES)
    lines = lines_of(explain(person, snapshot.accounts[0], plan, company.rules(**RULES), snapshot))
    (line,) = (one for one in lines if "group Finance" in one)
    assert line.endswith("it is governed by Entra (msDS-ObjectSoa is Cloud), so it is neither given nor taken")
    assert not any("governed" in one for one in lines if "All Staff" in one)
