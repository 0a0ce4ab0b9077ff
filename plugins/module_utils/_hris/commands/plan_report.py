# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module plan_report: a plan, or its application, as a page, as Markdown or as CSV."""

from __future__ import annotations

from ..journal_format import read_journal
from ..reporting.csv_table import changes_sheet
from ..reporting.markdown import plan_markdown
from ..reporting.plan_page import plan_page
from ..reporting.plan_view import view_of
from ..run.report_files import read_plan, write_texts


def run(params: dict, _check_mode: bool, _warn) -> dict:
    """The work of module hris.ad.plan_report, whose RETURN describes the result."""
    plan = read_plan(params["src"], params["plan_key"])
    journal = read_journal(params["journal"]) if params["journal"] else None
    view = view_of(plan, journal, params["redact"])
    texts = {}
    for name in params["format"]:
        if name == "html":
            texts[name] = plan_page(view)
        elif name == "markdown":
            texts[name] = plan_markdown(view, params["report_limit"])
        else:
            texts[name] = changes_sheet(view)
    severities = [entry.get("severity") for entry in view["findings"]]
    return {
        "changed": False,
        "msg": f"{view['source']}: {view['verdict']['text']}.",
        "dest": write_texts(params["dest"], texts),
        "digest": plan["digest"],
        "seal": plan["seal"]["kind"],
        "changes": view["changes"],
        "findings": {
            severity: severities.count(severity) for severity in ("error", "warning", "info")
        },
        **({"markdown": texts["markdown"]} if "markdown" in texts else {}),
    }
