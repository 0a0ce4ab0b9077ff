# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chains of managers: leavers in them, and rings."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.people import PersonId

TWO, THREE, FOUR = (PersonId("elmo", key) for key in "234")


def mapping(policy):
    return {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "first",
            "manager": {"employee": "manager", "field": "id", "leaver": policy}}


def chain(company):
    return [company.employee("1", manager="id-2"), company.employee("2", manager="id-3", end="2026-01-01"),
            company.employee("3", manager="id-4", end="2026-01-01"), company.employee("4")]


def references(people):
    return {person.key: person.references.get("manager", "untouched") for person in people if person.state in ("prepared", "active", "leave")}


@pytest.mark.parametrize(("policy", "manager", "message"), [("keep", TWO, None), ("report", "untouched", "2 has left"), ("next", FOUR, "4, the next person above"), ("clear", None, "cleared")])
def test_a_manager_who_has_left(company, policy, manager, message):
    people, findings = company.people(*chain(company), mapping=mapping(policy))
    assert references(people) == {"1": manager, "4": "untouched"}
    assert [finding.key for finding in findings] == (["1"] if message else []) and (not message or message in findings[0].message)


def test_nobody_is_left_up_the_chain(company):
    people, findings = company.people(*chain(company)[:3], company.employee("4", end="2026-01-01"), mapping=mapping("next"))
    assert references(people) == {"1": "untouched"} and "left as it is" in findings[0].message


def test_a_ring_is_reported_once_and_written_as_it_is(company):
    ring = [company.employee(number, manager=f"id-{boss}") for number, boss in (("1", 2), ("2", 3), ("3", 2))]
    people, findings = company.people(*ring, mapping=mapping("keep"))
    assert references(people) == {"1": TWO, "2": THREE, "3": TWO}
    assert [(finding.kind, finding.key) for finding in findings] == [("reference_cycle", "2")]
    assert "2 → 3 → 2" in findings[0].message


def test_a_ring_of_leavers_has_no_next_one(company):
    people, findings = company.people(company.employee("1", manager="id-2"), company.employee("2", manager="id-3", end="2026-01-01"),
                                      company.employee("3", manager="id-2", end="2026-01-01"), mapping=mapping("next"))
    assert references(people) == {"1": "untouched"} and {finding.kind for finding in findings} == {"reference", "reference_cycle"}


# Managers who are not in the feed

REFERS = {"mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}",
                      "manager": {"employee": "manager", "field": "id", "account": "employeeNumber"}}}


def refer(company, *accounts, **more):
    plan = company.plan([company.employee("1", manager="E7") | more], company.snapshot(company.account("1", "alee", "Ann Lee"), *accounts), **REFERS)
    written = [entry.attributes["manager"].after for entry in plan.changes if "manager" in entry.attributes]
    return written, [entry.message for entry in plan.findings]


def boss(company, sam="boss", **more):
    return company.account("77", sam, employeeNumber="e7", mark="hris.ad source=other state=active", **more)


def test_a_manager_of_another_source_is_found_by_an_attribute_of_the_account(company):
    account = boss(company)
    assert refer(company, account) == ([[account.dn]], [])
    assert refer(company) == ([], ["no employee and no account has employeeNumber 'E7': manager is left as it is."])
    assert refer(company, boss(company, enabled=False)) == ([], [f"{account.dn} is disabled: manager is left as it is."])
    written, (message,) = refer(company, account, boss(company, "two", rid=1200))
    assert written == [] and "2 accounts have employeeNumber 'E7'" in message


def test_an_employee_comes_before_an_account(company):
    people, _findings = company.people(company.employee("1", manager="id-2"), company.employee("2"), **REFERS)
    assert people[0].references == {"manager": TWO}


def test_a_finding_names_the_attribute_and_both_people(company):
    """Also where the other one has no account, or has left."""
    staff = [company.employee("1", manager="id-2"), company.employee("2", "Bob", "Roe", start="2026-12-01")]
    plan = company.plan(staff, company.snapshot(company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee")))
    (finding,) = [one for one in plan.findings if one.kind == "reference"]
    assert finding.name == "Ann Lee" and finding.message == "the employee 2 (Bob Roe) has no account: manager is left as it is."
    staff[1] |= {"start": "2020-01-01", "end": "2026-01-01"}
    plan = company.plan(staff, company.snapshot(company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee")),
                        mapping=mapping("report"))
    (finding,) = [one for one in plan.findings if one.kind == "reference"]
    assert finding.message.startswith("2 (Bob) has left: manager is left as it is.")
