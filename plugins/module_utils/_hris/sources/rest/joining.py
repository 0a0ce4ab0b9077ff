# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several endpoints into one list of employees, joined on one primary key, with a report of what did not meet.

The first endpoint says who there is. A row is {"key": text or None, "parts": {endpoint's name: its record, records or None}}.
"""

from __future__ import annotations

from collections import Counter

from ...errors import HrisError, did_you_mean
from .endpoints import Endpoint
from .reading import Reading, values_of
from .requests_made import key_of, normal

MOST_KEYS = 20  # how many keys of each kind the report names


def begin(endpoint: Endpoint, reading: Reading, warn) -> list[dict]:
    """The rows of the first endpoint, with whoever has no key: that is for the rules to judge."""
    rows = [
        {
            "key": key_of(record, endpoint.key) if endpoint.key else None,
            "parts": {endpoint.name: record},
        }
        for _value, record in reading.records
    ]
    if endpoint.key:
        keys = [row["key"] for row in rows if row["key"] is not None]
        _check_some(endpoint, len(keys), reading)
        twice = [key for key, number in Counter(keys).items() if number > 1]
        if twice:
            warn(
                f"Endpoint {endpoint.name}: {_named(twice)} belong to more than one record each. "
                "They get the same fields from other endpoints."
            )
        if len(keys) < len(rows):
            warn(
                f"Endpoint {endpoint.name}: {len(rows) - len(keys)} records have no key at '{endpoint.key.source}'."
            )
    return rows


def join(rows: list[dict], endpoint: Endpoint, reading: Reading, into: dict, warn) -> dict:
    """Give each row its part of a further endpoint. Changes and may add rows; returns the endpoint's line of the report.

    into: {endpoint's name: the field that its record goes into, or None}.
    Raises HrisError when it has two records for one key, of which one would have to be guessed.
    """
    index, without = _index(endpoint, reading)
    if endpoint.match:
        check_read(endpoint.match, [together(row["parts"], into, {}) for row in rows])
    met, missing = set(), []
    for row in rows:
        looked_for = _looked_for(row, endpoint, into)
        hits = [key for key in looked_for if key in index]
        met.update(hits)
        found = [record for key in hits for record in index[key]]
        if not hits:
            missing.append(looked_for[0] if looked_for else None)
        row["parts"][endpoint.name] = (
            found if endpoint.settings["many"] else (found[0] if found else None)
        )
    rest = [key for key in index if key not in met]
    if endpoint.settings["unmatched"] == "add":
        rows += [{"key": key, "parts": {endpoint.name: index[key][0]}} for key in rest]
    if without:
        warn(
            f"Endpoint {endpoint.name}: {without} records have no key at '{endpoint.key.source}'. They belong to nobody."
        )
    if rows and index and not met and set(missing) == {None}:
        warn(f"Endpoint {endpoint.name}: nobody has a value that says which record is theirs.")
    named = [key for key in missing if key is not None]
    return {
        "endpoint": endpoint.name,
        "matched": len(rows)
        - len(missing)
        - (len(rest) if endpoint.settings["unmatched"] == "add" else 0),
        "missing": len(named),
        "missing_keys": named[:MOST_KEYS],
        "nothing_to_match": len(missing) - len(named),
        "unmatched": len(rest),
        "unmatched_keys": rest[:MOST_KEYS],
        "added": len(rest) if endpoint.settings["unmatched"] == "add" else 0,
        "without_key": without,
    }


def _index(endpoint: Endpoint, reading: Reading) -> tuple[dict, int]:
    """({key: [record]}, how many records have none). Without a key of its own the value is the key that was asked with."""
    index, without = {}, 0
    for value, record in reading.records:
        key = key_of(record, endpoint.key) if endpoint.key else value
        if key is None:
            without += 1
            continue
        index.setdefault(key, []).append(record)
    _check_some(endpoint, len(index), reading)
    twice = [key for key, records in index.items() if len(records) > 1]
    if twice and not endpoint.settings["many"]:
        raise HrisError(
            f"{_named(twice)} belong to more than one record each",
            f"endpoint {endpoint.name}",
            "Set many to keep all of them in a list, or give a key that only one record has",
        )
    return index, without


def _check_some(endpoint: Endpoint, found: int, reading: Reading) -> None:
    """Raise HrisError for a key that no record has: a typing error, by which everybody would lose what the endpoint gives."""
    if reading.records and not found:
        there = {name for _value, record in reading.records for name in record}
        raise HrisError(
            f"no record has a key at '{endpoint.key.source}'",
            f"{endpoint.place}.key",
            did_you_mean(endpoint.key.source, there),
        )


def check_read(expression, records: list[dict]) -> None:
    """Raise HrisError for a field that an expression reads and none of the records has."""
    there = {name for record in records for name in record}
    for path in sorted(expression.paths):
        if there and path[0] not in there:
            raise HrisError(
                f"no record has the field '{path[0]}'",
                expression.place,
                did_you_mean(path[0], there),
            )


def _looked_for(row: dict, endpoint: Endpoint, into: dict) -> list[str]:
    """The keys under which a row's part is: its own, what `match` reads, or the values that a dependent endpoint was called for."""
    if endpoint.match:
        found = endpoint.match.evaluate(together(row["parts"], into, {}))
        keys = [
            normal(value, endpoint.match.place)
            for value in (found if isinstance(found, list) else [found])
        ]
    elif endpoint.key:
        keys = [row["key"]]
    else:
        parent = row["parts"].get(endpoint.settings["dependent"]["of"])
        keys = values_of(endpoint, parent) if isinstance(parent, dict) else []
    return [key for key in keys if key is not None]


def merge(rows: list[dict], into: dict, wins: dict) -> tuple[list[dict], dict]:
    """(the employees, {field: for how many of them endpoints disagreed about it without a rule that decides}).

    wins: {field: name of the endpoint whose value counts wherever it has a record}. Else the first value that is not null counts.
    """
    known = {
        name
        for row in rows
        for part_name, part in row["parts"].items()
        for name in (part if not into[part_name] and part else ())
    }
    for field in wins:
        if rows and field not in known:
            raise HrisError("no endpoint gives this field", f"wins.{field}")
    conflicts: dict[str, int] = {}
    return [together(row["parts"], into, wins, conflicts) for row in rows], conflicts


def together(parts: dict, into: dict, wins: dict, conflicts: dict | None = None) -> dict:
    """One employee out of an endpoint's parts."""
    employee = {}
    for name, part in parts.items():
        if into.get(name):
            employee[into[name]] = part
            continue
        for field, value in (part or {}).items() if isinstance(part, dict) else ():
            if employee.get(field) is None:
                employee[field] = value
            elif (
                conflicts is not None
                and field not in wins
                and value is not None
                and _alike(value) != _alike(employee[field])
            ):
                conflicts[field] = conflicts.get(field, 0) + 1
    for field, name in wins.items():
        if isinstance(parts.get(name), dict) and field in parts[name]:
            employee[field] = parts[name][field]
    return employee


def _alike(value):
    """Numbers as their text, so that 7 and "7" agree."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _named(keys: list[str]) -> str:
    shown = ", ".join(f"'{key}'" for key in keys[:3])
    return f"the keys {shown}{f' and {len(keys) - 3} more' if len(keys) > 3 else ''}"
