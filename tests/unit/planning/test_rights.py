# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rights changes and rules need, what a plan says about those that are missing, and the lines that delegate them."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values import rights, sddl
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.rights import (
    Grant,
    Permissions,
    Right,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.security_descriptor import (
    DACL_PRESENT,
    WRITE_DAC,
    SecurityDescriptor,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model import actions
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change, ValueChange
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import (
    plan_from_json,
    plan_to_json,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.delegation import (
    Trustee,
    lines_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.group_names import GroupNames
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.lacking_rights import (
    judge_rights,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.needed_rights import needs_of
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.rule_rights import (
    LOCK_OUT,
    UNDO,
    needs_of_rules,
    on_known_attributes,
    places_of,
    unknown_groups,
    written_by,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import sentence

BASE = "DC=corp,DC=example"
STAFF, LEAVERS, GROUP = f"OU=Staff,{BASE}", f"OU=Leavers,{BASE}", f"CN=All Staff,OU=Groups,{BASE}"
ANN = f"CN=Ann Lee,{STAFF}"
ME = "S-1-5-21-1-2-3-1111"


def change(action, guid="g1", dn=ANN, **more):
    attributes = {name: ValueChange([], ["x"]) for name in more.pop("attributes", ())}
    return Change(action, "elmo", "1", guid, dn, "", attributes, **more)


def short(need):
    return " or ".join(f"{grant.on}: {rights.words(grant.right)}: {grant.place.split(',')[0]}" for grant in need.any_of)


@pytest.mark.parametrize("planned, needs", [
    (change("create_ou", None, STAFF), ["container: create OUs: DC=corp"]),
    (change("create", None, attributes=["title"]), ["container: create users: OU=Staff"]),
    (change("update", attributes=["title"]), ["account: write title: OU=Staff"]),
    (change("relink", attributes=["employeeID"]), ["account: write employeeID: OU=Staff"]),
    (change("take_over", attributes=["info"]), ["account: write info: OU=Staff"]),
    (change("enable", attributes=["userAccountControl"]), ["account: write userAccountControl: OU=Staff"]),
    (change("disable", attributes=["userAccountControl"], random_password=True),
     ["account: write userAccountControl: OU=Staff", "account: reset passwords: OU=Staff"]),
    (change("rename", to=f"CN=B,{STAFF}"), ["account: write cn: OU=Staff", "account: write name: OU=Staff"]),
    (change("move", to=f"CN=Ann Lee,{LEAVERS}"),
     ["account: write cn: OU=Staff", "account: write name: OU=Staff", "container: create users: OU=Leavers",
      "account: delete users: OU=Staff or container: delete users: OU=Staff"]),
    (change("delete"), ["account: delete users: OU=Staff or container: delete users: OU=Staff"]),
    (change("group_add", group=GROUP), ["group: write member: CN=All Staff"]),
    (change("group_remove", group=GROUP), ["group: write member: CN=All Staff"]),
    (change("restore"), ["container: restore deleted objects (Reanimate Tombstones): DC=corp", "container: create users: OU=Staff"]),
])
def test_what_a_change_needs(planned, needs):
    assert [short(need) for need in needs_of(planned)] == needs


def test_every_action_is_known():
    for name in actions.NAMES:
        assert list(needs_of(change(name, to=ANN, group=GROUP, attributes=["title"])))


def permissions(entries="", definitions=(), unreadable=()):
    found = {place.lower(): SecurityDescriptor(None, DACL_PRESENT, tuple(sddl.parse_aces(f"D:{entries}", "S-1-5-21-1-2-3"))) for place in (BASE, STAFF, LEAVERS, GROUP)}
    return Permissions(token={ME}, account=ME, definitions={one.name.lower(): one for one in definitions}, class_entries={},
                       descriptors=found | {place.lower(): None for place in unreadable})


def judged(company, read, *employees):
    plan = company.plan(list(employees or [company.employee("1")]), company.snapshot())
    judge_rights(plan, plan.changes, lambda _changes: read)
    return plan


def said(plan):
    return [(one.kind, one.severity, one.place, one.key, one.message) for one in plan.findings]


def test_a_plan_says_what_may_not_be_done(company):
    plan = judged(company, permissions())
    advice = "The playbook hris.ad.doctor prints the line that delegates it."
    assert said(plan) == [
        ("not_permitted", "error", STAFF, "1", f"1 create, which this account may not do in {STAFF}: it has no right to create users. {advice}"),
        ("not_permitted", "error", GROUP, "1", f"1 group_add, which this account may not do in {GROUP}: it has no right to write member. {advice}")]
    assert sentence(plan) == (f"elmo: 1 create, which this account may not do in {STAFF}, 1 group_add, which this account may not do in {GROUP}; 2 findings")
    again = plan_from_json(json.loads(json.dumps(plan_to_json(plan))), "x", "plan", "")
    assert again == plan and again.denied[0].changes == 1
    judge_rights(again, again.changes, lambda _changes: permissions(f"(A;CI;GA;;;{ME})"))
    assert again.findings == [] and again.denied is None, "another account may do it"


def test_a_plan_that_may_be_made_says_nothing(company):
    plan = judged(company, permissions(f"(A;CI;GA;;;{ME})"))
    assert plan.findings == [] and plan.denied is None and "denied" not in plan_to_json(plan)


def test_many_changes_are_one_finding(company):
    people = [company.employee(str(number), "Ann", f"Lee{number}") for number in range(1, 9)]
    plan = judged(company, permissions(), *people)
    (first, _groups) = plan.findings
    assert first.key is None and first.message.startswith(f"8 create, which this account may not do in {STAFF} (1 (Ann Lee1), ")
    assert "and 3 more)" in first.message
    assert sentence(plan).startswith(f"elmo: 8 create, which this account may not do in {STAFF}, ")


def test_what_cannot_be_read_is_not_known(company):
    plan = judged(company, permissions(f"(A;CI;GA;;;{ME})", unreadable=[STAFF]))
    assert [(kind, severity, place) for kind, severity, place, *_rest in said(plan)] == [("unknown_rights", "warning", STAFF)] and plan.denied is None


def test_an_entry_that_denies_is_named(company):
    plan = judged(company, permissions(f"(D;;CC;;;{ME})(A;CI;GA;;;{ME})"))
    assert "because an entry of the access list denies it" in plan.findings[0].message


def test_values_that_name_new_accounts_are_written_later(company):
    manager = AttributeDefinition("manager", "dn", True, None, None, True, "forward", "bf9679b5-0de6-11d0-a285-00aa003049e2")
    people = [company.employee("1", manager="id-2"), company.employee("2", "Bo", "Ek")]
    create = f"(A;CI;CC;;;{ME})(OA;;WP;bf9679c0-0de6-11d0-a285-00aa003049e2;;{ME})"
    member = AttributeDefinition("member", "dn", False, None, None, True, "forward", "bf9679c0-0de6-11d0-a285-00aa003049e2")
    plan = judged(company, permissions(create, [manager, member]), *people)
    assert [one.message.split(": ")[1].split(". ")[0] for one in plan.findings] == ["it has no right to write manager"]


def test_nothing_is_read_where_nothing_changes(company):
    plan = company.plan([], company.snapshot())
    judge_rights(plan, plan.changes, lambda _changes: pytest.fail("the permissions were read"))
    assert plan.findings == []


CONTAINERS = [BASE, STAFF, f"OU=Sales,{STAFF}", f"OU=IT,{STAFF}", LEAVERS, f"OU=Other,{BASE}"]


@pytest.mark.parametrize("placement, people, missing, parents", [
    ([{"ou": STAFF}], [LEAVERS, STAFF], [], []),
    ([{"ou": f"OU={{department}},{STAFF}"}], [LEAVERS, STAFF, f"OU=IT,{STAFF}", f"OU=Sales,{STAFF}"], [], []),
    ([{"ou": f"OU={{department}},{STAFF}", "create": True}], [LEAVERS, STAFF, f"OU=IT,{STAFF}", f"OU=Sales,{STAFF}"], [], [STAFF]),
    ([{"ou": f"OU=None,{BASE}"}], [LEAVERS], [f"OU=None,{BASE}"], []),
    ([{"ou": f"OU=New,{STAFF}", "create": True}], [LEAVERS, f"OU=New,{STAFF}"], [], [STAFF]),
    ([{"ou": f"OU=IT,{STAFF}", "create": True}], [LEAVERS, f"OU=IT,{STAFF}"], [], []),
    ([{"ou": "{place}"}], CONTAINERS, [], []),
])
def test_the_places_of_rules(company, placement, people, missing, parents):
    found = places_of(company.rules(placement=placement, ownership={"bases": [BASE]} if "{place}" in str(placement) else {}), CONTAINERS)
    assert (sorted(found.people), list(found.missing), list(found.parents)) == (sorted(people), missing, parents)


@pytest.mark.parametrize("placement, tops", [
    ([{"ou": f"OU={{department}},{STAFF}"}], {STAFF.lower()}),
    ([{"ou": f"OU={{department}},{STAFF}"}, {"ou": STAFF}], set()),
    ([{"ou": f"OU={{department}},{STAFF}", "create": True}], set()),  # what is given there is handed down
    ([{"ou": STAFF}], set()),
])
def test_where_no_account_is(company, placement, tops):
    assert places_of(company.rules(placement=placement), CONTAINERS).tops == tops


def test_the_own_containers_of_the_domain_are_no_places(company):
    more = ["CN=System,DC=corp,DC=example", "OU=Domain Controllers,DC=corp,DC=example", "CN=Users,DC=corp,DC=example"]
    found = places_of(company.rules(placement=[{"ou": "{place}"}], ownership={"bases": [BASE]}), [*CONTAINERS, *more])
    assert not set(more) & set(found.people)


def needs(company, definitions=(), **options):
    rules = company.rules(**options)
    found = needs_of_rules(rules, places_of(rules, CONTAINERS), GroupNames([company.group("All Staff")]), {one.name.lower(): one for one in definitions})
    return {(short(one.need), one.only_for) for one in found}


def test_what_rules_need(company):
    found = needs(company)
    delete = "new_account: delete users: OU=Staff or container: delete users: OU=Staff"
    assert {("container: create users: OU=Staff", ""), ("container: create users: OU=Leavers", ""), (delete, ""), ("group: write member: CN=All Staff", ""),
            ("new_account: write title: OU=Leavers", ""), ("new_account: write manager: OU=Staff", ""), ("new_account: write userAccountControl: OU=Staff", ""),
            ("new_account: reset passwords: OU=Staff", LOCK_OUT), ("new_account: read employeeID: OU=Staff", ""),
            ("new_account: write cn: OU=Staff", "")} <= found
    assert not [text for text, _only_for in found if "mail" in text and "write" in text or "Reanimate" in text or "permissions" in text]


@pytest.mark.parametrize("options, added", [
    ({"leaver": {"scramble_password": True}}, ("new_account: reset passwords: OU=Staff", "")),
    ({"leaver": {"delete_after_days": 30}}, ("container: restore deleted objects (Reanimate Tombstones): DC=corp", UNDO)),
    ({"leaver": {"record": "info"}}, ("new_account: write info: OU=Staff", "")),
    ({"leaver": {"account_expires": True}}, ("new_account: write accountExpires: OU=Staff", "")),
    ({"leaver": {"attributes": {"description": "{'left'}"}}}, ("new_account: write description: OU=Staff", "")),
    ({"joiner": {"must_change_password": True}}, ("new_account: write pwdLastSet: OU=Staff", "")),
    ({"ownership": {"deletion_protection": "lift"}}, ("new_account: change permissions: OU=Staff", "the protection from accidental deletion is lifted")),
    ({"placement": [{"ou": f"OU={{department}},{STAFF}", "create": True}]}, ("container: create OUs: OU=Staff", "")),
])
def test_what_more_options_need(company, options, added):
    assert added in needs(company, **options) and added not in needs(company)


def test_a_confidential_attribute_needs_a_right_of_its_own(company):
    secret = AttributeDefinition("employeeID", "text", True, None, None, True, None, confidential=True)
    assert ("new_account: read the confidential attribute employeeID: OU=Staff", "") in needs(company, [secret])


def test_what_is_not_allowed_needs_nothing(company):
    found = {text for text, _only_for in needs(company, actions=["update"])}
    assert not [text for text in found if "create" in text or "delete" in text]
    assert "title" in written_by(company.rules(), moves=False) and "cn" in written_by(company.rules(), moves=True)
    assert unknown_groups(company.rules(), GroupNames([company.group("All Staff")])) == ["Finance"]


TITLE = AttributeDefinition("title", "text", True, None, None, True, None, "bf967a55-0de6-11d0-a285-00aa003049e2")


@pytest.mark.parametrize("grants, dsacls, entry", [
    ([Grant(rights.ON_CONTAINER, STAFF, rights.CREATE_USERS)], f'dsacls "{STAFF}" /G "svc@corp.example:CC;user"', f"(OA;;CC;{rights.CLASSES['user']};;{ME})"),
    ([Grant(rights.ON_CONTAINER, BASE, rights.CREATE_USERS)], f'dsacls "{BASE}" /I:T /G "svc@corp.example:CC;user"',
     f"(OA;CI;CC;{rights.CLASSES['user']};;{ME})"),
    ([Grant(rights.ON_NEW_ACCOUNT, STAFF, rights.write("title")), Grant(rights.ON_NEW_ACCOUNT, STAFF, rights.RESET_PASSWORDS)],
     f'dsacls "{STAFF}" /I:S /G "svc@corp.example:WP;title;user" "svc@corp.example:CA;Reset Password;user"',
     f"(OA;CIIO;WP;{TITLE.schema_id};{rights.CLASSES['user']};{ME})(OA;CIIO;CR;{rights.EXTENDED['Reset Password']};{rights.CLASSES['user']};{ME})"),
    ([Grant(rights.ON_NEW_ACCOUNT, STAFF, rights.DELETE_OBJECT)], f'dsacls "{STAFF}" /I:S /G "svc@corp.example:SD;;user"',
     f"(OA;CIIO;SD;;{rights.CLASSES['user']};{ME})"),
    ([Grant(rights.ON_CONTAINER, STAFF, Right(WRITE_DAC))], f'dsacls "{STAFF}" /G "svc@corp.example:WD"', f"(A;;WD;;;{ME})"),
    ([Grant(rights.ON_CONTAINER, STAFF, rights.REANIMATE)], f'dsacls "{STAFF}" /G "svc@corp.example:CA;Reanimate Tombstones"',
     f"(OA;;CR;{rights.EXTENDED['Reanimate Tombstones']};;{ME})"),
])
def test_the_lines_that_delegate(grants, dsacls, entry):
    (lines,) = lines_of(grants, Trustee("svc@corp.example", ME), {"title": TITLE}, [STAFF])
    assert lines.dsacls == dsacls and f"--sddl='{entry}'" in lines.samba_tool
    assert lines.powershell.count("AddAccessRule") == len(grants) and f"[System.Security.Principal.SecurityIdentifier]'{ME}'" in lines.powershell


@pytest.mark.parametrize("definitions", [{}, {"titel": AttributeDefinition("titel", "text", True, None, None, True, None)}])
def test_a_right_on_an_unknown_attribute_never_becomes_one_on_all_attributes(definitions):
    """An entry without a GUID would give the right to write every attribute."""
    with pytest.raises(HrisError, match="no schemaIDGUID of 'titel'"):
        lines_of([Grant(rights.ON_NEW_ACCOUNT, STAFF, rights.write("titel"))], Trustee("svc@corp.example", ME), definitions, [])


def test_rights_on_attributes_that_the_schema_does_not_have_are_not_needed(company):
    rules = company.rules()
    found = needs_of_rules(rules, places_of(rules, CONTAINERS), GroupNames([company.group("All Staff")]), {})
    known = {name.lower(): AttributeDefinition(name, "text", True, None, None, True, None) for name in (*written_by(rules, moves=True), "member", "cn", "name",
                                                                                                   *rules.attributes)}
    assert on_known_attributes(found, known) == found
    del known["title"]
    assert {short(one.need) for one in found} - {short(one.need) for one in on_known_attributes(found, known)} == {
        f"new_account: {verb} title: OU={place}" for verb in ("read", "write") for place in ("Staff", "Leavers")}


def test_what_cmd_cannot_quote():
    for character in '"%':
        (lines,) = lines_of([Grant(rights.ON_CONTAINER, f"OU=a\\{character},{BASE}", rights.CREATE_USERS)], Trustee("svc@corp.example", ME), {}, [])
        assert lines.dsacls == "" and lines.powershell


def test_a_name_cannot_end_a_quotation():
    (lines,) = lines_of([Grant(rights.ON_CONTAINER, f"OU=O'Neil / Sons; rm,{BASE}", rights.CREATE_USERS)], Trustee("svc@corp.example", ME), {}, [])
    assert "'LDAP://OU=O''Neil \\/ Sons; rm," in lines.powershell and """'OU=O'"'"'Neil / Sons; rm,""" in lines.samba_tool
