# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of module impact_info: what new rules would change, compared with the old ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timezone
from typing import Any, Self

from ..data_class import frozen
from ..errors import HrisError, Warn
from ..garbage_collection import nothing_to_collect
from ..json_files import read_json
from ..option_names import option_name
from ..private_file import write_private
from ..rules.compile_ruleset import compile_ruleset, moment
from ..rules.people import Feed, check_feed
from ..rules.policies import Limit
from ..rules.policies import Options as RuleOptions
from ..rules.ruleset import Ruleset
from ..run.bounds import bounded_lines
from ..run.result import Result
from ..run.source_options import (
    OF_RULES,
    SourceOptions,
    compile_sources,
    domain_limits,
    given_feeds,
)
from ..simulation.impact import Impact, compare_rules
from ..simulation.impact_text import impact_markdown, lines_of
from .rule_options import checked_rules

RULES_FORMAT = "hris.ad rules 2"


@frozen
class _Options:
    """The options of the module beside the sources."""

    rules_dest: str | None  # a path
    rules_before: str | None  # a path
    dest: str | None  # a path
    at_most: Limit  # people who may change
    report_limit: int  # lines, and people and findings in Markdown, at most
    as_of: str | None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        values = {field.name: params[field.name] for field in fields(cls)}
        at_most = values["at_most"] or {}
        values["at_most"] = Limit(at_most.get("count"), at_most.get("percent"))
        return cls(**values)


def run(params: dict[str, Any], _check_mode: bool, _warn: Warn) -> Result:
    """Keep or compare rules. RETURN of hris.ad.impact_info has the result. Raises HrisError."""
    options = _Options.from_params(params)
    sources = compile_sources(params["sources"])
    limits = domain_limits(params["domain_limits"], sources)
    names = ", ".join(source.rules.source for source in sources)
    message = f"{names}: the rules compile."
    if options.rules_dest:
        _keep_rules(sources, options.rules_dest)
        message = f"{names}: the rules are kept in {options.rules_dest}."
    if not options.rules_before:
        return {"changed": False, "msg": message}
    rules_before = _compiled(options.rules_before, sources)
    new = given_feeds(sources)
    old = [
        feed._replace(rules=rules_before[feed.rules.source])
        for feed in new
        if feed.rules.source in rules_before
    ]
    _check_fields(old)
    with nothing_to_collect():
        as_of = moment(options.as_of, datetime.now(timezone.utc))
        impact = compare_rules(old, new, as_of, limits)
    markdown = impact_markdown(impact, options.report_limit)
    if options.dest:
        write_private(options.dest, [markdown])
    return _result(impact, markdown, options)


def _compiled(path: str, sources: Sequence[SourceOptions]) -> dict[str, Ruleset]:
    """{source: its old rules}. Raises HrisError for a source that the new ones lack: nobody knows
    its people.
    """
    rulesets = [compile_ruleset(rules) for rules in kept_rules(path)]
    missing = {one.source for one in rulesets} - {source.rules.source for source in sources}
    if missing:
        raise HrisError(
            f"it has rules of {', '.join(sorted(missing))}, which is no source now",
            path,
            "Compare all sources of the domain, or keep the rules again without it",
        )
    return {one.source: one for one in rulesets}


def _check_fields(old: Sequence[Feed]) -> None:
    """Raise HrisError where one of the old rules reads fields that are not in its feed."""
    for feed in old:
        try:
            check_feed(feed)
        except HrisError as error:
            names = [feed.rules.source] if len(old) > 1 else []
            place = ", ".join(filter(None, [option_name("rules_before"), *names, error.place]))
            raise error.at(place) from None


def _result(impact: Impact, markdown: str, options: _Options) -> Result:
    lines = lines_of(impact)
    message = f"{lines[0]}."
    refusal = _too_many(impact, options.at_most)
    if refusal:
        message = f"{message} {refusal}"
    return {
        "changed": False,
        "failed": refusal is not None,
        "msg": message,
        "people": impact.people,
        "people_changed": impact.changed,
        "percent": impact.percent,
        "counts": impact.plan.counts,
        "attributes": impact.attributes,
        "findings_new": len(impact.findings_new),
        "findings_gone": len(impact.findings_gone),
        "markdown": markdown,
        "report": bounded_lines(lines, options.report_limit),
    }


def _too_many(impact: Impact, limit: Limit) -> str | None:
    """Why more people change than are allowed; None where they do not."""
    option = option_name("at_most")
    if limit.count is not None and impact.changed > limit.count:
        return f"At most {limit.count} people may change ({option}.count)."
    if limit.percent is not None and impact.percent > limit.percent:
        return f"At most {limit.percent:g} % of the people may change ({option}.percent)."
    return None


def _keep_rules(sources: Sequence[SourceOptions], path: str) -> None:
    """Write the options of the rules to a file, for a later run."""
    rules = [{name: source.options[name] for name in OF_RULES} for source in sources]
    data = {"format": RULES_FORMAT, "sources": rules}
    write_private(path, [json.dumps(data, indent=1, sort_keys=True) + "\n"])


def kept_rules(path: str) -> list[RuleOptions]:
    """The options of the rules of each source that an earlier run kept, checked as those of a task
    are.
    """
    kept = read_json(path)
    if not isinstance(kept, dict) or kept.get("format") != RULES_FORMAT:
        raise _no_rules(path)
    sources = kept.get("sources")
    if not isinstance(sources, list) or not all(isinstance(one, dict) for one in sources):
        raise _no_rules(path)
    try:
        return [checked_rules(rules) for rules in sources]
    except HrisError as error:
        raise HrisError(error.message, path, "Make it again with this version of hris.ad") from None


def _no_rules(path: str) -> HrisError:
    message = f"the file does not have rules of the format '{RULES_FORMAT}'"
    return HrisError(message, path, f"Make it with {option_name('rules_dest')}")
