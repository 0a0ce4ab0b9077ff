# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several records of one person: which belong together, which is the primary one on a day, and what the account does."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import permutations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import ValueChange

SAME = {"same": {"tax_number": "tax"}}


def record(company, number, *names, **more):
    return company.employee(number, *names, **({"tax": "T1", "kind": "employee"} | more))


def seen(people):
    """{key of the primary record: state}."""
    return {person.key: person.state for person in people}


@pytest.mark.parametrize(("first", "second", "primary"), [
    ({"kind": "contractor"}, {"kind": "employee"}, "2"),
    ({"kind": "employee", "end": "2026-12-31"}, {"kind": "contractor"}, "2"),
    ({"kind": "employee"}, {"kind": "contractor"}, "1"),
    ({"start": "2021-01-01"}, {"start": "2020-06-01"}, "2"),  # no preference decides: the earlier start
    ({}, {}, "1"),  # then the key
])
@pytest.mark.parametrize("turned", [False, True])
def test_the_primary_record_of_several_current_ones(company, first, second, primary, turned):
    records = [record(company, "1", **first), record(company, "2", **second)]
    rules = {"identity": SAME, "primary": {"prefer": ["end == `null`", "kind == 'employee'"]}}
    people, findings = company.people(*records[::-1 if turned else 1], **rules)
    assert (seen(people), findings) == ({primary: "active"}, [])
    assert set(people[0].keys) == {"1", "2"}


# (days of each record, from and to; bridge_days) -> {day: (state, title of the primary record)}
DAYS = [
    # a conversion without a gap: nobody notices
    ([("A", "2025-01-01", "2026-03-31"), ("B", "2026-04-01", None)], 0, {
        "2026-03-31": ("active", "A"), "2026-04-01": ("active", "B"), "2026-06-01": ("active", "B")}),
    # overlapping: the earlier one until it ends
    ([("A", "2025-01-01", "2026-03-31"), ("B", "2026-03-10", None)], 0, {
        "2026-03-09": ("active", "A"), "2026-03-10": ("active", "A"), "2026-04-01": ("active", "B")}),
    # a gap that is not bridged: access ends and comes back; the account is prepared seven days ahead
    ([("A", "2025-01-01", "2026-03-31"), ("B", "2026-06-01", None)], 0, {
        "2026-03-31": ("active", "A"), "2026-04-01": ("leaver", "A"), "2026-05-24": ("leaver", "A"), "2026-05-25": ("prepared", "B"),
        "2026-06-01": ("active", "B")}),
    ([("A", "2025-01-01", "2026-03-31"), ("B", "2026-06-01", None)], 60, {"2026-04-01": ("leaver", "A")}),
    # 61 days without work
    ([("A", "2025-01-01", "2026-03-31"), ("B", "2026-06-01", None)], 61, {
        "2026-04-01": ("active", "A"), "2026-05-31": ("active", "A"), "2026-06-01": ("active", "B")}),
    # three records, one of them nested
    ([("A", "2020-01-01", "2026-12-31"), ("B", "2026-01-01", "2026-02-01"), ("C", "2027-01-01", None)], 0, {
        "2026-01-15": ("active", "A"), "2026-12-31": ("active", "A"), "2027-01-01": ("active", "C")}),
    # all have ended: the one that ended last
    ([("A", "2020-01-01", "2026-02-01"), ("B", "2021-01-01", "2025-01-01")], 0, {
        "2025-06-01": ("active", "A"), "2026-02-02": ("leaver", "A")}),
    # none has begun
    ([("A", "2026-06-01", None), ("B", "2026-05-01", None)], 0, {
        "2026-04-01": ("not_due", "B"), "2026-04-28": ("prepared", "B"), "2026-05-01": ("active", "B"), "2026-06-01": ("active", "B")}),
]


@pytest.mark.parametrize(("records", "bridge", "expected"), DAYS)
@pytest.mark.parametrize("keys", ["one key", "different keys"])
def test_a_person_day_by_day(company, records, bridge, expected, keys):
    employees = [
        record(company, "1" if keys == "one key" else str(number), title=title, start=start, end=end)
        for number, (title, start, end) in enumerate(records, 1)
    ]
    rules = {"identity": SAME, "leaver": {"bridge_days": bridge}, "joiner": {"create_days_before": 7}}
    for day, found in expected.items():
        as_of = datetime.fromisoformat(day).replace(hour=12, tzinfo=timezone.utc)
        (person,), findings = company.people(*employees, as_of=as_of, **rules)
        assert ((person.state, person.record["title"]), findings) == (found, []), day


def test_the_primary_record_never_flips_while_nothing_begins_or_ends(company):
    records = [record(company, str(n), start=f"202{n}-01-01", title=str(n)) for n in range(3, 0, -1)]
    as_of, titles = datetime(2024, 1, 1, 12, tzinfo=timezone.utc), set()
    for day in range(800):
        (person,), _findings = company.people(*records, as_of=as_of + timedelta(days=day), identity=SAME)
        titles.add(person.record["title"])
    assert titles == {"1"}


def test_the_days_of_a_person_are_those_of_all_records_without_a_gap(company):
    rows = [("2024-01-01", "2025-06-30"), ("2025-07-01", "2026-03-31"), ("2026-04-01", "2026-09-30"), ("2027-01-01", None)]
    (person,), _findings = company.people(*(record(company, "1", start=start, end=end) for start, end in rows))
    assert (person.start, person.end, person.first_day_without_access) == ("2024-01-01", "2026-09-30", "2026-10-01")
    (person,), _findings = company.people(*(record(company, "1", start=start, end=end) for start, end in rows), leaver={"bridge_days": 92})
    assert (person.start, person.end, person.first_day_without_access) == ("2024-01-01", None, None)


def test_on_leave_only_when_all_current_records_are(company):
    dates = {"start": "start", "end": "end", "on_leave": "away"}
    one, other = record(company, "1", away=True), record(company, "1", title="Other", away=False)
    assert company.people(one, other, dates=dates)[0][0].state == "active"
    assert company.people(one, other | {"away": True}, dates=dates)[0][0].state == "leave"


def test_equal_records_are_one(company):
    people, findings = company.people(company.employee("1"), company.employee("1"))
    assert people[0].employment is None and findings == []


@pytest.mark.parametrize("values", [(None, None), ("", ""), ("T1", None), ("T1", "T2")])
def test_people_without_the_same_identifier_stand_alone(company, values):
    records = [record(company, str(number), tax=value) for number, value in enumerate(values)]
    people, findings = company.people(*records, identity=SAME)
    assert seen(people) == {"0": "active", "1": "active"} and findings == []


def test_identifiers_join_through_a_third_record(company):
    records = [record(company, "1", tax="T1", mail="a@x"), record(company, "2", tax="T2", mail="a@x"), record(company, "3", tax="T2", mail="b@x")]
    people, _findings = company.people(*records, record(company, "4", tax="T4", mail="c@x"), identity={"same": {"tax_number": "tax", "address": "mail"}})
    assert [sorted(person.keys) for person in people] == [["1", "2", "3"], ["4"]]


def test_an_identifier_that_cannot_be_read_holds_the_person(company):
    people, findings = company.people(record(company, "1", tax=["x"]), record(company, "2"), identity={"same": {"tax_number": "upper(tax)"}})
    assert seen(people) == {"1": "held", "2": "active"}
    assert [(entry.kind, entry.key, entry.place) for entry in findings] == [("held", "1", "identity.same.tax_number")]


def exception(action, key="1", **more):
    return {"key": key, "action": action, "reason": "test"} | more


def test_what_looks_alike_is_proposed_and_a_human_decides(company):
    records = [record(company, "1", tax=None, born="1990-01-01"), record(company, "2", tax=None, born="1990-01-01"),
               record(company, "3", tax=None, born="1991-01-01")]
    rules = {"identity": {"similar": {"name_and_birth": "{first} {last} {born}"}}}
    people, findings = company.people(*records, **rules)
    assert len(people) == 3 and [(entry.kind, entry.key, entry.severity) for entry in findings] == [("same_person", "2", "warning")]
    assert "1990" not in findings[0].message, "a birth date is not shown"
    people, findings = company.people(*records, exceptions=[exception("separate", other="2")], **rules)
    assert len(people) == 3 and findings == []
    people, findings = company.people(*records, exceptions=[exception("join", other="2")], **rules)
    assert [sorted(person.keys) for person in people] == [["1", "2"], ["3"]] and findings == []
    people, findings = company.people(*records, exceptions=[exception("join", other="2", until="2026-03-01")], **rules)
    assert len(people) == 3 and len(findings) == 1, "the exception is over"


def test_separate_is_stronger_than_an_identifier(company):
    people, _findings = company.people(record(company, "1"), record(company, "2"), identity=SAME, exceptions=[exception("separate", other="2")])
    assert len(people) == 2


@pytest.mark.parametrize(("separated", "expected"), [
    (["3"], [["1", "2"], ["3"]]),
    (["2", "3"], [["1"], ["2", "3"]]),  # those whom a human separated from a third one are still one person
])
def test_separated_people_are_the_same_for_any_order_of_the_feed(company, separated, expected):
    exceptions = [exception("separate", other=key) for key in separated]
    for records in permutations([record(company, key) for key in "123"]):
        people, _findings = company.people(*records, identity=SAME, exceptions=exceptions)
        assert sorted(sorted(person.keys) for person in people) == expected


def test_names_are_compared_in_any_order_of_the_feed(company):
    """Two of three records have no name in common."""
    for records in permutations([company.employee("1", *names) for names in (("Ann", "Lee"), ("Ann", "Walker"), ("Karim", "Walker"))]):
        assert company.people(*records)[0][0].state == "held"
    assert company.people(*(company.employee("1", *names) for names in (("Ann", "Lee"), ("Ann", "Walker"), ("Ann", None))))[0][0].state == "active"


def test_two_humans_with_one_number_are_held(company):
    one, other = company.employee("1"), company.employee("1", "Karim", "Osei")
    (person,), findings = company.people(one, other)
    assert person.state == "held" and not person.has_left
    assert [(entry.kind, entry.key) for entry in findings] == [("held", "1")] and "confirm the key in exceptions" in findings[0].message
    assert company.people(one, company.employee("1", "Ann", "Walker"))[0][0].state == "active", "a name after a marriage"
    assert company.people(one, other, exceptions=[exception("confirm")])[0][0].state == "active"


# The account

def settled(company, number="1", **more):
    values = {"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk", "groups": ["CN=All Staff,OU=Groups,DC=corp,DC=example"]}
    return company.account(number, "alee", "Ann Lee", **(values | more))


def actions_of(plan):
    return [entry.action for entry in plan.changes]


@pytest.mark.parametrize("has", ["1", "2"])
def test_the_account_is_found_by_any_key_and_keeps_it(company, has):
    rows = [record(company, "1", end="2026-03-01"), record(company, "2", start="2026-03-02")]
    account = settled(company, has)
    plan = company.plan(rows, company.snapshot(account), identity=SAME)
    (change,) = plan.changes
    other = {"1": "2", "2": "1"}[has]
    assert change.attributes == {"adminDescription": ValueChange(
        ["hris.ad source=elmo state=active"], [f"hris.ad source=elmo state=active key={other}"])}
    account.attributes["adminDescription"] = change.attributes["adminDescription"].after
    assert (company.plan(rows, company.snapshot(account), identity=SAME).changes, plan.findings) == ([], [])


def test_a_new_account_has_the_other_key_in_its_mark(company):
    plan = company.plan([record(company, "1"), record(company, "2")], company.snapshot(), identity=SAME)
    values = plan.changes[0].attributes
    assert (values["employeeID"].after, values["adminDescription"].after) == (["1"], ["hris.ad source=elmo state=active key=2"])


def test_the_account_is_relinked_when_hr_removes_the_record_of_its_key(company):
    """No fallback is needed: the mark has the other key."""
    account = settled(company, "C 7", mark="hris.ad source=elmo state=active key=E 9")
    plan = company.plan([record(company, "E 9")], company.snapshot(account))
    assert [(entry.action, entry.attributes) for entry in plan.changes] == [
        ("relink", {"employeeID": ValueChange(["C 7"], ["E 9"])}),
        ("update", {"adminDescription": ValueChange(["hris.ad source=elmo state=active key=E 9"], ["hris.ad source=elmo state=active"])})]
    assert plan.findings == [] and plan.matched["by_key"] == 1
    limited = company.plan([record(company, "E 9")], company.snapshot(account), limits={"relink": {"count": 0}})
    assert [verdict.exceeded for verdict in limited.limits if verdict.action == "relink"] == [True]
    left = company.plan([record(company, "E 9", end="2026-02-01")], company.snapshot(account))
    assert left.changes[0].attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-02-02 key=E 9"]
    gone = company.plan([record(company, "E 10")], company.snapshot(account))
    assert "relink" not in {entry.action for entry in gone.changes}


def test_two_people_who_were_one_by_mistake(company):
    """HR corrects the tax number: the account still has the key of the other one in its mark."""
    account = settled(company, "1", mark="hris.ad source=elmo state=active key=2")
    rows = [record(company, "1"), record(company, "2", "Bo", "Ek", tax="T2")]
    plan = company.plan(rows, company.snapshot(account), identity=SAME)
    assert plan.changes == [] and [entry.kind for entry in plan.findings] == ["duplicate_person"] * 2
    assert "action separate" in plan.findings[0].message
    plan = company.plan(rows, company.snapshot(account), identity=SAME, exceptions=[exception("separate", other="2")])
    assert [(entry.action, entry.key) for entry in plan.changes] == [("update", "1"), ("create", "2"), ("group_add", "2")] and plan.findings == []
    assert plan.changes[0].attributes["adminDescription"].after == ["hris.ad source=elmo state=active"]


@pytest.mark.parametrize("first", [{"department": "Casual"}, {"start": "soon"}, {"start": "2027-01-01"}])
def test_a_fallback_takes_no_account_of_somebody_who_has_not_left(company, first):
    """Out of scope, held, and not due."""
    ways = {"relink": True, "fallbacks": [{"attribute": "mail", "value": "post"}]}
    rows = [company.employee("1", **({"post": None} | first)), company.employee("2", "Bo", "Ek", post="ann@example.com")]
    plan = company.plan(rows, company.snapshot(settled(company, mail="ann@example.com")), correlation=ways, scope={"when": "department != 'Casual'"})
    assert actions_of(plan) == ["create", "group_add"]


@pytest.mark.parametrize(("second", "actions"), [
    ({"department": "Casual"}, ["disable"]),  # who is not served
    ({"start": "2027-01-01"}, ["disable"]),  # who is not due
    ({"first": "Bo", "last": "Ek"}, ["disable"]),  # who is held: the account is that of another human
    ({}, ["relink"]),
])
def test_a_fallback_keeps_no_account_of_a_leaver_open(company, second, actions):
    ways = {"relink": True, "fallbacks": [{"attribute": "mail", "value": "post"}]}
    rows = [company.employee("1", post=None, end="2026-03-01"), company.employee("2", **({"post": "ann@example.com"} | second))]
    for feed in (rows, rows[::-1]):
        plan = company.plan(feed, company.snapshot(settled(company, mail="ann@example.com")), correlation=ways, leaver={"groups": "keep"},
                            scope={"when": "department != 'Casual'"})
        assert actions_of(plan) == actions
        assert "has_left" not in {entry.kind for entry in plan.findings}


def test_an_account_of_somebody_who_is_blocked_is_not_found_by_its_mark(company):
    """Key 1 is in the feed, with two accounts: none of them goes over to somebody else."""
    accounts = [settled(company, "1", mark="hris.ad source=elmo state=active key=3"), company.account("2", "alee2", "Ann Lee 2")]
    rows = [record(company, "1"), record(company, "2"), record(company, "3", tax="T3")]
    plan = company.plan(rows, company.snapshot(*accounts), identity=SAME)
    assert plan.changes == [] and [(entry.kind, entry.key) for entry in plan.findings] == [("duplicate_account", "1"), ("duplicate_person", "3")]


def test_a_fallback_takes_no_account_that_was_found_by_its_mark(company):
    ways = {"relink": True, "fallbacks": [{"attribute": "mail", "value": "post"}]}
    account = settled(company, "C7", mail="ann@example.com", mark="hris.ad source=elmo state=active key=1")
    rows = [company.employee("1", post=None), company.employee("2", "Bo", "Ek", post="ann@example.com")]
    plan = company.plan(rows, company.snapshot(account), correlation=ways)
    assert [(entry.action, entry.key) for entry in plan.changes] == [("relink", "1"), ("update", "1"), ("create", "2"), ("group_add", "2")]


def test_the_account_goes_over_to_a_new_key_where_the_rules_relink(company):
    """The record of the first key is gone from the feed."""
    account = settled(company, "1", mail="ann@example.com")
    ways = {"relink": True, "fallbacks": [{"attribute": "mail", "value": "post"}]}
    plan = company.plan([record(company, "2", post="ann@example.com")], company.snapshot(account), correlation=ways, identity=SAME)
    assert actions_of(plan) == ["relink"]
    assert plan.changes[0].attributes["employeeID"] == ValueChange(["1"], ["2"])


def test_two_accounts_of_one_person_are_not_merged(company):
    accounts = [settled(company, "1"), company.account("2", "alee2", "Ann Lee 2", title="Other")]
    both = [record(company, "1"), record(company, "2")]
    plan = company.plan(both, company.snapshot(*accounts), identity=SAME)
    assert plan.changes == [] and [(entry.kind, entry.key) for entry in plan.findings] == [("duplicate_account", "1")]
    plan = company.plan([record(company, "1", end="2026-03-01"), both[1]], company.snapshot(*accounts), identity=SAME)
    assert [(entry.action, entry.dn, entry.key) for entry in plan.changes] == [("disable", accounts[0].dn, "1")], "its own records have ended"
    assert [entry.kind for entry in plan.findings] == ["duplicate_account"]


def test_a_lock_and_nothing_else_keeps_the_other_key_in_the_mark(company):
    """Otherwise the next run would not find the account of key 3, and create a second one."""
    accounts = [settled(company, "1", mark="hris.ad source=elmo state=active key=3"), company.account("2", "alee2", "Ann Lee 2")]
    rows = [record(company, "1", end="2026-03-01"), record(company, "2"), record(company, "3", tax="T3")]
    plan = company.plan(rows, company.snapshot(*accounts), identity=SAME)
    assert [(entry.action, entry.attributes["adminDescription"].after) for entry in plan.changes] == [
        ("disable", ["hris.ad source=elmo state=disabled since=2026-03-02 key=3"])]


def test_a_bridged_gap_and_its_end_when_hr_withdraws_the_next_record(company):
    rules = {"leaver": {"bridge_days": 40, "delete_after_days": 10}}
    first, following = record(company, "1", end="2026-02-15"), record(company, "1", start="2026-03-20", title="Next")
    account = settled(company)
    plan = company.plan([first, following], company.snapshot(account), **rules)
    assert [entry.attributes["adminDescription"].after for entry in plan.changes] == [["hris.ad source=elmo state=active bridged=2026-03-02"]]
    account.attributes["adminDescription"] = ["hris.ad source=elmo state=active bridged=2026-02-16"]
    assert company.plan([first, following], company.snapshot(account), **rules).changes == []
    plan = company.plan([first], company.snapshot(account), **rules)
    assert plan.changes[0].attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-03-02"], "not since 16 February"
    later = company.as_of + timedelta(days=18)
    plan = company.plan([first, following], company.snapshot(account), as_of=later, **rules)
    assert plan.changes[0].attributes["adminDescription"].after == ["hris.ad source=elmo state=active"]


@pytest.mark.parametrize(("records", "groups"), [("primary", {"All Staff"}), ("current", {"All Staff", "Finance"})])
def test_groups_from_the_primary_or_from_every_current_record(company, records, groups):
    rule = {"groups": ["Finance"], "when": "department == 'Finance'", "records": records}
    employees = [record(company, "1"), record(company, "1", start="2021-01-01", department="Finance")]
    ended = record(company, "1", start="2021-01-01", end="2022-01-01", department="Finance")
    rules = {"groups": [{"groups": ["All Staff"]}, rule]}
    plan = company.plan(employees, company.snapshot(), **rules)
    assert {entry.group.partition(",")[0][3:] for entry in plan.changes if entry.group} == groups
    plan = company.plan([employees[0], ended], company.snapshot(), **rules)
    assert {entry.group.partition(",")[0][3:] for entry in plan.changes if entry.group} == {"All Staff"}


def test_a_manager_is_found_by_any_record(company):
    boss = [record(company, "8", "Bo", "Ray", tax="T8", end="2026-01-31"), record(company, "9", "Bo", "Ray", tax="T8", start="2026-02-01")]
    (_boss, person), findings = company.people(*boss, record(company, "1", manager="id-8"), identity=SAME)
    assert person.references == {"manager": ("elmo", "9")} and findings == []


def test_required(company):
    employees = [company.employee("1"), company.employee("2", title=None), company.employee("3", title="", end="2020-02-01")]
    plan = company.plan(employees, company.snapshot(), required=["title"])
    assert plan.people == {"active": 1, "held": 1, "leaver": 1}, "a leaver is locked whatever is missing"
    assert [(entry.key, entry.place) for entry in plan.findings] == [("2", "required[0]")]
