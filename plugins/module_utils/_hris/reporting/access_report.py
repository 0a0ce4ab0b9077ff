# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the access of leavers, as a page, as Markdown and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..data_class import frozen
from ..model.audit_reading import AuditEntry
from .access_view import LeaverAccess
from .csv_table import sheet
from .escaping import code_in_markdown, in_html, in_markdown
from .html_page import Section, page, tiles
from .markdown import table
from .verdicts import Verdict

HEADS = ("source", "key", "dn", "access ends", "locked", "minutes", "result", "plan")
NOT_LOCKED = "not locked"


@frozen
class AccessReport:
    """What the report shows."""

    subtitle: str
    verdict: Verdict
    leavers: Sequence[LeaverAccess]
    problems: Sequence[AuditEntry]  # lines that cannot be believed
    counts: Sequence[tuple[str, int]]  # (words, how many)


def access_page(report: AccessReport) -> str:
    """The page."""
    sections = [
        Section("summary", "Summary", tiles(report.counts)),
        Section("leavers", "Access of leavers", _table(HEADS, map(_cells, report.leavers))),
    ]
    if report.problems:
        rows = ((f"{one.number:,}", one.problem) for one in report.problems)
        problems = _table(("line", "problem"), rows)
        sections.insert(1, Section("problems", "Lines that cannot be believed", problems))
    return page("Access of leavers", report.subtitle, report.verdict, sections, {})


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{in_html(name)}</th>' for name in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-label="{in_html(name)}">{in_html(text)}</td>'
            for name, text in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def access_markdown(report: AccessReport, most: int) -> str:
    """The report, with at most ``most`` leavers and problems."""
    lines = [
        "# Access of leavers",
        "",
        f"**{in_markdown(report.verdict.text)}** ({in_markdown(report.subtitle)})",
        "",
    ]
    problems = ((f"{one.number:,}", in_markdown(one.problem)) for one in report.problems[:most])
    lines += table(("Line", "Problem"), problems)
    rows = (tuple(map(code_in_markdown, _cells(one))) for one in report.leavers[:most])
    lines += table(HEADS, rows)
    left = len(report.leavers) - most
    if left > 0:
        lines += [f"{left:,} more are in the page and in CSV.", ""]
    return "\n".join(lines)


def access_sheet(report: AccessReport) -> str:
    """One line for each leaver."""
    return sheet(HEADS, map(_cells, report.leavers))


def _cells(one: LeaverAccess) -> tuple[str, ...]:
    locked, minutes = NOT_LOCKED, ""
    if one.locked:
        locked, minutes = one.locked.isoformat(timespec="seconds"), str(one.minutes)
    ends = one.ends.isoformat(timespec="seconds")
    return one.source, one.key, one.dn, ends, locked, minutes, one.result, one.plan
