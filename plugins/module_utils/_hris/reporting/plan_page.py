# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a plan or its application as a page."""

from __future__ import annotations

from collections import Counter

from .charts import against_limit, bars, stacked
from .escaping import in_address, in_html
from .html_page import browser_list, page, tiles
from .plan_view import ACTIONS, SEVERITIES

TONES = {
    "create": "good", "enable": "good", "group_add": "good", "create_ou": "good", "disable": "bad", "delete": "bad", "group_remove": "warn",
    "applied": "good", "refused": "bad", "unknown": "bad", "skipped": "warn", "not attempted": "warn",
}  # fmt: skip
# Facts that are for comparing, not for reading
CODES = ("Digest", "Domain DN")


def plan_page(view: dict) -> str:
    """The page of a view (view.view_of)."""
    applied = bool(view["states"])
    title = ("Application of the plan for " if applied else "Plan for ") + (
        view["source"] or "a source without a name"
    )
    sections = [("summary", "Summary", _summary(view))]
    if view["limits"]:
        sections.append(("limits", "Limits", _limits(view["limits"])))
    if view["findings"]:
        facets = [
            ("severity", "Severity", _tally(view["findings"], "severity", SEVERITIES)),
            ("kind", "Kind", _tally(view["findings"], "kind")),
        ]
        sections.append(
            (
                "findings",
                "Findings",
                browser_list("findings", "Search the findings", "employee, rule or words", facets),
            )
        )
    if view["accounts"]:
        parts = [change for account in view["accounts"] for change in account["changes"]]
        facets = [("action", "Action", _tally(parts, "action", ACTIONS))]
        facets += [("state", "State", _tally(parts, "state"))] if applied else []
        facets += [("risk", "Risk", _tally(parts, "risk"))] if view["risks"] else []
        hint = "name, key, attribute, value or group"
        sections.append(
            ("changes", "Changes", browser_list("changes", "Search the changes", hint, facets))
        )
    data = {"accounts": view["accounts"], "findings": view["findings"], "rules": view["rules"]}
    return page(title, "hris.ad", view["description"], view["verdict"], sections, data)


def _tally(entries: list[dict], field: str, order: tuple = ()) -> list[tuple[str, int]]:
    """[(value, how many entries have it), …] in the order given, others after it by the alphabet."""
    counts = Counter(entry[field] for entry in entries if entry.get(field))
    return sorted(
        counts.items(),
        key=lambda item: (order.index(item[0]) if item[0] in order else len(order), item[0]),
    )


def _summary(view: dict) -> str:
    severities = Counter(entry.get("severity") for entry in view["findings"])
    numbers = [
        ("changes", view["changes"]),
        ("accounts changed", sum(1 for account in view["accounts"] if account["key"])),
    ]
    if view["risks"]:
        numbers.append(("changes of high risk", view["risks"].get("high", 0)))
    numbers += [("employees in the feed", sum(view["people"].values()))] if view["people"] else []
    numbers += [("errors found", severities["error"]), ("warnings found", severities["warning"])]
    charts = []
    if view["counts"]:
        charts.append(
            bars("Changes by action", _rows(view["counts"], "action"), ("Action", "Changes"))
        )
    if view["states"]:
        charts.append(
            bars(
                "Changes by what became of them",
                _rows(view["states"], "state"),
                ("State", "Changes"),
            )
        )
    if view["people"]:
        charts.append(
            stacked(
                "Employees by state",
                [(state.replace("_", " "), count) for state, count in view["people"].items()],
            )
        )
    if view["matched"]:
        matched = [
            (name.replace("_", " "), count, None, "one") for name, count in view["matched"].items()
        ]
        charts.append(bars("Employees and accounts, matched", matched, ("How", "Count")))
    return tiles(numbers) + f'<div class="charts">{"".join(charts)}</div>' + _facts(view)


def _rows(counts: dict[str, int], field: str) -> list[tuple]:
    return [
        (name, count, f"#{field}={in_address(name)}", TONES.get(name, "info"))
        for name, count in counts.items()
    ]


def _facts(view: dict) -> str:
    shown = []
    for label, text in view["facts"]:
        code = ' class="code"' if label.startswith(CODES) else ""
        expires = (
            f' data-expires="{in_html(text)}"' if label == "Expires" and not view["states"] else ""
        )
        shown.append(f"<div><dt>{in_html(label)}</dt><dd{code}{expires}>{in_html(text)}</dd></div>")
    return f'<dl class="facts">{"".join(shown)}</dl>'


def _limits(limits: list[dict]) -> str:
    rows = []
    for verdict in limits:
        state = ("bad", "exceeded") if verdict.get("exceeded") else ("good", "kept")
        rows.append(
            f'<tr><th scope="row">{in_html(verdict.get("action"))} <span class="badge {state[0]}">{state[1]}</span></th>'
            f'<td class="number" data-label="Changes">{verdict.get("changes", 0):,}</td>'
            f'<td class="number" data-label="Allowed">{in_html(_allowed(verdict))}</td>'
            f'<td class="wholly" aria-hidden="true">{against_limit(verdict.get("changes", 0), _most(verdict))}</td>'
            f'<td class="wholly">{in_html(verdict.get("message"))}</td></tr>'
        )
    return (
        '<table class="table limits"><caption class="unseen">Every limit that is set, and how much of it the plan uses</caption>'
        '<thead><tr><th scope="col">Limit</th><th scope="col" class="number">Changes</th><th scope="col" class="number">Allowed</th>'
        f'<td></td><th scope="col">In words</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _allowed(verdict: dict) -> str:
    parts = [f"{verdict['count']:,}"] if verdict.get("count") is not None else []
    parts += [f"{verdict['percent']:g} %"] if verdict.get("percent") is not None else []
    return " and ".join(parts) or "any"


def _most(verdict: dict) -> float | None:
    """How many changes the limit allows, whichever of its parts is the smaller."""
    known = [verdict["count"]] if verdict.get("count") is not None else []
    known += (
        [verdict["percent"] * verdict.get("of", 0) / 100]
        if verdict.get("percent") is not None
        else []
    )
    return min(known, default=None)
