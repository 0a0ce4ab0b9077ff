# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on data as Markdown."""

from __future__ import annotations

from ..wording import difference
from .data_quality import FieldQuality
from .data_view import COUNTS, DataView, PastCounts, verdict_of
from .escaping import code_in_markdown, in_markdown
from .markdown import bounded, table


def data_markdown(view: DataView, most: int) -> str:
    """The report, at most ``most`` findings, and bounded in size like that of a plan."""
    head = [
        f"# Data of {in_markdown(view.source)}",
        "",
        f"**{in_markdown(verdict_of(view).text)}** (as of {in_markdown(view.as_of)})",
        "",
    ]
    past = view.history[-2] if len(view.history) > 1 else None
    rows = [_count(name, count, past) for name, count in view.counts.items()]
    head += table(("Count", "Now", "Since the last report"), rows)
    if view.removed_fields:
        names = ", ".join(map(code_in_markdown, view.removed_fields))
        head += [f"Fields that are gone: {names}", ""]
    fields = [_field(name, field) for name, field in view.fields.items() if _is_listed(field)]
    head += table(("Field", "Missing", "Duplicate", "Unusual"), fields)
    return bounded(head, view.findings, [], most)


def _count(name: str, count: int, past: PastCounts | None) -> tuple[str, str, str]:
    change = ""
    if past is not None and name in past.counts:
        change = difference(count, past.counts[name])
    return in_markdown(COUNTS[name]), f"{count:,}", change


def _is_listed(field: FieldQuality) -> bool:
    """Whether a field has a problem. One that most employees do not have is not a problem."""
    return bool(field.duplicate or field.unusual) or 0 < field.missing <= field.filled


def _field(name: str, field: FieldQuality) -> tuple[str, str, str, str]:
    return (
        code_in_markdown(name),
        f"{field.missing:,}",
        f"{field.duplicate:,}",
        f"{field.unusual:,}",
    )
