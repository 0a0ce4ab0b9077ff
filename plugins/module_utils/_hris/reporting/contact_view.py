# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report on the first contact shows, in every format. Hidden values are not in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..data_class import frozen
from ..model.actions import BAD, GOOD, WARN
from ..model.directory import Account
from ..model.findings import ERROR, WARNING, Finding
from ..planning.adoption import NOT_ADOPTED_YET
from ..planning.contact_lines import (
    BY_MARK,
    MATCHED,
    NO_ACCOUNT,
    SECOND_ACCOUNT,
    UNOWNED,
    ContactLine,
    FirstContact,
)
from ..planning.matching import BY_FALLBACK, BY_KEY, BY_LINK
from ..planning.proposals import Proposal
from ..planning.summary import HIDDEN
from ..wording import counted
from .csv_table import Cell, sheet
from .plan_view import Verdict, by_severity
from .reconcile import KINDS
from .redaction import Redaction

PROPOSALS = "proposals"
# {name of a count: its words}; other kinds are those of findings, and are shown as they are
COUNTS = {
    MATCHED: "Employees with an account that a run follows",
    NOT_ADOPTED_YET: "Employees whose account is not adopted yet",
    BY_MARK: "Accounts found by the mark",
    BY_KEY: "Accounts found by the key",
    BY_FALLBACK: "Accounts found by a fallback",
    BY_LINK: "Accounts found by a link",
    NO_ACCOUNT: KINDS[NO_ACCOUNT],
    PROPOSALS: "Employees with a proposal",
    UNOWNED: KINDS[UNOWNED],
    SECOND_ACCOUNT: "Accounts that may be the second one of an employee",
}
CELLS = (
    "severity",
    "kind",
    "source",
    "key",
    "name",
    "state",
    "how",
    "dn",
    "sAMAccountName",
    "enabled",
    "confidence",
    "agree",
    "differ",
    "message",
)


@frozen
class ContactView:
    """The report."""

    sources: list[str]
    domain: str
    as_of: str  # ISO 8601
    verdict: Verdict
    totals: dict[str, int]  # {kind of a line, or how an account was found: how many}
    counts: dict[str, int]  # the same, in words
    findings: list[Finding]  # a finding for each line, errors first
    rows: list[list[Cell]]  # of CELLS: a row for each line and for each proposal


def contact_view(found: FirstContact, redact: Iterable[str]) -> ContactView:
    """The report. redact: attributes whose values are hidden."""
    redaction = Redaction(redact)
    names = [*COUNTS, *sorted(found.counts.keys() - COUNTS.keys())]
    return ContactView(
        sources=found.sources,
        domain=found.domain,
        as_of=found.as_of,
        verdict=_verdict(found),
        totals={name: found.counts[name] for name in names if name in found.counts},
        counts={
            COUNTS.get(name, name.replace("_", " ")): found.counts[name]
            for name in names
            if name in found.counts
        },
        findings=by_severity(_finding(line, redaction) for line in found.lines),
        rows=[row for line in found.lines for row in _rows(line, redaction)],
    )


def _verdict(found: FirstContact) -> Verdict:
    errors = sum(line.severity == ERROR for line in found.lines)
    warnings = sum(line.severity == WARNING for line in found.lines)
    words = [
        counted(found.counts.get(MATCHED, 0), "employee has an account", "employees have accounts"),
        counted(found.counts.get(NO_ACCOUNT, 0), "has none", "have none"),
        counted(found.counts.get(UNOWNED, 0), "account is nobody's", "accounts are nobody's"),
    ]
    waiting = found.counts.get(NOT_ADOPTED_YET, 0)
    if waiting:
        words.insert(1, counted(waiting, "is not adopted yet", "are not adopted yet"))
    if errors:
        words.append(counted(errors, "error", "errors"))
    if warnings:
        words.append(counted(warnings, "warning", "warnings"))
    tones = {BAD: errors, WARN: warnings}
    tone = next((name for name, number in tones.items() if number), GOOD)
    return Verdict(tone, ", ".join(words))


def _finding(line: ContactLine, redaction: Redaction) -> Finding:
    return Finding(
        line.kind,
        redaction.sentence(line.message),
        line.key,
        line.how or None,
        line.severity,
        redaction.person(line.name),
        line.source,
    )


def _rows(line: ContactLine, redaction: Redaction) -> Iterator[list[Cell]]:
    start: list[Cell] = [line.severity, line.kind, line.source, line.key]
    start += [redaction.person(line.name), line.state]
    message = redaction.sentence(line.message)
    if not line.proposals:
        yield [*start, line.how, *_account(line.account, redaction), None, "", "", message]
    for proposal in line.proposals:
        account = _account(proposal.account, redaction)
        yield [*start, "", *account, *_confidence(proposal), message]


def _account(account: Account | None, redaction: Redaction) -> list[Cell]:
    if account is None:
        return [None, None, None]
    name = next(iter(account.attributes.get("sAMAccountName", ())), "")
    if name and "samaccountname" in redaction.attributes:
        name = HIDDEN
    return [redaction.dn(account.dn), name, "yes" if account.enabled else "no"]


def _confidence(proposal: Proposal) -> list[Cell]:
    return [proposal.confidence, ", ".join(proposal.agree), ", ".join(proposal.differ)]


def contact_sheet(view: ContactView) -> str:
    """The report as CSV."""
    return sheet(CELLS, view.rows)
