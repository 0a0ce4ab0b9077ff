# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of module feed_info: the fields of a feed, and whether the rules fit them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Any

from ..data_class import field, mutable
from ..errors import HrisError, Warn
from ..model.findings import Finding
from ..model.plan_json import finding_to_json
from ..model.record_fields import Path
from ..option_names import said
from ..planning.causes import finding_lines
from ..planning.summary import finding_line
from ..rules.compile_ruleset import compile_ruleset, moment
from ..rules.fields import unknown_fields
from ..rules.kept_fields import fields_read, reads_of_left_out, unread_fields
from ..rules.people import people_of
from ..rules.ruleset import Ruleset
from ..run.result import Result
from ..sources.field_overview import (
    MOST_FIELDS,
    WIDEST_COLUMN,
    fields_found,
    jmespath_of,
    table,
)
from ..sources.files import FeedFile, given_feed


@mutable
class _Verdict:
    """What the rules say about a feed."""

    problems: list[HrisError] = field(default_factory=list)  # why the rules do not fit
    people: dict[str, int] = field(default_factory=dict)  # {state: how many}
    findings: list[Finding] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)  # fields that no rule reads


def run(params: dict[str, Any], _check_mode: bool, _warn: Warn) -> Result:
    """Describe the feed. RETURN of hris.ad.feed_info describes the result. Raises HrisError."""
    feed = given_feed(params)
    records = feed.employees
    fields, left_out = fields_found(records, params["redact_samples"])
    verdict, most = None, params["report_limit"]
    if params["mapping"]:
        verdict = _judge(params, feed)
    shown = verdict or _Verdict()
    report = [f"{len(records)} employees have these fields:", *table(fields, left_out)]
    if feed.left_out:
        report.append(f"The feed does not have these fields of HR: {_names(feed.left_out)}")
    return {
        "changed": False,
        "records": len(records),
        "fields": fields,
        "fields_left_out": left_out,
        "problems": [_problem_to_json(problem) for problem in shown.problems],
        "fields_unread": list(map(jmespath_of, shown.unread[:MOST_FIELDS])),
        "people": shown.people,
        "findings": [finding_to_json(finding) for finding in shown.findings[:most]],
        "findings_total": len(shown.findings),
        "report": report + _report(verdict, most),
    }


def _judge(params: dict[str, Any], feed: FeedFile) -> _Verdict:
    """The errors of the rules themselves, else the fields that nobody has, else the people."""
    try:
        rules = compile_ruleset(params)
        as_of = moment(params["as_of"], datetime.now(timezone.utc))
        problems = list(_unknown_fields(rules, feed))
        if problems:
            return _Verdict(problems=problems)
        source = people_of(feed.employees, rules, as_of)
    except HrisError as error:
        return _Verdict(problems=[error])
    people = dict(Counter(person.state for person in source.people))
    return _Verdict(people=people, findings=source.findings, unread=_unread(rules, feed))


def _unread(rules: Ruleset, feed: FeedFile) -> list[Path]:
    """The fields that no rule reads; none where an expression reads whole records.

    They need not leave HR: most of them are about what no directory should know.
    """
    tree = fields_read(rules.record_expressions).tree
    return [*unread_fields(feed.employees, tree), *(feed.left_out if tree is not None else ())]


def _unknown_fields(rules: Ruleset, feed: FeedFile) -> Iterable[HrisError]:
    """An error for each rule and each field that it reads and no employee has."""
    errors: dict[tuple[str | None, str], HrisError] = {}
    for expression in rules.record_expressions:
        lacking = list(reads_of_left_out([expression], feed.left_out))
        for error in lacking:
            errors.setdefault((error.place, error.message), error)
        if lacking:
            continue
        for unknown in unknown_fields(
            [expression], feed.employees, rules.optional_fields, feed.left_out
        ):
            errors.setdefault((unknown.place, unknown.path), unknown)
    return errors.values()


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(jmespath_of(path)[:WIDEST_COLUMN] for path in paths[:MOST_FIELDS])


def _problem_to_json(error: HrisError) -> Result:
    return {"place": error.place, "message": error.message, "hint": error.hint}


def _report(verdict: _Verdict | None, most: int) -> list[str]:
    if verdict is None:
        return ["No mapping is configured yet."]
    if verdict.problems:
        return ["The rules do not fit:", *(f"  {problem}" for problem in verdict.problems)]
    states = ", ".join(f"{number} {state}" for state, number in sorted(verdict.people.items()))
    lines = [f"Every field that the rules read exists. The people: {states or 'nobody'}."]
    if verdict.unread:
        where = said("the option fields", "elmo_fields, icehrm_fields")
        lines.append(
            f"No rule reads these fields. Unless a webhook or a step does, do not fetch them"
            f" ({where}, fields of an endpoint): {_names(verdict.unread)}"
        )
    found = finding_lines(verdict.findings, finding_line, ())
    lines += [f"  {line}" for line in found[:most]]
    left = len(found) - most
    if left > 0:
        lines.append(f"  … and {left} more findings")
    return lines
