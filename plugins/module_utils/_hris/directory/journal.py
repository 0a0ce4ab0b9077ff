# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of an application: on disk before each write is sent, so that it tells what happened however the run ends.

The file has mode 0600; journal_format.py describes its lines and reads them. A change with an intent and no result is one
whose fate only the directory knows.
"""

from __future__ import annotations

import contextlib
import os

from ..errors import HrisError
from ..journal_format import line_of_intent, line_of_plan, line_of_result, text_of

AHEAD = 64  # changes that are announced with one write to the disk


class Journal:
    """An open journal. Raises HrisError when it cannot be written: before the first write of the plan, or in the middle."""

    def __init__(self, path: str, plan: dict):
        self.path, self.plan = path, plan
        self._announced: set[int] = set()
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise HrisError(
                "there is a journal of this name already",
                place=path,
                hint="A journal is never written over: choose another name",
            ) from None
        except OSError as error:
            raise HrisError(
                f"the journal cannot be written: {error.strerror}", place=path
            ) from None
        self._file = os.fdopen(handle, "w", encoding="ascii")
        self._write([line_of_plan(plan)], safe=True)

    def intent(self, index: int) -> None:
        """Announce the change, and some that follow it in the plan; it is on disk when this returns."""
        if index not in self._announced:
            end = min(index + AHEAD, len(self.plan["changes"]))
            block = [number for number in range(index, end) if number not in self._announced]
            self._announced.update(block)
            self._write([line_of_intent(self.plan, number) for number in block], safe=True)

    def result(self, index: int, outcome: dict) -> None:
        """Note what became of the change."""
        self._write([line_of_result(self.plan, index, outcome)], safe=False)

    def of(self, indexes: list[int]) -> Part:
        """The journal for some of the changes, which count their own indexes from 0."""
        return Part(self, indexes)

    def close(self) -> None:
        """Write everything to the disk. Raises HrisError."""
        try:
            self._write([], safe=True)
        finally:
            with contextlib.suppress(OSError):  # said already, if it could not be written
                self._file.close()

    def _write(self, lines: list[dict], safe: bool) -> None:
        try:
            self._file.writelines(map(text_of, lines))
            if safe:
                self._file.flush()
                os.fdatasync(self._file.fileno())
        except OSError as error:
            raise HrisError(
                f"the journal cannot be written on: {error.strerror}",
                place=self.path,
                hint="Nothing further was sent. Make room and run again: the next run finishes",
            ) from None


class Part:
    """A journal as one part of its changes sees it."""

    def __init__(self, journal: Journal, indexes: list[int]):
        self._journal, self._indexes = journal, indexes

    def intent(self, index: int) -> None:
        """As of Journal."""
        self._journal.intent(self._indexes[index])

    def result(self, index: int, outcome: dict) -> None:
        """As of Journal."""
        self._journal.result(self._indexes[index], outcome)
