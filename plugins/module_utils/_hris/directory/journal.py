# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writer of journals: every change is on disk before it is sent, so that a journal tells how
any run ended.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Protocol

from ..errors import HrisError
from ..model.journal import (
    line_of_intent,
    line_of_part,
    line_of_plan,
    line_of_result,
    seals_of,
    text_of,
)
from ..model.plan import Outcome, Plan
from ..model.plan_json import Json
from ..user_files import open_new

AHEAD = 64  # changes that are announced with one write to the disk


class JournalWriter(Protocol):
    """Where the application of changes is noted."""

    def intent(self, index: int) -> None:
        """Announce a change."""

    def part(self, index: int, message: str) -> None:
        """Note that a change was made but for values that are written later."""

    def result(self, index: int, outcome: Outcome) -> None:
        """Note what became of a change."""


class Journal:
    """An open journal.

    Raises HrisError when it cannot be written: before the first write of the plan, or during its
    application.
    """

    def __init__(self, path: str, plan: Plan, key: str | None = None):
        """key: with it, every line is signed."""
        self.path, self.plan = path, plan
        self._seals = seals_of(key)
        self._announced: set[int] = set()
        try:
            handle = open_new(path)
        except FileExistsError:
            raise HrisError(
                "a journal with this name exists already",
                place=path,
                hint="Choose another name: a journal is never overwritten",
            ) from None
        self._file = os.fdopen(handle, "w", encoding="ascii")
        self._write(self._seals.sealed_pieces(line_of_plan(plan)), sync=True)

    def intent(self, index: int) -> None:
        """Announce a change, and some that follow it in the plan; it is on disk when this
        returns.
        """
        if index not in self._announced:
            end = min(index + AHEAD, len(self.plan.changes))
            block = [number for number in range(index, end) if number not in self._announced]
            self._announced.update(block)
            now = datetime.now(timezone.utc)
            lines = (line_of_intent(self.plan, one, now) for one in block)
            self._write(map(self._sealed, lines), sync=True)

    def result(self, index: int, outcome: Outcome) -> None:
        """Note what became of a change."""
        now = datetime.now(timezone.utc)
        self._write([self._sealed(line_of_result(self.plan, index, outcome, now))], sync=False)

    def part(self, index: int, message: str) -> None:
        """Note that a change was made but for values that are written later."""
        now = datetime.now(timezone.utc)
        self._write([self._sealed(line_of_part(self.plan, index, message, now))], sync=False)

    def of(self, indexes: Sequence[int]) -> PartOfJournal:
        """The journal for some of the changes, which have their own indexes from 0."""
        return PartOfJournal(self, indexes)

    def discard(self) -> None:
        """Remove the journal of a run that ended before its first write: it begins anew."""
        self._file.close()
        os.unlink(self.path)

    def close(self) -> None:
        """Write everything to the disk. Raises HrisError."""
        try:
            self._write([], sync=True)
        finally:
            with contextlib.suppress(OSError):  # reported already, if it could not be written
                self._file.close()

    def _sealed(self, line: Json) -> str:
        return self._seals.sealed(text_of(line))

    def _write(self, pieces: Iterable[str], sync: bool) -> None:
        try:
            self._file.writelines(pieces)
            if sync:
                self._file.flush()
                os.fdatasync(self._file.fileno())
        except OSError as error:
            raise HrisError(
                f"the journal cannot be written any more: {error.strerror}",
                place=self.path,
                hint="Nothing more was sent. Free disk space, and run again to complete it",
            ) from None


class PartOfJournal:
    """A journal as one part of its changes sees it."""

    def __init__(self, journal: Journal, indexes: Sequence[int]):
        self._journal, self._indexes = journal, indexes

    def intent(self, index: int) -> None:
        """As Journal.intent."""
        self._journal.intent(self._indexes[index])

    def part(self, index: int, message: str) -> None:
        """As Journal.part."""
        self._journal.part(self._indexes[index], message)

    def result(self, index: int, outcome: Outcome) -> None:
        """As Journal.result."""
        self._journal.result(self._indexes[index], outcome)
