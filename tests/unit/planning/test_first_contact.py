# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A domain that has accounts: whose is whose, who has none, what is nobody's, and what may be whose."""
from __future__ import annotations

import time
from dataclasses import replace

import pytest
import yaml
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.first_contact import (
    first_contact,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.contact_page import (
    contact_markdown,
    contact_page,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.contact_view import (
    contact_sheet,
    contact_view,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.links_file import links_file
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import (
    Feed,
    people_of_sources,
)

MAPPING = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "telephoneNumber": "phone"}
WEIGHTS = [
    {"name": "name", "all": ["givenName", "sn"], "any": ["displayName"], "weight": 40},
    {"name": "mail", "any": ["mail", "proxyAddresses"], "value": "mail", "compare": "address", "weight": 50},
    {"name": "birth date", "any": ["info"], "value": "born", "weight": 30, "against": 60},
    {"name": "number", "any": ["employeeNumber"], "value": "number", "compare": "number", "weight": 60},
]


def person(company, number="1", first="Ann", last="Lee", **more):
    return company.employee(number, first, last, **({"phone": None, "mail": None, "born": None} | more))


def old(company, sam="alee", **attributes):
    """An account from before: no key, no mark."""
    return company.account(None, sam, sam, mark=None, **attributes)


def contact(company, people, accounts, least=30, sources=("elmo",), **rules):
    rules = {"mapping": MAPPING, "correlation": {"proposals": WEIGHTS}, "optional_fields": ["phone", "mail", "born"]} | rules
    feeds = [Feed(company.rules(source=name, **rules), people[number::len(sources)]) for number, name in enumerate(sources)]
    return first_contact(people_of_sources(feeds, company.as_of), company.snapshot(*accounts), company.as_of, least)


def lines(found, *kinds):
    return [line for line in found.lines if line.kind in kinds]


@pytest.mark.parametrize(("of_person", "of_account", "confidence", "agree"), [
    ({}, {"givenName": "ANN", "sn": "Lée"}, 40, ("name",)),
    ({}, {"displayName": "Lee, Ann"}, 40, ("name",)),
    ({}, {"displayName": "Lee, Anna"}, None, ()),
    ({}, {"givenName": "Ann"}, None, ()),
    ({"mail": "Ann@Corp.example"}, {"proxyAddresses": ["smtp:x@y", "SMTP:ann@corp.example"], "displayName": "A"}, 50, ("mail",)),
    ({"mail": "ann@corp.example"}, {"mail": "ann@corp.example", "displayName": "Ann Lee"}, 90, ("name", "mail")),
    ({"born": "1990-02-03"}, {"displayName": "Ann Lee", "info": "1990-02-03"}, 70, ("name", "birth date")),
    ({"born": "1990-02-03"}, {"displayName": "Ann Lee", "info": "1991-02-03"}, None, ()),
    ({"born": None}, {"displayName": "Ann Lee", "info": "1991-02-03"}, 40, ("name",)),
    ({"number": "E-007"}, {"employeeNumber": "E7"}, 60, ("number",)),
    ({"number": "007", "mail": "a@x", "born": "1"}, {"employeeNumber": "7", "mail": "a@x", "info": "1"}, 100, ("mail", "birth date", "number")),
])
def test_confidence(company, of_person, of_account, confidence, agree):
    found = contact(company, [person(company, **of_person)], [old(company, **of_account)])
    (line,) = lines(found, "no_account")
    assert [(one.confidence, one.agree) for one in line.proposals] == ([(confidence, agree)] if confidence else [])
    assert line.is_clear is bool(confidence) and len(lines(found, "unowned")) == 1
    assert found.counts.get("proposals", 0) == int(bool(confidence))


@pytest.mark.parametrize(("of_person", "of_account", "confidence"), [
    ({}, {"givenName": "Ann", "sn": "Lee"}, 40), ({"phone": "0400 123 456"}, {"telephoneNumber": "+61 400 123 456", "displayName": "Lee Ann"}, 60),
    ({"number": "0012"}, {"employeeNumber": "12"}, 60), ({"phone": "123"}, {"telephoneNumber": "123"}, None),
])
def test_the_default_rules(company, of_person, of_account, confidence):
    found = contact(company, [person(company, **of_person)], [old(company, **of_account)], correlation={})
    (line,) = lines(found, "no_account")
    assert [one.confidence for one in line.proposals] == ([confidence] if confidence else [])


@pytest.mark.parametrize(("rules", "words"), [
    ({"name": "x", "weight": 1}, "names no attribute"), ({"name": "x", "any": ["mail"], "weight": 101, "value": "mail"}, "101 is not between"),
    ({"name": "x", "any": ["mail"], "weight": 1}, "the mapping gives no value for mail"),
    ({"name": "x", "any": ["mail"], "weight": 1, "value": "mail", "against": -1}, "-1 is not between"),
    ({"name": "x", "any": ["mayl"], "weight": 1, "value": "mail"}, "no attribute 'mayl'"),
])
def test_rules_that_are_refused(company, rules, words):
    with pytest.raises(HrisError, match=words) as caught:
        contact(company, [person(company)], [old(company)], correlation={"proposals": [rules]})
    assert "correlation.proposals[0]" in str(caught.value)


def test_two_people_and_two_accounts_are_never_clear(company):
    people = [person(company, "1"), person(company, "2")]
    found = contact(company, people, [old(company, displayName="Ann Lee"), old(company, "b", displayName="Lee Ann")])
    assert [(len(line.proposals), line.is_clear) for line in lines(found, "no_account")] == [(2, False), (2, False)]


def test_a_better_one_is_clear(company):
    people = [person(company, "1", mail="a@x"), person(company, "2")]
    found = contact(company, people, [old(company, displayName="Ann Lee", mail="a@x")])
    assert [(line.key, line.is_clear) for line in lines(found, "no_account")] == [("1", True), ("2", False)]


def test_how_accounts_were_found(company):
    accounts = [company.account("1", "a"), company.account("x", "b", mark="hris.ad source=elmo state=active key=2"),
                old(company, "c"), company.account(None, "d", mail="d@x", mark=None), company.account("5", "e", mark=None)]
    people = [person(company, key, mail="d@x" if key == "4" else None) for key in "12345"]
    found = contact(company, people, accounts, exceptions=[{"key": "3", "action": "link", "account": "c", "reason": "looked"}],
                    ownership={"adopt_when": "employee.number != '5'"},
                    correlation={"fallbacks": [{"attribute": "mail", "value": "mail"}], "proposals": []})
    how = {line.key: (line.kind, line.how) for line in found.lines if line.key}
    assert how == {"1": ("matched", "by_key"), "2": ("matched", "by_mark"), "3": ("matched", "by_link"), "4": ("matched", "by_fallback"),
                   "5": ("not_adopted_yet", "by_key")}
    assert found.counts == {"matched": 4, "not_adopted_yet": 1, "by_key": 2, "by_mark": 1, "by_link": 1, "by_fallback": 1}
    messages = {line.key: line.message for line in found.lines}
    assert "it has a mark" in messages["1"] and "a run adopts it" in messages["3"] and "the same mail" in messages["4"] and "adopt_when" in messages["5"]


def test_double_ones(company):
    twice = [company.account("1", "a"), company.account("1", "b")]
    shared = old(company, "c")
    links = [{"key": key, "action": "link", "account": "c", "reason": "?"} for key in ("2", "3")]
    found = contact(company, [person(company, key) for key in "123"], [*twice, shared], exceptions=links)
    assert [(line.key, line.account.dn[:4]) for line in lines(found, "duplicate_account")] == [("1", "CN=a"), ("1", "CN=b")]
    assert [line.key for line in lines(found, "duplicate_person")] == ["2", "3"] and lines(found, "unowned") == []


def test_a_second_account_of_somebody_who_has_one(company):
    accounts = [company.account("1", "alee", givenName="Ann", sn="Lee"), old(company, "adm", displayName="Ann Lee")]
    (line,) = lines(contact(company, [person(company)], accounts), "second_account", "unowned")
    assert (line.kind, line.key, line.severity) == ("second_account", "1", "warning") and "second account" in line.message


@pytest.mark.parametrize(("enabled", "kinds"), [(True, [("no_account", "error")]), (False, [("no_account", "warning")])])
def test_a_leaver_whose_account_was_not_found(company, enabled, kinds):
    found = contact(company, [person(company, end="2026-01-01")], [old(company, displayName="Ann Lee", enabled=enabled)])
    assert [(line.kind, line.severity) for line in found.lines if line.key] == kinds
    assert ("can still log on" in found.lines[0].message) is enabled


def test_a_leaver_who_is_not_adopted_is_an_error(company):
    found = contact(company, [person(company, end="2026-01-01")], [company.account("1", "a", mark=None)], ownership={"adopt": False})
    assert {(line.kind, line.severity) for line in found.lines} == {("not_adopted", "warning"), ("has_left", "error")}
    found = contact(company, [person(company, end="2026-01-01")], [company.account("1", "a", mark=None)])
    assert [(line.kind, line.severity) for line in found.lines] == [("matched", "warning")] and "a run disables it" in found.lines[0].message


def test_accounts_that_are_never_changed_are_not_proposed(company):
    admin = replace(old(company, displayName="Ann Lee"), admin_count=True)
    found = contact(company, [person(company)], [admin])
    assert found.counts == {"no_account": 1, "unowned": 1} and "never changed" in lines(found, "unowned")[0].message


def test_people_who_are_not_served_and_records_that_cannot_be_used(company):
    people = [person(company, "1", served=False), person(company, None), person(company, "3", first="Bo", start="never", served=True)]
    found = contact(company, people, [old(company, displayName="Ann Lee")], scope={"when": "served"})
    assert found.counts == {"missing_key": 1, "held": 1, "unowned": 1}


def test_two_sources(company):
    """An account of nobody is told of once, and is clear for nobody when both sources have somebody like it."""
    rules = {"ownership": {"bases": [company.staff]}}
    found = contact(company, [person(company), person(company, "2")], [old(company, displayName="Ann Lee")], sources=("elmo", "ice"), **rules)
    assert [(line.source, line.is_clear) for line in lines(found, "no_account") if line.proposals] == [("elmo", False), ("ice", False)]
    assert found.counts["unowned"] == 1


def test_the_report_in_each_format(company):
    people = [person(company, "1", mail="a@x"), person(company, "2", first="<b>Bo</b>", last="=1+1"), person(company, "3")]
    found = contact(company, people, [old(company, displayName="Ann Lee", mail="a@x"), company.account("2", "bo")])
    view = contact_view(found, [])
    assert view.totals == found.counts and view.verdict.text.startswith("1 employee has an account, 2 have none")
    page, text, sheet = contact_page(view), contact_markdown(view, 100), contact_sheet(view)
    assert "<b>Bo" not in page and "People and accounts" in page
    assert text.count("<b>Bo") == text.count("`2 (<b>Bo</b> =1+1)`") == 1  # as code, which is no markup
    rows = [row.split(",") for row in sheet.splitlines()]
    assert len(rows) == 5 and rows[0][0].endswith("severity") and "90" in sheet and "\n=1+1" not in sheet
    hidden = contact_view(found, ["displayName", "sAMAccountName"])
    for made in (contact_page(hidden), contact_markdown(hidden, 100), contact_sheet(hidden)):
        assert "Ann Lee" not in made and "alee" not in made


def test_the_file_of_proposals(company):
    links = [{"key": "9", "action": "exclude", "reason": "a {{ lookup('pipe', 'id') }} \u2028 \U0001f600"}]
    people = [person(company, "1", mail="a@x"), person(company, "2", first="Bo\n  - key: 1", last="Ek"), person(company, "{{ 7 }}", first="Cy", last="Zed", mail="c@x")]
    accounts = [old(company, displayName="Ann Lee", mail="a@x"), old(company, "bo", givenName="Bo\n  - key: 1", sn="Ek"),
                old(company, "cy", givenName="Cy", sn="Zed", mail="c@x")]
    found = contact(company, people, accounts, exceptions=links)
    text = links_file(found, "elmo", company.rules(exceptions=links).exceptions, 80)
    assert '!unsafe "{{ 7 }}"' in text and '!unsafe "a {{' in text
    read = yaml.safe_load(text.replace("!unsafe ", ""))["exceptions"]
    assert read == [links[0], {"key": "1", "action": "link", "account": "guid-alee", "reason": "First contact: the same name and mail (90)"},
                    {"key": "{{ 7 }}", "action": "link", "account": "guid-cy", "reason": "First contact: the same name and mail (90)"}]
    uncommented = yaml.safe_load("\n".join(line.replace("# ", "", 1) if line.startswith("  # ") and ":" in line and '"' in line else line
                                           for line in text.replace("!unsafe ", "").splitlines()))["exceptions"]
    assert [one["key"] for one in uncommented] == ["9", "1", "2", "{{ 7 }}"] and company.rules(exceptions=uncommented)
    assert yaml.safe_load(links_file(found, "other", [], 80))["exceptions"] is None


def test_it_is_quick(company):
    """No person is compared with every account: five thousand of each, all of them with the number of the switchboard."""
    people = [person(company, str(number), f"First{number}", f"Last{number}", phone="02 5555 5555") for number in range(5_000)]
    accounts = [old(company, f"u{number}", givenName=f"First{number}", sn=f"Last{number}", telephoneNumber="02 5555 5555") for number in range(5_000)]
    before = time.process_time()
    found = contact(company, people, accounts, correlation={})
    assert found.counts["proposals"] == 5_000 and all(line.is_clear and line.proposals[0].confidence == 60 for line in lines(found, "no_account"))
    assert time.process_time() - before < 10
