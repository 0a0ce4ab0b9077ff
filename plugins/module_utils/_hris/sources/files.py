# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feed files: employees as JSON Lines, one object a line, readable by their owner only."""

from __future__ import annotations

import json
from itertools import islice

from ..errors import HrisError
from ..private_file import write_private

BLOCK = 500  # lines
KNOWN = 20_000  # texts and objects that are shared
# Where employees come from that a module looks at; documented in doc_fragments/feed.py
ARGUMENTS = dict(src=dict(type="path"), employees=dict(type="list", elements="dict"))


def given_employees(params: dict) -> list[dict]:
    """The employees of the options ARGUMENTS, none where neither is given. Raises HrisError for a file that is no feed."""
    if params["employees"] is not None:
        return params["employees"]
    return read_feed(params["src"]) if params["src"] else []


def write_feed(path: str, employees: list[dict]) -> None:
    """Write the employees whole, mode 0600, then put the file in its place in one step. Raises HrisError.

    Text outside ASCII is escaped, so that nothing HR may hold (half a surrogate pair, a line separator) breaks a line.
    """
    write_private(
        path, (json.dumps(employee, separators=(",", ":")) + "\n" for employee in employees)
    )


def read_feed(path: str) -> list[dict]:
    """The employees of a JSON Lines file, or of one JSON array. Raises HrisError naming the file and line."""
    try:
        with open(path, encoding="utf-8-sig", newline="\n") as file:
            first = file.readline()
            while first.isspace():
                first = file.readline()
            if first.lstrip().startswith("["):
                return _array(first + file.read(), path)
            file.seek(0)
            return _lines(file, path)
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    except UnicodeDecodeError:
        raise HrisError(
            f"the file is not UTF-8 text (byte {_first_bad_byte(path)})", path
        ) from None


def _lines(file, path: str) -> list[dict]:
    """The employees, a block of lines at a time: read as one array, they share the names of their fields and take half the time."""
    employees, known, number = [], {}, 0
    while block := list(islice(file, BLOCK)):
        lines = [line for line in map(str.strip, block) if line]
        try:
            found = (
                json.loads(f"[{','.join(lines)}]")
                if all(line[0] == "{" and line[-1] == "}" for line in lines)
                else None
            )
        except ValueError:
            found = None
        if found is None or len(found) != len(lines):  # some line is no object: which one
            found = [
                _object(line, f"{path} line {number + at}")
                for at, line in enumerate(block, start=1)
                if line.strip()
            ]
        for employee in found:
            _share(employee, known)
        employees += found
        number += len(block)
    return employees


def _share(record: dict, known: dict) -> None:
    """Put one text, and one object of texts, in the place of all that are equal: a company has few departments, and many people.

    Nothing of a feed is ever changed after it was read.
    """
    for name, value in record.items():
        if isinstance(value, str):
            again = value
        elif isinstance(value, dict):
            _share(value, known)
            again = tuple(value.items())
            if not all(isinstance(inner, str) for inner in value.values()):
                continue  # Python takes 1, 1.0 and true for equal; and what holds a list is no key
        else:
            continue
        if again in known:
            record[name] = known[again]
        elif len(known) < KNOWN:
            known[again] = value


def _first_bad_byte(path: str) -> int:
    with open(path, "rb") as file:
        try:
            file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            return error.start
    return 0


def deliver(found: dict, dest: str | None, keep: bool = True) -> dict:
    """A module's result: what a source found, without the employees when they went to a file or are not to be kept."""
    rest = {name: value for name, value in found.items() if name != "employees"}
    if dest is None:
        return {"changed": False, **({"employees": found["employees"]} if keep else {}), **rest}
    write_feed(dest, found["employees"])
    return {"changed": False, "dest": dest, **rest}


def _array(text: str, path: str) -> list[dict]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise HrisError(f"the JSON array is broken: {error}", path) from error
    for number, value in enumerate(values, start=1):
        if not isinstance(value, dict):
            raise HrisError(
                f"element {number} is not an object", path, "Each employee is one JSON object"
            )
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
