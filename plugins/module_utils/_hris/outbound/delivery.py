# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of one webhook for many objects: made concurrently, counted, reported, and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from ..data_class import frozen
from ..model.records import Record
from .dead_letters import DeadLetter
from .webhook_call import FAILED, NOT_SENT, CallOutcome

Perform = Callable[[Record, "str | None"], CallOutcome]  # what expressions see, idempotency key


@frozen
class PlannedCall:
    """A call that is to be made."""

    object: Record  # the flat object
    record: Record  # what expressions see: the object, variables, secrets, today and now
    letter: DeadLetter | None = None  # the earlier attempt that is repeated

    @property
    def idempotency_key(self) -> str | None:
        """The key of the earlier attempt."""
        return None if self.letter is None else self.letter.idempotency_key


def call_all(
    calls: list[PlannedCall], perform: Perform, concurrency: int, stop_on_failure: bool
) -> Iterator[tuple[PlannedCall, CallOutcome]]:
    """Make the calls, and yield each with its outcome, in their order.

    concurrency: how many are under way at once. stop_on_failure: no call is begun after a failure.
    """
    stopped = threading.Event()

    def call(planned: PlannedCall) -> CallOutcome:
        if stopped.is_set():
            return CallOutcome(NOT_SENT, "an earlier call failed")
        outcome = perform(planned.record, planned.idempotency_key)
        if stop_on_failure and outcome.status == FAILED:
            stopped.set()
        return outcome

    with ThreadPoolExecutor(concurrency) as pool:
        yield from zip(calls, pool.map(call, calls), strict=True)


def dead_letter(webhook: str, planned: PlannedCall, outcome: CallOutcome, at: str) -> DeadLetter:
    """What is kept of a call that was not delivered. at: now, UTC, ISO 8601."""
    attempts, possibly_delivered = 0, False
    if planned.letter:
        attempts = planned.letter.attempts
        possibly_delivered = planned.letter.possibly_delivered
    if outcome.status == FAILED:
        attempts += 1
        # A failure now does not undo that an earlier attempt may have arrived
        possibly_delivered = possibly_delivered or outcome.possibly_delivered
    status = None
    if outcome.response:
        status = outcome.response.status
    return DeadLetter(
        webhook=webhook,
        object=planned.object,
        today=planned.record["today"],
        now=planned.record["now"],
        idempotency_key=_idempotency_key(planned, outcome),
        reason=outcome.reason,
        status=status,
        possibly_delivered=possibly_delivered,
        attempts=attempts,
        at=at,
    )


def _idempotency_key(planned: PlannedCall, outcome: CallOutcome) -> str | None:
    if outcome.request and outcome.request.idempotency_key:
        return outcome.request.idempotency_key
    return planned.idempotency_key
