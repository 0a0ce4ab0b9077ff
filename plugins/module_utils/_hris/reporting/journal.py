# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of an application: what became of each change."""

from __future__ import annotations

from ..errors import HrisError

PLANNED, APPLIED, REFUSED, SKIPPED = "planned", "applied", "refused", "skipped"
# Written to the journal before it was sent, and no answer noted: the run was killed or lost its server.
UNKNOWN = "unknown"
NOT_ATTEMPTED = "not attempted"
RESULTS = frozenset((APPLIED, REFUSED, SKIPPED))


def states_of(plan: dict, journal: list[dict] | None) -> list[tuple[str, str]]:
    """(state, message) for each change of the plan, in its order.

    journal: its lines {"plan", "index", "event": "intent" | "result", "status", "message"}, the last about a change counts;
    None when the plan was not applied. Raises HrisError when the journal belongs to another plan.
    """
    changes = len(plan["changes"])
    if journal is None:
        return [(PLANNED, "")] * changes
    states = [(NOT_ATTEMPTED, "")] * changes
    for number, line in enumerate(journal, 1):
        digest, index = line.get("plan"), line.get("index")
        if digest and plan.get("digest") and digest != plan["digest"]:
            raise HrisError(
                "this journal is of another plan",
                f"journal line {number}",
                f"It belongs to the plan {digest}",
            )
        if "event" not in line or index is None:
            continue  # a line about the run as a whole
        if not isinstance(index, int) or not 0 <= index < changes:
            raise HrisError(
                f"the plan has no change number {index}",
                f"journal line {number}",
                "This is the journal of another plan",
            )
        if line["event"] == "result":
            state = line.get("status")
            if state not in RESULTS:
                raise HrisError(
                    f"'{state}' is no result",
                    f"journal line {number}",
                    "Known are: " + ", ".join(sorted(RESULTS)),
                )
            states[index] = (state, line.get("message") or "")
        elif line["event"] == "intent":
            states[index] = (
                UNKNOWN,
                "it was sent, and no answer was noted: look at the account, or run again",
            )
    return states
