# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a run whose plan may not be applied."""

from __future__ import annotations

from ..model.plan import Plan
from ..planning.plan_file import Refusal
from .recent_writes import RecentWrites
from .result import Result, add_brief, add_part, refused_result


def refused_run(
    so_far: Result, plan: Plan, refused: Refusal, check_mode: bool, recent: RecentWrites | None
) -> Result:
    """What the result has so far, and why nothing was written.

    recent: where it is kept that people were told of limits that are used up; None where it is
    about something else.
    """
    result = so_far | refused_result(plan, refused)
    if recent and not check_mode:
        add_part(result, lambda: _alerted(recent, plan))
    return add_brief(result, plan, plan.changes if check_mode else [], check_mode, refused)


def _alerted(recent: RecentWrites, plan: Plan) -> Result:
    alerted = recent.alert(plan)
    return {"alerted": alerted} if alerted else {}
