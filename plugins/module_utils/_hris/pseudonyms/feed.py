# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A feed with pseudonyms in the place of its values, and what stayed as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..data_class import frozen
from ..errors import HrisError, did_you_mean
from ..model.record_fields import EACH, Path, leaves, mapped
from ..model.records import Record
from ..option_names import option_name
from ..sources.field_overview import jmespath_of
from .pseudonyms import Pseudonyms, is_date

# How a value was treated
KEPT, DATE, BOOLEAN = "kept", "date", "boolean"  # it stays
SHIFTED, CHANGED = "shifted", "changed"
_STEP = re.compile(r'"((?:[^"\\]|\\.)+)"|([^.\[\]"]+)')
_INDEX = re.compile(r"\[[\d*]*\]")


@frozen
class FieldTreatment:
    """How the values of a field were treated."""

    path: str  # JMESPath, without the marks of lists
    treatment: str  # KEPT, DATE, BOOLEAN, SHIFTED or CHANGED
    different_values: int  # how many different ones were treated so


def with_pseudonyms(
    employees: Sequence[Record], pseudonyms: Pseudonyms, keep: Sequence[str], shift: Sequence[str]
) -> tuple[list[Record], list[FieldTreatment]]:
    """(the employees with pseudonyms, how each field was treated).

    keep: paths whose values stay, with all that is below them. shift: paths whose dates become
    another day of the same year. All other values change, except dates, booleans and empty
    values. Names of fields stay. Raises HrisError for a path that does not exist.
    """
    replacement = _Replacement(pseudonyms, _treatments(employees, keep, shift))
    replaced = [mapped(employee, replacement.of) for employee in employees]
    return replaced, [
        FieldTreatment(jmespath_of(path), treatment, len(values))
        for (path, treatment), values in replacement.seen.items()
    ]


class _Replacement:
    """Replaces values, and keeps account of them.

    treatments: {path: KEPT or SHIFTED}, for what is at the path and below it.
    """

    def __init__(self, pseudonyms: Pseudonyms, treatments: Mapping[Path, str]):
        self._pseudonyms = pseudonyms
        self._treatments = treatments
        self._of_path: dict[Path, str | None] = {}
        self.seen: dict[tuple[Path, str], set[Any]] = {}  # the different values

    def of(self, path: Path, value: Any) -> Any:
        """What stands for a scalar."""
        if value is None or value == "":
            return value
        if path not in self._of_path:
            self._of_path[path] = self._inherited(path)
        new, treatment = self._treated(value, self._of_path[path])
        self.seen.setdefault((path, treatment), set()).add(value)
        return new

    def _inherited(self, path: Path) -> str | None:
        """The treatment of the outermost object or field that has one."""
        for depth in range(1, len(path) + 1):
            treatment = self._treatments.get(path[:depth])
            if treatment is not None:
                return treatment
        return None

    def _treated(self, value: Any, treatment: str | None) -> tuple[Any, str]:
        if treatment == KEPT:
            return value, KEPT
        if isinstance(value, bool):
            return value, BOOLEAN
        if treatment == SHIFTED and isinstance(value, str):
            return self._pseudonyms.date(value), SHIFTED
        if isinstance(value, str) and is_date(value):
            return value, DATE
        return self._pseudonyms.value(value), CHANGED


def _treatments(
    employees: Sequence[Record], keep: Sequence[str], shift: Sequence[str]
) -> dict[Path, str]:
    """{path: KEPT or SHIFTED} of the options."""
    present = _paths(employees)
    treatments: dict[Path, str] = {}
    for number, text in enumerate(keep):
        treatments[_checked(text, option_name(f"keep[{number}]"), present)] = KEPT
    for number, text in enumerate(shift):
        path = _checked(text, option_name(f"shift[{number}]"), present)
        outer = (treatments.get(path[:depth]) for depth in range(1, len(path) + 1))
        if KEPT in outer:
            raise HrisError(
                f"'{text}' is kept as well",
                option_name(f"shift[{number}]"),
                "Name it in one of the two",
            )
        treatments[path] = SHIFTED
    return treatments


def _paths(employees: Sequence[Record]) -> set[Path]:
    """Each path of the records, without the marks of lists, and those of objects on the way."""
    found = {path for employee in employees for path, _value in leaves(employee)}
    present: set[Path] = set()
    for path in found:
        plain = tuple(step for step in path if step != EACH)
        present.update(plain[:depth] for depth in range(1, len(plain) + 1))
    return present


def _checked(text: str, place: str, present: set[Path]) -> Path:
    """The path that a text says. Raises HrisError for one that no employee has."""
    path = tuple(_steps(text, place))
    if path not in present:
        raise HrisError(
            f"no employee has the field '{text}'",
            place,
            did_you_mean(text, map(jmespath_of, present)),
        )
    return path


def _steps(text: str, place: str) -> Iterator[str]:
    """Yield the names in 'department.title', 'jobs[*].title' or '"cost centre".code'."""
    rest = _INDEX.sub("", text.strip())
    at = 0
    while True:
        step = _STEP.match(rest, at)
        if step is None:
            raise _not_a_path(text, place)
        yield re.sub(r"\\(.)", r"\1", step[1]) if step[1] else step[2].strip()
        at = step.end()
        if at == len(rest):
            return
        if rest[at] != ".":
            raise _not_a_path(text, place)
        at += 1


def _not_a_path(text: str, place: str) -> HrisError:
    return HrisError(
        f"'{text}' is not the path of a field",
        place,
        'Write it like department.title, or "cost centre".code',
    )
