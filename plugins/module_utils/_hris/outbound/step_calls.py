# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes in the ledger of an orchestration about the single calls of a step.

A run can be killed between two calls, or in the middle of one. What was done is noted at once, so
that the next run does not do it again. A call that may not be made twice is noted before it is made
as well: where nothing more is known of it, the next run tells, and does not repeat it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import date

from ..errors import HrisError
from ..model.records import Record
from . import step_ledger
from .outcome_file import OutcomeLine
from .step_ledger import DoneStep
from .webhook_call import SENT, SKIPPED, UNCHANGED, CallOutcome

_FINISHED = (SENT, UNCHANGED, SKIPPED)


class StepCalls:
    """The notes of one task. Its calls are made by several threads."""

    def __init__(
        self, path: str, key: str | None, step: str, accounts: Iterable[OutcomeLine], today: date
    ):
        """path: of the ledger. key: the secret that signs it. accounts: those that are due."""
        self._path, self._key, self._step, self._today = path, key, step, today
        self._lock = threading.Lock()
        self._due = {step_ledger.account_id(one): one.occurrences for one in accounts}
        self._begun: set[str] = set()  # accounts whose calls were noted before they were made
        self.problem: HrisError | None = None  # the ledger could not be written

    def begin(self, item: Record, repeatable: bool) -> None:
        """Note that the call for an object is made now. repeatable: whether it may be made twice,
        so that nothing needs to be noted. Raises HrisError, and then the call is not made.
        """
        with self._lock:
            if self.problem:
                raise self.problem
            if not repeatable:
                self._add(step_ledger.BEGUN, item)
                self._begun.add(_account(item))

    def end(self, item: Record, outcome: CallOutcome) -> None:
        """Note what became of the call."""
        with self._lock:
            try:
                if outcome.status in _FINISHED:
                    self._add(step_ledger.DONE, item)
                elif _account(item) in self._begun and not outcome.possibly_delivered:
                    self._add(step_ledger.FAILED, item)
            except HrisError as error:
                self.problem = error

    def _add(self, kind: str, item: Record) -> None:
        account = _account(item)
        steps = [DoneStep(account, self._step, one) for one in self._due.get(account, ())]
        entries = [step_ledger.step_done_entry(kind, one, self._today) for one in steps]
        step_ledger.add(self._path, entries, self._key)


def _account(item: Record) -> str:
    """As step_ledger.account_id, of a flat object."""
    return str(item.get("guid") or f"{item.get('source')}:{item.get('key')}")
