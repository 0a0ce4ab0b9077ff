# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored plan is applied: opened, compared with the directory as it is now, and carried out."""

from __future__ import annotations

from datetime import datetime, timezone

from ..ad_values.dn import normal, object_of
from ..directory import drift
from ..directory.connection import connect
from ..directory.reading import groups
from ..errors import HrisError
from ..journal_format import read_journal
from ..planning.dependencies import rest_on
from ..planning.ownership import privileged_groups, protection
from ..planning.plan_file import digest_of, opened, refusal
from ..planning.summary import diff, sentence
from ..planning.undo import inverse_of
from ..progress import telling
from ..reporting.brief import told
from ..run.execution import carry_out


def run(params: dict, check_mode: bool, warn) -> dict:
    """The work of module hris.ad.apply_plan, whose RETURN describes the result. params: its options.

    Raises HrisError for a plan that may not be applied; then nothing was written.
    """
    with telling(params["progress_file"], warn) as tell:
        return _applied(params, check_mode, warn, tell)


def _applied(params: dict, check_mode: bool, warn, tell) -> dict:
    plan = _undoing(params) if params["undo_journal"] else _stored(params)
    with connect(params["directory"]) as connection:
        if normal(plan["domain"]["dn"]) != normal(connection.domain_dn):
            raise HrisError(
                f"the plan is for {plan['domain']['dn']}, and this is {connection.domain_dn}",
                place=params["src"] or params["undo_journal"],
                hint="Connect to the domain that it was made for",
            )
        why_not = refusal(plan, params["approved_digest"])
        if why_not:
            result = {"changed": False, "failed": True, "msg": why_not, "digest": plan["digest"]}
            return result | told(plan, plan["changes"] if check_mode else [], result, check_mode)
        tell("compare")
        changes, left_out = _still_right(connection, plan["changes"])
        if left_out and params["on_drift"] == "stop":
            first = left_out[0]
            result = _looked(plan, changes, left_out, params) | {
                "changed": False,
                "failed": True,
                "msg": f"{plan['source']}: nothing was written, {len(left_out)} changes are for accounts that have changed since. "
                f"First: {first['key']}: {first['message']}",
            }
            return result | told(plan, plan["changes"] if check_mode else [], result, check_mode)
        result = _looked(plan, changes, left_out, params)
        if check_mode:
            return result | told(plan, changes, result, check_mode)
        for entry in left_out[:10]:
            warn(
                f"{entry['key']}: {entry['action']} of {entry['dn']} was left out: {entry['message']}"
            )
        fates, made = carry_out(connection, plan | {"changes": changes}, params, warn, tell=tell)
        result |= fates
        return result | told(plan, made, result, check_mode)


def _stored(params: dict) -> dict:
    path = params["src"]
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise HrisError(f"the file cannot be read ({error})", place=path) from None
    return opened(text, path, params["plan_key"], datetime.now(timezone.utc))


def _undoing(params: dict) -> dict:
    plan, states = read_journal(params["undo_journal"])
    inverse = inverse_of(plan, {index: state for index, (state, _message) in states.items()})
    return inverse | {
        "digest": digest_of(inverse),
        **{name: plan[name] for name in ("digests", "rules", "redact")},
    }


def _still_right(connection, changes: list[dict]) -> tuple[list[dict], list[dict]]:
    """(the changes whose accounts are as the plan says, what was left out and why): an account's changes are made all or none."""
    accounts, gone = drift.current(connection, changes), drift.deleted(connection, changes)
    privileged = privileged_groups(groups(connection))
    domain = {"bound_as": connection.bound_as, "bound_sid": connection.bound_sid}
    reasons: dict[str, str] = {}
    for change in changes:
        name = object_of(change)
        account = accounts.get(name)
        protected = account and protection(account, privileged, domain)
        why = (
            f"it is never touched: {protected}"
            if protected
            else drift.differs(connection, change, accounts, "before")
        )
        if change["action"] == "restore" and not why and change["guid"] not in gone:
            why = "it is not among the deleted objects that this account may see"
        if why:
            reasons.setdefault(name, why)
    kept = [
        _addressed(change, accounts, gone)
        for change in changes
        if (object_of(change)) not in reasons
    ]
    left = [change for change in changes if (object_of(change)) in reasons]
    kept, _waiting = rest_on(kept, left, lambda change: change["dn"])
    told = [
        {
            **{name: change[name] for name in ("key", "action", "dn")},
            "message": reasons[object_of(change)],
        }
        for change in left
    ]
    return kept, told


def _addressed(change: dict, accounts: dict, gone: dict) -> dict:
    """An account that the plan knows by its DN alone, because it was created then, is deleted by its objectGUID; a deleted one
    is restored from the DN that it has there."""
    if change["action"] == "restore":
        return change | {"from": gone[change["guid"]]}
    account = (
        None
        if change["guid"] or change["action"] == "create"
        else accounts.get(normal(change["dn"]))
    )
    return change | {"guid": account["guid"]} if account else change


def _looked(plan: dict, changes: list[dict], left_out: list[dict], params: dict) -> dict:
    most = params["report_limit"]
    return {
        "changed": bool(changes),
        "msg": sentence(plan),
        "digest": plan["digest"],
        "left_out": left_out[:most],
        "left_out_total": len(left_out),
        "diff": diff(plan | {"changes": changes}, frozenset(plan.get("redact", [])), most),
    }
