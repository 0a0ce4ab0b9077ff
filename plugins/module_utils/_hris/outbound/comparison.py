# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read, compare, and write only what differs: how a call becomes idempotent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ..data_class import frozen
from ..errors import HrisError
from ..model.records import Record
from ..rules.expressions import Expression, compile_rule
from ..rules.values import to_text
from .templates import computed


class Difference(NamedTuple):
    """One value that differs. Both sides are JSON; None stands for no value."""

    before: Any
    after: Any


@frozen
class ComparedField:
    """One line of the option compare.fields."""

    name: str
    current: Expression  # over the object that the other system has
    wanted: Expression  # over our object


@frozen
class WantedValue:
    """A value that the object of the other system shall have."""

    name: str
    current: Expression  # over the object that the other system has
    value: Any  # JSON


def compile_fields(given: Record, leaves: list[Expression]) -> list[ComparedField]:
    """The option compare.fields. leaves: the compiled texts over our object are added to it."""
    fields = []
    for path, rule in given.items():
        place = f"compare.fields.{path}"
        wanted = compile_rule(rule, place)
        leaves.append(wanted)
        fields.append(ComparedField(str(path), compile_rule(str(path), place), wanted))
    return fields


def current_object(value: Any, source: Expression | None, place: str) -> Record | None:
    """The object to compare with, in the JSON of a response; None when there is none.

    source: the option compare.from. Raises HrisError when there are several.
    """
    selected = source.evaluate(value) if source else value
    if isinstance(selected, list):
        if len(selected) > 1:
            raise HrisError(
                f"the response has {len(selected)} objects, and exactly one can be compared",
                place,
                "Select one with compare.from, or make the request more specific",
            )
        selected = next(iter(selected), None)
    if selected is not None and not isinstance(selected, dict):
        raise HrisError(
            "the response does not give an object to compare with",
            place,
            "Set compare.from to the expression that selects it",
        )
    return selected


def differences(current: Record | None, values: Iterable[WantedValue]) -> dict[str, Difference]:
    """The values that differ, by their names. current: None when there is no object yet."""
    different = {}
    for wanted in values:
        before = None if current is None else wanted.current.evaluate(current)
        if _comparable(before) != _comparable(wanted.value):
            different[wanted.name] = Difference(before, wanted.value)
    return different


def wanted_by_fields(fields: list[ComparedField], record: Record) -> list[WantedValue]:
    """The values of compare.fields. What our object has no value for is not compared."""
    values = [
        WantedValue(field.name, field.current, field.wanted.evaluate(record)) for field in fields
    ]
    return [wanted for wanted in values if wanted.value not in (None, "", [])]


def wanted_by_body(body: Any) -> list[WantedValue]:
    """Every value of a JSON body, compared with that at the same path. Raises HrisError."""
    if not isinstance(body, dict):
        raise HrisError(
            "only a body that is an object can be compared",
            "compare",
            "Name the fields in compare.fields",
        )
    return [
        WantedValue(".".join(path), computed("compare", _getter(path)), value)
        for path, value in _leaves(body, ())
    ]


def _leaves(body: Record, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _getter(path: tuple[str, ...]) -> Callable[[Record], Any]:
    def get(record: Record) -> Any:
        value: Any = record
        for name in path:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return get


def _comparable(value: Any) -> Any:
    """A form in which equal values are equal: numbers as text, null and "" the same."""
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, dict):
        return {name: _comparable(item) for name, item in value.items()}
    return to_text(value)
