# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small charts as HTML: tables whose bars are drawn beside their numbers, so that the numbers are the text alternative."""

from __future__ import annotations

from .escaping import in_html

TONES = ("one", "two", "three", "four", "five", "six")


def bars(caption: str, rows: list[tuple], head: tuple[str, str]) -> str:
    """A bar for each of rows: (label, count, link or None, tone). head: what the label and the number are."""
    most = max((count for _label, count, _link, _tone in rows), default=0)
    lines = []
    for label, count, link, tone in rows:
        name = f'<a href="{in_html(link)}">{in_html(label)}</a>' if link else in_html(label)
        lines.append(
            f'<tr><th scope="row">{name}</th><td class="number">{count:,}</td>'
            f'<td class="drawn" aria-hidden="true">{_bar(count, most, tone)}</td></tr>'
        )
    return (
        f'<table class="bars"><caption>{in_html(caption)}</caption><thead class="unseen"><tr><th scope="col">{in_html(head[0])}</th>'
        f'<th scope="col">{in_html(head[1])}</th><td></td></tr></thead><tbody>{"".join(lines)}</tbody></table>'
    )


def _bar(count: int, most: int, tone: str) -> str:
    width = round(100 * count / most, 2) if most else 0
    return (
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" focusable="false"><rect class="track" width="100" height="8"/>'
        f'<rect class="tone-{tone}" width="{max(width, 0.6) if count else 0}" height="8"/></svg>'
    )


def stacked(caption: str, shares: list[tuple[str, int]]) -> str:
    """One bar of several shares, (label, count), with a legend that has the numbers."""
    whole = sum(count for _label, count in shares)
    drawn, legend, start = [], [], 0.0
    for position, (label, count) in enumerate(shares):
        tone = TONES[position % len(TONES)]
        width = 100 * count / whole if whole else 0
        drawn.append(f'<rect class="tone-{tone}" x="{start:.2f}" width="{width:.2f}" height="8"/>')
        legend.append(
            f'<li><span class="key-{tone}" aria-hidden="true"></span>{in_html(label)} <b>{count:,}</b></li>'
        )
        start += width
    return (
        f'<figure class="stacked"><figcaption>{in_html(caption)}</figcaption><svg viewBox="0 0 100 8" preserveAspectRatio="none" '
        f'aria-hidden="true" focusable="false"><rect class="track" width="100" height="8"/>{"".join(drawn)}</svg>'
        f"<ul>{''.join(legend)}</ul></figure>"
    )


def against_limit(changes: int, allowed: float | None) -> str:
    """How much of a limit is used, a line where it ends; the table around it has both numbers."""
    most = max(changes, allowed or 0, 1) * 1.1
    mark = (
        ""
        if allowed is None
        else f'<rect class="mark" x="{100 * allowed / most:.2f}" width="1" height="8"/>'
    )
    tone = "bad" if allowed is not None and changes > allowed else "good"
    return (
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" focusable="false"><rect class="track" width="100" height="8"/>'
        f'<rect class="tone-{tone}" width="{100 * changes / most:.2f}" height="8"/>{mark}</svg>'
    )


def line(label: str, counts: list[int]) -> str:
    """Counts over time as a small line; label says them in words."""
    most, last = max(counts, default=0) or 1, max(len(counts) - 1, 1)
    points = " ".join(
        f"{100 * position / last:.1f},{22 - 20 * count / most:.1f}"
        for position, count in enumerate(counts)
    )
    return (
        f'<svg class="line" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label="{in_html(label)}">'
        f'<polyline points="{points}"/></svg>'
    )
