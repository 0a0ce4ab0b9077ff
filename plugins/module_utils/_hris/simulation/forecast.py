# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The days ahead: the plan of each, over the directory as the day before would have left it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ..planning.plan import make_plan
from ..rules.people import people_of
from ..rules.ruleset import Ruleset
from .application import after

KEPT = ("key", "action", "dn", "to", "group", "reason")


def forecast(
    employees: list[dict], rules: Ruleset, snapshot: dict, start: datetime, days: int
) -> Iterator[dict]:
    """Yield {"day", "counts", "changes", "findings", "stopped"} of the day of start and the ``days`` after it.

    changes: {"key", "action", "dn", "reason"} and, where it has them, "to", "group" and "attributes" (names alone). findings: those that
    the day before had not. stopped: the message of each limit that would stop the run of that day; the days after it go on
    as if that run had been approved. The feed is taken to stay as it is.
    """
    known: set = set()
    for ahead in range(days + 1):
        moment = start + timedelta(days=ahead)
        people, findings = people_of(employees, rules, moment)
        plan, _decided = make_plan(people, findings, snapshot, rules, moment)
        seen = {_name(entry) for entry in plan.findings}
        yield {
            "day": moment.date().isoformat(),
            "counts": plan.counts,
            "changes": [_short(change) for change in plan.changes],
            "findings": [entry for entry in plan.findings if _name(entry) not in known],
            "stopped": [verdict.message for verdict in plan.limits if verdict.exceeded],
        }
        known = seen
        snapshot = after(snapshot, plan.changes)


def _name(entry: dict) -> tuple:
    return entry.kind, entry.key, entry.place, entry.message


def _short(change: dict) -> dict:
    found = {name: change[name] for name in KEPT if name in change}
    names = [name for name in change.attributes if change.action == "update"]
    return found | ({"attributes": names} if names else {})


def lines_of(day: dict) -> list[str]:
    """A day for reading, a line for each change; [] for one on which nothing happens."""
    if not (day["changes"] or day["findings"] or day["stopped"]):
        return []
    counts = (
        ", ".join(f"{count} {action}" for action, count in day["counts"].items())
        or "nothing to change"
    )
    new = len(day["findings"])
    lines = [
        f"{day['day']}: {counts}" + (f"; {new} new finding{'s' if new != 1 else ''}" if new else "")
    ]
    lines += [f"  the run would stop: {message}" for message in day["stopped"]]
    lines += [
        f"  {change['action']} {change['key'] or ''} {_object(change)}: {change['reason']}"
        for change in day["changes"]
    ]
    return lines + [
        f"  {entry['severity']}: {entry['key'] or '-'}: {entry['message']}"
        for entry in day["findings"]
    ]


def _object(change: dict) -> str:
    if change.to:
        return f"{change['dn']} → {change['to']}"
    if change.group:
        return f"{change['dn']} {'→' if change['action'] == 'group_add' else '←'} {change['group']}"
    return change.dn + (f" ({', '.join(change['attributes'])})" if "attributes" in change else "")


def records_of(day: dict) -> Iterator[dict]:
    """A day as the lines of a file: each says its day and its ``type`` (change, finding or limit)."""
    for message in day["stopped"]:
        yield {"day": day["day"], "type": "limit", "message": message}
    for change in day["changes"]:
        yield {"day": day["day"], "type": "change", **change}
    for entry in day["findings"]:
        yield {"day": day["day"], "type": "finding", **entry}
