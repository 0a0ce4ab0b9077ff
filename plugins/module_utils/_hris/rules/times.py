# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Days and time zones as HR systems write them."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import did_you_mean

# How the day of a moment is read: by itself, from the date in it, or in the person's time zone
READINGS = ("auto", "date_part", "local")
AUTO, DATE_PART, LOCAL = READINGS
NO_DATE = "0000-00-00"  # IceHrm writes this for "none", with or without a time after it
OPEN_ENDED = date.max.year  # SAP and others write 9999-12-31 for an end that is not known
# Names in the zone database that say nothing about a place: what they mean depends on the machine
_OF_THE_MACHINE = frozenset(("localtime", "posixrules", "Factory"))
_OFFSET = re.compile(r"(?:GMT|UTC|Z)?\s*([+-])0*(\d{1,2})(?::?00)?", re.IGNORECASE)
_MOST_HOURS = 12  # that Etc/GMT has in both directions
_LONGEST_ABBREVIATION = 5  # letters: AEST, NZDT, ChST
_TIMEZONES: dict[str, ZoneInfo | None] = {}


def zone(name: str) -> ZoneInfo | None:
    """The IANA time zone of this name, None when there is none."""
    if name not in _TIMEZONES:
        if name in _OF_THE_MACHINE:
            return None
        try:
            _TIMEZONES[name] = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            _TIMEZONES[name] = None
    return _TIMEZONES[name]


def zone_hint(name: str) -> str:
    """What to write instead of a name that is no time zone.

    An abbreviation such as AEST or IST names several zones, so nothing is guessed from one. In the
    names of fixed offsets the sign is turned round: Etc/GMT-10 is ten hours ahead of UTC.
    """
    offset = _OFFSET.fullmatch(name.strip())
    if offset and int(offset[2]) <= _MOST_HOURS:
        sign = "-" if offset[1] == "+" else "+"
        return (
            f"Use a place such as Australia/Sydney. The fixed offset {offset[1]}{int(offset[2])} "
            f"is Etc/GMT{sign}{int(offset[2])}"
        )
    places = [place for place in _known_zones() if "/" in place and not place.startswith("Etc/")]
    similar = did_you_mean(name, places) if len(name) > _LONGEST_ABBREVIATION else None
    return similar or "Use the IANA name of a place, such as Australia/Sydney"


def _known_zones() -> set[str]:
    from zoneinfo import available_timezones  # reads a directory: only a wrong name needs it

    return available_timezones()


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
