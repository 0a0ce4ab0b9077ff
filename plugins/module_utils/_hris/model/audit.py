# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The format of the audit log: JSON Lines, to which every run adds.

A run that makes changes begins with a line about itself, and each change has a line when its answer
has come::

    {"event": "run", "at", "who", "server", "plan", "sources", "approval", "undoes"}
    {"event": "change", "at", "who", "server", "plan", "source", "key", "action", "guid", "dn", …}

An initial password that is about to be shown to somebody has a line as well::

    {"event": "initial_password", "at", "who", "source", "key", "dn", "shown"}

The last line of a change counts. No line has values of attributes. Each line ends with a seal that
covers it and the seal before it (seals.py): with a key only its holders can make one, without a key
it is a checksum.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from ..seals import LineSeals
from ..visible_text import visible
from .plan import Change, Outcome, Plan
from .plan_json import Json

RUN, CHANGE, INITIAL_PASSWORD = "run", "change", "initial_password"  # the events
WHAT = "the audit log"


def seals_of(key: str | None, last: str = "") -> LineSeals:
    """The seals of the lines. last: the seal of the line before."""
    return LineSeals("hris.ad audit 1", key, last, always=True)


def line_of_run(plan: Plan, who: str, server: str, now: datetime) -> Json:
    """The line about a run. now: an aware moment."""
    line = {"event": RUN, **_about(plan, who, server, now), "sources": plan.sources}
    if plan.approval:
        approval = plan.approval
        line["approval"] = {
            "digest": approval.digest,
            "by": approval.by and visible(approval.by),
            "ticket": approval.ticket and visible(approval.ticket),
        }
    if plan.undoes:
        line["undoes"] = plan.undoes
    return line


def line_of_change(
    plan: Plan, index: int, outcome: Outcome, who: str, server: str, now: datetime
) -> Json:
    """The line about one change of a plan. now: when its answer came."""
    line: Json = {"event": CHANGE, **_about(plan, who, server, now)}
    return {**line, **_of_change(plan.changes[index]), **_of_outcome(outcome)}


def line_of_password(
    who: str, source: str | None, key: str | None, dn: str, shown: str, now: datetime
) -> Json:
    """The line about an initial password. who: the person who gets to see it. shown: how."""
    return {
        "event": INITIAL_PASSWORD,
        "at": now.isoformat(timespec="milliseconds"),
        "who": visible(who),
        "source": source,
        "key": key and visible(key),
        "dn": visible(dn),
        "shown": shown,
    }


def _about(plan: Plan, who: str, server: str, now: datetime) -> Json:
    at = now.isoformat(timespec="milliseconds")
    return {"at": at, "who": who, "server": server, "plan": plan.digest}


def _of_change(change: Change) -> Json:
    line: Json = {
        "source": change.source,
        "key": change.key and visible(change.key),
        "action": change.action,
        "guid": change.guid,
        "dn": visible(change.dn),
        "attributes": sorted(change.attributes),
        "why": visible(change.reason),
    }
    return line | dict(_more(change))


def _more(change: Change) -> Iterator[tuple[str, str]]:
    """Yield what only some changes have."""
    if change.to:
        yield "to", visible(change.to)
    if change.group:
        yield "group", visible(change.group)
    if change.access_ends:
        yield "access_ends", change.access_ends


def _of_outcome(outcome: Outcome) -> Json:
    return {"result": outcome.status, "code": outcome.code, "message": outcome.message}


def text_of(line: Json) -> str:
    """A line as the file has it, before it is sealed."""
    return json.dumps(line) + "\n"
