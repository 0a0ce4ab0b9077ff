# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module data_report: problems in the data of HR, and where HR and the directory disagree."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ..errors import HrisError, Warn, did_you_mean
from ..json_files import read_json
from ..model.findings import Finding
from ..model.outcomes import AccountOutcome
from ..model.plan import Plan
from ..model.plan_json import finding_to_json
from ..option_names import option_name, with_options
from ..outbound import outcome_file
from ..planning.causes import causes_of, spread
from ..reporting.csv_table import findings_sheet
from ..reporting.data_markdown import data_markdown
from ..reporting.data_page import data_page
from ..reporting.data_quality import FieldRules, Quality, quality_of
from ..reporting.data_view import (
    NO_REPORT,
    DataView,
    LastReport,
    data_view,
    last_report,
    report_to_json,
    verdict_of,
)
from ..reporting.reconcile import Run, reconcile
from ..rules.compile_ruleset import moment
from ..run.given_feed import LEFT_OUT, warn_of_left_out
from ..run.report_files import read_plan, write_texts
from ..run.result import Result
from ..sources.files import read_feed_file


def run(params: Mapping[str, Any], _check_mode: bool, warn: Warn) -> Result:
    """The work of module hris.ad.data_report, whose RETURN describes the result."""
    as_of = moment(params["as_of"], datetime.now(timezone.utc)).isoformat(timespec="seconds")
    last = _last(params["last_report"], warn)
    quality = _quality(params, warn) if params["src"] else None
    reconciled = _reconciled(params) if params["plan"] else None
    view = data_view(params["source"], as_of, quality, reconciled, last)
    most = params["report_limit"]
    makers: dict[str, Callable[[DataView], str]] = {
        "html": data_page,
        "markdown": lambda shown: data_markdown(shown, most),
        "csv": lambda shown: findings_sheet(shown.findings),
        "json": lambda shown: json.dumps(report_to_json(shown), indent=1) + "\n",
    }
    texts = {name: makers[name](view) for name in params["format"]}
    result: Result = {
        "changed": False,
        "msg": f"{view.source}: {verdict_of(view).text}.",
        "dest": write_texts(params["dest"], texts),
        "counts": view.counts,
        "findings": [finding_to_json(one) for one in spread(causes_of(view.findings), most)],
        "findings_total": len(view.findings),
    }
    if "markdown" in texts:
        result["markdown"] = texts["markdown"]
    return result


def _last(path: str | None, warn: Warn) -> LastReport:
    """The last report; there is none before the first."""
    if not path:
        return NO_REPORT
    if not os.path.exists(path):
        warn(f"{path}: there is no last report yet, so nothing is counted over time.")
        return NO_REPORT
    return last_report(read_json(path), path)


def _quality(params: Mapping[str, Any], warn: Warn) -> Quality:
    rules = FieldRules(
        key=params["key"],
        required=params["required"],
        unique=params["unique"],
        redact=params["redact"],
    )
    feed = read_feed_file(params["src"])
    warn_of_left_out(feed, warn)
    names = {".".join(path) for path in feed.left_out}
    for option in ("required", "unique"):
        for name in params[option]:
            if name in names:
                raise HrisError(
                    f"the feed does not have the field '{name}'", option, with_options(LEFT_OUT)
                )
    return quality_of(feed.employees, rules)


def _reconciled(params: Mapping[str, Any]) -> list[Finding]:
    plan = part_of_source(read_plan(params["plan"], params["plan_key"]), params["source"])
    key = params["plan_key"]
    outcomes, earlier = (_outcomes(params[name], key) for name in ("outcome", "last_outcome"))
    return reconcile(Run(plan, outcomes, earlier), params["redact"])


def part_of_source(plan: Plan, source: str) -> Plan:
    """What a plan of several sources says about one of them: the outcome is that of one as well.

    Raises HrisError for a source that the plan does not know; of a plan of one source, any name is
    only a title.
    """
    known = [*plan.sources, *plan.left_out]
    if len(known) == 1:
        return plan
    if source not in known:
        raise HrisError(
            f"the plan has no source '{source}'", option_name("source"), did_you_mean(source, known)
        )
    changes = [change for change in plan.changes if change.source == source]
    findings = [finding for finding in plan.findings if finding.source in (None, source)]
    return replace(plan, changes=changes, findings=findings)


def _outcomes(path: str | None, key: str | None) -> Sequence[AccountOutcome] | None:
    if not path:
        return None
    return outcome_file.read(path, accept_check_mode=True, key=key)
