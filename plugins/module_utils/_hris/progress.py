# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is, for whoever watches it: lines in a file, since a module may not print while it works.

A line is a JSON object: at (UTC, ISO 8601), phase (what is done now), done (how many), total (of how many, null where nobody knows).
There are counts and names of lists in it, and nothing about anybody.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from datetime import datetime, timezone

from .errors import HrisError

ARGUMENTS = dict(progress_file=dict(type="path"))
EVERY = 0.5  # seconds from line to line; a phase's first and last come at once


def silent(_phase: str, _done: int = 0, _total: int | None = None) -> None:
    """Tell nobody."""


@contextmanager
def telling(path: str | None, warn):
    """A callable tell(phase, done=0, total=None) that adds lines to the file; without a path it does nothing.

    What the file held before is gone. Raises HrisError for a file that cannot be written or that others may read. One that cannot be
    written on later is warned about, once: no run is stopped for it.
    """
    if not path:
        yield silent
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise HrisError(f"the file cannot be written: {error.strerror}", place=path) from None
    try:
        if os.fstat(handle).st_mode & 0o077:
            raise HrisError("others may read this file", place=path, hint="Set its mode to 0600")
        os.ftruncate(handle, 0)
        yield _Lines(handle, path, warn).tell
    finally:
        os.close(handle)


class _Lines:
    """The file, and what was told last."""

    def __init__(self, handle: int, path: str, warn):
        self._handle, self._path, self._warn = handle, path, warn
        self._phase, self._next, self._broken = None, 0.0, False

    def tell(self, phase: str, done: int = 0, total: int | None = None) -> None:
        now = time.monotonic()
        if self._broken or (phase == self._phase and now < self._next and done != total):
            return
        self._phase, self._next = phase, now + EVERY
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        try:
            os.write(
                self._handle,
                json.dumps({"at": at, "phase": phase, "done": done, "total": total}).encode()
                + b"\n",
            )
        except OSError as error:
            self._broken = True
            self._warn(
                f"{self._path}: the progress cannot be written on ({error.strerror}); the run goes on without."
            )
