# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of employees from other programs: CSV, XLSX, JSON and JSON Lines, as lists of records."""

from __future__ import annotations

import os
from typing import Any

from ..errors import HrisError
from ..json_files import read_json
from .csv_files import read_csv
from .files import read_feed
from .table_rows import TableOptions
from .xlsx_files import read_xlsx

FORMATS = ("csv", "xlsx", "json", "jsonl")
_BY_ENDING = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_OTHER_SPREADSHEETS = (".xls", ".xlsb", ".ods")


def read_file(path: str, kind: str | None = None, options: TableOptions | None = None) -> Any:
    """The content of a file: a list of records, or the value of a JSON file.

    kind: one of FORMATS; by the file's ending if None. options: of CSV and XLSX. Raises HrisError
    naming the file and line.
    """
    ending = os.path.splitext(path)[1].lower()
    kind = kind or _BY_ENDING.get(ending)
    options = options or TableOptions()
    if kind == "csv":
        return read_csv(path, options)
    if kind == "xlsx":
        return read_xlsx(path, options)
    if kind == "jsonl":
        return read_feed(path)
    if kind == "json":
        return read_json(path)
    hint = "Save it as XLSX or CSV" if ending in _OTHER_SPREADSHEETS else None
    raise HrisError(
        "the format is not known from the file's ending",
        path,
        hint or f"Set format to one of {', '.join(FORMATS)}",
    )
