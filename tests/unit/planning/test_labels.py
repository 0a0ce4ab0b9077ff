# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of people in messages: there by the rule, hidden where the attribute is."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.labels import LONGEST, labelled
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import diffs, report
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of


def test_changes_and_findings_name_the_person(company):
    plan = company.plan([company.employee("1"), company.employee("2", "Bo", "Ek", start="soon")], company.snapshot())
    assert {change.name for change in plan.changes} == {"Ann Lee"} and [finding.name for finding in plan.findings] == ["Bo Ek"]
    assert report(plan, 10)[1].startswith("error: 2 (Bo Ek): dates.start: 'soon' is not a date")
    assert diffs(plan.changes, frozenset(), 10)[0]["before_header"] == f"1 (Ann Lee) CN=Ann Lee,{company.staff}"


@pytest.mark.parametrize("options", [{"redact": ["displayName"]}, {"redact": ["DisplayName"]}, {"label": "title", "redact": ["title"]}, {"label": "pager"}])
def test_a_hidden_or_unmapped_attribute_names_nobody(company, options):
    plan = company.plan([company.employee("1"), company.employee("2", "Bo", "Ek", start="soon")], company.snapshot(), **options)
    assert {change.name for change in plan.changes} == {None} == {finding.name for finding in plan.findings}


def test_another_attribute_is_the_label_where_the_rule_says_so(company):
    plan = company.plan([company.employee("1", title="Head of  Sales")], company.snapshot(), label="title")
    assert {change.name for change in plan.changes} == {"Head of Sales"}


def test_an_absent_person_is_named_as_the_account_is(company):
    account = company.account("9", "gone", "Cy Oh", displayName="Cy Oh")
    plan = company.plan([company.employee("1")], company.snapshot(account))
    assert [(finding.kind, finding.name) for finding in plan.findings] == [("absent", "Cy Oh")]


@pytest.mark.parametrize(("value", "expected"), [("x" * 200, "x" * LONGEST + "…"), ("a\n\x1b[31mb", "a\\n\\x1b[31mb"), (None, None), (["a", "b"], "a")])
def test_names_of_all_kinds(company, value, expected):
    plan = company.plan([company.employee("1", note=value)], company.snapshot(), label="description",
                        mapping={"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "description": "note"})
    assert {change.name for change in plan.changes if change.key == "1"} == {expected} or plan.changes == []


@pytest.mark.parametrize(("key", "name", "text"), [("E1", "Ann Lee", "E1 (Ann Lee)"), ("E1", None, "E1"), (None, None, "-"), (None, "Ann", "-")])
def test_labelled(key, name, text):
    assert labelled(key, name) == text


def test_people_who_are_planned_again_are_named_once(company):
    """As in an impact, in a forecast, and where a name of the plan is used elsewhere in the forest."""
    employees = [company.employee("1", "Bo", "Ek", end="2026-01-31"), company.employee("2", manager="id-1")]
    people = [people_of(employees, company.rules(), company.as_of)]
    plans = [make_plan(people, company.snapshot(), company.as_of).plan for _again in range(3)]
    found = [[one.message for one in plan.findings if one.kind == "reports"] for plan in plans]
    assert found[0] == found[1] == found[2] and found[0][0].startswith("1 employee refers to this leaver: 2 (Ann Lee). ")


@pytest.mark.parametrize(("employees", "message"), [
    ([("1", "Ann", "Lee"), ("9", "Bo", "Ek")], "1 employee refers to this leaver: 1 (Ann Lee). "),
    ([("3", "Ann", "Lee"), ("2", "Cy", "Oh"), ("9", "Bo", "Ek")], "2 employees refer to this leaver: 3 (Ann Lee), 2 (Cy Oh). "),
    ([("1", "Studio", "2"), ("2", "Cy", "Oh"), ("9", "Bo", "Ek")], "2 employees refer to this leaver: 1 (Studio 2), 2 (Cy Oh). "),
    ([("manager", "Ann", "Lee"), ("9", "Bo", "Ek")], "1 employee refers to this leaver: manager (Ann Lee). manager is written as HR has it. "),
])
def test_only_a_key_is_named_however_it_looks(company, employees, message):
    """Not a count, a word or a part of somebody's name that is written as the key is."""
    *reports, leaver = employees
    people = [company.employee(*one, manager=f"id-{leaver[0]}") for one in reports]
    plan = company.plan([*people, company.employee(*leaver, end="2026-01-31")], company.snapshot())
    found = [one.message for one in plan.findings if one.kind == "reports"]
    assert len(found) == 1 and found[0].startswith(message)
