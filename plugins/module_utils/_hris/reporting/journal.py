# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each change of a plan, by the journal of its application."""

from __future__ import annotations

import json
from collections import defaultdict

from ..errors import HrisError, quoted

PLANNED = "planned"
NOT_ATTEMPTED = "not attempted"
LEFT_OUT = "the run left it out: it was held, it is in another shard, or the account had changed"
# What tells one change of a plan from another; a run may shorten its attributes and add its GUID.
_IDENTITY = ("action", "dn", "to", "group", "last")


def states_of(plan: dict, journal: tuple[dict, dict] | None) -> list[tuple[str, str]]:
    """(state, message) for each change of the plan, in its order.

    journal: of journal_format.read_journal; None when the plan was not applied. Raises HrisError
    when the journal belongs to another plan.
    """
    changes = plan["changes"]
    if journal is None:
        return [(PLANNED, "")] * len(changes)
    sent, known = journal
    if sent["digest"] != plan["digest"]:
        raise _another(f"Its plan has the digest {quoted(sent['digest'], 80)}")
    states = [(NOT_ATTEMPTED, LEFT_OUT)] * len(changes)
    for index, number in enumerate(_numbers(changes, sent["changes"])):
        states[number] = known.get(index, (NOT_ATTEMPTED, ""))
    return states


def _numbers(changes: list[dict], sent: list[dict]) -> list[int]:
    """The number in the plan of each change of the journal, which may hold a part of the plan."""
    waiting = defaultdict(list)
    for number, change in enumerate(changes):
        waiting[_identity(change)].append(number)
    found = []
    for index, change in enumerate(sent):
        names = set(change.get("attributes") or ())
        alike = waiting[_identity(change)]
        fitting = (one for one in alike if names <= set(changes[one].get("attributes") or ()))
        number = next(fitting, None)
        if number is None:
            raise _another(f"The plan lacks the journal's change number {index}")
        alike.remove(number)
        found.append(number)
    return found


def _identity(change: dict) -> str:
    return json.dumps([change.get(name) for name in _IDENTITY])


def _another(hint: str) -> HrisError:
    return HrisError("this is the journal of another plan", "journal", hint)
