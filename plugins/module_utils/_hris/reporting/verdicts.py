# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report on a plan says first."""

from __future__ import annotations

from collections.abc import Mapping

from ..data_class import frozen
from ..model.actions import BAD, GOOD, WARN
from ..model.plan import APPLIED, Plan
from ..wording import counted
from .change_states import FAILED


@frozen
class Verdict:
    """What a report says first."""

    tone: str  # GOOD, WARN or BAD of model/actions.py
    text: str


def verdict_applied(tally: Mapping[str, int]) -> Verdict:
    """The verdict on what became of the changes. tally: {state: changes}."""
    changes = counted(sum(tally.values()), "change was", "changes were")
    text = f"{tally.get(APPLIED, 0):,} of {changes} applied"
    failed = [f"{tally[state]:,} {state}" for state in FAILED if tally.get(state)]
    if failed:
        return Verdict(BAD, f"{text}: {', '.join(failed)}")
    return Verdict(GOOD, text)


def verdict_planned(plan: Plan) -> Verdict:
    """The verdict on a plan that was not applied."""
    exceeded = list(dict.fromkeys(one.action for one in plan.limits if one.exceeded))
    if exceeded:
        return Verdict(BAD, f"Over its limits: {', '.join(exceeded)}. Nothing was written")
    if not plan.changes:
        return Verdict(GOOD, "Nothing to change")
    planned = f"{counted(len(plan.changes), 'change is', 'changes are')} planned"
    if plan.limits:
        return Verdict(GOOD, f"Within its limits. {planned}")
    return Verdict(WARN, f"{planned}. No limits are set")
