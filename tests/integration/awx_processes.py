# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a job: the test ends them as the end of a container would."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process, which the moment of its start tells from a later one with its number."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        """Whether it runs; one that has ended, and that nobody has waited for, does not."""
        stat = _stat(self.pid)
        return stat is not None and stat[19] == self.started and stat[0] != "Z"


def below(pid: int, depth: int = 100) -> set[Process]:
    """The processes that one has started, and those that they have started, to a depth."""
    stats = {int(path.name): _stat(int(path.name)) for path in Path("/proc").glob("[0-9]*")}
    found: set[Process] = set()
    parents = {pid}
    for _level in range(depth):
        children = {one for one, stat in stats.items() if stat and int(stat[1]) in parents}
        if not children:
            break
        found |= {Process(one, stat[19]) for one, stat in stats.items() if stat and one in children}
        parents = children
    return found


def end_all(processes: Iterable[Process]) -> None:
    """End them at once; those that have ended since are left alone."""
    for process in processes:
        if process.is_alive():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat behind the name: state, parent, …; None for no process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(") ")[2].split()
