# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the access of a leaver ends by HR: the beginning of the first day without access."""

from __future__ import annotations

from datetime import date, datetime, time, timezone

from ..model.people import Person
from .times import zone


def end_of_access(person: Person) -> datetime | None:
    """The moment, in UTC; None where HR has no last day, or no time zone that is known."""
    place = zone(person.timezone) if person.timezone else None
    if person.first_day_without_access is None or place is None:
        return None
    day = date.fromisoformat(person.first_day_without_access)
    return datetime.combine(day, time(), place).astimezone(timezone.utc)
