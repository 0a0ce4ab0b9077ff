# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown, for pull requests and for the output of a job.

It is bounded in size, and it says what it leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ..model.findings import Finding
from ..model.plan import HIGH, LimitVerdict
from ..planning.causes import causes_of, spread
from ..planning.labels import labelled
from .cause_views import CauseView
from .change_states import PLANNED
from .change_views import AccountView, ChangeView
from .escaping import code_in_markdown, in_markdown
from .plan_page import title_of
from .plan_view import ReportView, limit_name

CHARACTERS = 60_000  # GitHub takes comments of 65,536
SHARE_OF_FINDINGS = 0.4  # of the characters; changes may use what findings leave
LONGEST_CAUSE = 300  # characters of its message
_AROUND_A_LIST = 80  # characters: its heading, and the line about the rest

Entry = TypeVar("Entry")


def plan_markdown(
    view: ReportView, most: int, characters: int = CHARACTERS, whole: str | None = None
) -> str:
    """The report on a plan.

    It has at most ``most`` findings, as many accounts, and so many characters in all. whole: where
    the whole report is.
    """
    head = [f"# {in_markdown(title_of(view))}", ""]
    head += [f"**{in_markdown(view.verdict.text)}**", ""]
    head += [f"- {in_markdown(fact.label)}: {code_in_markdown(fact.text)}" for fact in view.facts]
    head.append("")
    head += _actions(view)
    for title, counts in (
        ("State", view.states),
        ("Risk", view.risks),
        ("Attribute that differs", view.attributes),
        ("Employees", view.people),
    ):
        rows = [(in_markdown(name), f"{count:,}") for name, count in counts.items()]
        head += table((title, "Count"), rows)
    head += table(("Limit", "Verdict", "In words"), map(_limit, view.limits))
    head += table(("Findings of one cause", "Count", "First"), map(_cause, view.causes))
    findings = spread(causes_of(view.findings), len(view.findings))
    return bounded(head, findings, view.accounts, most, characters, whole)


def _actions(view: ReportView) -> list[str]:
    """The changes by action; after a run how many of them were made."""
    if not view.applied:
        rows = [(in_markdown(name), f"{count:,}") for name, count in view.actions.items()]
        return table(("Action", "Count"), rows)
    made = [
        (in_markdown(name), f"{view.made.get(name, 0):,}", f"{count:,}")
        for name, count in view.actions.items()
    ]
    return table(("Action", "Made", "Planned"), made)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table, as lines. The cells are Markdown already; without rows there is no line."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return []
    return [f"| {' | '.join(head)} |", f"| {' | '.join(['---'] * len(head))} |", *lines, ""]


def bounded(
    head: Iterable[str],
    findings: Sequence[Finding],
    accounts: Sequence[AccountView],
    most: int,
    characters: int = CHARACTERS,
    whole: str | None = None,
) -> str:
    """The lines of head, then findings and accounts as far as there is room.

    It says how many are left out. most: of each list. whole: where all of them are.
    """
    rest = f"left out here. All are in {in_markdown(whole)}" if whole else "left out here"
    parts = ["\n".join(head)]
    used = len(parts[0])
    if findings:
        share = SHARE_OF_FINDINGS if accounts else 1
        room = used + (characters - used) * share
        parts.append(_list("Findings", "findings", findings, _finding, most, room - used, rest))
        used += len(parts[1])
    if accounts:
        room = characters - used
        parts.append(_list("Changes", "accounts", accounts, _account, most, room, rest))
    return "\n".join(parts).rstrip() + "\n"


def _list(
    title: str,
    noun: str,
    entries: Sequence[Entry],
    text_of: Callable[[Entry], str],
    most: int,
    room: float,
    rest: str,
) -> str:
    """A heading and the entries that fit. room: characters. rest: what becomes of the others."""
    lines = [f"## {title}", ""]
    used = len(title) + _AROUND_A_LIST + len(rest)
    shown = 0
    for entry in entries[:most]:
        text = text_of(entry)
        if used + len(text) > room:
            break
        used += len(text) + 1
        shown += 1
        lines.append(text)
    if shown < len(entries):
        lines.append(f"\nand {len(entries) - shown:,} more {noun} that are {rest}")
    return "\n".join([*lines, ""])


def _limit(verdict: LimitVerdict) -> tuple[str, str, str]:
    state = "**exceeded**" if verdict.exceeded else "kept"
    return in_markdown(limit_name(verdict)), state, in_markdown(verdict.message)


def _cause(cause: CauseView) -> tuple[str, str, str]:
    text = in_markdown(f"{cause.severity}: {cause.message[:LONGEST_CAUSE]}")
    return text, f"{cause.count:,}", in_markdown(cause.people)


def _finding(finding: Finding) -> str:
    text = f"- **{in_markdown(finding.severity)}** {in_markdown(finding.kind)}: "
    if finding.key:
        text += f"{code_in_markdown(labelled(finding.key, finding.name))}: "
    text += in_markdown(finding.message)
    if finding.place:
        text += f" ({code_in_markdown(finding.place)})"
    return text


def _account(account: AccountView) -> str:
    lines = [f"### {in_markdown(account.label)}", "", code_in_markdown(account.dn), ""]
    rows: list[tuple[str, str, str]] = []
    previous = ""
    for change in account.changes:
        text = _change(change)
        if text != previous:  # several memberships of one reason are one line
            lines.append(text)
            previous = text
        rows += _rows(change)
    return "\n".join([*lines, "", *table(("Attribute", "Before", "After"), rows)])


def _change(change: ChangeView) -> str:
    parts = [f"**{in_markdown(change.action)}**"]
    if change.state != PLANNED:
        parts.append(f"**{change.state}**")
    if change.risk == HIGH:
        parts.append(f"**{_high_risk(change)}**")
    parts += [in_markdown(text) for text in (change.reason, change.message) if text]
    return f"- {', '.join(parts)}"


def _high_risk(change: ChangeView) -> str:
    if not change.risks:
        return "high risk"
    return f"high risk: {in_markdown(', '.join(change.risks))}"


def _rows(change: ChangeView) -> list[tuple[str, str, str]]:
    """The rows of a change: (what changes, before, after)."""
    rows = [
        (code_in_markdown(row.name), _texts(row.before), _texts(row.after)) for row in change.values
    ]
    if change.to:
        rows.append(("place", code_in_markdown(change.dn), code_in_markdown(change.to)))
    if change.group:
        group = code_in_markdown(change.group)
        rows.append(("group", group, "") if change.leaves_group else ("group", "", group))
    return rows


def _texts(texts: Iterable[str]) -> str:
    return " ".join(map(code_in_markdown, texts))
