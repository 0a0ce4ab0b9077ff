# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enabling, pausing and locking: which step of the table is taken under the policies, and the attributes that it writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..rules.ruleset import Ruleset
from ..rules.times import days_later
from . import ownership, transitions
from .compare import uac_attribute
from .ownership import write_mark
from .transitions import Step

DELETE, UNSTART = "delete", "unstart"
REENABLED = "reenabled"
ACTIONS = {"enable": "enable", "pause": "disable", "lock": "disable", UNSTART: "disable"}
MARKS = {
    "enable": ownership.ACTIVE,
    "pause": ownership.LEAVE,
    "lock": ownership.DISABLED,
    UNSTART: ownership.PREPARED,
}


def choose_step(person: dict, account: dict | None, mark: dict | None, rules: Ruleset) -> Step:
    """The step for a person and an account under the policies of the rules."""
    row, view = transitions.row_of(person, rules.leave), transitions.view_of(account, mark)
    step = transitions.step(row, view)
    if step.switch == "create_waiting" and rules.joiner["enable"] == "on_create":
        return replace(step, switch="create")
    if step.finding == transitions.START_MOVED and rules.joiner["moved_start"] == "disable":
        return Step(UNSTART, step.care)
    relapse = (
        step.switch == "lock"
        and view == transitions.ENABLED
        and mark
        and mark["state"] == ownership.DISABLED
    )
    if relapse and rules.leaver["reenabled"] == "report":
        return Step(finding=REENABLED)
    days = rules.leaver["delete_after_days"]
    if (
        step.due
        and days is not None
        and _later(locked_since(person, mark), days) <= person["today"]
    ):
        return Step(DELETE)
    return step


def locked_since(person: dict, mark: dict | None) -> str:
    """The first day without access of a leaver: the later one of HR's and the mark's, or today where neither tells one.

    A last day that HR moves back in time after the account was locked does not shorten the retention; one that is moved
    ahead (withdrawn and given anew while no run came) lengthens it.
    """
    noted = mark["since"] if mark and mark["state"] == ownership.DISABLED else None
    return max((day for day in (noted, person["locked"]) if day), default=person["today"])


def _later(day: str, days: int) -> str:
    return days_later(date.fromisoformat(day), days).isoformat()


def absent_person(key: str | None, mark: dict, today: str, absent: dict) -> dict:
    """The stand-in for the person of an account that no employee has: what step and changes look at, with nothing wanted."""
    grace = (
        _later(mark["absent"], absent["grace_days"])
        if mark["absent"] and absent["action"] == "disable"
        else None
    )
    over = grace is not None and grace <= today
    return {
        "key": key,
        "state": transitions.ABSENT_TOO_LONG if over else transitions.ABSENT,
        "today": today,
        "zone": None,
        "start": None,
        "end": None,
        "locked": grace if over else None,
        "references": {},
        "employee": {},
    }


def wanted_mark(
    person: dict, account: dict | None, mark: dict | None, step: Step, rules: Ruleset
) -> str:
    """The mark that the account should carry after the step."""
    if step.switch == "lock" or (
        step.care == "leave" and mark and mark["state"] == ownership.DISABLED
    ):
        since, days = locked_since(person, mark), rules.leaver["delete_after_days"]
        # An account that is only locked now has its whole retention, or the very next run would delete it.
        late = step.switch == "lock" and days is not None and _later(since, days) <= person["today"]
        return write_mark(rules.source, ownership.DISABLED, person["today"] if late else since)
    if step.switch in MARKS:
        return write_mark(rules.source, MARKS[step.switch])
    if account is None:
        states = {
            "create": ownership.ACTIVE,
            "create_waiting": ownership.PREPARED,
            "create_paused": ownership.LEAVE,
        }
        return write_mark(rules.source, states[step.switch])
    state = mark["state"] if mark else ownership.ACTIVE
    if account["enabled"] and step.care == "line":
        state = ownership.ACTIVE
    since = mark["since"] if mark and state == ownership.DISABLED else None
    missing = person["state"] == transitions.ABSENT and rules.absent["action"] == "disable"
    missing = missing and (state != ownership.DISABLED or account["enabled"])
    absent = (mark["absent"] or person["today"]) if missing and mark else None
    return write_mark(rules.source, state, since, absent)


def switch_attributes(account: dict, step: Step) -> dict:
    """{"userAccountControl": …} where the step turns it over; {} where it is as it should be."""
    if step.switch not in ACTIONS:
        return {}
    enabled = step.switch == "enable"
    return (
        {}
        if account["enabled"] is enabled
        else {"userAccountControl": uac_attribute(account["uac"], enabled)}
    )
