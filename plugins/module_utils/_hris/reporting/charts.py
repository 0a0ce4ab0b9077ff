# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small charts as HTML: each bar stands beside its number, which is the text for screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..data_class import frozen
from ..model.actions import BAD, GOOD
from .escaping import in_html

TONES = ("one", "two", "three", "four", "five", "six")
HEIGHT = 8  # of a bar, in units of its drawing, which is 100 wide
NARROWEST = 0.6  # width of a bar that is not 0
_SVG = f'<svg viewBox="0 0 100 {HEIGHT}" preserveAspectRatio="none" focusable="false">'
_TRACK = f'<rect class="track" width="100" height="{HEIGHT}"/>'


@frozen
class Bar:
    """One bar of a chart."""

    label: str
    count: int
    tone: str  # a tone of model/actions.py or of TONES
    link: str | None = None  # an address in the page


def bars(caption: str, rows: Sequence[Bar], heads: tuple[str, str]) -> str:
    """A chart with a bar in each row. heads: what the labels and the numbers are."""
    most = max((row.count for row in rows), default=0)
    label, number = heads
    return (
        f'<table class="bars"><caption>{in_html(caption)}</caption>'
        f'<thead class="unseen"><tr><th scope="col">{in_html(label)}</th>'
        f'<th scope="col">{in_html(number)}</th><td></td></tr></thead>'
        f"<tbody>{''.join(_row(row, most) for row in rows)}</tbody></table>"
    )


def _row(row: Bar, most: int) -> str:
    name = in_html(row.label)
    if row.link:
        name = f'<a href="{in_html(row.link)}">{name}</a>'
    width = 0.0
    if row.count:
        width = max(round(100 * row.count / most, 2), NARROWEST)
    drawn = f'<rect class="tone-{row.tone}" width="{width}" height="{HEIGHT}"/>'
    return (
        f'<tr><th scope="row">{name}</th><td class="number">{row.count:,}</td>'
        f'<td class="drawn" aria-hidden="true">{_SVG}{_TRACK}{drawn}</svg></td></tr>'
    )


def stacked(caption: str, shares: Iterable[tuple[str, int]]) -> str:
    """One bar of several shares, (label, count), with a legend that has the numbers."""
    shares = list(shares)
    total = sum(count for _label, count in shares) or 1
    drawn, legend, start = [], [], 0.0
    for position, (label, count) in enumerate(shares):
        tone = TONES[position % len(TONES)]
        width = 100 * count / total
        drawn.append(
            f'<rect class="tone-{tone}" x="{start:.2f}" width="{width:.2f}" height="{HEIGHT}"/>'
        )
        legend.append(
            f'<li><span class="key-{tone}" aria-hidden="true"></span>'
            f"{in_html(label)} <b>{count:,}</b></li>"
        )
        start += width
    return (
        f'<figure class="stacked"><figcaption>{in_html(caption)}</figcaption>'
        f'<svg viewBox="0 0 100 {HEIGHT}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{_TRACK}{"".join(drawn)}</svg><ul>{"".join(legend)}</ul></figure>'
    )


def against_limit(changes: int, allowed: float | None) -> str:
    """How much of a limit is used, with a mark where it ends.

    allowed: None for a limit that allows any number. The table around the chart has both numbers.
    """
    most = max(changes, allowed or 0, 1) * 1.1
    mark, tone = "", GOOD
    if allowed is not None:
        mark = f'<rect class="mark" x="{100 * allowed / most:.2f}" width="1" height="{HEIGHT}"/>'
        if changes > allowed:
            tone = BAD
    width = f"{100 * changes / most:.2f}"
    used = f'<rect class="tone-{tone}" width="{width}" height="{HEIGHT}"/>'
    return f"{_SVG}{_TRACK}{used}{mark}</svg>"


def line(label: str, counts: Sequence[int]) -> str:
    """Counts over time as a small line. label: the same in words."""
    most, last = max(counts, default=0) or 1, max(len(counts) - 1, 1)
    points = " ".join(
        f"{100 * position / last:.1f},{22 - 20 * count / most:.1f}"
        for position, count in enumerate(counts)
    )
    return (
        '<svg class="line" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" '
        f'aria-label="{in_html(label)}"><polyline points="{points}"/></svg>'
    )
