# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: free everywhere, in a stable order, within AD's limits."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values import dn
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import NamedObject
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)


def names(plan):
    return {entry.key: (entry.attributes["sAMAccountName"].after[0], entry.dn.partition(",")[0]) for entry in plan.changes if entry.action == "create"}


def test_ten_of_one_name(company):
    plan = company.plan([company.employee(str(number), "John", "Smith") for number in range(10)], company.snapshot())
    expected = {str(number): (f"jsmith{number}", f"CN=John Smith {number + 1}") for number in range(2, 10)}
    assert names(plan) == {"0": ("jsmith", "CN=John Smith"), "1": ("john", "CN=John Smith 2")} | expected


@pytest.mark.parametrize("taken", [
    {"accounts": {"sam": "ALEE"}},
    {"accounts": {"sam": "x", "mail": "alee@EXAMPLE.com"}},
    {"accounts": {"sam": "x", "proxyAddresses": ["smtp:alee@example.com"]}},
    {"groups": "alee"},
    {"contacts": {"mail": ["alee@example.com"]}},
])
def test_taken_by_whom_ever(company, taken):
    accounts = [company.account("9", **taken["accounts"])] if "accounts" in taken else []
    groups = [company.group("All Staff"), company.group("Finance")] + ([company.group(taken["groups"])] if "groups" in taken else [])
    contacts = [{"dn": "CN=c,DC=corp,DC=example", "attributes": taken["contacts"]}] if "contacts" in taken else []
    plan = company.plan([company.employee("1")], company.snapshot(*accounts, groups=groups, contacts=contacts))
    assert names(plan) == {"1": ("ann", "CN=Ann Lee")}


def test_common_name_is_numbered_only_where_it_is_taken(company):
    other = company.account("9", "x", "Ann Lee")
    first_try = company.plan([company.employee("1")], company.snapshot(other), naming=one_candidate())
    assert names(first_try) == {"1": ("alee", "CN=Ann Lee 2")}
    logon_only = company.plan([company.employee("1")], company.snapshot(company.account("9", "alee", "Other")), naming=one_candidate())
    assert names(logon_only) == {"1": ("alee2", "CN=Ann Lee")}


def one_candidate(**more):
    return {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}} | more


@pytest.mark.parametrize(("first", "last", "sam", "cn"), [
    ("Zoë", "O'Brien-Ødegård", "zobrien-odegard", "CN=Zoë O'Brien-Ødegård"),
    ("Иван", "Петров", "ipetrov", "CN=Иван Петров"),
    ("Jan", "van der Berg", "jvanderberg", "CN=Jan van der Berg"),
    ("Max", "Wolfeschlegelsteinhausenbergerdorff", "mwolfeschlegelsteinh", "CN=Max Wolfeschlegelsteinhausenbergerdorff"),
    ("Madonna", None, "madonna", "CN=Madonna"),
    ("A, B", "C+D", "acd", "CN=A\\, B C\\+D"),
])
def test_names_of_all_kinds(company, first, last, sam, cn):
    naming = one_candidate(candidates=["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}"])
    (created, *_groups) = company.plan([company.employee("1", first, last)], company.snapshot(), naming=naming).changes
    assert (created.attributes["sAMAccountName"].after, created.dn) == ([sam], f"{cn},{company.staff}")


def test_a_number_fits_into_twenty_characters(company):
    long = [company.employee(str(number), "Max", "Wolfeschlegelsteinhausenbergerdorff") for number in range(3)]
    sams = [sam for sam, _cn in names(company.plan(long, company.snapshot(), naming=one_candidate())).values()]
    assert sams == ["mwolfeschlegelsteinh", "mwolfeschlegelstein2", "mwolfeschlegelstein3"] and {len(sam) for sam in sams} == {20}


def test_common_name_is_cut_at_64(company):
    plan = company.plan([company.employee(str(number), "M" * 40, "W" * 60) for number in range(2)], company.snapshot(), naming=one_candidate())
    first, second = (cn.removeprefix("CN=") for _sam, cn in names(plan).values())
    assert len(first) == 64 and second == first[:62] + " 2"


def test_nothing_to_form_a_name_from(company):
    plan = company.plan([company.employee("1", None, None)], company.snapshot())
    assert plan.changes == [] and plan.findings[0].kind == "held" and "no candidate for a name can be formed" in plan.findings[0].message


def test_order_of_the_feed_does_not_matter(company):
    employees = [company.employee(str(number), "John", "Smith", start=f"202{number % 3}-01-01") for number in range(8)]
    assert names(company.plan(employees, company.snapshot())) == names(company.plan(employees[::-1], company.snapshot()))


def test_order_of_the_feed_does_not_matter_to_those_who_are_renamed(company):
    staff = [company.account(str(number), f"alee{number}", f"Ann Lee {number}", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk",
                             groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"]) for number in range(2, 6)]
    feed = [company.employee(str(number), "Ann", "Moe", start=f"202{number % 3}-01-01") for number in range(2, 6)]
    feed += [company.employee("9", "Ann", "Moe", start="2021-06-01")]
    there, back = (company.plan(order, company.snapshot(*staff)).changes for order in (feed, feed[::-1]))
    assert there == back
    given = {entry.key: (entry.to or entry.dn).partition(",")[0] for entry in there if entry.action in ("create", "rename")}
    assert given == {"3": "CN=Ann Moe", "4": "CN=Ann Moe 2", "9": "CN=Ann Moe 3", "2": "CN=Ann Moe 4", "5": "CN=Ann Moe 5"}


def test_a_settled_number_is_kept(company):
    account = company.account("1", "alee2", "Ann Lee 2", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk",
                              groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"])
    assert company.plan([company.employee("1")], company.snapshot(account)).changes == []


def test_rename_to_a_taken_name_gets_a_number(company):
    mine = company.account("1", "alee", "Ann Lee", groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"], givenName="Ann", sn="Moe", displayName="Ann Moe", title="Clerk")
    plan = company.plan([company.employee("1", last="Moe")], company.snapshot(mine, company.account("9", "x", "Ann Moe")))
    assert [entry.to for entry in plan.changes] == [f"CN=Ann Moe 2,{company.staff}"]


RENAMING = {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "rename": ["cn", "sAMAccountName", "mail"],
            "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}}


def married(company, **more):
    return company.account("1", "ann.lee", "Ann Lee", groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"], givenName="Ann", sn="Lee",
                           displayName="Ann Lee", title="Clerk", mail="ann.lee@example.com", **more)


def test_logon_name_and_address_follow_where_the_rules_say_so(company):
    updated, renamed = company.plan([company.employee("1", last="Moe")], company.snapshot(married(company)), naming=RENAMING).changes
    after = {name: values.after for name, values in updated.attributes.items()}
    assert (after["sAMAccountName"], after["mail"], renamed.to) == (["ann.moe"], ["ann.moe@example.com"], f"CN=Ann Moe,{company.staff}")
    assert after["proxyAddresses"] == ["SMTP:ann.moe@example.com", "smtp:ann.lee@example.com"]


def test_names_that_fit_with_their_number_stay(company):
    account = company.account("1", "ann.lee7", "Ann Lee 7", groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"], givenName="Ann", sn="Lee",
                              displayName="Ann Lee", title="Clerk", mail="ann.lee7@example.com")
    assert company.plan([company.employee("1")], company.snapshot(account), naming=RENAMING).changes == []


def test_the_new_name_is_free_too(company):
    other = company.account("9", "ann.moe", "Other")
    updated, _renamed = company.plan([company.employee("1", last="Moe")], company.snapshot(married(company), other), naming=RENAMING).changes
    assert updated.attributes["sAMAccountName"].after == ["ann.moe2"] and updated.attributes["mail"].after == ["ann.moe2@example.com"]


def test_a_changed_name_is_only_reported_where_the_rules_say_so(company):
    plan = company.plan([company.employee("1", last="Moe")], company.snapshot(married(company)), naming=RENAMING | {"on_change": "report"})
    assert [entry.action for entry in plan.changes] == ["update"] and "sAMAccountName" not in plan.changes[0].attributes
    assert sorted(entry.place for entry in plan.findings) == [f"naming.attributes.{name}" for name in ("cn", "mail", "sAMAccountName")]


def test_aliases_are_kept_without_doubles(company):
    account = married(company, proxyAddresses=["SMTP:Ann.Lee@example.com", "smtp:al@example.com"])
    updated, _renamed = company.plan([company.employee("1", last="Moe")], company.snapshot(account), naming=RENAMING).changes
    assert [text.casefold() for text in updated.attributes["proxyAddresses"].after] == [
        "smtp:ann.moe@example.com", "smtp:al@example.com", "smtp:ann.lee@example.com"]


@pytest.mark.parametrize("reserved", [["ALEE"], ["alee", "ann"]])
def test_reserved_names(company, reserved):
    naming = {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}"], "reserved": reserved,
              "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}
    plan = company.plan([company.employee("1")], company.snapshot(), naming=naming)
    assert names(plan)["1"][0] == ("ann" if len(reserved) == 1 else "alee2")


def test_names_of_the_deleted_are_not_given_again(company):
    snapshot = company.snapshot()
    snapshot.deleted = [NamedObject("CN=x\\0ADEL:1,CN=Deleted Objects,DC=corp,DC=example", {"sAMAccountName": ["alee"]})]
    assert names(company.plan([company.employee("1")], snapshot))["1"][0] == "ann"


OWN_CANDIDATES = {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}.{ascii(sn)}"], "rename": ["cn", "displayName"],
                  "attributes": {"sAMAccountName": "{lower(name)}", "cn": ["{employee.first} {employee.last}", "{employee.first} {left(employee.middle, 1)}. {employee.last}"],
                                 "displayName": ["{employee.first} {employee.last}", "{employee.first} {left(employee.middle, 1)}. {employee.last}"]}}
UNNAMED = {"employeeID": "number", "givenName": "first", "sn": "last", "title": "title"}


def settle(company, feed, snapshot, **options):
    """(the changes of a run, the directory after it); the second run changes nothing."""
    plan = company.plan(feed, snapshot, **options)
    assert not [entry for entry in plan.findings if entry.severity == "error"], plan.findings
    after = apply_simulated(snapshot, plan.changes)
    assert company.plan(feed, after, **options).changes == []
    return plan.changes, after


def people(snapshot):
    return {account.attributes["employeeID"][0]: account for account in snapshot.accounts}


def test_a_middle_initial_only_where_it_is_needed(company):
    options = {"naming": OWN_CANDIDATES, "mapping": UNNAMED}
    feed = [company.employee(str(number), "John", "Smith", middle=middle) for number, middle in enumerate([None, "Alan", "Adam", None])]
    _changes, after = settle(company, feed, company.snapshot(), **options)
    found = {key: (account.dn.partition(",")[0][3:], account.attributes["displayName"][0], account.attributes["sAMAccountName"][0]) for key, account in people(after).items()}
    assert found == {"0": ("John Smith", "John Smith", "jsmith"), "1": ("John A. Smith", "John A. Smith", "john.smith"),
                     "2": ("John Smith 2", "John Smith 2", "jsmith2"), "3": ("John Smith 3", "John Smith 3", "jsmith3")}
    feed[1]["last"] = "Jones"
    changes, after = settle(company, feed, after, **options)
    assert people(after)["1"].dn == f"CN=John Jones,{company.staff}" and people(after)["1"].attributes["displayName"] == ["John Jones"]
    assert {entry.key for entry in changes} == {"1"}


def test_the_second_candidate_is_tried_before_a_number(company):
    options = {"naming": {"candidates": OWN_CANDIDATES["candidates"], "attributes": {
        "sAMAccountName": "{lower(name)}", "userPrincipalName": "{lower(name)}@corp.example", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}}}
    feed = [company.employee("1", "John", "Smith"), company.employee("2", "John", "Smith"), company.employee("3", "Joan", "Smith")]
    assert names(company.plan(feed, company.snapshot(), **options)) == {
        "1": ("jsmith", "CN=John Smith"), "2": ("john.smith", "CN=John Smith 2"), "3": ("joan.smith", "CN=Joan Smith")}


FOLLOWING = {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "rename": ["cn", "mail", "userPrincipalName"],
             "attributes": {"sAMAccountName": "{lower(name)}", "userPrincipalName": "{lower(name)}@corp.example", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}}


def test_the_own_former_name_is_free(company):
    after = company.snapshot()
    for last in ("Lee", "Walker", "Lee"):
        _changes, after = settle(company, [company.employee("1", last=last)], after, naming=FOLLOWING)
    (ann,) = after.accounts
    assert (ann.attributes["mail"], ann.attributes["userPrincipalName"], ann.dn) == (["ann.lee@example.com"], ["ann.lee@corp.example"], f"CN=Ann Lee,{company.staff}")
    assert ann.attributes["proxyAddresses"] == ["SMTP:ann.lee@example.com", "smtp:ann.walker@example.com"]
    _changes, after = settle(company, [company.employee("1"), company.employee("2", last="Walker")], after, naming=FOLLOWING)
    assert people(after)["2"].attributes["mail"] == ["ann.walker2@example.com"], "the alias stays hers"


@pytest.mark.parametrize("turn", [["Walker", "Lee"], ["Walker", "Roe", "Lee"], ["Roe", "Lee", "Walker"]])
@pytest.mark.parametrize("rename", [["cn", "mail", "userPrincipalName"], ["cn", "mail", "userPrincipalName", "sAMAccountName"], ["cn"]])
def test_people_who_exchange_their_names(company, turn, rename):
    """Whether two or three of them: nobody keeps a number, and each address is that of one person."""
    attributes = FOLLOWING["attributes"] | {"userPrincipalName": "{lower(name)}@example.org"}  # at the domain, the logon name would be in the way
    options = {"naming": FOLLOWING | {"rename": rename, "attributes": attributes}}
    names_before = ["Lee", "Walker", "Roe"][:len(turn)]
    _changes, after = settle(company, [company.employee(str(number), last=last) for number, last in enumerate(names_before)], company.snapshot(), **options)
    _changes, after = settle(company, [company.employee(str(number), last=last) for number, last in enumerate(turn)], after, **options)
    for number, last in enumerate(turn):
        account = people(after)[str(number)]
        local = f"ann.{last.lower()}"
        assert account.dn == f"CN=Ann {last},{company.staff}"
        if "mail" in rename:
            assert (account.attributes["mail"], account.attributes["userPrincipalName"]) == ([f"{local}@example.com"], [f"{local}@example.org"])
            assert account.attributes["proxyAddresses"] == [f"SMTP:{local}@example.com"]
        if "sAMAccountName" in rename:
            assert account.attributes["sAMAccountName"] == [local]


def test_an_alias_is_not_given_to_the_next_one(company):
    """Ann Lee becomes Ann Moe and keeps her former address; another Ann becomes Ann Lee on the same day, and nobody exchanges anything."""
    _changes, after = settle(company, [company.employee("1"), company.employee("2", last="Roe")], company.snapshot(), naming=FOLLOWING)
    _changes, after = settle(company, [company.employee("1", last="Moe"), company.employee("2", last="Lee")], after, naming=FOLLOWING)
    one, two = people(after)["1"], people(after)["2"]
    assert one.attributes["proxyAddresses"] == ["SMTP:ann.moe@example.com", "smtp:ann.lee@example.com"]
    assert two.attributes["mail"] == ["ann.lee2@example.com"] and two.dn == f"CN=Ann Lee,{company.staff}"


def test_a_new_account_does_not_get_what_is_given_up_on_the_same_day(company):
    _changes, after = settle(company, [company.employee("1")], company.snapshot(), naming=FOLLOWING | {"rename": ["cn", "mail", "userPrincipalName", "sAMAccountName"]})
    changes = company.plan([company.employee("1", last="Moe"), company.employee("2")], after, naming=FOLLOWING | {"rename": ["cn", "sAMAccountName"]}).changes
    assert names(company.plan([company.employee("1", last="Moe"), company.employee("2")], after, naming=FOLLOWING | {"rename": ["cn"]}))["2"][1] == "CN=Ann Lee 2"
    assert [entry.attributes["sAMAccountName"].after for entry in changes if entry.action == "create"] == [["ann.lee2"]]


def test_who_is_held_gives_nothing_up(company):
    """Bo would give up the name that Ann gets, but is held, because both names differ: Ann gets a number."""
    staff = {"groups": ["CN=All Staff,OU=Groups,DC=corp,DC=example"], "title": "Clerk"}
    ann = company.account("1", "a", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", **staff)
    bo = company.account("2", "b", "Ann Moe", givenName="Bo", sn="Ray", displayName="Ann Moe", **staff)
    plan = company.plan([company.employee("1", last="Moe"), company.employee("2", "Cy", "Oh")], company.snapshot(ann, bo), naming=one_candidate())
    assert [(entry.key, entry.to) for entry in plan.changes if entry.to] == [("1", f"CN=Ann Moe 2,{company.staff}")]
    assert [(entry.key, entry.kind) for entry in plan.findings] == [("2", "identity_changed")]


def test_an_address_of_its_own_gets_its_number_before_the_domain(company):
    naming = one_candidate(attributes={"sAMAccountName": "{lower(name)}", "mail": "{lower(ascii(givenName))}@example.com", "cn": "{displayName}"})
    feed = [company.employee("1"), company.employee("2", last="Moe")]
    changes = company.plan(feed, company.snapshot(), naming=naming).changes
    assert [entry.attributes["mail"].after for entry in changes if entry.action == "create"] == [["ann@example.com"], ["ann2@example.com"]]


@pytest.mark.parametrize(("attributes", "message"), [
    ({"cn": []}, "naming.attributes.cn: there is no candidate"), ({"cn": ["{displayName}", "{typo}"]}, "naming.attributes.cn[1]: unknown attribute 'typo'"),
    ({"sAMAccountName": ["{lower(name)}", "{displayName}"]}, "sAMAccountName does not use {name}"),
])
def test_candidates_that_are_wrong(company, attributes, message):
    with pytest.raises(HrisError) as caught:
        company.rules(naming=one_candidate(attributes={"sAMAccountName": "{lower(name)}", "cn": "{displayName}"} | attributes))
    assert message in str(caught.value)


@pytest.mark.parametrize(("last", "cn"), [
    ("Lee\nCNF:1", "Ann Lee CNF:1"), ("L\u202eee", "Ann Lee"), ("\u2028Lee", "Ann Lee"), ("\U0001f600" * 40, "Ann " + "\U0001f600" * 30),
    ("e\u0301x" * 30, "Ann " + "\u00e9x" * 30), ("x\u0323\u0307" * 30, None),
])
def test_common_names_are_one_line_of_whole_characters(company, last, cn):
    naming = one_candidate(candidates=["{ascii(givenName)}"])
    changes, _after = settle(company, [company.employee("1", last=last)], company.snapshot(), naming=naming, mapping=UNNAMED | {"sn": {"constant": "x"}, "displayName": "{first} {last}"})
    found = dn.split(changes[0].dn)[0]
    assert (cn is None or found == cn) and len(found.encode("utf-16-le")) <= 128


@pytest.mark.parametrize(("department", "ou"), [("Sa\nles", "OU=Sa les"), ("Sales\u202e", "OU=Sales"), ("a,\tb", "OU=a\\, b")])
def test_names_of_ous_are_one_line(company, department, ou):
    placement = [{"ou": f"OU={{department}},{company.staff}", "create": True}]
    changes, _after = settle(company, [company.employee("1", department=department)], company.snapshot(), placement=placement)
    assert [entry.dn for entry in changes if entry.action == "create_ou"] == [f"{ou},{company.staff}"]


@pytest.mark.parametrize("department", ["\u200b", "\U0001f600" * 33])
def test_ous_that_cannot_be(company, department):
    placement = [{"ou": f"OU={{department}},{company.staff}", "create": True}]
    plan = company.plan([company.employee("1", department=department)], company.snapshot(), placement=placement)
    assert plan.changes == [] and [(entry.key, entry.kind) for entry in plan.findings] == [("1", "held")]


def test_names_that_windows_takes_for_one(company):
    """It compares without accents and width, Samba does not."""
    feed = [company.employee("1", "Jose", "Pena"), company.employee("2", "José", "Peña"), company.employee("3", "Ｊose", "Pena")]
    changes, _after = settle(company, feed, company.snapshot(), naming=one_candidate())
    assert {entry.key: dn.split(entry.dn)[0] for entry in changes if entry.action == "create"} == {"1": "Jose Pena", "2": "José Peña 2", "3": "Ｊose Pena 3"}
    changes, _after = settle(company, [feed[0] | {"first": "José"}, *feed[1:]], _after, naming=one_candidate())
    assert [entry.to for entry in changes if entry.to] == [f"CN=José Pena,{company.staff}"], "the own name is no other one"
