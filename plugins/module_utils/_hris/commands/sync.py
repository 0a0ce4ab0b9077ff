# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arrows in their order: employees → people → plan → limits → directory. Check mode stops before the last."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from functools import partial

from ..directory.connection import connect
from ..directory.initial_passwords import check_password_options
from ..directory.lookup import guids_of
from ..directory.reading import read_snapshot
from ..errors import HrisError, did_you_mean
from ..garbage_collection import nothing_to_collect
from ..planning.account_outcomes import accounts_by_event, outcome_of
from ..planning.explain import explain, find_person, lines_of
from ..planning.plan import make_plan
from ..planning.plan_file import completed, digest_of, refusal, text_digest
from ..planning.risk import assessed, divided
from ..planning.shards import check_shard, part_of
from ..planning.summary import diff, report, sentence, summary
from ..private_file import file_digest, write_private
from ..progress import telling
from ..reporting.brief import told
from ..rules.options import ARGUMENTS as RULES
from ..rules.people import people_of
from ..rules.compile_ruleset import compile_ruleset, moment
from ..rules.ruleset import Ruleset
from ..run.execution import afterwards, carry_out, write_plan
from ..run.feed_guard import compared_with_last, remember
from ..sources.files import given_employees


def run(params: dict, check_mode: bool, warn) -> dict:
    """Bring the directory in line with the employees; the work of module hris.ad.sync, whose RETURN describes the result.

    params: the module's options. Raises HrisError for rules, feeds and directories that nothing may be computed from; then
    nothing was written.
    """
    with telling(params["progress_file"], warn) as tell:
        return _synced(params, check_mode, warn, tell)


def _synced(params: dict, check_mode: bool, warn, tell) -> dict:
    rules = compile_ruleset(params)
    check_password_options(params["passwords"])
    check_shard(params["shard"])
    now = datetime.now(timezone.utc)
    as_of = moment(params["as_of"], now)
    with nothing_to_collect(), connect(params["directory"]) as connection:
        with (
            ThreadPoolExecutor(1) as beside
        ):  # the directory takes its time to answer: the feed is read and judged meanwhile
            tell("read")
            reading = beside.submit(
                read_snapshot, connection, rules.attributes, tell=partial(tell, "read")
            )
            try:
                employees = _employees(params)
                people, findings = people_of(employees, rules, as_of)
                shape, odd = compared_with_last(employees, rules, params["guard"])
            except BaseException:
                connection.stream.abandon()  # nobody is to wait for what is of no use any more
                raise
            snapshot = reading.result()
        tell("plan")
        plan, decided = make_plan(people, findings + odd, snapshot, rules, as_of)
        if params["explain"]:
            return _explanation(params["explain"], people, decided, plan, rules, snapshot)
        plan.changes = assessed(plan.changes, people, rules.risk, snapshot.groups)
        plan = completed(plan, rules, now, params["plan_valid_hours"], _digests(params))
        if params["plan_dest"]:
            write_plan(params["plan_dest"], plan, params["plan_key"])
        why_not = refusal(plan, params["approved_digest"])
        if why_not:
            result = _result(plan, rules, params["report_limit"]) | {
                "changed": False,
                "failed": True,
                "msg": why_not,
            }
            return result | told(plan, plan.changes if check_mode else [], result, check_mode)
        mine, more = _mine(plan, rules, params)
        result = _result(plan | {"changes": mine}, rules, params["report_limit"]) | more
        made = mine
        if not check_mode:
            fates, made = carry_out(
                connection, plan | {"changes": mine}, params, warn, params["passwords"], tell
            )
            result = afterwards(result | fates, lambda: remember(params["guard"], shape))
        result = afterwards(
            result, lambda: _accounts(connection, decided, made, rules, params, check_mode)
        )
        return result | told(plan, made, result, check_mode)


def _employees(params: dict) -> list[dict]:
    employees = given_employees(params)
    if not employees and not params["allow_empty"]:
        raise HrisError(
            "the feed holds no employee",
            place=params["src"] or "employees",
            hint="An empty feed is taken for a broken one; say allow_empty when it is right",
        )
    return employees


def _digests(params: dict) -> dict:
    return {
        "feed": file_digest(params["src"]) if params["src"] else text_digest(params["employees"]),
        "rules": text_digest({name: params[name] for name in RULES if name != "as_of"}),
    }


def _mine(plan: dict, rules: Ruleset, params: dict) -> tuple[list[dict], dict]:
    """(the plan's changes that this run makes, what is to be said of the others)."""
    changes, more = plan.changes, {}
    if rules.risk.hold:
        changes, high = divided(changes)
        held = plan | {
            "changes": high,
            "counts": dict(sorted(Counter(change.action for change in high).items())),
        }
        held["digest"] = digest_of(held)
        more |= {"held": len(high), "held_digest": held["digest"]}
        if params["held_plan_dest"]:
            write_plan(params["held_plan_dest"], held, params["plan_key"])
    if params["shard"]:
        changes, waiting = part_of(changes, **params["shard"])
        more["waiting"] = waiting
    return changes, more


def _explanation(
    key: str, people: list, decided: list, plan: dict, rules: Ruleset, snapshot: dict
) -> dict:
    person = find_person(people, key)
    if person is None:
        raise HrisError(
            f"no employee has the key '{key}'",
            place="explain",
            hint=did_you_mean(key, [one.key for one in people])
            or f"The key is what {rules.key} is mapped from; a record without one is in no plan",
        )
    account = next((account for one, account, _decision in decided if one is person), None)
    found = explain(person, account, plan, rules, snapshot)
    return {
        "changed": False,
        "msg": f"{plan['source']}: nothing is written to explain {person['key']}",
        "explanation": found,
        "report": lines_of(found),
    }


def _accounts(
    connection, decided: list, made: list, rules: Ruleset, params: dict, check_mode: bool
) -> dict:
    """The accounts by what was done to them; all of them go to the file outcome_dest."""
    own = frozenset(
        name.casefold() for name in (rules.ownership.attribute, rules.leaver.record) if name
    )
    outcomes = list(
        outcome_of(decided, made, rules.source, own, everyone=bool(params["outcome_dest"]))
    )
    accounts = accounts_by_event(outcomes, params["report_limit"])
    shown = [account for found in accounts.values() for account in found]
    if not check_mode:
        _name_new(connection, shown, lambda account: account["sAMAccountName"])
    if params["outcome_dest"]:
        if not check_mode:
            _name_new(
                connection, outcomes, lambda outcome: outcome.attributes["sAMAccountName"][0]
            )
        imagined = (
            {"check_mode": True} if check_mode else {}
        )  # nobody shall take it for what has happened
        write_private(
            params["outcome_dest"], (json.dumps(outcome | imagined) + "\n" for outcome in outcomes)
        )
    return {"accounts": accounts}


def _name_new(connection, entries: list[dict], logon_name) -> None:
    """Give the entries of new accounts the objectGUIDs that the directory has made: only those that are told, since it takes its time."""
    new = [entry for entry in entries if entry.guid is None]
    guids = guids_of(connection, [logon_name(entry) for entry in new]) if new else {}
    for entry in new:
        entry.guid = guids.get(logon_name(entry).lower())


def _result(plan: dict, rules: Ruleset, most: int) -> dict:
    return {
        "changed": bool(plan.changes),
        "msg": sentence(plan),
        "summary": summary(plan),
        "findings": plan.findings[:most],
        "report": report(plan, most),
        "findings_total": len(plan.findings),
        "limits": plan.limits,
        "digest": plan.digest,
        "as_of": plan.as_of,
        "diff": diff(plan, rules.redact, most),
    }
