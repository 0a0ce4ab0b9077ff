# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..data_class import frozen
from ..model.plan_json import plain
from ..planning.delegation import Lines

OK, WARNING, ERROR = "ok", "warning", "error"  # Check.status


@frozen
class Check:
    """One line of the doctor."""

    check: str  # what was looked at, a stable word
    status: str
    message: str  # one sentence
    remedy: str = ""  # what to do; "" where nothing is to be done
    # Lines that do it, where it is a right that is missing
    dsacls: str = ""
    powershell: str = ""
    samba_tool: str = ""


def good(check: str, message: str) -> Check:
    """A check that found nothing wrong."""
    return Check(check, OK, message)


def with_lines(check: str, status: str, message: str, remedy: str, lines: Lines) -> Check:
    """A check that found a right missing."""
    return Check(check, status, message, remedy, *lines)


def as_result(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """The checks as a module returns them; what is empty is left out."""
    return [{name: text for name, text in plain(one).items() if text} for one in checks]


def lines_for_people(check: Check) -> list[str]:
    """The check in one line, and below it what delegates a right that is missing."""
    text = f"{check.status}: {check.check}: {check.message} {check.remedy}".rstrip()
    given = (check.dsacls, f"PowerShell: {check.powershell}", check.samba_tool)
    return [text, *(f"  {one}" for one in given if one)] if check.samba_tool else [text]
