# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as CSV (RFC 4180): every change, or every finding, and no formulas.

UTF-8 starts with a byte order mark, by which spreadsheets recognise it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ..model.findings import Finding
from .change_views import AccountView, ChangeView, ValueView
from .escaping import cell, cell_of_lines
from .plan_view import ReportView

CHANGES = (
    "number",
    "key",
    "name",
    "action",
    "state",
    "risk",
    "risks",
    "dn",
    "to",
    "group",
    "attribute",
    "before",
    "after",
    "reason",
    "message",
)
FINDINGS = ("severity", "kind", "key", "name", "place", "message")
BYTE_ORDER_MARK = "\ufeff"
Cell: TypeAlias = "str | int | list[str] | None"
_NO_VALUES = [ValueView("", [], [])]


def changes_sheet(view: ReportView) -> str:
    """One line for each attribute that changes; a change without values is one line.

    Several values of one attribute are lines of one cell. What is the same for all lines of a
    change and tells nothing of an attribute stands in the first of them: thousands of new accounts
    would repeat their DN twenty times.
    """
    return sheet(CHANGES, _change_rows(view.accounts))


def findings_sheet(findings: Iterable[Finding]) -> str:
    """One line for each finding."""
    return sheet(FINDINGS, map(_finding_row, findings))


def sheet(head: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """The whole file. Each text is a cell that a spreadsheet shows and does not calculate."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(map(_shown, row) for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def _shown(value: Cell) -> str | int:
    if isinstance(value, int):
        return value
    return cell_of_lines(value) if isinstance(value, list) else cell(value)


def _change_rows(accounts: Iterable[AccountView]) -> Iterator[list[Cell]]:
    for account in accounts:
        for change in account.changes:
            yield from _rows(account, change)


def _rows(account: AccountView, change: ChangeView) -> Iterator[list[Cell]]:
    name: Cell = account.name
    about: list[Cell] = [change.risk, "; ".join(change.risks), change.dn, change.to, change.group]
    why: list[Cell] = [change.reason, change.message]
    for row in change.values or _NO_VALUES:
        start: list[Cell] = [change.index, account.key, name, change.action, change.state]
        yield [*start, *about, row.name, row.before, row.after, *why]
        name = None if account.key else name
        about, why = [None] * len(about), [None] * len(why)


def _finding_row(finding: Finding) -> list[Cell]:
    return [
        finding.severity,
        finding.kind,
        finding.key,
        finding.name,
        finding.place,
        finding.message,
    ]
