# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The impact of new rules as lines of text and as Markdown."""

from __future__ import annotations

from dataclasses import replace

from ..model import actions
from ..model.findings import INFO
from ..planning.labels import labelled
from ..reporting.change_views import AccountView, ChangeView, ValueView
from ..reporting.escaping import code_in_markdown, in_markdown
from ..reporting.markdown import bounded, table
from ..reporting.plan_view import ReportView, view_of
from .impact import Impact


def sentence(impact: Impact) -> str:
    """The impact in one line."""
    counts = ", ".join(f"{count} {action}" for action, count in impact.plan.counts.items())
    people = f"{impact.changed} of {impact.people} people change ({impact.percent:g} %)"
    text = f"{impact.plan.title}: {people}: {counts or 'nothing changes'}"
    new, gone = len(impact.findings_new), len(impact.findings_gone)
    if new or gone:
        text += f"; findings: {new} new, {gone} gone"
    return text


def lines_of(impact: Impact) -> list[str]:
    """The sentence, then each change with its values, and the findings. Some values are hidden."""
    view = _view(impact)
    lines = [sentence(impact)]
    for account in view.accounts:
        lines += [_change_line(account, change) for change in account.changes]
    for finding in view.findings:
        who = labelled(finding.key, finding.name)
        lines.append(f"  {finding.severity}: {finding.kind}: {who}: {finding.message}")
    return lines


def _change_line(account: AccountView, change: ChangeView) -> str:
    parts = []
    if change.to:
        parts.append(f"to {change.to}")
    if change.group:
        parts.append(change.group)
    if change.action != actions.CREATE:
        parts += [", ".join(map(_value_text, change.values))]
    what = " ".join(filter(None, parts))
    head = " ".join(filter(None, (change.action, account.key, account.dn)))
    return f"  {head}: {what} ({change.reason})"


def _value_text(values: ValueView) -> str:
    before = "; ".join(values.before) or "empty"
    return f"{values.name}: {before} → {'; '.join(values.after) or 'empty'}"


def impact_markdown(impact: Impact, most: int) -> str:
    """The impact for a pull request: counts, limits, then findings and people as far as they fit.

    most: findings and accounts at most.
    """
    plan = impact.plan
    head = [
        f"# Impact of the new rules for {in_markdown(plan.title)}",
        "",
        f"**{in_markdown(sentence(impact))}**",
        "",
        f"- Computed for: {code_in_markdown(plan.as_of)}",
        "",
    ]
    for title, counts in (("Action", plan.counts), ("Attribute", impact.attributes)):
        rows = [(in_markdown(name), f"{count:,}") for name, count in counts.items()]
        head += table((title, "Count"), rows)
    limits = [
        (in_markdown(verdict.action), in_markdown(verdict.message))
        for verdict in impact.limits_exceeded
    ]
    head += table(("Limit that would stop the run", "Message"), limits)
    view = _view(impact)
    return bounded(head, view.findings, view.accounts, most)


def _view(impact: Impact) -> ReportView:
    """The impact as reports show a plan; the findings that are gone come after the new ones."""
    gone = [
        replace(finding, severity=INFO, kind=f"gone: {finding.kind}")
        for finding in impact.findings_gone
    ]
    shown = replace(impact.plan, findings=[*impact.findings_new, *gone])
    return view_of(shown, None, impact.redact)
