# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which records are one person each: keys, and several records of one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field

from ..data_class import frozen, mutable
from ..errors import HrisError
from ..model.findings import INFO, Finding
from ..model.records import Record
from .expressions import Expression
from .mapping import ExpressionLine, UnmappedError, wanted_values
from .values import to_text


@frozen
class Primary:
    """How the records of one person are recognised, and which of them counts."""

    same: Expression  # has the same value in every record of a person
    prefer: tuple[Expression, ...]  # conditions: the record for which the first one holds counts


@frozen
class KeyedRecord:
    """A record and its key."""

    key: str
    record: Record


@mutable
class SortedRecords:
    """The records of a feed by what becomes of them."""

    counting: list[KeyedRecord] = field(default_factory=list)  # one for each person
    held: list[KeyedRecord] = field(default_factory=list)  # their accounts are left as they are
    findings: list[Finding] = field(default_factory=list)


@frozen
class _Numbered:
    """A record and its position in the feed, from 1."""

    number: int
    key: str | None
    record: Record


def sort_records(
    records: Sequence[Record], line: ExpressionLine, primary: Primary | None
) -> SortedRecords:
    """Decide which records count. line: the mapping line of the key attribute.

    Two records with one key are both held, and so is the second record of a person, because the
    accounts belong to somebody.
    """
    found = SortedRecords()
    for folded, group in _by_key(records, line).items():
        key = group[0].key
        if folded is None or key is None:
            found.findings += [_missing_key(one, line) for one in group]
        elif len(group) > 1:
            found.findings.append(_duplicate_key(key, group, line))
            found.held.append(KeyedRecord(key, group[0].record))
        else:
            found.counting.append(KeyedRecord(key, group[0].record))
    if primary:
        found.counting, second = _primaries(found.counting, primary)
        for one, first in second:
            found.held.append(one)
            message = (
                f"this is a second record of {first}, which counts. Nothing is done for this one."
            )
            found.findings.append(
                Finding("second_record", message, key=one.key, place="primary", severity=INFO)
            )
    return found


def keys_of(records: Sequence[Record], line: ExpressionLine) -> list[str | None]:
    """The key of each record, None where it has none. line: the mapping line of the key
    attribute.
    """
    return [_key_of(record, line) for record in records]


def _missing_key(one: _Numbered, line: ExpressionLine) -> Finding:
    message = (
        f"record {one.number} ({_description(one.record)}) has no value for "
        f"{line.source.source!r}: "
        "it is left out. Enter the value in HR."
    )
    return Finding("missing_key", message, place=line.place)


def _duplicate_key(key: str, group: list[_Numbered], line: ExpressionLine) -> Finding:
    numbers = ", ".join(str(one.number) for one in group)
    message = f"records {numbers} have the same key: no account is changed. Correct the key in HR."
    return Finding("duplicate_key", message, key=key, place=line.place)


def _by_key(records: Sequence[Record], line: ExpressionLine) -> dict[str | None, list[_Numbered]]:
    """The records by their key in lower case, because AD ignores case; None: without a key."""
    groups = defaultdict(list)
    for number, record in enumerate(records, 1):
        key = _key_of(record, line)
        groups[key and key.casefold()].append(_Numbered(number, key, record))
    return groups


def _key_of(record: Record, line: ExpressionLine) -> str | None:
    try:
        values = wanted_values(line, record)
    except (HrisError, UnmappedError):
        return None
    return values[0] if values and len(values) == 1 else None


def _description(record: Record) -> str:
    """A few words with which a human finds a record that has no key."""
    for name in ("id", "employee_id", "employeeNumber", "email", "work_email"):
        if record.get(name):
            return f"{name} {record[name]}"
    return "fields " + ", ".join(list(record)[:4])


def _primaries(
    records: list[KeyedRecord], primary: Primary
) -> tuple[list[KeyedRecord], list[tuple[KeyedRecord, str]]]:
    """(the records that count, [(a record that does not count, the key of the one that does)]).

    The conditions decide in their order. Where all hold alike, the record with the higher key
    counts, which HR gave later.
    """
    people: dict[object, list[KeyedRecord]] = defaultdict(list)
    for one in records:
        same = to_text(primary.same.evaluate(one.record))
        people[(one.key,) if same is None else same.casefold()].append(one)
    chosen, second = [], []
    for group in people.values():
        best = max(group, key=lambda one: (_preferences(one, primary), one.key))
        chosen.append(best)
        second += [(one, best.key) for one in group if one is not best]
    return chosen, second


def _preferences(one: KeyedRecord, primary: Primary) -> list[bool]:
    return [bool(condition.evaluate(one.record)) for condition in primary.prefer]
