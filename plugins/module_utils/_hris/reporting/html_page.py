# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of every HTML report: one file that loads nothing, and may run nothing but its own script."""

from __future__ import annotations

import base64
import hashlib

from .escaping import in_html, json_in_html
from .page_script import SCRIPT
from .page_style import STYLE

VERDICTS = {"good": "good", "warning": "warn", "bad": "bad"}
NOSCRIPT = (
    "The lists on this page need its own script, which this browser does not run. It loads nothing. "
    "The same report can be made as Markdown or CSV."
)


def page(
    title: str,
    kind: str,
    under: str,
    verdict: dict | None,
    sections: list[tuple[str, str, str]],
    data: dict,
) -> str:
    """A whole document.

    kind: a line above the title, under: one below it. verdict: {"level", "text"}. sections: (id, heading, HTML). data: what
    the script shows: {"accounts", "findings", "rules"}. Everything but the sections' HTML is plain text.
    """
    shown = (
        ""
        if verdict is None
        else f'<p class="verdict {VERDICTS[verdict["level"]]}">{in_html(verdict["text"])}</p>'
    )
    links = "".join(
        f'<li><a href="#{name}">{in_html(heading)}</a></li>' for name, heading, _body in sections
    )
    parts = "".join(
        f'<section id="{name}" aria-labelledby="{name}-h"><h2 id="{name}-h" tabindex="-1">{in_html(heading)}</h2>{body}</section>\n'
        for name, heading, body in sections
    )
    last = sections[-1]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="hris.ad">\n<link rel="icon" href="data:,">\n<title>{in_html(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#{last[0]}">Skip to: {in_html(last[1])}</a>\n'
        f'<header class="wide head"><p class="kind">{in_html(kind)}</p><h1>{in_html(title)}</h1>'
        f"{f'<p>{in_html(under)}</p>' if under else ''}{shown}</header>\n"
        f'<nav class="contents" aria-label="On this page"><ul class="wide">{links}</ul></nav>\n'
        f'<main class="wide">\n<noscript><p class="verdict warn">{in_html(NOSCRIPT)}</p></noscript>\n{parts}</main>\n'
        '<footer class="wide"><p>Made by hris.ad. This page holds personal data: keep it as you keep the directory.</p></footer>\n'
        f'<script type="application/json" id="data">{json_in_html(data)}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n'
    )


def _policy() -> str:
    """Nothing is loaded from anywhere; of styles and scripts only those whose text is known. (A block of JSON is not run.)"""
    return f"default-src 'none'; style-src '{_hash(STYLE)}'; script-src '{_hash(SCRIPT)}'; img-src data:; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def tiles(rows: list[tuple[str, object]]) -> str:
    """Large numbers with their names: (name, number or text)."""
    shown = "".join(
        f"<div><dt>{in_html(name)}</dt><dd>{f'{value:,}' if isinstance(value, int) else in_html(value)}</dd></div>"
        for name, value in rows
    )
    return f'<dl class="tiles">{shown}</dl>'


def browser_list(
    name: str, label: str, hint: str, facets: list[tuple[str, str, list[tuple[str, int]]]]
) -> str:
    """The controls and the empty place of a list that the script fills.

    label: of the search field. facets: (the field that is compared, its label, [(value, how many have it), …]).
    """
    selects = "".join(
        f'<label>{in_html(title)}<select name="{in_html(field)}" aria-controls="{name}-items"><option value="">all</option>'
        + "".join(
            f'<option value="{in_html(value)}">{in_html(value)} ({count:,})</option>'
            for value, count in values
        )
        + "</select></label>"
        for field, title, values in facets
    )
    return (
        f'<form role="search" aria-label="{in_html(label)}" hidden><label class="search">{in_html(label)}<input type="search" '
        f'aria-controls="{name}-items" autocomplete="off" spellcheck="false" placeholder="{in_html(hint)}"></label>{selects}'
        '<button type="reset">Show all</button></form><p class="status" role="status" aria-live="polite"></p>'
        f'<ol class="items" id="{name}-items"></ol><div class="pages" role="group" aria-label="Pages" hidden>'
        '<button type="button" value="-1e9">First</button><button type="button" value="-1">Previous</button><span></span>'
        '<button type="button" value="1">Next</button><button type="button" value="1e9">Last</button></div>'
    )
