# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a table as records: the names of the fields, and what programs leave around them.

Programs write a title above the names, a total below the last employee, a delimiter behind each
line, and a column twice. What is certain is put right. What is not is refused with the option that
says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from ..data_class import frozen
from ..errors import HrisError, shortened
from ..model.blank_texts import trimmed
from ..model.records import Record

FIRST_ROWS = 20  # among which the names of the fields are looked for, for a hint
_FEWEST_NAMES = 2  # that a line has which looks like names


@frozen
class Row:
    """One row of a table."""

    number: int  # the line of the file that it ends in, counted from 1
    values: list[Any]


@frozen
class TableOptions:
    """How a table is read; the options of an endpoint with the same names."""

    delimiter: str | None = None  # of CSV; None: found in the line of names
    encoding: str = "utf-8"  # of CSV
    sheet: str | None = None  # of XLSX; None: the only one
    skip_lines: int = 0  # above the names
    skip_last_lines: int = 0  # below the last employee
    names: Sequence[str] | None = None  # of the fields; None: the first line has them
    null_values: Sequence[str] = ()  # texts that mean no value


def records_of_rows(
    rows: Iterable[Row], path: str, options: TableOptions, divided: str = ""
) -> list[Record]:
    """The records of the rows below skip_lines. Rows without a value are left out.

    divided: how a line is divided into values, for messages. Raises HrisError naming the file and
    line.
    """
    found = [row for row in rows if any(value not in (None, "") for value in row.values)]
    if options.skip_last_lines:
        found = found[: -options.skip_last_lines]
    first = found[:FIRST_ROWS]
    names = list(options.names) if options.names else _names_in(found, path)
    for row in found:
        _check_width(row, len(names), f"{path}, line {row.number}", divided, found, first)
    columns = _columns(names, found, path, first)
    nulls = frozenset(options.null_values)
    return [_record(row, columns, nulls) for row in found]


def _names_in(found: list[Row], path: str) -> list[str]:
    """The names in the first row, which is taken from the rows."""
    if not found:
        raise HrisError("the first line holds no names of fields", path)
    row = found.pop(0)
    names = ["" if value is None else trimmed(str(value)) for value in row.values]
    while names and not names[-1]:
        names.pop()
    return names


def _check_width(
    row: Row, width: int, place: str, divided: str, rows: Sequence[Row], first: Sequence[Row]
) -> None:
    """Raise HrisError for a row with too few values, or with one beyond the names."""
    beyond = row.values[width:]
    if len(row.values) >= width and all(value in (None, "") for value in beyond):
        return
    hint = _looks_like_names(first, width)
    if hint is None and row is rows[-1]:
        hint = "If it is no employee, such as a total, set skip_last_lines"
    message = f"there are {len(row.values)} values for {width} fields{divided}"
    raise HrisError(message, place, hint or "Check the delimiter and the quotes in this line")


def _looks_like_names(first: Sequence[Row], width: int) -> str | None:
    """A hint where another of the first lines looks more like the names of the fields."""
    for row, following in zip(first, islice(first, 1, None), strict=False):
        texts = [value for value in row.values if isinstance(value, str) and trimmed(value)]
        is_text = not any(character.isdigit() for text in texts for character in text)
        fits = len(texts) > max(width, _FEWEST_NAMES - 1) and len(set(texts)) == len(texts)
        if fits and is_text and len(following.values) >= len(texts):
            return (
                f"Line {row.number} looks like the names of the fields: set skip_lines to "
                f"{row.number - 1}"
            )
    return None


def _columns(
    names: list[str], rows: Sequence[Row], path: str, first: Sequence[Row]
) -> list[tuple[str, int]]:
    """(name, index) of each column that is a field."""
    columns: dict[str, int] = {}
    for index, name in enumerate(names):
        if not name:
            _check_empty(index, rows, path, first)
        elif name in columns:
            _check_same(name, columns[name], index, rows, path)
        else:
            columns[name] = index
    return list(columns.items())


def _check_empty(index: int, rows: Sequence[Row], path: str, first: Sequence[Row]) -> None:
    """Raise HrisError for a column with values, but without a name."""
    row = next((row for row in rows if row.values[index] not in (None, "")), None)
    if row is not None:
        raise HrisError(
            f"column {index + 1} has no name, but values",
            f"{path}, line {row.number}",
            _looks_like_names(first, 1) or "Name it in the file, or give all names with names",
        )


def _check_same(name: str, one: int, other: int, rows: Sequence[Row], path: str) -> None:
    """Raise HrisError for two columns of one name, unless they always have the same value."""
    row = next((row for row in rows if row.values[one] != row.values[other]), None)
    if row is not None:
        raise HrisError(
            f"columns {one + 1} and {other + 1} are both called {shortened(name)}, and their values"
            " differ",
            f"{path}, line {row.number}",
            "Rename one in the file, or give all names with names and set skip_lines",
        )


def _record(row: Row, columns: Iterable[tuple[str, int]], nulls: frozenset[str]) -> Record:
    record = {}
    for name, index in columns:
        value = row.values[index]
        record[name] = None if value == "" or (isinstance(value, str) and value in nulls) else value
    return record
