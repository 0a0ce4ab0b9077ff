# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships that a rule gives between two days."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.explain import explain
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.explanation_text import (
    lines_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.change_attribution import (
    rule_texts,
    rules_of_change,
)

TODAY = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
STAFF, FINANCE = "CN=All Staff,OU=Groups,DC=corp,DC=example", "CN=Finance,OU=Groups,DC=corp,DC=example"


def timed(**days):
    return {"groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "project"} | days]}


def settled(company, *groups, **values):
    return company.account("1", "alee", "Ann Lee", groups=[STAFF, *groups], displayName="Ann Lee", givenName="Ann", sn="Lee", title="Clerk", **values)


def groups_changed(plan):
    return [(change.action, change.group) for change in plan.changes if change.group]


@pytest.mark.parametrize(("days", "record", "is_member"), [
    ({"until": "project_end"}, {"project_end": "2026-03-02"}, True),  # the last day is one of them
    ({"until": "project_end"}, {"project_end": "2026-03-01"}, False),
    ({"until": "project_end"}, {"project_end": None}, True),
    ({"until": "project_end"}, {"project_end": "9999-12-31"}, True),
    ({"until": "2026-03-01"}, {}, False),  # a day itself
    ({"from": "2026-03-02", "until": "2026-03-02"}, {}, True),
    ({"from": "2026-03-03"}, {}, False),
    ({"from": "project_start"}, {"project_start": None}, True),
    ({"from": "2026-04-01", "until": "2026-03-31"}, {}, False),  # no day is between them
    ({"until": "project_end"}, {"project_end": "2026-03-01T14:00:00Z", "zone": "Australia/Sydney"}, True),  # 2 March there
])
def test_between_its_days(company, days, record, is_member):
    rules = timed(**days) | {"dates": {"start": "start", "end": "end", "timezone": "zone"}}
    employee = company.employee("1", project=True, **{"zone": "UTC"} | record)
    given = company.plan([employee], company.snapshot(settled(company)), **rules)
    assert groups_changed(given) == ([("group_add", FINANCE)] if is_member else [])
    taken = company.plan([employee], company.snapshot(settled(company, FINANCE)), **rules)
    assert groups_changed(taken) == ([] if is_member else [("group_remove", FINANCE)])


def test_given_and_taken_once_with_the_day_in_the_reason(company):
    rules = timed(until="project_end")
    people = [company.employee("1", project=True, project_end="2026-03-03")]
    seen, snapshot = [], company.snapshot(settled(company))
    for day in range(4):
        plan = company.plan(people, snapshot, as_of=TODAY + timedelta(days=day), **rules)
        seen.append([(change.action, change.reason) for change in plan.changes if change.group])
        snapshot = apply_simulated(snapshot, plan.changes)
    assert seen == [[("group_add", "birthright or restored group until 2026-03-03 (groups[1])")], [],
                    [("group_remove", "the last day of this membership was 2026-03-03 (groups[1])")], []]


def test_a_membership_of_somebody_else_stays(company):
    """The account was in the group before the rule gave it."""
    account = settled(company, FINANCE, extensionName=["hris.ad given=2000", "hris.ad found=2001"])
    people = [company.employee("1", project=True)]
    assert groups_changed(company.plan(people, company.snapshot(account), **timed(until="2026-03-01"))) == []


def test_another_rule_still_gives_it(company):
    rules = timed(until="2026-03-01")
    rules["groups"].append({"groups": ["Finance"], "when": "department == 'Sales'"})
    assert groups_changed(company.plan([company.employee("1", project=True)], company.snapshot(settled(company, FINANCE)), **rules)) == []


def test_what_is_no_day_holds_the_person(company):
    plan = company.plan([company.employee("1", project=True, project_end="soon")], company.snapshot(settled(company, FINANCE)), **timed(until="project_end"))
    (finding,) = plan.findings
    assert (finding.kind, finding.key, finding.place, plan.changes) == ("held", "1", "groups[1].until", [])
    unread = company.plan([company.employee("1", project=False, project_end="soon")], company.snapshot(settled(company)), **timed(until="project_end"))
    assert unread.findings == [], "the rule is not about this person"


def test_a_limit_counts_what_ends(company):
    accounts = [company.account(str(number), f"a{number}", f"A{number} Lee", rid=1100 + number, groups=[STAFF, FINANCE], displayName=f"A{number} Lee", givenName=f"A{number}",
                                sn="Lee", title="Clerk", mail=f"alee{number}@example.com") for number in range(3)]
    people = [company.employee(str(number), f"A{number}", project=True) for number in range(3)]
    rules = timed(until="2026-03-01") | {"limits": {"group_remove": {"count": 2}}}
    plan = company.plan(people, company.snapshot(*accounts), **rules)
    assert [verdict.exceeded for verdict in plan.limits if verdict.action == "group_remove"] == [True]


def test_the_explanation_and_the_impact_name_the_days(company):
    rules = company.rules(**timed(**{"from": "2026-01-01", "until": "project_end"}))
    employee = company.employee("1", project=True, project_end="2026-03-01")
    people, _findings = company.people(employee, **timed(until="project_end"))
    snapshot = company.snapshot(settled(company, FINANCE))
    plan = company.plan([employee], snapshot, **timed(until="project_end"))
    found = explain(people[0], snapshot.accounts[0], plan, rules, snapshot)
    assert (found.groups[1].holds, found.groups[1].first_day, found.groups[1].last_day) == (False, "2026-01-01", "2026-03-01")
    assert "group Finance (groups[1], when project, from 2026-01-01, until 2026-03-01): not given, a member now" in lines_of(found)
    (change,) = [one for one in plan.changes if one.group]
    assert rules_of_change(change, people[0], rule_texts(rules))["group"] == "groups[1] when project from 2026-01-01 until project_end"


def test_the_records_of_somebody_with_several(company):
    """A rule about all current records asks each of them for its own day."""
    rules = timed(until="project_end")
    rules["groups"][1]["records"] = "current"
    records = [company.employee("1", project=True, project_end="2026-03-01"), company.employee("1", project=True, project_end="2026-03-05", start="2021-01-01")]
    assert groups_changed(company.plan(records, company.snapshot(settled(company)), **rules)) == [("group_add", FINANCE)]
