# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the first contact as a page, and as Markdown."""

from __future__ import annotations

from .contact_view import ContactView
from .escaping import in_markdown
from .html_page import Section, browser_list, page, tally_facet, tiles
from .markdown import bounded, table
from .page_data import findings_data


def contact_page(view: ContactView) -> str:
    """The page."""
    sections = [Section("summary", "Summary", tiles(view.counts.items()))]
    if view.findings:
        facets = [
            tally_facet("severity", "Severity", (one.severity for one in view.findings)),
            tally_facet("kind", "Kind", (one.kind for one in view.findings)),
            tally_facet("place", "Found by", (one.place for one in view.findings)),
        ]
        hint = "employee, account or words"
        body = browser_list("findings", "Search people and accounts", hint, facets)
        sections.append(Section("findings", "People and accounts", body))
    subtitle = f"{', '.join(view.sources)}, as of {view.as_of}"
    data = findings_data(view.findings)
    return page(f"First contact with {view.domain}", subtitle, view.verdict, sections, data)


def contact_markdown(view: ContactView, most: int) -> str:
    """The report, at most ``most`` lines, and bounded in size like that of a plan."""
    head = [
        f"# First contact with {in_markdown(view.domain)}",
        "",
        f"**{in_markdown(view.verdict.text)}** "
        f"({in_markdown(', '.join(view.sources))}, as of {in_markdown(view.as_of)})",
        "",
    ]
    rows = [(in_markdown(words), f"{count:,}") for words, count in view.counts.items()]
    head += table(("What", "How many"), rows)
    return bounded(head, view.findings, [], most)
