# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module test_rules: rules are tried on cases with invented employees."""

from __future__ import annotations

import json

from ..errors import HrisError
from ..private_file import write_private
from ..rules.compile_ruleset import compile_ruleset
from ..rules.fields import check_fields
from ..rules.ruleset import Ruleset
from ..run.bounds import bounded, bounded_text
from ..simulation.cases import read_cases
from ..simulation.junit import junit, lines_of
from ..simulation.simulated_directory import assumed
from ..simulation.trial import try_case


def run(params: dict, _check_mode: bool, _warn) -> dict:
    """The work of module hris.ad.test_rules, whose RETURN describes the result."""
    rules = compile_ruleset(params)
    cases, domain = read_cases(_data(params["cases"], "cases"), params["as_of"])
    employees = [
        record
        for case in cases
        for record in (*case["employees"], *(case["before"] or []))
        if record is not None
    ]
    check_fields(rules.record_expressions, employees, rules.optional_fields)
    results = [try_case(case, domain, rules) for case in cases]
    if params["junit"]:
        write_private(params["junit"], [junit(rules.source, results)])
    wrong = [result for result in results if result["error"] is not None or result["problems"]]
    passed = len(results) - len(wrong)
    sentence = f"{rules.source}: {passed} of {len(results)} cases hold"
    told = [result["name"] for result in wrong]
    lines = [line for result in wrong for line in lines_of(result)]
    return {
        "changed": False,
        "failed": bool(wrong),
        "msg": f"{sentence}. Not so: {bounded_text(told)}" if wrong else f"{sentence}.",
        "tests": len(results),
        "passed": passed,
        "failures": bounded(wrong, params["report_limit"]),
        "failures_total": len(wrong),
        "report": [sentence, *_assumptions(rules, domain), *bounded(lines, None, "lines")],
    }


def _assumptions(rules: Ruleset, domain: dict) -> list[str]:
    names = assumed(rules, domain.attributes)
    told = f"Active Directory itself has no {', '.join(names)}: taken for text. Describe in domain.attributes what your directory has."
    return [told] if names else []


def _data(value, place: str):
    """Plain data, which may come as its JSON: older releases of ansible-core have no other way for YAML's dates out of a template."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise HrisError(f"this is neither data nor JSON: {error}", place) from None
