# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The circuit breaker: a run stops when refusals show that something is wrong for everybody."""

from __future__ import annotations

from ..data_class import mutable
from ..model.plan import REFUSED, Outcome

ENOUGH = 20  # outcomes, or a tenth of all: before that a percentage means nothing


@mutable
class CircuitBreaker:
    """Counts outcomes and says when to stop."""

    first: int  # so many equal refusals at the very beginning stop the run; 0: never
    percent: float  # a larger share of refusals stops the run; 100: never
    total: int  # changes of the run
    known: int = 0  # outcomes so far
    refused: int = 0
    alike: int = 0  # refusals with the same code since the beginning
    code: str | None = None  # of the last refusal

    def note(self, outcome: Outcome) -> str | None:
        """Count one outcome; why the run stops, or None."""
        if outcome.status == REFUSED:
            all_refused = self.refused == self.known
            if all_refused and outcome.code == (self.code or outcome.code):
                self.alike += 1
            self.refused += 1
            self.code = outcome.code
        self.known += 1
        if self.first and self.alike == self.known == self.first:
            return f"the first {self.first} changes were all refused alike ({outcome.message})"
        is_enough = self.known >= max(ENOUGH, self.total // 10)
        if is_enough and 100 * self.refused / self.known > self.percent:
            return (
                f"{self.refused} of the first {self.known} changes were refused, more than "
                f"{self.percent:g} %"
            )
        return None
