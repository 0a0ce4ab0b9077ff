# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates and times as the functions use them: from and to ISO text, added to and compared."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ...errors import shortened
from ...model.blank_texts import trimmed
from ..times import NO_DATE, zone
from .declaration import RuleError, WrongArgumentError, as_nonempty_text

# Units of a fixed length, and what they are to timedelta
_LENGTHS = {
    "weeks": timedelta(weeks=1),
    "days": timedelta(days=1),
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
    "seconds": timedelta(seconds=1),
}
_UNITS_OF_TIME = ("hours", "minutes", "seconds")
_MONTHS = {"years": 12, "months": 1}
UNITS = (*_MONTHS, *_LENGTHS)


def parse_iso(text: str) -> date | datetime | None:
    """A date for 2026-03-02, a datetime for 2026-03-02T18:00 (an offset may follow).

    None for empty text and for 0000-00-00. Raises RuleError for other text.
    """
    text = trimmed(text)
    if not text or text.startswith(NO_DATE):
        return None
    try:
        if len(text) <= len(NO_DATE):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except ValueError:
        raise RuleError(
            f"{shortened(text)} is not a date such as 2026-03-02 or 2026-03-02T18:00:00+10:00"
        ) from None


def iso_text(value: date | datetime) -> str:
    """ISO text, to the second."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat()


def at_midnight(value: date | datetime) -> datetime:
    """A date as its midnight; a datetime as it is."""
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time())


def as_timezone(value: object) -> ZoneInfo:
    """An IANA time zone by its name."""
    timezone = zone(as_nonempty_text(value))
    if timezone is None:
        raise WrongArgumentError("a time zone such as Australia/Sydney")
    return timezone


def as_unit(value: object) -> str:
    """A unit of time, in the plural."""
    unit = as_nonempty_text(value).strip().lower()
    if not unit.endswith("s"):
        unit += "s"
    if unit not in UNITS:
        raise WrongArgumentError("one of " + ", ".join(UNITS))
    return unit


def add(value: date | datetime, amount: int, unit: str) -> date | datetime:
    """The moment so many units later; earlier for a negative amount.

    Where a month has fewer days, the result is its last day. Raises OverflowError outside of the
    years 1 to 9999.
    """
    if unit in _MONTHS:
        return _add_months(value, amount * _MONTHS[unit])
    if unit in _UNITS_OF_TIME:
        value = at_midnight(value)
    return value + amount * _LENGTHS[unit]


def _add_months(value: date | datetime, amount: int) -> date | datetime:
    year, month = divmod(value.year * 12 + value.month - 1 + amount, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    last_day = calendar.monthrange(year, month + 1)[1]
    return value.replace(year=year, month=month + 1, day=min(value.day, last_day))


def difference(first: date | datetime, second: date | datetime, unit: str) -> int:
    """How many whole units lie between two moments; negative when the second is earlier."""
    first, second = at_midnight(first), at_midnight(second)
    if (first.utcoffset() is None) != (second.utcoffset() is None):
        raise RuleError(
            "one of the times has an offset from UTC and the other has none: "
            "they cannot be compared"
        )
    if first > second:
        return -_whole_units(second, first, unit)
    return _whole_units(first, second, unit)


def _whole_units(earlier: datetime, later: datetime, unit: str) -> int:
    if unit not in _MONTHS:
        return (later - earlier) // _LENGTHS[unit]
    if earlier.tzinfo:
        later = later.astimezone(earlier.tzinfo)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if at_midnight(_add_months(earlier, months)) > later:
        months -= 1
    return months // _MONTHS[unit]
