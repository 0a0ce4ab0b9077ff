# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields that a feed has: each path as an expression ready to be pasted into a mapping, its type, its share, a sample."""

from __future__ import annotations

import json
import re

MOST_FIELDS = 400
MOST_DEPTH = 6
LONGEST_SAMPLE = 60
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")


def fields_found(
    records: list[dict], redact: bool = False, most: int = MOST_FIELDS
) -> tuple[list[dict], int]:
    """([{"path", "type", "count", "share", "sample"}] in the records' own order, how many more there are).

    path: JMESPath. type: of the values, several with " or "; null when nobody has one. count: records with a value that is not
    null. share: of all records, in percent. sample: the first value, cut; only its shape with redact (letters as x, digits as 9).
    """
    found: dict[str, dict] = {}
    for record in records:
        for path, values in _walk(record, "", 0):
            field = found.setdefault(path, {"types": [], "count": 0, "sample": None})
            present = [value for value in values if value is not None]
            field["count"] += bool(present)
            for value in present:
                kind = _type(value)
                if kind not in field["types"]:
                    field["types"].append(kind)
            if field["sample"] in (None, "", "[]", "{}") and present:
                field["sample"] = _sample(present[0], redact)
    # An object that somebody lacks, or a list that is empty for somebody, is told by what is inside of it for the others.
    inside = {path[:end] for path in found for end, char in enumerate(path) if char in ".["}
    lines = [
        {
            "path": path,
            "type": _types(field["types"]),
            "count": field["count"],
            "share": round(100 * field["count"] / len(records), 1),
            "sample": field["sample"],
        }
        for path, field in found.items()
        if path not in inside
    ]
    return lines[:most], max(0, len(lines) - most)


def quoted(name: str) -> str:
    """A field's name as JMESPath writes it."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _walk(value, path: str, depth: int):
    """Yield (path, [values that stand there]) of a record, each path once: objects are gone into, and the objects in lists, too."""
    merged: dict[str, list] = {}
    for found, item in _leaves(value, path, depth):
        merged.setdefault(found, []).append(item)
    yield from merged.items()


def _leaves(value, path: str, depth: int):
    if isinstance(value, dict) and value and depth < MOST_DEPTH:
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{quoted(name)}" if path else quoted(name), depth + 1)
    elif (
        isinstance(value, list)
        and any(isinstance(item, dict) and item for item in value)
        and depth < MOST_DEPTH
    ):
        for item in value:
            yield from _leaves(item, f"{path}[*]", depth + 1)
    else:
        yield path, value


def _types(kinds: list[str]) -> str:
    if any(kind.startswith("list of") for kind in kinds):
        kinds = [kind for kind in kinds if kind != "list"]
    return " or ".join(kinds) or "null"


def _type(value) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if isinstance(value, int) else "number"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        kinds = list(dict.fromkeys(_type(item) for item in value if item is not None))
        return f"list of {' or '.join(kinds)}" if kinds else "list"
    if _DATE.fullmatch(value):
        return "date"
    return "date and time" if _TIME.fullmatch(value) else "text"


def _sample(value, redact: bool) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if redact and not isinstance(value, bool):
        text = "".join("9" if char.isdigit() else "x" if char.isalpha() else char for char in text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SAMPLE else text[:LONGEST_SAMPLE] + "…"


def table(lines: list[dict], left_out: int = 0) -> list[str]:
    """The fields as lines of text in columns."""
    if not lines:
        return ["No fields were found."]
    rows = [("path", "type", "share", "sample")]
    rows += [
        (line["path"], line["type"], f"{line['share']:g} %", line["sample"] or "") for line in lines
    ]
    widths = [min(60, max(len(row[column]) for row in rows)) for column in range(3)]
    shown = [
        "  ".join(
            [row[0].ljust(widths[0]), row[1].ljust(widths[1]), row[2].rjust(widths[2]), row[3]]
        ).rstrip()
        for row in rows
    ]
    return shown + ([f"… and {left_out} more fields"] if left_out else [])
