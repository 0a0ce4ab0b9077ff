# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Allowed actions: changes of other actions are left out and reported, and no change that depends
on them is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..ad_values.dn import object_of
from ..model.actions import DECIDES_ACCESS
from ..model.findings import INFO, Finding
from ..model.plan import Change
from ..option_names import option_name
from .dependencies import independent_of


def allowed(
    changes: list[Change], allowed_actions: Mapping[str, Sequence[str] | None]
) -> tuple[list[Change], list[Finding]]:
    """(the changes that may be made, a finding for each account of which some are left out).

    allowed_actions: {source: the actions that it may have; None for all}.

    Where an account may not be created, enabled, disabled or deleted, nothing else is done to it
    either: a leaver who may not be locked would only lose the groups.
    """
    if all(own is None for own in allowed_actions.values()):
        return changes, []
    refused: dict[str, set[str]] = defaultdict(set)  # {object: actions that are not allowed}
    first: dict[str, Change] = {}  # {object: its first change}
    for change in changes:
        first.setdefault(object_of(change), change)
        if not _is_allowed(change, allowed_actions):
            refused[object_of(change)].add(change.action)
    untouched = {name for name, actions in refused.items() if actions & DECIDES_ACCESS}
    kept: list[Change] = []
    left_out: list[Change] = []
    for change in changes:
        if _is_allowed(change, allowed_actions) and object_of(change) not in untouched:
            kept.append(change)
        else:
            left_out.append(change)
    findings = [_finding(first[name], actions) for name, actions in refused.items()]
    return independent_of(kept, left_out, lambda change: change.dn).changes, findings


def _is_allowed(change: Change, allowed_actions: Mapping[str, Sequence[str] | None]) -> bool:
    own = allowed_actions.get(change.source or "")
    return own is None or change.action in own


def _finding(change: Change, refused: set[str]) -> Finding:
    actions = ", ".join(sorted(refused))
    message = f"{actions} of {change.dn} is left out: {option_name('actions')} does not allow it."
    return Finding(
        "not_allowed",
        message,
        key=change.key,
        place=option_name("actions"),
        severity=INFO,
        source=change.source,
    )
