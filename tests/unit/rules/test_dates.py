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
    may_have_ended,
    state_if_ended,
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


SYDNEY = {"start": "2025-01-06", "zone": "Australia/Sydney"}
MORNING = "2026-06-30T09:00:00+10:00"


@pytest.mark.parametrize(("employee", "read_as", "expected"), [
    # The last day is 30 June: the local midnight in UTC, a plain date in UTC, the end of the day
    (SYDNEY | {"end": "2026-06-29T14:00:00.000Z"}, {}, "active"),
    (SYDNEY | {"end": "2026-06-29T14:00:00+00:00"}, {}, "active"),
    (SYDNEY | {"end": "2026-06-29 14:00:00Z"}, {}, "active"),
    (SYDNEY | {"end": "2026-06-30T00:00:00Z"}, {}, "active"),
    (SYDNEY | {"end": "2026-06-30T23:59:59+10:00"}, {}, "active"),
    (SYDNEY | {"end": "2026-06-30T00:00:00+10:00"}, {}, "active"),
    (SYDNEY | {"end": "2026-06-30T00:00:00"}, {}, "active"),
    (SYDNEY | {"end": "2026-06-30"}, {}, "active"),
    (SYDNEY | {"end": "2026-06-29T14:00:00Z"}, {"end": "date_part"}, "leaver"),
    (SYDNEY | {"end": "2026-06-29T14:00:00Z"}, {"end": "local"}, "active"),
    (SYDNEY | {"end": "2026-06-29T13:59:59Z"}, {}, "leaver"),
    # The first day
    (SYDNEY | {"start": "2026-06-29T14:00:00Z"}, {}, "active"),
    (SYDNEY | {"start": "2026-06-29T14:00:00Z"}, {"start": "date_part"}, "active"),
    (SYDNEY | {"start": "2026-06-30T14:00:00Z"}, {}, "prepared"),
    (SYDNEY | {"start": "2026-06-30T14:00:00Z"}, {"start": "date_part"}, "active"),
    # West of UTC, a date at midnight in UTC is the evening before: auto reads the date, local does not
    ({"start": "2026-06-30T00:00:00Z", "zone": "America/New_York"}, {}, "prepared"),
    ({"start": "2026-06-30T00:00:00Z", "zone": "America/New_York"}, {"start": "local"}, "active"),
    ({"start": "2026-06-29T04:00:00Z", "zone": "America/New_York"}, {}, "active"),
    # Without a time zone, a moment is read as it is written
    ({"start": "2025-01-06", "zone": None, "end": "2026-06-30T00:00:00+10:00"}, {}, "active"),
    ({"start": "2025-01-06", "zone": None, "end": "2026-06-29T14:00:00Z"}, {"end": "local"}, "active"),
    (SYDNEY | {"end": "9999-12-31T23:59:59Z"}, {"end": "local"}, "active"),
    (SYDNEY | {"end": "9999-12-31T00:00:00-12:00"}, {}, "active"),
])
def test_how_the_day_of_a_moment_is_read(employee, read_as, expected):
    assert state({"end": None, "status": "Active"} | employee, MORNING, dates=DATES | {"read_as": read_as}) == expected


@pytest.mark.parametrize(("back", "read_as", "expected"), [("2026-06-29T14:00:00Z", {}, "leave"), ("2026-06-29T14:00:00Z", {"leave_end": "date_part"}, "active")])
def test_a_leave_is_read_in_the_same_way(back, read_as, expected):
    dates = DATES | {"leave_start": "away", "leave_end": "back", "read_as": read_as}
    assert state(SYDNEY | {"end": None, "status": "Active", "away": "2026-06-01", "back": back}, MORNING, dates=dates) == expected


@pytest.mark.parametrize("text", ["2026-06-29 5 PM UTC", "2026-06-30 or later", "2026-06-29T25:00:00Z", "2026-06-30" + "x" * 10_000])
def test_what_only_begins_with_a_date_is_none(text):
    with pytest.raises(HrisError, match="is not a date") as caught:
        state(SYDNEY | {"end": text, "status": "Active"}, MORNING)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(("end", "ended"), [
    ("2026-06-28", True), ("2026-06-29T14:00:00Z", False), ("2026-06-28T09:59:59Z", True), ("2026-06-28T10:00:00Z", False), ("2026-06-29T00:00:00Z", False),
])
def test_where_the_zone_cannot_be_read_nobody_loses_a_day(end, ended):
    """The day of a moment is then that of the zone which is furthest ahead, and it ends in the zone which is furthest behind."""
    dates = compile_dates(DATES)
    record = {"start": "2025-01-06", "end": end, "zone": "Australia/Sidney", "status": "Active"}
    as_of = datetime.fromisoformat("2026-06-29T23:59:59-12:00")
    leaver = policy(Leaver, "leaver")
    assert bool(state_if_ended(record, dates, leaver, as_of)) is ended
    assert may_have_ended(record, dates, leaver, as_of) is ended


@pytest.mark.parametrize(("name", "words", "never"), [
    ("AEST", ["Use the IANA name of a place"], ["'EST'", "Did you mean"]),
    ("IST", ["Use the IANA name of a place"], ["Did you mean"]),
    ("NZDT", ["Use the IANA name of a place"], ["Did you mean"]),
    ("GMT+10", ["The fixed offset +10 is Etc/GMT-10"], ["GMT+0'", "Did you mean"]),
    ("UTC-05:00", ["The fixed offset -5 is Etc/GMT+5"], ["Did you mean"]),
    ("+1000", ["Etc/GMT-10"], ["Did you mean"]),
    ("GMT+10:30", ["Use the IANA name of a place"], ["Etc/"]),
    ("Australia/Sidney", ["Did you mean 'Australia/Sydney'"], []),
    ("AUS Eastern Standard Time", ["IANA"], ["Did you mean"]),
    ("localtime", ["is not a time zone"], ["Did you mean"]),
    ("posixrules", ["is not a time zone"], []),
    ("Factory", ["is not a time zone"], []),
    ("x" * 100_000, ["(100000 characters) is not a time zone"], []),
])
def test_the_hint_about_a_time_zone_is_true(name, words, never):
    with pytest.raises(HrisError, match="dates.timezone") as caught:
        state(SYDNEY | {"end": None, "status": "Active", "zone": name}, MORNING)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert not any(word in str(caught.value) for word in never), str(caught.value)


@pytest.mark.parametrize(("ends", "read_as", "found"), [
    (["2026-06-30T00:00:00Z", "2026-06-29T14:00:00Z"], {}, True),
    (["2026-06-30T00:00:00Z", "2026-06-30T23:59:59+10:00"], {}, True),
    (["2026-06-30T00:00:00Z", "2026-06-29T14:00:00Z"], {"end": "local"}, False),
    (["2026-06-30T00:00:00Z", "2026-06-29T14:00:00Z"], {"end": "date_part"}, False),
    (["2026-06-30T00:00:00Z", "2026-06-30"], {}, False),
    (["2026-06-29T14:00:00Z", "2026-06-30", None, "soon", 7], {}, False),
    (["2026-06-30T00:00:00", "2026-06-29T14:00:00Z"], {}, False),
])
def test_a_feed_with_both_has_a_finding(company, ends, read_as, found):
    employees = [company.employee(str(number), end=end, zone="Australia/Sydney") for number, end in enumerate(ends)]
    _people, findings = company.people(*employees, dates={"start": "start", "end": "end", "timezone": "zone", "read_as": read_as})
    mixed = [(finding.place, finding.severity) for finding in findings if finding.kind == "mixed_dates"]
    assert mixed == ([("dates.end", "warning")] if found else [])
    if found:
        (finding,) = [finding for finding in findings if finding.kind == "mixed_dates"]
        assert "employee 0" in finding.message and "employee 1" in finding.message and "dates.read_as.end" in finding.message
