"""The quality of HR data, and reconciliation: each fault is found once, and what is right is not complained about."""
from __future__ import annotations

import json
from dataclasses import replace

import feeds
import plans
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.commands.data_report import (
    part_of_source,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import Finding
from ansible_collections.hris.ad.plugins.module_utils._hris.model.outcomes import AccountOutcome
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting import (
    reconcile as reconciling,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_markdown import (
    data_markdown,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_page import data_page
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_quality import (
    FieldRules,
    Quality,
    quality_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_view import (
    NO_REPORT,
    REMEMBERED,
    data_view,
    last_report,
    report_to_json,
)
from unpacking import unpacked

STAFF = plans.STAFF


def quality(employees, key="id", required=(), unique=(), redact=()):
    return quality_of(employees, FieldRules(key, required, unique, redact))


def found(report) -> set:
    return {(entry.kind, entry.key, entry.place, entry.severity) for entry in report.findings}


def test_each_fault_once():
    assert found(quality(feeds.feed())) == {
        ("missing", "u-0", "email", "warning"), ("duplicate", "u-1", "email", "warning"), ("duplicate", "u-2", "email", "warning"), ("unusual", "u-3", "startDate", "warning"),
        ("unusual", "u-4", "lastName", "warning"), ("unusual", "u-5", "firstName", "warning"), ("unusual", "u-6", "firstName", "warning"), ("unusual", "u-7", "email", "warning"),
        ("unusual", "u-8", "employeeNumber", "warning"), ("unusual", "u-9", "active", "warning"), ("missing", "u-10", "department", "warning")}


def test_a_good_feed_has_no_finding():
    report = quality([feeds.employee(number, endDate="2026-01-31" if number % 3 else None, firstName=name) for number, name in
                      enumerate(["Ann", "O'Brien", "van der Merwe", "Chloé", "D'Angelo-Smith", "Ng", "李"] * 20)])
    assert report.findings == [] and report.fields["endDate"].missing == 47 and "department" not in report.fields


def test_what_must_be_there_and_be_ones_own():
    employees = [feeds.employee(0), feeds.employee(1, lastName=None), feeds.employee(2, email="USER0@example.com")]
    assert found(quality(employees, required=["lastName"], unique=["email"])) == {
        ("missing", "u-1", "lastName", "error"), ("duplicate", "u-0", "email", "error"), ("duplicate", "u-2", "email", "error")}
    assert found(quality([feeds.employee(0), feeds.employee(0), feeds.employee(1, id=None)])) == {
        ("duplicate", "u-0", "id", "error"), ("missing", "record 3", "id", "error")}


@pytest.mark.parametrize("option", [{"key": "identifier"}, {"required": ["lastname"]}, {"unique": ["emial"]}])
def test_a_field_that_nobody_has(option):
    with pytest.raises(HrisError, match="no employee has the field"):
        quality(feeds.feed(), **option)


def test_personal_fields_are_hidden():
    report = quality(feeds.feed(), redact=["email", "employeeNumber", "firstName", "lastName", "startDate"])
    assert found(report) == found(quality(feeds.feed()))
    texts = " ".join(entry.message for entry in report.findings)
    assert "(hidden)" in texts and not [word for word in ("user2", "mia at", "'1008'", "Ren", "2021-02-30", "n/a") if word in texts]


def test_what_is_missing_of_a_reference():
    employees = [feeds.employee(number, department={"id": "d", "title": None if number == 7 else "x", "head": {"id": "h"} if number != 8 else None}) for number in range(2000)]
    report = quality([*employees, feeds.employee(2000, department=None)], required=["department.title"])
    assert found(report) == {("missing", "u-7", "department.title", "error"), ("missing", "u-8", "department.head", "warning"),
                             ("missing", "u-2000", "department.title", "error"), ("missing", "u-2000", "department", "warning")}
    assert {entry.message for entry in report.findings if entry.severity == "warning"} == {
        "department.head is missing; 99.9 % of the employees have it.", "department is missing; 99.9 % of the employees have it."}


def test_an_empty_feed():
    assert quality([]) == Quality(0, {}, [])


def line(key, dn=f"CN=Ann,{STAFF}", events=(), guid="g", **attributes):
    return AccountOutcome(key=key, source="elmo", type="user", guid=guid and guid + key, dn=dn, state="active", start=None, end=None,
                          first_day_without_access=None, timezone=None, events=list(events), before={}, groups_added=[], groups_removed=[], manager_account={}, employee={},
                          attributes={name: [value] for name, value in attributes.items()})


plan, change, values = plans.bare, plans.change, plans.values


def reconcile(plan, outcomes, earlier, redact):
    return reconciling.reconcile(reconciling.Run(plan, outcomes, earlier), redact)


def kinds(entries) -> list:
    return [(entry.kind, entry.key, entry.severity) for entry in entries]


def test_the_part_of_one_source():
    """The outcome of a run is a file for each source: what the plan does for the others is not missing in it."""
    changes = [plans.change("create", "1", None), replace(plans.change("create", "2", None), source="icehrm")]
    findings = [Finding("held", "m", "3", source="icehrm"), Finding("held", "m", "4", source="elmo"), Finding("new", "m")]
    both = replace(plan(*changes, findings=findings), sources=["elmo", "icehrm"])
    part = part_of_source(both, "elmo")
    assert ([change.key for change in part.changes], [finding.key for finding in part.findings]) == (["1"], ["4", None])
    assert part_of_source(plan(*changes[:1]), "ELMO, the whole company").changes == changes[:1], "a plan of one source, under any title"
    with pytest.raises(HrisError, match="the plan has no source 'elm'.*elmo"):
        part_of_source(both, "elm")
    assert part_of_source(replace(both, sources=["elmo"], left_out=["icehrm"]), "icehrm").findings[0].key == "3", "left out"


def test_accounts_that_nobody_owns():
    assert kinds(reconcile(plan(findings=[plans.FINDINGS[2]], matched={"accounts_without_person": 31}), [], None, [])) == [
        ("unowned", "E2003", "warning"), ("unowned", None, "info")]


def test_employees_without_account():
    making = plan(change("create", "1"), change("create", "2"), change("create", "3"), findings=[plans.FINDINGS[0]])
    assert kinds(reconcile(making, None, None, [])) == [("no_account", key, "info") for key in "123"], "a plan alone tells what it would do"
    assert kinds(reconcile(making, [line("1"), line("2", events=["created"], guid=None)], None, [])) == [
        ("no_account", "2", "info"), ("no_account", "3", "warning"), ("no_account", "E2001", "error")]


def test_enabled_though_they_should_not_be():
    locking = plan(change("disable", "1"), change("disable", "2"), findings=[plans.finding("warning", "reenabled", "3", None, "was enabled by hand")])
    assert kinds(reconcile(locking, [line("1", events=["disabled"]), line("2")], None, [])) == [("wrongly_enabled", "3", "warning"), ("wrongly_enabled", "2", "warning")]


def test_changed_by_somebody_else():
    earlier = [line("1", title="Clerk", mail="a@x.example"), line("2", title="Clerk"), line("3", title="Clerk", extra="x"), line("4", title="Clerk"), line("5", guid="old", title="Clerk")]
    now = [line("1", title="Clerk", mail="a@x.example", more="y"), line("2", title="Clerk", more="y"), line("3", title="Boss"), line("4", dn="CN=Ann,OU=Temp"), line("5", title="Boss")]
    ours = plan(change("update", "2", attributes=values(title=("Typist", "Clerk")), name="Bo Ek"),
                change("update", "1", attributes=values(mail=("a@x.example", "b@x.example"))))
    entries = reconcile(ours, now, earlier, [])
    assert [(entry.key, entry.message) for entry in entries] == [
        ("2", "title was Clerk after the last run, and this run found Typist."), ("3", "title was Clerk after the last run, and this run found Boss."),
        ("4", f"The account was moved or renamed: CN=Ann,{STAFF} is now CN=Ann,OU=Temp."), ("4", "title was Clerk after the last run, and this run found empty.")], \
        "what only one run read is a change of rules, and another account is another account"
    hidden = reconcile(ours, now, earlier, ["title", "cn"])
    assert len(hidden) == 4 and not [entry for entry in hidden if "Clerk" in entry.message or "CN=Ann" in entry.message or entry.name]
    assert [entry.name for entry in entries] == ["Bo Ek", None, None, None]


def test_our_own_changes_are_not_somebody_elses():
    moving = plan(change("move", "1", to="CN=Ann,OU=Leavers"), change("update", "1", attributes=values(title=("Clerk", "Boss"))))
    assert reconcile(moving, [line("1", dn="CN=Ann,OU=Leavers", title="Boss")], [line("1", title="Clerk")], []) == []


def report(employees, as_of, last=None, reconciled=None):
    """The report; last: the one before, which is read from its JSON."""
    before = NO_REPORT if last is None else last_report(json.loads(json.dumps(report_to_json(last))), "last.json")
    return data_view("elmo", as_of, quality(employees), reconciled, before)


def test_counts_over_time():
    last = None
    for day in range(1, 4):
        last = report(feeds.feed(100 + day), f"2026-03-0{day}", last)
    assert [(entry.as_of, entry.counts["employees"], entry.counts["unusual"]) for entry in last.history] == [("2026-03-01", 101, 7), ("2026-03-02", 102, 7), ("2026-03-03", 103, 7)]
    assert report(feeds.feed(), "2026-03-03", last).history[:2] == last.history[:2], "the same moment again is the same entry"
    page, text = unpacked(data_page(last)), data_markdown(last, 100)
    assert "Employees, from 101 to 103 in 3 reports" in page and "| Employees | 103 | +1 |" in text and "| Unusual values | 7 | 0 |" in text
    for day in range(REMEMBERED + 5):
        last = report([], f"day {day}", last)
    assert len(last.history) == REMEMBERED


def test_fields_come_and_go():
    without = [{name: value for name, value in employee.items() if name != "mobile"} | {"phone": "1"} for employee in feeds.feed()]
    now = report(without, "b", report(feeds.feed(), "a"))
    assert (now.removed_fields, now.new_fields) == (["mobile"], ["phone"])
    assert "Gone since the last report: mobile" in data_page(now) and "Fields that are gone: `mobile`" in data_markdown(now, 10)


@pytest.mark.parametrize("last", [[], {}, {"format": "hris.ad plan 1"}, {"format": "hris.ad data report 1"},
                                  {"format": "hris.ad data report 1", "fields": {"a": {}}, "history": []}])
def test_a_last_report_that_is_none(last):
    with pytest.raises(HrisError, match="not a report on data"):
        last_report(last, "last.json")


def test_the_name_of_a_person_comes_from_the_outcome_where_the_plan_has_none():
    earlier, now = [line("1", displayName="Ann Lee", title="Clerk")], [line("1", displayName="Ann Lee", title="Boss")]
    named = replace(plan(), labels=["displayName"])
    assert [(entry.place, entry.name) for entry in reconcile(named, now, earlier, [])] == [("title", "Ann Lee")]
    assert [entry.name for entry in reconcile(named, now, earlier, ["displayName"])] == [None]
