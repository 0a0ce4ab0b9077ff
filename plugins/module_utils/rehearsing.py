# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules rehearsed: tried on cases, days ahead, or beside other rules. The rooms do the work; this file has the disk and the clock."""
from __future__ import annotations

import json

from .errors import HrisError
from .private_file import write_private
from .rehearsal.cases import read_cases
from .rehearsal.junit import junit, lines_of
from .rehearsal.trial import try_case
from .rules.fields import check_fields
from .rules.ruleset import compile_ruleset

CHARACTERS = 100_000  # AWX drops a whole task result over 700,000 characters without a word (measured)


def test_rules(params: dict, _check_mode: bool, _warn) -> dict:
    """The work of module hris.ad.test_rules, whose RETURN describes the result."""
    rules = compile_ruleset(params)
    cases, domain = read_cases(_data(params["cases"], "cases"), params["as_of"])
    employees = [record for case in cases for record in (*case["employees"], *(case["before"] or [])) if record is not None]
    check_fields(rules.employee_expressions, employees, rules.optional_fields)
    results = [try_case(case, domain, rules) for case in cases]
    if params["junit"]:
        write_private(params["junit"], [junit(rules.source, results)])
    wrong = [result for result in results if result["error"] is not None or result["problems"]]
    passed = len(results) - len(wrong)
    sentence = f"{rules.source}: {passed} of {len(results)} cases hold"
    told = [result["name"] for result in wrong]
    return {
        "changed": False,
        "failed": bool(wrong),
        "msg": f"{sentence}. Not so: {bounded_text(told)}" if wrong else f"{sentence}.",
        "tests": len(results),
        "passed": passed,
        "failures": bounded(wrong, params["report_limit"]),
        "failures_total": len(wrong),
        "report": [sentence, *bounded([line for result in wrong for line in lines_of(result)], None, "lines")],
    }


def _data(value, place: str):
    """Plain data, which may come as its JSON: older releases of ansible-core have no other way for YAML's dates out of a template."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise HrisError(f"this is neither data nor JSON: {error}", place) from None


def bounded(entries: list, most: int | None, what: str | None = None) -> list:
    """The first entries, at most ``most`` and of CHARACTERS in all; what: how a last line calls those that are left out."""
    shown, room = [], CHARACTERS
    for entry in entries[:most]:
        room -= len(str(entry))
        if room < 0:
            break
        shown.append(entry)
    left = len(entries) - len(shown)
    return [*shown, f"… and {left} more {what}"] if left and what else shown


def bounded_text(names: list[str]) -> str:
    """A few names for a message."""
    return "; ".join(names[:5]) + (f"; and {len(names) - 5} more" if len(names) > 5 else "")
