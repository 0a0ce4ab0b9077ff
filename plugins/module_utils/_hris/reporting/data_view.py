# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on data: what is counted, what that was before, and the report as page, Markdown and JSON."""

from __future__ import annotations

from collections import Counter

from ..errors import HrisError
from .charts import line
from .escaping import code_in_markdown, in_html, in_markdown
from .html_page import browser_list, page, tiles
from .markdown import bounded, table
from .plan_view import SEVERITIES
from .reconcile import KINDS

FORMAT = "hris.ad data report 1"
_NUMBER = ' class="number"'
REMEMBERED = 60  # reports whose counts are kept
COUNTS = {
    "employees": "Employees",
    "missing": "Missing values",
    "double": "Double values",
    "odd": "Odd values",
    **KINDS,
}


def data_view(
    source: str, as_of: str, quality: dict | None, reconciled: list[dict] | None, last: dict | None
) -> dict:
    """The report as plain data, which is also its JSON::

        {"format", "source", "as_of", "counts": {name: count}, "fields": {field: {…}}, "findings": [finding, …],
         "history": [{"as_of", **counts}, …] oldest first and this one last, "gone": [field, …], "new": [field, …]}

    quality: of quality_of; reconciled: of reconcile; each None when it was not asked for. last: the last report. Raises
    HrisError when last is something else.
    """
    if last is not None and (not isinstance(last, dict) or last.get("format") != FORMAT):
        raise HrisError(
            "this is no report of data",
            "last",
            f"It is a file that data_report wrote with format json ({FORMAT})",
        )
    findings = (quality or {}).get("findings", []) + (reconciled or [])
    kinds = Counter(entry["kind"] for entry in findings)
    counts = {}
    if quality is not None:
        counts = {
            "employees": quality["employees"],
            **{kind: kinds[kind] for kind in ("missing", "double", "odd")},
        }
    if reconciled is not None:
        counts |= {kind: kinds[kind] for kind in KINDS}
    fields = (quality or {}).get("fields", {})
    before = (last or {}).get("fields") or {}
    history = [entry for entry in (last or {}).get("history") or [] if entry["as_of"] != as_of][
        1 - REMEMBERED :
    ]
    return {
        "format": FORMAT,
        "source": source,
        "as_of": as_of,
        "counts": counts,
        "fields": {
            name: field | {"before": before[name]["missing"]} if name in before else field
            for name, field in fields.items()
        },
        "findings": sorted(findings, key=lambda entry: SEVERITIES.index(entry["severity"])),
        "history": [*history, {"as_of": as_of, **counts}],
        "gone": sorted(set(before) - set(fields)) if fields else [],
        "new": sorted(set(fields) - set(before)) if before else [],
    }


def verdict_of(view: dict) -> dict:
    """{"level", "text"} of a report."""
    severities = Counter(entry["severity"] for entry in view["findings"])
    words = [
        f"{severities[level]:,} {level}{'s' if severities[level] != 1 else ''}"
        for level in ("error", "warning")
        if severities[level]
    ]
    level = "bad" if severities["error"] else "warning" if severities["warning"] else "good"
    return {"level": level, "text": ", ".join(words) or "Nothing to mend was found"}


def difference(now: int, before: int) -> str:
    """+12, -3, or 0."""
    return f"{now - before:+,}" if now != before else "0"


def data_page(view: dict) -> str:
    """The report as a page."""
    sections = [
        (
            "summary",
            "Summary",
            tiles([(COUNTS[name].lower(), count) for name, count in view["counts"].items()])
            + _over_time(view),
        )
    ]
    if view["fields"]:
        sections.append(("fields", "Fields of the feed", _fields(view)))
    facets = []
    for field, title in (("severity", "Severity"), ("kind", "Kind"), ("place", "Field")):
        counts = Counter(entry[field] for entry in view["findings"] if entry.get(field))
        facets.append((field, title, sorted(counts.items())))
    if view["findings"]:
        sections.append(
            (
                "findings",
                "Findings",
                browser_list("findings", "Search the findings", "employee, field or words", facets),
            )
        )
    data = {"findings": view["findings"]}
    return page(
        f"Data of {view['source']}",
        "hris.ad",
        f"As of {view['as_of']}",
        verdict_of(view),
        sections,
        data,
    )


def _over_time(view: dict) -> str:
    rows = []
    for name in view["counts"]:
        counts = [entry[name] for entry in view["history"] if name in entry]
        if len(counts) > 1:
            words = f"{COUNTS[name]}, from {counts[0]:,} to {counts[-1]:,} in {len(counts)} reports"
            numbers = (
                ("Last report", f"{counts[-2]:,}"),
                ("Now", f"{counts[-1]:,}"),
                ("Difference", difference(counts[-1], counts[-2])),
            )
            rows.append(
                _row(in_html(COUNTS[name]), numbers)
                + f'<td data-label="Over time">{line(words, counts)}</td></tr>'
            )
    return (
        _table("Over time", "", ("Count", "Last report", "Now", "Difference", "Over time"), rows)
        if rows
        else ""
    )


def _table(caption: str, kind: str, heads: tuple, rows: list[str]) -> str:
    """heads: the first and the last are words, the others stand above numbers. rows: without their end where cells follow."""
    shown = "".join(
        f'<th scope="col"{_NUMBER if 0 < place < len(heads) - 1 else ""}>{head}</th>'
        for place, head in enumerate(heads)
    )
    return (
        f'<table class="table limits"><caption class="{kind}">{in_html(caption)}</caption><thead><tr>{shown}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _row(head: str, numbers: tuple) -> str:
    """The begin of a row; head is HTML."""
    cells = "".join(
        f'<td{_NUMBER} data-label="{label}">{in_html(text)}</td>' for label, text in numbers
    )
    return f'<tr><th scope="row">{head}</th>{cells}'


def _fields(view: dict) -> str:
    rows = []
    for name, field in view["fields"].items():
        new = ' <span class="badge info">new</span>' if name in view["new"] else ""
        missing, before = field["missing"], field.get("before", field["missing"])
        more = f" ({difference(missing, before)})" if missing != before else ""
        counts = tuple(
            (label, f"{field[count]:,}")
            for label, count in (("Double", "double"), ("Odd", "odd"), ("Different", "distinct"))
        )
        numbers = (("Missing", f"{missing:,}{more}"), *counts)
        rows.append(
            _row(in_html(name) + new, numbers)
            + f'<td data-label="Type">{in_html(field["type"] or "always empty")}</td></tr>'
        )
    gone = (
        f'<p class="verdict warn">Gone since the last report: {in_html(", ".join(view["gone"]))}</p>'
        if view["gone"]
        else ""
    )
    heads = ("Field", "Missing", "Double", "Odd", "Different values", "Type")
    return gone + _table("Each field, and how many employees have it", "unseen", heads, rows)


def data_markdown(view: dict, most: int) -> str:
    """The report as Markdown, bounded as that of a plan."""
    past = view["history"][-2] if len(view["history"]) > 1 else {}
    rows = []
    for name, count in view["counts"].items():
        rows.append(
            (
                in_markdown(COUNTS[name]),
                f"{count:,}",
                difference(count, past[name]) if name in past else "",
            )
        )
    verdict = in_markdown(verdict_of(view)["text"])
    head = [
        f"# Data of {in_markdown(view['source'])}",
        "",
        f"**{verdict}** (as of {in_markdown(view['as_of'])})",
        "",
    ]
    head += table(("Count", "Now", "Since the last report"), rows)
    head += (
        [f"Fields that are gone: {', '.join(code_in_markdown(name) for name in view['gone'])}", ""]
        if view["gone"]
        else []
    )
    rows = []
    for name, field in view["fields"].items():
        if field["double"] or field["odd"] or 0 < field["missing"] <= field["filled"]:
            rows.append(
                (
                    code_in_markdown(name),
                    *(f"{field[count]:,}" for count in ("missing", "double", "odd")),
                )
            )
    head += table(("Field", "Missing", "Double", "Odd"), rows)
    return bounded(head, view["findings"], [], most)
