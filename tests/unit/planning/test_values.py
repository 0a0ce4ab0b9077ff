# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as the directory sees them: an impossible one is left out alone, in the plan, with a finding; a second run has nothing to do."""
from __future__ import annotations

import base64

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.canary import canaries
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.dependencies import (
    independent_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

ALL_STAFF = "CN=All Staff,OU=Groups,DC=corp,DC=example"
NEVER = "9223372036854775807"
NAMING = {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}


def mapping(**more):
    return {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": {"from": "title", "empty": "clear"}} | more


def settled(company, number="1", sam="alee", cn="Ann Lee", **more):
    first, _blank, last = cn.partition(" ")
    return company.account(number, sam, cn, **({"givenName": first, "sn": last, "displayName": cn, "title": "Clerk", "groups": [ALL_STAFF]} | more))


def planned(company, feed, snapshot, **options):
    """(plan, {key: {attribute: values after}}); a second run must change nothing."""
    options = {"naming": NAMING} | options
    plan = company.plan(feed, snapshot, **options)
    rules = company.rules(**options)
    again = make_plan([people_of(feed, rules, company.as_of)], apply_simulated(snapshot, plan.changes), company.as_of).plan
    assert again.changes == [], "a second run changes nothing"
    assert {entry.message for entry in again.findings} <= {entry.message for entry in plan.findings}, "what is left out is still said"
    written = {}
    for entry in plan.changes:
        written.setdefault(entry.key, {}).update({name: values.after for name, values in entry.attributes.items()})
    return plan, written


def kinds(plan):
    return [(entry.key, entry.kind, entry.place) for entry in plan.findings]


@pytest.mark.parametrize(("attribute", "value", "why"), [
    ("title", "x" * 129, "at most 128 characters"), ("thumbnailPhoto", base64.b64encode(b"\xff" * 102_401).decode(), "at most 102,400 bytes"),
    ("thumbnailPhoto", "no base64", "takes base64"), ("countryCode", "70000", "from 0 to 65535"), ("givenName", "Ann" + "\U0001f600" * 31, "not 65"),
    ("department", "\ud800", "half of a character"), ("mail", "a\nb@x.y", "not seen"), ("userPrincipalName", "ann\u202e@x.y", "not seen"),
])
@pytest.mark.parametrize("is_new", [True, False])
def test_one_impossible_attribute_costs_no_other(company, attribute, value, why, is_new):
    feed = [company.employee("1", title="Boss", odd=value), company.employee("2", "Bo", "Ek", odd="Bo" if attribute == "givenName" else None)]
    rules = mapping(**({attribute: "odd"} | ({} if attribute == "title" else {"title": "title"})))
    accounts = [] if is_new else [settled(company)]
    plan, written = planned(company, feed, company.snapshot(*accounts), mapping=rules)
    assert kinds(plan) == [("1", "value_refused", f"mapping.{attribute}")] and why in plan.findings[0].message
    assert attribute not in written.get("1", {}) and written["2"]["sAMAccountName"] == ["bek"]
    if attribute != "title":
        assert written["1"]["title"] == ["Boss"]


def test_the_country_is_none_where_hr_has_none(company):
    """The directory refuses to clear countryCode and codePage: no country is 0, and 0 is no country."""
    rules = mapping(c={"from": "c", "empty": "clear"}, countryCode={"from": "c", "table": {"AU": "036"}, "empty": "clear"},
                    codePage={"from": "page", "empty": "clear"}, accountExpires={"from": "until", "empty": "clear"})
    accounts = [settled(company, countryCode="0", codePage="0", accountExpires="0"),
                settled(company, "2", "bray", "Bo Ray", c="AU", countryCode="36", codePage="1252", accountExpires="132000000000000000"),
                settled(company, "3", "czed", "Cy Zed", countryCode="0", accountExpires=NEVER), settled(company, "4", "dfox", "Di Fox")]
    nothing = {"c": None, "page": None, "until": None}
    feed = [company.employee("1", **nothing), company.employee("2", "Bo", "Ray", **nothing), company.employee("3", "Cy", "Zed", **nothing | {"c": "AU"}),
            company.employee("4", "Di", "Fox", **nothing)]
    plan, written = planned(company, feed, company.snapshot(*accounts), mapping=rules)
    assert written == {"2": {"c": [], "countryCode": ["0"], "codePage": ["0"], "accountExpires": [NEVER]}, "3": {"c": ["AU"], "countryCode": ["36"]}}
    assert plan.findings == []


UPN = mapping(userPrincipalName="email", mail="email")


def test_a_value_that_somebody_else_has(company):
    accounts = [settled(company, "2", "bray", "Bo Ray", userPrincipalName="bo@corp.example", mail="bo@corp.example"), settled(company)]
    feed = [company.employee("1", title="Boss", email="BO@corp.example"), company.employee("2", "Bo", "Ray", email="bo@corp.example")]
    plan, written = planned(company, feed, company.snapshot(*accounts), mapping=UPN)
    assert written == {"1": {"title": ["Boss"]}}
    assert kinds(plan) == [("1", "value_taken", "mapping.userPrincipalName"), ("1", "value_taken", "mapping.mail")]
    assert f"userPrincipalName 'BO@corp.example' belongs to CN=Bo Ray,{company.staff}" in plan.findings[0].message


def test_two_new_people_with_one_address(company):
    feed = [company.employee("2", "Bo", "Ray", email="x@corp.example"), company.employee("1", email="X@corp.example", start="2019-01-01")]
    plan, written = planned(company, feed, company.snapshot(), mapping=UPN)
    assert written["1"]["mail"] == ["X@corp.example"] and "mail" not in written["2"] and "userPrincipalName" not in written["2"]
    assert {(key, kind) for key, kind, _place in kinds(plan)} == {("2", "value_taken")}


@pytest.mark.parametrize(("attribute", "other"), [
    ("userPrincipalName", {"sam": "x"}), ("userPrincipalName", {"sam": "ann", "userPrincipalName": None}), ("servicePrincipalName", {"sam": "x"}),
    ("proxyAddresses", {"sam": "x"}), ("proxyAddresses", {"sam": "x", "mail": "ann@corp.example", "proxyAddresses": None}),
])
def test_what_must_be_unique(company, attribute, other):
    """A userPrincipalName is also taken by the logon name of another account: Samba refuses it."""
    value = {"userPrincipalName": "ann@corp.example", "servicePrincipalName": "HTTP/web1", "proxyAddresses": "SMTP:Ann@corp.example"}[attribute]
    stranger = company.account(None, mark=None, **{attribute: value.lower()} | other)
    plan, written = planned(company, [company.employee("1", odd=value, title="Boss")], company.snapshot(settled(company), stranger), mapping=mapping(**{attribute: "odd"}))
    assert written == {"1": {"title": ["Boss"]}} and kinds(plan) == [("1", "value_taken", f"mapping.{attribute}")]


def test_an_exchange_between_two_people(company):
    accounts = [settled(company, userPrincipalName="ann@corp.example", mail="ann@corp.example"),
                settled(company, "2", "bray", "Bo Ray", userPrincipalName="bo@corp.example", mail="bo@corp.example")]
    feed = [company.employee("1", email="bo@corp.example"), company.employee("2", "Bo", "Ray", email="ann@corp.example")]
    plan, written = planned(company, feed, company.snapshot(*accounts), mapping=UPN)
    assert {key: values["userPrincipalName"] for key, values in written.items()} == {"1": ["bo@corp.example"], "2": ["ann@corp.example"]}
    assert plan.findings == []


def test_what_is_given_up_is_free_for_the_next_one(company):
    """Ann gets what Bo gives up, Cy (new) what Ann gives up; where Bo keeps it after all, nobody gets anything."""
    accounts = [settled(company, userPrincipalName="ann@corp.example"), settled(company, "2", "bray", "Bo Ray", userPrincipalName="bo@corp.example"),
                settled(company, "9", "zzz", "Zed Zed", userPrincipalName="zed@corp.example", mark=None)]
    feed = [company.employee("1", email="bo@corp.example"), company.employee("2", "Bo", "Ray", email="bo2@corp.example"),
            company.employee("3", "Cy", "Oh", email="ann@corp.example", start="2019-01-01")]
    rules = mapping(userPrincipalName="email")
    plan, written = planned(company, feed, company.snapshot(*accounts), mapping=rules)
    assert plan.findings == [] and written["1"]["userPrincipalName"] == ["bo@corp.example"] and written["3"]["userPrincipalName"] == ["ann@corp.example"]
    feed[1]["email"] = "zed@corp.example"
    plan, written = planned(company, feed, company.snapshot(*accounts), mapping=rules)
    assert {key for key, _kind, _place in kinds(plan)} == {"1", "2", "3"} and "userPrincipalName" not in written["3"] and set(written) == {"3"}


def test_rules_name_what_must_be_unique(company):
    rules, accounts = mapping(pager="pager"), [settled(company, "2", "bray", "Bo Ray", pager="7")]
    feed = [company.employee("1", pager="7"), company.employee("2", "Bo", "Ray", pager="7")]
    assert planned(company, feed, company.snapshot(*accounts), mapping=rules)[1]["1"]["pager"] == ["7"]
    plan, written = planned(company, feed, company.snapshot(*accounts), mapping=rules, unique=["pager"])
    assert "pager" not in written["1"] and kinds(plan) == [("1", "value_taken", "mapping.pager")]
    shared = mapping(mail="mail")
    feed = [company.employee("1", mail="shop@x.y"), company.employee("2", "Bo", "Ray", mail="shop@x.y")]
    plan, written = planned(company, feed, company.snapshot(), mapping=shared, unique=[])
    assert written["1"]["mail"] == written["2"]["mail"] and plan.findings == []


def test_an_address_of_which_a_part_is_missing_is_left_out(company):
    """The example of docs/mail-addresses.md, for somebody without a number yet."""
    rules = mapping(proxyAddresses={"from": "[join('', ['SMTP:', email]), staffNo && join('', ['smtp:', staffNo, '@example.com'])]"})
    employees = [company.employee("1", email="ann.lee@example.com", staffNo=None), company.employee("2", "Bo", "Ray", email="b@x.y", staffNo="E2")]
    made, written = planned(company, employees, company.snapshot(), mapping=rules)
    assert made.findings == [] and written["1"]["proxyAddresses"] == ["SMTP:ann.lee@example.com"]
    assert written["2"]["proxyAddresses"] == ["SMTP:b@x.y", "smtp:E2@example.com"]


def test_one_primary_address(company):
    rules = mapping(proxyAddresses={"from": "[join('', ['SMTP:', email])]", "values": "merge"})
    account = settled(company, proxyAddresses=["smtp:ann.lee@example.com", "SMTP:other@example.com"])
    _plan, written = planned(company, [company.employee("1", email="ann.lee@example.com")], company.snapshot(account), mapping=rules)
    assert written["1"]["proxyAddresses"] == ["SMTP:ann.lee@example.com", "smtp:other@example.com"]
    account = settled(company, proxyAddresses=["SMTP:Ann.Lee@example.com"])
    assert planned(company, [company.employee("1", email="ann.lee@example.com")], company.snapshot(account), mapping=rules)[1] == {}
    two = mapping(proxyAddresses={"from": "[join('', ['SMTP:', email]), 'SMTP:b@x.y', join('', ['smtp:', email])]"})
    _plan, written = planned(company, [company.employee("1", email="a@x.y")], company.snapshot(settled(company)), mapping=two)
    assert written["1"]["proxyAddresses"] == ["SMTP:a@x.y", "smtp:b@x.y"]


def test_addresses_of_other_domains_stay(company):
    rules = mapping(proxyAddresses={"from": "[join('', ['SMTP:', email])]", "domains": ["Example.com"]})
    account = settled(company, proxyAddresses=["SMTP:old@example.com", "smtp:ann@partner.org", "X500:/o=corp/cn=ann", "smtp:alee@EXAMPLE.com"])
    _plan, written = planned(company, [company.employee("1", email="ann.lee@example.com")], company.snapshot(account), mapping=rules)
    assert written["1"]["proxyAddresses"] == ["smtp:ann@partner.org", "X500:/o=corp/cn=ann", "SMTP:ann.lee@example.com"]
    account = settled(company, proxyAddresses=written["1"]["proxyAddresses"])
    assert planned(company, [company.employee("1", email="Ann.Lee@example.com")], company.snapshot(account), mapping=rules)[1] == {}
    assert planned(company, [company.employee("1", email=None)], company.snapshot(account), mapping=rules)[1] == {}, "without a value the attribute stays"
    cleared = mapping(proxyAddresses={"from": "email && [join('', ['SMTP:', email])] || email", "domains": ["example.com"], "empty": "clear"})
    _plan, written = planned(company, [company.employee("1", email=None)], company.snapshot(account), mapping=cleared)
    assert written["1"]["proxyAddresses"] == ["smtp:ann@partner.org", "X500:/o=corp/cn=ann"]


def test_values_have_the_equality_of_their_syntax(company):
    rules = mapping(assistant="who", msNPAllowDialin="dial", msTSExpireDate="when", uidNumber="uid", thumbnailPhoto="photo", url={"from": "urls", "values": "merge"})
    same = {"who": "cn=BOSS,ou=staff,dc=CORP,dc=example", "dial": "true", "when": "20260302130000+0100", "uid": "007", "photo": "/9j/\n4AAQ", "urls": ["A"]}
    account = settled(company, assistant=f"CN=Boss,{company.staff}", msNPAllowDialin="TRUE", msTSExpireDate="20260302120000.0Z", uidNumber="7",
                      thumbnailPhoto="/9j/4AAQ", url=["A", "b"])
    assert planned(company, [company.employee("1", **same)], company.snapshot(account), mapping=rules)[1] == {}
    other = same | {"dial": "false", "uid": "008", "urls": ["B"]}
    _plan, written = planned(company, [company.employee("1", **other)], company.snapshot(account), mapping=rules)
    assert written == {"1": {"msNPAllowDialin": ["FALSE"], "uidNumber": ["8"], "url": ["A", "B"]}}


def test_letters_follow_in_their_case(company):
    account = settled(company, cn="ANN LEE", title="CLERK")
    plan, written = planned(company, [company.employee("1")], company.snapshot(account))
    assert written["1"] == {"displayName": ["Ann Lee"], "givenName": ["Ann"], "sn": ["Lee"], "title": ["Clerk"]}
    assert [entry.to for entry in plan.changes if entry.to] == [f"CN=Ann Lee,{company.staff}"]


def test_attributes_in_another_spelling_than_the_directory_has(company):
    plan, written = planned(company, [company.employee("1", title="x" * 129, email="b@x.y")], company.snapshot(settled(company, mail="a@x.y")),
                            mapping=mapping(Mail="email"))
    assert written == {"1": {"mail": ["b@x.y"]}} and kinds(plan) == [("1", "value_refused", "mapping.title")]


def test_accounts_that_have_one_value_already(company):
    """A second account with the employeeID of somebody, where another attribute is the key."""
    rules = {"employeeNumber": "number", "employeeID": "badge", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": "title"}
    ann = settled(company, employeeNumber="1", employeeID="77", mail="ann@x.y")
    stray = company.account(None, "stray", mark=None, employeeID="77", proxyAddresses=["SMTP:ANN@x.y"])
    leaver = settled(company, "2", "bray", "Bo Ray", employeeNumber="2", employeeID="77", enabled=False, mark="hris.ad source=elmo state=disabled since=2026-01-01")
    feed = [company.employee("1", badge="77"), company.employee("2", "Bo", "Ray", badge="77", end="2025-12-31")]
    options = {"mapping": rules, "correlation": {"key": "employeeNumber"}, "leaver": {}}
    plan, _written = planned(company, feed, company.snapshot(ann, stray, leaver), **options)
    assert [(entry.key, entry.kind, entry.severity) for entry in plan.findings] == [("1", "duplicate_value", "warning")] * 2
    assert plan.findings[0].message == (f"employeeID '77' of {ann.dn} is also that of {stray.dn}; {leaver.dn}. It must be unique: correct one of them.")
    assert f"mail 'ann@x.y' of {ann.dn} is also that of {stray.dn}." in plan.findings[1].message
    elsewhere = company.account(None, "stray", mark=None, ou="OU=Groups,DC=corp,DC=example", employeeID="77")
    options["ownership"] = {"bases": [company.staff]}
    assert planned(company, feed[:1], company.snapshot(ann, elsewhere), **options)[0].findings == []
    hidden = planned(company, feed[:1], company.snapshot(ann, stray), **options, redact=["employeeID"])[0].findings[0].message
    assert "77" not in hidden


def test_what_waits_for_approval_is_not_taken(company):
    """Ann gets what Bo gives up; where Bo's change is not allowed, hers is not made either."""
    accounts = [settled(company, userPrincipalName="ann@corp.example"), settled(company, "2", "bray", "Bo Ray", userPrincipalName="bo@corp.example")]
    feed = [company.employee("1", email="bo@corp.example"), company.employee("2", "Bo", "Ray", email="bo2@corp.example")]
    changes = company.plan(feed, company.snapshot(*accounts), mapping=mapping(userPrincipalName="email"), naming=NAMING).changes
    left, kept = [entry for entry in changes if entry.key == "2"], [entry for entry in changes if entry.key == "1"]
    assert independent_of(kept, left, lambda change: change.dn) == ([], 1)
    assert independent_of(left, kept, lambda change: change.dn) == (left, 0)
    assert canaries(changes, 1) == [] and canaries(changes[:1], 1) == [0]


def test_accounts_are_found_by_what_a_value_means(company):
    """A key that is a number for the directory is found with and without zeros, and a fallback or a reference may be written in another way."""
    rules = {"uidNumber": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": "title",
             "manager": {"employee": "boss", "field": "number", "account": "gidNumber"}}
    options = {"mapping": rules, "correlation": {"key": "uidNumber", "fallbacks": [{"attribute": "gidNumber", "value": "group"}]}}
    ann, bo = settled(company, uidNumber="7"), settled(company, "2", "bray", "Bo Ray", gidNumber="8", mark=None)
    boss = company.account(None, "boss", mark=None, gidNumber="9")
    feed = [company.employee("007", boss="09", group=None), company.employee("010", "Bo", "Ray", group="08", boss=None)]
    plan, written = planned(company, feed, company.snapshot(ann, bo, boss), **options)
    assert written["007"] == {"manager": [boss.dn]} and written["010"]["uidNumber"] == ["10"] and plan.findings == []
