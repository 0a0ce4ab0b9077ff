# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several endpoints into one list of employees, joined on one key.

A report says what did not match. The first endpoint says who there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypedDict

from ...data_class import mutable
from ...errors import HrisError, Warn, did_you_mean
from ...model.records import Record
from ...option_names import option_name
from ...rules.expressions import Expression
from ...rules.fields import unknown_fields
from ...wording import counted
from .endpoints import Endpoint
from .reading import Reading, values_of
from .records import key_of, key_texts, readable_key

MOST_KEYS = 20  # how many keys of each kind the report names

# What an endpoint has of one employee: its record, its records, or nothing
Part: TypeAlias = "Record | list[Record] | None"
# {name of an endpoint: the field that its record goes into; None: its fields are the employee's}
Into = Mapping[str, "str | None"]


@mutable
class Row:
    """One employee while endpoints are joined."""

    key: str | None
    parts: dict[str, Part]  # by the endpoint's name


class JoinRow(TypedDict):
    """What came of joining an endpoint, as the module returns it."""

    endpoint: str
    matched: int  # employees with a record of it
    missing: int  # employees with a key, and without a record
    missing_keys: list[str]
    nothing_to_match: int  # employees without a key
    unmatched: int  # keys that belong to no employee
    unmatched_keys: list[str]
    added: int  # employees that only this endpoint has
    without_key: int  # its records without a key


def begin(endpoint: Endpoint, reading: Reading, warn: Warn) -> list[Row]:
    """The rows of the first endpoint, also those without a key: the rules decide about them."""
    rows = [Row(None, {endpoint.name: found.record}) for found in reading.records]
    if endpoint.key is None:
        return rows
    for row, found in zip(rows, reading.records, strict=True):
        row.key = key_of(found.record, endpoint.key)
    keys = [row.key for row in rows if row.key is not None]
    _check_some(endpoint, len(keys), reading)
    repeated = [key for key, number in Counter(keys).items() if number > 1]
    if repeated:
        warn(
            f"Endpoint {endpoint.name}: {_named(repeated)} belong to more than one record each. "
            "They get the same fields from other endpoints."
        )
    if len(keys) < len(rows):
        records = counted(len(rows) - len(keys), "record", "records")
        warn(
            f"Endpoint {endpoint.name}: {records} without a usable key at '{endpoint.key.source}'."
        )
    return rows


def join(rows: list[Row], endpoint: Endpoint, reading: Reading, into: Into, warn: Warn) -> JoinRow:
    """Give each row its part of a further endpoint. Changes the rows and may add some.

    Raises HrisError when the endpoint has two records for one key, of which one would have to be
    guessed.
    """
    index, without_key = _index(endpoint, reading)
    if endpoint.match:
        check_read(endpoint.match, [together(row.parts, into, {}) for row in rows])
    matched, missing = _assign(rows, endpoint, index, into)
    rest = [key for key in index if key not in matched]
    employees, added = len(rows), 0
    if endpoint.options.unmatched == "add":
        rows += [Row(key, {endpoint.name: index[key][0]}) for key in rest]
        added = len(rest)
    if without_key:
        records = counted(without_key, "record", "records")
        warn(
            f"Endpoint {endpoint.name}: {records} without a usable key at"
            f" '{_key_source(endpoint)}'. Nobody gets what is in it."
        )
    if rows and index and not matched and set(missing) == {None}:
        warn(f"Endpoint {endpoint.name}: nobody has a value that says which record is theirs.")
    named = [key for key in missing if key is not None]
    return {
        "endpoint": endpoint.name,
        "matched": employees - len(missing),
        "missing": len(named),
        "missing_keys": named[:MOST_KEYS],
        "nothing_to_match": len(missing) - len(named),
        "unmatched": len(rest),
        "unmatched_keys": rest[:MOST_KEYS],
        "added": added,
        "without_key": without_key,
    }


def check_read(expression: Expression, records: Sequence[Record]) -> None:
    """Raise HrisError for a field that an expression reads and none of the records has."""
    for error in unknown_fields([expression], records, ()):
        hint = did_you_mean(error.path.rpartition(".")[2], error.siblings)
        raise HrisError(error.said_of("record"), error.place, hint)


def merge(
    rows: Sequence[Row], into: Into, wins: Mapping[str, str]
) -> tuple[list[Record], dict[str, int]]:
    """(the employees, {field: how many employees endpoints disagree about without a rule}).

    wins: {field: name of the endpoint whose value counts wherever it has a record}. Else the
    first value that is not null counts.
    """
    if rows:
        known = _own_fields(rows, into)
        for field in wins:
            if field not in known:
                raise HrisError("no endpoint gives this field", option_name(f"wins.{field}"))
    conflicts: dict[str, int] = {}
    return [together(row.parts, into, wins, conflicts) for row in rows], conflicts


def together(
    parts: Mapping[str, Part],
    into: Into,
    wins: Mapping[str, str],
    conflicts: dict[str, int] | None = None,
) -> Record:
    """One employee from the endpoints' parts. conflicts: counted in place, as merge returns it."""
    employee: Record = {}
    for name, part in parts.items():
        field = into.get(name)
        if field:
            employee[field] = part
        elif isinstance(part, dict):
            _add_fields(employee, part, wins, conflicts)
    for field, name in wins.items():
        part = parts.get(name)
        if isinstance(part, dict) and field in part:
            employee[field] = part[field]
    return employee


def _add_fields(
    employee: Record,
    part: Record,
    wins: Mapping[str, str],
    conflicts: dict[str, int] | None,
) -> None:
    """Add the fields of a part that the employee does not have yet."""
    for field, value in part.items():
        current = employee.get(field)
        if current is None:
            employee[field] = value
        elif conflicts is not None and field not in wins and _differs(value, current):
            conflicts[field] = conflicts.get(field, 0) + 1


def _differs(value: Any, current: Any) -> bool:
    """Whether two values disagree. 7 and "7" agree, null agrees with everything."""
    return value is not None and _comparable(value) != _comparable(current)


def _comparable(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value


def _own_fields(rows: Iterable[Row], into: Into) -> set[str]:
    """The fields that endpoints give without a field of their own."""
    fields: set[str] = set()
    for row in rows:
        for name, part in row.parts.items():
            if isinstance(part, dict) and not into[name]:
                fields.update(part)
    return fields


def _assign(
    rows: Iterable[Row], endpoint: Endpoint, index: Mapping[str, list[Record]], into: Into
) -> tuple[set[str], list[str | None]]:
    """Give each row its part. Returns (keys that matched, a key of each row without a match)."""
    matched: set[str] = set()
    missing: list[str | None] = []
    for row in rows:
        keys = _keys_for(row, endpoint, into)
        hits = [key for key in keys if key in index]
        matched.update(hits)
        records = [record for key in hits for record in index[key]]
        if not hits:
            missing.append(next(iter(keys), None))
        row.parts[endpoint.name] = _part(endpoint, records)
    return matched, missing


def _part(endpoint: Endpoint, records: list[Record]) -> Part:
    if endpoint.options.many:
        return records
    return next(iter(records), None)


def _index(endpoint: Endpoint, reading: Reading) -> tuple[dict[str, list[Record]], int]:
    """({key: its records}, how many records have no key). Identical records of a key count once.

    Without a key of its own, an endpoint's key is the value that it was called with.
    """
    index: dict[str, list[Record]] = {}
    without_key = 0
    for found in reading.records:
        key = found.value
        if endpoint.key:
            key = key_of(found.record, endpoint.key)
        if key is None:
            without_key += 1
        elif endpoint.options.many or found.record not in index.get(key, [])[:1]:
            index.setdefault(key, []).append(found.record)
    _check_some(endpoint, len(index), reading)
    repeated = [key for key, records in index.items() if len(records) > 1]
    if repeated and not endpoint.options.many:
        raise HrisError(
            f"{_named(repeated)} belong to more than one record each",
            f"endpoint {endpoint.name}",
            "Set many to keep all of them in a list, or give a key that only one record has",
        )
    return index, without_key


def _check_some(endpoint: Endpoint, keys: int, reading: Reading) -> None:
    """Raise HrisError for a key that no record has, or that can be read in none.

    It is a typing error, by which everybody would lose what the endpoint gives.
    """
    if reading.records and not keys:
        for found in reading.records:
            if endpoint.key:
                readable_key(found.record, endpoint.key)
        present = {name for found in reading.records for name in found.record}
        source = _key_source(endpoint)
        raise HrisError(
            f"no record has a key at '{source}'",
            endpoint.key_place,
            did_you_mean(source, present),
        )


def _key_source(endpoint: Endpoint) -> str:
    """The text of the option key."""
    if endpoint.key is None:
        return ""
    return endpoint.key.source


def _keys_for(row: Row, endpoint: Endpoint, into: Into) -> list[str]:
    """The keys under which a row's part is.

    Its own, what `match` reads, or the values that a dependent endpoint was called with.
    """
    if endpoint.match:
        value = endpoint.match.evaluate(together(row.parts, into, {}))
        return key_texts(value, endpoint.match.place)
    if endpoint.key:
        return [] if row.key is None else [row.key]
    if endpoint.options.dependent:
        parent = row.parts.get(endpoint.options.dependent.of)
        if isinstance(parent, dict):
            return values_of(endpoint, parent)
    return []


def _named(keys: Sequence[str]) -> str:
    shown = ", ".join(f"'{key}'" for key in keys[:3])
    if len(keys) > 3:
        return f"the keys {shown} and {len(keys) - 3} more"
    return f"the keys {shown}"
