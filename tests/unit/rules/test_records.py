# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several records of one person, and what must not be empty."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import ValueChange

PRIMARY = {"same": "mail", "prefer": ["end == `null`", "kind == 'employee'"]}


def states(people):
    return {person.key: person.state for person in people}


def record(company, number, **more):
    return company.employee(number, mail="ann@example.com", **({"kind": "employee"} | more))


@pytest.mark.parametrize(("first", "second", "counts"), [
    ({"kind": "contractor"}, {"kind": "employee"}, "2"),
    ({"kind": "employee", "end": "2026-12-31"}, {"kind": "contractor"}, "2"),
    ({"kind": "employee"}, {"kind": "contractor"}, "1"),
    ({}, {}, "2"),
])
def test_the_record_that_counts(company, first, second, counts):
    people, findings = company.people(record(company, "1", **first), record(company, "2", **second), primary=PRIMARY)
    other = {"1": "2", "2": "1"}[counts]
    assert states(people) == {counts: "active", other: "held"}
    assert [(entry.kind, entry.key, entry.severity) for entry in findings] == [("second_record", other, "info")]


def test_records_without_the_value_stand_alone(company):
    people, findings = company.people(record(company, "1") | {"mail": None}, record(company, "2") | {"mail": None}, primary=PRIMARY)
    assert states(people) == {"1": "active", "2": "active"} and findings == []


def test_the_account_of_the_other_record_is_not_absent(company):
    account = company.account("1", "alee", "Ann Lee")
    plan = company.plan([record(company, "1", kind="contractor"), record(company, "2")], company.snapshot(account), primary=PRIMARY)
    assert "absent" not in {entry.kind for entry in plan.findings}
    assert {entry.key for entry in plan.changes} == {"2"}


def test_the_account_goes_over_to_the_new_record_where_the_rules_relink(company):
    account = company.account("1", "alee", "Ann Lee", mail="ann@example.com")
    ways = {"relink": True, "fallbacks": [{"attribute": "mail", "value": "mail"}]}
    plan = company.plan([record(company, "1", kind="contractor"), record(company, "2")], company.snapshot(account), primary=PRIMARY, correlation=ways)
    assert {entry.action for entry in plan.changes} == {"update", "group_add"}
    assert plan.changes[0].attributes["employeeID"] == ValueChange(["1"], ["2"])


def test_required(company):
    employees = [company.employee("1"), company.employee("2", title=None), company.employee("3", title="", end="2020-02-01")]
    plan = company.plan(employees, company.snapshot(), required=["title"])
    assert plan.people == {"active": 1, "held": 1, "leaver": 1}, "a leaver is locked whatever is missing"
    assert [(entry.key, entry.place) for entry in plan.findings] == [("2", "required[0]")]
