# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writer of the audit log: lines are added as the answers come, so that a run which is killed
leaves nearly all of them. The journal has the others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timezone

from ..directory.connection import Connection
from ..errors import HrisError
from ..model.audit import line_of_change, line_of_run, seals_of, text_of
from ..model.plan import Outcome, Plan
from ..model.plan_json import Json
from ..private_file import add_after
from ..seals import seal_at_end

_TOGETHER = 256  # lines that are written with one wait for the disk
_LONGEST_WAIT = 1.0  # seconds until a line is written


def add_line(path: str, key: str | None, line: Json) -> None:
    """Add one line that belongs to no run. On return it is on disk. Raises HrisError naming the
    path.
    """
    _add_to(path, key, [text_of(line)])


def _add_to(path: str, key: str | None, lines: Sequence[str]) -> None:
    def sealed(last: bytes) -> str:
        seals = seals_of(key, seal_at_end(last))
        return "".join(map(seals.sealed, lines))

    add_after(path, sealed)


class AuditLog:
    """The lines of one run in the audit log."""

    def __init__(self, path: str, key: str | None, connection: Connection, plan: Plan):
        """key: with it, the lines are signed. Adds the line about the run. Raises HrisError naming
        the path, before anything was written to the directory.
        """
        self.path, self._key, self._plan = path, key, plan
        self._by = (connection.bound_as, connection.server)
        self._noted: dict[int, str] = {}  # {index of a change: the result in its last line}
        self._waiting: list[str] = []
        self._since = time.monotonic()
        self._problem: HrisError | None = None
        self._add([text_of(line_of_run(plan, *self._by, _now()))])

    def note(self, index: int, outcome: Outcome) -> None:
        """Note the answer about a change. An error is kept for the end: what was written to the
        directory must not be hidden by it.
        """
        self._noted[index] = outcome.status
        line = line_of_change(self._plan, index, outcome, *self._by, _now())
        self._waiting.append(text_of(line))
        late = time.monotonic() - self._since > _LONGEST_WAIT
        if late or len(self._waiting) >= _TOGETHER:
            self._write()

    def close(self, outcomes: Sequence[Outcome]) -> None:
        """Write what is missing. outcomes: of all changes. Raises HrisError naming the path."""
        for index, outcome in enumerate(outcomes):
            if self._noted.get(index) != outcome.status:
                self.note(index, outcome)
        self._write()
        if self._problem:
            raise self._problem

    def _write(self) -> None:
        lines, self._waiting = self._waiting, []
        self._since = time.monotonic()
        if not lines or self._problem:
            return
        try:
            self._add(lines)
        except HrisError as error:
            self._problem = error

    def _add(self, lines: Sequence[str]) -> None:
        _add_to(self.path, self._key, lines)


def _now() -> datetime:
    return datetime.now(timezone.utc)
