"""What a feed holds and what the rules make of it, without a directory: every field that is not there, else the people."""
from __future__ import annotations

import copy
import json

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import feed_info
from ansible_collections.hris.ad.plugins.modules.feed_info import ARGUMENT_SPEC

EMPLOYEES = [{"id": 1, "no": "E1", "first": "Ann", "last": "Lee", "start": "2020-01-01", "unit": {"name": "Sales"}},
             {"id": 2, "no": "E2", "first": "Bo", "last": None, "start": "2030-01-01", "unit": None},
             {"id": 3, "no": None, "first": "Cy", "last": "Ng", "start": "2020-01-01", "unit": {"name": "IT"}}]
RULES = {
    "mapping": {"employeeID": "no", "givenName": "first", "department": "unit.name"},
    "naming": {"candidates": ["{ascii(givenName)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{name}"}},
    "placement": [{"ou": "OU=Staff,DC=corp,DC=example"}],
    "dates": {"start": "start"},
    "as_of": "2026-03-02",
}


def looked(employees=EMPLOYEES, **given) -> dict:
    checked = ArgumentSpecValidator(copy.deepcopy(ARGUMENT_SPEC)).validate({"employees": employees, **copy.deepcopy(given)})
    assert not checked.error_messages, checked.error_messages
    return feed_info.run(checked.validated_parameters, False, pytest.fail)


def test_without_rules():
    found = looked()
    assert (found["changed"], found["records"], found["problems"], found["people"]) == (False, 3, [], {})
    assert [line["path"] for line in found["fields"]] == ["id", "no", "first", "last", "start", "unit.name"]
    assert found["report"][-1] == "No mapping is configured yet."


def test_rules_that_fit():
    found = looked(**RULES)
    assert (found["problems"], found["people"], found["findings_total"]) == ([], {"active": 1, "not_due": 1}, 1)
    assert found["findings"][0]["kind"] == "missing_key"
    assert "Every field that the rules read exists. The people: 1 active, 1 not_due." in found["report"]


def test_samples_show_only_a_form_unless_asked_for():
    employees = [{**one, "iban": "GB29 NWBK 6016 1331 9268 19", "tax": 123456782, "name": "हिन्दी"} for one in EMPLOYEES]
    samples = {line["path"]: line["sample"] for line in looked(employees)["fields"]}
    assert (samples["iban"], samples["tax"], samples["name"]) == ("xx99 xxxx 9999 9999 9999 99", "999999999", "xxxxxx")
    assert {line["path"]: line["sample"] for line in looked(employees, redact_samples=False)["fields"]}["tax"] == "123456782"


def test_fields_that_no_rule_reads():
    employees = [{**one, "iban": "GB29", "tax": {"number": 7}} for one in EMPLOYEES]
    found = looked(employees, **RULES)
    assert found["fields_unread"] == ["id", "last", "iban", "tax"]
    assert any(line.startswith("No rule reads these fields.") and line.endswith("): id, last, iban, tax") for line in found["report"])
    mapping = {**RULES["mapping"], "manager": {"employee": "boss", "field": "id"}}
    assert looked([{**one, "boss": None} for one in employees], **RULES | {"mapping": mapping})["fields_unread"] == ["last", "iban", "tax"]
    assert looked(employees, **RULES | {"mapping": {**RULES["mapping"], "info": "to_string(@)"}})["fields_unread"] == []


def test_every_field_that_is_not_there():
    rules = {**RULES, "mapping": {**RULES["mapping"], "sn": "{lst} {fist}", "department": "unit.title"}, "required": ["badge"], "optional_fields": ["badge"]}
    problems = looked(**rules)["problems"]
    assert [(problem["place"], problem["message"]) for problem in problems] == [
        ("mapping.department", "no employee has the field 'unit.title'"),
        ("mapping.sn", "no employee has the field 'fist'"),
        ("mapping.sn", "no employee has the field 'lst'"),
    ]
    assert problems[1]["hint"].startswith("Did you mean 'first'? ")


@pytest.mark.parametrize(("change", "place"), [
    ({"mapping": {"givenName": "first"}}, "correlation.key"),
    ({"mapping": {"employeeID": "no["}}, "mapping.employeeID"),
    ({"as_of": "yesterday"}, "as_of"),
])
def test_rules_that_are_wrong_themselves(change, place):
    found = looked(**{**RULES, **change})
    assert [problem["place"] for problem in found["problems"]] == [place]
    assert len(found["fields"]) == 6


def test_a_file(tmp_path):
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps(employee) + "\n" for employee in EMPLOYEES), encoding="utf-8")
    found = feed_info.run({**ArgumentSpecValidator(ARGUMENT_SPEC).validate({}).validated_parameters, "employees": None, "src": str(path)}, True, pytest.fail)
    assert found["records"] == 3
