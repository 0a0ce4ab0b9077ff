# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a plan that one run makes: without what waits for approval, for replication, or for
other parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ..directory.connection import Connection
from ..model.plan import Change, Plan
from ..planning.plan_file import digest_of
from ..planning.replication import Waits, without_waiting
from ..planning.risk import divide_by_risk
from ..planning.shards import part_of
from ..rules.ruleset import Ruleset
from .recent_writes import RecentWrites
from .result import Result
from .sync_run import SyncRun


def replication(plan: Plan, recent: RecentWrites, connection: Connection) -> Waits | None:
    """What waits for another server, with a finding for each person who waits; or None."""
    waits = recent.waits_for(connection.server)
    if waits:
        plan.findings += without_waiting(plan.changes, waits).findings
    return waits


def changes_of_run(
    plan: Plan, rulesets: Sequence[Ruleset], this_run: SyncRun, waits: Waits | None
) -> tuple[list[Change], Result]:
    """(the changes that this run makes, what the result says about the others). waits: of
    replication().
    """
    changes, waiting = plan.changes, Result()
    holding = {rules.source for rules in rulesets if rules.risk.hold}
    if holding:
        changes, high = divide_by_risk(changes, holding)
        counts = Counter(change.action for change in high)
        held = replace(plan, changes=high, counts=dict(sorted(counts.items())))
        held.digest = digest_of(held)
        waiting["held"], waiting["held_digest"] = len(high), held.digest
        waiting.update(this_run.write_plan("held_plan_dest", held))
    shard = this_run.params["shard"]
    if shard:
        changes, waiting["waiting"] = part_of(changes, **shard)
    if waits:
        changes, waiting["not_created"], _said = without_waiting(changes, waits)
    return changes, waiting
