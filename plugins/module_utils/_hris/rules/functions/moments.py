# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates and times as the functions handle them: read from ISO text, written as ISO text, moved and compared."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..times import NO_DATE, zone
from .calling import RuleError, WrongKindError, as_some_text

UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


def moment(text: str) -> date | datetime | None:
    """A date for 2026-03-02, a datetime for 2026-03-02T18:00 (with an offset or without); None for text that says none."""
    text = text.strip()
    if not text or text.startswith(NO_DATE):
        return None
    try:
        return (
            date.fromisoformat(text) if len(text) <= len(NO_DATE) else datetime.fromisoformat(text)
        )
    except ValueError:
        raise RuleError(
            f"{text!r} is not a date such as 2026-03-02 or 2026-03-02T18:00:00+10:00"
        ) from None


def shown(value: date | datetime) -> str:
    """ISO text, to the second."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def with_time(value: date | datetime) -> datetime:
    """A date as its midnight."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def as_zone(value) -> ZoneInfo:
    """An IANA time zone by its name."""
    found = zone(as_some_text(value))
    if found is None:
        raise WrongKindError("a time zone such as Australia/Sydney")
    return found


def as_unit(value) -> str:
    """A unit of time, in its plural, which timedelta takes."""
    known = as_some_text(value).strip().lower()
    known = known if known.endswith("s") else known + "s"
    if known not in UNITS:
        raise WrongKindError("one of " + ", ".join(UNITS))
    return known


def moved(value: date | datetime, amount: int, units: str) -> date | datetime:
    """The moment so many units later. Months and years end on the last day where the month is shorter."""
    if units in ("years", "months"):
        months = value.year * 12 + value.month - 1 + amount * (12 if units == "years" else 1)
        year, month = divmod(months, 12)
        if not date.min.year <= year <= date.max.year:
            raise OverflowError
        return value.replace(
            year=year, month=month + 1, day=min(value.day, calendar.monthrange(year, month + 1)[1])
        )
    if units in ("hours", "minutes", "seconds"):
        value = with_time(value)
    return value + timedelta(**{units: amount})


def apart(first: date | datetime, second: date | datetime, units: str) -> int:
    """How many whole units lie between two moments; negative when the second is the earlier one."""
    first, second = with_time(first), with_time(second)
    if (first.utcoffset() is None) != (second.utcoffset() is None):
        raise RuleError(
            "one of the times has an offset from UTC and the other has none: they cannot be compared"
        )
    sign, earlier, later = (1, first, second) if first <= second else (-1, second, first)
    if units not in ("years", "months"):
        return sign * ((later - earlier) // timedelta(**{units: 1}))
    later = later.astimezone(earlier.tzinfo) if earlier.tzinfo else later
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if moved(earlier, months, "months") > later:
        months -= 1
    return sign * (months // (12 if units == "years" else 1))
