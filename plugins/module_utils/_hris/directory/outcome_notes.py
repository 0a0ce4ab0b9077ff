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
    pending: set[int] = field(default_factory=set)  # changes with values that are written later
    stopped: str = ""  # why nothing more is sent

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
        """Note an outcome; one that is not final yet waits for the values that are written
        later.
        """
        for index in indexes:
            self.outcomes[index] = outcome
            if index not in self.pending or outcome.status != APPLIED:
                self.pending.discard(index)
                self._report(index, outcome)

    def note_final(self, index: int, outcome: Outcome) -> None:
        """Note an outcome that waits for nothing."""
        self.pending.discard(index)
        self.note([index], outcome)

    def note_incomplete(self, index: int, missing: Sequence[str], message: str, code: str) -> None:
        """Note a change that was applied but for some attributes."""
        self.note_final(index, Outcome(APPLIED, message, code, missing))

    def _report(self, index: int, outcome: Outcome) -> None:
        # After a stop too: answers still arrive, and what is skipped was not sent
        if self.journal:
            try:
                self.journal.result(index, outcome)
            except HrisError as error:
                self.stopped, self.journal = self.stopped or str(error), None
        if self.stop and not self.stopped:
            self.stopped = self.stop(outcome) or ""
        if self.progress:
            self.progress(index, outcome)
