# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XLSX files (ECMA-376) by the library openpyxl, which is needed only here.

Excel keeps a date as a number and its look as a format. So the format decides what a number is: a
date, a time, or a number with leading zeros.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from ..errors import HrisError, did_you_mean, shortened
from ..model.blank_texts import trimmed
from ..model.records import Record
from ..user_files import open_to_read
from .table_rows import Row, TableOptions, records_of_rows

if TYPE_CHECKING:
    import openpyxl
else:
    try:
        import openpyxl
    except ImportError:
        openpyxl = None

LARGEST = 500_000_000  # bytes of all parts of the file, which are compressed in it
_HALF_A_SECOND = timedelta(microseconds=500_000)  # Excel keeps a time as a fraction of a day
_LEADING_ZEROS = re.compile(r"0{2,}")  # a format that is only zeros
_BROKEN = (
    zipfile.BadZipFile,
    ParseError,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
)


def read_xlsx(path: str, options: TableOptions) -> list[Record]:
    """The records of one sheet of an XLSX file.

    Dates and times are texts in ISO 8601, numbers are numbers, and a number with a format of zeros
    is a text with these. Raises HrisError naming the file and line.
    """
    if openpyxl is None:
        raise HrisError(
            "reading XLSX needs the Python library openpyxl, which is missing",
            path,
            "Install it where the module runs: pip install openpyxl",
        )
    return records_of_rows(_all_rows(path, options), path, options)


def _all_rows(path: str, options: TableOptions) -> list[Row]:
    try:
        with open_to_read(path) as file:
            with zipfile.ZipFile(file) as parts:
                size = sum(part.file_size for part in parts.infolist())
            if size > LARGEST:
                raise HrisError(
                    f"the file has {size} bytes when it is unpacked", path, "Save it as CSV"
                )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about looks that openpyxl does not keep
                book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                return list(_rows(_sheet(book, options.sheet, path), path, options))
            finally:
                book.close()
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    except (*_BROKEN, zlib.error) as error:
        raise HrisError(
            "the file is not XLSX, or it is damaged or protected by a password",
            path,
            "Save it as XLSX without a password, or as CSV",
        ) from error


def _sheet(book: Any, name: str | None, path: str) -> Any:
    """The sheet of this name, or the only one that is not empty."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name is not None:
        if name not in sheets:
            raise HrisError(
                f"there is no sheet {shortened(name)}", path, did_you_mean(name, sheets)
            )
        return sheets[name]
    visible = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"]
    if len(visible) != 1:
        names = ", ".join(repr(sheet.title) for sheet in visible[:10])
        raise HrisError(f"the file has {len(visible)} sheets", path, f"Set sheet: {names}")
    return visible[0]


def _rows(sheet: Any, path: str, options: TableOptions) -> Iterator[Row]:
    sheet.reset_dimensions()  # some programs write a wrong size into the file
    width = 0
    lines = enumerate(sheet.iter_rows(), start=1)
    for number, cells in islice(lines, options.skip_lines, None):
        place = f"{path}, line {number}"
        values = [_value(cell, place, options) for cell in cells]
        width = max(width, len(values))
        yield Row(number, values + [None] * (width - len(values)))


def _value(cell: Any, place: str, options: TableOptions) -> Any:
    value = cell.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = trimmed(value)
        if cell.data_type == "e" and text not in options.null_values:
            raise HrisError(
                f"{cell.coordinate} has the error {shortened(text)}",
                place,
                "Correct the formula, or name the error in null_values if it means no value",
            )
        return text
    if isinstance(value, (datetime, date, time, timedelta)):
        return _moment(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and _LEADING_ZEROS.fullmatch(str(cell.number_format)):
        return str(value).zfill(len(cell.number_format))
    return value


def _moment(value: datetime | date | time | timedelta) -> str:
    """The text of a date, of a time, or of both."""
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, datetime):
        value = (value + _HALF_A_SECOND).replace(microsecond=0)
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    return value.isoformat()
