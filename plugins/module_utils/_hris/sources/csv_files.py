# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV files (RFC 4180), as spreadsheets, databases and PowerShell write them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice, pairwise

from ..errors import HrisError, shortened
from ..model.blank_texts import trimmed
from ..model.records import Record
from ..user_files import open_to_read
from .table_rows import FIRST_ROWS, Row, TableOptions, records_of_rows

DELIMITERS = ",;\t|"
LONGEST_CELL = 10_000_000  # characters
_NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
# Excel reads the delimiter in a first line like this and shows nothing of it
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_TYPE_LINE = "#TYPE "  # of PowerShell's Export-Csv
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(path: str, options: TableOptions) -> list[Record]:
    """The records of a CSV file. Values are texts, an empty one is null.

    Raises HrisError naming the file and line.
    """
    if options.delimiter is not None and len(options.delimiter) != 1:
        raise HrisError(
            f"{shortened(options.delimiter)} is not one character",
            path,
            "delimiter is one character",
        )
    lines = io.StringIO(_text(path, options.encoding), newline="")
    above, separator = _skip(lines, options.skip_lines)
    text = lines.read()
    head, following = _head(text)
    delimiter = options.delimiter or separator or _delimiter(head)
    _check_delimiter(delimiter, head, path)
    _check_names(head, following, above, path)
    csv.field_size_limit(LONGEST_CELL)
    divided = f", divided by {_named(delimiter)}"
    return records_of_rows(_rows(text, delimiter, above, path), path, options, divided)


def _named(delimiter: str) -> str:
    return _NAMES.get(delimiter, shortened(delimiter))


def _text(path: str, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        with open_to_read(path) as file:
            content = file.read()
        _check_mark(content, name, path)
        text = content.decode("utf-8-sig" if name == "utf-8" else encoding)
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    except UnicodeDecodeError as error:
        raise HrisError(
            f"the file is not {name} text (byte {error.start})",
            path,
            f"Set encoding to the one of the program that wrote it, such as {_other_than(name)}",
        ) from error
    except LookupError:
        raise HrisError(
            f"there is no encoding {shortened(encoding)}", path, "Such as utf-8 or cp1252"
        ) from None
    if "\0" in text:
        raise HrisError(
            f"the file is not {name} text: it has bytes of zero",
            path,
            "Set encoding, such as utf-16",
        )
    return text


def _other_than(name: str) -> str:
    """Encodings of Windows and of DOS that are often met."""
    return "cp850" if name == "cp1252" else "cp1252"


def _check_mark(content: bytes, name: str, path: str) -> None:
    """Raise HrisError where the byte order mark of a file says another encoding."""
    for mark, marked in _MARKS:
        if content.startswith(mark) and not name.replace("_", "-").startswith(marked):
            raise HrisError(
                f"the file begins with the byte order mark of {marked}, so it is not {name}",
                path,
                f"Set encoding to {marked}",
            )


def _skip(lines: io.StringIO, count: int) -> tuple[int, str | None]:
    """Read what stands above the names. (How many lines that is, the delimiter that the first one
    says.)
    """
    first = lines.readline()
    separator = _SEPARATOR_LINE.fullmatch(first)
    if not separator and not first.startswith((_TYPE_LINE, f'"{_TYPE_LINE}')):
        lines.seek(0)
        above = 0
    else:
        above = 1
    while above < count and lines.readline():
        above += 1
    return above, separator[1] if separator else None


def _head(text: str) -> tuple[str, list[str]]:
    """(the line of names, the lines below it, as far as they are looked at)."""
    first = list(islice(io.StringIO(text, newline=""), FIRST_ROWS))
    for index, line in enumerate(first):
        if line.strip():
            return line, first[index + 1 :]
    return "", []


def _check_names(head: str, following: list[str], above: int, path: str) -> None:
    """Raise HrisError where the line of names is one text, and lines below it are divided."""
    if _count(head, _delimiter(head)) > 1:
        return
    for number, (line, below) in enumerate(pairwise(following), start=above + 2):
        delimiter = _delimiter(line)
        if 1 < _count(line, delimiter) == _count(below, delimiter):
            raise HrisError(
                f"the first line, {shortened(head.strip())}, is not divided into names of fields",
                path,
                f"Line {number} looks like the names of the fields: set skip_lines to {number - 1}",
            )


def _delimiter(head: str) -> str:
    """The delimiter that divides the line of names into most fields. Quotes count."""
    return max(DELIMITERS, key=lambda delimiter: _count(head, delimiter))


def _count(line: str, delimiter: str) -> int:
    try:
        rows = list(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return 0
    return len(rows[0]) if rows else 0


def _check_delimiter(delimiter: str, head: str, path: str) -> None:
    better = _delimiter(head)
    if _count(head, delimiter) <= 1 < _count(head, better):
        raise HrisError(
            f"the line of names is not divided by {_named(delimiter)}",
            path,
            f"Set delimiter to {better!r}, which divides it into {_count(head, better)} fields",
        )


def _rows(text: str, delimiter: str, lines: int, path: str) -> Iterator[Row]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        skipinitialspace=delimiter != " ",
        strict=True,
    )
    try:
        for values in reader:
            yield Row(lines + reader.line_num, list(map(trimmed, values)))
    except csv.Error as error:
        place = f"{path}, line {lines + reader.line_num}"
        raise HrisError(f"the CSV is invalid: {error}", place) from error
