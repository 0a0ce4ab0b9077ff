# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a run stops by itself: a fault of the whole is not collected thousands of times."""

from __future__ import annotations


def stopper(first: int, percent: float, total: int):
    """callable(outcome) -> why the run stops, or None.

    first: so many refusals alike at the very beginning stop it, 0 for never. percent: so does a share of refusals, once
    twenty outcomes or a tenth of the ``total`` are known, whatever is more; 100 for never.
    """
    seen = {"all": 0, "refused": 0, "alike": 0, "code": None}
    enough = max(20, total // 10)

    def stop(outcome: dict) -> str | None:
        refused = outcome["status"] == "refused"
        alike = (
            refused
            and seen["refused"] == seen["all"]
            and outcome["code"] == (seen["code"] or outcome["code"])
        )
        seen["all"] += 1
        seen["refused"] += refused
        seen["alike"] = seen["alike"] + 1 if alike else seen["alike"]
        seen["code"] = outcome["code"] if refused else seen["code"]
        if first and seen["alike"] == seen["all"] == first:
            return f"the first {first} changes were all refused alike ({outcome['message']})"
        if seen["all"] >= enough and 100 * seen["refused"] / seen["all"] > percent:
            return f"{seen['refused']} of the first {seen['all']} changes were refused, more than {percent:g} %"
        return None

    return stop
