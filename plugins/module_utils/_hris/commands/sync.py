# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module sync: records → people → plan → limits → directory. Check mode stops before the last
step.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ..data_class import mutable
from ..directory.connection import Connection, connect
from ..directory.initial_passwords import PasswordOptions, check_password_options
from ..directory.lookup import guids_of
from ..directory.reading import read_snapshot
from ..errors import HrisError, did_you_mean
from ..garbage_collection import nothing_to_collect
from ..model.directory import Snapshot
from ..model.findings import open_access, open_access_words
from ..model.outcomes import AccountOutcome
from ..model.plan import Change, Plan
from ..model.plan_json import plain
from ..planning.account_outcomes import ShownAccount, account_outcomes, accounts_by_event
from ..planning.explain import explain, find_person
from ..planning.explanation_text import explanation_to_json, lines_of
from ..planning.open_access import waiting_locks
from ..planning.plan import Planned, make_plan
from ..planning.plan_file import complete, data_digest, digest_of, refusal
from ..planning.risk import assess_risks, divide_by_risk
from ..planning.shards import check_part, part_of
from ..private_file import file_digest, write_private
from ..progress import Progress, progress_to
from ..rules.compile_ruleset import compile_ruleset, moment
from ..rules.options import ARGUMENTS as RULES
from ..rules.people import SourcePeople, people_of
from ..rules.ruleset import Ruleset
from ..run.execution import execute, execution_options, write_plan
from ..run.feed_guard import FeedGuard
from ..run.given_feed import records_of
from ..run.result import (
    Result,
    add_brief,
    add_part,
    executed_result,
    findings_result,
    plan_result,
    refused_result,
)


@mutable
class _CheckedFeed:
    """A feed, checked while the directory is read."""

    source: SourcePeople
    guard: FeedGuard


def run(params: Mapping[str, Any], check_mode: bool, warn: Callable[[str], None]) -> Result:
    """The work of module hris.ad.sync, whose RETURN describes the result.

    Raises HrisError for rules, feeds and directories that nothing can be computed from; then
    nothing was written.
    """
    with progress_to(params["progress_file"], warn) as progress, nothing_to_collect():
        rules = compile_ruleset(params)
        check_password_options(params["passwords"])
        if params["shard"]:
            check_part(**params["shard"])
        now = datetime.now(timezone.utc)
        with connect(params["directory"]) as connection:
            return _sync(params, rules, connection, now, check_mode, warn, progress)


def _sync(
    params: Mapping[str, Any],
    rules: Ruleset,
    connection: Connection,
    now: datetime,
    check_mode: bool,
    warn: Callable[[str], None],
    progress: Progress,
) -> Result:
    as_of, most = moment(params["as_of"], now), params["report_limit"]
    checked, snapshot = _read(params, rules, connection, as_of, progress)
    progress("plan")
    planned = make_plan(checked.source, snapshot, as_of)
    plan = planned.plan
    if params["explain"]:
        return _explanation(params["explain"], checked.source, planned, snapshot)
    assess_risks(plan.changes, checked.source.people, rules.risk, snapshot.groups)
    if rules.risk.hold:
        plan.findings += waiting_locks(checked.source.people, plan.changes)
    complete(plan, rules, now, params["plan_valid_hours"], _digests(params))
    if params["plan_dest"]:
        write_plan(params["plan_dest"], plan, params["plan_key"])
    for words in open_access_words(open_access(plan.findings)):
        warn(f"{plan.source}: {words}. See the findings")
    refused = refusal(plan, params["approved_digest"])
    if refused:
        result = plan_result(plan, plan.changes, most) | findings_result(plan, most)
        result.update(refused_result(plan, refused))
        return add_brief(result, plan, plan.changes if check_mode else [], check_mode, refused)
    changes, waiting = _changes_of_this_run(plan, rules, params)
    result = plan_result(plan, changes, most) | findings_result(plan, most) | waiting
    made = changes
    if not check_mode:
        passwords, options = (
            PasswordOptions.from_params(params["passwords"]),
            execution_options(params),
        )
        executed = execute(connection, plan, changes, options, passwords, progress)
        result.update(executed_result(plan, executed, most, warn))
        made = executed.made
        add_part(result, checked.guard.remember)
    outcomes = _outcomes(planned, made, rules, params)
    add_part(result, lambda: _accounts(connection, outcomes, params, check_mode))
    return add_brief(result, plan, made, check_mode)


def _read(
    params: Mapping[str, Any],
    rules: Ruleset,
    connection: Connection,
    as_of: datetime,
    progress: Progress,
) -> tuple[_CheckedFeed, Snapshot]:
    """The feed and the directory: the feed is read and checked while the directory answers."""
    with ThreadPoolExecutor(1) as beside:
        progress("read")
        reading: Future[Snapshot] = beside.submit(
            read_snapshot, connection, rules.attributes, progress=partial(progress, "read")
        )
        try:
            records = records_of(params, allow_empty=params["allow_empty"])
            source = people_of(records, rules, as_of)
            guard = FeedGuard(params["guard"], records, rules)
            source.findings += guard.findings
        except BaseException:
            connection.stream.abandon()  # the answer is not needed any more
            raise
        return _CheckedFeed(source, guard), reading.result()


def _digests(params: Mapping[str, Any]) -> dict[str, str]:
    """The digests of what the plan is made from."""
    src = params["src"]
    rules = {name: params[name] for name in RULES if name != "as_of"}
    feed = file_digest(src) if src else data_digest(params["employees"])
    return {"feed": feed, "rules": data_digest(rules)}


def _changes_of_this_run(
    plan: Plan, rules: Ruleset, params: Mapping[str, Any]
) -> tuple[list[Change], Result]:
    """(the changes that this run makes, what the result says about the others)."""
    changes, waiting = plan.changes, Result()
    if rules.risk.hold:
        changes, high = divide_by_risk(changes)
        counts = Counter(change.action for change in high)
        held = replace(plan, changes=high, counts=dict(sorted(counts.items())))
        held.digest = digest_of(held)
        waiting["held"], waiting["held_digest"] = len(high), held.digest
        if params["held_plan_dest"]:
            write_plan(params["held_plan_dest"], held, params["plan_key"])
    if params["shard"]:
        changes, waiting["waiting"] = part_of(changes, **params["shard"])
    return changes, waiting


def _explanation(key: str, source: SourcePeople, planned: Planned, snapshot: Snapshot) -> Result:
    person = find_person(source.people, key)
    rules, plan = source.rules, planned.plan
    if person is None:
        hint = did_you_mean(key, [one.key for one in source.people])
        reason = f"The key is the value of {rules.key}; a record without one is in no plan"
        raise HrisError(f"no employee has the key '{key}'", place="explain", hint=hint or reason)
    accounts = (one.account for one in planned.decided if one.person is person)
    found = explain(person, next(accounts, None), plan, rules, snapshot)
    return {
        "changed": False,
        "msg": f"{plan.source}: {person.key} is explained, and nothing is written",
        "explanation": explanation_to_json(found),
        "report": lines_of(found),
    }


def _outcomes(
    planned: Planned, made: Iterable[Change], rules: Ruleset, params: Mapping[str, Any]
) -> list[AccountOutcome]:
    """What the run did to each account; with the option outcome_dest, every account."""
    names = (rules.ownership.attribute, rules.leaver.record)
    own = frozenset(name.casefold() for name in names if name)
    everyone = bool(params["outcome_dest"])
    return list(account_outcomes(planned.decided, made, rules.source, own, everyone))


def _accounts(
    connection: Connection,
    outcomes: list[AccountOutcome],
    params: Mapping[str, Any],
    check_mode: bool,
) -> Result:
    """The accounts by what was done to them; all of them are written to the file outcome_dest."""
    accounts = accounts_by_event(outcomes, params["report_limit"])
    if not check_mode:
        _set_guids(connection, outcomes, accounts, bool(params["outcome_dest"]))
    if params["outcome_dest"]:
        # A dry run says so in every line: nobody shall take it for what has happened
        more = {"check_mode": True} if check_mode else {}
        lines = (json.dumps({**plain(outcome), **more}) + "\n" for outcome in outcomes)
        write_private(params["outcome_dest"], lines)
    return {"accounts": accounts}


def _set_guids(
    connection: Connection,
    outcomes: Iterable[AccountOutcome],
    accounts: Mapping[str, Sequence[ShownAccount]],
    everyone: bool,
) -> None:
    """Give new accounts the objectGUIDs that the directory made, as far as they are shown or
    written.
    """
    shown = [account for found in accounts.values() for account in found if not account["guid"]]
    names = {account["sAMAccountName"] or "" for account in shown}
    new = [outcome for outcome in outcomes if everyone and outcome.guid is None]
    names.update(_logon_name(outcome) for outcome in new)
    names.discard("")
    guids = guids_of(connection, sorted(names)) if names else {}
    for account in shown:
        account["guid"] = guids.get((account["sAMAccountName"] or "").lower())
    for outcome in new:
        outcome.guid = guids.get(_logon_name(outcome).lower())


def _logon_name(outcome: AccountOutcome) -> str:
    return next(iter(outcome.attributes.get("sAMAccountName", ())), "")
