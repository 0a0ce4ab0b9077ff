# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of employees from other programs: CSV, JSON and JSON Lines, as lists of records."""

from __future__ import annotations

import csv
import io
import os
from typing import Any

from ..errors import HrisError
from ..json_files import read_json
from ..model.records import Record
from ..user_files import open_to_read
from .files import read_feed

_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_DELIMITERS = ",;\t|"


def read_file(
    path: str, kind: str | None = None, delimiter: str | None = None, encoding: str = "utf-8"
) -> Any:
    """The content of a file: a list of records, or the value of a JSON file.

    kind: csv, json or jsonl; by the file's ending if None. delimiter: of CSV; if None the one
    that occurs most often in the first line. encoding: of CSV; JSON is UTF-8 (RFC 8259, 8.1).
    Raises HrisError naming the file and line.
    """
    kind = kind or _FORMATS.get(os.path.splitext(path)[1].lower())
    if kind is None:
        raise HrisError(
            "the format is not known from the file's ending",
            path,
            "Set format to csv, json or jsonl",
        )
    if kind == "csv":
        return _csv(_text(path, encoding), path, delimiter)
    if kind == "jsonl":
        return read_feed(path)
    return read_json(path)


def _text(path: str, encoding: str) -> str:
    if encoding.lower().replace("-", "") == "utf8":
        encoding = "utf-8-sig"
    try:
        with open_to_read(path) as file:
            return file.read().decode(encoding)
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    except UnicodeDecodeError as error:
        raise HrisError(
            f"the file is not {encoding.removesuffix('-sig')} text (byte {error.start})",
            path,
            "Set encoding, such as cp1252",
        ) from error
    except LookupError:
        raise HrisError(
            f"there is no encoding '{encoding}'", path, "Such as utf-8 or cp1252"
        ) from None


def _csv(text: str, path: str, delimiter: str | None) -> list[Record]:
    """CSV whose first line has the names of the fields. Values are texts, an empty one is null."""
    if delimiter is not None and len(delimiter) != 1:
        raise HrisError(f"'{delimiter}' is not one character", path, "delimiter is one character")
    first_line = text.partition("\n")[0]
    delimiter = delimiter or max(_DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[Record] = []
    try:
        names = _field_names(next(reader, []), path)
        for row in reader:
            if row and len(row) != len(names):
                raise HrisError(
                    f"there are {len(row)} values for {len(names)} fields",
                    f"{path}, line {reader.line_num}",
                )
            if row:
                values = (value.strip() or None for value in row)
                records.append(dict(zip(names, values, strict=True)))
    except csv.Error as error:
        place = f"{path}, line {reader.line_num}"
        raise HrisError(f"the CSV is invalid: {error}", place) from error
    return records


def _field_names(row: list[str], path: str) -> list[str]:
    names = [name.strip() for name in row]
    if not any(names):
        raise HrisError("the first line holds no names of fields", path)
    for name in names:
        if not name:
            raise HrisError("the first line has a field without a name", path)
        if names.count(name) > 1:
            raise HrisError(f"the first line names the field '{name}' twice", path)
    return names
