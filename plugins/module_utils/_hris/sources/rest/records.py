# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records in what an endpoint sent, and their keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...errors import HrisError
from ...model.blank_texts import trimmed
from ...model.records import Record
from ...rules.expressions import Expression
from ...rules.records import LONGEST_KEY
from ...web import responses
from ..record_shapes import objects
from .endpoints import Endpoint
from .macros import as_text

LONGEST_NAME = 60  # characters of a field's name in a message


def records_of(value: Any, endpoint: Endpoint, what: str) -> list[Record]:
    """The records in a response or a file.

    what: its name for messages. Raises HrisError when there is no list of objects at the place
    where the endpoint has them.
    """
    words = responses.error_of_list(value)
    if words is not None:
        detail = f": {words}" if words else " without a text"
        raise HrisError(f"the answer is an error{detail}", what)
    found = value
    if endpoint.records is not None:
        found = endpoint.records.evaluate(value)
        if isinstance(found, dict):
            return [found]
        if found is None and _ends_at_null(value, endpoint.records):
            return []
    if not isinstance(found, list):
        raise _no_records(value, endpoint, what)
    return objects(found, f"{endpoint.place}.records")


def is_one_object(value: Any, endpoint: Endpoint) -> bool:
    """Whether a response or a file has a single record, and no list."""
    return endpoint.records is not None and isinstance(endpoint.records.evaluate(value), dict)


def has(value: Any, path: tuple[str, ...]) -> bool:
    """Whether a response has a field at a path, whatever it holds."""
    for name in path[:-1]:
        if not isinstance(value, dict):
            return False
        value = value.get(name)
    return isinstance(value, dict) and path[-1] in value


def key_of(record: Record, expression: Expression) -> str | None:
    """The record's key as text, so that "7" and 7 are one key.

    None without one, and where it cannot be read, such as an object: that costs no other record.
    """
    try:
        return readable_key(record, expression)
    except HrisError:
        return None


def readable_key(record: Record, expression: Expression) -> str | None:
    """The same; raises HrisError where it cannot be read."""
    return key_text(expression.evaluate(record), expression.place)


def key_text(value: Any, place: str) -> str | None:
    """The same for the value of a key. Raises HrisError for an object or a list."""
    if value is None or isinstance(value, bool):
        return None
    text = trimmed(as_text(value, place))
    return text if 0 < len(text) <= LONGEST_KEY else None


def key_texts(value: Any, place: str) -> list[str]:
    """The same for one value or a list of values, without those that have none."""
    values = value if isinstance(value, list) else [value]
    texts = (key_text(one, place) for one in values)
    return [text for text in texts if text is not None]


def _ends_at_null(value: Any, expression: Expression) -> bool:
    """Whether a plain path ends at a null, as some servers write an empty list."""
    if len(expression.paths) != 1:
        return False
    path = next(iter(expression.paths))
    return ".".join(path) == expression.source.strip() and has(value, path)


def _no_records(value: Any, endpoint: Endpoint, what: str) -> HrisError:
    reason = "one object, not a list of records, is"
    if endpoint.records:
        reason = f"there are no records at '{endpoint.records.source}' in"
    return HrisError(f"{reason} the answer of {what}", f"{endpoint.place}.records", _hint(value))


def _hint(value: Any) -> str | None:
    """The lists that the response has, ready to be copied."""
    if isinstance(value, list):
        return "The answer itself is the list: leave records out"
    if not isinstance(value, dict) or not value:
        return None
    lists = list(_lists(value))
    if lists:
        return f"Lists in it are: {_listed(lists[:10])}"
    return f"It has: {_listed(list(value)[:20])}"


def _listed(names: list[str]) -> str:
    return responses.one_line(", ".join(name[:LONGEST_NAME] for name in names))


def _lists(value: Record) -> Iterator[str]:
    """Yield the paths of the lists in an object and in its objects."""
    for name, item in value.items():
        if isinstance(item, list):
            yield name
        elif isinstance(item, dict):
            for inner, part in item.items():
                if isinstance(part, list):
                    yield f"{name}.{inner}"
