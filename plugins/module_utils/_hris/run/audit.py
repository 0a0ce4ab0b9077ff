# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log: a line for each write. It has no values, so no personal data and no secret."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timezone

from ..directory.connection import Connection
from ..model.plan import Change, Outcome, Plan
from ..model.plan_json import Json
from ..private_file import append_private
from ..visible_text import visible


def write_audit(path: str, connection: Connection, plan: Plan, outcomes: Iterable[Outcome]) -> None:
    """Add who did what, why, by which plan, and what became of it. Raises HrisError naming the
    path.
    """
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    about = {
        "at": now,
        "who": connection.bound_as,
        "server": connection.server,
        "plan": plan.digest,
    }
    pairs = zip(plan.changes, outcomes, strict=True)
    lines = [json.dumps({**about, **_line(change, outcome)}) + "\n" for change, outcome in pairs]
    append_private(path, lines)


def _line(change: Change, outcome: Outcome) -> Json:
    line: Json = {
        "source": change.source,
        "key": change.key and visible(change.key),
        "action": change.action,
        "guid": change.guid,
        "dn": visible(change.dn),
        "attributes": sorted(change.attributes),
        "why": visible(change.reason),
        "result": outcome.status,
        "code": outcome.code,
        "message": outcome.message,
    }
    if change.to:
        line["to"] = visible(change.to)
    if change.group:
        line["group"] = visible(change.group)
    return line
