# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that rules read but no employee has: a typing error that would otherwise be an empty value for everyone."""

from __future__ import annotations

from ..errors import HrisError, did_you_mean
from .expressions import Expression


class UnknownFieldError(HrisError):
    """An expression reads a field that no record has.

    path: the names that lead to it, with dots. siblings: the names beside it.
    """

    def __init__(self, path: str, siblings: set[str], place: str):
        suggestion = did_you_mean(path.rpartition(".")[2], siblings)
        advice = "A field that only some feeds carry belongs into optional_fields"
        if suggestion:
            end = "?" if suggestion.startswith("Did") else "."
            advice = f"{suggestion}{end} {advice}"
        super().__init__(f"no employee has the field '{path}'", place, advice)
        self.path = path
        self.siblings = siblings


def check_fields(expressions: list[Expression], employees: list[dict], optional: list[str]) -> None:
    """Raise UnknownFieldError for the first path that no employee has.

    A path is known as soon as one employee has its last field, whatever the value. It is also accepted where that cannot
    be judged: below a field that is null for everybody, and below ``optional`` paths ('customData.shirt'), which a feed
    gives only for some.
    """
    if not employees:
        return
    allowed = {tuple(path.split(".")) for path in optional}
    checked = set()
    for expression in expressions:
        for path in sorted(expression.paths - checked):
            checked.add(path)
            if not any(path[: len(start)] == start for start in allowed):
                _check_path(path, expression.place, employees)


def _check_path(path: tuple, place: str, employees: list[dict]) -> None:
    for depth in range(1, len(path) + 1):
        holders = _holders(path[: depth - 1], employees)
        siblings = set()
        judged = False
        for holder in holders:
            judged = True
            if path[depth - 1] in holder:
                break
            siblings.update(holder)
        else:
            if judged:
                raise UnknownFieldError(".".join(path[:depth]), siblings, place)
            return


def _holders(path: tuple, employees: list[dict]):
    """Yield the objects that stand at path, one an employee that has one there."""
    for employee in employees:
        value = employee
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, dict):
            yield value
