# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module impact: what new rules would change, beside the rules before."""

from __future__ import annotations

import json
from datetime import datetime, timezone

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..errors import HrisError
from ..garbage_collection import nothing_to_collect
from ..json_files import read_json
from ..private_file import write_private
from ..rules.compile_ruleset import compile_ruleset, moment
from ..rules.options import ARGUMENTS as RULES
from ..run.bounds import bounded
from ..run.given_feed import feed_of
from ..simulation.impact import impact as compared
from ..simulation.impact import impact_markdown
from ..simulation.impact import lines_of as lines_of_impact

RULES_FORMAT = "hris.ad rules 1"


def run(params: dict, _check_mode: bool, _warn) -> dict:
    """The work of module hris.ad.impact, whose RETURN describes the result."""
    new = compile_ruleset(params)
    result = {"changed": False, "msg": f"{new.source}: the rules compile."}
    if params["rules_dest"]:
        kept = {name: value for name, value in params.items() if name in RULES and name != "as_of"}
        text = json.dumps({"format": RULES_FORMAT, "rules": kept}, indent=1, sort_keys=True) + "\n"
        write_private(params["rules_dest"], [text])
        result = {
            "changed": False,
            "msg": f"{new.source}: the rules are kept in {params['rules_dest']}.",
        }
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
    if (
        not isinstance(kept, dict)
        or kept.get("format") != RULES_FORMAT
        or not isinstance(kept.get("rules"), dict)
    ):
        raise HrisError(
            f"the file has no rules of the format '{RULES_FORMAT}'", path, "Make it with rules_dest"
        )
    checked = ArgumentSpecValidator(RULES).validate(_without_nulls(kept["rules"]))
    if checked.error_messages:
        raise HrisError(
            checked.error_messages[0], path, "Make it anew, with this version of hris.ad"
        )
    return checked.validated_parameters


def _without_nulls(options: dict) -> dict:
    """Options as they would be given: what is not set is left out, inside of those that have a fixed set of words as well."""
    return {
        name: _plain(value, RULES.get(name, {}).get("options"))
        for name, value in options.items()
        if value is not None
    }


def _plain(value, options: dict | None):
    if isinstance(value, list):
        return [_plain(one, options) for one in value]
    if not options or not isinstance(value, dict):
        return value
    return {
        name: _plain(one, options.get(name, {}).get("options"))
        for name, one in value.items()
        if one is not None
    }
