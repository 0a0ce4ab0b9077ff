# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules rehearsed: tried on cases, days ahead, or beside other rules. The rooms do the work; this file has the disk and the clock."""
from __future__ import annotations

import json
from datetime import datetime, timezone

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .collector import nothing_to_collect
from .errors import HrisError
from .planning.imagined import assumed
from .planning.outcome import CHARACTERS
from .private_file import write_private
from .rehearsal.cases import read_cases
from .rehearsal.impact import impact as compared
from .rehearsal.impact import impact_markdown
from .rehearsal.impact import lines_of as lines_of_impact
from .rehearsal.junit import junit, lines_of
from .rehearsal.trial import try_case
from .reports import read_json
from .rules.fields import check_fields
from .rules.options import ARGUMENTS as RULES
from .rules.ruleset import Ruleset, compile_ruleset, moment
from .sources.files import given_employees

RULES_FORMAT = "hris.ad rules 1"


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
    names = assumed(rules, domain["attributes"])
    told = f"Active Directory itself has no {', '.join(names)}: taken for text. Describe in domain.attributes what your directory has."
    return [told] if names else []


def impact(params: dict, _check_mode: bool, _warn) -> dict:
    """The work of module hris.ad.impact, whose RETURN describes the result."""
    new = compile_ruleset(params)
    result = {"changed": False, "msg": f"{new.source}: the rules compile."}
    if params["rules_dest"]:
        kept = {name: value for name, value in params.items() if name in RULES and name != "as_of"}
        text = json.dumps({"format": RULES_FORMAT, "rules": kept}, indent=1, sort_keys=True) + "\n"
        write_private(params["rules_dest"], [text])
        result = {"changed": False, "msg": f"{new.source}: the rules are kept in {params['rules_dest']}."}
    if not params["rules_before"]:
        return result
    old = compile_ruleset(_kept_rules(params["rules_before"]))
    employees = feed_of(params)
    with nothing_to_collect():
        found = compared(employees, old, new, moment(params["as_of"], datetime.now(timezone.utc)))
    markdown = impact_markdown(found, new.redact | old.redact, params["report_limit"])
    if params["dest"]:
        write_private(params["dest"], [markdown])
    over = _over(found, params["at_most"] or {})
    lines = lines_of_impact(found, new.redact | old.redact)
    return {
        "changed": False,
        "failed": bool(over),
        "msg": f"{lines[0]}. {over}" if over else f"{lines[0]}.",
        **{name: found[name] for name in ("people", "percent", "counts", "attributes")},
        "people_changed": found["changed"],
        "findings_new": len(found["findings"]),
        "findings_gone": len(found["gone"]),
        "markdown": markdown,
        "report": bounded(lines, params["report_limit"], "lines"),
    }


def _over(found: dict, at_most: dict) -> str | None:
    """Why the impact is more than what is allowed, None when it is not."""
    if at_most.get("count") is not None and found["changed"] > at_most["count"]:
        return f"At most {at_most['count']} people may change."
    if at_most.get("percent") is not None and found["percent"] > at_most["percent"]:
        return f"At most {at_most['percent']:g} % of the people may change."
    return None


def _kept_rules(path: str) -> dict:
    """The options of the rules that an earlier run kept, checked as those of a task are."""
    kept = read_json(path)
    if not isinstance(kept, dict) or kept.get("format") != RULES_FORMAT or not isinstance(kept.get("rules"), dict):
        raise HrisError(f"the file has no rules of the format '{RULES_FORMAT}'", path, "Make it with rules_dest")
    checked = ArgumentSpecValidator(RULES).validate(_without_nulls(kept["rules"]))
    if checked.error_messages:
        raise HrisError(checked.error_messages[0], path, "Make it anew, with this version of hris.ad")
    return checked.validated_parameters


def _without_nulls(options: dict) -> dict:
    """Options as they would be given: what is not set is left out, inside of those that have a fixed set of words as well."""
    return {name: _plain(value, RULES.get(name, {}).get("options")) for name, value in options.items() if value is not None}


def _plain(value, options: dict | None):
    if isinstance(value, list):
        return [_plain(one, options) for one in value]
    if not options or not isinstance(value, dict):
        return value
    return {name: _plain(one, options.get(name, {}).get("options")) for name, one in value.items() if one is not None}


def feed_of(params: dict) -> list[dict]:
    """The employees of the options src and employees. Raises HrisError for none at all."""
    employees = given_employees(params)
    if not employees:
        raise HrisError("the feed holds no employee", params["src"] or "employees", "Give a feed as an HR system's module writes it")
    return employees


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
