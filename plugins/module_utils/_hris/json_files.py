# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON and JSON Lines files: the only reader of both.

NaN and Infinity are no JSON (RFC 8259, section 6), but some programs write them where there is no
value: they are null. Text is UTF-8 (section 8.1), and UTF-16 or UTF-32 where the file begins with
the mark of it, as PowerShell writes files.

A message names the file and the line, and quotes nothing of what stands there.
"""

from __future__ import annotations

import codecs
import io
import json
import os
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .errors import HrisError
from .user_files import open_to_read, open_trusted

LineCheck = Callable[[list[bytes], int], None]  # (lines as they are, number of the first)
_LONGEST_END = 65_536  # bytes
_PART = 262_144  # bytes
_BLOCK = 500  # lines that are decoded together
_BYTE_ORDER_MARK = codecs.BOM_UTF8
# The mark of UTF-32 in this order begins with that of UTF-16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: str, trusted: bool = False) -> str:
    """The text of a file. Raises HrisError naming the file.

    trusted: the run believes what it says, so that only its owner may write it.
    """
    try:
        with _open(path, trusted) as file:
            return _decoded(file.read(), path)
    except OSError as error:
        raise _unreadable(path, error) from error


def read_parts(path: str, trusted: bool = False) -> Iterator[str]:
    """Yield the text of a file in parts, for one that would be large in memory. As read_text."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        with _utf8(path, trusted) as file:
            while block := file.read(_PART):
                yield decoder.decode(block)
            yield decoder.decode(b"", final=True)
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise HrisError("the file is not UTF-8 text", path) from error


def read_json(path: str, trusted: bool = False) -> Any:
    """The JSON value of a file. trusted: as of read_text. Raises HrisError naming the
    file.
    """
    text = read_text(path, trusted)
    try:
        return _value(text)
    except (ValueError, RecursionError) as error:
        raise HrisError(f"the file is not JSON: {error}", path) from error


def _decoded(content: bytes, path: str) -> str:
    """The text of the bytes of a file. Raises HrisError naming the file."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"the file is not {error.encoding.upper()} text (byte {error.start})"
        raise HrisError(message, path) from error


def _value(text: str) -> Any:
    return json.loads(text, parse_constant=_no_value)


def _no_value(_constant: str) -> None:
    """What NaN, Infinity and -Infinity stand for."""


def read_lines(
    path: str,
    torn: bool = False,
    hint: str | None = None,
    trusted: bool = False,
    check: LineCheck | None = None,
) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, as of iterate_lines()."""
    return list(iterate_lines(path, torn, hint, trusted, check))


def iterate_lines(
    path: str,
    torn: bool = False,
    hint: str | None = None,
    trusted: bool = False,
    check: LineCheck | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file in UTF-8; empty lines are ignored.

    A block of lines at a time is decoded as one array: that takes half the time, and the objects
    share the names of their fields.
    torn: whether the last line may be cut off, as a killed run leaves it; it is then ignored.
    hint: what to do about a line that is not an object. trusted: as of read_text. check: looks at
    the lines before they are decoded, but for one that is cut off.
    Raises HrisError naming the file and line.
    """
    number = 1
    for block in _blocks(path, trusted):
        if check:
            if torn and not block[-1].endswith(b"\n"):
                del block[-1]  # nothing that was not looked at is believed
            check(block, number)
        objects = _decode_block(block)
        if objects is None:  # some line is not an object: find it
            objects = _decode_lines(block, number, path, torn, hint)
        yield from objects
        number += len(block)


def last_line(path: str) -> bytes:
    """The last line of a file that the run believes, at most its last 64 KB; without a line break
    when it is cut off. A line break for a file that is not there or has no lines.
    """
    if not os.path.exists(path):
        return b"\n"
    with open_trusted(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(-min(size, _LONGEST_END), os.SEEK_END)
        text = file.read()
    return b"\n" if not text else text.splitlines(keepends=True)[-1]


def starts_with_array(path: str) -> bool:
    """Whether the file holds one JSON array instead of lines. Raises HrisError naming the file."""
    try:
        with _utf8(path, False) as file:
            for line in file:
                line = line.removeprefix(_BYTE_ORDER_MARK).strip()
                if line:
                    return line.startswith(b"[")
    except OSError as error:
        raise _unreadable(path, error) from error
    return False


def _open(path: str, trusted: bool) -> io.BufferedReader:
    return open_trusted(path) if trusted else open_to_read(path)


def _utf8(path: str, trusted: bool) -> io.BufferedIOBase:
    """The file as bytes of UTF-8. Raises OSError, and HrisError for a text that is damaged."""
    file = _open(path, trusted)
    mark = file.read(4)
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        with file:
            return io.BytesIO(_decoded(mark + file.read(), path).encode("utf-8", "surrogatepass"))
    file.seek(0)
    return file


def _blocks(path: str, trusted: bool) -> Iterator[list[bytes]]:
    try:
        with _utf8(path, trusted) as file:
            block = list(islice(file, _BLOCK))
            if block:
                block[0] = block[0].removeprefix(_BYTE_ORDER_MARK)
            while block:
                yield block
                block = list(islice(file, _BLOCK))
    except OSError as error:
        raise _unreadable(path, error) from error


def _decode_block(block: list[bytes]) -> list[dict[str, Any]] | None:
    """The objects of some lines; None when a line is not an object."""
    lines = [line for line in map(bytes.strip, block) if line]
    if not all(line[:1] == b"{" and line[-1:] == b"}" for line in lines):
        return None
    try:
        values = _value((b"[%s]" % b",".join(lines)).decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if len(values) != len(lines):  # two objects in one line
        return None
    return values


def _decode_lines(
    block: list[bytes], first: int, path: str, torn: bool, hint: str | None
) -> list[dict[str, Any]]:
    """The same, one line at a time. first: the number of the block's first line."""
    objects = []
    for number, line in enumerate(block, first):
        if not line.strip():
            continue
        try:
            objects.append(_decode_line(line, f"{path}, line {number}", hint))
        except HrisError:
            if not torn or line.endswith(b"\n"):
                raise
    return objects


def _decode_line(line: bytes, place: str, hint: str | None) -> dict[str, Any]:
    try:
        value = _value(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise HrisError(f"the line is not UTF-8 text (byte {error.start})", place, hint) from error
    except (ValueError, RecursionError) as error:
        raise HrisError(f"the line is not JSON: {error}", place, hint) from error
    if value is None:
        return {}  # a record without fields is the reader's finding, and costs no other line
    if not isinstance(value, dict):
        raise HrisError("the line is not a JSON object", place, hint)
    return value


def _unreadable(path: str, error: OSError) -> HrisError:
    return HrisError(f"the file cannot be read: {error.strerror}", path)
