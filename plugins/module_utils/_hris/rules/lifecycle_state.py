# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle states, computed from an employee's dates and status for a given moment; never from remembered events."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..errors import HrisError, did_you_mean
from .expressions import Expression, compile_condition, compile_rule
from .times import NO_DATE, OPEN_ENDED, days_later, zone
from .values import to_text

NOT_DUE = "not_due"  # starts later than the joiner rule looks ahead: no account yet
PREPARED = "prepared"  # starts soon: the account is created ahead of time
ACTIVE = "active"  # works here now
LEAVE = "leave"  # works here, but is away for a while (parents, sabbatical)
LEAVER = "leaver"  # has left: the account is locked out
HELD = "held"  # the record cannot be judged: nothing is done for this person
STATES = (NOT_DUE, PREPARED, ACTIVE, LEAVE, LEAVER, HELD)
EMPLOYED = (PREPARED, ACTIVE, LEAVE)  # those who have an account that follows the rules


VALUES = ("start", "end", "timezone", "leave_start", "leave_end")
CONDITIONS = ("terminated", "on_leave")


def compile_dates(options: dict) -> dict[str, Expression | None]:
    """The rules of the option dates, compiled; a rule that is not given is None."""
    rules = {
        name: compile_rule(options[name], f"dates.{name}") if options.get(name) else None
        for name in VALUES
    }
    return rules | {
        name: compile_condition(options[name], f"dates.{name}") if options.get(name) else None
        for name in CONDITIONS
    }


def judge(employee: dict, dates: dict, joiner: dict, leaver: dict, as_of: datetime) -> dict:
    """The employee's state at the moment as_of, and the days that decided it (docs/lifecycle.md has the table).

    dates: what compile_dates gave. joiner: create_days_before (days). leaver: disable (``end_of_day``: the whole last day
    is worked, ``start_of_day``: locked out when it begins). as_of: an aware datetime. Days begin at midnight in the
    employee's own time zone. Returns {"state", "start", "end", "today": date, "locked": the first day without access
    where HR gives a last one, "zone": ZoneInfo}. Raises HrisError for dates that cannot be read or judged.
    """
    start, end = _date(employee, dates["start"]), _last_day(employee, dates["end"])
    if dates["start"] and start is None:
        fallback = f"{dates['start'].source} || '2000-01-01'"
        raise HrisError(
            "no start date",
            place=dates["start"].place,
            hint=f"Enter it in HR, or give the rule a fallback: {fallback}",
        )
    where = _zone(employee, dates["timezone"])
    today = _today(as_of, where)
    locked = end and (days_later(end, 1) if leaver["disable"] == "end_of_day" else end)
    found = {"start": start, "end": end, "today": today, "locked": locked, "zone": where}
    if start and end and end < start:
        raise HrisError(
            f"the end date {end} is before the start date {start}",
            place=dates["end"].place,
            hint="Mend the dates in HR",
        )
    if dates["terminated"] and dates["terminated"].evaluate(employee):
        return found | {"state": LEAVER, "locked": locked if locked and locked <= today else None}
    if locked and today >= locked:
        return found | {"state": LEAVER}
    if start and today < start:
        return found | {
            "state": PREPARED if (start - today).days <= joiner["create_days_before"] else NOT_DUE
        }
    return found | {"state": LEAVE if _on_leave(employee, dates, today) else ACTIVE}


def _on_leave(employee: dict, dates: dict, today: date) -> bool:
    if dates["on_leave"] and dates["on_leave"].evaluate(employee):
        return True
    first, last = _date(employee, dates["leave_start"]), _date(employee, dates["leave_end"])
    if dates["leave_start"] and first is None:
        return False
    if dates["leave_start"] is None and last is None:
        return False
    return (first is None or first <= today) and (last is None or today <= last)


def _last_day(employee: dict, rule: Expression | None) -> date | None:
    """As _date; a day of the year 9999 means that there is no last day."""
    day = _date(employee, rule)
    return None if day is None or day.year == OPEN_ENDED else day


def _date(employee: dict, rule: Expression | None) -> date | None:
    text = to_text(rule.evaluate(employee)) if rule else None
    if text is None or text.startswith(NO_DATE):
        return None
    try:
        return _day(text[:10])  # a time of day behind the date says nothing that we use
    except ValueError:
        raise HrisError(
            f"{text!r} is not a date", place=rule.place, hint="Dates are written YYYY-MM-DD"
        ) from None


_day = lru_cache(1 << 16)(date.fromisoformat)  # few days for many people


@lru_cache(1 << 10)
def _today(as_of: datetime, where: ZoneInfo) -> date:
    return as_of.astimezone(where).date()


def _zone(employee: dict, rule: Expression | None) -> ZoneInfo:
    name = (to_text(rule.evaluate(employee)) if rule else None) or "UTC"
    found = zone(name)
    if found is None:
        hint = did_you_mean(name, _known_zones()) or "Use an IANA name such as Australia/Sydney"
        raise HrisError(f"{name!r} is not a time zone", place=rule.place, hint=hint)
    return found


def _known_zones() -> set[str]:
    from zoneinfo import (
        available_timezones,
    )  # only a wrong name needs the list: reading it walks a directory

    return available_timezones()
