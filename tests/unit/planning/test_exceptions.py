# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a human has laid down: exclusions and links, with their day; drift, merging and nested groups beside them."""
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import ValueChange

ALL_STAFF = "CN=All Staff,OU=Groups,DC=corp,DC=example"


def settled(company, number="1", **more):
    values = {"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk", "groups": [ALL_STAFF]}
    return company.account(number, "alee", "Ann Lee", **(values | more))


def kinds(plan):
    return [(entry.key, entry.kind) for entry in plan.findings]


def exception(**more):
    return [{"key": "1", "action": "exclude", "reason": "legal hold"} | more]


@pytest.mark.parametrize(("until", "excluded"), [(None, True), ("2026-03-02", True), ("2026-03-01", False)])
def test_excluded(company, until, excluded):
    account = settled(company)
    plan = company.plan([company.employee("1", end="2026-01-01")], company.snapshot(account), exceptions=exception(until=until))
    assert (plan.changes == []) is excluded and (("1", "excluded") in kinds(plan)) is excluded
    assert not excluded or "legal hold" in plan.findings[0].message


@pytest.mark.parametrize("name", ["alee", "CN=Ann Lee,OU=Staff,DC=corp,DC=example", "guid-alee"])
def test_linked(company, name):
    plan = company.plan([company.employee("1")], company.snapshot(settled(company, "old")), exceptions=exception(action="link", account=name))
    assert [entry.action for entry in plan.changes] == ["relink"]
    assert plan.changes[0].attributes == {"employeeID": ValueChange(["old"], ["1"])} and plan.matched["by_link"] == 1


def test_link_to_nobody(company):
    plan = company.plan([company.employee("1")], company.snapshot(), exceptions=exception(action="link", account="nobody"))
    assert plan.changes == [] and kinds(plan) == [("1", "missing_link")]


def test_a_link_to_nobody_makes_no_account_absent(company):
    """The employee works here, and the account has the key."""
    plan = company.plan([company.employee("1")], company.snapshot(settled(company)), exceptions=exception(action="link", account="nobody"),
                        absent={"action": "disable", "grace_days": 0})
    assert plan.changes == [] and kinds(plan) == [("1", "missing_link")]


def test_first_contact_is_counted(company):
    stranger = company.account(None, "svc-backup", mark=None)
    plan = company.plan([company.employee("1"), company.employee("2")], company.snapshot(settled(company), stranger))
    assert plan.matched == {"by_key": 1, "people_without_account": 1, "accounts_without_person": 1}


def test_drift_is_reported_where_the_rule_says_so(company):
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": {"from": "title", "apply": "report"}}
    plan = company.plan([company.employee("1")], company.snapshot(settled(company, title="By hand")), mapping=mapping)
    assert plan.changes == [] and kinds(plan) == [("1", "drift")] and "By hand" in plan.findings[0].message
    created = company.plan([company.employee("1")], company.snapshot(), mapping=mapping).changes[0]
    assert created.attributes["title"].after == ["Clerk"]


def test_hidden_values_are_hidden_in_findings_too(company):
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": {"from": "title", "apply": "report"}}
    plan = company.plan([company.employee("1"), company.employee("2", title="s3cret" * 40)], company.snapshot(settled(company, title="By hand")),
                        mapping=mapping, redact=["title"])
    assert kinds(plan) == [("1", "drift"), ("2", "value_refused")]
    assert not any("By hand" in entry.message or "s3cret" in entry.message for entry in plan.findings)


def test_values_are_merged_without_loss(company):
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}",
               "otherTelephone": {"from": "phones", "values": "merge"}}
    account = settled(company, otherTelephone=["1", "2"])
    assert company.plan([company.employee("1", phones=["2"])], company.snapshot(account), mapping=mapping).changes == []
    (entry,) = company.plan([company.employee("1", phones=["2", "3"])], company.snapshot(account), mapping=mapping).changes
    assert entry.attributes["otherTelephone"].after == ["1", "2", "3"]


def test_a_nested_membership_is_a_membership(company):
    inner = company.group("Inner", 2010, groups=[ALL_STAFF])
    groups = [company.group("All Staff"), company.group("Finance", 2001), inner]
    account = settled(company, groups=[inner.dn])
    assert company.plan([company.employee("1")], company.snapshot(account, groups=groups)).changes == []


def test_the_primary_group_is_left_alone(company):
    groups = [company.group("All Staff", 2000), company.group("Finance", 2001)]
    account = replace(settled(company, groups=[]), primary_group=2000)
    assert company.plan([company.employee("1")], company.snapshot(account, groups=groups)).changes == []
