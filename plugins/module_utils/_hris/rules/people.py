# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Employees seen through the rules: people, and findings about those who cannot be judged."""

from __future__ import annotations

from datetime import date, datetime

from ..errors import HrisError
from ..model.findings import held
from .fields import check_fields
from .lifecycle_state import HELD, judge
from .records import sort_out
from .references import resolve_references
from .ruleset import Ruleset
from .values import to_text

NOBODY: dict = {}  # the references of those who have none; shared, since a population is large


def people_of(
    employees: list[dict], rules: Ruleset, as_of: datetime
) -> tuple[list[dict], list[dict]]:
    """Every employee with a key as a person, and the findings.

    A person is plain data::

        {"key": "E1001", "state": "active", "today": "2026-03-02", "zone": "Australia/Sydney",
         "start": "2024-02-01" | None, "end": … | None, "locked": first day without access, where HR tells it, or None,
         "references": {"manager": "E1000" | None},           # keys of other people; None clears
         "fallbacks": [("mail", "a@x")], "employee": {…}}

    What the rules want of a person's account is asked for one by one (wanted.wanted_of), so that a population never stands
    in memory twice. People who cannot be judged have the state ``held``: their accounts are theirs, and left alone. Raises
    HrisError for a rule that reads a field which no employee has.
    """
    check_fields(rules.employee_expressions, employees, rules.optional_fields)
    key_line = next(line for line in rules.mapping if line.name == rules.key)
    records, second, findings = sort_out(employees, key_line, rules.primary)
    today = as_of.date().isoformat()
    days: dict[date, str] = {}  # every day once, however many people share it
    people = [_held(key, employee, today) for key, employee in second]
    for key, employee in records:
        try:
            people.append(_person(key, employee, rules, as_of, days))
        except HrisError as error:
            people.append(_held(key, employee, today))
            findings.append(held(error, key))
    return people, findings + resolve_references(
        people, [line for line in rules.mapping if line.is_reference]
    )


def precedence(person: dict) -> tuple[str, str]:
    """The start date and the key: whoever comes first gets the name that two want, whatever the order of the feed."""
    return person["start"] or "", person["key"]


def _held(key: str, employee: dict, today: str) -> dict:
    return {
        "key": key,
        "state": HELD,
        "today": today,
        "zone": None,
        "start": None,
        "end": None,
        "locked": None,
        "references": NOBODY,
        "fallbacks": (),
        "employee": employee,
    }


def _person(key: str, employee: dict, rules: Ruleset, as_of: datetime, days: dict) -> dict:
    judged = judge(employee, rules.dates, rules.joiner, rules.leaver, as_of)

    def written(name: str) -> str | None:
        day = judged[name]
        return None if day is None else days.get(day) or days.setdefault(day, day.isoformat())

    return {
        "key": key,
        "state": judged["state"],
        "today": written("today"),
        "zone": judged["zone"].key,
        "start": written("start"),
        "end": written("end"),
        "locked": written("locked"),
        "references": NOBODY,
        "fallbacks": [
            (rule.attribute, value)
            for rule in rules.fallbacks
            if (rule.when is None or rule.when.evaluate(employee))
            and (value := to_text(rule.value.evaluate(employee)))
        ]
        or (),
        "employee": employee,
    }
