# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a feed, and what is odd about it beside the last good one."""
from __future__ import annotations

import copy
import json
from datetime import date, timedelta

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.feed_profile import (
    FieldProfile,
    GuardLimits,
    compare_profiles,
    profile_from_json,
    profile_of,
    profile_to_json,
    remembered,
)

GUARD = {"fewer": 10, "empty": 20, "duplicate_keys": 0, "new_values": "report"}
FEED = [{"id": str(number), "name": f"Person {number}", "kind": "staff" if number % 2 else "contractor", "leave": None if number else {"from": "2026-01-01"},
         "unit": {"title": "Sales" if number % 3 else "IT"}, "tags": []} for number in range(40)]


def shape(employees, keys=None):
    return profile_of(employees, keys or [person["id"] for person in employees])


def test_a_shape_names_nobody():
    found = shape(FEED)
    assert (found.employees, found.duplicate_keys, found.without_key) == (40, 0, 0)
    assert found.fields["kind"] == FieldProfile(0, ["text"], ["contractor", "staff"])
    assert found.fields["unit.title"].values == ["IT", "Sales"] and found.fields["tags"].empty == 1
    assert found.fields["leave"].types == ["object"] and found.fields["leave"].empty == 0.975
    assert "Person" not in json.dumps(profile_to_json(found)) and found.fields["id"].values is None
    assert profile_from_json(json.loads(json.dumps(profile_to_json(found))), "profile") == found


def every(**change):
    return [person | change for person in copy.deepcopy(FEED)]


@pytest.mark.parametrize(("employees", "guard", "words"), [
    (FEED, {}, None), (FEED[:36], {}, None), (FEED[:35], {}, "35 employees, the last time 40"), (FEED[:35], {"fewer": 20}, None),
    ([{name: value for name, value in person.items() if name != "kind"} for person in FEED], {}, "the field 'kind' is gone"),
    (every(unit={}), {}, "'unit' is empty for 100%"), (every(unit=None), {}, "'unit' is empty for 100%"), (every(name=7), {}, "'name' is number"),
    (every(leave=None), {}, None), (every(kind=""), {}, "'kind' is empty for 100%, the last time for 0%"), (every(kind="robot"), {}, "report"),
    (every(kind="robot"), {"new_values": "stop"}, "'kind' has new values: robot"), (every(kind="robot"), {"new_values": "ignore"}, None),
    (FEED + FEED[:1], {}, None), (FEED + [FEED[0] | {"name": "Other"}], {}, "1 keys are used by several records"),
    (FEED + [FEED[0] | {"name": "Other"}], {"duplicate_keys": 1}, None), (every(new="x"), {}, None),
])
def test_what_is_not_believed(employees, guard, words):
    verdict = compare_profiles(shape(employees), shape(FEED), GuardLimits(**(GUARD | guard)))
    stops, findings = verdict.stops, verdict.findings
    if words == "report":
        assert stops == [] and [finding.kind for finding in findings] == ["new_value"] and "robot" in findings[0].message
    else:
        assert findings == [] and (stops == [] if words is None else words in stops[0]), stops


def after_days(*feeds, first=date(2026, 3, 1)):
    """Each feed on a day of its own, as long as it is believed: (the profile of the last good one, the verdict on the next, days)."""
    last = None
    for number, feed in enumerate(feeds):
        now = shape(feed)
        if last is not None:
            verdict = compare_profiles(now, last, GuardLimits(**GUARD))
            if verdict.stops:
                return last, verdict, number
        last = remembered(now, last, first + timedelta(number))
    return last, None, len(feeds)


def test_many_small_losses_are_a_large_one():
    large = [FEED[0] | {"id": str(number), "name": f"Person {number}"} for number in range(1000)]
    losses = [large[:round(1000 * 0.91 ** number)] for number in range(6)]
    _last, verdict, number = after_days(*losses)
    assert number == 2 and verdict.stops == ["828 employees, on 2026-03-01 1000: in these days more than 10 % fewer"]
    assert after_days(large, large[:950], large[:905], large)[1] is None


def test_a_field_that_becomes_emptier_day_by_day():
    def feed(empty):
        return [person | {"kind": None if number < empty else "staff"} for number, person in enumerate(FEED)]

    _last, verdict, number = after_days(feed(0), feed(6), feed(12))
    assert number == 2 and verdict.stops == ["'kind' is empty for 30%, on 2026-03-01 for 0%"]


def test_several_runs_a_day_are_one_day_and_old_days_are_forgotten():
    day = date(2026, 3, 1)
    last = remembered(shape(FEED[:37]), remembered(shape(FEED), None, day), day)
    assert [(one.day, one.employees) for one in last.recent] == [("2026-03-01", 40)]
    assert compare_profiles(shape(FEED[:35]), last, GuardLimits(**GUARD)).stops
    later = remembered(shape(FEED[:37]), last, day + timedelta(30))
    assert [one.employees for one in later.recent] == [37]
    assert profile_from_json(json.loads(json.dumps(profile_to_json(later))), "profile") == later
