# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files with personal data: written completely or not at all, readable by their owner only."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from io import FileIO

from .errors import HrisError
from .user_files import check_replaceable, folder_of, open_to_add, open_to_read

_TAIL = 1 << 16  # bytes that are read first to find the last line


def write_private(path: str, chunks: Iterable[str]) -> None:
    """Write the chunks as one UTF-8 file of mode 0600 that replaces an old one in one step.

    Raises HrisError naming the path, also for one that user_files.py does not write.
    """
    check_replaceable(path)
    unfinished = None
    try:
        # The mode of mkstemp is 0600
        handle, unfinished = tempfile.mkstemp(prefix=".hris.ad-", dir=folder_of(path))
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
    """The digest of a file's content, ``sha256:…``. Raises HrisError naming the path."""
    try:
        with open_to_read(path) as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error


def append_private(path: str, lines: Iterable[str]) -> None:
    """Add lines to a file that only its owner may read; on return they are on disk.

    Either all of them or none: what a full disk takes only in part is removed again. A last line
    that a killed run has cut off is ended first, so that the new ones are complete.
    Raises HrisError naming the path.
    """
    add_after(path, lambda _last: "".join(lines))


def add_after(path: str, text_after: Callable[[bytes], str]) -> None:
    """As append_private, where the new lines depend on the last one.

    text_after: the new lines, from the last whole line (b"" in a new file). Nobody else adds to the
    file meanwhile.
    """
    try:
        with open_to_add(path) as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
            size = os.fstat(file.fileno()).st_size
            new = text_after(_last_line(file, size)).encode()
            if new and _is_torn(file, size):
                new = b"\n" + new
            _append(file, new, size)
        _sync_folder(path)  # a new file's name is on disk only then
    except OSError as error:
        raise HrisError(f"the file cannot be written: {error.strerror}", path) from error


def _last_line(file: FileIO, size: int) -> bytes:
    """The last line that has an end, b"" where there is none."""
    length = _TAIL
    while True:
        start = max(0, size - length)
        whole, end, _torn = os.pread(file.fileno(), size - start, start).rpartition(b"\n")
        _before, begin, line = whole.rpartition(b"\n")
        if begin or start == 0:
            return line + end
        length *= 2


def _is_torn(file: FileIO, size: int) -> bool:
    """Whether the last line has no end."""
    return size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"


def _append(file: FileIO, new: bytes, size: int) -> None:
    """Write all of it or nothing. size: of the file before, in bytes."""
    data = memoryview(new)
    try:
        while data:
            data = data[file.write(data) :]
        os.fsync(file.fileno())
    except OSError:
        os.ftruncate(file.fileno(), size)
        raise


def _sync_folder(path: str) -> None:
    folder = os.open(folder_of(path), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
