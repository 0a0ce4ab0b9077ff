# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refused requests in the log: a flood of them is a line a minute."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable

EVERY = 60.0  # seconds between two lines


class Refusals:
    """Counts refused requests by reason, and tells of them."""

    def __init__(self, tell: Callable[[str], None]):
        self._tell = tell
        self._counts: Counter[str] = Counter()
        self._next = 0.0  # moment of the next line
        self._waits = False  # whether a line comes then

    def add(self, reason: str) -> None:
        """A refused request. reason: one of few texts of our own, nothing that came with it."""
        self._counts[reason] += 1
        if self._waits:
            return
        seconds = self._next - time.monotonic()
        if seconds <= 0:
            self._say()
        else:  # it is told even if no other request is refused
            self._waits = True
            asyncio.get_running_loop().call_later(seconds, self._say)

    def _say(self) -> None:
        self._next, self._waits = time.monotonic() + EVERY, False
        counted = ", ".join(f"{number} ({why})" for why, number in self._counts.most_common())
        self._counts.clear()
        self._tell(f"Refused requests: {counted}")
