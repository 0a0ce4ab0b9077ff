# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a plan or its application as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..model import actions
from ..model.findings import ERROR, SEVERITIES, WARNING, Finding, open_access
from ..model.plan import APPLIED, HIGH, LimitVerdict
from .cause_views import CauseView
from .change_states import TONES as STATE_TONES
from .charts import Bar, against_limit, bars, stacked
from .escaping import in_fragment, in_html
from .html_page import Facet, Section, browser_list, page, tiles
from .page_data import report_data
from .plan_view import EXPIRES, Fact, ReportView, limit_name

ACTION_TONES = {action.name: action.tone for action in actions.TABLE}
_LIMITS_HEAD = (
    '<table class="table limits"><caption class="unseen">'
    "Every limit that is set, and how much of it the plan uses</caption><thead><tr>"
    '<th scope="col">Limit</th><th scope="col" class="number">Changes</th>'
    '<th scope="col" class="number">Allowed</th><td></td><th scope="col">In words</th>'
    "</tr></thead>"
)


def title_of(view: ReportView) -> str:
    """The title of a report."""
    start = "Application of the plan" if view.applied else "Plan"
    return f"{start} for {', '.join(view.sources)}"


def plan_page(view: ReportView) -> str:
    """The page of a plan."""
    sections = [Section("summary", "Summary", _summary(view))]
    if view.limits:
        sections.append(Section("limits", "Limits", _limits(view.limits)))
    if view.findings:
        text = _causes(view.causes) + _findings(view.findings)
        sections.append(Section("findings", "Findings", text))
    if view.accounts:
        sections.append(Section("changes", "Changes", _changes(view)))
    return page(title_of(view), "", view.verdict, sections, report_data(view))


def _causes(causes: Sequence[CauseView]) -> str:
    """What many findings have in common, so that the others are not lost among them."""
    if not causes:
        return ""
    rows = (
        f"<li><strong>{one.count:,} times, {in_html(one.severity)}:</strong> "
        f"{in_html(one.message)} {in_html(one.people)}</li>"
        for one in causes
    )
    return f"<ul>{''.join(rows)}</ul>"


def _findings(findings: Sequence[Finding]) -> str:
    facets = [
        Facet("severity", "Severity", _tally((one.severity for one in findings), SEVERITIES)),
        Facet("kind", "Kind", _tally(one.kind for one in findings)),
    ]
    return browser_list("findings", "Search the findings", "employee, rule or words", facets)


def _changes(view: ReportView) -> str:
    facets = [Facet("action", "Action", list(view.actions.items()))]
    if view.applied:
        facets.append(Facet("state", "State", sorted(view.states.items())))
    if view.risks:
        facets.append(Facet("risk", "Risk", sorted(view.risks.items())))
    hint = "name, key, attribute, value or group"
    return browser_list("changes", "Search the changes", hint, facets)


def _tally(values: Iterable[str], order: Sequence[str] = ()) -> list[tuple[str, int]]:
    """[(value, how often)], in the order given, or in that of the alphabet."""
    counts = Counter(values)
    return [(value, counts[value]) for value in order or sorted(counts) if counts[value]]


def _summary(view: ReportView) -> str:
    severities = Counter(finding.severity for finding in view.findings)
    numbers = [("changes", view.changes)]
    if view.applied:
        numbers = [("changes made", sum(view.made.values())), ("changes planned", view.changes)]
    numbers.append(("accounts changed", accounts_changed(view)))
    if view.risks:
        numbers.append(("changes of high risk", view.risks.get(HIGH, 0)))
    if view.people:
        numbers.append(("employees in the feed", sum(view.people.values())))
    numbers.append(("can still log on", sum(open_access(view.findings).values())))
    numbers.append(("errors found", severities[ERROR]))
    numbers.append(("warnings found", severities[WARNING]))
    charts = "".join(_charts(view))
    return f'{tiles(numbers)}<div class="charts">{charts}</div>{_facts(view)}'


def accounts_changed(view: ReportView) -> int:
    """How many accounts of people the plan changes, or its application has changed."""
    return sum(
        1
        for account in view.accounts
        if account.key
        and (not view.applied or any(change.state == APPLIED for change in account.changes))
    )


def _charts(view: ReportView) -> Iterable[str]:
    shown = view.made if view.applied else view.actions
    if shown:
        rows = _bars("action", shown, ACTION_TONES)
        title = "Changes made, by action" if view.applied else "Changes by action"
        yield bars(title, rows, ("Action", "Changes"))
    if view.states:
        rows = _bars("state", view.states, STATE_TONES)
        yield bars("Changes by what became of them", rows, ("State", "Changes"))
    if view.attributes:
        rows = [Bar(name, count, "one") for name, count in view.attributes.items()]
        yield bars("Accounts by attribute that differs", rows, ("Attribute", "Accounts"))
    if view.people:
        yield stacked("Employees by state", _in_words(view.people))
    if view.matched:
        rows = [Bar(name, count, "one") for name, count in _in_words(view.matched)]
        yield bars("Employees and accounts, matched", rows, ("How", "Count"))


def _bars(field: str, counts: Mapping[str, int], tones: Mapping[str, str]) -> list[Bar]:
    """Bars that lead to the changes that they count."""
    return [
        Bar(name, count, tones.get(name, actions.NEUTRAL), f"#{field}={in_fragment(name)}")
        for name, count in counts.items()
    ]


def _in_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name.replace("_", " "), count) for name, count in counts.items()]


def _facts(view: ReportView) -> str:
    shown = "".join(_fact(fact, view.applied) for fact in view.facts)
    return f'<dl class="facts">{shown}</dl>'


def _fact(fact: Fact, applied: bool) -> str:
    text, about = in_html(fact.text), ""
    if fact.is_code:
        about = ' class="code"'
    if fact.label == EXPIRES and not applied:
        about += f' data-expires="{text}"'
    return f"<div><dt>{in_html(fact.label)}</dt><dd{about}>{text}</dd></div>"


def _limits(limits: Iterable[LimitVerdict]) -> str:
    return f"{_LIMITS_HEAD}<tbody>{''.join(map(_limit, limits))}</tbody></table>"


def _limit(verdict: LimitVerdict) -> str:
    tone, word = actions.GOOD, "kept"
    if verdict.exceeded:
        tone, word = actions.BAD, "exceeded"
    counted = verdict.changes + verdict.recent
    chart = against_limit(counted, _allowed_changes(verdict))
    return (
        f'<tr><th scope="row">{in_html(limit_name(verdict))} '
        f'<span class="badge {tone}">{word}</span></th>'
        f'<td class="number" data-label="Changes">{counted:,}</td>'
        f'<td class="number" data-label="Allowed">{in_html(_allowed(verdict))}</td>'
        f'<td class="wholly" aria-hidden="true">{chart}</td>'
        f'<td class="wholly">{in_html(verdict.message)}</td></tr>'
    )


def _allowed(verdict: LimitVerdict) -> str:
    """A limit in words."""
    parts = []
    if verdict.count is not None:
        parts.append(f"{verdict.count:,}")
    if verdict.percent is not None:
        parts.append(f"{verdict.percent:g} %")
    return " and ".join(parts) or "any"


def _allowed_changes(verdict: LimitVerdict) -> float | None:
    """How many changes the limit allows; the smaller one where it has a count and a percentage."""
    allowed = []
    if verdict.count is not None:
        allowed.append(verdict.count)
    if verdict.percent is not None:
        allowed.append(verdict.percent * verdict.of / 100)
    return min(allowed, default=None)
