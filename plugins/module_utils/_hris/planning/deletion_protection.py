# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that are protected from accidental deletion: they are neither moved nor deleted, or by
policy the protection is lifted for it, and set again after a move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..model import actions
from ..model.findings import WARNING, Finding
from ..model.plan import Change
from ..option_names import option_name
from ..wording import counted
from .dependencies import independent_of

LIFT = "lift"  # ownership.deletion_protection
DENIED = (actions.MOVE, actions.DELETE)  # what the protection denies
WORDS = {actions.MOVE: "moved", actions.DELETE: "deleted"}
# Given changes: {objectGUID: whether the account of the run may lift it} of protected accounts
Protections = Callable[[Sequence[Change]], Mapping[str, bool]]


def settle_protection(
    changes: list[Change], protections: Protections, policies: Mapping[str, str]
) -> tuple[list[Change], list[Finding]]:
    """(the changes that can be made, a finding for each account that is neither moved nor deleted).

    policies: {source: ownership.deletion_protection}.
    """
    asked = [change for change in changes if change.action in DENIED and change.guid]
    protected = protections(asked) if asked else {}
    if not protected:
        return changes, []
    left_out: list[Change] = []
    findings = []
    for change in asked:
        may_lift = protected.get(change.guid or "")
        if may_lift is None:
            continue
        is_wanted = policies.get(change.source or "") == LIFT
        if may_lift and is_wanted:
            change.lifts_protection = True
            change.reason += "; the protection from accidental deletion is lifted for it"
        else:
            left_out.append(change)
            findings.append(_finding(change, is_wanted))
    if not left_out:
        return changes, []
    kept = [change for change in changes if change not in left_out]
    return independent_of(kept, left_out, lambda change: change.dn).changes, findings


def _finding(change: Change, is_wanted: bool) -> Finding:
    done = WORDS[change.action]
    place = option_name("ownership.deletion_protection")
    advice = f"Take the protection away by hand, or set {place} to lift."
    if is_wanted:
        advice = (
            "The account of the run may not lift that (it needs the right to change the "
            "permissions of the account, and the protection must not be inherited). Take it away "
            "by hand."
        )
    message = f"{change.dn} is protected from accidental deletion, so it is not {done}. {advice}"
    return Finding(
        "deletion_protection",
        message,
        key=change.key,
        place=place,
        severity=WARNING,
        source=change.source,
    )


def recycle_bin_findings(changes: Sequence[Change], recycle_bin: bool | None) -> list[Finding]:
    """The finding about deletions in a directory without a recycle bin. recycle_bin: None where
    that is not known.
    """
    count = sum(change.action == actions.DELETE for change in changes)
    if not count or recycle_bin is not False:
        return []
    message = (
        f"{counted(count, 'account is', 'accounts are')} deleted, and this directory has no "
        "recycle bin: with other tools than the undo of this run, only a backup brings groups and "
        "values back. Enable the recycle bin of Active Directory, or keep the undo plan."
    )
    return [
        Finding(
            "no_recycle_bin",
            message,
            place=option_name("leaver.delete_after_days"),
            severity=WARNING,
        )
    ]
