# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that rules read but no record has.

Such a field is mostly a typing error, which would otherwise be an empty value for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import HrisError, did_you_mean
from ..model.records import Record
from .expressions import Expression
from .syntax_trees import Path


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A field that an expression reads and no record has."""

    path: Path  # up to the first name that no record has
    place: str  # of the expression
    suggestion: str | None  # names that records have instead: "Did you mean 'title'"


def check_fields(
    expressions: Iterable[Expression],
    records: Sequence[Record],
    optional: Iterable[str],
    owner: str = "employee",
) -> None:
    """Raise HrisError for the first field of the expressions that no record has.

    The parameters are those of unknown_fields. owner: what a record is called in the message.
    """
    for unknown in unknown_fields(expressions, records, optional):
        hints = [unknown.suggestion, "List a field that only some people have in optional_fields"]
        raise HrisError(
            f"no {owner} has the field '{'.'.join(unknown.path)}'",
            place=unknown.place,
            hint=". ".join(hint for hint in hints if hint),
        )


def unknown_fields(
    expressions: Iterable[Expression], records: Sequence[Record], optional: Iterable[str]
) -> Iterator[UnknownField]:
    """Yield each field of the expressions that no record has, every path once.

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
                suggestion = _suggestion(unknown, records)
                yield UnknownField(unknown, expression.place, suggestion)


def _unknown_part(path: Path, records: Sequence[Record]) -> Path | None:
    """The path up to the first name that no record has; None for a path that is known."""
    for depth, name in enumerate(path):
        if _is_missing(name, path[:depth], records):
            return path[: depth + 1]
    return None


def _suggestion(path: Path, records: Sequence[Record]) -> str | None:
    siblings = {name for inner in _objects_at(path[:-1], records) for name in inner}
    return did_you_mean(path[-1], siblings)


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
