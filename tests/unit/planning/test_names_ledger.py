# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names ledger: when a name enters, whose it is, when it ends, who gets it, and what a plan makes of it."""
from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.unique_names import UniqueName
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import NamedObject
from ansible_collections.hris.ad.plugins.module_utils._hris.model.names_ledger import (
    GivenName,
    Hashes,
    NamesLedger,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change, ValueChange
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan as planning
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.former_names import FormerNames
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.names_over_time import (
    forget_reserved,
    note_names,
    note_present,
    refused_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.present_names import (
    OwnerAttributes,
    fingerprint,
    present_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import Feed, people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.forecast import forecast

WHERE = OwnerAttributes("adminDescription", {"elmo": "employeeID"})
SAM, UPN, MAIL = "samaccountname", "userprincipalname", "mail"
DOMAIN = "corp.example"
TODAY = "2026-03-02"
ONE = {"naming": {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}"],
                  "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}}}


@pytest.fixture
def ledger():
    return NamesLedger(Hashes("k" * 32, "salt"))


def put(ledger, space, text, *, source="elmo", key="1", guid="g", day="", reserved=False):
    hashes = ledger.hashes
    ledger.names[hashes.name(space, text)] = GivenName(frozenset({hashes.person(source, key), hashes.account(guid)}), day, reserved)


def known(ledger, space, text):
    return ledger.names.get(ledger.hashes.name(space, text))


def former(ledger=None, day=TODAY, **options):
    return FormerNames(date.fromisoformat(day), DOMAIN, (lambda: ledger) if ledger else None, **options)


def person(ledger, key="1", source="elmo"):
    return frozenset({ledger.hashes.person(source, key)})


def made(company, ledger, employees, snapshot, day=TODAY, reuse_after=None, **options):
    """(the plan with the ledger as a run would have it, the ledger after the run's reservation)."""
    rules = company.rules(**options)
    as_of = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    ledger = ledger.copy()
    note_present(ledger, present_names(snapshot, WHERE, ledger.hashes), day)
    names = former(ledger, day, reuse_after=reuse_after)
    plan = planning.make_plan([people_of(employees, rules, as_of)], snapshot, as_of, former=names).plan
    assert refused_names(plan, plan.changes, names) == {}, "what is planned may be written"
    note_names(ledger, plan, plan.changes, day)
    return plan, ledger


def given(plan):
    """{key: (logon name, mail)} of the accounts that are created."""
    return {one.key: tuple(one.attributes[name].after[0] for name in ("sAMAccountName", "mail")) for one in plan.changes if one.action == "create"}


@pytest.mark.parametrize(("space", "text", "who", "options", "words"), [
    (SAM, "alee", "2", {}, "was given to somebody until 2026-02-01"),
    (SAM, "alee", "1", {}, None),
    (SAM, "ALEE".casefold(), "2", {"reuse_after": 30}, "was given to somebody until 2026-02-01"),
    (SAM, "alee", "2", {"reuse_after": 29}, None),
    (SAM, "held", "2", {"reuse_after": 1}, "was given to somebody"),
    (SAM, "soon", "2", {"reuse_after": 1}, "was reserved for somebody on 2026-03-01"),
    (SAM, "soon", "1", {}, None),
    (SAM, "free", "2", {}, None),
    (UPN, "alee@corp.example", "2", {}, "was given to somebody until 2026-02-01"),  # one can log on with it
    (UPN, "alee@example.com", "2", {}, None),
    (SAM, "upn", "2", {}, "was given to somebody until 2026-02-02"),
    (MAIL, "alee", "2", {}, None),
    (SAM, "alee", "2", {"released": ["ALee"]}, None),
    (MAIL, "box@example.com", "1", {"in_file": ["box@example.com"]}, "is taken in another system"),
    (SAM, "alee", "1", {"in_file": ["alee"], "released": ["alee"]}, "is taken in another system"),
])
def test_who_may_get_a_name(ledger, space, text, who, options, words):
    put(ledger, SAM, "alee", day="2026-02-01")
    put(ledger, SAM, "held")
    put(ledger, SAM, "soon", day="2026-03-01", reserved=True)
    put(ledger, UPN, "upn@corp.example", day="2026-02-02")
    assert former(ledger, **options).why_not(space, text, person(ledger, who)) == words


def test_a_name_in_the_forest(ledger):
    names = former()
    names.elsewhere[UniqueName(UPN, "alee@corp.example")] = "CN=A,DC=other"
    for space, text in ((UPN, "alee@corp.example"), (SAM, "alee")):
        assert names.why_not(space, text, frozenset()) == "belongs to CN=A,DC=other in the forest"
    assert names.why_not(SAM, "blee", frozenset()) is None and not names.has_ledger


def test_keys_and_cases(ledger):
    hashes = ledger.hashes
    assert hashes.person("elmo", "E1") == hashes.person("elmo", "e1") != hashes.person("icehrm", "e1")
    assert Hashes("k" * 32, "salt").check == hashes.check != Hashes("x" * 32, "salt").check
    assert Hashes("k" * 32, "other").name(SAM, "alee") != hashes.name(SAM, "alee")
    assert len({hashes.name(SAM, "x"), hashes.name(MAIL, "x"), hashes.account("x"), hashes.person("x", "x"), hashes.other("x")}) == 5


def test_what_the_directory_shows(company, ledger):
    hashes = ledger.hashes
    snapshot = company.snapshot(
        company.account("1", "alee", mail="ALee@example.com", proxyAddresses=["SMTP:alee@example.com", "smtp:old@example.com"], userPrincipalName="alee@corp.example"),
        company.account("2", "byhand", mark=None),
        company.account("3", "shared", mark="hris.ad source=elmo state=active key_source=icehrm key=X9"),
        groups=[company.group("Team")], contacts=[{"dn": "CN=c,DC=x", "attributes": {"mail": ["box@example.com"]}}])
    guid = "0d5d5f4e-0000-4000-8000-000000000001"
    snapshot.deleted.append(NamedObject(f"CN=gone\\0ADEL:{guid},CN=Deleted Objects,DC=x",
                                        {"sAMAccountName": ["gone"], "employeeID": ["7"], "adminDescription": ["hris.ad source=elmo state=disabled"]}))
    found = present_names(snapshot, WHERE, hashes)
    ann = {hashes.account("guid-alee"), hashes.person("elmo", "1")}
    assert {hashes.name(*name): found.held[hashes.name(*name)] for name in ((SAM, "alee"), (UPN, "alee@corp.example"), (MAIL, "alee@example.com"),
                                                                           (MAIL, "old@example.com"))}.keys() <= found.held.keys()
    assert found.held[hashes.name(MAIL, "old@example.com")] == found.held[hashes.name(SAM, "alee")] == ann
    assert found.held[hashes.name(SAM, "byhand")] == {hashes.account("guid-byhand")}
    assert found.held[hashes.name(SAM, "shared")] == {hashes.account("guid-shared"), hashes.person("elmo", "3"), hashes.person("icehrm", "X9")}
    assert found.held[hashes.name(SAM, "team")] == {hashes.account("guid-Team")}
    assert found.held[hashes.name(MAIL, "box@example.com")] == {hashes.other("cn=c,dc=x")}
    assert found.deleted == {hashes.name(SAM, "gone"): {hashes.account(guid), hashes.person("elmo", "7")}}
    note_present(ledger, found, TODAY)
    assert known(ledger, SAM, "gone").day == TODAY and known(ledger, SAM, "alee").day == ""


def test_the_fingerprint(company):
    def of(**more):
        return fingerprint(company.snapshot(company.account("1", "alee", **({"title": "Clerk"} | more)), company.account("2", "blee")), WHERE)
    assert of() == of(title="Boss") and len({of(), of(mail="a@x"), of(mark="hris.ad source=icehrm state=active"), of(proxyAddresses=["smtp:b@x"])}) == 4
    both = [company.account("1", "alee"), company.account("2", "blee")]
    assert fingerprint(company.snapshot(*both), WHERE) == fingerprint(company.snapshot(*reversed(both)), WHERE)
    swapped = [company.account("1", "blee"), company.account("2", "alee")]
    assert fingerprint(company.snapshot(*both), WHERE) != fingerprint(company.snapshot(*swapped), WHERE)


def test_over_time(company, ledger):
    def see(day, *accounts):
        note_present(ledger, present_names(company.snapshot(*accounts, groups=[]), WHERE, ledger.hashes), day)
    ann = company.account("1", "alee")
    see("2026-03-01", ann)
    see("2026-03-02")
    assert known(ledger, SAM, "alee").day == "2026-03-02"
    see("2026-03-09")
    assert known(ledger, SAM, "alee").day == "2026-03-02", "the last day stays"
    see("2026-03-10", ann)  # restored by hand
    assert known(ledger, SAM, "alee").day == ""
    by_hand = company.account("9", "alee")
    by_hand.guid = "other"
    see("2026-03-11", by_hand)
    assert person(ledger, "9") <= known(ledger, SAM, "alee").owners and not person(ledger, "1") <= known(ledger, SAM, "alee").owners
    put(ledger, SAM, "never", day="2026-03-11", reserved=True)
    see("2026-03-11", by_hand)
    assert known(ledger, SAM, "never"), "the account may still come, as from another domain controller"
    see("2026-03-12", by_hand)
    assert known(ledger, SAM, "never") is None


def test_the_life_of_a_name(company, ledger):
    """Created, deleted, a namesake, a return: as runs see it, one after another."""
    ann, other = company.employee("1"), company.employee("2")
    empty = company.snapshot(groups=[company.group("All Staff"), company.group("Finance", 2001), company.group("Domain Admins", 512)])
    plan, ledger = made(company, ledger, [ann], empty, **ONE)
    assert given(plan) == {"1": ("alee", "alee@example.com")} and known(ledger, SAM, "alee").is_reserved
    there = apply_simulated(empty, plan.changes)
    gone = [ann | {"end": "2026-03-05"}]
    leaver = {"leaver": {"delete_after_days": 0}}
    plan, ledger = made(company, ledger, gone, there, "2026-03-06", **ONE, **leaver)
    there = apply_simulated(there, plan.changes)
    plan, ledger = made(company, ledger, gone, there, "2026-03-07", **ONE, **leaver)
    assert [one.action for one in plan.changes] == ["delete"] and known(ledger, SAM, "alee").day == "2026-03-07"
    there = apply_simulated(there, plan.changes)
    plan, _ledger = made(company, ledger, [other], there, "2026-03-08", **ONE)
    assert given(plan) == {"2": ("alee2", "alee2@example.com")}
    (finding,) = plan.findings
    assert (finding.kind, finding.severity, finding.key) == ("former_name", "info", "2") and "until 2026-03-07" in finding.message
    plan, ledger = made(company, ledger, [ann, other], there, "2026-03-08", **ONE)
    assert given(plan) == {"1": ("alee", "alee@example.com"), "2": ("alee2", "alee2@example.com")}
    plan, _ledger = made(company, ledger, [other], empty, "2026-06-08", reuse_after=30, **ONE)
    assert given(plan) == {"2": ("alee2", "alee2@example.com")}, "the own one, although the first is free again"


def test_a_numbered_name_comes_back(company, ledger):
    put(ledger, SAM, "alee", key="1", day="2026-02-01")
    put(ledger, SAM, "alee7", key="7", day="2026-02-01")
    put(ledger, MAIL, "ann.lee4@example.com", key="7", day="2026-02-01")
    plan, _ledger = made(company, ledger, [company.employee("7")], company.snapshot(), naming={
        "candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}"],
        "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(givenName)}.{lower(sn)}@example.com", "cn": "{displayName}"}})
    assert given(plan) == {"7": ("alee7", "ann.lee4@example.com")}


def test_the_account_in_the_recycle_bin_is_the_own_one(company, ledger):
    snapshot = company.snapshot()
    snapshot.deleted.append(NamedObject("CN=a\\0ADEL:g,CN=Deleted Objects,DC=x", {"sAMAccountName": ["alee"]}))
    assert given(made(company, ledger, [company.employee("1")], snapshot, **ONE)[0])["1"][0] == "alee2"
    put(ledger, SAM, "alee", key="1")
    assert given(made(company, ledger, [company.employee("1")], snapshot, **ONE)[0])["1"][0] == "alee"


def test_names_are_not_handed_on(company, ledger):
    """Two people whom HR gives each other's address."""
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}", "mail": "mail"}
    naming = {"candidates": ["{ascii(givenName)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}
    ann, bob = company.employee("1", mail="b@example.com"), company.employee("2", "Bob", mail="a@example.com")
    snapshot = company.snapshot(company.account("1", "ann", "Ann Lee", mail="a@example.com", givenName="Ann", sn="Lee", displayName="Ann Lee"),
                                company.account("2", "bob", "Bob Lee", mail="b@example.com", givenName="Bob", sn="Lee", displayName="Bob Lee"))
    rules = {"mapping": mapping, "naming": naming, "unique": ["mail"], "groups": []}
    assert company.plan([ann, bob], snapshot, **rules).counts == {"update": 2}
    plan, _ledger = made(company, ledger, [ann, bob], snapshot, **rules)
    assert plan.counts == {} and [one.kind for one in plan.findings] == ["value_taken"] * 2
    put(ledger, MAIL, "old@example.com", key="9", day="2026-01-01")
    plan, _ledger = made(company, ledger, [ann | {"mail": "OLD@example.com"}], snapshot, **rules)
    assert [(one.kind, "was given to somebody until 2026-01-01" in one.message) for one in plan.findings if one.key == "1"] == [("value_taken", True)]


def test_the_other_keys_of_a_person_count(company, ledger):
    put(ledger, SAM, "alee", key="old", day="2026-02-01")
    same = {"identity": {"same": {"tax": "tax"}}}
    records = [company.employee("new", tax="T1"), company.employee("old", tax="T1", start="2019-01-01", end="2025-12-31")]
    plan, _ledger = made(company, ledger, records, company.snapshot(), **ONE, **same)
    assert given(plan)["new"][0] == "alee" and plan.other_keys == {"elmo:new": [["elmo", "old"]]}
    plan.other_keys = {}
    refused = refused_names(plan, plan.changes, former(ledger))
    assert list(refused.values()) == ["the name 'alee' was given to somebody until 2026-02-01"]


def test_without_names_nothing_is_asked(company, ledger, monkeypatch):
    asked = []
    names = FormerNames(date.fromisoformat(TODAY), DOMAIN, lambda: asked.append(1) or ledger)
    there = apply_simulated(company.snapshot(), company.plan([company.employee("1")], company.snapshot(), **ONE).changes)
    as_of = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
    plan = planning.make_plan([people_of([company.employee("1")], company.rules(**ONE), as_of)], there, as_of, former=names).plan
    assert plan.changes == [] and asked == [], "the ledger is not even taken apart"


def test_what_a_change_reserves(company, ledger):
    plan = company.plan([company.employee("1")], company.snapshot(), **ONE)
    renamed = Change("update", "elmo", "1", "g", "CN=A,DC=x", "r", {"mail": ValueChange(["a@x"], ["b@x"]), "proxyAddresses": ValueChange([], ["SMTP:b@x", "smtp:a@x"])})
    note_names(ledger, plan, [renamed], TODAY)
    assert known(ledger, MAIL, "b@x").is_reserved and known(ledger, MAIL, "a@x") is None, "the former address stays as an alias"
    put(ledger, MAIL, "b@x", day="2026-01-01")
    note_names(ledger, plan, [renamed], TODAY)
    forget_reserved(ledger, plan, [renamed])
    assert known(ledger, MAIL, "b@x") and not known(ledger, MAIL, "b@x").is_reserved, "it was given before, so it is not forgotten"
    fresh = Change("update", "elmo", "1", "g", "CN=A,DC=x", "r", {"mail": ValueChange([], ["c@x"])})
    note_names(ledger, plan, [fresh], TODAY)
    forget_reserved(ledger, plan, [fresh])
    assert known(ledger, MAIL, "c@x") is None
    deleted = Change("delete", "elmo", "1", "g", "CN=A,DC=x", "r", {"mail": ValueChange(["b@x"], [])})
    note_names(ledger, plan, [deleted], TODAY)
    assert known(ledger, MAIL, "b@x").day == TODAY


def test_a_forecast_remembers_the_deleted(company, ledger):
    ann = company.employee("1", end="2026-03-03")
    there = apply_simulated(company.snapshot(), company.plan([company.employee("1")], company.snapshot(), **ONE).changes)
    note_present(ledger, present_names(there, WHERE, ledger.hashes), TODAY)
    feeds = [Feed(company.rules(**ONE, leaver={"delete_after_days": 1}), [ann, company.employee("2", start="2026-03-10")])]
    start = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
    days = {one.day: one for one in forecast(feeds, there, start, 10, former=former(ledger))}
    assert "delete" in days["2026-03-05"].counts and "CN=Ann Lee," in days["2026-03-10"].changes[0].dn
    assert [one.kind for one in days["2026-03-10"].findings] == ["former_name"]
    plain = {one.day: one for one in forecast(feeds, there, start, 10)}
    assert plain["2026-03-10"].findings == []


def test_addresses_are_unique_whatever_the_rules_say(company, ledger):
    put(ledger, MAIL, "old@example.com", key="9", day="2026-01-01")
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}", "mail": "mail"}
    naming = {"candidates": ["{ascii(givenName)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}
    new = company.employee("1", mail="old@example.com")
    plan, _ledger = made(company, ledger, [new], company.snapshot(), mapping=mapping, naming=naming, unique=[], groups=[])
    assert [one.kind for one in plan.findings] == ["value_taken"] and "mail" not in plan.changes[0].attributes


@pytest.mark.parametrize(("redact", "shown"), [([], "sAMAccountName 'alee'"), (["sAMAccountName"], "sAMAccountName (hidden)")])
def test_a_hidden_name_is_not_told(company, ledger, redact, shown):
    put(ledger, SAM, "alee", key="9", day="2026-01-01")
    plan, _ledger = made(company, ledger, [company.employee("1")], company.snapshot(), redact=redact, **ONE)
    (finding,) = plan.findings
    assert finding.message.startswith(f"{shown} was given to somebody until 2026-01-01")
