# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much work planning does for a person, counted: a slow machine fails nothing, an expensive habit does."""
from __future__ import annotations

import cProfile
import pstats
from collections import Counter

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan as planning
from ansible_collections.hris.ad.plugins.module_utils._hris.rules import single_expressions
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

PEOPLE = 200
FIELDS = [f"f{number}" for number in range(15)]
TEXTS = ["company", "division", "l", "st", "co", "postalCode", "streetAddress", "telephoneNumber", "mobile", "pager", "info", "employeeType", "department",
         "physicalDeliveryOfficeName", "employeeNumber"]
OPTIONS = {
    "mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}",
                "manager": {"employee": "manager.id", "field": "id"}, **dict(zip(TEXTS, FIELDS, strict=True))},
    "groups": [{"groups": ["All Staff"]}, *({"groups": ["Finance"], "when": f"f{number} == 'nowhere'"} for number in range(4))],
}
RULES = 20 + 2 + 4 + 1  # mapped attributes; the reference; what names are built from; dates. What many people share is found once for all


@pytest.fixture
def population(company, monkeypatch):
    """(employees, a directory where everybody is in line but for one in twenty, the compiled rules, {rule: evaluations})."""
    evaluations = Counter()
    build = single_expressions.function_of

    def counted(node):
        function = build(node)

        def evaluate(record):
            evaluations["rules"] += 1
            return function(record)
        return evaluate
    monkeypatch.setattr(single_expressions, "function_of", counted)
    staff = [company.employee(str(number), "Ann", f"Lee{number}", manager={"id": f"id-{number // 10}"} if number else None,
                              **{field: f"{field} {number % 7}" for field in FIELDS}) for number in range(PEOPLE)]
    accounts = []
    for number, person in enumerate(staff):
        values = dict(zip(TEXTS, (person[field] for field in FIELDS), strict=True)) | ({"info": "Old"} if number % 20 == 0 else {})
        manager = {"manager": f"CN=Ann Lee{number // 10},{company.staff}"} if number else {}
        accounts.append(company.account(person["number"], f"alee{number}", f"Ann Lee{number}", rid=1100 + number, givenName="Ann", sn=person["last"],
                                        displayName=f"Ann Lee{number}", groups=[company.group("All Staff").dn], **values, **manager))
    snapshot = company.snapshot(*accounts)
    snapshot.schema |= {name.lower(): AttributeDefinition(name, "text", True, 1, 64, True, None) for name in TEXTS}
    return staff, snapshot, company.rules(**OPTIONS), evaluations


def test_rules_are_evaluated_once_for_each_person(company, population):
    staff, snapshot, rules, evaluations = population
    plan = planning.make_plan([people_of(staff, rules, company.as_of)], snapshot, company.as_of).plan
    assert plan.counts == {"update": 10} and plan.findings == []
    assert evaluations["rules"] / PEOPLE <= RULES


def test_calls_of_functions_for_each_person(company, population):
    staff, snapshot, rules, evaluations = population
    profile = cProfile.Profile()
    profile.enable()
    planning.make_plan([people_of(staff, rules, company.as_of)], snapshot, company.as_of)
    profile.disable()
    # About 207 with Python 3.11; 400 before ordinary people and shared answers had a short way, and 800 before rules were functions.
    assert (pstats.Stats(profile).total_calls - evaluations["rules"]) / PEOPLE <= 240
