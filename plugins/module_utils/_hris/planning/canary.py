# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaries: a few accounts whose changes are made, and read back, before those of all others."""

from __future__ import annotations

from ..ad_values.dn import normal, object_of


def canaries(changes: list[dict], accounts: int) -> list[int]:
    """The indexes of the changes of the first accounts that rest on no other account of this plan, in the plan's order.

    OUs that are to be created are not theirs: an account in one is no canary.
    """
    new = {
        normal(change["dn"]) for change in changes if change["action"] in ("create", "create_ou")
    }
    chosen: dict[str, list[int]] = {}
    left_out = set()
    for index, change in enumerate(changes):
        account = object_of(change)
        if change["action"] == "create_ou" or account in left_out:
            continue
        if account not in chosen and len(chosen) == accounts:
            continue
        if _rests_on_others(change, new):
            left_out.add(account)
            chosen.pop(account, None)
            continue
        chosen.setdefault(account, []).append(index)
    return sorted(index for indexes in chosen.values() for index in indexes)


def _rests_on_others(change: dict, new: set[str]) -> bool:
    places = (
        [change.get("to", change["dn"])] if change["action"] in ("create", "move", "rename") else []
    )
    if any(normal(place).partition(",")[2] in new for place in places):
        return True
    texts = [
        text
        for values in change.get("attributes", {}).values()
        for text in values["after"]
        if text.startswith("CN=")
    ]
    return any(normal(text) in new for text in texts)
