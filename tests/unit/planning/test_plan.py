# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole plans: what each kind of person becomes, given the account as it stands."""
from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import ValueChange
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import (
    plan_from_json,
    plan_to_json,
)

ALL_STAFF = "CN=All Staff,OU=Groups,DC=corp,DC=example"
FINANCE = "CN=Finance,OU=Groups,DC=corp,DC=example"


def actions(plan):
    return [(entry.key, entry.action) for entry in plan.changes]


def kinds(plan):
    return [(entry.key, entry.kind) for entry in plan.findings]


def settled(company, number="1", sam="alee", cn="Ann Lee", **more):
    """An account as a former run left it."""
    return company.account(number, sam, cn, **({"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk", "groups": [ALL_STAFF]} | more))


def test_create(company):
    plan = company.plan([company.employee("1")], company.snapshot())
    created, member = plan.changes
    assert created.dn == f"CN=Ann Lee,{company.staff}" and created.guid is None
    values = {name: value.after for name, value in created.attributes.items()}
    assert values == {"employeeID": ["1"], "givenName": ["Ann"], "sn": ["Lee"], "displayName": ["Ann Lee"], "title": ["Clerk"], "sAMAccountName": ["alee"],
                      "mail": ["alee@example.com"], "adminDescription": ["hris.ad source=elmo state=active"], "userAccountControl": ["512"],
                      "extensionName": ["hris.ad given=2000"]}
    assert (member.action, member.group, member.dn) == ("group_add", ALL_STAFF, created.dn)
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan))), "x", "plan", "") == plan, "a plan survives JSON"


def test_nothing_to_change(company):
    plan = company.plan([company.employee("1")], company.snapshot(settled(company)))
    assert (plan.changes, plan.findings, plan.people) == ([], [], {"active": 1})


def test_prepared_is_created_disabled_and_enabled_on_the_day(company):
    joiner = {"create_days_before": 7}
    soon = [company.employee("1", start="2026-03-05")]
    plan = company.plan(soon, company.snapshot(), joiner=joiner)
    attributes = plan.changes[0].attributes
    assert attributes["userAccountControl"].after == ["514"] and attributes["adminDescription"].after == ["hris.ad source=elmo state=prepared"]
    prepared = settled(company, enabled=False, mark="hris.ad source=elmo state=prepared")
    assert company.plan(soon, company.snapshot(prepared), joiner=joiner).changes == []
    plan = company.plan([company.employee("1", start="2026-03-02")], company.snapshot(prepared), joiner=joiner)
    assert actions(plan) == [("1", "enable")]
    assert plan.changes[0].attributes["userAccountControl"] == ValueChange(["514"], ["512"])
    assert plan.changes[0].attributes["adminDescription"].after == ["hris.ad source=elmo state=active"]


def test_prepared_may_be_enabled_at_once(company):
    plan = company.plan([company.employee("1", start="2026-03-05")], company.snapshot(), joiner={"create_days_before": 7, "enable": "on_create"})
    assert plan.changes[0].attributes["userAccountControl"].after == ["512"]


@pytest.mark.parametrize("moved_start", ["report", "disable"])
def test_an_account_that_was_enabled_at_once_stays_so(company, moved_start):
    plan = company.plan([company.employee("1", start="2026-03-05")], company.snapshot(settled(company)),
                        joiner={"create_days_before": 7, "enable": "on_create", "moved_start": moved_start})
    assert (plan.changes, plan.findings) == ([], [])


def test_not_due_has_no_account(company):
    assert company.plan([company.employee("1", start="2026-04-01")], company.snapshot()).changes == []


def test_mover(company):
    account = settled(company, title="Trainee", groups=[ALL_STAFF, "CN=Chess,OU=Groups,DC=corp,DC=example"])
    plan = company.plan([company.employee("1", department="Finance")], company.snapshot(account))
    assert actions(plan) == [("1", "update"), ("1", "group_add")]
    assert plan.changes[0].attributes == {"title": ValueChange(["Trainee"], ["Clerk"]), "extensionName": ValueChange([], ["hris.ad given=2000,2001"])}
    assert plan.changes[1].group == FINANCE


def test_group_that_no_rule_gives_any_more_is_taken_but_no_other(company):
    account = settled(company, groups=[ALL_STAFF, FINANCE, "CN=Chess,OU=Groups,DC=corp,DC=example"])
    groups = [company.group("All Staff"), company.group("Finance", 2001), company.group("Chess", 2002)]
    plan = company.plan([company.employee("1")], company.snapshot(account, groups=groups))
    assert [(entry.action, entry.group) for entry in plan.changes] == [("group_remove", FINANCE)]


def test_empty_clears_only_where_the_rule_says_so(company):
    account = settled(company)
    plan = company.plan([company.employee("1", title=None)], company.snapshot(account))
    assert plan.changes[0].attributes == {"title": ValueChange(["Clerk"], [])}


def test_leaver(company):
    account = settled(company, groups=[ALL_STAFF])
    plan = company.plan([company.employee("1", end="2026-03-01", title="Other"), company.employee("2", "Bo", "Ek", start="2019-01-01")], company.snapshot(account))
    assert actions(plan) == [("1", "disable"), ("1", "move"), ("1", "group_remove"), ("2", "create"), ("2", "group_add")]
    disabled, moved, _removed = plan.changes[:3]
    assert disabled.attributes["userAccountControl"].after == ["514"]
    assert disabled.attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-03-02"]
    assert disabled.attributes["extensionName"].after == ["hris.ad group=guid-All Staff since=2026-03-02"]
    assert disabled.reason == "left on 2026-03-01" and moved.to == f"CN=Ann Lee,{company.leavers}"


def test_a_leaver_is_left_in_peace_afterwards(company):
    gone = settled(company, ou=company.leavers, enabled=False, groups=[], mark="hris.ad source=elmo state=disabled since=2026-02-01")
    assert company.plan([company.employee("1", end="2026-01-31", first="Changed")], company.snapshot(gone)).changes == []


def test_rehire(company):
    gone = settled(company, ou=company.leavers, enabled=False, groups=[], mark="hris.ad source=elmo state=disabled since=2026-02-01")
    plan = company.plan([company.employee("1", start="2026-03-01")], company.snapshot(gone))
    assert actions(plan) == [("1", "enable"), ("1", "move"), ("1", "group_add")]


def test_disabled_by_hand_stays_disabled(company):
    plan = company.plan([company.employee("1")], company.snapshot(settled(company, enabled=False)))
    assert actions(plan) == [] and kinds(plan) == [("1", "disabled_by_hand")]


def test_marriage_renames_and_keeps_the_logon_name(company):
    plan = company.plan([company.employee("1", last="Moe")], company.snapshot(settled(company)))
    assert actions(plan) == [("1", "update"), ("1", "rename")]
    assert plan.changes[0].attributes["sn"] == ValueChange(["Lee"], ["Moe"]) and "sAMAccountName" not in plan.changes[0].attributes
    assert plan.changes[1].to == f"CN=Ann Moe,{company.staff}"
    assert actions(company.plan([company.employee("1", last="Moe")], company.snapshot(settled(company)), naming=naming(rename=[]))) == [("1", "update")]


def naming(**more):
    return {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}} | more


def test_manager_in_any_order_and_after_moves(company):
    boss = settled(company, "2", "bek", "Bo Ek", ou=company.leavers, givenName="Bo", sn="Ek", displayName="Bo Ek")
    employees = [company.employee("1", manager="id-3"), company.employee("3", "Cy", "Oh", manager="id-2", start="2021-01-01"), company.employee("2", "Bo", "Ek")]
    plan = company.plan(employees, company.snapshot(boss))
    managers = {entry.key: entry.attributes["manager"].after for entry in plan.changes if entry.action == "create"}
    assert managers == {"1": [f"CN=Cy Oh,{company.staff}"], "3": [f"CN=Bo Ek,{company.staff}"]}
    assert ("2", "move") in actions(plan)


def test_reports_of_a_manager_who_moves_are_left_to_the_directory(company):
    boss = settled(company, "2", "bek", "Bo Ek", ou=company.leavers, givenName="Bo", sn="Ek", displayName="Bo Ek")
    report = settled(company, manager=boss.dn)
    employees = [company.employee("1", manager="id-2"), company.employee("2", "Bo", "Ek")]
    assert actions(company.plan(employees, company.snapshot(boss, report))) == [("2", "move")]
    stranger = settled(company, manager=f"CN=Somebody,{company.staff}")
    changed = company.plan(employees, company.snapshot(boss, stranger)).changes[0]
    assert changed.attributes["manager"].after == [f"CN=Bo Ek,{company.staff}"]


def test_manager_is_cleared_only_where_the_rule_says_so(company):
    report = settled(company, manager=f"CN=Somebody,{company.staff}")
    assert company.plan([company.employee("1")], company.snapshot(report)).changes == []
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": "title",
               "manager": {"employee": "manager", "field": "id", "empty": "clear"}}
    (cleared,) = company.plan([company.employee("1")], company.snapshot(report), mapping=mapping).changes
    assert cleared.attributes == {"manager": ValueChange([f"CN=Somebody,{company.staff}"], [])}


def test_manager_without_account_is_a_finding(company):
    plan = company.plan([company.employee("1", manager="id-2"), company.employee("2", start="2027-01-01")], company.snapshot(settled(company)))
    assert plan.changes == [] and kinds(plan) == [("1", "reference")]


def test_on_create_attributes_belong_to_others_afterwards(company):
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": {"from": "title", "apply": "on_create"}}
    assert company.plan([company.employee("1")], company.snapshot(settled(company, title="By hand")), mapping=mapping).changes == []


def test_adopted_account_gets_key_and_mark(company):
    account = settled(company, number=None, mark=None, mail="ann@example.com")
    plan = company.plan([company.employee("1", mail="ANN@example.com")], company.snapshot(account),
                        correlation={"fallbacks": [{"attribute": "mail", "value": "mail"}]})
    assert actions(plan) == [("1", "update")]
    assert set(plan.changes[0].attributes) == {"employeeID", "adminDescription", "extensionName"}


@pytest.mark.parametrize(("accounts", "kind"), [
    ([{"sam": "a"}, {"sam": "b"}], "duplicate_account"),
    ([{"sam": "a", "mark": "hris.ad source=icehrm state=active"}], "other_source"),
])
def test_accounts_that_are_not_ours_to_touch(company, accounts, kind):
    plan = company.plan([company.employee("1")], company.snapshot(*(company.account("1", **one) for one in accounts)))
    assert plan.changes == [] and kinds(plan) == [("1", kind)]


def test_without_adoption_an_unmarked_account_is_only_reported(company):
    plan = company.plan([company.employee("1")], company.snapshot(company.account("1", "a", mark=None)), ownership={"adopt": False})
    assert plan.changes == [] and kinds(plan) == [("1", "not_adopted")]


def test_account_outside_our_bases(company):
    outside = company.account("1", "a", ou="OU=Else,DC=corp,DC=example")
    plan = company.plan([company.employee("1")], company.snapshot(outside), ownership={"bases": [company.staff]})
    assert plan.changes == [] and kinds(plan) == [("1", "outside_bases")]
    inside = settled(company)
    assert company.plan([company.employee("1")], company.snapshot(outside, inside), ownership={"bases": [company.staff]}).findings == []


@pytest.mark.parametrize("privilege", [
    {"admin_count": True}, {"critical": True}, {"sid": "S-1-5-21-1-2-3-500"}, {"primary_group": 512},
    {"groups": ["CN=Inner,OU=Groups,DC=corp,DC=example"]},
])
def test_protected_accounts(company, privilege):
    inner = company.group("Inner", 2010, groups=["CN=Outer,OU=Groups,DC=corp,DC=example"])
    outer = company.group("Outer", 2011, groups=["CN=Domain Admins,OU=Groups,DC=corp,DC=example"])
    groups = [company.group("All Staff"), company.group("Finance", 2001), inner, outer, company.group("Domain Admins", 512)]
    account = replace(company.account("1", "a"), **privilege)
    plan = company.plan([company.employee("1", end="2026-01-01")], company.snapshot(account, groups=groups))
    assert plan.changes == [] and kinds(plan) == [("1", "protected"), ("1", "has_left")]


@pytest.mark.parametrize("bound_as", ["svc@corp.example", "CORP\\svc", "CN=svc,OU=Staff,DC=corp,DC=example", "SVC@CORP.EXAMPLE"])
def test_the_bind_account_is_protected(company, bound_as):
    snapshot = company.snapshot(company.account("1", "svc", userPrincipalName="svc@corp.example"))
    snapshot.domain.bound_as = bound_as
    assert kinds(company.plan([company.employee("1")], snapshot)) == [("1", "protected")]


def test_two_employees_found_for_one_account(company):
    account = settled(company, number=None, mark=None, mail="x@example.com")
    plan = company.plan([company.employee("1", mail="x@example.com"), company.employee("2", mail="x@example.com")], company.snapshot(account),
                        correlation={"fallbacks": [{"attribute": "mail", "value": "mail"}]})
    assert plan.changes == [] and kinds(plan) == [("1", "duplicate_person"), ("2", "duplicate_person")]


def test_absent_is_not_terminated(company):
    orphan = settled(company, "9", "gone", "Gone")
    plan = company.plan([company.employee("1")], company.snapshot(settled(company), orphan), limits={"absent": {"count": 0}})
    assert plan.changes == [] and kinds(plan) == [("9", "absent")]
    assert plan.limits[0].exceeded and "1 of 2 accounts are absent" in plan.limits[0].message


def test_accounts_of_held_people_are_not_absent(company):
    plan = company.plan([company.employee("1", start="bad")], company.snapshot(settled(company)))
    assert plan.changes == [] and kinds(plan) == [("1", "held")]


def test_key_that_the_schema_refuses_holds_the_person(company):
    plan = company.plan([company.employee("1" * 17), company.employee("2", "Bo", "Ek")], company.snapshot())
    assert {entry.key for entry in plan.changes} == {"2"}
    assert kinds(plan) == [("1" * 17, "held")] and "mapping.employeeID: employeeID takes at most 16 characters, not 17" in plan.findings[0].message


def test_ou_that_does_not_exist_holds_the_person(company):
    plan = company.plan([company.employee("1")], company.snapshot(), placement=[{"ou": "OU={department},DC=corp,DC=example"}])
    assert plan.changes == [] and "the OU OU=Sales,DC=corp,DC=example does not exist" in plan.findings[0].message


def test_ou_is_created_with_those_above_it_where_the_rule_says_so(company):
    placement = [{"ou": f"OU={{department}},OU=New,{company.staff}", "create": True}]
    plan = company.plan([company.employee("1"), company.employee("2", "Bo", "Ek")], company.snapshot(), placement=placement)
    assert [(entry.action, entry.dn) for entry in plan.changes[:2]] == [
        ("create_ou", f"OU=New,{company.staff}"), ("create_ou", f"OU=Sales,OU=New,{company.staff}")]
    assert plan.changes[2].dn == f"CN=Ann Lee,OU=Sales,OU=New,{company.staff}" and plan.findings == []


@pytest.mark.parametrize(("options", "words"), [
    ({"groups": [{"groups": ["All Stuff"]}]}, ["groups[0].groups", "'All Stuff' does not exist", "Did you mean 'All Staff'"]),
    ({"groups": [{"groups": ["Domain Admins"]}]}, ["groups[0].groups", "is privileged"]),
    ({"placement": [{"ou": "OU=Stuff,DC=corp,DC=example"}]}, ["placement[0].ou", "does not exist"]),
    ({"leaver": {"move_to": "OU=Gone,DC=corp,DC=example"}}, ["leaver.move_to", "does not exist"]),
    ({"ownership": {"bases": ["OU=Gone,DC=corp,DC=example"]}}, ["ownership.bases", "does not exist"]),
    ({"mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "first", "depratment": "department"}},
     ["mapping.depratment", "no attribute 'depratment'", "Did you mean 'department'"]),
    ({"mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "first", "whenCreated": "start"}},
     ["mapping.whenCreated", "the directory itself writes"]),
])
def test_rules_that_do_not_fit_the_directory(company, options, words):
    with pytest.raises(HrisError) as caught:
        company.plan([company.employee("1")], company.snapshot(), **options)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_common_attribute_that_the_directory_lacks_is_not_suggested_itself(company):
    snapshot = company.snapshot()
    del snapshot.schema["title"]
    with pytest.raises(HrisError) as caught:
        company.plan([company.employee("1")], snapshot)
    assert "mapping.title: this directory has no attribute 'title'" in str(caught.value) and "Did you mean 'title'" not in str(caught.value)


def test_multiple_values_have_no_order(company):
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "otherTelephone": "phones"}
    account = settled(company, otherTelephone=["2", "1"])
    employee = company.employee("1", phones=["1", "2"])
    assert company.plan([employee], company.snapshot(account), mapping=mapping).changes == []
    assert actions(company.plan([employee | {"phones": ["1"]}], company.snapshot(account), mapping=mapping)) == [("1", "update")]
