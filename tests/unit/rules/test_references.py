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
    about = [finding for finding in findings if finding.kind == "reference"]
    assert [finding.key for finding in about] == (["1"] if message else []) and (not message or message in about[0].message)
    assert [(finding.kind, finding.key) for finding in findings if finding not in about] == [("reports", "2")]


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
    assert references(people) == {"1": "untouched"} and {finding.kind for finding in findings} == {"reference", "reference_cycle", "reports"}


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


# Successors

def following(policy):
    rules = mapping(policy)
    return rules | {"manager": rules["manager"] | {"successor": "next_id"}}


def team(company, **more):
    """1 and 2 report to 3, who has left; 4 is above; 5 is the successor."""
    return [company.employee("1", manager="id-3"), company.employee("2", manager="id-3"), company.employee("3", manager="id-4", end="2026-01-01", **{"next_id": "id-5"} | more),
            company.employee("4"), company.employee("5", next_id=None)]


@pytest.mark.parametrize(("policy", "successor", "manager"), [
    ("keep", "id-5", "5"), ("next", "id-5", "5"), ("clear", "id-5", "5"),
    ("keep", None, "3"), ("next", None, "4"), ("report", None, "untouched"), ("clear", None, None),
    ("next", "id-99", "4"), ("keep", "id-3", "3"), ("report", ["no text"], "untouched"),
])
def test_the_successor_comes_first(company, policy, successor, manager):
    people, findings = company.people(*team(company, next_id=successor), mapping=following(policy))
    expected = PersonId("elmo", manager) if manager in ("3", "4", "5") else manager
    assert references(people)["1"] == references(people)["2"] == expected
    (report,) = [one for one in findings if one.kind == "reports"]
    assert report.key == "3" and report.message.startswith("2 employees refer to this leaver: 1, 2. ")
    assert report.severity == ("info" if manager in ("4", "5") else "warning")


def test_a_successor_who_has_left_too(company):
    people, _findings = company.people(*team(company)[:4], company.employee("5", end="2026-01-01", next_id="id-6"), company.employee("6"), mapping=following("keep"))
    assert references(people)["1"] == PersonId("elmo", "6")
    people, _findings = company.people(*team(company)[:4], company.employee("5", end="2026-01-01", next_id="id-3"), mapping=following("clear"))
    assert references(people)["1"] is None, "a ring has no next one"


def test_hr_wins_as_soon_as_it_names_somebody_who_works_here(company):
    staff = team(company)
    staff[0]["manager"] = "id-4"
    people, findings = company.people(*staff, mapping=following("next"))
    assert references(people)["1"] == FOUR and references(people)["2"] == PersonId("elmo", "5")
    assert [one.message for one in findings if one.kind == "reports"] == ["1 employee refers to this leaver: 2. manager is written as 5. Enter the new one in HR."]


@pytest.mark.parametrize(("above", "manager"), [("id-4", FOUR), (None, PersonId("elmo", "3")), ("id-1", PersonId("elmo", "3"))])
def test_a_successor_from_the_team_does_not_report_to_himself(company, above, manager):
    """The next person above the leaver is written, or what the line says about leavers."""
    staff = team(company, next_id="id-1")
    staff[2]["manager"] = above
    people, findings = company.people(*staff, mapping=following("keep"))
    assert references(people)["1"] == manager and references(people)["2"] == PersonId("elmo", "1")
