# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a feed holds, and what the rules make of it: employees → fields, people. Nothing is asked of a directory."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timezone

from ..errors import HrisError
from ..rules.compile_ruleset import compile_ruleset, moment
from ..rules.fields import check_fields
from ..rules.people import people_of
from ..rules.ruleset import Ruleset
from ..sources.field_overview import fields_found, table
from ..sources.files import given_employees


def run(params: dict, _check_mode: bool, _warn) -> dict:
    """The work of module hris.ad.feed_info, whose RETURN describes the result. params: the module's options. Raises HrisError."""
    employees = given_employees(params)
    fields, left_out = fields_found(employees, params["redact_samples"])
    result = {
        "changed": False,
        "records": len(employees),
        "fields": fields,
        "fields_left_out": left_out,
        "problems": [],
        "people": {},
        "findings": [],
        "findings_total": 0,
    }
    if params["mapping"]:
        result |= _judged(params, employees)
    return {**result, "report": _report(result, bool(params["mapping"]))}


def _judged(params: dict, employees: list[dict]) -> dict:
    """What the rules say: their own mistakes, the fields that nobody has, else the people and the findings."""
    try:
        rules = compile_ruleset(params)
        as_of = moment(params["as_of"], datetime.now(timezone.utc))
    except HrisError as error:
        return {"problems": [_problem(error)]}
    problems = unknown_fields(rules, employees)
    if problems:
        return {"problems": problems}
    try:
        people, findings = people_of(employees, rules, as_of)
    except HrisError as error:
        return {"problems": [_problem(error)]}
    return {
        "people": dict(Counter(person.state for person in people)),
        "findings": findings[: params["report_limit"]],
        "findings_total": len(findings),
    }


def unknown_fields(rules: Ruleset, employees: list[dict]) -> list[dict]:
    """A problem for each field that a rule reads and no employee has; sync tells the first one only, and stops."""
    found = {}
    for expression in rules.record_expressions:
        for path in sorted(expression.paths):
            try:
                check_fields(
                    [replace(expression, paths=frozenset({path}))], employees, rules.optional_fields
                )
            except HrisError as error:
                found.setdefault((error.place, path), _problem(error))
    return list(found.values())


def _problem(error: HrisError) -> dict:
    return {"place": error.place, "message": error.message, "hint": error.hint}


def _report(result: dict, judged: bool) -> list[str]:
    lines = [
        f"{result['records']} employees have these fields:",
        *table(result["fields"], result["fields_left_out"]),
    ]
    if not judged:
        return [*lines, "No mapping is configured yet."]
    if result["problems"]:
        return [
            *lines,
            "The rules do not fit:",
            *(f"  {HrisError(**problem)}" for problem in result["problems"]),
        ]
    states = (
        ", ".join(f"{number} {state}" for state, number in sorted(result["people"].items()))
        or "nobody"
    )
    found = [
        f"  {entry['severity']}: {entry['key'] + ': ' if entry['key'] else ''}{entry['message']}"
        for entry in result["findings"]
    ]
    more = result["findings_total"] - len(result["findings"])
    found += [f"  … and {more} more findings"] if more else []
    return [*lines, f"All fields that the rules read are there. The people: {states}.", *found]
