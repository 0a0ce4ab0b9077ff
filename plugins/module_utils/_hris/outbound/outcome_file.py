# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcome files: the accounts of a run, one a line, as the module sync writes them."""

from __future__ import annotations

from typing import TypedDict, cast

from ..errors import HrisError
from ..json_files import read_lines
from ..model.records import Record


class AccountOutcome(TypedDict, total=False):
    """A line of an outcome file: one account after a run, and what the run did to it.

    The module sync writes it (outcome_dest). step_accounts copies lines and adds occurrences.
    """

    key: str | None  # the employee's key in HR; at least one of key and guid is there
    source: str  # the name of the HR source
    type: str  # "user"
    guid: str | None  # objectGUID as text; None for an account that check mode would create
    dn: str | None
    state: str  # the employee's lifecycle state: active, leaver, absent and so on
    start: str | None  # the first day, YYYY-MM-DD
    end: str | None  # the last day, YYYY-MM-DD
    first_day_without_access: str | None  # YYYY-MM-DD
    timezone: str | None  # the IANA name of the employee's time zone
    events: list[str]  # what the run did, of objects.EVENTS
    attributes: dict[str, list[str]]  # the AD attributes after the run
    before: dict[str, list[str]]  # the attributes that changed, as they were before
    groups_added: list[str]  # DNs
    groups_removed: list[str]  # DNs
    employee: Record  # the HR record
    check_mode: bool  # whether the run only predicted this, in check mode
    occurrences: list[str]  # by what a step is due for the account; only in files of step_accounts


def read_outcomes(path: str, check_mode: bool) -> list[AccountOutcome]:
    """The accounts of an outcome file. Raises HrisError that names the file and line.

    check_mode: whether the predicted outcome of a run in check mode is accepted. Nothing is sent
    and nothing is recorded about changes that have not happened.
    """
    lines = read_lines(path)
    for number, line in enumerate(lines, start=1):
        if not line.get("key") and not line.get("guid"):
            raise HrisError(
                "the object has neither key nor guid",
                f"{path}, line {number}",
                "Give a file that the module sync has written to outcome_dest",
            )
    # JSON has no types: what the code relies on was checked above.
    outcomes = cast(list[AccountOutcome], lines)
    if not check_mode and any(map(is_predicted, outcomes)):
        raise HrisError(
            "this is the outcome of a run in check mode, so none of it has happened",
            path,
            "Run sync without check mode first",
        )
    return outcomes


def is_predicted(outcome: AccountOutcome) -> bool:
    """Whether it comes from a run in check mode."""
    return bool(outcome.get("check_mode"))
