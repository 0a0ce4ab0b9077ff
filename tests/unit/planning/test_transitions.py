# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state machine, cell by cell: docs/lifecycle.md against what the plan does."""
from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import ValueChange
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import transitions

ALL_STAFF = "CN=All Staff,OU=Groups,DC=corp,DC=example"
FINANCE = "CN=Finance,OU=Groups,DC=corp,DC=example"
CHESS = "CN=Chess,OU=Groups,DC=corp,DC=example"
DOC = Path(__file__).parents[3] / "docs/lifecycle.md"

PEOPLE = {  # on 2026-03-02, with create_days_before 7
    "not_due": {"start": "2026-06-01"},
    "prepared": {"start": "2026-03-05"},
    "active": {},
    "leave": {"away": True},
    "leaver": {"end": "2026-03-01"},
    "held": {"start": "nonsense"},
    "held left": {"end": "2026-03-01"},
    "prepared left": {"start": "2026-03-05"},
    "bridged": {"start": "2026-03-05"},
    "out_of_scope": {"department": "Outside"},
}
# A record of an earlier employment, beside the one above
EARLIER = {
    "prepared left": {"start": "2020-01-01", "end": "2026-02-20", "title": "Former"},
    "held left": {"start": "2020-01-01", "end": "2026-02-20", "first": "Karim", "last": "Osei"},
    "bridged": {"start": "2020-01-01", "end": "2026-03-01"},
}
SCOPE = {"when": "department != 'Outside'"}
ACCOUNTS = {
    "enabled": {},
    "waiting": {"enabled": False, "mark": "hris.ad source=elmo state=prepared"},
    "paused": {"enabled": False, "mark": "hris.ad source=elmo state=leave"},
    "locked": {"enabled": False, "mark": "hris.ad source=elmo state=disabled since=2026-03-02"},
    "disabled by hand": {"enabled": False},
    "locked out": {"enabled": False, "mark": "hris.ad source=elmo state=active locked_out=2026-02-27T10:15Z by=ann reason=Dismissed password=1"},
}
DATES = {"start": "start", "end": "end", "on_leave": "away"}
# (row, column): (what happens to being enabled and the mark, finding)
CELLS = {
    ("not_due", "none"): (None, None), ("not_due", "enabled"): (None, "start_moved"), ("not_due", "waiting"): (None, None),
    ("not_due", "paused"): (None, None), ("not_due", "locked"): (None, None), ("not_due", "disabled by hand"): (None, None),
    ("prepared", "none"): ("create 514 prepared", None), ("prepared", "enabled"): (None, "start_moved"), ("prepared", "waiting"): (None, None),
    ("prepared", "paused"): (None, None), ("prepared", "locked"): (None, None), ("prepared", "disabled by hand"): (None, None),
    ("active", "none"): ("create 512 active", None), ("active", "enabled"): (None, None), ("active", "waiting"): ("enable 512 active", None),
    ("active", "paused"): ("enable 512 active", None), ("active", "locked"): ("enable 512 active", None),
    ("active", "disabled by hand"): (None, "disabled_by_hand"),
    ("bridged", "none"): ("create 514 prepared", None), ("bridged", "enabled"): ("update - active bridged=2026-03-02", None),
    ("bridged", "waiting"): (None, None), ("bridged", "paused"): (None, None), ("bridged", "locked"): (None, None),
    ("bridged", "disabled by hand"): ("update - active bridged=2026-03-02", None),
    ("leave keep", "none"): ("create 512 active", None), ("leave keep", "enabled"): (None, None), ("leave keep", "waiting"): ("enable 512 active", None),
    ("leave keep", "paused"): ("enable 512 active", None), ("leave keep", "locked"): ("enable 512 active", None),
    ("leave keep", "disabled by hand"): (None, "disabled_by_hand"),
    ("leave disable", "none"): ("create 514 leave", None), ("leave disable", "enabled"): ("disable 514 leave", None),
    ("leave disable", "waiting"): (None, None), ("leave disable", "paused"): (None, None), ("leave disable", "locked"): (None, None),
    ("leave disable", "disabled by hand"): (None, None),
    ("leaver", "none"): (None, None), ("leaver", "enabled"): ("disable 514 disabled since=2026-03-02", None),
    ("leaver", "waiting"): ("update - disabled since=2026-03-02", None), ("leaver", "paused"): ("update - disabled since=2026-03-02", None),
    ("leaver", "locked"): (None, None), ("leaver", "disabled by hand"): (None, None),
    ("held", "none"): (None, None), ("held", "enabled"): (None, None), ("held", "waiting"): (None, None), ("held", "paused"): (None, None),
    ("held", "locked"): (None, None), ("held", "disabled by hand"): (None, None),
    ("held left", "none"): (None, None), ("held left", "enabled"): ("disable 514 disabled since=2026-03-02", None), ("held left", "waiting"): (None, None),
    ("held left", "paused"): (None, None), ("held left", "locked"): (None, None), ("held left", "disabled by hand"): (None, None),
    ("prepared left", "none"): ("create 514 prepared", None), ("prepared left", "enabled"): ("disable 514 disabled since=2026-02-21", None),
    ("prepared left", "waiting"): (None, None), ("prepared left", "paused"): (None, None), ("prepared left", "locked"): (None, None),
    ("prepared left", "disabled by hand"): (None, None),
    ("out_of_scope", "none"): (None, None), ("out_of_scope", "enabled"): (None, "out_of_scope"), ("out_of_scope", "waiting"): (None, None),
    ("out_of_scope", "paused"): (None, None), ("out_of_scope", "locked"): (None, None), ("out_of_scope", "disabled by hand"): (None, None),
}
ROWS = ("not_due", "prepared", "prepared left", "active", "bridged", "leave keep", "leave disable", "leaver", "out_of_scope", "held", "held left")
CELLS |= {(row, "locked out"): (None, "locked_out") for row in ROWS}
CELLS["leaver", "locked out"] = ("update - disabled since=2026-03-02 password=scrambled", None)


def settled(company, number="1", **more):
    values = {"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk"}
    return company.account(number, "alee", "Ann Lee", **(values | {"groups": [ALL_STAFF]} | more))


def turned(plan):
    """The change that turns the account over or creates it, in words; None when there is none."""
    for entry in plan.changes:
        marked = entry.attributes.get("adminDescription")
        if marked:
            uac = entry.attributes["userAccountControl"].after[0] if "userAccountControl" in entry.attributes else "-"
            return f"{entry.action} {uac} {marked.after[0].partition('state=')[2]}"
    return None


def employees_of(company, row):
    """(the records of the row's person, the policy for leave)."""
    state, _space, policy = row.partition(" ")
    rows = [PEOPLE.get(row) or PEOPLE[state], *([EARLIER[row]] if row in EARLIER else [])]
    return [company.employee("1", away=False) | more for more in rows], policy if state == "leave" else "keep"


def policies(company, leave):
    leaver = {"move_to": company.leavers, "groups": "remove_managed", "bridge_days": 5}
    return {"dates": DATES, "joiner": {"create_days_before": 7}, "leave": {"account": leave}, "scope": SCOPE, "leaver": leaver}


def play(company, row, view, **options):
    employees, leave = employees_of(company, row)
    accounts = [settled(company, **ACCOUNTS[view])] if view != "none" else []
    options = policies(company, leave) | options
    return company.plan(employees, company.snapshot(*accounts), **options)


@pytest.mark.parametrize(("row", "view"), CELLS)
def test_cell(company, row, view):
    plan = play(company, row, view)
    found = [entry.kind for entry in plan.findings if entry.kind != "held"]
    assert (turned(plan), found) == (CELLS[row, view][0], [CELLS[row, view][1]] if CELLS[row, view][1] else [])
    if row == "leaver" and view != "none":
        assert {"move", "group_remove"} <= {entry.action for entry in plan.changes}
    if row in ("held", "not_due"):
        assert plan.changes == []


@pytest.mark.parametrize(("row", "view"), [cell for cell in CELLS if cell[0] in ("prepared", "prepared left", "active", "leave keep", "leave disable")
                                          and cell[1] not in ("none", "locked out")])
def test_accounts_of_the_employed_are_kept_in_line(company, row, view):
    employees, leave = employees_of(company, row)
    account = settled(company, title="Other", groups=[FINANCE], ou=company.leavers, **ACCOUNTS[view])
    plan = company.plan(employees, company.snapshot(account), dates=DATES, joiner={"create_days_before": 7}, leave={"account": leave})
    assert {"move", "group_add", "group_remove"} <= {entry.action for entry in plan.changes}
    assert any(entry.attributes["title"].after == ["Clerk"] for entry in plan.changes if "title" in entry.attributes)


@pytest.mark.parametrize("row", ["bridged", "prepared left"])
def test_nobody_gets_access_before_the_next_record(company, row):
    """The next run would lock the account of somebody who has left."""
    plan = play(company, row, "none", joiner={"create_days_before": 7, "enable": "on_create"})
    assert turned(plan) == "create 514 prepared"


def test_the_table_has_every_cell():
    assert set(CELLS) == {(row, view) for row in ROWS for view in transitions.VIEWS}


def test_the_document_has_every_row_and_column():
    rows = re.findall(r"^\| (`[^|]*?) \|(.*)\|$", DOC.read_text(encoding="utf-8").partition("## What is done")[2], re.MULTILINE)
    assert [name.strip("`") for name, _cells in rows] == [
        "not_due", "prepared", "prepared`, has left before", "active", "active`, in a gap that is bridged", "leave`, `leave.account: keep", "leave`, `leave.account: disable", "leaver",
        "absent", "out_of_scope", "held", "held`, has left"]
    assert all(cells.count("|") == len(transitions.VIEWS) - 1 for _name, cells in rows)


@pytest.mark.parametrize("row", ["active", "bridged", "leave keep", "leave disable", "prepared", "prepared left", "held left"])
def test_a_second_run_changes_nothing(company, row):
    """Every step is followed by rest: the account is put as the plan says, and the plan is made again."""
    for view in ACCOUNTS:
        first = play(company, row, view)
        account = settled(company, **ACCOUNTS[view])
        for entry in first.changes:
            for name, values in entry.attributes.items():
                if name == "userAccountControl":
                    account.uac = int(values.after[0])
                    account.enabled = not account.uac & 2
                else:
                    account.attributes[name] = values.after
        employees, leave = employees_of(company, row)
        again = company.plan(employees, company.snapshot(account), **policies(company, leave))
        assert again.changes == [], (row, view)


def test_a_moved_start_makes_the_account_wait_where_the_rule_says_so(company):
    plan = play(company, "prepared", "enabled", joiner={"create_days_before": 7, "moved_start": "disable"})
    assert turned(plan) == "disable 514 prepared" and plan.findings == []


def test_a_leaver_enabled_by_hand(company):
    mark = "hris.ad source=elmo state=disabled since=2026-01-15"
    gone = settled(company, ou=company.leavers, groups=[], mark=mark)
    employee = company.employee("1", end="2026-01-14")
    plan = company.plan([employee], company.snapshot(gone))
    assert [entry.action for entry in plan.changes] == ["disable"] and turned(plan) is None, "locked again with its old day"
    plan = company.plan([employee], company.snapshot(gone), leaver={"reenabled": "report", "move_to": company.leavers})
    assert plan.changes == [] and [entry.kind for entry in plan.findings] == ["reenabled", "has_left"]


@pytest.mark.parametrize(("since", "days", "action"), [("2026-01-31", 30, "delete"), ("2026-02-01", 30, None), ("2026-02-01", None, None)])
def test_retention(company, since, days, action):
    gone = settled(company, ou=company.leavers, enabled=False, groups=[], mark=f"hris.ad source=elmo state=disabled since={since}")
    leaver = {"move_to": company.leavers} | ({"delete_after_days": days} if days is not None else {})
    plan = company.plan([company.employee("1", end="2026-01-30")], company.snapshot(gone), leaver=leaver, limits={"delete": {"count": 0}})
    assert [entry.action for entry in plan.changes] == ([action] if action else [])
    assert plan.limits[0].exceeded is bool(action)


@pytest.mark.parametrize(("noted", "end", "day"), [
    ("2026-02-20", "2026-02-25", "2026-02-26"),  # given anew while no run came
    ("2026-02-20", "2026-02-10", "2026-02-20"),
    ("2026-02-20", "2026-02-19", "2026-02-20"),
])
def test_the_day_of_the_lock_follows_hr_but_never_goes_back(company, noted, end, day):
    gone = settled(company, ou=company.leavers, enabled=False, groups=[], mark=f"hris.ad source=elmo state=disabled since={noted}")
    plan = company.plan([company.employee("1", end=end)], company.snapshot(gone), leaver={"move_to": company.leavers, "delete_after_days": 8})
    marks = [entry.attributes["adminDescription"].after for entry in plan.changes if entry.action == "update"]
    assert marks == ([] if day == noted else [[f"hris.ad source=elmo state=disabled since={day}"]])
    assert ("delete" in [entry.action for entry in plan.changes]) is (day == "2026-02-20")


@pytest.mark.parametrize("account", [{}, {"mark": "hris.ad source=elmo state=disabled since=2026-01-02"}])
def test_an_account_that_is_only_locked_now_has_its_whole_retention(company, account):
    """A last day entered late, or a leaver whom somebody enabled again: the very next run must not delete the account."""
    plan = company.plan([company.employee("1", end="2026-01-01")], company.snapshot(settled(company, **account)), leaver={"delete_after_days": 8})
    assert turned(plan) == "disable 514 disabled since=2026-03-02"


def test_only_what_we_locked_is_deleted(company):
    by_hand = settled(company, ou=company.leavers, enabled=False, groups=[])
    plan = company.plan([company.employee("1", end="2020-01-30", start="2019-01-01")], company.snapshot(by_hand),
                        leaver={"move_to": company.leavers, "delete_after_days": 1})
    assert plan.changes == []


def absent_plan(company, mark, as_of, **more):
    account = settled(company, "9", mark=mark, **more)
    other = {"grace_days": 3, "action": "disable"}
    return company.plan([company.employee("1")], company.snapshot(account), as_of=datetime.fromisoformat(as_of).replace(tzinfo=timezone.utc),
                        absent=other, naming=NAMES, leaver={"move_to": company.leavers, "groups": "remove_managed", "delete_after_days": 10})


NAMES = {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName} {employeeID}"}}


def about(plan, key):
    return [entry for entry in plan.changes if entry.key == key]


def test_absence_is_noted_then_locked_then_deleted(company):
    noted = absent_plan(company, "hris.ad source=elmo state=active", "2026-03-02")
    assert [entry.attributes for entry in about(noted, "9")] == [{"adminDescription": ValueChange(
        ["hris.ad source=elmo state=active"], ["hris.ad source=elmo state=active absent=2026-03-02"])}]
    waiting = "hris.ad source=elmo state=active absent=2026-03-02"
    assert about(absent_plan(company, waiting, "2026-03-04"), "9") == []
    locked = about(absent_plan(company, waiting, "2026-03-05"), "9")
    assert [entry.action for entry in locked] == ["disable", "move", "group_remove"]
    assert locked[0].attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-03-05"]
    gone = {"enabled": False, "ou": company.leavers, "groups": []}
    mark = "hris.ad source=elmo state=disabled since=2026-03-05"
    assert about(absent_plan(company, mark, "2026-03-14", **gone), "9") == []
    assert [entry.action for entry in about(absent_plan(company, mark, "2026-03-15", **gone), "9")] == ["delete"]


def test_who_is_absent_and_was_enabled_by_hand_is_locked_again_after_a_new_grace(company):
    mark = "hris.ad source=elmo state=disabled since=2026-02-20"
    (noted,) = about(absent_plan(company, mark, "2026-03-02"), "9")
    assert noted.attributes["adminDescription"].after == [f"{mark} absent=2026-03-02"]
    locked = about(absent_plan(company, f"{mark} absent=2026-03-02", "2026-03-05"), "9")[0]
    assert (locked.action, locked.attributes["adminDescription"].after) == ("disable", ["hris.ad source=elmo state=disabled since=2026-03-05"])


def test_absence_is_only_reported_by_default(company):
    plan = company.plan([company.employee("1")], company.snapshot(settled(company, "9")), naming=NAMES)
    assert about(plan, "9") == [] and ("absent", "9") in {(entry.kind, entry.key) for entry in plan.findings}


def test_who_is_back_is_not_absent_any_more(company):
    account = settled(company, mark="hris.ad source=elmo state=active absent=2026-02-27")
    (entry,) = company.plan([company.employee("1")], company.snapshot(account), absent={"action": "disable"}).changes
    assert entry.attributes["adminDescription"].after == ["hris.ad source=elmo state=active"]


def test_a_protected_account_is_not_locked_for_absence(company):
    account = replace(settled(company, "9", mark="hris.ad source=elmo state=active absent=2020-01-01"), admin_count=True)
    plan = company.plan([company.employee("1")], company.snapshot(account), absent={"action": "disable"}, naming=NAMES)
    assert about(plan, "9") == []


class TestRecord:
    """Groups that a leaver loses are recorded, and a rehire gets those back that no rule decides."""

    LEAVER = {"groups": "remove_all"}

    def groups(self, company):
        return [company.group("All Staff"), company.group("Finance", 2001), company.group("Chess", 2002), company.group("Domain Admins", 512)]

    def test_taken_and_recorded(self, company):
        account = settled(company, groups=[ALL_STAFF, CHESS])
        plan = company.plan([company.employee("1", end="2026-03-01")], company.snapshot(account, groups=self.groups(company)), leaver=self.LEAVER)
        assert [(entry.action, entry.group) for entry in plan.changes] == [
            ("disable", None), ("group_remove", ALL_STAFF), ("group_remove", CHESS)]
        assert sorted(plan.changes[0].attributes["extensionName"].after) == [
            "hris.ad group=guid-All Staff since=2026-03-02", "hris.ad group=guid-Chess since=2026-03-02"]

    @pytest.mark.parametrize(("within", "given"), [(30, [ALL_STAFF, CHESS]), (5, [ALL_STAFF])])
    def test_given_back_by_gap(self, company, within, given):
        record = ["hris.ad group=guid-All Staff since=2026-02-20", "hris.ad group=guid-Chess since=2026-02-20", "somebody else's text"]
        account = settled(company, groups=[], extensionName=record, **ACCOUNTS["locked"])
        plan = company.plan([company.employee("1")], company.snapshot(account, groups=self.groups(company)), leaver=self.LEAVER,
                            rehire={"restore": [{"within_days": within, "what": "groups"}]})
        assert [entry.group for entry in plan.changes if entry.action == "group_add"] == given
        *noted, cleared = [entry for entry in plan.changes if "extensionName" in entry.attributes]
        assert cleared.attributes["extensionName"].after == ["somebody else's text", "hris.ad given=2000"]
        assert cleared.last is (within == 30), "last where groups have to be given back first"
        assert [entry.attributes["extensionName"].after for entry in noted] == ([[*record, "hris.ad given=2000"]] if within == 30 else [])

    def test_a_killed_restore_is_finished(self, company):
        account = settled(company, groups=[ALL_STAFF], extensionName=["hris.ad group=guid-Chess since=2026-02-20"])
        plan = company.plan([company.employee("1")], company.snapshot(account, groups=self.groups(company)), rehire={"restore": [{"within_days": 30, "what": "groups"}]})
        assert [(entry.action, entry.group) for entry in plan.changes] == [("group_add", CHESS), ("update", None)]


def test_leaver_attributes_are_set_and_undone(company):
    leaver = {"attributes": {"description": "Left {end}", "title": {"constant": ""}}}
    plan = company.plan([company.employee("1", end="2026-03-01")], company.snapshot(settled(company)), leaver=leaver)
    assert {name: values.after for name, values in plan.changes[1].attributes.items()} == {"description": ["Left 2026-03-01"], "title": []}
    gone = settled(company, description="Left 2026-03-01", title=None, **ACCOUNTS["locked"])
    (enabled,) = company.plan([company.employee("1")], company.snapshot(gone), leaver=leaver).changes
    after = {name: values.after for name, values in enabled.attributes.items()}
    assert enabled.action == "enable" and (after["description"], after["title"]) == ([], ["Clerk"])


def test_leaver_attributes_are_undone_too_where_somebody_enabled_the_account_first(company):
    gone = settled(company, description="Left 2026-03-01", mark="hris.ad source=elmo state=disabled since=2026-03-02")
    (entry,) = company.plan([company.employee("1")], company.snapshot(gone), leaver={"attributes": {"description": "Left {end}"}}).changes
    assert entry.attributes["description"].after == [] and entry.attributes["adminDescription"].after == ["hris.ad source=elmo state=active"]


def test_scrambled_with_the_lock_and_only_then(company):
    leaver = {"scramble_password": True}
    plan = company.plan([company.employee("1", end="2026-03-01")], company.snapshot(settled(company)), leaver=leaver)
    assert plan.changes[0].action == "disable" and plan.changes[0].random_password
    assert company.plan([company.employee("1", end="2026-03-01")], company.snapshot(settled(company, **ACCOUNTS["locked"])), leaver=leaver).changes == []


def test_account_expires_with_the_known_last_day(company):
    leaver = {"account_expires": True}
    account = settled(company, accountExpires="9223372036854775807")
    assert company.plan([company.employee("1")], company.snapshot(account), leaver=leaver).changes == []
    (entry,) = company.plan([company.employee("1", end="2026-03-31")], company.snapshot(account), leaver=leaver).changes
    # 1 April 2026, 00:00 UTC: (date - 1601-01-01).days * 864000000000
    assert entry.attributes["accountExpires"].after == [str((datetime(2026, 4, 1) - datetime(1601, 1, 1)).days * 864_000_000_000)]
    expiring = settled(company, accountExpires=entry.attributes["accountExpires"].after[0])
    assert company.plan([company.employee("1", end="2026-03-31")], company.snapshot(expiring), leaver=leaver).changes == []
