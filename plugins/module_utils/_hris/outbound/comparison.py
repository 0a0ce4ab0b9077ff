# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET, compare, and write only what differs: how a call becomes idempotent where an API has no such notion."""

from __future__ import annotations

from ..errors import HrisError
from ..rules.expressions import Expression, compile_condition, compile_rule
from ..rules.values import to_text


def compile_fields(fields: dict | None, leaves: list) -> list[tuple[str, Expression, Expression]]:
    """[(name, expression over the current object, expression over ours)] of the option compare.fields."""
    found = []
    for path, rule in (fields or {}).items():
        place = f"compare.fields.{path}"
        wanted = compile_rule(rule, place)
        leaves.append(wanted)
        found.append((str(path), compile_condition(str(path), place), wanted))
    return found


def the_current(value, source: Expression | None, place: str):
    """The object to compare with, in an answer; None when there is none. Raises HrisError when there are several."""
    found = source.evaluate(value) if source else value
    if isinstance(found, list):
        if len(found) > 1:
            raise HrisError(
                f"{len(found)} objects were found where there must be one",
                place,
                "Let compare.from choose, or narrow the request",
            )
        found = found[0] if found else None
    if found is not None and not isinstance(found, dict):
        raise HrisError(
            "what was found is not an object",
            place,
            "Set compare.from to the expression that gives it",
        )
    return found


def differences(current: dict | None, pairs: list[tuple]) -> dict:
    """{name: (current value, wanted value)} where they differ. pairs: (name, expression over current, wanted value)."""
    found = {}
    for name, expression, wanted in pairs:
        before = expression.evaluate(current) if current is not None else None
        if _comparable(before) != _comparable(wanted):
            found[name] = (before, wanted)
    return found


def pairs_of(fields: list[tuple], record: dict, body) -> list[tuple]:
    """What differences() takes: the fields that are named, else every value of the body at its own place."""
    if fields:
        return [(name, expression, wanted.evaluate(record)) for name, expression, wanted in fields]
    if not isinstance(body, dict):
        raise HrisError(
            "a body that is no object cannot be compared",
            "compare",
            "Name the fields in compare.fields",
        )
    return [
        (".".join(path), Expression("", "compare", _getter(path), frozenset()), value)
        for path, value in _places(body, ())
    ]


def _places(body: dict, above: tuple):
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _places(value, (*above, name))
        else:
            yield (*above, name), value


def _getter(path: tuple):
    def get(record):
        for name in path:
            record = record.get(name) if isinstance(record, dict) else None
        return record

    return get


def _comparable(value):
    """A form in which the same value is equal to itself: numbers as text, nothing and empty text as one, lists item by item."""
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, dict):
        return {name: _comparable(item) for name, item in value.items()}
    return to_text(value)
