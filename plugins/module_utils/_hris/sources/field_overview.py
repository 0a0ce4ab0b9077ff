# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a feed: path, type, share of the records and a sample.

A path is a JMESPath expression that can be copied into a mapping.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypedDict

from ..data_class import field, mutable
from ..model.record_fields import EACH, Path, leaves
from ..model.records import Record

MOST_FIELDS = 400
MOST_DEPTH = 6
LONGEST_PATH = 300  # characters; longer ones are counted as left out
LONGEST_SAMPLE = 60  # characters
WIDEST_COLUMN = 60  # characters
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_NO_SAMPLE = (None, "", "[]", "{}")


class FieldRow(TypedDict):
    """One field, as the modules return it."""

    path: str  # JMESPath
    type: str  # of the values, several joined by " or "; "null" when nobody has a value
    count: int  # records with a value that is not null
    share: float  # of all records, in percent
    sample: str | None  # the first value, shortened


@mutable
class _Field:
    """What is known of one field so far."""

    types: list[str] = field(default_factory=list)
    count: int = 0
    last_record: int = -1  # the last record that was counted
    sample: str | None = None


def fields_found(
    records: Sequence[Record], redact: bool = False, most: int = MOST_FIELDS
) -> tuple[list[FieldRow], int]:
    """(the fields in the records' own order, how many more there are).

    redact: whether samples show only the form of a value (letters as x, digits as 9).
    """
    found: dict[Path, _Field] = {}
    for number, record in enumerate(records):
        for path, value in leaves(record, depth=MOST_DEPTH):
            one = found.get(path)
            if one is None:
                one = found[path] = _Field()
            if value is not None:
                _add(one, value, number, redact)
    # An object that some records lack, or a list that is empty in some, is described by what is
    # inside of it in the others.
    parents = {path[:end] for path in found for end in range(1, len(path))}
    rows = [_row(path, one, len(records)) for path, one in found.items() if path not in parents]
    total, rows = len(rows), [row for row in rows if len(row["path"]) <= LONGEST_PATH]
    return rows[:most], total - len(rows[:most])


def quoted(name: str) -> str:
    """The name of a field in JMESPath."""
    if _PLAIN.fullmatch(name):
        return name
    return json.dumps(name, ensure_ascii=False)


def jmespath_of(path: Path) -> str:
    """A path as a JMESPath expression, such as jobs[*].title."""
    parts: list[str] = []
    for step in path:
        if step == EACH:
            parts.append(EACH)
        elif parts:
            parts.append(f".{quoted(step)}")
        else:
            parts.append(quoted(step))
    return "".join(parts)


def table(rows: Iterable[FieldRow], left_out: int = 0) -> list[str]:
    """The fields as lines of text in columns."""
    cells = [(row["path"], row["type"], f"{row['share']:g} %", row["sample"] or "") for row in rows]
    if not cells:
        return ["No fields were found."]
    cells.insert(0, ("path", "type", "share", "sample"))
    path_width, type_width, share_width = (
        min(WIDEST_COLUMN, max(map(len, column))) for column in list(zip(*cells, strict=True))[:3]
    )
    lines = [
        f"{path:{path_width}}  {kind:{type_width}}  {share:>{share_width}}  {sample}".rstrip()
        for path, kind, share, sample in cells
    ]
    if left_out:
        lines.append(f"… and {left_out} more fields")
    return lines


def _add(one: _Field, value: object, record: int, redact: bool) -> None:
    if one.last_record != record:
        one.last_record = record
        one.count += 1
    kind = _type(value)
    if kind not in one.types:
        one.types.append(kind)
    if one.sample in _NO_SAMPLE:
        one.sample = _sample(value, redact)


def _row(path: Path, one: _Field, records: int) -> FieldRow:
    return {
        "path": jmespath_of(path),
        "type": _types(one.types),
        "count": one.count,
        "share": round(100 * one.count / records, 1),
        "sample": one.sample,
    }


def _types(kinds: list[str]) -> str:
    if any(kind.startswith("list of") for kind in kinds):
        kinds = [kind for kind in kinds if kind != "list"]
    return " or ".join(kinds) or "null"


def _type(value: object) -> str:
    if isinstance(value, str):
        return _text_type(value)
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, list):
        kinds = list(dict.fromkeys(_type(item) for item in value if item is not None))
        return f"list of {' or '.join(kinds)}" if kinds else "list"
    return "object"


def _text_type(text: str) -> str:
    if _DATE.fullmatch(text):
        return "date"
    if _TIME.fullmatch(text):
        return "date and time"
    return "text"


def _sample(value: object, redact: bool) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if redact and not isinstance(value, bool):
        text = "".join(map(_form, text))
    text = " ".join(text.split())
    if len(text) > LONGEST_SAMPLE:
        return text[:LONGEST_SAMPLE] + "…"
    return text


def _form(char: str) -> str:
    if char.isdigit():
        return "9"
    if char.isalpha() or unicodedata.category(char).startswith("M"):  # vowels of some scripts
        return "x"
    return char
