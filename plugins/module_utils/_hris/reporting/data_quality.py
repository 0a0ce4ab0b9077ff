# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quality of HR data: values that are missing, duplicate or unusual, field by field.

The feed itself shows what is unusual: what nearly all employees or values have in common is the
rule that the others break.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from ..data_class import field, frozen, mutable
from ..errors import HrisError, did_you_mean
from ..model.findings import ERROR, WARNING, Finding
from ..model.record_fields import Path, leaves
from ..model.records import Record
from .unusual_values import DATE, FEWEST, is_usual, shown, text_of, unusual, usual_type

MISSING, DUPLICATE, UNUSUAL = "missing", "duplicate", "unusual"
KINDS = {
    MISSING: "Missing values",
    DUPLICATE: "Duplicate values",
    UNUSUAL: "Unusual values",
}
_DIGIT_OR_ADDRESS = re.compile(r"[\d@]")

Column = dict[int, Any]  # {position of the employee in the feed: value}


@mutable
class FieldQuality:
    """One field of a feed."""

    filled: int  # employees with a value
    missing: int  # employees without one
    duplicate: int  # values that several employees have and should not have
    unusual: int  # values
    distinct: int  # different values
    type: str  # of most values: text, number, …; empty where nobody has a value
    missing_before: int | None = None  # in the last report


@mutable
class Quality:
    """The quality of a feed."""

    employees: int
    fields: dict[str, FieldQuality] = field(default_factory=dict)  # {dotted path: field}
    findings: list[Finding] = field(default_factory=list)


@frozen
class FieldRules:
    """What is expected of the fields of a feed. Fields are dotted paths."""

    key: str  # identifies an employee
    required: Collection[str] = ()  # every employee has a value
    unique: Collection[str] = ()  # no two employees have the same value
    redact: Collection[str] = ()  # values that are not shown: a path, or its last name

    def is_required(self, path: str) -> bool:
        """Whether every employee must have a value."""
        return path == self.key or path in self.required

    def is_unique(self, path: str) -> bool:
        """Whether no two employees may have the same value."""
        return path == self.key or path in self.unique

    def is_hidden(self, path: str) -> bool:
        """Whether values are not shown."""
        names = {path.casefold(), path.rpartition(".")[2].casefold()}
        return any(name.casefold() in names for name in self.redact)


@mutable
class _Feed:
    """The values of a feed that are not empty."""

    employees: int
    filled: dict[str, Column]  # {dotted path: values}


def quality_of(employees: Sequence[Record], rules: FieldRules) -> Quality:
    """The quality of a feed. Raises HrisError for a key or field that no employee has."""
    columns = _columns(employees)
    if employees:
        _check_rules(rules, columns)
    keys = _keys(columns.get(rules.key, {}), len(employees))
    feed = _Feed(len(employees), {path: _filled(column) for path, column in columns.items()})
    quality = Quality(len(employees))
    known: set[tuple[str | None, str | None]] = set()
    for path, values in feed.filled.items():
        missing = _missing(feed, path, rules, keys)
        duplicate = list(_duplicates(path, values, rules, keys))
        strange = [
            Finding(UNUSUAL, text, keys[number], path, WARNING)
            for number, text in unusual(values, rules.is_hidden(path))
        ]
        quality.fields[path] = FieldQuality(
            filled=len(values),
            missing=len(employees) - len(values),
            duplicate=len(duplicate),
            unusual=len(strange),
            distinct=len(set(map(text_of, values.values()))),
            type=usual_type(values.values()),
        )
        # An object without any of its fields is reported once
        for finding in missing:
            if (finding.key, finding.place) not in known:
                known.add((finding.key, finding.place))
                quality.findings.append(finding)
        quality.findings += [*duplicate, *strange]
    return quality


def _columns(employees: Iterable[Record]) -> dict[str, Column]:
    """The values of each field, by its dotted path."""
    columns: dict[str, Column] = {}
    for number, employee in enumerate(employees):
        for path, value in leaves(employee, into_lists=False):
            name = _dotted(path)
            column = columns.get(name)
            if column is None:
                column = columns[name] = {}
            column[number] = value
    return _without_empty_parents(columns)


@lru_cache(maxsize=1 << 12)  # every employee has nearly the same fields
def _dotted(path: Path) -> str:
    return ".".join(path)


def _without_empty_parents(columns: dict[str, Column]) -> dict[str, Column]:
    """Without objects that are null for some: their fields, which others have, show the same."""
    parents: set[str] = set()
    for path in columns:
        while path := path.rpartition(".")[0]:
            parents.add(path)
    return {
        path: column for path, column in columns.items() if path not in parents or _filled(column)
    }


def _check_rules(rules: FieldRules, columns: Collection[str]) -> None:
    options = {"key": [rules.key], "required": rules.required, "unique": rules.unique}
    for option, names in options.items():
        for name in names:
            if name not in columns:
                raise HrisError(
                    f"no employee has the field '{name}'",
                    place=option,
                    hint=did_you_mean(name, columns),
                )


def _keys(column: Column, employees: int) -> list[str]:
    """The key of each employee, and a name for those without one."""
    return [str(column.get(number) or f"record {number + 1}") for number in range(employees)]


def _filled(column: Column) -> Column:
    return {number: value for number, value in column.items() if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value in ([], {})


def _missing(feed: _Feed, path: str, rules: FieldRules, keys: Sequence[str]) -> list[Finding]:
    """Who has no value, where the field is required or nearly everybody has one."""
    filled = feed.filled[path]
    without = [number for number in range(feed.employees) if number not in filled]
    if rules.is_required(path):
        text = f"{path} is missing. Enter it in HR."
        return [Finding(MISSING, text, keys[number], path, ERROR) for number in without]
    if not is_usual(len(filled), feed.employees):
        return []
    share = int(1000 * len(filled) / feed.employees) / 10  # 1,999 of 2,000 are not 100 %
    findings = []
    for number in without:
        place = _outermost_missing(feed, path, number)
        text = f"{place} is missing; {share} % of the employees have it."
        findings.append(Finding(MISSING, text, keys[number], place, WARNING))
    return findings


def _outermost_missing(feed: _Feed, path: str, number: int) -> str:
    """The outermost object around a field of which an employee has nothing, or the field itself."""
    parent = path.rpartition(".")[0]
    while parent and not _has_field_in(feed, parent, number):
        path, parent = parent, parent.rpartition(".")[0]
    return path


def _has_field_in(feed: _Feed, parent: str, number: int) -> bool:
    start = f"{parent}."
    return any(number in filled for path, filled in feed.filled.items() if path.startswith(start))


def _duplicates(
    path: str, filled: Column, rules: FieldRules, keys: Sequence[str]
) -> Iterator[Finding]:
    """Who shares a value, where the field is unique or identifies people without being named."""
    is_unique = rules.is_unique(path)
    if not is_unique and len(filled) < FEWEST:
        return
    holders: dict[str, list[int]] = {}
    for number, value in filled.items():
        holders.setdefault(text_of(value).strip().casefold(), []).append(number)
    if not is_unique and not _identifies(filled, len(holders)):
        return
    severity = ERROR if is_unique else WARNING
    for numbers in holders.values():
        if len(numbers) == 1:
            continue
        others = "1 other employee has"
        if len(numbers) > 2:
            others = f"{len(numbers) - 1} other employees have"
        for number in numbers:
            value = shown(filled[number], rules.is_hidden(path))
            text = f"{path} is {value}, and {others} the same value."
            yield Finding(DUPLICATE, text, keys[number], path, severity)


def _identifies(filled: Column, distinct: int) -> bool:
    """Whether nearly all values are numbers or addresses, no dates, and differ from each other."""
    if not is_usual(distinct, len(filled)):
        return False
    return is_usual(sum(map(_may_identify, filled.values())), len(filled))


def _may_identify(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    return bool(_DIGIT_OR_ADDRESS.search(value)) and not DATE.fullmatch(value)
