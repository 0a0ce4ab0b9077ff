# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inverse of a plan: the changes that put back what its application changed."""

from __future__ import annotations

BACK = {
    "create": "delete",
    "delete": "restore",
    "enable": "disable",
    "disable": "enable",
    "group_add": "group_remove",
    "group_remove": "group_add",
}
ORDER = (
    "restore",
    "enable",
    "update",
    "disable",
    "move",
    "rename",
    "group_add",
    "group_remove",
    "delete",
)


def inverse_of(plan: dict, fates: dict[int, str]) -> dict:
    """The plan that undoes another one, as far as it was applied.

    fates: {index of a change: "applied", "refused", "skipped" or "unknown"}. A change whose fate is unknown is undone as
    well: what it would have changed is compared with the directory before anything is put back. OUs that were created stay.
    Nothing of it is random or secret: a password that was given is not taken back, and a deleted account has a new one.
    """
    moved = {change["guid"]: change["to"] for change in plan["changes"] if "to" in change}
    changes = []
    for index, change in enumerate(plan["changes"]):
        new = change["guid"] is None
        if (
            fates.get(index) not in ("applied", "unknown")
            or change["action"] == "create_ou"
            or (new and change["action"] != "create")
        ):
            continue
        changes.append(_inverse(change, moved.get(change["guid"], change["dn"])))
        for group in change.get("groups", ()):
            changes.append(changes[-1] | {"action": "group_add", "group": group})
            del changes[-1]["attributes"]
    changes.sort(key=lambda change: ORDER.index(change["action"]))
    kept = {name: plan[name] for name in ("format", "source", "as_of", "domain")}
    return kept | {
        "changes": changes,
        "counts": {
            action: count
            for action in ORDER
            if (count := sum(change["action"] == action for change in changes))
        },
        "people": {},
        "findings": [],
        "limits": [],
        "matched": {},
        "undoes": plan["digest"],
    }


def _inverse(change: dict, dn: str) -> dict:
    """dn: where the account stands after the plan."""
    action = change["action"]
    reason = f"undo: {change['reason']}"
    back = {
        "key": change["key"],
        "action": BACK.get(action, action),
        "guid": change["guid"],
        "dn": dn,
        "reason": reason,
    }
    if "to" in change:
        back["to"] = change["dn"]
    if "group" in change:
        back["group"] = change["group"]
    if "attributes" in change:
        back["attributes"] = {
            name: {"before": values["after"], "after": values["before"]}
            for name, values in change["attributes"].items()
            if name != "pwdLastSet"
        }
    return back
