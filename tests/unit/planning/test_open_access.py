# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaving wins over everything else of a record that cannot be read; and what keeps access open is an error."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import (
    open_access,
    open_access_words,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.open_access import (
    waiting_locks,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.risk import (
    assess_risks,
    divide_by_risk,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import (
    sentence,
    summary,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.brief import brief, chat

DATES = {"start": "start", "end": "end", "timezone": "tz", "terminated": "status == 'left'"}
OVER = "2026-02-27"  # the day of the run is 2026-03-02


def employee(company, number="1", *names, **more):
    return company.employee(number, *names, **({"tz": "UTC", "status": "works"} | more))


def settled(company, number="1", sam="alee", **more):
    values = {"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk", "groups": ["CN=All Staff,OU=Groups,DC=corp,DC=example"]}
    return company.account(number, sam, "Ann Lee", **(values | more))


def kinds(plan):
    return [(entry.kind, entry.severity) for entry in plan.findings]


def actions(plan):
    return [entry.action for entry in plan.changes]


@pytest.mark.parametrize("broken", [
    {"end": OVER, "tz": "nowhere"},
    {"end": OVER, "start": "soon"},
    {"end": OVER, "start": None},
    {"status": "left", "tz": "nowhere"},
    {"status": "left", "end": "later"},
    {"status": "left", "end": "2019-01-01"},  # before the start
    {"status": "left", "start": None, "end": "?"},
])
def test_a_record_that_has_ended_locks_whatever_else_cannot_be_read(company, broken):
    plan = company.plan([employee(company, **broken)], company.snapshot(settled(company)), dates=DATES)
    assert plan.people == {"leaver": 1}
    assert actions(plan)[0] == "disable" and "move" in actions(plan), "with the leaver rules"
    assert kinds(plan) == [("unreadable", "warning")] and "locked all the same" in plan.findings[0].message


@pytest.mark.parametrize("broken", [{"tz": "nowhere"}, {"end": "later"}, {"start": "soon"}, {"start": None, "end": "2026-12-31"}])
def test_a_record_that_may_go_on_is_held(company, broken):
    plan = company.plan([employee(company, **broken)], company.snapshot(settled(company)), dates=DATES)
    assert (plan.people, plan.changes, kinds(plan)) == ({"held": 1}, [], [("held", "error")])


@pytest.mark.parametrize(("hour", "state"), [(11, "held"), (12, "leaver")])
def test_an_end_has_passed_when_it_has_in_the_last_time_zone(company, hour, state):
    as_of = datetime(2026, 3, 2, hour, tzinfo=timezone.utc)  # midnight in UTC−12 is noon in UTC
    (person,), _findings = company.people(employee(company, end="2026-03-01", tz="nowhere"), as_of=as_of, dates=DATES)
    assert person.state == state


def test_contradictory_dates_are_held_and_said_loudly(company):
    """The end is before the start: nobody knows which one is wrong."""
    plan = company.plan([employee(company, end="2019-01-01")], company.snapshot(settled(company)), dates=DATES)
    assert plan.changes == [] and kinds(plan) == [("held", "error"), ("may_have_left", "error")]
    assert company.plan([employee(company, end="2019-01-01")], company.snapshot(), dates=DATES).findings[1:] == [], "no account is open"


def test_rules_that_cannot_be_evaluated_do_not_prevent_the_lock(company):
    rules = {"leaver": {"attributes": {"description": "upper(code)"}, "move_to": company.leavers, "groups": "remove_all"}}
    leaver = employee(company, end=OVER, code=["x"])
    account = settled(company)
    plan = company.plan([leaver], company.snapshot(account), dates=DATES, **rules)
    assert actions(plan) == ["disable"], "a lock, and nothing else"
    assert kinds(plan) == [("held", "error")] and plan.people == {"held": 1}
    account.enabled, account.uac = False, 514
    account.attributes |= {name: values.after for name, values in plan.changes[0].attributes.items() if name == "adminDescription"}
    assert company.plan([leaver], company.snapshot(account), dates=DATES, **rules).changes == []


def test_a_preference_that_cannot_be_evaluated_does_not_prevent_the_lock(company):
    rows = [employee(company, end=OVER, code=["x"]), employee(company, end=OVER, code="x", title="Head")]
    plan = company.plan(rows, company.snapshot(settled(company)), dates=DATES, primary={"prefer": ["upper(code) == 'X'"]})
    assert actions(plan) == ["disable"] and [(entry.kind, entry.place) for entry in plan.findings] == [("held", "primary.prefer[0]")]
    rows[1]["end"] = None
    plan = company.plan(rows, company.snapshot(settled(company)), dates=DATES, primary={"prefer": ["upper(code) == 'X'"]})
    assert plan.people == {"active": 1}, "one current record needs no preference"


def test_another_record_that_cannot_be_read(company):
    ended, broken = employee(company, end=OVER), employee(company, title="Head", start="soon")
    plan = company.plan([ended, broken], company.snapshot(settled(company)), dates=DATES)
    assert plan.changes == [] and kinds(plan) == [("held", "error"), ("may_have_left", "error")]
    assert "cannot be read" in plan.findings[1].message
    plan = company.plan([employee(company), broken], company.snapshot(settled(company)), dates=DATES)
    assert kinds(plan) == [("held", "error")], "employed by the record that can be read"
    plan = company.plan([ended, broken | {"end": OVER}], company.snapshot(settled(company)), dates=DATES)
    assert actions(plan)[0] == "disable" and kinds(plan) == [("unreadable", "warning")]


def test_a_number_that_was_given_again_while_both_are_in_the_feed(company):
    """The leaver's account is locked; the other human gets nothing of it."""
    rows = [employee(company, end=OVER), employee(company, "1", "Karim", "Osei", start="2026-09-01")]
    plan = company.plan(rows, company.snapshot(settled(company)), dates=DATES)
    assert actions(plan) == ["disable"] and kinds(plan) == [("held", "error")]


def test_a_next_record_far_away_does_not_hide_open_access(company):
    """One record has ended, one is still to come, and one cannot be read."""
    rows = [employee(company, end=OVER), employee(company, start="2026-09-01"), employee(company, title="Head", start="soon")]
    plan = company.plan(rows, company.snapshot(settled(company)), dates=DATES)
    assert plan.changes == [] and kinds(plan) == [("held", "error"), ("may_have_left", "error")]
    plan = company.plan(rows, company.snapshot(settled(company)), dates=DATES, leaver={"bridge_days": 365})
    assert kinds(plan) == [("held", "error")], "access goes on in the gap"


def test_a_preference_for_the_next_record_does_not_prevent_the_lock(company):
    rows = [employee(company, end=OVER), employee(company, start="2026-09-01", code=["x"]), employee(company, start="2026-09-01", code="x")]
    rules = {"dates": DATES, "primary": {"prefer": ["upper(code) == 'X'"]}}
    plan = company.plan(rows, company.snapshot(settled(company)), **rules)
    assert [(entry.action, entry.attributes["adminDescription"].after) for entry in plan.changes] == [
        ("disable", ["hris.ad source=elmo state=disabled since=2026-02-28"])]
    assert company.plan(rows[::-1], company.snapshot(settled(company)), **rules).changes == plan.changes, "in any order of the feed"


@pytest.mark.parametrize(("start", "bridge_days"), [("2026-03-05", 0), ("2026-03-05", 60), ("2026-09-01", 0)])
def test_the_next_record_of_another_human_keeps_no_access_open(company, start, bridge_days):
    """Neither in a gap that would be bridged, nor does the mark get a day of that record."""
    rows = [employee(company, end=OVER), employee(company, "1", "Karim", "Osei", start=start, end="2027-01-01")]
    plan = company.plan(rows, company.snapshot(settled(company)), dates=DATES, joiner={"create_days_before": 7}, leaver={"bridge_days": bridge_days})
    (change,) = plan.changes
    assert change.attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-02-28"]
    assert "2027" not in change.reason and ("held", "error") in kinds(plan)


@pytest.mark.parametrize("names", [(), ("Karim", "Osei")])
def test_nobody_knows_when_somebody_left_who_comes_back(company, names):
    """The first record has no end: the day of the run, and not one of the next record."""
    rows = [employee(company, status="left"), employee(company, "1", *names, start="2026-03-05", end="2027-01-01")]
    plan = company.plan(rows, company.snapshot(settled(company)), dates=DATES, joiner={"create_days_before": 7})
    assert plan.changes[0].attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-03-02"]
    assert plan.changes[0].reason == "has left"


def test_another_human_with_the_number_of_somebody_who_has_left(company):
    rows = [employee(company, end=OVER), employee(company, "1", "Karim", "Osei")]
    plan = company.plan(rows, company.snapshot(settled(company)), dates=DATES)
    assert plan.changes == [] and kinds(plan) == [("held", "error"), ("may_have_left", "error")]
    assert "somebody else" in plan.findings[1].message


def protected(company):
    return {"snapshot": [replace(settled(company), admin_count=True)]}


def of_another_source(company):
    return {"snapshot": [settled(company, mark="hris.ad source=other state=active")]}


def outside(company):
    return {"snapshot": [settled(company, ou="OU=Else,DC=corp,DC=example")], "ownership": {"bases": [company.staff]}}


def not_adopted(company):
    return {"snapshot": [settled(company, mark=None)], "ownership": {"adopt": False}}


def twice(company):
    return {"snapshot": [settled(company), settled(company, sam="other")]}


def excluded(company):
    return {"snapshot": [settled(company)], "exceptions": [{"key": "1", "action": "exclude", "reason": "project"}]}


def not_allowed(company):
    return {"snapshot": [settled(company)], "actions": ["create", "update", "move", "group_remove"]}


def reenabled(company):
    return {"snapshot": [settled(company, mark="hris.ad source=elmo state=disabled since=2026-01-15")], "leaver": {"reenabled": "report"}}


@pytest.mark.parametrize(("situation", "findings", "accounts"), [
    (protected, {"protected", "has_left"}, 1), (of_another_source, {"other_source", "has_left"}, 1), (outside, {"outside_bases", "has_left"}, 1),
    (not_adopted, {"not_adopted", "has_left"}, 1), (twice, {"duplicate_account", "has_left"}, 2), (excluded, {"excluded", "has_left"}, 1),
    (not_allowed, {"not_allowed", "has_left"}, 1), (reenabled, {"reenabled", "has_left"}, 1),
])
@pytest.mark.parametrize("has_left", [True, False])
def test_what_prevents_a_lock_is_an_error(company, situation, findings, accounts, has_left):
    rules = situation(company)
    snapshot = company.snapshot(*rules.pop("snapshot"))
    plan = company.plan([employee(company, end=OVER if has_left else None)], snapshot, dates=DATES, **rules)
    assert "disable" not in actions(plan)
    said = [entry for entry in plan.findings if entry.kind == "has_left"]
    assert len(said) == (accounts if has_left else 0)
    if has_left:
        assert {entry.kind for entry in plan.findings} == findings
        assert {entry.severity for entry in said} == {"error"} and "can still log on" in said[0].message and said[0].name == "Ann Lee"
        assert summary(plan)["open_access"] == {"has_left": 1}
        assert "1 person has left and can still log on" in sentence(plan)
        figures = brief(plan, plan.changes, {"changed": False, "msg": ""}, True)
        assert figures.open_access == {"has_left": 1} and "1 person has left and can still log on" in chat(figures)


def test_a_lock_that_waits_for_approval_is_open_access(company):
    rules = {"risk": {"actions": ["disable"], "hold": True}}
    people, _findings = company.people(employee(company, end=OVER), dates=DATES)
    plan = company.plan([employee(company, end=OVER)], company.snapshot(settled(company)), dates=DATES, **rules)
    assess_risks(plan.changes, people, company.rules(**rules).risk, [])
    low, high = divide_by_risk(plan.changes, {"elmo"})
    found = list(waiting_locks(people, high))
    assert low == [] and [(entry.kind, entry.key, entry.severity) for entry in found] == [("has_left", "1", "error")]
    assert "waits for approval" in found[0].message and list(waiting_locks(people, low)) == []


@pytest.mark.parametrize("why", [{"primary_group": 519}, {"critical": True}, {"sid": "S-1-5-21-1-2-3-500"},
                                 {"groups": ["CN=Domain Admins,OU=Groups,DC=corp,DC=example"]}])
@pytest.mark.parametrize("rules", [{}, {"ownership": {"protected": ["alee"]}}])
def test_whatever_protects_a_leaver(company, why, rules):
    plan = company.plan([employee(company, end=OVER)], company.snapshot(replace(settled(company), **({} if rules else why))), dates=DATES, **rules)
    assert plan.changes == [] and kinds(plan) == [("protected", "info"), ("has_left", "error")] and summary(plan)["open_access"] == {"has_left": 1}


def test_a_second_account_of_a_leaver_that_is_not_ours(company):
    """Such as that of an administrator, with the same number in another OU."""
    other = settled(company, sam="adm-alee", ou="OU=Admins,DC=corp,DC=example", mark=None, rid=1200)
    rules = {"dates": DATES, "ownership": {"bases": [company.staff]}}
    plan = company.plan([employee(company, end=OVER)], company.snapshot(settled(company), other), **rules)
    assert "disable" in actions(plan) and kinds(plan) == [("has_left", "error")] and other.dn in plan.findings[0].message
    assert company.plan([employee(company)], company.snapshot(settled(company), other), **rules).findings == []
    other.enabled = False
    assert company.plan([employee(company, end=OVER)], company.snapshot(settled(company), other), **rules).findings == []


def test_a_protected_account_of_nobody_in_the_feed_is_said(company):
    account = replace(settled(company, "7", "old"), admin_count=True)
    plan = company.plan([employee(company)], company.snapshot(settled(company), account), dates=DATES, absent={"action": "disable"})
    assert plan.changes == [] and kinds(plan) == [("absent", "warning")] and "no run ever locks it" in plan.findings[0].message
    account.enabled = False
    assert company.plan([employee(company)], company.snapshot(settled(company), account), dates=DATES).findings == []


def test_a_disabled_account_is_no_open_access(company):
    account = replace(settled(company, enabled=False), admin_count=True)
    plan = company.plan([employee(company, end=OVER)], company.snapshot(account), dates=DATES)
    assert kinds(plan) == [("protected", "info")]


# The scope

SCOPE = {"when": "department != 'Casual'"}


def casual(company, **more):
    return employee(company, department="Casual", **more)


def test_who_is_not_in_scope_is_counted_and_nothing_else(company):
    rows = [casual(company), casual(company, number="2", start="2027-01-01"), employee(company, "3"), casual(company, number="4", tz="nowhere"),
            casual(company, number="5", end=OVER)]
    plan = company.plan(rows, company.snapshot(), dates=DATES, scope=SCOPE, required=["title"])
    assert plan.people == {"active": 1, "leaver": 1, "out_of_scope": 3} and plan.findings == []
    assert {entry.key for entry in plan.changes} == {"3"}
    assert plan.matched["people_without_account"] == 2, "those in scope"


def test_a_scope_that_reads_the_status_keeps_no_leaver_enabled(company):
    plan = company.plan([employee(company, status="left")], company.snapshot(settled(company)), dates=DATES, scope={"when": "status == 'works'"})
    assert actions(plan)[0] == "disable"


def test_a_scope_that_cannot_be_evaluated_holds_the_person(company):
    plan = company.plan([employee(company, code=["x"])], company.snapshot(settled(company)), dates=DATES, scope={"when": "upper(code) == 'X'"})
    assert plan.changes == [] and [(entry.kind, entry.place) for entry in plan.findings] == [("held", "scope.when")]


def test_only_records_in_scope_are_primary_or_keep_the_access(company):
    rows = [casual(company, title="Casual", start="2019-01-01"), employee(company)]
    (person,), _findings = company.people(*rows, dates=DATES, scope=SCOPE)
    assert (person.state, person.record["title"]) == ("active", "Clerk")
    plan = company.plan([rows[0], employee(company, end=OVER)], company.snapshot(settled(company)), dates=DATES, scope=SCOPE)
    assert plan.people == {"out_of_scope": 1} and kinds(plan) == [("out_of_scope", "warning")]


@pytest.mark.parametrize(("start", "state"), [("2026-09-01", "out_of_scope"), ("2026-03-05", "prepared")])
@pytest.mark.parametrize("earlier", [True, False])
@pytest.mark.parametrize("moved_start", ["report", "disable"])
def test_somebody_out_of_scope_whose_next_record_is_in_scope(company, start, state, earlier, moved_start):
    """Works here all the time: the account is prepared, and nobody is locked."""
    rows = [casual(company), employee(company, title="Head", start=start), *([employee(company, end=OVER)] if earlier else [])]
    rules = {"dates": DATES, "scope": SCOPE, "joiner": {"create_days_before": 7, "moved_start": moved_start}}
    plan = company.plan(rows, company.snapshot(settled(company)), **rules)
    assert (plan.changes, kinds(plan), plan.people) == ([], [("out_of_scope", "warning")], {state: 1})
    assert company.plan(rows, company.snapshot(settled(company)), **(rules | {"scope": SCOPE | {"action": "keep"}})).findings == []
    assert actions(company.plan(rows, company.snapshot(), **rules)) == (["create", "group_add"] if state == "prepared" else [])


def test_an_account_of_somebody_out_of_scope(company):
    def plan(account, day=0, **scope):
        return company.plan([casual(company)], company.snapshot(account), as_of=company.as_of + timedelta(days=day), dates=DATES, scope=SCOPE | scope)

    account = settled(company)
    found = plan(account)
    assert found.changes == [] and kinds(found) == [("out_of_scope", "warning")] and summary(found)["open_access"] == {"out_of_scope": 1}
    assert found.matched["accounts_without_person"] == 0, "not absent"
    kept = plan(account, action="keep")
    assert (kept.changes, kept.findings) == ([], [])
    first = plan(account, action="leaver", grace_days=10)
    assert [entry.attributes["adminDescription"].after for entry in first.changes] == [["hris.ad source=elmo state=active out_of_scope=2026-03-02"]]
    account.attributes["adminDescription"] = first.changes[0].attributes["adminDescription"].after
    assert plan(account, 9, action="leaver", grace_days=10).changes == []
    locked = plan(account, 10, action="leaver", grace_days=10)
    assert actions(locked) == ["disable", "move", "group_remove"]
    assert locked.changes[0].attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-03-12"]
    assert locked.changes[0].reason == "not in scope for too long"
    account = settled(company, ou=company.leavers, enabled=False, groups=[], mark="hris.ad source=elmo state=disabled since=2026-03-12")
    assert plan(account, 11, action="leaver", grace_days=10).changes == []
    back = company.plan([employee(company)], company.snapshot(account), dates=DATES, scope=SCOPE)
    assert actions(back)[0] == "enable", "in scope again"


@pytest.mark.parametrize("mark", ["active", "active out_of_scope=2026-01-01", "prepared", "leave"])
def test_a_disabled_account_of_somebody_out_of_scope_is_left_alone(company, mark):
    account = settled(company, enabled=False, mark=f"hris.ad source=elmo state={mark}")
    plan = company.plan([casual(company)], company.snapshot(account), dates=DATES, scope=SCOPE | {"action": "leaver", "grace_days": 1})
    assert (plan.changes, plan.findings) == ([], [])


def test_an_account_out_of_scope_has_a_limit_of_its_own(company):
    rows = [casual(company, number=str(number)) for number in range(4)]
    accounts = [settled(company, str(number), f"a{number}", rid=1100 + number) for number in range(4)]
    plan = company.plan(rows, company.snapshot(*accounts), dates=DATES, scope=SCOPE, limits={"out_of_scope": {"count": 3}})
    assert [verdict.exceeded for verdict in plan.limits if verdict.action == "out_of_scope"] == [True]


def test_words():
    assert open_access_words({"has_left": 2, "may_have_left": 1}) == [
        "2 people have left and can still log on", "1 person may have left and can still log on"]
    assert open_access([]) == {}
