# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module apply_plan: a stored plan is opened, compared with the directory as it is now, and
applied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ..ad_values.dn import normal, object_of
from ..data_class import frozen
from ..directory import drift
from ..directory.connection import Connection
from ..directory.failover import with_directory
from ..errors import HrisError
from ..json_files import read_text
from ..model import actions
from ..model.directory import Account
from ..model.plan import Change, Plan
from ..planning.dependencies import independent_of
from ..planning.labels import who
from ..planning.plan_checks import check_objects
from ..planning.plan_file import (
    MAKE_A_NEW_PLAN,
    NOT_COMPLETE,
    Refusal,
    digest_of,
    open_plan,
    refusal,
)
from ..planning.replication import CREATES
from ..planning.summary import in_file
from ..planning.undo import undo_of
from ..progress import Progress, progress_to
from ..reporting.wording import counted
from ..run.execution import check_files, execute, execution_options
from ..run.journals import read_journal
from ..run.names_of_run import NamesOfRun, names_of_run
from ..run.recent_writes import RecentOptions, RecentWrites
from ..run.refused import refused_run
from ..run.result import (
    Result,
    add_brief,
    add_not_disabled,
    executed_result,
    findings_of,
    plan_result,
)
from ..run.run_files import RunFiles, name_of_run, run_files
from ..run.undo_checks import reasons_to_keep
from ..run.write_checks import WriteChecks, allowed_by
from ..visible_text import visible

_FILES = {True: "the plan file", False: "the journal"}  # by whether it is a stored plan
WARNED = 10  # changes that are left out: so many have a warning of their own


@frozen
class LeftOut:
    """A change that is not made, because its account is not as the plan says."""

    change: Change
    message: str
    leaves_open: bool  # whether its account was to be disabled, and is still enabled


def run(params: Mapping[str, Any], check_mode: bool, warn: Callable[[str], None]) -> Result:
    """The work of module hris.ad.apply_plan, whose RETURN describes the result.

    Raises HrisError for a plan that may not be applied; then nothing was written.
    """
    with progress_to(params["progress_file"], warn) as progress:
        return _apply(params, check_mode, warn, progress)


def _apply(
    params: Mapping[str, Any], check_mode: bool, warn: Callable[[str], None], progress: Progress
) -> Result:
    recent = RecentWrites(RecentOptions.from_params(params))
    files = run_files(params, name_of_run(["apply"], datetime.now(timezone.utc), None), None, [])
    names = names_of_run(params)
    check_files(files, execution_options(files), [recent.path, names.path])
    plan = _undo_plan(params) if params["undo_journal"] else _stored_plan(params)
    place = params["src"] or params["undo_journal"]
    check_objects(plan, NOT_COMPLETE, place, MAKE_A_NEW_PLAN)

    def work(connection: Connection) -> Result:
        return _compare_and_apply(
            files, plan, recent, names, connection, check_mode, warn, progress
        )

    return with_directory(recent.preferred(params["directory"]), work, warn)


def _compare_and_apply(
    files: RunFiles,
    plan: Plan,
    recent: RecentWrites,
    names: NamesOfRun,
    connection: Connection,
    check_mode: bool,
    warn: Callable[[str], None],
    progress: Progress,
) -> Result:
    params = files.params
    _check_domain(plan, connection, params["src"] or params["undo_journal"])
    recent.use_for(connection.domain_dn)
    recent.judge(plan)
    approved = params["approved_digest"]
    refused = refusal(plan, approved)
    if refused:
        return refused_run({}, plan, refused, check_mode, None if approved else recent)
    progress("compare")
    allowed = allowed_by(plan, params["bases"], params["protected"])
    waits = recent.waits_for(connection.server)
    today = datetime.now(timezone.utc).date()
    checks = WriteChecks(connection, allowed, names.refused(connection, plan, today))
    changes, left_out = _compare(connection, plan, checks, waits)
    left_open = sum(entry.leaves_open for entry in left_out)
    rest = in_file(params["src"] or params["undo_journal"], _FILES[bool(params["src"])])
    result = _result(plan, changes, left_out, params["report_limit"], rest)
    if waits:
        result["not_created"] = sum(entry.message == waits for entry in left_out)
    if left_out and params["on_drift"] == "stop":
        refused = _drift_refusal(plan, left_out)
        return refused_run(result, plan, refused, check_mode, None)
    if not check_mode:
        refused = recent.count(plan, changes, connection.server, approved)
        if refused:
            return refused_run({}, plan, refused, check_mode, recent)
    result.update(findings_of(plan, params["report_limit"]))
    for finding in plan.findings[:WARNED] if plan.undoes else ():
        warn(f"{plan.title}: {finding.message}")
    made = changes
    if not check_mode:
        for entry in left_out[:WARNED]:
            warn(_warning(entry, plan.sources))
        options = execution_options(files)
        files.make_folders([options.journal, options.undo_dest])
        executed = execute(
            connection, plan, changes, options, None, progress, allowed, recent, names
        )
        most = options.report_limit
        result.update(executed_result(plan, executed, most, warn, left_open))
        made = executed.made
    else:
        add_not_disabled(result, left_open)
    if plan.undoes and left_out:
        _add_not_undone(result, plan, left_out)
    return add_brief(result, plan, made, check_mode)


def _check_domain(plan: Plan, connection: Connection, place: str) -> None:
    if normal(plan.domain.dn) != normal(connection.domain_dn):
        message = f"the plan is for {plan.domain.dn}, but this domain is {connection.domain_dn}"
        raise HrisError(message, place, "Connect to the domain of the plan")


def _stored_plan(params: Mapping[str, Any]) -> Plan:
    path = params["src"]
    return open_plan(
        read_text(path, trusted=True), path, params["plan_key"], datetime.now(timezone.utc)
    )


def _undo_plan(params: Mapping[str, Any]) -> Plan:
    application = read_journal(params["undo_journal"], params["plan_key"])
    statuses = {index: state.status for index, state in application.states.items()}
    undo = undo_of(application.plan, statuses)
    undo.digest = digest_of(undo)
    return undo


def _compare(
    connection: Connection, plan: Plan, checks: WriteChecks, waits: str | None
) -> tuple[list[Change], list[LeftOut]]:
    """(the changes whose accounts are as the plan says, those that are left out).

    The changes of one account are made all or none. Only a change that is not allowed because of
    its group or place is left out alone. waits: why nothing may be created now.
    """
    changes = plan.changes
    accounts = drift.current_accounts(connection, changes, filter(None, [plan.mark]))
    deleted = drift.deleted_dns(connection, changes)
    kept_for = reasons_to_keep(connection, plan, accounts)
    reasons = _reasons(connection, changes, accounts, deleted)
    if waits:
        creating = (change for change in changes if change.action in CREATES)
        reasons |= {object_of(change): waits for change in creating}
    addressed = [_addressed(change, accounts, deleted) for change in changes]
    forbidden = checks(addressed, range(len(addressed)))
    kept, left_out = [], []
    for index, change in enumerate(changes):
        name = object_of(change)
        reason = kept_for.get(name) or forbidden.get(index) or reasons.get(name)
        if reason:
            left_out.append(LeftOut(change, reason, _leaves_open(change, accounts)))
        else:
            kept.append(addressed[index])
    independent = independent_of(
        kept, [entry.change for entry in left_out], lambda change: change.dn
    )
    return independent.changes, left_out


def _leaves_open(change: Change, accounts: Mapping[str, Account]) -> bool:
    account = accounts.get(object_of(change))
    return change.action == actions.DISABLE and account is not None and account.enabled


def _reasons(
    connection: Connection,
    changes: Sequence[Change],
    accounts: Mapping[str, Account],
    deleted: Mapping[str, str],
) -> dict[str, str]:
    """{object: why its changes are not made}."""
    reasons: dict[str, str] = {}
    restored = {change.guid for change in changes if change.action == actions.RESTORE}
    for change in changes:
        name = object_of(change)
        reason = drift.difference(connection, change, accounts, drift.BEFORE, restored)
        if not reason and change.action == actions.RESTORE and change.guid not in deleted:
            reason = "it is not among the deleted objects that this account may see"
        if reason:
            reasons.setdefault(name, reason)
    return reasons


def _addressed(
    change: Change, accounts: Mapping[str, Account], deleted: Mapping[str, str]
) -> Change:
    """The change with the names that the directory has for the account now.

    An account that the plan knows only by its DN, because a plan created it, is deleted by its
    objectGUID. A deleted account is restored from the DN that it has among the deleted objects.
    """
    if change.action == actions.RESTORE and change.guid:
        return replace(change, deleted_dn=deleted.get(change.guid))
    if change.guid or change.action == actions.CREATE:
        return change
    account = accounts.get(normal(change.dn))
    return replace(change, guid=account.guid) if account else change


def _result(
    plan: Plan, changes: Sequence[Change], left_out: Sequence[LeftOut], most: int, rest: str
) -> Result:
    result = plan_result(plan, changes, most, rest)
    result["left_out"] = [
        {
            "source": entry.change.source,
            "key": entry.change.key,
            "name": entry.change.name,
            "action": entry.change.action,
            "dn": entry.change.dn,
            "message": visible(entry.message),
        }
        for entry in left_out[:most]
    ]
    result["left_out_total"] = len(left_out)
    return result


def _add_not_undone(result: Result, plan: Plan, left_out: Sequence[LeftOut]) -> None:
    """Make the result of an undo fail that leaves something as it is."""
    first = left_out[0]
    changes = counted(len(left_out), "change is", "changes are")
    result["failed"] = True
    result["msg"] = (
        f"{result['msg'].rstrip('.')}. {changes} not undone. First: "
        f"{who(first.change, plan.sources)}: {first.change.action} of {first.change.dn}: "
        f"{first.message}"
    )


def _drift_refusal(plan: Plan, left_out: Sequence[LeftOut]) -> Refusal:
    first = left_out[0]
    summary = f"{len(left_out)} changes are for accounts that have changed since"
    return Refusal(
        f"{plan.title}: nothing was written, because {summary}.",
        summary,
        f"First: {who(first.change, plan.sources)}: {first.message}",
    )


def _warning(entry: LeftOut, sources: Sequence[str]) -> str:
    change = entry.change
    return f"{who(change, sources)}: {change.action} of {change.dn} was left out: {entry.message}"
