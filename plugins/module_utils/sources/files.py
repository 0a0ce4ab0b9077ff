# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feed files: employees as JSON Lines, one object a line, readable by their owner only."""
from __future__ import annotations

import json

from ..errors import HrisError
from ..private_file import write_private


def write_feed(path: str, employees: list[dict]) -> None:
    """Write the employees whole, mode 0600, then put the file in its place in one step. Raises HrisError.

    Text outside ASCII is escaped, so that nothing HR may hold (half a surrogate pair, a line separator) breaks a line.
    """
    write_private(path, (json.dumps(employee, separators=(",", ":")) + "\n" for employee in employees))


def read_feed(path: str) -> list[dict]:
    """The employees of a JSON Lines file, or of one JSON array. Raises HrisError naming the file and line."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    except UnicodeDecodeError as error:
        raise HrisError(f"the file is not UTF-8 text (byte {error.start})", path) from error
    if text.lstrip().startswith("["):
        return _array(text, path)
    # Not splitlines(): it also breaks at characters that JSON allows inside a text.
    return [_object(line, f"{path} line {number}")
            for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def deliver(employees: list[dict], counts: dict, dest: str | None) -> dict:
    """A module's result: the employees themselves, or only their number when they went to a file."""
    if dest is None:
        return {"changed": False, "employees": employees, "counts": counts}
    write_feed(dest, employees)
    return {"changed": False, "dest": dest, "counts": counts}


def _array(text: str, path: str) -> list[dict]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise HrisError(f"the JSON array is broken: {error}", path) from error
    for number, value in enumerate(values, start=1):
        if not isinstance(value, dict):
            raise HrisError(f"element {number} is not an object", path, "Each employee is one JSON object")
    return values


def _object(line: str, place: str) -> dict:
    hint = "Each line is one employee, as a JSON object"
    try:
        value = json.loads(line)
    except ValueError as error:
        raise HrisError(f"the line is not JSON: {error}", place, hint) from error
    if not isinstance(value, dict):
        raise HrisError("the line is not an object", place, hint)
    return value
