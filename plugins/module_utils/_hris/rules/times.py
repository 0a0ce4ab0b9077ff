# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Days and time zones as HR systems write them."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NO_DATE = "0000-00-00"  # IceHrm writes this for "none", with or without a time after it
OPEN_ENDED = date.max.year  # SAP and others write 9999-12-31 for an end that is not known
_TIMEZONES: dict[str, ZoneInfo | None] = {}


def zone(name: str) -> ZoneInfo | None:
    """The IANA time zone of this name, None when there is none."""
    if name not in _TIMEZONES:
        try:
            _TIMEZONES[name] = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            _TIMEZONES[name] = None
    return _TIMEZONES[name]


def is_day(text: str | None) -> bool:
    """Whether a text is a day as we write it: 2026-03-02."""
    try:
        return text is not None and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def days_later(day: date, days: int) -> date:
    """The day so many days later (earlier, where days is negative).

    Beyond the years 1 to 9999 it is the first or the last day that a date can hold.
    """
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
