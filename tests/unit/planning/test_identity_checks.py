# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that HR gives again or changes: nobody gets the account of somebody else, and nobody a second one."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import NamedObject

ALL_STAFF = "CN=All Staff,OU=Groups,DC=corp,DC=example"
LOCKED = {"enabled": False, "groups": []}


def settled(company, number="1", sam="alee", **more):
    values = {"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk", "groups": [ALL_STAFF]}
    return company.account(number, sam, "Ann Lee", **(values | more))


def locked(company, since, **more):
    return settled(company, ou=company.leavers, mark=f"hris.ad source=elmo state=disabled since={since}", **(LOCKED | more))


def kinds(plan):
    return [(entry.kind, entry.key, entry.severity) for entry in plan.findings]


def exception(action, key="1", **more):
    return {"key": key, "action": action, "reason": "test"} | more


@pytest.mark.parametrize("account", [settled, lambda company: locked(company, "2026-02-28")])
def test_a_number_given_again_gets_nothing_of_the_account(company, account):
    plan = company.plan([company.employee("1", "Karim", "Osei")], company.snapshot(account(company)), rehire={"restore": [{"within_days": 400, "what": "groups"}]})
    assert plan.changes == [] and kinds(plan) == [("identity_changed", "1", "error")] and plan.people == {"held": 1}
    assert "given name and family name both differ" in plan.findings[0].message and "action: confirm" in plan.findings[0].message
    assert "Osei" not in plan.findings[0].message, "values stay out of the message"


def test_the_leaver_of_a_number_given_again_is_locked(company):
    plan = company.plan([company.employee("1", "Karim", "Osei", end="2026-02-27")], company.snapshot(settled(company)))
    assert [entry.action for entry in plan.changes] == ["disable"], "a lock, and nothing else"
    assert kinds(plan) == [("identity_changed", "1", "error")]


def test_the_run_after_that_lock_writes_nothing_either(company):
    rules = {"leaver": {"groups": "remove_all", "move_to": company.leavers, "delete_after_days": 1}}
    account = settled(company, enabled=False, mark="hris.ad source=elmo state=disabled since=2026-02-28")
    plan = company.plan([company.employee("1", "Karim", "Osei", end="2026-02-27")], company.snapshot(account), **rules)
    assert plan.changes == [] and kinds(plan) == [("identity_changed", "1", "error")]


@pytest.mark.parametrize("end", [None, "2026-02-27"])
def test_names_that_the_leaver_rules_wrote_are_those_of_nobody_else(company, end):
    rules = {"leaver": {"attributes": {"givenName": {"constant": "Former"}, "sn": {"constant": "Employee"}}}}
    account = locked(company, "2026-02-28", givenName="Former", sn="Employee")
    assert company.plan([company.employee("1", end=end)], company.snapshot(account), **rules).findings == []


@pytest.mark.parametrize("names", [("Ann", "Walker"), ("Anna", "Lee"), ("ann", "LEE"), ("Ann", None)])
def test_one_name_may_change(company, names):
    plan = company.plan([company.employee("1", *names)], company.snapshot(settled(company)))
    assert "identity_changed" not in {kind for kind, _key, _severity in kinds(plan)}


def test_an_account_without_names_is_not_questioned(company):
    plan = company.plan([company.employee("1", "Karim", "Osei")], company.snapshot(settled(company, givenName=[], sn="Lee")))
    assert plan.findings == []


@pytest.mark.parametrize("confirmed", [
    {"exceptions": [exception("confirm")]}, {"exceptions": [exception("link", account="alee")]}, {"identity": {"confirmed": "title == 'Clerk'"}},
])
def test_a_human_or_a_rule_confirms(company, confirmed):
    plan = company.plan([company.employee("1", "Karim", "Osei")], company.snapshot(settled(company)), **confirmed)
    assert plan.findings == [] and any("givenName" in entry.attributes for entry in plan.changes)
    over = {"exceptions": [exception("confirm", until="2026-03-01")]}
    assert kinds(company.plan([company.employee("1", "Karim", "Osei")], company.snapshot(settled(company)), **over)) != []


def test_an_attribute_that_never_changes_for_one_person(company):
    rules = {"identity": {"fixed": ["title"]}}
    plan = company.plan([company.employee("1", title="Other")], company.snapshot(settled(company)), **rules)
    assert plan.changes == [] and kinds(plan) == [("identity_changed", "1", "error")]
    assert company.plan([company.employee("1")], company.snapshot(settled(company, title=[])), **rules).findings == []


@pytest.mark.parametrize(("start", "since", "days", "held"), [
    ("2026-03-02", "2026-02-20", 10, False), ("2026-03-02", "2026-02-20", 9, True), ("2026-03-02", "2020-01-01", 0, False),
    ("2026-02-25", "2026-02-20", 9, False),  # HR's first day counts, not that of a late run
    ("2020-01-01", "2026-01-20", 9, False),  # the leaving was a mistake: the same employment goes on
    (None, "2026-02-20", 9, True),
])
def test_a_return_after_a_long_time_is_held(company, start, since, days, held):
    rules = {"rehire": {"restore": [{"within_days": days, "what": "groups"}]}, "dates": {"start": "start", "end": "end"} if start else {"end": "end"}}
    snapshot, employee = company.snapshot(locked(company, since)), company.employee("1", start=start)
    plan = company.plan([employee], snapshot, **rules)
    assert (kinds(plan) == [("identity_changed", "1", "error")], plan.changes == []) == (held, held)
    confirmed = company.plan([employee], snapshot, exceptions=[exception("confirm")], **rules)
    assert confirmed.changes[0].action == "enable"


def test_a_gap_between_two_records_of_the_feed_is_no_long_absence(company):
    rows = [company.employee("1", end="2025-12-31"), company.employee("1", start="2026-03-02", title="Head")]
    plan = company.plan(rows, company.snapshot(locked(company, "2026-01-01")), rehire={"restore": [{"within_days": 5, "what": "groups"}]})
    assert plan.changes[0].action == "enable" and plan.findings == []


def test_two_new_records_are_no_earlier_record(company):
    """The number was given again, to somebody with two contracts."""
    rows = [company.employee("1", start="2026-02-01"), company.employee("1", start="2026-03-01", title="Second")]
    plan = company.plan(rows, company.snapshot(locked(company, "2024-01-01")), rehire={"restore": [{"within_days": 30, "what": "groups"}]})
    assert plan.changes == [] and kinds(plan) == [("identity_changed", "1", "error")]


def absent(company, **more):
    return settled(company, "900", "old", **more)


def test_a_changed_number_gives_no_second_account(company):
    plan = company.plan([company.employee("1")], company.snapshot(absent(company)))
    assert plan.changes == [] and {entry.kind for entry in plan.findings} == {"absent", "looks_absent"}
    message = next(entry.message for entry in plan.findings if entry.kind == "looks_absent")
    assert "CN=Ann Lee,OU=Staff" in message and "action: link" in message and "action: confirm" in message


@pytest.mark.parametrize(("exceptions", "action"), [
    ([exception("link", account="old")], "relink"), ([exception("confirm")], "create"),
])
def test_the_way_out_of_a_changed_number(company, exceptions, action):
    plan = company.plan([company.employee("1")], company.snapshot(absent(company)), exceptions=exceptions)
    assert plan.changes[0].action == action and "looks_absent" not in {entry.kind for entry in plan.findings}


@pytest.mark.parametrize("account", [
    lambda company: absent(company, sn="Other"),
    lambda company: locked(company, "2025-01-01"),  # left long ago, and has the same name by chance
    lambda company: absent(company, mark=None),
    lambda company: absent(company, mark="hris.ad source=other state=active"),
])
def test_other_accounts_are_no_candidates(company, account):
    found = account(company)
    found.attributes["employeeID"] = ["900"]
    plan = company.plan([company.employee("1")], company.snapshot(found))
    assert plan.changes[0].action == "create"


def test_other_attributes_by_rule(company):
    plan = company.plan([company.employee("1", "Other", "Name")], company.snapshot(absent(company)), identity={"absent": ["title"]})
    assert "looks_absent" in {entry.kind for entry in plan.findings}
    plan = company.plan([company.employee("1")], company.snapshot(absent(company)), identity={"absent": []})
    assert plan.changes[0].action == "create", "switched off"


@pytest.mark.parametrize(("confirmed", "held"), [(False, True), (True, False)])
def test_a_key_whose_account_was_deleted(company, confirmed, held):
    """A directory with a recycle bin still knows the key: a human says whether it is the same person."""
    snapshot = company.snapshot()
    snapshot.deleted.append(NamedObject("CN=Ann Lee\\0ADEL:1c9e,CN=Deleted Objects,DC=corp,DC=example", {"employeeid": ["e1"], "sAMAccountName": ["alee"]}))
    exceptions = [{"key": "E1", "action": "confirm", "reason": "a new person"}] if confirmed else []
    plan = company.plan([company.employee("E1"), company.employee("E2", "Bo", "Ek")], snapshot, exceptions=exceptions)
    found = [(finding.kind, finding.key) for finding in plan.findings]
    assert (("looks_absent", "E1") in found) is held and ({change.key for change in plan.changes} == {"E2"}) is held
    if held:
        assert "the key of an account that was deleted: CN=Ann Lee" in plan.findings[0].message
