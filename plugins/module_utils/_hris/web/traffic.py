# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went to and fro between a client and its server."""

from __future__ import annotations

import math
import threading

from ..errors import RequestFailedError
from ..option_names import option_name
from .bounded_responses import MIB


class Traffic:
    """The counters of one client. Threads may share it.

    counts: {"requests", "retries"}, as sent.
    most_received: bytes of all responses together. Whoever keeps them all sets it.
    """

    def __init__(self) -> None:
        self.counts = {"requests": 0, "retries": 0}
        self.most_received = math.inf
        self._received = 0  # bytes
        self._lock = threading.Lock()

    def sent(self, requests: int, retries: int) -> None:
        """Count requests, and how many of them were sent again."""
        with self._lock:
            self.counts["requests"] += requests
            self.counts["retries"] += retries

    def received(self, size: int, place: str) -> None:
        """Count a response. Raises RequestFailedError for one too many."""
        with self._lock:
            self._received += size
            is_too_much = self._received > self.most_received
        if is_too_much:
            raise RequestFailedError(
                f"the answers are together larger than {self.most_received / MIB:.0f} MiB",
                place,
                f"Raise {option_name('max_response_mb')}, of which this is a multiple, if that is"
                " right",
            )
