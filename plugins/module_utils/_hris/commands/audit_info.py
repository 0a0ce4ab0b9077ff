# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module audit_info: whether the audit log is whole, and how long leavers kept access."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import HrisError, Warn
from ..model.audit import CHANGE, RUN
from ..model.audit_reading import AuditEntry, entries_of
from ..model.plan_json import Json
from ..reporting.access_report import (
    AccessReport,
    access_markdown,
    access_page,
    access_sheet,
)
from ..reporting.access_view import LeaverAccess, access_of_leavers, verdict_on_access
from ..run.report_files import write_texts
from ..run.result import Result
from ..user_files import open_to_read

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_WARNED = 5  # problems that are told as warnings


def run(params: Mapping[str, Any], _check_mode: bool, warn: Warn) -> Result:
    """The work of module hris.ad.audit_info, whose RETURN describes the result."""
    month, path = params["month"], params["src"]
    if month and not _MONTH.fullmatch(month):
        raise HrisError(f"'{month}' is not a month", "month", "Write it as 2026-03")
    with open_to_read(path) as file:
        entries = list(entries_of(file, params["plan_key"]))
    problems = [one for one in entries if one.problem]
    lines = [one.line for one in entries if one.line and _is_in(one.line, month)]
    leavers = access_of_leavers(lines)
    report = AccessReport(
        subtitle=f"{path}, {month or 'all of it'}",
        verdict=verdict_on_access(leavers, len(problems)),
        leavers=leavers,
        problems=problems,
        counts=[
            ("runs", sum(line.get("event") == RUN for line in lines)),
            ("changes", sum(line.get("event") == CHANGE for line in lines)),
            ("leavers", len(leavers)),
            ("lines that cannot be believed", len(problems)),
        ],
    )
    result = _result(report, entries, lines, params)
    for one in problems[:_WARNED]:
        warn(f"{path}, line {one.number}: {one.problem}")
    if problems:
        result["failed"] = True
        result["msg"] = f"{path}: {report.verdict.text}. First: line {problems[0].number}."
    return result


def _is_in(line: Json, month: str | None) -> bool:
    return not month or str(line.get("at", "")).startswith(month)


def _result(
    report: AccessReport, entries: list[AuditEntry], lines: list[Json], params: Mapping[str, Any]
) -> Result:
    most = params["report_limit"]
    makers: dict[str, Callable[[AccessReport], str]] = {
        "html": access_page,
        "markdown": lambda shown: access_markdown(shown, most),
        "csv": access_sheet,
    }
    result: Result = {
        "changed": False,
        "msg": f"{report.verdict.text}.",
        "counts": {words.split()[0]: count for words, count in report.counts},
        "last_seal": entries[-1].seal if entries else "",
        "approvals": [_approval(line) for line in lines if line.get("approval")][-most:],
        "leavers": [_leaver(one) for one in report.leavers[:most]],
        "leavers_total": len(report.leavers),
        "problems": [
            {"line": one.number, "problem": one.problem} for one in report.problems[:most]
        ],
    }
    if params["dest"]:
        texts = {name: makers[name](report) for name in params["format"]}
        result["dest"] = write_texts(params["dest"], texts)
    return result


def _approval(line: Json) -> Json:
    return {"at": line.get("at"), "plan": line.get("plan"), **line["approval"]}


def _leaver(one: LeaverAccess) -> Json:
    return {
        "source": one.source,
        "key": one.key,
        "dn": one.dn,
        "access_ends": one.ends.isoformat(timespec="seconds"),
        "locked": one.locked.isoformat(timespec="seconds") if one.locked else None,
        "minutes": one.minutes,
    }
