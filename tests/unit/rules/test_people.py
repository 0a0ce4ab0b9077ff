# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Employees seen through the rules: keys, states, references, and records that stop one person only."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.people import precedence
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.desired_state import desired_state
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of


def test_a_person(company):
    (person,), findings = company.people(company.employee("1", department="Finance"))
    assert findings == []
    assert person.key == "1" and person.state == "active" and person.start == "2020-01-01"


def test_what_is_wanted(company):
    wanted, findings = company.wanted(company.employee("1", department="Finance"))
    assert wanted.attributes == {"employeeID": ["1"], "givenName": ["Ann"], "sn": ["Lee"], "displayName": ["Ann Lee"], "title": ["Clerk"]}
    assert (wanted.ou, wanted.groups, findings) == (company.staff, ("All Staff", "Finance"), [])


def test_what_the_account_holds_already_is_not_wanted(company):
    rules = company.rules()
    (person,), _findings = company.people(company.employee("1", department="Finance"))
    held = {"employeeID": ["1"], "givenName": ["Ann", "Anne"], "sn": ["lee"], "displayName": ["Ann Lee"]}
    assert desired_state(person, rules, held)[0].attributes == {"givenName": ["Ann"], "sn": ["Lee"], "title": ["Clerk"]}


def test_precedence_is_by_start_and_key(company):
    people, _findings = company.people(company.employee("2"), company.employee("3", start="2019-01-01"), company.employee("1"))
    assert [person.key for person in people] == ["2", "3", "1"], "as the feed has them"
    assert [person.key for person in sorted(people, key=precedence)] == ["3", "1", "2"]


def test_without_key(company):
    people, findings = company.people(company.employee("1"), company.employee(None, id="x-9"))
    assert [person.key for person in people] == ["1"]
    assert [(entry.kind, entry.place) for entry in findings] == [("missing_key", "mapping.employeeID")]
    assert "the record with id 'x-9' has no value for 'number' that can be a key" in findings[0].message


def test_keys_differ_in_more_than_case(company):
    people, findings = company.people(company.employee("a1"), company.employee("A1", title="Head", start="2019-01-01"), company.employee("2"))
    assert [(person.key, person.state) for person in people] == [("A1", "active"), ("2", "active")] and findings == []


def test_one_bad_record_holds_one_person(company):
    people, findings = company.people(company.employee("1", start="soon"), company.employee("2"))
    assert {person.key: person.state for person in people} == {"1": "held", "2": "active"}
    assert findings[0].kind == "held" and findings[0].key == "1" and "'soon' is not a date" in findings[0].message


@pytest.mark.parametrize(("manager", "reference", "message"), [
    ("id-2", ("elmo", "2"), None),
    (None, "untouched", None),
    ("id-9", "untouched", "no employee has id 'id-9'"),
    ("id-1", "untouched", "himself or herself"),
])
def test_manager(company, manager, reference, message):
    people, findings = company.people(company.employee("1", manager=manager), company.employee("2"))
    person = next(person for person in people if person.key == "1")
    assert person.references.get("manager", "untouched") == reference
    assert [entry.key for entry in findings] == (["1"] if message else [])
    assert message is None or message in findings[0].message


def test_a_leaver_wants_nothing(company):
    employee = company.employee("1", end="2026-02-01")
    (person,), _findings = company.people(employee)
    wanted, _findings = company.wanted(employee)
    assert (person.state, wanted.attributes, wanted.groups, person.end) == ("leaver", {}, (), "2026-02-01")


def test_value_that_a_table_does_not_know_leaves_the_attribute(company):
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "first", "title": {"from": "title", "table": {"x": "y"}}}
    wanted, findings = company.wanted(company.employee("1"), mapping=mapping)
    assert "title" not in wanted.attributes and "sn" in wanted.attributes
    assert [(entry.kind, entry.severity, entry.place) for entry in findings] == [("unmapped", "warning", "mapping.title")]


def test_unknown_field_is_an_error_with_a_suggestion(company):
    with pytest.raises(HrisError, match=r"dates\.end: no employee has the field 'edn'\. Did you mean 'end'"):
        company.people(company.employee("1"), dates={"start": "start", "end": "edn"})


def test_unknown_field_below_an_object(company):
    employee = company.employee("1", manager={"id": 7})
    with pytest.raises(HrisError, match=r"mapping\.manager\.employee: no employee has the field 'manager\.idd'"):
        company.people(employee, mapping={"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "first",
                                          "manager": {"employee": "manager.idd", "field": "id"}})


def test_optional_fields_may_be_missing_everywhere(company):
    people, _findings = company.people(company.employee("1"), dates={"start": "start", "end": "custom.end"}, optional_fields=["custom"])
    assert people[0].state == "active"


def test_ou_with_a_value_is_escaped(company):
    placement = [{"ou": "OU={department},DC=corp,DC=example"}]
    wanted, _findings = company.wanted(company.employee("1", department="R+D, East"), placement=placement)
    assert wanted.ou == "OU=R\\+D\\, East,DC=corp,DC=example"


def test_no_placement_rule_holds(company):
    plan = company.plan([company.employee("1")], company.snapshot(), placement=[{"ou": company.staff, "when": "department == 'Finance'"}])
    assert plan.people == {"held": 1} and "no placement rule holds" in plan.findings[0].message


@pytest.mark.parametrize(("record", "words"), [
    ({"id": 7, "employeeNumber": "E1"}, "the record with id 7 has"), ({"userId": "u-7", "email": "a@x"}, "the record with userId 'u-7' has"),
    ({"id": None, "Personnel No": "0815"}, "the record with Personnel No '0815' has"), ({"email": "a@x", "id": {"x": 1}}, "the record with email 'a@x' has"),
    ({"first": "Ann", "grid": "x"}, "record 2 of the feed (fields 'first', 'grid') has"), ({}, "record 2 of the feed (fields ) has"),
    ({"employee_id": "x" * 10_000}, "the record with employee_id 'xxx")])
def test_a_record_without_a_key_is_told_by_what_people_know(company, record, words):
    """A feed has often an order of its own, in a file that nobody sees."""
    found = people_of([company.employee("1"), record], company.rules(), company.as_of).findings
    (missing,) = [finding for finding in found if finding.kind == "missing_key"]
    assert missing.message.startswith(words) and len(missing.message) < 400
