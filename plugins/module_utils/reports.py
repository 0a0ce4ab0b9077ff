# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports: reads what runs left behind, and writes what people read. The rooms do the work; this file has the disk and the clock."""
from __future__ import annotations

import json
import os
from datetime import datetime, timezone

from .errors import HrisError
from .planning.document import unbroken
from .private_file import write_private
from .reporting.data_view import data_markdown, data_page, data_view, verdict_of
from .reporting.markdown import plan_markdown
from .reporting.plan_page import plan_page
from .reporting.quality import quality_of
from .reporting.reconcile import reconcile
from .reporting.sheet import changes_sheet, findings_sheet
from .reporting.view import view_of
from .rules.ruleset import moment
from .sources.files import read_feed

ENDINGS = {"html": ".html", "markdown": ".md", "csv": ".csv", "json": ".json"}
PLAN_FORMAT = "hris.ad plan 1"


def plan_report(params: dict, _check_mode: bool, _warn) -> dict:
    """The work of module hris.ad.plan_report, whose RETURN describes the result."""
    plan = _read_plan(params["src"], params["plan_key"])
    journal = read_lines(params["journal"], torn=True) if params["journal"] else None
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
        "dest": _write(params["dest"], texts),
        "digest": plan["digest"],
        "seal": plan["seal"]["kind"],
        "changes": view["changes"],
        "findings": {severity: severities.count(severity) for severity in ("error", "warning", "info")},
        **({"markdown": texts["markdown"]} if "markdown" in texts else {}),
    }


def data_report(params: dict, _check_mode: bool, warn) -> dict:
    """The work of module hris.ad.data_report, whose RETURN describes the result."""
    as_of = moment(params["as_of"], datetime.now(timezone.utc)).isoformat(timespec="seconds")
    last = _last(params["last"], warn)
    quality = reconciled = None
    if params["src"]:
        quality = quality_of(read_feed(params["src"]), params["key"], params["required"], params["unique"], params["redact"])
    if params["plan"]:
        outcome, earlier = (read_lines(params[name]) if params[name] else None for name in ("outcome", "last_outcome"))
        reconciled = reconcile(_read_plan(params["plan"], params["plan_key"]), outcome, earlier, params["redact"])
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
        "dest": _write(params["dest"], texts),
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


def _write(dest: str, texts: dict[str, str]) -> dict[str, str]:
    """Write each text; one goes to dest itself, several to dest with the ending of each. {format: path}."""
    paths = {name: dest if len(texts) == 1 else dest + ENDINGS[name] for name in texts}
    for name, text in texts.items():
        write_private(paths[name], [text])
    return paths


def _read_plan(path: str, key: str | None) -> dict:
    """A plan that is as it was made: a page is believed, so none is made of a plan that somebody has altered."""
    plan = read_json(path)
    if not isinstance(plan, dict) or not isinstance(plan.get("changes"), list):
        raise HrisError("this is no plan", path, "It is the file that sync writes to plan_dest")
    if plan.get("format") != PLAN_FORMAT:
        raise HrisError(f"this plan has the format '{plan.get('format')}', and '{PLAN_FORMAT}' is known here", path,
                        "Use the version of hris.ad that made it")
    for number, entry in enumerate(plan["changes"]):
        if not isinstance(entry, dict) or not isinstance(entry.get("action"), str):
            raise HrisError("a change is an object with an action", f"{path}, changes[{number}]", "The plan is damaged: make it anew")
    unbroken(plan, path, key)
    return plan


def read_json(path: str):
    """The JSON of a file. Raises HrisError naming it."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    except ValueError as error:
        raise HrisError(f"this is no JSON: {error}", path) from error


def read_lines(path: str, torn: bool = False) -> list[dict]:
    """The objects of a file of JSON Lines. torn: the last line may be cut off, as a run that was killed leaves it."""
    found = []
    try:
        with open(path, encoding="utf-8", newline="\n", errors="replace") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    entry = json.loads(line)
                except ValueError as error:
                    if torn and not line.endswith("\n"):
                        break
                    raise HrisError(f"this is no JSON: {error}", f"{path}, line {number}") from error
                if not isinstance(entry, dict):
                    raise HrisError("this is no JSON object", f"{path}, line {number}")
                found.append(entry)
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    return found
