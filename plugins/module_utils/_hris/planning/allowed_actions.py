# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a configuration may do: changes of other actions are held and told, and none that rests on them is made."""

from __future__ import annotations

from collections import defaultdict

from ..ad_values.dn import object_of
from ..model.findings import INFO, finding
from .dependencies import rest_on

SWITCHES = ("create", "enable", "disable", "delete")


def permitted(changes: list[dict], actions: list[str]) -> tuple[list[dict], list[dict]]:
    """(the changes that may be made, a finding for each account of which some are held).

    actions: those that the configuration has. Where an account may not be created, enabled, disabled or deleted, nothing
    else is done to it either: a leaver who may not be locked would only lose the groups.
    """
    refused = defaultdict(set)
    for change in changes:
        if change["action"] not in actions:
            refused[object_of(change)].add(change["action"])
    held = {account for account, wanted in refused.items() if wanted.intersection(SWITCHES)}
    kept = [
        change
        for change in changes
        if change["action"] in actions and object_of(change) not in held
    ]
    left_out = [
        change for change in changes if change["action"] not in actions or object_of(change) in held
    ]
    kept, _waiting = rest_on(kept, left_out, lambda change: change["dn"])
    first = {}
    for change in changes:
        first.setdefault(object_of(change), change)
    findings = [
        finding(
            "not_permitted",
            f"{', '.join(sorted(wanted))} of {first[account]['dn']} is held: this configuration may not do it.",
            key=first[account]["key"],
            place="actions",
            severity=INFO,
        )
        for account, wanted in refused.items()
    ]
    return kept, findings
