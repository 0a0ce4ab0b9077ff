# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that come one by one, collected into few events: each event costs a run that reads HR."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Protocol, Self

from ..data_class import frozen
from ..web.options import check_minimum
from .changes import ANYBODY, event, merged, usable


class Queue(Protocol):
    """What ansible-rulebook gives a source."""

    async def put(self, item: dict[str, Any], /) -> None:
        """Hand on an event; waits while earlier ones are not taken."""


@frozen
class Pace:
    """How changes are collected."""

    collect_seconds: float  # from the first change to the event
    min_interval_seconds: float  # between two events
    max_keys: int  # with more keys an event is about everybody

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Raises HrisError for a number that is too small."""
        pace = cls(**{name: params[name] for name in cls.__dataclass_fields__})
        check_minimum("collect_seconds", pace.collect_seconds, 0)
        check_minimum("min_interval_seconds", pace.min_interval_seconds, 0)
        check_minimum("max_keys", pace.max_keys, 0)
        return pace


class Collector:
    """Takes changes at any time, and puts events into the queue while run() runs."""

    def __init__(self, queue: Queue, source: str, pace: Pace):
        self._queue, self._source, self._pace = queue, source, pace
        self._changes: dict[str | None, str] = {}
        self._wakes = asyncio.Event()

    def add(self, key: str | None, kind: str) -> None:
        """A change. A key that cannot stand in an event makes the event about everybody."""
        if not usable(key):
            key, kind = None, "unknown"
        self._changes[key] = merged(self._changes.get(key), kind)
        if None in self._changes or len(self._changes) > self._pace.max_keys:
            self._changes = dict(ANYBODY)  # a flood of keys takes no memory
        self._wakes.set()

    async def run(self) -> None:
        """Put events until cancelled. What comes while the queue is full is in the next event."""
        earliest = 0.0  # moment of the next event
        while True:
            await self._wakes.wait()
            now = time.monotonic()
            await asyncio.sleep(max(self._pace.collect_seconds, earliest - now))
            changes, self._changes = self._changes, {}
            self._wakes.clear()
            await self._queue.put(event(self._source, changes, self._pace.max_keys))
            earliest = time.monotonic() + self._pace.min_interval_seconds
