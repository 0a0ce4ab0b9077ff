# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is, for people who watch it: lines in a file, because a module cannot print while
it works.

A line is a JSON object: at (UTC, ISO 8601), phase (what is done now), done (how many), total (of
how many, null where it is not known). It has counts and names of lists, and nothing about a person.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any, Protocol

from .user_files import open_to_add

ARGUMENTS: dict[str, Any] = dict(progress_file=dict(type="path"))
EVERY = 0.5  # seconds between lines; the first and the last line of a phase come at once


class Progress(Protocol):
    """Reports how far a run is."""

    def __call__(self, phase: str, done: int = 0, total: int | None = None) -> None:
        """phase: what is done now. done: how many. total: of how many, where it is known."""


def no_progress(phase: str, done: int = 0, total: int | None = None) -> None:
    """Report nothing."""


@contextmanager
def progress_to(path: str | None, warn: Callable[[str], None]) -> Iterator[Progress]:
    """A Progress that adds lines to a file, whose former content is gone; without a path it does
    nothing.

    Raises HrisError for a file that cannot be written, or not safely (user_files.py). A file that
    cannot be written later is warned about once: no run is stopped for it.
    """
    if not path:
        yield no_progress
        return
    with open_to_add(path) as file:
        file.truncate(0)
        yield _ProgressFile(file.fileno(), path, warn)


class _ProgressFile:
    """The file, and what was written last."""

    def __init__(self, handle: int, path: str, warn: Callable[[str], None]):
        self._handle, self._path, self._warn = handle, path, warn
        self._phase: str | None = None
        self._next = 0.0  # moment of the next line
        self._broken = False

    def __call__(self, phase: str, done: int = 0, total: int | None = None) -> None:
        now = time.monotonic()
        is_due = phase != self._phase or now >= self._next or done == total
        if self._broken or not is_due:
            return
        self._phase, self._next = phase, now + EVERY
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "phase": phase, "done": done, "total": total})
        try:
            os.write(self._handle, line.encode() + b"\n")
        except OSError as error:
            self._broken = True
            self._warn(
                f"{self._path}: the progress cannot be written any more ({error.strerror}). The "
                "run goes on."
            )
