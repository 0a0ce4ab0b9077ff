"""One shape for an employee of IceHrm, from the shapes that its versions and its documentation give."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.icehrm import record_format

# A list item as IceHrm 35 gives it.
OBSERVED = {
    "objectName": None, "isJoinFind": False, "id": 5, "employee_id": "EMP100", "first_name": "Aroha", "middle_name": None,
    "last_name": "Ngata", "nationality": 35, "birthday": "1990-05-15", "gender": "Female", "ssn_num": "", "nic_num": "294-38",
    "employment_status": {"type": "EmploymentStatus", "id": 3, "display": "Full Time Permanent"},
    "job_title": {"type": "JobTitle", "id": 3, "display": "Project Manager"}, "pay_grade": None, "address2": "",
    "country": {"type": "Country", "code": "NZ", "display": "New Zealand"}, "province": None, "joined_date": "2024-02-01",
    "confirmation_date": None, "supervisor": {"type": "Employee", "id": 1, "display": "IceHrm Employee"},
    "indirect_supervisors": "[3,4]", "department": {"type": "CompanyStructure", "id": 5, "display": "Engineering Department"},
    "custom4": None, "termination_date": "0000-00-00", "status": "Active", "approver1": 5, "timezone": "Europe/London",
    "customFields": {"Last Working Day": ["March 31, 2027", "Work Details", "date"], "Building Access": ["HQ", "Work Details", "select"],
                     "AD Username": ["aroha.ngata", "Work Details", "text"]},
    "current_time": "2026-11-21 18:54:23", "can_login": 1, "user_name": "aroha", "user_email": "a@example.test", "user_level": "Employee",
}
# The same person as the documentation writes one, and as versions up to 32 give plain ids.
DOCUMENTED = {**OBSERVED, "id": "5", "job_title": "Project Manager", "department": {"id": "5", "name": "Engineering Department"},
              "supervisor": "1", "employment_status": "3", "country": "NZ", "indirect_supervisors": ["3", 4], "termination_date": None,
              "customFields": {"Last Working Day": "2027-03-31", "Building Access": ["HQ"],
                               "AD Username": ["aroha.ngata", "Work Details", "text"]}}


def test_observed():
    record = record_format.normalise(OBSERVED)
    expected = {
        "id": "5", "employee_id": "EMP100", "first_name": "Aroha", "middle_name": None, "ssn_num": None, "address2": None,
        "nationality": {"id": "35", "display": None}, "employment_status": {"id": "3", "display": "Full Time Permanent"},
        "job_title": {"id": "3", "display": "Project Manager"}, "pay_grade": None, "province": None,
        "country": {"code": "NZ", "display": "New Zealand"}, "supervisor": {"id": "1", "display": "IceHrm Employee"},
        "department": {"id": "5", "display": "Engineering Department"}, "approver1": {"id": "5", "display": None},
        "indirect_supervisors": ["3", "4"], "joined_date": "2024-02-01", "termination_date": None,
        "custom": {"Last Working Day": "2027-03-31", "Building Access": "HQ", "AD Username": "aroha.ngata"},
    }
    assert {name: record[name] for name in expected} == expected
    noise = {"objectName", "isJoinFind", "current_time", "customFields", "can_login", "user_name", "user_email", "user_level"}
    assert not set(record) & noise


def test_documented():
    record = record_format.normalise(DOCUMENTED)
    expected = {
        "id": "5", "job_title": {"id": None, "display": "Project Manager"}, "department": {"id": "5", "display": "Engineering Department"},
        "supervisor": {"id": "1", "display": None}, "employment_status": {"id": "3", "display": None},
        "country": {"code": "NZ", "display": None}, "indirect_supervisors": ["3", "4"], "termination_date": None,
        "custom": {"Last Working Day": "2027-03-31", "Building Access": "HQ", "AD Username": "aroha.ngata"},
    }
    assert {name: record[name] for name in expected} == expected


@pytest.mark.parametrize(("value", "expected"), [
    (None, None), ("", None), (0, None), ("0", None), ({}, None), ({"type": "JobTitle", "id": None, "display": ""}, None),
    ({"id": 7}, {"id": "7", "display": None}), ({"display": "Head"}, {"id": None, "display": "Head"}),
    ("7", {"id": "7", "display": None}), ("Head", {"id": None, "display": "Head"}),
])
def test_reference(value, expected):
    assert record_format.normalise({"id": 1, "job_title": value})["job_title"] == expected


@pytest.mark.parametrize(("value", "expected"), [
    (None, None), ("", None), ("NZ", {"code": "NZ", "display": None}), ("New Zealand", {"code": None, "display": "New Zealand"}),
    ({"code": "", "display": None}, None), ({"id": 3, "name": "New Zealand"}, {"code": None, "display": "New Zealand"}),
])
def test_country(value, expected):
    assert record_format.normalise({"id": 1, "country": value})["country"] == expected


@pytest.mark.parametrize(("value", "expected"), [(None, []), ("", []), ("[]", []), ("[3,4]", ["3", "4"]), ('["3"]', ["3"]), ([3], ["3"])])
def test_indirect_supervisors(value, expected):
    assert record_format.normalise({"id": 1, "indirect_supervisors": value})["indirect_supervisors"] == expected


@pytest.mark.parametrize(("field", "expected"), [
    (["March 31, 2027", "W", "date"], "2027-03-31"), (["May 1, 2027", "W", "date"], "2027-05-01"),
    (["2027-05-01", "W", "date"], "2027-05-01"),
    (["31 mars 2027", "W", "date"], "31 mars 2027"), (["March 31, 2027", "W", "text"], "March 31, 2027"), (["", "W", "text"], None),
    ([], None), ("plain", "plain"), (["0000-00-00", "W", "date"], None), ([["a", "b"], "W", "select2multi"], ["a", "b"]),
])
def test_custom_field(field, expected):
    assert record_format.normalise({"id": 1, "customFields": {"F": field}})["custom"] == {"F": expected}


def test_papers_are_left_out_unless_asked_for():
    records = [{**dict.fromkeys(record_format.FIELDS), **record_format.normalise(OBSERVED)}]
    assert not set(record_format.chosen(records, None)[0]) & set(record_format.SENSITIVE)
    assert record_format.chosen(records, ["nic_num"]) == [{"id": "5", "nic_num": "294-38"}]
