# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that name a leaver while HR names nobody: the successor is written, and the leaver again at a return."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

LEFT = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
STAFF = "CN=All Staff,OU=Groups,DC=corp,DC=example"
NAMES = {"1": "Ann", "2": "Bo", "3": "Cy", "4": "Di"}
DN = {key: f"CN={first} Lee,OU=Staff,DC=corp,DC=example" for key, first in NAMES.items()}
GONE = "CN=Bo Lee,OU=Leavers,DC=corp,DC=example"  # where the leaver rules have moved the account


def rules(options, **more):
    mapping = options()["mapping"]
    mapping["manager"] = {"employee": "manager", "field": "id", "successor": "next_id"} | more
    return {"mapping": mapping, "rehire": {"restore": [{"within_days": 30, "what": "all"}]}}


def company_of(company, **manager):
    """1 has 2 as manager in the directory; HR names nobody."""
    accounts = [company.account(key, first[0].lower() + "lee", f"{first} Lee", rid=1100 + int(key), groups=[STAFF], displayName=f"{first} Lee", givenName=first,
                                sn="Lee", title="Clerk", mail=f"{first[0].lower()}lee@example.com", **({"manager": DN["2"]} | manager if key == "1" else {}))
                for key, first in NAMES.items()]
    return company.snapshot(*accounts)


def staff(company, left=(), next_id="id-3", manager=None, **ends):
    return [company.employee(key, first, manager=manager if key == "1" else None, next_id=next_id if key == "2" else ("id-4" if key == "3" else None),
                             end="2026-03-01" if key in left else ends.get(f"end{key}"))
            for key, first in NAMES.items()]


def manager_of(snapshot):
    (account,) = [one for one in snapshot.accounts if one.attributes["employeeID"] == ["1"]]
    return account.attributes.get("manager", [None])[0], [text for text in account.attributes.get("extensionName", []) if "replaced=" in text]


def step(company, snapshot, people, days, options, **more):
    plan = company.plan(people, snapshot, as_of=LEFT + timedelta(days=days), **rules(options, **more))
    after = apply_simulated(snapshot, plan.changes)
    again = company.plan(people, after, as_of=LEFT + timedelta(days=days), **rules(options, **more))
    assert again.changes == [], "the second run changes nothing"
    return plan, after


def test_replaced_and_given_back(company, options):
    plan, gone = step(company, company_of(company), staff(company, left="2"), 0, options)
    (finding,) = [one for one in plan.findings if one.key == "1"]
    assert (finding.kind, finding.message) == ("reference", "manager names 2 (Bo Lee), who has left, and HR names nobody: 3 (Cy Lee) is written.")
    assert manager_of(gone) == (DN["3"], ["hris.ad replaced=manager since=2026-03-02 <GUID=guid-blee> <GUID=guid-clee>"])
    plan, back = step(company, gone, staff(company), 30, options)
    assert manager_of(back) == (DN["2"], [])


def test_the_successor_leaves_as_well_and_the_first_one_comes_back(company, options):
    _plan, gone = step(company, company_of(company), staff(company, left="2"), 0, options)
    _plan, then = step(company, gone, staff(company, left="23"), 1, options)
    assert manager_of(then) == (DN["4"], ["hris.ad replaced=manager since=2026-03-02 <GUID=guid-blee> <GUID=guid-dlee>"])
    assert manager_of(step(company, then, staff(company, left="3"), 2, options)[1]) == (DN["2"], [])


@pytest.mark.parametrize(("days", "expected"), [(30, DN["2"]), (31, DN["3"])])
def test_the_band(company, options, days, expected):
    _plan, gone = step(company, company_of(company), staff(company, left="2"), 0, options)
    more = rules(options) | {"exceptions": [{"key": "2", "action": "confirm", "reason": "the same"}]}
    plan = company.plan(staff(company), gone, as_of=LEFT + timedelta(days=days), **more)
    assert manager_of(apply_simulated(gone, plan.changes)) == (expected, [])


def test_hr_wins(company, options):
    _plan, gone = step(company, company_of(company), staff(company, left="2"), 0, options)
    _plan, named = step(company, gone, staff(company, left="2", manager="id-4"), 1, options)
    assert manager_of(named) == (DN["4"], [])
    assert manager_of(step(company, named, staff(company), 2, options)[1]) == (DN["4"], []), "whoever comes back"


def test_somebody_decided_by_hand(company, options):
    _plan, gone = step(company, company_of(company), staff(company, left="2"), 0, options)
    (account,) = [one for one in gone.accounts if one.attributes["employeeID"] == ["1"]]
    account.attributes["manager"] = [DN["4"]]
    assert manager_of(step(company, gone, staff(company), 1, options)[1]) == (DN["4"], [])


def test_a_stranger_with_the_number_gets_no_reports(company, options):
    _plan, gone = step(company, company_of(company), staff(company, left="2"), 0, options)
    people = staff(company)
    people[1] = company.employee("2", "Zoe", "Quill", next_id="id-3")
    plan, after = step(company, gone, people, 1, options)
    assert [one.kind for one in plan.findings if one.key == "2"] == ["identity_changed"] and manager_of(after)[0] == DN["3"]


@pytest.mark.parametrize(("more", "next_id", "expected"), [
    ({"leaver": "clear"}, None, None), ({"leaver": "keep"}, None, GONE), ({"leaver": "report"}, None, GONE), ({"apply": "on_create"}, "id-3", GONE),
    ({"empty": "clear"}, "id-3", None)])
def test_what_is_written_without_a_successor(company, options, more, next_id, expected):
    _plan, gone = step(company, company_of(company), staff(company, left="2", next_id=next_id), 0, options, **more)
    assert manager_of(gone) == (expected, [])


def test_the_undo_puts_it_back(company, options):
    before = company_of(company)
    plan, gone = step(company, before, staff(company, left="2"), 0, options)
    undo = undo_of(plan, dict.fromkeys(range(len(plan.changes)), "applied"))
    assert manager_of(gone)[0] == DN["3"] and manager_of(apply_simulated(gone, undo.changes)) == (DN["2"], [])
