# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Employees seen through the rules: people, and findings about those who cannot be judged."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from ..errors import HrisError
from .assignment import groups_of, place_of
from .dates import ACTIVE, HELD, PREPARED, judge
from .fields import check_fields
from .findings import WARNING, finding, held
from .mapping import Attribute, UnmappedError, reference_value, wanted_values
from .ruleset import Ruleset
from .values import to_text


def people_of(employees: list[dict], rules: Ruleset, as_of: datetime) -> tuple[list[dict], list[dict]]:
    """Every employee with a key as a person, in the order of start date and key; and the findings.

    A person is plain data::

        {"key": "E1001", "state": "active", "start": "2024-02-01" | None, "end": … | None,
         "wanted": {"title": ["Clerk"], "mobile": []},        # [] clears; an attribute that is left alone is absent
         "references": {"manager": "E1000" | None},           # keys of other people; None clears
         "ou": "OU=…" | None, "ou_on_create": bool, "groups": ["All Staff"],
         "fallbacks": [("mail", "a@x")], "employee": {…}}

    People who cannot be judged have the state ``held`` and nothing wanted: their accounts are theirs, and left alone.
    Raises HrisError for a rule that reads a field which no employee has.
    """
    check_fields(rules.employee_expressions, employees, rules.optional_fields)
    holders = _by_key(employees, rules)
    keyed, findings = _keyed(holders, rules)
    references = _reference_index(keyed, rules)
    people = []
    for key, employee in keyed:
        person, found = _person(key, employee, rules, as_of, references)
        people.append(person)
        findings.extend(found)
    people += [
        _held(_key_of(group[0][1], _key_line(rules)), group[0][1])
        for folded, group in holders.items()
        if folded is not None and len(group) > 1
    ]
    people.sort(key=lambda person: (person["start"] or "", person["key"]))
    return people, findings


def _key_of(employee: dict, line: Attribute) -> str | None:
    try:
        values = wanted_values(line, employee)
    except (HrisError, UnmappedError):
        return None
    return values[0] if values and len(values) == 1 else None


def _key_line(rules: Ruleset) -> Attribute:
    return next(line for line in rules.mapping if line.name == rules.key)


def _by_key(employees: list[dict], rules: Ruleset) -> dict[str | None, list[tuple[int, dict]]]:
    """The employees by their key (case aside, as AD compares it), with their positions in the feed; None: without key."""
    line, holders = _key_line(rules), defaultdict(list)
    for index, employee in enumerate(employees):
        key = _key_of(employee, line)
        holders[key and key.casefold()].append((index, employee))
    return holders


def _keyed(by_key: dict, rules: Ruleset) -> tuple[list[tuple[str, dict]], list[dict]]:
    """The employees that alone have their key, with that key; findings for the others."""
    line, keyed, findings = _key_line(rules), [], []
    for folded, holders in by_key.items():
        if folded is None:
            for index, employee in holders:
                findings.append(
                    finding(
                        "missing_key",
                        f"record {index + 1} ({_who(employee)}) has no value for {line.source.source!r}: left out. Enter it in HR.",
                        place=line.place,
                    )
                )
        elif len(holders) > 1:
            key = _key_of(holders[0][1], line)
            numbers = ", ".join(str(index + 1) for index, _employee in holders)
            findings.append(
                finding(
                    "double_key",
                    f"records {numbers} have the same key: nobody's account is touched. Mend the key in HR.",
                    key=key,
                    place=line.place,
                )
            )
        else:
            keyed.append((_key_of(holders[0][1], line), holders[0][1]))
    return keyed, findings


def _who(employee: dict) -> str:
    """A few words that let a human find a record that has no key."""
    for name in ("id", "employee_id", "employeeNumber", "email", "work_email"):
        if employee.get(name):
            return f"{name} {employee[name]}"
    return "fields " + ", ".join(list(employee)[:4])


def _held(key: str, employee: dict) -> dict:
    return {
        "key": key,
        "state": HELD,
        "start": None,
        "end": None,
        "wanted": {},
        "references": {},
        "ou": None,
        "ou_on_create": False,
        "groups": [],
        "fallbacks": [],
        "employee": employee,
    }


def _person(key: str, employee: dict, rules: Ruleset, as_of: datetime, references: dict) -> tuple[dict, list[dict]]:
    person, findings = _held(key, employee), []
    try:
        state, start, end = judge(employee, rules.dates, rules.joiner, rules.leaver, as_of)
        fallbacks = [
            (rule.attribute, value)
            for rule in rules.fallbacks
            if (rule.when is None or rule.when.evaluate(employee)) and (value := to_text(rule.value.evaluate(employee)))
        ]
        person.update(start=start and start.isoformat(), end=end and end.isoformat(), fallbacks=fallbacks)
        if state in (ACTIVE, PREPARED):
            person["wanted"], found = _wanted(key, employee, rules)
            findings += found
            person["references"], found = _references(key, employee, rules, references)
            findings += found
            person["ou"], rule = place_of(rules.placement, employee)
            person["ou_on_create"] = rule.on_create
            person["groups"] = groups_of(rules.groups, employee)
        person["state"] = state
    except HrisError as error:
        findings.append(held(error, key))
        person = _held(key, employee)
    return person, findings


def _wanted(key: str, employee: dict, rules: Ruleset) -> tuple[dict, list[dict]]:
    wanted, findings = {}, []
    for line in rules.mapping:
        if line.is_reference:
            continue
        try:
            values = wanted_values(line, employee)
        except UnmappedError as error:
            findings.append(
                finding(
                    "unmapped",
                    f"{error}: the attribute is left as it is. Add the value to the table.",
                    key=key,
                    place=line.place,
                    severity=WARNING,
                )
            )
            continue
        if values is not None:
            wanted[line.name] = values
    return wanted, findings


def _reference_index(keyed: list[tuple[str, dict]], rules: Ruleset) -> dict[str, dict[str, list[str]]]:
    """For each reference rule: the value of its field → the keys of the people who have it.

    Somebody whose field cannot be read is found by nobody, which is a finding at each employee who refers to that person.
    """
    index = {}
    for line in rules.mapping:
        if line.is_reference:
            holders = index[line.name] = defaultdict(list)
            for key, employee in keyed:
                try:
                    value = to_text(line.field.evaluate(employee))
                except HrisError:
                    continue
                if value is not None:
                    holders[value].append(key)
    return index


def _references(key: str, employee: dict, rules: Ruleset, index: dict) -> tuple[dict, list[dict]]:
    references, findings = {}, []
    for line in rules.mapping:
        if not line.is_reference:
            continue
        value = reference_value(line, employee)
        if value is None:
            if line.empty == "fail":
                raise HrisError(f"HR has no value for {line.source.source!r}", place=line.place, hint="Enter it in HR")
            if line.empty == "clear":
                references[line.name] = None
            continue
        targets = index[line.name].get(value, [])
        problem = (
            f"no employee has {line.field.source} {value!r}"
            if not targets
            else f"{len(targets)} employees have {line.field.source} {value!r}"
            if len(targets) > 1
            else "the employee names himself or herself"
            if targets[0] == key
            else None
        )
        if problem:
            findings.append(
                finding(
                    "reference",
                    f"{problem}: the attribute is left as it is. Mend it in HR.",
                    key=key,
                    place=line.place,
                    severity=WARNING,
                )
            )
        else:
            references[line.name] = targets[0]
    return references, findings
