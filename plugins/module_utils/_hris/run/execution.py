# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan is carried out: journal, canaries, the changes, what became of them, and the plan that would undo it."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from itertools import count

from ..directory import drift
from ..directory.initial_passwords import make_passwords
from ..directory.journal import Journal
from ..directory.writing import apply
from ..errors import HrisError
from ..journal_format import state_of
from ..planning.canary import canaries
from ..planning.circuit_breaker import stopper
from ..planning.plan_file import digest_of, sealed
from ..planning.summary import sentence
from ..planning.undo import inverse_of
from ..private_file import append_private, write_private

ARGUMENTS = dict(
    journal=dict(type="path"),
    audit=dict(type="path"),
    undo_dest=dict(type="path"),
    plan_key=dict(type="str", no_log=True),
    canary=dict(type="int", default=0),
    stop=dict(
        type="dict",
        apply_defaults=True,
        options=dict(first=dict(type="int", default=10), percent=dict(type="float", default=50)),
    ),
    report_limit=dict(type="int", default=100),
)


def carry_out(
    connection,
    plan: dict,
    params: dict,
    warn,
    passwords: dict | None = None,
    tell=lambda *_figures: None,
) -> tuple[dict, list[dict]]:
    """(the module's result: counts, refusals and failure; the changes that were made) of the changes of a plan.

    plan: of make_plan, completed, with the changes that are to be made. params: ARGUMENTS. passwords: the option of that name.
    tell: callable(phase, how many, of how many), which is told of the progress.
    Raises HrisError before the first write.
    """
    changes = plan["changes"]
    journal = Journal(params["journal"], plan) if params["journal"] and changes else None
    outcomes = _in_order(
        connection,
        plan,
        params,
        passwords,
        journal,
        lambda number: tell("write", number, len(changes)),
    )
    made = [
        change
        for change, outcome in zip(changes, outcomes, strict=True)
        if outcome["status"] == "applied"
    ]
    result = _told(plan, outcomes, params["report_limit"], warn)
    result = afterwards(result, journal.close) if journal else result
    return afterwards(result, lambda: _noted(connection, plan, outcomes, params)), made


def afterwards(result: dict, work) -> dict:
    """The result, with what work() gives; a failure of it never hides what was written."""
    try:
        return result | (work() or {})
    except HrisError as error:
        return result | {"failed": True, "msg": f"{result['msg']}; besides: {error}"}


def _noted(connection, plan: dict, outcomes: list[dict], params: dict) -> None:
    fates = {index: state_of(outcome) for index, outcome in enumerate(outcomes)}
    if params["undo_dest"]:
        write_plan(params["undo_dest"], _undoing(plan, fates), params["plan_key"])
    if params["audit"]:
        _audit(params["audit"], connection, plan, outcomes)


def _in_order(
    connection, plan: dict, params: dict, passwords: dict | None, journal, tell
) -> list[dict]:
    """The outcomes, parallel to the changes: the canaries' first, and the others' only when those are well.

    tell: callable(how many changes have an outcome).
    """
    changes, outcomes = plan["changes"], {}
    first = canaries(changes, params["canary"]) if params["canary"] else []
    first = [] if len(first) == len(changes) else first
    chosen = set(first)
    why, number = "", count(1)
    tell(0)
    for part in (first, [index for index in range(len(changes)) if index not in chosen]):
        mine = [changes[index] for index in part]
        handed = None
        if not why and passwords:
            try:
                handed = make_passwords(mine, passwords, plan["source"])
            except HrisError as error:
                if not outcomes:
                    raise
                why = str(error)  # what the canaries wrote is not hidden
        if why:
            outcomes |= {
                index: {"status": "skipped", "message": f"not tried: {why}", "code": ""}
                for index in part
            }
            continue
        done = apply(
            connection,
            mine,
            lambda _index, _outcome: tell(next(number)),
            handed,
            journal=journal.of(part) if journal else None,
            stop=stopper(params["stop"]["first"], params["stop"]["percent"], len(mine)),
        )
        outcomes |= dict(zip(part, done, strict=True))
        if part is first and part:
            why = _canaries_fate(connection, mine, done)
    return [outcomes[index] for index in range(len(changes))]


def _canaries_fate(connection, changes: list[dict], outcomes: list[dict]) -> str:
    """Why the others are left alone, or "": every change of the canaries was made, and is there when it is read back."""
    for change, outcome in zip(changes, outcomes, strict=True):
        if outcome["message"]:
            return f"{change['action']} of the canary {change['dn']} was {outcome['status']}: {outcome['message']}"
    accounts = drift.current(
        connection, [change | {"dn": change.get("to", change["dn"])} for change in changes]
    )
    for change in changes:
        why = drift.differs(connection, change, accounts, "after")
        if why:
            return (
                f"the canary {change['dn']} is not as it should be after {change['action']}: {why}"
            )
    return ""


def write_plan(path: str, plan: dict, key: str | None) -> None:
    """Write a plan as a sealed document. Raises HrisError naming the path."""
    write_private(path, [json.dumps(sealed(plan, key), indent=1), "\n"])


def _undoing(plan: dict, fates: dict) -> dict:
    inverse = inverse_of(plan, fates)
    now = datetime.now(timezone.utc)
    dates = {"made": now.isoformat(timespec="seconds"), "expires": "9999-12-31T23:59:59+00:00"}
    kept = {name: plan[name] for name in ("digests", "rules", "redact")}
    return inverse | dates | kept | {"digest": digest_of(inverse)}


def _audit(path: str, connection, plan: dict, outcomes: list[dict]) -> None:
    """A line for each write: who did what, why, by which plan, and what became of it. No values, so no personal data and no secret."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    append_private(
        path,
        "".join(
            json.dumps(
                {
                    "at": now,
                    "who": connection.bound_as,
                    "server": connection.server,
                    "source": plan["source"],
                    "plan": plan["digest"],
                    "key": change["key"],
                    "action": change["action"],
                    "guid": change["guid"],
                    "dn": change["dn"],
                    **({"to": change["to"]} if "to" in change else {}),
                    **({"group": change["group"]} if "group" in change else {}),
                    "attributes": sorted(change.get("attributes", ())),
                    "why": change["reason"],
                    "result": outcome["status"],
                    "code": outcome["code"],
                    "message": outcome["message"],
                }
            )
            + "\n"
            for change, outcome in zip(plan["changes"], outcomes, strict=True)
        ),
    )


def _told(plan: dict, outcomes: list[dict], most: int, warn) -> dict:
    """What the server made of the plan: counts, the changes that were not or not wholly made, and failure when there are any."""
    refused = [
        {
            "key": entry["key"],
            "action": entry["action"],
            "dn": entry["dn"],
            "status": outcome["status"],
            "message": outcome["message"],
        }
        for entry, outcome in zip(plan["changes"], outcomes, strict=True)
        if outcome["message"]
    ]
    applied = sum(outcome["status"] == "applied" for outcome in outcomes)
    result = {
        "changed": applied > 0,
        "msg": sentence(plan),
        "applied": applied,
        "refused": refused[:most],
        "refused_total": len(refused),
    }
    if refused:
        first = refused[0]
        for entry in refused[:10]:
            warn(f"{entry['key']}: {entry['action']} was {entry['status']}: {entry['message']}")
        result |= {
            "failed": True,
            "msg": f"{plan['source']}: {len(refused)} of {len(outcomes)} changes were not or not wholly made, the others were. "
            f"First: {first['key']}: {first['action']}: {first['message']}",
        }
    return result
