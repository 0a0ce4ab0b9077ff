# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as CSV (RFC 4180, UTF-8 with the mark that spreadsheets know it by): every change, or every finding, and no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from .escaping import cell

CHANGES = ("number", "key", "name", "action", "state", "risk", "risks", "dn", "to", "group", "attribute", "before", "after", "reason",
           "message")  # fmt: skip
FINDINGS = ("severity", "kind", "key", "place", "message")
MARK = "\ufeff"


def changes_sheet(view: dict) -> str:
    """One line for each value that changes; a change without values is one line. Several values of one attribute are lines of one cell."""
    return sheet(
        CHANGES,
        (
            row
            for account in view["accounts"]
            for change in account["changes"]
            for row in _rows(account, change)
        ),
    )


def findings_sheet(findings: list[dict]) -> str:
    """One line for each finding."""
    return sheet(FINDINGS, ([entry.get(name) for name in FINDINGS] for entry in findings))


def sheet(head: Iterable[str], rows: Iterable[Iterable]) -> str:
    """The whole file; every cell is text that a spreadsheet shows and does not calculate."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(
        [value if isinstance(value, int) else cell(value) for value in row] for row in rows
    )
    return MARK + out.getvalue()


def _rows(account: dict, change: dict) -> Iterator[list]:
    start = [
        change["index"],
        account["key"],
        account["name"],
        change["action"],
        change["state"],
        change.get("risk"),
    ]
    start += [
        "; ".join(change.get("risks", ())),
        change.get("dn"),
        change.get("to"),
        change.get("group"),
    ]
    end = [change.get("reason"), change.get("message")]
    for name, before, after in change.get("values") or [(None, [], [])]:
        yield [*start, name, "\n".join(before), "\n".join(after), *end]
