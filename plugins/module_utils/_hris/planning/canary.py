# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaries: a few accounts whose changes are made, and read back, before all others."""

from __future__ import annotations

from collections.abc import Sequence

from ..ad_values.dn import normal, object_of, parent
from ..ad_values.unique_names import UniqueName, given_up, handed_on, taken
from ..model import actions
from ..model.plan import Change

WITH_PLACE = (actions.CREATE, actions.MOVE, actions.RENAME)  # actions that give an account a place


def canaries(changes: Sequence[Change], accounts: int) -> list[int]:
    """The indexes of the changes of the first accounts that depend on no other object of this plan.

    accounts: how many. An account in an OU that the plan creates is not a canary.
    """
    new_objects = (actions.CREATE, actions.CREATE_OU)
    new = {normal(change.dn) for change in changes if change.action in new_objects}
    passed_on = handed_on(changes)
    chosen: dict[str, list[int]] = {}
    dependent = set()
    for index, change in enumerate(changes):
        account = object_of(change)
        if change.action == actions.CREATE_OU or account in dependent:
            continue
        if account not in chosen and len(chosen) == accounts:
            continue
        if _depends_on(change, new) or _hands_on(change, passed_on):
            dependent.add(account)
            chosen.pop(account, None)
        else:
            chosen.setdefault(account, []).append(index)
    return sorted(index for indexes in chosen.values() for index in indexes)


def _hands_on(change: Change, names: set[UniqueName]) -> bool:
    """Whether a change gives one of the names to another account, or takes it from one."""
    return bool(names) and not names.isdisjoint(given_up(change) | taken(change))


def _depends_on(change: Change, new: set[str]) -> bool:
    """Whether a change needs one of the new objects (normal DNs)."""
    if change.action in WITH_PLACE and normal(parent(change.to or change.dn)) in new:
        return True
    for values in change.attributes.values():
        for text in values.after:
            if text.startswith("CN=") and normal(text) in new:
                return True
    return False
