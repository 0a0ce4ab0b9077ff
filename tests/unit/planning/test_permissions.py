# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be written is judged twice: by the plan, and of the directory as it is when the plan is written."""
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.protection import protected_in
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.run.write_checks import (
    allowed_by,
    because_of_names,
    forbidden,
)

DOMAIN = "DC=corp,DC=example"
ALL_STAFF = f"CN=All Staff,OU=Groups,{DOMAIN}"
FINANCE = f"CN=Finance,OU=Groups,{DOMAIN}"


def mover(company, **more):
    return company.account("1", "alee", "Ann Lee", **({"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "groups": [ALL_STAFF]} | more))


@pytest.fixture
def planned(company):
    """(the plan of a mover who gets a title and Finance, the snapshot)."""
    snapshot = company.snapshot(mover(company))
    plan = company.plan([company.employee("1", department="Finance")], snapshot, ownership={"bases": [company.staff]})
    assert [change.action for change in plan.changes] == ["update", "group_add"]
    return plan, snapshot


def judged(planned, account=None, groups=None, **more):
    """{action: why it may not be written now}."""
    plan, snapshot = planned
    accounts = {account.guid: account} if account else {one.guid: one for one in snapshot.accounts}
    allowed = allowed_by(plan, **more)
    protected = protected_in(groups or snapshot.groups, DOMAIN, allowed.entries)
    known = {group.dn.casefold() for group in groups or snapshot.groups}
    found = forbidden(plan.changes, accounts, protected, snapshot.domain, allowed, known, {name: snapshot.schema[name.lower()] for name in allowed.attributes})
    return {plan.changes[index].action: reason for index, reason in found.items()}


def test_what_is_as_it_was_planned_is_written(planned):
    assert judged(planned) == {}


@pytest.mark.parametrize(("now", "words"), [
    ({"admin_count": True}, "adminCount is 1"),
    ({"primary_group": 519}, "its primary group is privileged"),
    ({"groups": [ALL_STAFF, f"CN=Domain Admins,OU=Groups,{DOMAIN}"]}, "member of a privileged group"),
    ({"critical": True}, "built-in"),
    ({"dn": f"CN=Ann Lee,OU=Elsewhere,{DOMAIN}"}, "not below any of ownership.bases"),
    ({"mark": "hris.ad source=icehrm state=active"}, "it belongs to the source 'icehrm' now"),
    ({"mark": None}, "it belongs to no source now"),
    ({"number": "2"}, "it has the key '2' now (employeeID)"),
    ({"number": None}, "it has no key now (employeeID)"),
])
def test_an_account_that_is_another_one_now(company, planned, now, words):
    account = mover(company)
    values = {"adminDescription": now.pop("mark", "hris.ad source=elmo state=active"), "employeeID": now.pop("number", "1")}
    for name, value in values.items():
        account.attributes.pop(name)
        if value:
            account.attributes[name] = [value]
    found = judged(planned, replace(account, **now))
    assert found.keys() == {"update", "group_add"} and all(words in reason for reason in found.values()), found


def test_a_group_that_became_privileged(company, planned):
    groups = [company.group("All Staff"), company.group("Domain Admins", 512), company.group("Finance", 2001, ["CN=Domain Admins,OU=Groups," + DOMAIN])]
    assert judged(planned, groups=groups) == {"group_add": f"{FINANCE} is privileged or protected: nobody is added to it or removed from it"}
    assert judged(planned, protected=["Finance"]).keys() == {"group_add"}, "what the user of the plan protects"


def test_bases_that_the_plan_does_not_know(planned):
    assert judged(planned, bases=[f"OU=Other,{DOMAIN}"]).keys() == {"update", "group_add"}


@pytest.mark.parametrize("ou", [f"OU=Domain Controllers,{DOMAIN}", f"CN=System,{DOMAIN}", f"OU=Tier0,{DOMAIN}", f"OU=Elsewhere,{DOMAIN}"])
@pytest.mark.parametrize("action", ["create", "move", "create_ou", "restore"])
def test_places_that_a_plan_without_a_key_can_name(company, ou, action):
    """Whoever writes a plan and a seal writes anything into it."""
    snapshot = company.snapshot()
    plan = company.plan([company.employee("1")], snapshot, ownership={"bases": [company.staff]})
    forged = replace(plan.changes[0], action=action, dn=f"CN=evil,{ou}" if action != "move" else f"CN=x,{company.staff}")
    forged.to = f"CN=evil,{ou}" if action == "move" else None
    plan.changes = [forged]
    found = judged((plan, snapshot), protected=[f"OU=Tier0,{DOMAIN}"])
    assert found.keys() == {action} and ("protected" in found[action] or "ownership.bases" in found[action])


@pytest.mark.parametrize("group", ["<SID=S-1-5-21-1-2-3-512>", "<GUID=0>", f"2.5.4.3=Domain Admins,OU=Groups,{DOMAIN}",
                                   f"CN=Domain Admins , ou=groups,{DOMAIN}", f"CN=Domain\\20Admins,OU=Groups,{DOMAIN}", f"CN=No Group,{DOMAIN}"])
def test_no_other_spelling_leads_into_a_privileged_group(planned, group):
    plan, snapshot = planned
    plan.changes[1] = replace(plan.changes[1], group=group)
    assert judged(planned).keys() == {"group_add"}


@pytest.mark.parametrize("place", [f"CN=x,2.5.4.11=Domain Controllers,{DOMAIN}", f"CN=x,OU=Domain\\20Controllers,{DOMAIN}",
                                   "<WKGUID=A361B2FFFFD211D1AA4B00C04FD7D83A,DC=corp,DC=example>", f"CN=x , ou=domain controllers,{DOMAIN}"])
@pytest.mark.parametrize("action", ["create", "move"])
def test_no_other_spelling_leads_into_a_protected_place(company, place, action):
    snapshot = company.snapshot()
    plan = company.plan([company.employee("1")], snapshot)
    plan.changes = [replace(plan.changes[0], action=action, **({"dn": place} if action == "create" else {"to": place}))]
    assert judged((plan, snapshot)).keys() == {action}


def test_what_is_no_user_is_not_changed(planned):
    """Such as a group, whose members would be an attribute of it."""
    plan, snapshot = planned
    plan.changes[0] = replace(plan.changes[0], guid="that-of-domain-admins")
    assert "does not exist any more" in judged(planned)["update"]


def test_an_ou_around_a_base_may_be_created(company):
    snapshot = company.snapshot()
    plan = company.plan([company.employee("1")], snapshot, ownership={"bases": [company.staff]})
    plan.changes = [replace(plan.changes[0], action="create_ou", dn=company.staff)]
    assert judged((plan, snapshot)) == {}


def test_what_a_run_has_written_itself_is_right(company):
    """Memberships are written last: the account has the new owner and the new place by then."""
    account = mover(company)
    snapshot = company.snapshot(account)
    gone = [company.employee("1", end="2026-02-01")]
    plan = company.plan(gone, snapshot, ownership={"bases": [company.staff]})
    assert {change.action for change in plan.changes} == {"disable", "move", "group_remove"}
    after = replace(account, dn=f"CN=Ann Lee,{company.leavers}", attributes=account.attributes | {
        "adminDescription": plan.changes[0].attributes["adminDescription"].after})
    assert judged((plan, snapshot), after) == {}, "leaver.move_to is not below the bases"
    undo = undo_of(plan, dict.fromkeys(range(len(plan.changes)), "applied"))
    assert judged((undo, snapshot), after) == {}


def test_an_undo_knows_the_owner_and_the_key_after_the_plan(company):
    account = mover(company)
    account.attributes["adminDescription"] = ["hris.ad source=elmo state=disabled since=2026-01-01"]
    account = replace(account, enabled=False, uac=514)
    snapshot = company.snapshot(account)
    plan = company.plan([company.employee("1")], snapshot)
    undo = undo_of(plan, dict.fromkeys(range(len(plan.changes)), "applied"))
    assert undo.owners == plan.owners and undo.ownership == plan.ownership


def test_who_is_protected_by_an_administrator_is_left_alone(company):
    snapshot = company.snapshot(mover(company, groups=[FINANCE]))
    plan = company.plan([company.employee("1", title="Head")], snapshot, groups=[{"groups": ["All Staff"]}], ownership={"protected": ["finance"]})
    assert plan.changes == [] and [finding.kind for finding in plan.findings] == ["protected"]
    with pytest.raises(HrisError, match="the group 'Finance' is privileged"):
        company.plan([company.employee("1")], snapshot, ownership={"protected": ["finance"]})
    with pytest.raises(HrisError, match="no group, account or OU 'finanse'"):
        company.plan([company.employee("1")], snapshot, ownership={"protected": ["finanse"]})


@pytest.mark.parametrize("rules", [
    {"ownership": {"bases": [f"OU=Leavers,{DOMAIN}"]}}, {"ownership": {"protected": [f"OU=Staff,{DOMAIN}"]}},
    {"placement": [{"ou": f"OU=Domain Controllers,{DOMAIN}", "create": True}]},
])
def test_nobody_is_created_where_nothing_may_be_written(company, rules):
    """The plan says what the write would refuse."""
    plan = company.plan([company.employee("1")], company.snapshot(), **rules)
    assert plan.changes == [] and [(finding.kind, finding.place) for finding in plan.findings] == [("held", "placement")]


@pytest.mark.parametrize(("syntax", "planned_key", "key", "written"), [
    ("text", "E1", "e1", True), ("text", "007", "7", False), ("integer", "7", "007", True), ("integer", "7", "8", False),
    ("dn", "CN=Ann,DC=corp", "cn=Ann, dc=corp", True), ("dn", "CN=Ann,DC=corp", "CN=Bo,DC=corp", False)])
def test_a_key_is_compared_as_accounts_are_matched(company, planned, syntax, planned_key, key, written):
    plan, snapshot = planned
    (account,) = snapshot.accounts
    plan.owners = {account.guid: replace(plan.owners[account.guid], key=planned_key)}
    snapshot.schema["employeeid"] = replace(snapshot.schema["employeeid"], syntax=syntax)
    account.attributes["employeeID"] = [key]
    assert (judged(planned) == {}) is written


def test_a_name_that_may_not_be_given_keeps_no_access_open():
    """It forbids all changes of its account, and no lock."""
    changes = [Change(action, "elmo", "1", guid, "CN=A,DC=x", "r") for action, guid in (("update", "a"), ("disable", "a"), ("group_add", "a"), ("update", "b"))]
    assert because_of_names(changes, {"a": "the name 'x' was given to somebody"}) == dict.fromkeys((0, 2), "the name 'x' was given to somebody")
