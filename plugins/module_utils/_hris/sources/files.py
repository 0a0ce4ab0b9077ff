# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feed files: employees as JSON Lines, one object in each line, readable by their owner only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import HrisError
from ..json_files import iterate_lines, read_json, starts_with_array
from ..model.record_fields import without_deep_values
from ..model.records import Record
from ..private_file import write_private
from .paging import MOST_RECORDS
from .record_shapes import objects

# How the names of the feeds begin that roles make for one run (roles/lifecycle/tasks/hr_read.yml)
TEMPORARY = "hris.ad-"
KNOWN = 20_000  # texts and objects that are shared
# Where a module takes the employees from; documented in doc_fragments/feed.py
ARGUMENTS: dict[str, dict[str, Any]] = dict(
    src=dict(type="path"), employees=dict(type="list", elements="dict")
)


def given_employees(params: Mapping[str, Any]) -> list[Record]:
    """The employees of the options ARGUMENTS, none where neither is given.

    Raises HrisError for a file that is not a feed.
    """
    if params["employees"] is not None:
        return [without_deep_values(employee) for employee in params["employees"]]
    if params["src"]:
        return read_feed(params["src"])
    return []


def feed_lines(employees: Iterable[Record]) -> Iterable[str]:
    """The lines of a feed.

    Text outside ASCII is escaped, so that nothing that HR holds (half of a surrogate pair, a line
    separator) breaks a line.
    """
    return (json.dumps(employee, separators=(",", ":")) + "\n" for employee in employees)


def write_feed(path: str, employees: Iterable[Record]) -> None:
    """Write all employees to a file of mode 0600 that replaces an old one. Raises HrisError."""
    write_private(path, feed_lines(employees))


def read_feed(path: str) -> list[Record]:
    """The employees of a JSON Lines file, or of one JSON array.

    What is nested deeper than 40 levels is null. Raises HrisError naming the file and line.
    """
    if starts_with_array(path):
        return _array(path)
    known: dict[Any, Any] = {}
    employees = []
    for employee in iterate_lines(path, hint="Each line must be one employee, as a JSON object"):
        _share(without_deep_values(employee), known)
        employees.append(employee)
        if len(employees) > MOST_RECORDS:
            raise _too_many(path)
    return employees


def _array(path: str) -> list[Record]:
    values = read_json(path)
    if len(values) > MOST_RECORDS:
        raise _too_many(path)
    return [without_deep_values(value) for value in objects(values, told_path(path) or "the feed")]


def told_path(path: str) -> str | None:
    """The path of a feed as a message names it; None for a file that a role has made for one run,
    and that nobody has ever seen.
    """
    return None if os.path.basename(path).startswith(TEMPORARY) else path


def _too_many(path: str) -> HrisError:
    return HrisError(
        f"the feed has more than {MOST_RECORDS} records",
        told_path(path),
        "Is this a list of employees",
    )


def _share(record: Record, known: dict[Any, Any]) -> None:
    """Replace equal texts, and equal objects of texts, by one: many people, few departments.

    Nothing changes a feed after it was read.
    """
    for name, value in record.items():
        if isinstance(value, str):
            key: Any = value
        elif isinstance(value, dict):
            _share(value, known)
            key = tuple(value.items())
            if not all(isinstance(inner, str) for inner in value.values()):
                continue  # 1, 1.0 and true are equal in Python; and a list cannot be in a key
        else:
            continue
        if key in known:
            record[name] = known[key]
        elif len(known) < KNOWN:
            known[key] = value
