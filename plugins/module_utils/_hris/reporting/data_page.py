# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on data as a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..wording import difference
from .charts import line
from .data_quality import FieldQuality
from .data_view import COUNTS, DataView, verdict_of
from .escaping import in_html
from .html_page import Section, browser_list, page, tally_facet, tiles
from .page_data import findings_data

_NUMBER = ' class="number"'
_FIELD_HEADS = ("Field", "Missing", "Duplicate", "Unusual", "Different values", "Type")
_COUNT_HEADS = ("Count", "Last report", "Now", "Difference", "Over time")


def data_page(view: DataView) -> str:
    """The page."""
    counts = tiles((COUNTS[name].lower(), count) for name, count in view.counts.items())
    sections = [Section("summary", "Summary", counts + _over_time(view))]
    if view.fields:
        sections.append(Section("fields", "Fields of the feed", _fields(view)))
    if view.findings:
        sections.append(Section("findings", "Findings", _findings(view)))
    title, subtitle = f"Data of {view.source}", f"As of {view.as_of}"
    return page(title, subtitle, verdict_of(view), sections, findings_data(view.findings))


def _findings(view: DataView) -> str:
    facets = [
        tally_facet("severity", "Severity", (finding.severity for finding in view.findings)),
        tally_facet("kind", "Kind", (finding.kind for finding in view.findings)),
        tally_facet("place", "Field", (finding.place for finding in view.findings)),
    ]
    return browser_list("findings", "Search the findings", "employee, field or words", facets)


def _over_time(view: DataView) -> str:
    rows = []
    for name in view.counts:
        counts = [entry.counts[name] for entry in view.history if name in entry.counts]
        if len(counts) > 1:
            rows.append(_count_over_time(COUNTS[name], counts))
    if not rows:
        return ""
    return _table("Over time", "", _COUNT_HEADS, rows)


def _count_over_time(label: str, counts: Sequence[int]) -> str:
    words = f"{label}, from {counts[0]:,} to {counts[-1]:,} in {len(counts)} reports"
    numbers = (
        ("Last report", f"{counts[-2]:,}"),
        ("Now", f"{counts[-1]:,}"),
        ("Difference", difference(counts[-1], counts[-2])),
    )
    return _row(in_html(label), numbers, "Over time", line(words, counts))


def _fields(view: DataView) -> str:
    rows = [_field(name, one, name in view.new_fields) for name, one in view.fields.items()]
    table = _table("Each field, and how many employees have it", "unseen", _FIELD_HEADS, rows)
    if not view.removed_fields:
        return table
    names = in_html(", ".join(view.removed_fields))
    return f'<p class="verdict warn">Gone since the last report: {names}</p>{table}'


def _field(name: str, field: FieldQuality, is_new: bool) -> str:
    missing = f"{field.missing:,}"
    if field.missing_before is not None and field.missing_before != field.missing:
        missing += f" ({difference(field.missing, field.missing_before)})"
    numbers = (
        ("Missing", missing),
        ("Duplicate", f"{field.duplicate:,}"),
        ("Unusual", f"{field.unusual:,}"),
        ("Different", f"{field.distinct:,}"),
    )
    head = in_html(name)
    if is_new:
        head += ' <span class="badge info">new</span>'
    return _row(head, numbers, "Type", in_html(field.type or "always empty"))


def _table(caption: str, style: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    """A table of HTML. heads: the first and the last are above texts, the others above numbers."""
    first, *numbers, last = heads
    cells = [f'<th scope="col">{first}</th>']
    cells += [f'<th scope="col"{_NUMBER}>{head}</th>' for head in numbers]
    cells.append(f'<th scope="col">{last}</th>')
    return (
        f'<table class="table limits"><caption class="{style}">{in_html(caption)}</caption>'
        f"<thead><tr>{''.join(cells)}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _row(head: str, numbers: Iterable[tuple[str, str]], last_label: str, last: str) -> str:
    """A row. head, last: HTML. numbers: (label, number)."""
    cells = "".join(
        f'<td{_NUMBER} data-label="{label}">{in_html(number)}</td>' for label, number in numbers
    )
    return f'<tr><th scope="row">{head}</th>{cells}<td data-label="{last_label}">{last}</td></tr>'
