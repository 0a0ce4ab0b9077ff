# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources that are not in a run: nothing is taken from an account that they may want to keep."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from ..model import actions
from ..model.directory import Account, Snapshot
from ..model.findings import Finding
from ..model.plan import Change
from .context import Context
from .ownership import mark_of

# What is taken from an account, or from its person
_TAKING = frozenset(
    (
        actions.DISABLE,
        actions.DELETE,
        actions.TAKE_OVER,
        actions.RELINK,
        actions.MOVE,
        actions.RENAME,
        actions.GROUP_REMOVE,
    )
)


def left_out_finding(source: str, why: str) -> Finding:
    """The finding about a source whose feed could not be used."""
    message = (
        f"the source {source} is left out: {why}. Nothing is taken from the accounts that it has a "
        "part in, and its leavers keep their access. Correct the source, and run again."
    )
    return Finding("left_out", message, source=source)


def accounts_of(sources: Container[str], snapshot: Snapshot, mark: str) -> list[Account]:
    """The accounts that these sources own or contribute to. mark: the attribute that keeps it."""
    if not sources:
        return []
    found = []
    for account in snapshot.accounts:
        one = mark_of(account, mark)
        if one and any(source in sources for source in one.sources):
            found.append(account)
    return found


def without_taking(
    changes: list[Change], account: Account, context: Context
) -> tuple[list[Change], list[Change]]:
    """(the changes of an account that are made, those that would take something and are left out
    because a source in its mark is not in this run).
    """
    mark = mark_of(account, context.mark)
    if mark is None or context.sources.keys() >= set(mark.sources):
        return changes, []
    kept: list[Change] = []
    taking: list[Change] = []
    for change in changes:
        if change.action in _TAKING:
            taking.append(change)
            continue
        given = {name: one for name, one in change.attributes.items() if one.after}
        if given or change.group:
            kept.append(replace(change, attributes=given))
    return kept, taking
