# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the result of the module webhook shows of its calls: within bounds, and without secrets."""

from __future__ import annotations

import json
from typing import Any, TypedDict

from ..data_class import frozen
from ..model.records import Record
from ..web.client import Client
from ..web.responses import Response
from . import objects, redaction
from .comparison import Difference
from .webhook_call import (
    NOT_SENT,
    SENT,
    STATUSES,
    UNCHANGED,
    UNDELIVERED,
    WOULD_SEND,
    CallOutcome,
)
from .webhook_template import Request

# Characters of all calls in a result: AWX drops a result over 700,000 characters silently.
CALLS_LIMIT = 300_000


class Failure(TypedDict):
    """An object whose call was not delivered."""

    object: str  # its key, logon name, DN or GUID
    reason: str | None
    possibly_delivered: bool


class Diff(TypedDict):
    """The differences of one object, as Ansible shows them."""

    before_header: str
    after_header: str
    before: str
    after: str


@frozen
class ReportLimits:
    """How much a result shows."""

    report_limit: int  # the most calls, failures and diffs
    body_limit: int  # the most characters of each body


class CallReport:
    """Collects the outcomes of calls, as long as there is room.

    base_url: what the path of a request is below; "" when its url is whole.
    """

    def __init__(self, client: Client, base_url: str, limits: ReportLimits):
        self._scrub = client.scrub
        self._base_url = base_url
        self._limit = max(limits.report_limit, 0)
        self._body_limit = max(limits.body_limit, 0)
        self._size = 0  # characters of the calls
        self.counts = dict.fromkeys(STATUSES, 0)
        self.possibly_delivered = 0  # undelivered calls that the receiver may have
        self.calls: list[Record] = []
        self.failures: list[Failure] = []
        self.diff: list[Diff] = []

    def add(self, item: Record, outcome: CallOutcome) -> None:
        """Add the outcome of the call for a flat object."""
        name = objects.label(item)
        self.counts[outcome.status] += 1
        self.possibly_delivered += outcome.possibly_delivered
        if outcome.status in UNDELIVERED and len(self.failures) < self._limit:
            self.failures.append(
                Failure(
                    object=name,
                    reason=outcome.reason,
                    possibly_delivered=outcome.possibly_delivered,
                )
            )
        if outcome.status in (SENT, WOULD_SEND):
            self._add_diff(name, outcome.differences)
        if outcome.status not in (UNCHANGED, NOT_SENT):
            self._add_call(name, outcome)

    @property
    def undelivered(self) -> int:
        """How many calls were not delivered."""
        return sum(self.counts[status] for status in UNDELIVERED)

    @property
    def sent(self) -> int:
        """How many calls were sent, or would be sent in check mode."""
        return self.counts[SENT] + self.counts[WOULD_SEND]

    def _add_call(self, name: str, outcome: CallOutcome) -> None:
        if len(self.calls) >= self._limit or self._size > CALLS_LIMIT:
            return
        call = {
            "object": name,
            "status": outcome.status,
            "reason": outcome.reason,
            "request": self._request(outcome.request),
            "response": self._response(outcome.response),
        }
        self._size += len(json.dumps(call, default=str))
        if self._size <= CALLS_LIMIT:
            self.calls.append(call)

    def _request(self, request: Request | None) -> Record | None:
        if request is None:
            return None
        url = request.url
        if not url.startswith("http"):
            url = self._base_url + url
        content_type = request.headers.get("Content-Type", "")
        return {
            "method": request.method,
            "url": self._scrub(url),
            "params": redaction.redacted(request.params, self._scrub),
            "headers": redaction.redacted(request.headers, self._scrub),
            "body": self._body(request.body, content_type),
        }

    def _response(self, response: Response | None) -> Record | None:
        if response is None:
            return None
        content_type = response.headers.get("content-type", "")
        return {
            "status": response.status,
            "headers": redaction.redacted(response.headers, self._scrub),
            "seconds": round(response.seconds, 3),
            "attempts": response.attempts,
            "body": self._body(response.body, content_type),
        }

    def _body(self, body: bytes | None, content_type: str) -> Any:
        if body is None:
            return None
        return redaction.body_value(body, content_type, self._body_limit, self._scrub)

    def _add_diff(self, name: str, differences: dict[str, Difference]) -> None:
        if not differences or len(self.diff) >= self._limit:
            return
        before = {field: difference.before for field, difference in differences.items()}
        after = {field: difference.after for field, difference in differences.items()}
        self.diff.append(
            Diff(
                before_header=name,
                after_header=name,
                before=self._scrub(_lines(before)),
                after=self._scrub(_lines(after)),
            )
        )


def _lines(values: Record) -> str:
    return "".join(f"{name}: {redaction.shown_value(value)}\n" for name, value in values.items())
