# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that one person may get."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from ..model.names_ledger import Owners
from .taken_names import TakenNames

MOST_PASSED_OVER = 20  # candidates of one person that are remembered


class PassedOver(NamedTuple):
    """A candidate that somebody does not get."""

    attribute: str
    value: str
    why: str  # words that follow the value
    is_former: bool  # whether nobody in the directory has it


class Names:
    """All names that are taken, as one person sees them, who may have had some before."""

    def __init__(self, taken: TakenNames, owner: str | None, person: Owners):
        """owner: the DN of the account before the run; None for a new one. person: who it is in the
        names ledger.
        """
        self.all, self._owner, self._person = taken, owner, person
        self.passed_over: list[PassedOver] = []

    @cached_property
    def had_names(self) -> bool:
        """Whether the person had a name before, as far as the names ledger knows."""
        return self._owner is None and self.all.had_names(self._person)

    def is_own(self, attribute: str, value: str) -> bool:
        """Whether a value is a former name of the person."""
        return self.all.is_own(attribute, value, self._person)

    def is_free(self, attribute: str, value: str) -> bool:
        """Whether the person may get a value. One that is not free is remembered."""
        refusal = self.all.why_not(attribute, value, self._owner, self._person)
        if refusal is None:
            return True
        self.pass_over(attribute, value, refusal.words, refusal.is_former)
        return False

    def pass_over(self, attribute: str, value: str, why: str, is_former: bool = False) -> None:
        """Remember that the person does not get a candidate."""
        if len(self.passed_over) < MOST_PASSED_OVER:
            self.passed_over.append(PassedOver(attribute, value, why, is_former))
