# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of every HTML report: one file that loads nothing and runs only its own script."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..model.plan_json import Json
from .escaping import in_html
from .packed_data import packed
from .page_script import SCRIPT
from .page_style import STYLE
from .plan_view import Verdict

NOSCRIPT = (
    "The lists on this page need its own script, which this browser does not run. The script loads "
    "nothing. The same report can be made as Markdown or CSV."
)
FOOTER = "Made by hris.ad. This page holds personal data: keep it as you keep the directory."
# The controls of a list: (label of the button, pages that it moves by)
_PAGE_BUTTONS = (("First", "-1e9"), ("Previous", "-1"), ("Next", "1"), ("Last", "1e9"))


class Section(NamedTuple):
    """One section of a page."""

    name: str  # its id
    heading: str  # plain text
    body: str  # HTML


class Facet(NamedTuple):
    """A choice by which a list is filtered."""

    field: str  # of the list's items
    label: str
    counts: list[tuple[str, int]]  # (value, how many items have it)


def page(
    title: str, subtitle: str, verdict: Verdict, sections: Sequence[Section], data: Json
) -> str:
    """A whole document. title, subtitle: plain text. data: what the script shows, see page_data."""
    last = sections[-1]
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="hris.ad">
<link rel="icon" href="data:,">
<title>{in_html(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#{last.name}">Skip to: {in_html(last.heading)}</a>
{_header(title, subtitle, verdict)}
{_contents(sections)}
<main class="wide">
<noscript><p class="verdict warn">{in_html(NOSCRIPT)}</p></noscript>
{"".join(map(_section, sections))}</main>
<footer class="wide"><p>{in_html(FOOTER)}</p></footer>
<script type="application/gzip" id="data">{packed(data)}</script>
<script>{SCRIPT}</script>
</body>
</html>
"""


def _header(title: str, subtitle: str, verdict: Verdict) -> str:
    below = ""
    if subtitle:
        below = f"<p>{in_html(subtitle)}</p>"
    return (
        f'<header class="wide head"><p class="kind">hris.ad</p><h1>{in_html(title)}</h1>{below}'
        f'<p class="verdict {verdict.tone}">{in_html(verdict.text)}</p></header>'
    )


def _contents(sections: Iterable[Section]) -> str:
    links = (f'<li><a href="#{one.name}">{in_html(one.heading)}</a></li>' for one in sections)
    return (
        '<nav class="contents" aria-label="On this page">'
        f'<ul class="wide">{"".join(links)}</ul></nav>'
    )


def _section(section: Section) -> str:
    name = section.name
    return (
        f'<section id="{name}" aria-labelledby="{name}-h">'
        f'<h2 id="{name}-h" tabindex="-1">{in_html(section.heading)}</h2>{section.body}</section>\n'
    )


def _policy() -> str:
    """The Content-Security-Policy: nothing is loaded, and only the known script and style count.

    A block of data is not run, so it needs no hash.
    """
    return (
        f"default-src 'none'; style-src '{_hash(STYLE)}'; script-src '{_hash(SCRIPT)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def tiles(rows: Iterable[tuple[str, int]]) -> str:
    """Large numbers with their names: (name, number)."""
    shown = (f"<div><dt>{in_html(name)}</dt><dd>{number:,}</dd></div>" for name, number in rows)
    return f'<dl class="tiles">{"".join(shown)}</dl>'


def browser_list(name: str, label: str, hint: str, facets: Iterable[Facet]) -> str:
    """The controls and the empty place of a list that the script fills.

    name: of the section. label, hint: of the search field.
    """
    items = f"{name}-items"
    selects = "".join(_select(facet, items) for facet in facets)
    buttons = [
        f'<button type="button" value="{step}">{text}</button>' for text, step in _PAGE_BUTTONS
    ]
    buttons.insert(2, "<span></span>")
    return (
        f'<form role="search" aria-label="{in_html(label)}" hidden>'
        f'<label class="search">{in_html(label)}<input type="search" aria-controls="{items}" '
        f'autocomplete="off" spellcheck="false" placeholder="{in_html(hint)}"></label>{selects}'
        '<button type="reset">Show all</button></form>'
        '<p class="status" role="status" aria-live="polite"></p>'
        f'<ol class="items" id="{items}"></ol>'
        f'<div class="pages" role="group" aria-label="Pages" hidden>{"".join(buttons)}</div>'
    )


def tally_facet(field: str, label: str, values: Iterable[str | None]) -> Facet:
    """The facet of a field with how often each value occurs, in the order of the alphabet."""
    counts = Counter(value for value in values if value)
    return Facet(field, label, sorted(counts.items()))


def _select(facet: Facet, items: str) -> str:
    options = (
        f'<option value="{in_html(value)}">{in_html(value)} ({count:,})</option>'
        for value, count in facet.counts
    )
    return (
        f"<label>{in_html(facet.label)}"
        f'<select name="{in_html(facet.field)}" aria-controls="{items}">'
        f'<option value="">all</option>{"".join(options)}</select></label>'
    )
