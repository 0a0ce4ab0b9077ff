# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module plan_report: a plan, or its application, as a page, as Markdown or as CSV."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Warn
from ..model.findings import SEVERITIES
from ..model.journal import Application
from ..model.plan import Plan
from ..reporting.csv_table import changes_sheet
from ..reporting.markdown import plan_markdown
from ..reporting.plan_page import plan_page
from ..reporting.plan_view import ReportView, view_of
from ..run.journals import read_journal
from ..run.report_files import read_plan, write_texts
from ..run.result import Result


def run(params: Mapping[str, Any], _check_mode: bool, _warn: Warn) -> Result:
    """The work of module hris.ad.plan_report, whose RETURN describes the result."""
    application: Application | None = None
    if params["journal"]:
        application = read_journal(params["journal"], params["plan_key"])
    plan = _plan(params, application)
    view = view_of(plan, application, params["redact"], params["not_written"])
    most = params["report_limit"]
    makers: dict[str, Callable[[ReportView], str]] = {
        "html": plan_page,
        "markdown": lambda shown: plan_markdown(
            shown, most, params["markdown_limit"], params["whole_report"]
        ),
        "csv": changes_sheet,
    }
    texts = {name: makers[name](view) for name in params["format"]}
    severities = Counter(finding.severity for finding in view.findings)
    result: Result = {
        "changed": False,
        "msg": f"{', '.join(view.sources)}: {view.verdict.text}.",
        "dest": write_texts(params["dest"], texts, _name_of(params["src"] or params["journal"])),
        "digest": plan.digest,
        "seal": plan.seal.kind if plan.seal else None,
        "changes": view.changes,
        "findings": {severity: severities[severity] for severity in SEVERITIES},
    }
    if "markdown" in texts:
        result["markdown"] = texts["markdown"]
    return result


def _plan(params: Mapping[str, Any], application: Application | None) -> Plan:
    """The plan of the file; without one that of the journal, with the changes that the run was to
    make. A lock-out and an undo have no plan file.
    """
    if application and not params["src"]:
        return application.plan
    return read_plan(params["src"], params["plan_key"])


def _name_of(path: str) -> str:
    """The name of a file without its ending."""
    return os.path.splitext(os.path.basename(path))[0]
