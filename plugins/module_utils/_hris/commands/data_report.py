# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module data_report: what is wrong with the data of HR, and where HR and the directory do not agree."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone

from ..json_files import read_json, read_lines
from ..reporting.csv_table import findings_sheet
from ..reporting.data_quality import quality_of
from ..reporting.data_view import data_markdown, data_page, data_view, verdict_of
from ..reporting.reconcile import reconcile
from ..rules.compile_ruleset import moment
from ..run.report_files import read_plan, write_texts
from ..sources.files import read_feed


def run(params: dict, _check_mode: bool, warn) -> dict:
    """The work of module hris.ad.data_report, whose RETURN describes the result."""
    as_of = moment(params["as_of"], datetime.now(timezone.utc)).isoformat(timespec="seconds")
    last = _last(params["last"], warn)
    quality = reconciled = None
    if params["src"]:
        quality = quality_of(
            read_feed(params["src"]),
            params["key"],
            params["required"],
            params["unique"],
            params["redact"],
        )
    if params["plan"]:
        outcome, earlier = (
            read_lines(params[name]) if params[name] else None
            for name in ("outcome", "last_outcome")
        )
        reconciled = reconcile(
            read_plan(params["plan"], params["plan_key"]), outcome, earlier, params["redact"]
        )
    view = data_view(params["source"], as_of, quality, reconciled, last)
    makers = {
        "html": lambda: data_page(view),
        "markdown": lambda: data_markdown(view, params["report_limit"]),
        "csv": lambda: findings_sheet(view["findings"]),
        "json": lambda: json.dumps(view, indent=1) + "\n",
    }
    texts = {name: makers[name]() for name in params["format"]}
    return {
        "changed": False,
        "msg": f"{view['source']}: {verdict_of(view)['text']}.",
        "dest": write_texts(params["dest"], texts),
        "counts": view["counts"],
        "findings": view["findings"][: params["report_limit"]],
        "findings_total": len(view["findings"]),
        **({"markdown": texts["markdown"]} if "markdown" in texts else {}),
    }


def _last(path: str | None, warn) -> dict | None:
    """The last report; there is none before the first."""
    if path and not os.path.exists(path):
        warn(f"{path}: there is no last report yet, so nothing is counted over time.")
        return None
    return read_json(path) if path else None
