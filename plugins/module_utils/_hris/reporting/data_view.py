# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on data: counts, what they were before, fields and findings; and its JSON.

The JSON is read again by the next report, which counts over time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ..data_class import frozen, mutable
from ..errors import HrisError
from ..model.actions import BAD, GOOD, WARN
from ..model.findings import ERROR, WARNING, Finding
from ..model.plan_json import Json, finding_to_json
from ..model.shapes import shaped
from ..wording import counted
from . import data_quality, reconcile
from .data_quality import FieldQuality, Quality
from .plan_view import Verdict, by_severity

FORMAT = "hris.ad data report 1"
REMEMBERED = 60  # reports whose counts are kept
EMPLOYEES = "employees"
# {name of a count: its words}
COUNTS = {EMPLOYEES: "Employees", **data_quality.KINDS, **reconcile.KINDS}


@frozen
class PastCounts:
    """The counts of one report."""

    as_of: str  # ISO 8601
    counts: dict[str, int]  # {name of COUNTS: how many}


@mutable
class DataView:
    """The report. Its fields are those of its JSON."""

    source: str
    as_of: str  # ISO 8601
    counts: dict[str, int]  # {name of COUNTS: how many}, of what was looked for
    fields: dict[str, FieldQuality]  # {dotted path: field}
    findings: list[Finding]  # errors first
    history: list[PastCounts]  # oldest first, this report last
    removed_fields: list[str]  # since the last report
    new_fields: list[str]  # since the last report


@frozen
class LastFields:
    """The fields of the report before, which has more about each than is needed."""

    fields: dict[str, dict[str, Any]]


@frozen
class LastReport:
    """What a report needs of the one before it."""

    missing: dict[str, int]  # {dotted path: employees without a value}
    history: list[PastCounts]


NO_REPORT = LastReport({}, [])
NO_REPORT_ON_DATA = "this is not a report on data"


def data_view(
    source: str,
    as_of: str,
    quality: Quality | None,
    reconciled: list[Finding] | None,
    last: LastReport = NO_REPORT,
) -> DataView:
    """The report.

    quality, reconciled: None when that was not asked for.
    """
    findings, counts, fields = [], {}, {}
    if quality is not None:
        findings += quality.findings
        counts = {EMPLOYEES: quality.employees, **_counts(quality.findings, data_quality.KINDS)}
        fields = _compared(quality.fields, last)
    if reconciled is not None:
        findings += reconciled
        counts |= _counts(reconciled, reconcile.KINDS)
    history = [entry for entry in last.history if entry.as_of != as_of][1 - REMEMBERED :]
    return DataView(
        source=source,
        as_of=as_of,
        counts=counts,
        fields=fields,
        findings=by_severity(findings),
        history=[*history, PastCounts(as_of, counts)],
        removed_fields=_only_in(last.missing, fields),
        new_fields=_only_in(fields, last.missing),
    )


def _only_in(fields: Mapping[str, object], others: Mapping[str, object]) -> list[str]:
    """The fields that the others lack; none where there are no others to compare with."""
    if not others:
        return []
    return sorted(fields.keys() - others.keys())


def _counts(findings: Sequence[Finding], kinds: dict[str, str]) -> dict[str, int]:
    tally = Counter(finding.kind for finding in findings)
    return {kind: tally[kind] for kind in kinds}


def _compared(fields: dict[str, FieldQuality], last: LastReport) -> dict[str, FieldQuality]:
    return {
        name: replace(quality, missing_before=last.missing.get(name))
        for name, quality in fields.items()
    }


def verdict_of(view: DataView) -> Verdict:
    """What the report says first."""
    severities = Counter(finding.severity for finding in view.findings)
    tone, words = GOOD, []
    if severities[WARNING]:
        tone = WARN
        words.append(counted(severities[WARNING], "warning", "warnings"))
    if severities[ERROR]:
        tone = BAD
        words.insert(0, counted(severities[ERROR], "error", "errors"))
    return Verdict(tone, ", ".join(words) or "No errors and no warnings")


def report_to_json(view: DataView) -> Json:
    """The report as JSON."""
    data = asdict(view)
    data["findings"] = [finding_to_json(finding) for finding in view.findings]
    return {"format": FORMAT, **data}


def last_report(data: Any, place: str) -> LastReport:
    """What is needed of the last report. data: its JSON. place: its file, for messages."""
    hint = f"Name a file that data_report has written with the format json ({FORMAT})"
    if isinstance(data, dict) and data.get("format") == FORMAT:
        bare = {"fields": data.get("fields")}
        fields = shaped(LastFields, bare, NO_REPORT_ON_DATA, place, hint).fields
        missing = {name: field.get("missing") for name, field in fields.items()}
        bare = {"missing": missing, "history": data.get("history")}
        return shaped(LastReport, bare, NO_REPORT_ON_DATA, place, hint)
    raise HrisError(NO_REPORT_ON_DATA, place, hint)
