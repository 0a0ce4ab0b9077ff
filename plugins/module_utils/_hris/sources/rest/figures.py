# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted and noticed while an endpoint is read, from several threads."""

from __future__ import annotations

import threading
from typing import TypedDict

from ...web.responses import Response


class FiguresRow(TypedDict):
    """The figures of an endpoint, as the module returns them."""

    records: int
    pages: int
    requests: int  # with those that were sent again
    seconds: float
    status: int | None  # of the last response


class Figures:
    """The figures and warnings of one endpoint. Threads may share it."""

    def __init__(self) -> None:
        self.pages = 0
        self.requests = 0
        self.status: int | None = None
        self.warnings: dict[str, None] = {}  # each once, in their order
        self._lock = threading.Lock()

    def note(self, response: Response) -> None:
        """Count a response."""
        with self._lock:
            self.requests += response.attempts
            self.status = response.status

    def warn(self, text: str) -> None:
        """Keep a warning."""
        with self._lock:
            self.warnings[text] = None

    def row(self, records: int, seconds: float) -> FiguresRow:
        """What the module returns."""
        return {
            "records": records,
            "pages": self.pages,
            "requests": self.requests,
            "seconds": round(seconds, 3),
            "status": self.status,
        }
