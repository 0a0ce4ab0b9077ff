"""Which people IceHrm's list gives, and in which order: filters on raw columns, no order unless one
is asked for.
"""

from __future__ import annotations

import json
import random
from typing import Any

from . import icehrm_shapes as shapes
from .company_data import Person


def filtered(people: list[Person], text: str, today: str) -> list[Person]:
    """Equal raw columns; a list means any of them. Invalid JSON is no filter at all.

    Raises KeyError for an unknown column.
    """
    try:
        wanted = json.loads(text)
    except ValueError:
        return people
    if not isinstance(wanted, dict):
        return people
    for column in wanted:
        if column not in shapes.COLUMNS:
            raise KeyError(column)
    allowed = {column: _texts(values) for column, values in wanted.items()}
    return [person for person in people if _matches(shapes.row(person, today), allowed)]


def _texts(values: Any) -> set[str]:
    return {_compared(value) for value in (values if isinstance(values, list) else [values])}


def _compared(value: Any) -> str:
    """Texts that the database calls equal: without case, and without blanks at the end."""
    return str(value).rstrip(" ").casefold()


def _matches(row: dict[str, Any], allowed: dict[str, set[str]]) -> bool:
    return all(_compared(row[column]) in texts for column, texts in allowed.items())


def ordered(
    people: list[Person], query: dict[str, str], shuffle: int | None, today: str
) -> list[Person]:
    """People sorted by `sortField`; without one, shuffled with the seed `shuffle` unless that is
    None.

    people: sorted by id. Raises KeyError for an unknown column.
    """
    column, falling = query.get("sortField"), query.get("sortOrder") != "ascend"
    if column is None:
        return people if shuffle is None else random.Random(shuffle).sample(people, len(people))
    if column == "id":
        return people[::-1] if falling else people
    if column not in shapes.COLUMNS:
        raise KeyError(column)

    def key(person: Person) -> tuple:
        value = shapes.row(person, today)[column]
        return (
            value is not None,
            value if isinstance(value, int) else 0,
            str(value).lower(),
            person["number"],
        )

    return sorted(people, key=key, reverse=falling)
