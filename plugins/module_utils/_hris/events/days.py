# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Once a day: what no event told is found by a run over everybody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..data_class import frozen
from ..errors import HrisError
from .changes import ANYBODY, event
from .collector import Queue

_LONGEST_SLEEP = 60.0  # seconds: the clock may be set, and a machine may sleep


@frozen
class Options:
    """Options of the event source daily, which documents them."""

    source: str
    at: time
    zone: tzinfo | None  # None: of the machine

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Raises HrisError for what is no time of day or no time zone."""
        return cls(params["source"], _time_of_day(params["at"]), _zone(params["timezone"]))


def _time_of_day(text: str) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise HrisError(f"{text!r} is no time of day", "at", "Write it as in 02:30, in quotes")
    return time.fromisoformat(text)


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = "Write it as in Australia/Sydney"
        raise HrisError(f"there is no time zone {name!r}", "timezone", hint) from error


def next_moment(options: Options, now: datetime) -> datetime:
    """The first moment after now, both in UTC. A time that a change of the clock leaves out is an
    hour later on that day, and of a time that comes twice the first one counts.
    """
    day = now.astimezone(options.zone).date()
    while True:
        local = datetime.combine(day, options.at, tzinfo=options.zone)
        moment = local.astimezone(timezone.utc)
        if moment > now:
            return moment
        day += timedelta(days=1)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


async def every_day(
    options: Options, queue: Queue, clock: Callable[[], datetime] = _utc_now
) -> None:
    """Put an event about everybody each day, until cancelled. clock: callable -> now in UTC."""
    while True:
        due = next_moment(options, clock())
        while (left := (due - clock()).total_seconds()) > 0:
            await asyncio.sleep(min(left, _LONGEST_SLEEP))
        await queue.put(event(options.source, ANYBODY, most_keys=0))
