# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A feed with pseudonyms in the place of its values, and an account of what stayed as it was."""

from __future__ import annotations

import re

from ..errors import HrisError, did_you_mean
from ..sources.field_overview import quoted
from .pseudonyms import Pseudonyms, is_date

KEEP, DATE, SHIFTED, YES_OR_NO, CHANGED = "keep", "date", "shifted", "yes or no", "changed"
_STEP = re.compile(r'"((?:[^"\\]|\\.)+)"|([^.\[\]"]+)')
_INDEX = re.compile(r"\[[\d*]*\]")


def recorded(
    employees: list[dict], pseudonyms: Pseudonyms, keep: list[str], shift: list[str]
) -> tuple[list[dict], list[dict]]:
    """(the employees with pseudonyms, [{"path", "treatment", "values"}]).

    keep: paths whose values stay, with all that is below them. shift: paths whose dates become another day of their year.
    Everything else is changed, but for dates, booleans and what is empty. A line of the account is for each path and treatment: KEEP, DATE
    and YES_OR_NO for what stays, SHIFTED and CHANGED; values counts the different ones. Names of fields stay.
    Raises HrisError for a path that is not there.
    """
    there = {path for employee in employees for path in _paths(employee, ())}
    treatments = {
        _checked(text, f"keep[{number}]", there): KEEP for number, text in enumerate(keep)
    }
    for number, text in enumerate(shift):
        path = _checked(text, f"shift[{number}]", there)
        if KEEP in (treatments.get(path[:depth]) for depth in range(1, len(path) + 1)):
            raise HrisError(
                f"'{text}' is kept as well", f"shift[{number}]", "Name it in one of the two"
            )
        treatments[path] = SHIFTED
    seen: dict[tuple, set] = {}
    made = [_record(employee, (), None, treatments, pseudonyms, seen) for employee in employees]
    return made, [
        {"path": ".".join(map(quoted, path)), "treatment": treatment, "values": len(values)}
        for (path, treatment), values in seen.items()
    ]


def _record(
    value, path: tuple, treatment: str | None, treatments: dict, pseudonyms: Pseudonyms, seen: dict
):
    """A value at its path with all that is inside of it. treatment: of what it is in."""
    treatment = treatment or treatments.get(path)
    if isinstance(value, dict):
        return {
            name: _record(item, (*path, name), treatment, treatments, pseudonyms, seen)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_record(item, path, treatment, treatments, pseudonyms, seen) for item in value]
    if value is None or value == "":
        return value
    made, treatment = _treated(value, treatment, pseudonyms)
    seen.setdefault((path, treatment), set()).add(value)
    return made


def _treated(value, treatment: str | None, pseudonyms: Pseudonyms):
    """(the value to show, how it was treated)."""
    if treatment == KEEP:
        return value, KEEP
    if isinstance(value, bool):
        return value, YES_OR_NO
    if treatment == SHIFTED and isinstance(value, str):
        return pseudonyms.date(value), SHIFTED
    if isinstance(value, str) and is_date(value):
        return value, DATE
    return pseudonyms.value(value), CHANGED


def _paths(value, path: tuple):
    """Every path of a record, objects and what is in lists among them."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*path, name)
            yield from _paths(item, (*path, name))
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item, path)


def _checked(text: str, place: str, there: set[tuple]) -> tuple:
    """The path that a text such as 'department.title', 'jobs[*].title' or '"cost centre".code' says. Raises HrisError."""
    rest = _INDEX.sub("", text.strip())
    path, at = [], 0
    while True:
        step = _STEP.match(rest, at)
        if not step:
            raise HrisError(
                f"'{text}' is not the path of a field",
                place,
                'Write it like department.title, or "cost centre".code',
            )
        path.append(re.sub(r"\\(.)", r"\1", step[1]) if step[1] else step[2].strip())
        at = step.end()
        if at == len(rest):
            break
        if rest[at] != ".":
            raise HrisError(
                f"'{text}' is not the path of a field",
                place,
                'Write it like department.title, or "cost centre".code',
            )
        at += 1
    if tuple(path) not in there:
        raise HrisError(
            f"no employee has the field '{text}'",
            place,
            did_you_mean(text, [".".join(map(quoted, known)) for known in there]),
        )
    return tuple(path)
