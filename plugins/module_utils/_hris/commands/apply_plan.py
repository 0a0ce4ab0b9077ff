# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module apply_plan: a stored plan is opened, compared with the directory as it is now, and
applied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ..ad_values.dn import normal
from ..data_class import frozen
from ..directory.connection import Connection
from ..directory.failover import with_directory
from ..errors import HrisError
from ..json_files import read_parts
from ..model.plan import Change, Plan
from ..planning.labels import who
from ..planning.lacking_rights import judge_rights
from ..planning.plan_checks import check_objects
from ..planning.plan_file import (
    MAKE_A_NEW_PLAN,
    NOT_COMPLETE,
    Refusal,
    digest_of,
    open_plan,
    refusal,
)
from ..planning.replication import Waits
from ..planning.summary import in_file
from ..planning.undo import undo_of
from ..progress import Progress, progress_to
from ..run.execution import Executed, execute
from ..run.execution_options import approval_of, check_files, execution_options
from ..run.journals import read_journal
from ..run.names_of_run import NamesOfRun, names_of_run
from ..run.permissions import permissions_of
from ..run.plan_comparison import LeftOut, compare
from ..run.recent_file import RecentOptions
from ..run.recent_writes import RecentWrites
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
from ..run.write_checks import Allowed, WriteChecks, allowed_by
from ..visible_text import visible
from ..wording import counted

_FILES = {True: "the plan file", False: "the journal"}  # by whether it is a stored plan
WARNED = 10  # changes that are left out: so many have a warning of their own


@frozen
class _ThisRun:
    """What a run works with, beside the connection."""

    files: RunFiles
    plan: Plan
    recent: RecentWrites
    names: NamesOfRun
    check_mode: bool
    warn: Callable[[str], None]
    progress: Progress

    @property
    def params(self) -> Mapping[str, Any]:
        """The options of the module; each folder among them is a file in it."""
        return self.files.params

    @property
    def place(self) -> str:
        """The file that the plan comes from."""
        return self.params["src"] or self.params["undo_journal"]


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
    this_run = _ThisRun(files, plan, recent, names, check_mode, warn, progress)
    check_objects(plan, NOT_COMPLETE, this_run.place, MAKE_A_NEW_PLAN)

    def work(connection: Connection) -> Result:
        return _compare_and_apply(this_run, connection)

    return with_directory(recent.preferred(params["directory"]), work, warn)


def _compare_and_apply(this_run: _ThisRun, connection: Connection) -> Result:
    plan, params, recent = this_run.plan, this_run.params, this_run.recent
    check_mode, approved = this_run.check_mode, this_run.params["approved_digest"]
    _check_domain(plan, connection, this_run.place)
    recent.use_for(connection.domain_dn)
    recent.judge(plan)
    refused = refusal(plan, approved)
    if refused:
        return refused_run({}, plan, refused, check_mode, None if approved else recent)
    this_run.progress("compare")
    allowed = allowed_by(plan, params["bases"], params["protected"])
    waits = recent.waits_for(connection.server)
    today = datetime.now(timezone.utc).date()
    checks = WriteChecks(connection, allowed, this_run.names.refused(connection, plan, today))
    changes, left_out = compare(connection, plan, checks, waits)
    judge_rights(plan, changes, partial(permissions_of, connection))
    result = _result(this_run, changes, left_out, waits)
    if left_out and params["on_drift"] == "stop":
        return refused_run(result, plan, _drift_refusal(plan, left_out), check_mode, None)
    if not check_mode:
        refused = recent.count(plan, changes, connection.server, approved)
        if refused:
            return refused_run({}, plan, refused, check_mode, recent)
    result.update(findings_of(plan, params["report_limit"]))
    _warn(this_run, left_out)
    left_open = sum(entry.leaves_open for entry in left_out)
    made = changes
    if check_mode:
        add_not_disabled(result, left_open)
    else:
        executed = _execute(this_run, connection, changes, allowed)
        most = params["report_limit"]
        result.update(executed_result(plan, executed, most, this_run.warn, left_open))
        made = executed.made
    if plan.undoes and left_out:
        _add_not_undone(result, plan, left_out)
    return add_brief(result, plan, made, check_mode)


def _warn(this_run: _ThisRun, left_out: Sequence[LeftOut]) -> None:
    """Warn of what an undo does not put back, and of what a run leaves out."""
    plan, warn = this_run.plan, this_run.warn
    for finding in plan.findings[:WARNED] if plan.undoes else ():
        warn(f"{plan.title}: {finding.message}")
    for entry in left_out[:WARNED] if not this_run.check_mode else ():
        warn(_warning(entry, plan.sources))


def _execute(
    this_run: _ThisRun, connection: Connection, changes: list[Change], allowed: Allowed
) -> Executed:
    this_run.plan.approval = approval_of(this_run.files.params)
    options = execution_options(this_run.files)
    this_run.files.make_folders([options.journal, options.undo_dest])
    return execute(
        connection,
        this_run.plan,
        changes,
        options,
        progress=this_run.progress,
        allowed=allowed,
        recent=this_run.recent,
        names=this_run.names,
    )


def _check_domain(plan: Plan, connection: Connection, place: str) -> None:
    if normal(plan.domain.dn) != normal(connection.domain_dn):
        message = f"the plan is for {plan.domain.dn}, but this domain is {connection.domain_dn}"
        raise HrisError(message, place, "Connect to the domain of the plan")


def _stored_plan(params: Mapping[str, Any]) -> Plan:
    path = params["src"]
    return open_plan(
        read_parts(path, trusted=True), path, params["plan_key"], datetime.now(timezone.utc)
    )


def _undo_plan(params: Mapping[str, Any]) -> Plan:
    application = read_journal(params["undo_journal"], params["plan_key"])
    statuses = {index: state.status for index, state in application.states.items()}
    undo = undo_of(application.plan, statuses)
    undo.digest = digest_of(undo)
    return undo


def _result(
    this_run: _ThisRun,
    changes: Sequence[Change],
    left_out: Sequence[LeftOut],
    waits: Waits | None,
) -> Result:
    most = this_run.params["report_limit"]
    rest = in_file(this_run.place, _FILES[bool(this_run.params["src"])])
    result = plan_result(this_run.plan, changes, most, rest)
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
    if waits:
        result["not_created"] = sum(entry.message == waits.why for entry in left_out)
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
