# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Employees seen through the rules: people, and findings about those who cannot be judged."""

from __future__ import annotations

from datetime import date, datetime, time

from ..errors import HrisError
from .assignment import groups_of, place_of
from .dates import EMPLOYED, HELD, LEAVER, judge
from .fields import check_fields
from .findings import WARNING, finding, held
from .mapping import Attribute, UnmappedError, wanted_values
from .records import sort_out
from .references import resolve_references
from .ruleset import Ruleset
from .times import NEVER, filetime
from .values import to_text


def people_of(employees: list[dict], rules: Ruleset, as_of: datetime) -> tuple[list[dict], list[dict]]:
    """Every employee with a key as a person, in the order of start date and key; and the findings.

    A person is plain data::

        {"key": "E1001", "state": "active", "employed": True, "today": "2026-03-02",
         "start": "2024-02-01" | None, "end": … | None, "locked": first day without access, where HR tells it, or None,
         "wanted": {"title": ["Clerk"], "mobile": []},        # [] clears; an attribute that is left alone is absent
         "references": {"manager": "E1000" | None},           # keys of other people; None clears
         "ou": "OU=…" | None, "ou_on_create": bool, "ou_create": bool, "groups": ["All Staff"],
         "fallbacks": [("mail", "a@x")], "employee": {…}}

    ``wanted`` of a leaver is what ``leaver.attributes`` says. People who cannot be judged have the state ``held`` and
    nothing wanted: their accounts are theirs, and left alone. Raises HrisError for a rule that reads a field which no
    employee has.
    """
    check_fields(rules.employee_expressions, employees, rules.optional_fields)
    key_line = next(line for line in rules.mapping if line.name == rules.key)
    records, second, findings = sort_out(employees, key_line, rules.primary)
    today = as_of.date().isoformat()
    people = [_held(key, employee, today) for key, employee in second]
    for key, employee in records:
        person, found = _person(key, employee, rules, as_of)
        people.append(person)
        findings.extend(found)
    people.sort(key=lambda person: (person["start"] or "", person["key"]))
    return people, findings + resolve_references(people, [line for line in rules.mapping if line.is_reference])


def _held(key: str, employee: dict, today: str) -> dict:
    return {
        "key": key,
        "state": HELD,
        "employed": False,
        "today": today,
        "start": None,
        "end": None,
        "locked": None,
        "wanted": {},
        "references": {},
        "ou": None,
        "ou_on_create": False,
        "ou_create": False,
        "groups": [],
        "fallbacks": [],
        "employee": employee,
    }


def _person(key: str, employee: dict, rules: Ruleset, as_of: datetime) -> tuple[dict, list[dict]]:
    person, findings = _held(key, employee, as_of.date().isoformat()), []
    try:
        judged = judge(employee, rules.dates, rules.joiner, rules.leaver, as_of)
        person.update({name: judged[name] and judged[name].isoformat() for name in ("start", "end", "locked", "today")})
        person["fallbacks"] = [
            (rule.attribute, value)
            for rule in rules.fallbacks
            if (rule.when is None or rule.when.evaluate(employee)) and (value := to_text(rule.value.evaluate(employee)))
        ]
        if judged["state"] in EMPLOYED:
            _require(employee, rules)
            person["wanted"], findings = _wanted(key, employee, rules.mapping)
            if rules.leaver["account_expires"]:
                person["wanted"]["accountExpires"] = [_expiry(judged["locked"], judged["zone"])]
            person["ou"], rule = place_of(rules.placement, employee)
            person["ou_on_create"], person["ou_create"] = rule.on_create, rule.create
            person["groups"] = groups_of(rules.groups, employee)
        elif judged["state"] == LEAVER:
            person["wanted"], findings = _wanted(key, employee, rules.leaver_mapping)
        person["state"], person["employed"] = judged["state"], judged["state"] in EMPLOYED
    except HrisError as error:
        return _held(key, employee, person["today"]), [held(error, key)]
    return person, findings


def _require(employee: dict, rules: Ruleset) -> None:
    """Raise HrisError for the first required field that is empty, a reference that must not be empty among them."""
    for rule in rules.required:
        if to_text(rule.evaluate(employee)) is None:
            raise HrisError(f"HR has no value for {rule.source!r}", place=rule.place, hint="Enter it in HR")
    for line in rules.mapping:
        if line.is_reference and line.empty == "fail" and to_text(line.source.evaluate(employee)) is None:
            raise HrisError(f"HR has no value for {line.source.source!r}", place=line.place, hint="Enter it in HR")


def _wanted(key: str, employee: dict, lines: list[Attribute]) -> tuple[dict, list[dict]]:
    wanted, findings = {}, []
    for line in lines:
        if line.is_reference:
            continue
        try:
            values = wanted_values(line, employee)
        except UnmappedError as error:
            message = f"{error}: the attribute is left as it is. Add the value to the table."
            findings.append(finding("unmapped", message, key=key, place=line.place, severity=WARNING))
            continue
        if values is not None:
            wanted[line.name] = values
    return wanted, findings


def _expiry(day: date | None, zone) -> str:
    """accountExpires for the day that begins without access, or never."""
    return NEVER[0] if day is None else str(filetime(datetime.combine(day, time(), zone)))
