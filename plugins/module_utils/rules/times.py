# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time as HR systems, the world and Active Directory count it."""
from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NO_DATE = "0000-00-00"  # IceHrm writes this for "none", with a time behind it or without
OPEN_ENDED = date.max.year  # SAP and others write 9999-12-31 for an end that is not known
EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)  # [MS-DTYP] 2.3.3 FILETIME: 100-nanosecond steps since then
NEVER = ("9223372036854775807", "0")  # [MS-ADA1] accountExpires: both mean that it never does
_ZONES: dict[str, ZoneInfo | None] = {}


def zone(name: str) -> ZoneInfo | None:
    """The IANA time zone of this name, None when there is none."""
    if name not in _ZONES:
        try:
            _ZONES[name] = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            _ZONES[name] = None
    return _ZONES[name]


def filetime(moment: datetime) -> int:
    """An aware moment as Active Directory counts it; negative before 1601."""
    return (moment - EPOCH) // timedelta(microseconds=1) * 10


def days_later(day: date, days: int) -> date:
    """The day so many days later (earlier, where days is negative), or the last (first) one that a date can hold."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
