# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs have written lately: what limits over a rolling day count, and where it was written.

It names nobody: a person is a mark, which only the same file gives to the same person.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from ..data_class import field, mutable
from .plan import Seal

FORMAT = "hris.ad recent 1"
MARK = 16  # hexadecimal digits of a mark: two of a million people have the same one once in 4 e7
# How long runs are kept at least: a run with a longer window must find them
KEPT = timedelta(days=7)
# {source: {action, or "attribute NAME": marks of people}}
Marks = dict[str, dict[str, list[str]]]


@mutable
class RecentRun:
    """One run. It is here before its first write, so that a killed run is counted as well."""

    id: str
    at: str  # ISO 8601, when it began to write
    marks: Marks


@mutable
class RecentLockOut:
    """An account that was locked out, or whose lock-out was lifted: no limit counts it."""

    account: str  # its mark
    at: str  # ISO 8601
    server: str  # URL


@mutable
class Recent:
    """What runs have written lately in one domain."""

    format: str
    domain: str  # DN
    salt: str  # of the marks
    runs: list[RecentRun] = field(default_factory=list)
    alerts: dict[str, str] = field(default_factory=dict)  # {limit: when a run said so, ISO 8601}
    servers: dict[str, str] = field(default_factory=dict)  # {URL: the last write, ISO 8601}
    lock_outs: list[RecentLockOut] = field(default_factory=list)
    seal: Seal | None = None

    def mark(self, source: str | None, account: str) -> str:
        """The mark of a person. account: the key, or the DN where there is none."""
        text = f"{source or ''}\n{account}".casefold().encode()
        return hmac.new(self.salt.encode(), text, hashlib.sha256).hexdigest()[:MARK]

    def since(self, moment: datetime) -> list[RecentRun]:
        """The runs from a moment on; those of a clock that was ahead are among them."""
        return [one for one in self.runs if datetime.fromisoformat(one.at) >= moment]

    def last_server(self) -> str | None:
        """The URL of the server that was written last."""
        return max(self.servers, key=lambda url: self.servers[url], default=None)

    def forget(self, now: datetime, window: timedelta) -> None:
        """Take away what is too old to count for any run."""
        oldest = now - max(window, KEPT)
        self.runs = self.since(oldest)
        self.alerts = _newer(self.alerts.items(), oldest)
        self.servers = _newer(self.servers.items(), oldest)
        self.lock_outs = [one for one in self.lock_outs if datetime.fromisoformat(one.at) >= oldest]


def _newer(moments: Iterable[tuple[str, str]], oldest: datetime) -> dict[str, str]:
    return {name: at for name, at in moments if datetime.fromisoformat(at) >= oldest}
