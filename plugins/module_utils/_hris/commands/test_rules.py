# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of module test_rules: rules are tried on cases with invented employees."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self

from ..data_class import frozen
from ..errors import HrisError, Warn
from ..option_names import option_name
from ..private_file import write_private
from ..rules.compile_ruleset import compile_ruleset
from ..rules.fields import check_fields
from ..rules.ruleset import Ruleset
from ..run.bounds import bounded, bounded_lines, bounded_text
from ..run.result import Result
from ..simulation.case_domain import CaseDomain
from ..simulation.case_results import lines_of, result_to_json
from ..simulation.cases import read_cases
from ..simulation.junit import junit
from ..simulation.simulated_directory import assumed_attributes
from ..simulation.trial import try_case


@frozen
class _Options:
    """The options of the module beside the rules."""

    cases: Any  # the document: plain data, or a text with its JSON
    as_of: str | None  # the moment of cases for which the document gives none
    junit: str | None  # a path
    report_limit: int  # entries of a list at most

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        return cls(**{field.name: params[field.name] for field in fields(cls)})


def run(params: dict[str, Any], _check_mode: bool, _warn: Warn) -> Result:
    """Try the cases. RETURN of hris.ad.test_rules describes the result. Raises HrisError."""
    options = _Options.from_params(params)
    rules = compile_ruleset(params)
    file = read_cases(_document(options.cases), options.as_of)
    records = [record for case in file.cases for record in case.records]
    check_fields(rules.record_expressions, records, rules.optional_fields)
    results = [try_case(case, file.domain, rules) for case in file.cases]
    if options.junit:
        write_private(options.junit, [junit(rules.source, results)])
    failed = [result for result in results if not result.passed]
    passed = len(results) - len(failed)
    sentence = f"{rules.source}: {passed} of {len(results)} cases hold"
    message = f"{sentence}."
    if failed:
        names = bounded_text([result.name for result in failed])
        message = f"{sentence}. These do not: {names}"
    lines = [line for result in failed for line in lines_of(result)]
    return {
        "changed": False,
        "failed": bool(failed),
        "msg": message,
        "tests": len(results),
        "passed": passed,
        "failures": bounded(list(map(result_to_json, failed)), options.report_limit),
        "failures_total": len(failed),
        "report": [sentence, *_assumptions(rules, file.domain), *bounded_lines(lines, None)],
    }


def _assumptions(rules: Ruleset, domain: CaseDomain) -> list[str]:
    names = assumed_attributes(rules, domain.attributes)
    if not names:
        return []
    return [
        f"Active Directory itself does not have {', '.join(names)}: taken for text. Describe what "
        "your directory has in domain.attributes."
    ]


def _document(value: Any) -> Any:
    """Plain data, which may come as its JSON.

    Older releases of ansible-core have no other way for YAML's dates out of a template.
    """
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise HrisError(f"this is neither data nor JSON: {error}", option_name("cases")) from None
