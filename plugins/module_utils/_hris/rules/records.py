# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which records are one employee each: keys, required fields, and several records of one person."""

from __future__ import annotations

from collections import defaultdict

from ..errors import HrisError
from ..model.findings import INFO, finding
from .mapping import Attribute, UnmappedError, wanted_values
from .values import to_text


def sort_out(
    employees: list[dict], line: Attribute, primary: dict | None
) -> tuple[list[tuple[str, dict]], list[tuple[str, dict]], list[dict]]:
    """(the employees that count, with their keys; those that are held, with theirs; findings).

    line: the mapping's line of the key attribute. primary: {"same": Expression, "prefer": [Expression, …]} or None.
    Two records with one key are both held, and so is the second record of a person: their accounts are somebody's.
    """
    alone, held, findings = [], [], []
    for folded, holders in _by_key(employees, line).items():
        key = holders[0][1]
        if folded is None:
            for index, _key, employee in holders:
                message = f"record {index + 1} ({_who(employee)}) has no value for {line.source.source!r}: left out. Enter it in HR."
                findings.append(finding("missing_key", message, place=line.place))
        elif len(holders) > 1:
            numbers = ", ".join(str(index + 1) for index, _key, _employee in holders)
            message = f"records {numbers} have the same key: nobody's account is touched. Mend the key in HR."
            findings.append(finding("double_key", message, key=key, place=line.place))
            held.append((key, holders[0][2]))
        else:
            alone.append((key, holders[0][2]))
    if primary:
        alone, second = _primaries(alone, primary)
        held += [record for record, _first in second]
        findings += [
            finding(
                "second_record",
                f"a second record of {first}, which counts: nothing is done for this one.",
                key=key,
                place="primary",
                severity=INFO,
            )
            for (key, _employee), first in second
        ]
    return alone, held, findings


def keys_of(employees: list[dict], rules) -> list[str | None]:
    """Each employee's key, None where there is none. rules: a Ruleset."""
    line = next(line for line in rules.mapping if line.name == rules.key)
    return [_key_of(employee, line) for employee in employees]


def _by_key(
    employees: list[dict], line: Attribute
) -> dict[str | None, list[tuple[int, str | None, dict]]]:
    """(position in the feed, key, employee) of the employees by their key, case aside, as AD compares it; None: without key."""
    holders = defaultdict(list)
    for index, employee in enumerate(employees):
        key = _key_of(employee, line)
        holders[key and key.casefold()].append((index, key, employee))
    return holders


def _key_of(employee: dict, line: Attribute) -> str | None:
    try:
        values = wanted_values(line, employee)
    except (HrisError, UnmappedError):
        return None
    return values[0] if values and len(values) == 1 else None


def _who(employee: dict) -> str:
    """A few words that let a human find a record that has no key."""
    for name in ("id", "employee_id", "employeeNumber", "email", "work_email"):
        if employee.get(name):
            return f"{name} {employee[name]}"
    return "fields " + ", ".join(list(employee)[:4])


def _primaries(records: list[tuple[str, dict]], primary: dict) -> tuple[list, list]:
    """(records that count, [(record that does not, key of the one that does)]).

    Among the records of one person the one counts for which the first preference holds that not all of them meet alike;
    where they are alike, the one with the higher key, which HR gave later.
    """
    people = defaultdict(list)
    for key, employee in records:
        same = to_text(primary["same"].evaluate(employee))
        people[(key,) if same is None else same.casefold()].append((key, employee))
    chosen, second = [], []
    for group in people.values():
        best = max(
            group,
            key=lambda record: (
                [bool(rule.evaluate(record[1])) for rule in primary["prefer"]],
                record[0],
            ),
        )
        chosen.append(best)
        second += [(record, best[0]) for record in group if record is not best]
    return chosen, second
