# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits: how much one run may do, judged on the whole plan before the first write."""

from __future__ import annotations

from collections import Counter

# A percent limit does not stop the first few: one leaver of ten people is 10 % and still one leaver.
PERCENT_FLOOR = 3


def judge_limits(
    limits: dict, changes: list[dict], absent: int, people: int, owned: int
) -> list[dict]:
    """The verdict for every limit that is set.

    limits: {action, or ("attribute", name): {"count": int | None, "percent": float | None}}. absent: accounts of this source
    that no employee has.
    people: how many are in the feed; owned: how many accounts the source has. A verdict is
    {"action", "changes", "of", "count", "percent", "exceeded", "message"}; ``of`` is what the percentage is taken of: the
    feed for create, the accounts for everything else.
    """
    concerned = Counter(
        action
        for _account, action in {
            (change["key"] or change["dn"], change["action"]) for change in changes
        }
    )
    concerned["absent"] = absent
    concerned.update(
        ("attribute", name)
        for change in changes
        if change["action"] not in ("create", "delete")
        for name in change.get("attributes", ())
    )
    return [
        _verdict(
            action, limit, concerned[action], people if action in ("create", "create_ou") else owned
        )
        for action, limit in sorted(limits.items(), key=str)
    ]


def _verdict(action: str, limit: dict, changes: int, of: int) -> dict:
    count, percent = limit.get("count"), limit.get("percent")
    share = 100 * changes / of if of else 0.0
    reasons = []
    if count is not None and changes > count:
        reasons.append(f"at most {count} are allowed")
    if percent is not None and changes > PERCENT_FLOOR and share > percent:
        reasons.append(f"at most {percent:g} % are allowed")
    thing = f"accounts would get the action '{action}'"
    if action == "absent":
        thing = "accounts are absent from the feed"
    elif action[0] == "attribute":
        action = f"attribute {action[1]}"
        thing = f"accounts would get another {action.partition(' ')[2]}"
    message = f"{changes} of {of} {thing} ({share:.1f} %)"
    return {
        "action": action,
        "changes": changes,
        "of": of,
        "count": count,
        "percent": percent,
        "exceeded": bool(reasons),
        "message": message + (": " + " and ".join(reasons) if reasons else ""),
    }
