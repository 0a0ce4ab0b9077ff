# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files with personal data: whole or not at all, and readable by their owner only."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable

from .errors import HrisError


def write_private(path: str, chunks: Iterable[str]) -> None:
    """Write the chunks as one UTF-8 file of mode 0600 that takes its place in one step. Raises
    HrisError naming the path.
    """
    if os.path.isdir(path):
        raise HrisError("this is a directory, not a file", path)
    unfinished = None
    try:
        handle, unfinished = tempfile.mkstemp(
            prefix=".hris.ad-", dir=os.path.dirname(os.path.abspath(path))
        )  # mkstemp makes it 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
        unfinished = None
    except OSError as error:
        raise HrisError(f"the file cannot be written: {error.strerror}", path) from error
    finally:
        if unfinished is not None:
            os.unlink(unfinished)


def file_digest(path: str) -> str:
    """The digest of what a file holds, ``sha256:…``. Raises HrisError naming the path."""
    try:
        with open(path, "rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error


def append_private(path: str, lines: Iterable[str]) -> None:
    """Add lines to a file that only its owner may read, and come back when they are on disk. Raises
    HrisError naming the path.

    All of them or none: what a full disk takes only in part is taken back. A last line that a
    killed run has cut off is ended, so that the new ones are whole.
    """
    new = "".join(lines).encode()
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "rb+", buffering=0) as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise HrisError("others may read this file", path, "Set its mode to 0600")
            size = os.fstat(file.fileno()).st_size
            torn = new and size and os.pread(file.fileno(), 1, size - 1) != b"\n"
            data = memoryview(b"\n" + new if torn else new)
            try:
                while data:
                    data = data[file.write(data) :]
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), size)
                raise
        folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
        try:
            os.fsync(folder)  # a new file's name is on disk only then
        finally:
            os.close(folder)
    except OSError as error:
        raise HrisError(f"the file cannot be written: {error.strerror}", path) from error
