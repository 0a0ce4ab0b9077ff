# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of employees that others wrote: CSV, JSON and JSON Lines, as lists of records."""

from __future__ import annotations

import csv
import io
import json
import os

from ..errors import HrisError
from .files import read_feed

_ENDINGS = {
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
):
    """What the file holds: a list of records, or of a JSON file its value. Raises HrisError naming the file and line.

    kind: csv, json or jsonl; by the file's ending if None. delimiter: of CSV; the one that the first line has most of if None.
    encoding: of CSV; JSON is UTF-8 (RFC 8259, 8.1).
    """
    kind = kind or _ENDINGS.get(os.path.splitext(path)[1].lower())
    if kind is None:
        raise HrisError(
            "the file's ending does not tell what it is", path, "Set format to csv, json or jsonl"
        )
    if kind == "csv":
        return _rows(_text(path, encoding), path, delimiter)
    if kind == "jsonl":
        return read_feed(path)
    try:
        return json.loads(_text(path, "utf-8"))
    except (ValueError, RecursionError) as error:
        raise HrisError(f"the JSON is broken: {error}", path) from error


def _text(path: str, encoding: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read()
        return data.decode("utf-8-sig" if encoding.lower().replace("-", "") == "utf8" else encoding)
    except OSError as error:
        raise HrisError(
            f"the file cannot be read: {error.strerror}",
            path,
            "It is read on the machine that the task runs on",
        ) from error
    except UnicodeDecodeError as error:
        raise HrisError(
            f"the file is not {encoding} text (byte {error.start})",
            path,
            "Set encoding, such as cp1252",
        ) from error
    except LookupError:
        raise HrisError(
            f"there is no encoding '{encoding}'", path, "Such as utf-8 or cp1252"
        ) from None


def _rows(text: str, path: str, delimiter: str | None) -> list[dict]:
    """CSV with a line of names; values are texts, an empty one is null."""
    if delimiter is not None and len(delimiter) != 1:
        raise HrisError(f"'{delimiter}' is not one character", path, "delimiter is one character")
    first = text.partition("\n")[0]
    delimiter = delimiter or max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        if not any(names):
            raise HrisError("the first line holds no names of fields", path)
        for name in names:
            if not name or names.count(name) > 1:
                raise HrisError(
                    f"the first line names the field '{name}' twice"
                    if name
                    else "the first line has a field without a name",
                    path,
                )
        found = []
        for row in reader:
            if not row:
                continue
            if len(row) != len(names):
                raise HrisError(
                    f"there are {len(row)} values for {len(names)} fields",
                    f"{path} line {reader.line_num}",
                )
            found.append(
                {name: value.strip() or None for name, value in zip(names, row, strict=True)}
            )
        return found
    except csv.Error as error:
        raise HrisError(f"the CSV is broken: {error}", f"{path} line {reader.line_num}") from error
