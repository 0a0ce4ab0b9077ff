# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explanations: where a value comes from, and why it is or is not written."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import plain
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.explain import (
    explain,
    find_person,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.explanation_text import (
    explanation_to_json,
    lines_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

MAPPING = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}",
           "title": {"from": "title", "table": {"Clerk": "Office Clerk"}}, "mail": {"from": "mail", "apply": "on_create"},
           "department": {"from": "department", "apply": "report"}, "manager": {"employee": "manager", "field": "id"},
           "description": {"from": "note", "empty": "clear"}, "company": {"constant": "Example"}}


@pytest.fixture
def explained(company):
    def run(employee, *accounts, others=(), **options):
        naming = {"candidates": ["{ascii(givenName)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}
        rules = company.rules(**({"mapping": MAPPING, "naming": naming} | options))
        snapshot = company.snapshot(*accounts)
        snapshot.schema["company"] = AttributeDefinition("company", "text", True, 1, 64, True, None)
        source = people_of([employee | {"note": None, "mail": "a@x"}, *(other | {"note": None, "mail": "b@x"} for other in others)], rules,
                                     company.as_of)
        plan, decided, _waiting = make_plan([source], snapshot, company.as_of)
        person = find_person(source.people, employee["number"])
        found = explain(person, next((account for one, account, _decision in decided if one is person), None), plan, rules, snapshot)
        json.dumps(explanation_to_json(found))
        assert lines_of(found)
        return found
    return run


def why(found):
    return {entry.attribute: entry.why for entry in found.attributes}


def test_each_attribute_with_its_rule_and_reason(company, explained):
    account = company.account("1", "ann", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Boss", department="IT", company="Example",
                              description="old")
    found = explained(company.employee("1", manager="id-2"), account, others=[company.employee("2", "Bo", "Ek")])
    assert (found.person.state, found.account.dn, found.person.start) == ("active", account.dn, "2020-01-01")
    title = next(entry for entry in found.attributes if entry.attribute == "title")
    assert plain(title) == {"attribute": "title", "rule": "mapping.title", "source": "title", "now": ["Boss"], "wanted": ["Office Clerk"], "why": "written with update"}
    reasons = why(found)
    assert reasons["givenName"] == "nothing to write: the account has it" and reasons["company"].startswith("nothing to write")
    assert "only when an account is created" in reasons["mail"] and "only reported" in reasons["department"] and reasons["description"] == "written with update"
    assert reasons["manager"] == "written with update"
    assert {entry.attribute: entry.why for entry in found.names}["sAMAccountName"] == "kept: names are given once"
    assert [(entry.group, entry.holds, entry.member) for entry in found.groups] == [("All Staff", True, False), ("Finance", False, False)]
    assert {change.action for change in found.changes} == {"update", "group_add"}


@pytest.mark.parametrize(("note", "found"), [(["hris.ad found=2001"], True), (["hris.ad given=2001"], False), ([], False)])
def test_a_group_that_no_rule_takes(company, explained, note, found):
    account = company.account("1", "ann", "Ann Lee", groups=["CN=Finance,OU=Groups,DC=corp,DC=example"], extensionName=note)
    seen = explained(company.employee("1"), account)
    assert [(entry.group, entry.holds, entry.member, entry.found) for entry in seen.groups] == [("All Staff", True, False, False), ("Finance", False, True, found)]
    assert any("no rule takes it" in line for line in lines_of(seen)) is found
    assert ("group_remove" in {change.action for change in seen.changes}) is not found


def test_a_value_that_cannot_be_had(company, explained):
    found = explained(company.employee("1", title="Wizard"), company.account("1", "ann", "Ann Lee"))
    assert "the table has no entry for 'Wizard'" in why(found)["title"]
    assert [finding.kind for finding in found.findings][:1] == ["unmapped"]


def test_a_joiner_and_somebody_who_is_not_due(company, explained):
    joiner = explained(company.employee("1"))
    assert joiner.account is None and why(joiner)["title"] == "written with create" and joiner.changes[0].action == "create"
    later = explained(company.employee("1", start="2027-01-01"))
    assert later.person.state == "not_due" and why(later)["title"] == "not written: no account is created" and later.changes == []
    assert lines_of(later)[-1] == "nothing is written"


def test_personal_values_are_hidden(company, explained):
    account = company.account("1", "ann", "Ann Lee", title="Secret Boss")
    found = explained(company.employee("1"), account, redact=["title"])
    text = json.dumps({name: value for name, value in explanation_to_json(found).items() if name != "employee"}) + " ".join(lines_of(found))
    assert "Secret Boss" not in text and "Office Clerk" not in text


def test_somebody_who_is_locked_out(company, explained):
    account = company.account("1", "ann", "Ann Lee", enabled=False, title="Boss", givenName="Ann", sn="Lee", displayName="Ann Lee",
                              mark="hris.ad source=elmo state=active locked_out=2026-02-27T10:15:00Z by=grace reason=Dismissed+today")
    found = explained(company.employee("1"), account)
    assert (found.account.mark.by, found.account.mark.reason) == ("grace", "Dismissed today")
    assert why(found)["title"] == "not written: see the findings" and found.changes == []
    text = "\n".join(lines_of(found))
    assert "locked out by grace since 2026-02-27T10:15:00Z: Dismissed today" in text and text.endswith("nothing is written")
