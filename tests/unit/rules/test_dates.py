# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of an employee, on either side of each boundary."""
from __future__ import annotations

from datetime import datetime

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.lifecycle_state import (
    compile_dates,
    lifecycle_state,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.policies import Joiner, Leaver

DATES = {"start": "start", "end": "end", "timezone": "zone", "terminated": "status == 'Terminated'"}
LEAVE = {"start": "2020-01-01", "away": "2026-03-01", "back": "2026-03-10"}
START = {"start": "2026-03-10"}
END = {"start": "2020-01-01", "end": "2026-03-10"}


def state(employee, as_of, dates=DATES, days=7, disable="end_of_day"):
    return judge(employee, as_of, dates, days, disable).state


def policy(kind, group, **given):
    """A policy with the defaults of its options."""
    defaults = {name: option.get("default") for name, option in ARGUMENTS[group]["options"].items()}
    return kind(**(defaults | given))


def judge(employee, as_of, dates=DATES, days=7, disable="end_of_day"):
    joiner = policy(Joiner, "joiner", create_days_before=days)
    leaver = policy(Leaver, "leaver", disable=disable)
    return lifecycle_state(employee, compile_dates(dates), joiner, leaver, datetime.fromisoformat(as_of))


@pytest.mark.parametrize(("employee", "as_of", "expected"), [
    (START, "2026-03-02T23:59:59+00:00", "not_due"),
    (START, "2026-03-03T00:00:00+00:00", "prepared"),
    (START, "2026-03-09T23:59:59+00:00", "prepared"),
    (START, "2026-03-10T00:00:00+00:00", "active"),
    (END, "2026-03-10T23:59:59+00:00", "active"),
    (END, "2026-03-11T00:00:00+00:00", "leaver"),
    (START | {"zone": "Australia/Sydney"}, "2026-03-09T12:59:59+00:00", "prepared"),  # UTC+11 in daylight saving
    (START | {"zone": "Australia/Sydney"}, "2026-03-09T13:00:00+00:00", "active"),
    (END | {"zone": "America/New_York"}, "2026-03-11T03:59:59+00:00", "active"),  # UTC-4 since 8 March
    (END | {"zone": "America/New_York"}, "2026-03-11T04:00:00+00:00", "leaver"),
    (END | {"end": "2026-03-10T00:00:00Z"}, "2026-03-10T12:00:00+00:00", "active"),
    (END | {"end": "0000-00-00"}, "2030-01-01T00:00:00+00:00", "active"),
    (END | {"end": "9999-12-31"}, "2030-01-01T00:00:00+00:00", "active"),  # SAP's "no end"
    (END | {"end": "9999-12-31T23:59:59Z", "zone": "America/New_York"}, "2030-01-01T00:00:00+00:00", "active"),
    (END | {"end": "9999-12-31", "zone": "Pacific/Kiritimati", "status": "Terminated"}, "2030-01-01T00:00:00+00:00", "leaver"),
    (END | {"end": "9998-12-31"}, "2030-01-01T00:00:00+00:00", "active"),
    (END | {"end": ""}, "2030-01-01T00:00:00+00:00", "active"),
    (END | {"status": "Terminated"}, "2026-03-01T00:00:00+00:00", "leaver"),
    (START | {"status": "Terminated"}, "2026-03-01T00:00:00+00:00", "leaver"),
])
def test_state(employee, as_of, expected):
    assert state({"end": None, "zone": None, "status": "Active"} | employee, as_of) == expected


@pytest.mark.parametrize(("employee", "dates", "as_of", "expected"), [
    (LEAVE, {"leave_start": "away", "leave_end": "back"}, "2026-02-28T23:59:59+00:00", "active"),
    (LEAVE, {"leave_start": "away", "leave_end": "back"}, "2026-03-01T00:00:00+00:00", "leave"),
    (LEAVE, {"leave_start": "away", "leave_end": "back"}, "2026-03-10T23:59:59+00:00", "leave"),
    (LEAVE, {"leave_start": "away", "leave_end": "back"}, "2026-03-11T00:00:00+00:00", "active"),
    (LEAVE | {"back": None}, {"leave_start": "away", "leave_end": "back"}, "2030-01-01T00:00:00+00:00", "leave"),
    (LEAVE | {"away": None, "back": None}, {"leave_start": "away", "leave_end": "back"}, "2026-03-05T00:00:00+00:00", "active"),
    (LEAVE | {"away": None}, {"leave_end": "back"}, "2026-03-05T00:00:00+00:00", "leave"),
    (LEAVE | {"status": "On leave"}, {"on_leave": "status == 'On leave'"}, "2026-02-01T00:00:00+00:00", "leave"),
    (LEAVE | {"end": "2026-03-04"}, {"leave_start": "away", "leave_end": "back"}, "2026-03-05T00:00:00+00:00", "leaver"),
    (LEAVE | {"start": "2026-03-06"}, {"leave_start": "away", "leave_end": "back"}, "2026-03-05T00:00:00+00:00", "prepared"),
])
def test_leave(employee, dates, as_of, expected):
    assert state({"end": None, "zone": None, "status": "Active"} | employee, as_of, dates=DATES | dates) == expected


@pytest.mark.parametrize(("employee", "disable", "locked"), [
    ({"end": "2026-03-01"}, "end_of_day", "2026-03-02"),
    ({"end": "2026-03-01"}, "start_of_day", "2026-03-01"),
    ({"end": "2026-03-01", "status": "Terminated"}, "end_of_day", "2026-03-02"),
    ({"end": "2026-12-31", "status": "Terminated"}, "end_of_day", None),
    ({"end": None, "status": "Terminated"}, "end_of_day", None),
    ({"end": "9999-12-31", "status": "Terminated"}, "end_of_day", None),
])
def test_first_day_without_access(employee, disable, locked):
    judged = judge({"start": "2020-01-01", "zone": None, "status": "Active"} | employee, "2026-03-20T00:00:00+00:00", days=0, disable=disable)
    first = judged.first_day_without_access
    assert (judged.state, first and first.isoformat()) == ("leaver", locked)


def test_start_of_day():
    assert state(END, "2026-03-09T23:59:59+00:00", disable="start_of_day") == "active"
    assert state(END, "2026-03-10T00:00:00+00:00", disable="start_of_day") == "leaver"


def test_without_rules_everybody_works_here():
    assert state({}, "2026-03-01T00:00:00+00:00", dates={}) == "active"


@pytest.mark.parametrize(("employee", "words"), [
    ({}, ["dates.start", "there is no start date"]),
    ({"start": "10/03/2026"}, ["dates.start", "'10/03/2026' is not a date", "YYYY-MM-DD"]),
    ({"start": "2026-03-10", "end": "2026-03-01"}, ["dates.end", "before the start date"]),
    ({"start": "2026-03-10", "zone": "Australia/Sidney"}, ["dates.timezone", "not a time zone", "Did you mean 'Australia/Sydney'"]),
])
def test_held(employee, words):
    with pytest.raises(HrisError) as caught:
        state(employee, "2026-03-01T00:00:00+00:00")
    assert all(word in str(caught.value) for word in words), str(caught.value)
