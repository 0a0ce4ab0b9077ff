"""Which accounts a step is due for: events, dates, a ledger that survives, and runs that were missed."""
from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.actions import TABLE
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import (
    objects,
    outcome_file,
    step_ledger,
    steps,
)

DAY = date(2026, 3, 2)


def line(key="E1", *events, **more):
    """An account of an outcome file."""
    found = {"key": key, "guid": f"guid-{key}", "source": "test", "events": list(events), "attributes": {"department": ["Ops"]}}
    return outcome_file.parse(found | more, "outcome")


class Site:
    """Runs on days, with or without a ledger on disk; `do` returns the keys that were due and notes them as done."""

    def __init__(self, folder, **step):
        self.path, self.step, self.runs = str(folder / "step_ledger.jsonl"), {"name": "step", **step}, 0
        self.folder = folder

    def due(self, days, *lines):
        today = DAY + timedelta(days)
        src = self.folder / f"outcome{self.runs}.jsonl"
        self.runs += 1
        src.write_text("".join(json.dumps(asdict(item)) + "\n" for item in lines) + " " * self.runs)
        step = steps.compile_step(self.step, True)
        known = step_ledger.read(self.path, None)
        new = step_ledger.add_run(known, str(src), list(lines), today)
        if step.name not in known.steps:
            new.append(step_ledger.step_entry(step.name, today))
        step_ledger.add(self.path, new, None)
        return steps.due_accounts(list(lines), step, step_ledger.read(self.path, None), today)[0]

    def do(self, days, *lines):
        found = self.due(days, *lines)
        done = [step_ledger.DoneStep(step_ledger.account_id(item), "step", name) for item in found for name in item.occurrences]
        step_ledger.add(self.path, [step_ledger.done_entry(one, DAY) for one in done], None)
        return [item.key for item in found]


def without_ledger(step, days, *lines):
    return [item.key for item in steps.due_accounts(list(lines), steps.compile_step({"name": "s", **step}, False), None, DAY + timedelta(days))[0]]


def test_without_a_ledger_events_count_at_once_and_dates_on_the_very_day():
    assert without_ledger({"events": ["created"]}, 0, line("E1", "created"), line("E2", "moved"), line("E3")) == ["E1"]
    assert without_ledger({}, 0, line("E1", "created"), line("E2", "moved"), line("E3")) == ["E1", "E2"]
    last_days = [line("E1", first_day_without_access="2026-03-02"), line("E2", first_day_without_access="2026-03-01"), line("E3", first_day_without_access=None)]
    step = {"after_days": {"days": 30, "of": "first_day_without_access"}}
    assert [without_ledger(step, days, *last_days) for days in (28, 29, 30, 31)] == [[], ["E2"], ["E1"], []]
    assert without_ledger({"after_days": {"days": -7, "of": "start"}}, 0, line(start="2026-03-09")) == ["E1"]
    assert without_ledger({"events": ["created"], "when": "department == 'Sales'"}, 0, line("E1", "created")) == []


def test_with_a_ledger_each_event_is_served_once(tmp_path):
    site = Site(tmp_path, events=["created", "enabled"])
    assert site.do(0, line("E1", "created", "enabled"), line("E2")) == ["E1"]
    assert site.do(0, line("E1"), line("E2")) == [] == site.do(1, line("E1"), line("E2", "moved"))
    assert site.do(1, line("E1", "enabled"), line("E2", "enabled")) == ["E1", "E2"]


def test_what_failed_is_due_again_without_a_new_event(tmp_path):
    site = Site(tmp_path, events=["created"])
    assert [item.occurrences for item in site.due(0, line("E1", "created"))] == [["created@2026-03-02"]]
    assert site.do(5, line("E1")) == ["E1"] and site.do(6, line("E1")) == []


def test_two_events_of_one_day_are_two_occurrences(tmp_path):
    site = Site(tmp_path, events=["updated"])
    assert site.do(0, line("E1", "updated")) == ["E1"]
    assert [item.occurrences for item in site.due(0, line("E1", "updated"))] == [["updated@2026-03-02#2"]]


def test_an_outcome_that_comes_twice_is_one_run(tmp_path):
    src = tmp_path / "outcome.jsonl"
    src.write_text(json.dumps(asdict(line("E1", "created"))) + "\n")
    known = step_ledger.read(str(tmp_path / "none"), None)
    assert step_ledger.add_run(known, str(src), [line("E1", "created")], DAY)
    assert step_ledger.add_run(known, str(src), [line("E1", "created")], DAY + timedelta(1)) == []
    assert known.events == {"guid-E1": {"created": (DAY, 1)}}


def test_days_after_an_event_survive_missed_runs(tmp_path):
    site = Site(tmp_path, events=["created"], after_days={"days": 7})
    assert site.do(0, line("E1", "created")) == [] == site.do(6, line("E1"))
    assert site.do(11, line("E1")) == ["E1"] and site.do(12, line("E1")) == []


def test_days_after_a_date_survive_missed_runs_and_move_with_it(tmp_path):
    site = Site(tmp_path, after_days={"days": 30, "of": "first_day_without_access"})
    old = line("E0", first_day_without_access="2020-01-01")
    assert site.do(0, old, line("E1", first_day_without_access="2026-03-10")) == [], "what was due before the ledger knew the step is not done"
    assert site.do(60, old, line("E1", first_day_without_access="2026-03-10")) == ["E1"] and site.do(61, old, line("E1", first_day_without_access="2026-03-10")) == []
    assert site.do(90, old, line("E1", first_day_without_access=None)) == [] and site.do(95, old, line("E1", first_day_without_access="2026-05-01")) == ["E1"]


def test_a_date_for_those_who_had_an_event(tmp_path):
    site = Site(tmp_path, events=["created"], after_days={"days": -1, "of": "start"})
    start = {"start": "2026-03-12"}
    assert site.do(0, line("E1", "created", **start), line("E2", "moved", **start)) == []
    assert site.do(9, line("E1", **start), line("E2", **start)) == ["E1"]


def test_a_ledger_torn_by_a_kill_goes_on(tmp_path):
    site = Site(tmp_path, events=["created"])
    site.do(0, line("E1", "created"))
    with open(site.path, "a") as file:
        file.write('{"kind": "done", "account": "gu')
    assert site.do(1, line("E1"), line("E2", "created")) == ["E2"]
    assert site.do(2, line("E1"), line("E2")) == []
    with open(site.path) as file:
        assert all(json.loads(text) for text in file)


def test_what_is_no_ledger_is_refused(tmp_path):
    path = tmp_path / "feed.jsonl"
    path.write_text('{"key": "E1"}\n')
    with pytest.raises(HrisError, match="feed.jsonl, line 1: the line is not an entry of a ledger"):
        step_ledger.read(str(path), None)


@pytest.mark.parametrize(("given", "has_ledger", "words"), [
    ({"events": ["craeted"]}, True, "step 's', events: there is no event 'craeted'. Did you mean 'created'"),
    ({"after_days": {"of": "leave"}}, True, "days cannot be counted from 'leave'"),
    ({"after_days": {"days": 3}}, False, "the day of an event is known from a ledger only"),
    ({"after_days": {"days": -3}}, True, "a step cannot be due before an event"),
    ({"events": ["created"], "after_days": {"days": 3, "of": "start"}}, False, "the events of earlier runs are known from a ledger only"),
    ({"when": "department =="}, True, "step 's', when: the expression does not parse"),
])
def test_a_step_that_cannot_be_computed(given, has_ledger, words):
    with pytest.raises(HrisError) as error:
        steps.compile_step({"name": "s", **given}, has_ledger)
    assert words in str(error.value)


def test_the_events_are_those_of_an_outcome():
    assert set(objects.EVENTS) == {action.event for action in TABLE if action.event}


def test_a_condition_that_is_neither_true_nor_false_leaves_out_this_account_only():
    step = steps.compile_step({"name": "s", "when": "employee.flag"}, False)
    lines = [replace(line("E1", "created"), employee={"flag": "No"}), replace(line("E2", "created"), employee={"flag": True}), replace(line("E3", "created"), employee={"flag": None})]
    due, problems = steps.due_accounts(lines, step, None, DAY)
    assert [item.key for item in due] == ["E2"]
    assert len(problems) == 1 and "'employee.flag' is 'No'" in problems[0] and "boolean(employee.flag)" in problems[0]


@pytest.mark.parametrize(("kinds", "due"), [
    ([], True), (["begun"], False), (["begun", "failed"], True), (["begun", "done"], False), (["begun", "failed", "begun"], False), (["done", "begun", "failed"], False)])
def test_what_a_killed_run_has_begun(tmp_path, kinds, due):
    site = Site(tmp_path, events=["created"])
    site.due(0, line("E1", "created"))
    one = step_ledger.DoneStep("guid-E1", "step", "created@2026-03-02")
    step_ledger.add(site.path, [step_ledger.step_done_entry(kind, one, DAY) for kind in kinds], None)
    assert bool(site.due(0, line("E1"))) is due
    assert (one in step_ledger.read(site.path, None).unsure) is (kinds[-1:] == ["begun"])


def coming(**more):
    """Somebody who has no account yet."""
    return outcome_file.parse({"key": "E9", "source": "test", "state": "not_due", "start": "2026-03-12", "employee": {"first": "Cy"}} | more, "outcome")


def test_people_without_an_account_are_told_once(tmp_path):
    step = {"after_days": {"days": -7, "of": "start"}}
    assert without_ledger(step, 3, coming()) == [] and without_ledger(step | {"not_due": True}, 3, coming()) == ["E9"]
    site = Site(tmp_path, **step, not_due=True)
    assert site.do(0, coming()) == [] and site.do(4, coming()) == ["E9"] and site.do(4, coming()) == []
    with_account = coming(guid="guid-E9", dn="CN=Cy", state="prepared")
    assert site.do(5, with_account) == [], "the same person, who has an account now"
    assert site.do(6, coming(guid="guid-E9", dn="CN=Cy", state="prepared", start="2026-03-13")) == ["E9"], "another day is another occurrence"
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other", **step)
    assert other.do(0, coming()) == [] and other.do(4, coming()) == [] and other.do(5, with_account) == ["E9"], "without not_due it waits for the account"


def test_people_without_an_account_have_no_events():
    with pytest.raises(HrisError, match=r"step 's', not_due: people who are not due have no events"):
        steps.compile_step({"name": "s", "not_due": True, "events": ["created"]}, True)


def test_the_account_of_a_manager_that_nobody_asked_for_is_told():
    step = steps.compile_step({"name": "s", "events": ["created"], "when": "is_present(manager_account.mail)"}, False)
    with_boss, without = line("E1", "created", manager_account={"mail": "boss@x"}), line("E2", "created")
    items = [objects.of_account(with_boss), objects.of_account(without)]
    objects.check_names([step.when], items)
    assert [one.key for one in steps.due_accounts([with_boss, without], step, None, DAY)[0]] == ["E1"]
    with pytest.raises(HrisError, match=r"no account has a manager_account\. The run writes it with outcome_also: \[manager_account\]"):
        objects.check_names([step.when], items[1:])
    objects.check_names([step.when], [])
