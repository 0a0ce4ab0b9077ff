# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The notes of one application of changes: what became of each, and whether more may be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..data_class import field, mutable
from ..errors import HrisError
from ..model.plan import APPLIED, Outcome
from .journal import JournalWriter
from .pipeline import StoppedError


@mutable
class OutcomeNotes:
    """The outcomes so far, parallel to the changes."""

    outcomes: list[Outcome | None]
    progress: Callable[[int, Outcome], None] | None
    journal: JournalWriter | None
    stop: Callable[[Outcome], str | None] | None  # why nothing more shall be sent
    # {change: those of its attributes that are written after it}
    later: dict[int, set[str]] = field(default_factory=dict)
    pending: set[int] = field(default_factory=set)  # changes that still wait for these
    counted: set[int] = field(default_factory=set)  # changes that progress and stop know
    stopped: str = ""  # why nothing more is sent

    def wait_for(self, index: int, attributes: Iterable[str]) -> None:
        """Know that some attributes of a change are written after it."""
        self.later.setdefault(index, set()).update(attributes)
        self.pending.add(index)

    def waiting(self, index: int) -> list[str]:
        """The attributes of a change that are written after it."""
        return sorted(self.later[index])

    def announce(self, indexes: Iterable[int]) -> None:
        """Write to the journal what is sent next.

        Raises StoppedError when nothing more is to be sent, or the journal cannot be written.
        """
        if not self.stopped and self.journal:
            try:
                for index in indexes:
                    self.journal.intent(index)
            except HrisError as error:
                self.stopped, self.journal = str(error), None
        if self.stopped:
            raise StoppedError

    def is_applied(self, index: int) -> bool:
        """Whether a change was applied."""
        outcome = self.outcomes[index]
        return outcome is not None and outcome.status == APPLIED

    def note(self, indexes: Iterable[int], outcome: Outcome) -> None:
        """Note an outcome and tell it, also while values wait to be written: the account exists."""
        for index in indexes:
            self.outcomes[index] = outcome
            waits = outcome.status == APPLIED and index in self.pending
            if not waits:
                self.pending.discard(index)
            self._report(index, outcome, waits)

    def note_final(self, index: int, outcome: Outcome) -> None:
        """Note an outcome that waits for nothing."""
        self.pending.discard(index)
        self.note([index], outcome)

    def note_incomplete(self, index: int, missing: Sequence[str], message: str, code: str) -> None:
        """Note a change that was applied but for some attributes; others may be noted already."""
        before = self.outcomes[index]
        if before and before.message:
            missing, message = [*before.incomplete, *missing], f"{before.message}; {message}"
            code = before.code or code
        self.note_final(index, Outcome(APPLIED, message, code, missing))

    def _report(self, index: int, outcome: Outcome, waits: bool) -> None:
        # After a stop too: answers still arrive, and what is skipped was not sent
        try:
            if self.journal and waits:
                later = ", ".join(self.waiting(index))
                self.journal.part(index, f"{later} not written yet")
            elif self.journal:
                self.journal.result(index, outcome)
        except HrisError as error:
            self.stopped, self.journal = self.stopped or str(error), None
        if index in self.counted:
            return
        self.counted.add(index)
        if self.stop and not self.stopped:
            self.stopped = self.stop(outcome) or ""
        if self.progress:
            self.progress(index, outcome)
