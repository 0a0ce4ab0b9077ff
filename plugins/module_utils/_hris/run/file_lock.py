# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of the state that several runs change at the same time: one after another."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from ..user_files import open_to_add


@contextmanager
def alone(path: str) -> Iterator[None]:
    """Only one process at a time has the file; the lock, a file beside it, ends with the process.
    Raises HrisError.
    """
    with open_to_add(f"{path}.lock") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
