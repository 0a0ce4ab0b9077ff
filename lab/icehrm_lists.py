"""Which people IceHrm's list gives, and in which order: filters on raw columns, no order unless asked for."""
from __future__ import annotations

import json
import random

from . import icehrm_shapes as shapes


def filtered(people: list[dict], text: str, today: str) -> list[dict]:
    """Exact match on raw columns; a list means any of them. Bad JSON is no filter at all; KeyError: no such column."""
    try:
        wanted = json.loads(text)
    except ValueError:
        return people
    if not isinstance(wanted, dict):
        return people
    for column in wanted:
        if column not in shapes.COLUMNS:
            raise KeyError(column)
    allowed = {column: {str(value) for value in (values if isinstance(values, list) else [values])}
               for column, values in wanted.items()}
    return [person for person in people
            if all(str(shapes.row(person, today)[column]) in values for column, values in allowed.items())]


def ordered(people: list[dict], query: dict[str, str], shuffle: int | None, today: str) -> list[dict]:
    """Sorted by `sortField` (KeyError: no such column), else by id, or shuffled with the seed `shuffle`."""
    column = query.get("sortField")
    if column is None:
        found = sorted(people, key=lambda person: person["number"])
        if shuffle is not None:
            random.Random(shuffle).shuffle(found)
        return found
    if column not in shapes.COLUMNS:
        raise KeyError(column)

    def key(person: dict) -> tuple:
        value = person["number"] if column == "id" else shapes.row(person, today)[column]
        return value is not None, value if isinstance(value, int) else 0, str(value).lower(), person["number"]

    return sorted(people, key=key, reverse=query.get("sortOrder") != "ascend")
