# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that rules read but no record has.

Such a field is mostly a typing error, which would otherwise be an empty value for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..errors import HrisError, did_you_mean
from ..model.records import Record
from .expressions import Expression
from .syntax_trees import Path


class UnknownFieldError(HrisError):
    """An expression reads a field that no record has.

    path: the names that lead to it, with dots. siblings: the names that records have beside it.
    """

    def __init__(self, path: str, siblings: set[str], place: str):
        advice = "List a field that only some people have in optional_fields"
        suggestion = did_you_mean(path.rpartition(".")[2], siblings)
        if suggestion:
            advice = f"{suggestion}. {advice}"
        super().__init__(f"no employee has the field '{path}'", place, advice)
        self.path = path
        self.siblings = siblings


def check_fields(
    expressions: Iterable[Expression], records: Sequence[Record], optional: Iterable[str]
) -> None:
    """Raise UnknownFieldError for the first field of the expressions that no record has.

    The parameters are those of unknown_fields.
    """
    for error in unknown_fields(expressions, records, optional):
        raise error


def unknown_fields(
    expressions: Iterable[Expression], records: Sequence[Record], optional: Iterable[str]
) -> Iterator[UnknownFieldError]:
    """Yield an error for each field of the expressions that no record has, every path once.

    A path is known as soon as one record has its last field, whatever the value. It is accepted
    where this cannot be judged: without records, and below a field that is null for everybody. It
    is also accepted below the ``optional`` paths ('customData.shirt'), which a feed gives only for
    some people.
    """
    if not records:
        return
    allowed = {tuple(path.split(".")) for path in optional}
    checked: set[Path] = set()
    for expression in expressions:
        for path in sorted(expression.paths - checked):
            checked.add(path)
            if any(path[: len(start)] == start for start in allowed):
                continue
            unknown = _unknown_part(path, records)
            if unknown:
                siblings = _siblings(unknown, records)
                yield UnknownFieldError(".".join(unknown), siblings, expression.place)


def _unknown_part(path: Path, records: Sequence[Record]) -> Path | None:
    """The path up to the first name that no record has; None for a path that is known."""
    for depth, name in enumerate(path):
        if _is_missing(name, path[:depth], records):
            return path[: depth + 1]
    return None


def _siblings(path: Path, records: Sequence[Record]) -> set[str]:
    return {name for inner in _objects_at(path[:-1], records) for name in inner}


def _is_missing(name: str, above: Path, records: Sequence[Record]) -> bool:
    """Whether there are objects at the path above, but none of them has the field."""
    any_object = False
    for inner in _objects_at(above, records):
        if name in inner:
            return False
        any_object = True
    return any_object


def _objects_at(path: Path, records: Sequence[Record]) -> Iterator[Record]:
    """Yield the object at the path of each record that has one there."""
    for record in records:
        value: Any = record
        for name in path:
            if not isinstance(value, dict):
                break
            value = value.get(name)
        if isinstance(value, dict):
            yield value
