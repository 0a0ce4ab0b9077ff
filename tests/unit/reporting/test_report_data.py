"""The quality of HR data, and reconciliation: each fault is found once, and what is right is not complained about."""
from __future__ import annotations

import feeds
import plans
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_quality import quality_of
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_view import (
    REMEMBERED,
    data_markdown,
    data_page,
    data_view,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.reconcile import reconcile

STAFF = plans.STAFF


def quality(employees, key="id", required=(), unique=(), redact=()):
    return quality_of(employees, key, list(required), list(unique), list(redact))


def found(report) -> set:
    return {(entry["kind"], entry["key"], entry["place"], entry["severity"]) for entry in report["findings"]}


def test_each_fault_once():
    assert found(quality(feeds.feed())) == {
        ("missing", "u-0", "email", "warning"), ("double", "u-1", "email", "warning"), ("double", "u-2", "email", "warning"), ("odd", "u-3", "startDate", "warning"),
        ("odd", "u-4", "lastName", "warning"), ("odd", "u-5", "firstName", "warning"), ("odd", "u-6", "firstName", "warning"), ("odd", "u-7", "email", "warning"),
        ("odd", "u-8", "employeeNumber", "warning"), ("odd", "u-9", "active", "warning"), ("missing", "u-10", "department", "warning")}


def test_a_good_feed_has_no_finding():
    report = quality([feeds.employee(number, endDate="2026-01-31" if number % 3 else None, firstName=name) for number, name in
                      enumerate(["Ann", "O'Brien", "van der Merwe", "Chloé", "D'Angelo-Smith", "Ng", "李"] * 20)])
    assert report["findings"] == [] and report["fields"]["endDate"]["missing"] == 47 and "department" not in report["fields"]


def test_what_must_be_there_and_be_ones_own():
    employees = [feeds.employee(0), feeds.employee(1, lastName=None), feeds.employee(2, email="USER0@example.com")]
    assert found(quality(employees, required=["lastName"], unique=["email"])) == {
        ("missing", "u-1", "lastName", "error"), ("double", "u-0", "email", "error"), ("double", "u-2", "email", "error")}
    assert found(quality([feeds.employee(0), feeds.employee(0), feeds.employee(1, id=None)])) == {
        ("double", "u-0", "id", "error"), ("missing", "record 3", "id", "error")}


@pytest.mark.parametrize("option", [{"key": "identifier"}, {"required": ["lastname"]}, {"unique": ["emial"]}])
def test_a_field_that_nobody_has(option):
    with pytest.raises(HrisError, match="no employee has the field"):
        quality(feeds.feed(), **option)


def test_personal_fields_are_hidden():
    report = quality(feeds.feed(), redact=["email", "employeeNumber", "firstName", "lastName", "startDate"])
    assert found(report) == found(quality(feeds.feed()))
    texts = " ".join(entry["message"] for entry in report["findings"])
    assert "(hidden)" in texts and not [word for word in ("user2", "mia at", "'1008'", "Ren", "2021-02-30", "n/a") if word in texts]


def test_what_is_missing_of_a_reference():
    employees = [feeds.employee(number, department={"id": "d", "title": None if number == 7 else "x", "head": {"id": "h"} if number != 8 else None}) for number in range(2000)]
    report = quality([*employees, feeds.employee(2000, department=None)], required=["department.title"])
    assert found(report) == {("missing", "u-7", "department.title", "error"), ("missing", "u-8", "department.head", "warning"),
                             ("missing", "u-2000", "department.title", "error"), ("missing", "u-2000", "department", "warning")}
    assert {entry["message"] for entry in report["findings"] if entry["severity"] == "warning"} == {
        "department.head is missing; 99.9 % of the employees have it.", "department is missing; 99.9 % of the employees have it."}


def test_an_empty_feed():
    assert quality([]) == {"employees": 0, "fields": {}, "findings": []}


def line(key, dn=f"CN=Ann,{STAFF}", events=(), guid="g", **attributes):
    return {"key": key, "guid": guid and guid + key, "dn": dn, "state": "active", "events": list(events), "before": {},
            "attributes": {name: [value] for name, value in attributes.items()}}


def plan(*changes, findings=(), **more):
    return {"changes": [{"guid": "g", "dn": f"CN=Ann,{STAFF}", "reason": "r", **change} for change in changes], "findings": list(findings), **more}


def kinds(entries) -> list:
    return [(entry["kind"], entry["key"], entry["severity"]) for entry in entries]


def test_accounts_that_nobody_owns():
    assert kinds(reconcile(plan(findings=[plans.FINDINGS[2]], matched={"accounts_without_person": 31}), [], None, [])) == [
        ("unowned", "E2003", "warning"), ("unowned", None, "info")]


def test_employees_without_account():
    making = plan({"key": "1", "action": "create"}, {"key": "2", "action": "create"}, {"key": "3", "action": "create"}, findings=[plans.FINDINGS[0]])
    assert kinds(reconcile(making, None, None, [])) == [("no_account", key, "info") for key in "123"], "a plan alone tells what it would do"
    assert kinds(reconcile(making, [line("1"), line("2", events=["created"], guid=None)], None, [])) == [
        ("no_account", "2", "info"), ("no_account", "3", "warning"), ("no_account", "E2001", "error")]


def test_enabled_though_they_should_not_be():
    locking = plan({"key": "1", "action": "disable"}, {"key": "2", "action": "disable"}, findings=[plans.finding("warning", "reenabled", "3", None, "was enabled by hand")])
    assert kinds(reconcile(locking, [line("1", events=["disabled"]), line("2")], None, [])) == [("wrongly_enabled", "3", "warning"), ("wrongly_enabled", "2", "warning")]


def test_changed_by_somebody_else():
    earlier = [line("1", title="Clerk", mail="a@x.example"), line("2", title="Clerk"), line("3", title="Clerk", extra="x"), line("4", title="Clerk"), line("5", guid="old", title="Clerk")]
    now = [line("1", title="Clerk", mail="a@x.example", more="y"), line("2", title="Clerk", more="y"), line("3", title="Boss"), line("4", dn="CN=Ann,OU=Temp"), line("5", title="Boss")]
    ours = plan({"key": "2", "action": "update", "attributes": {"title": {"before": ["Typist"], "after": ["Clerk"]}}},
                {"key": "1", "action": "update", "attributes": {"mail": {"before": ["a@x.example"], "after": ["b@x.example"]}}})
    entries = reconcile(ours, now, earlier, [])
    assert [(entry["key"], entry["message"]) for entry in entries] == [
        ("2", "title was Clerk after the last run, and this one found Typist."), ("3", "title was Clerk after the last run, and this one found Boss."),
        ("4", f"the account was moved or renamed: CN=Ann,{STAFF} is now CN=Ann,OU=Temp."), ("4", "title was Clerk after the last run, and this one found empty.")], \
        "what only one run read is a change of rules, and another account is another account"
    hidden = reconcile(ours, now, earlier, ["title", "cn"])
    assert len(hidden) == 4 and not [entry for entry in hidden if "Clerk" in entry["message"] or "CN=Ann" in entry["message"]]


def test_our_own_changes_are_not_somebody_elses():
    moving = plan({"key": "1", "action": "move", "to": "CN=Ann,OU=Leavers"}, {"key": "1", "action": "update", "attributes": {"title": {"before": ["Clerk"], "after": ["Boss"]}}})
    assert reconcile(moving, [line("1", dn="CN=Ann,OU=Leavers", title="Boss")], [line("1", title="Clerk")], []) == []


def report(employees, as_of, last=None, reconciled=None):
    return data_view("elmo", as_of, quality(employees), reconciled, last)


def test_counts_over_time():
    last = None
    for day in range(1, 4):
        last = report(feeds.feed(100 + day), f"2026-03-0{day}", last)
    assert [(entry["as_of"], entry["employees"], entry["odd"]) for entry in last["history"]] == [("2026-03-01", 101, 7), ("2026-03-02", 102, 7), ("2026-03-03", 103, 7)]
    assert report(feeds.feed(), "2026-03-03", last)["history"][:2] == last["history"][:2], "the same moment again is the same entry"
    page, text = data_page(last), data_markdown(last, 100)
    assert "Employees, from 101 to 103 in 3 reports" in page and "| Employees | 103 | +1 |" in text and "| Odd values | 7 | 0 |" in text
    for day in range(REMEMBERED + 5):
        last = report([], f"day {day}", last)
    assert len(last["history"]) == REMEMBERED


def test_fields_come_and_go():
    without = [{name: value for name, value in employee.items() if name != "mobile"} | {"phone": "1"} for employee in feeds.feed()]
    now = report(without, "b", report(feeds.feed(), "a"))
    assert (now["gone"], now["new"]) == (["mobile"], ["phone"])
    assert "Gone since the last report: mobile" in data_page(now) and "Fields that are gone: `mobile`" in data_markdown(now, 10)


@pytest.mark.parametrize("last", [[], {}, {"format": "hris.ad plan 1"}])
def test_a_last_report_that_is_none(last):
    with pytest.raises(HrisError, match="no report of data"):
        report(feeds.feed(), "a", last)
