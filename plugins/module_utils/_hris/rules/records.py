# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a feed by their keys."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence

from ..data_class import frozen
from ..errors import HrisError, shortened
from ..model.findings import Finding
from ..model.records import Record
from .mapping import UnmappedError, wanted_values
from .mapping_lines import ExpressionLine

LONGEST_KEY = 256  # characters; no HR system has longer ones, and each message shows one
# Fields by which a human finds a record that has no key
TELLING = ("id", "employee_id", "employeeNumber", "email", "work_email")


@frozen
class KeyedRecord:
    """A record and its key."""

    key: str
    record: Record


LONGEST_KEY = 256  # characters; no attribute of a user that could be the key takes more
# Fields by which people find a record: employee_id, userId, EmployeeNumber, "Personnel No"
_NAMES_A_RECORD = re.compile(r"(?:_id|Id|ID|[nN]umber|[nN]o|[nN]r)$")
# The records of one key, or of one person, in the order of the feed
RecordGroup = list[KeyedRecord]


def group_by_key(
    records: Sequence[Record], line: ExpressionLine
) -> tuple[list[RecordGroup], list[Finding]]:
    """(the records of each key, a finding for each record without a key).

    line: the mapping line of the key attribute. Active Directory ignores the case of a key. Records
    that are equal in every field are one.
    """
    groups: dict[str, RecordGroup] = defaultdict(list)
    contents: dict[str, set[str]] = {}  # of the keys that have several records
    findings = []
    for number, record in enumerate(records, 1):
        key = _key_of(record, line)
        if key is None:
            findings.append(_missing_key(number, record, line))
            continue
        group = groups[key.casefold()]
        if group:
            known = contents.setdefault(key.casefold(), {_content(group[0].record)})
            content = _content(record)
            if content in known:
                continue
            known.add(content)
        group.append(KeyedRecord(key, record))
    return list(groups.values()), findings


def keys_of(records: Sequence[Record], line: ExpressionLine) -> list[str | None]:
    """The key of each record, None where it has none. line: the mapping line of the key
    attribute.
    """
    return [_key_of(record, line) for record in records]


def _missing_key(number: int, record: Record, line: ExpressionLine) -> Finding:
    message = (
        f"{_description(number, record)} has no value for {line.source.source!r} that can be a "
        "key: it is left out. Enter the value in HR."
    )
    return Finding("missing_key", message, place=line.place)


def _key_of(record: Record, line: ExpressionLine) -> str | None:
    try:
        values = wanted_values(line, record)
    except (HrisError, UnmappedError):
        return None
    if not values or len(values) != 1 or len(values[0]) > LONGEST_KEY:
        return None
    return values[0]


def _content(record: Record) -> str:
    """The same text for records that are equal in every field."""
    return json.dumps(record, sort_keys=True, default=str)


def _description(number: int, record: Record) -> str:
    """A few words with which a human finds a record that has no key. Its number in the feed is one
    of them only where nothing else is: a feed from several endpoints has an order of its own.
    """
    named = [name for name in record if _NAMES_A_RECORD.search(name)]
    for name in ("id", *named, *TELLING):
        value = record.get(name)
        if value and not isinstance(value, (dict, list)):
            return f"the record with {name} {shortened(value)}"
    fields = ", ".join(shortened(field, 40) for field in list(record)[:4])
    return f"record {number} of the feed (fields {fields})"
