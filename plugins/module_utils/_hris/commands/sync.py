# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module sync: records → people → plan → limits → directory, for all sources of a domain. Check
mode stops before the last step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ..directory.connection import Connection
from ..directory.deletion_protection import liftable
from ..directory.failover import with_directory
from ..directory.initial_passwords import check_password_options
from ..directory.reading import read_snapshot
from ..directory.single_writer import check_single_writer
from ..garbage_collection import nothing_to_collect
from ..model.directory import Snapshot
from ..model.findings import Finding, open_access, open_access_words
from ..model.outcomes import AccountOutcome
from ..model.plan import Plan
from ..model.plan_json import plain
from ..outbound import outcome_file
from ..planning.account_outcomes import accounts_by_event
from ..planning.lacking_rights import judge_rights
from ..planning.only import check_only
from ..planning.plan_file import Refusal, complete, refusal
from ..planning.shards import check_part
from ..planning.step_days import DatedStep
from ..progress import progress_to
from ..rules.compile_ruleset import moment
from ..run.domain_plan import DomainPlan, DomainPolicy, plan_domain
from ..run.domain_state import DomainState, tell
from ..run.execution import Executed
from ..run.explanation import explanation
from ..run.kept_state import KeptStateOptions
from ..run.names_of_run import names_of_run
from ..run.outcomes_of_run import outcomes_of_run, set_guids
from ..run.part_of_plan import changes_of_run, replication
from ..run.permissions import permissions_of
from ..run.recent_file import RecentOptions
from ..run.recent_writes import RecentWrites
from ..run.refused import refused_run
from ..run.result import (
    Result,
    add_brief,
    add_part,
    compared_result,
    executed_result,
    findings_result,
    happened_result,
    plan_result,
)
from ..run.source_options import (
    CheckedFeed,
    SourceOptions,
    check_read,
    compile_sources,
    digests_of,
    domain_limits,
    read_feeds,
)
from ..run.sync_run import SyncRun, files_of_run


def run(params: Mapping[str, Any], check_mode: bool, warn: Callable[[str], None]) -> Result:
    """The work of module hris.ad.sync, whose RETURN describes the result.

    Raises HrisError for rules, feeds and directories that nothing can be computed from; then
    nothing was written.
    """
    with progress_to(params["progress_file"], warn) as progress, nothing_to_collect():
        entries, is_shadow = params["sources"], params["shadow"]
        if is_shadow:  # nothing that a later run believes is written
            check_mode = True
            entries = [{**entry, "outcome_dest": None} for entry in entries]
        sources = compile_sources(entries)
        check_read(sources, params["on_bad_source"])
        check_password_options(params["passwords"])
        now = datetime.now(timezone.utc)
        recent = RecentWrites(RecentOptions.from_params(params))
        files = files_of_run(params, sources, now)
        if params["shard"]:
            check_part(**params["shard"])
        names = names_of_run(params)
        state = DomainState(
            KeptStateOptions.from_params(params["kept_state"]),
            params["plan_key"],
            sources,
            recent.path,
            names.path,
        )
        findings = [] if params["explain"] else state.check_places(files.params)
        tell(findings, warn)
        policy = _policy(params, sources, now, recent)
        this_run = SyncRun(
            files, sources, state, recent, names, policy, now, check_mode, warn, progress
        )

        def work(connection: Connection) -> Result:
            if params["shard"]:
                check_single_writer(connection)
            return _sync(this_run, connection, findings)

        # The parts of a plan are all written to one server, whichever was written last
        servers = params["directory"]
        if not params["shard"]:
            servers = recent.preferred(servers)
        return with_directory(servers, work, warn)


def _policy(
    params: Mapping[str, Any],
    sources: Sequence[SourceOptions],
    now: datetime,
    recent: RecentWrites,
) -> DomainPolicy:
    return DomainPolicy(
        as_of=moment(params["as_of"], now),
        limits=domain_limits(params["domain_limits"], sources),
        on_bad_source=params["on_bad_source"],
        approved_digest=params["approved_digest"],
        judge=recent.judge,
        only=check_only(params["only"], params["shard"]),
    )


def _sync(this_run: SyncRun, connection: Connection, places: Sequence[Finding]) -> Result:
    """places: the findings about files that do not last."""
    params, sources, warn = this_run.params, this_run.sources, this_run.warn
    recent, check_mode = this_run.recent, this_run.check_mode
    recent.use_for(connection.domain_dn)
    feeds, left_out, snapshot = _read(this_run, connection)
    lost = [] if params["explain"] else this_run.state.check_earlier(snapshot.accounts)
    tell(lost, warn)
    domain = _plan(this_run, connection, feeds, left_out, snapshot)
    plan, most = domain.planned.plan, params["report_limit"]
    if params["explain"]:
        steps = {one.rules.source: DatedStep.from_params(one.options["steps"]) for one in sources}
        return explanation(params["explain"], domain, snapshot, steps)
    waits = replication(plan, recent, connection)
    judge_rights(plan, plan.changes, partial(permissions_of, connection))
    plan.findings += [*places, *lost, *this_run.names.findings]
    rulesets = [source.rules for source in domain.people]
    digests = digests_of(sources, domain.feeds)
    complete(plan, rulesets, this_run.now, params["plan_valid_hours"], digests)
    written, rest = this_run.write_whole_plan(plan)
    for words in open_access_words(open_access(plan.findings)):
        warn(f"{plan.title}: {words}. See the findings")
    refused, waiting = refusal(plan, params["approved_digest"]), Result()
    changes = plan.changes
    if params["shadow"]:
        result = compared_result(plan, refusal(plan, None), most, rest) | written
        return add_brief(result, plan, changes, True) | {"changed": False}
    if not refused:
        changes, waiting = changes_of_run(plan, rulesets, this_run, waits)
        refused = this_run.count(connection, plan, changes)
    if refused:
        return _refused(this_run, plan, refused, written, rest)
    result = plan_result(plan, changes, most, rest) | findings_result(plan, most, rest)
    result.update(written | waiting)
    made = changes
    if not check_mode:
        executed = this_run.execute(connection, plan, changes, domain.feeds)
        result.update(_happened(this_run, domain, executed, rest))
        made = executed.made
    outcomes = outcomes_of_run(domain, made, sources, snapshot)
    add_part(result, lambda: _accounts(connection, outcomes, this_run))
    if not check_mode:
        add_part(result, lambda: this_run.keep_state(domain.feeds))
    return add_brief(result, plan, made, check_mode)


def _read(
    this_run: SyncRun, connection: Connection
) -> tuple[list[CheckedFeed], dict[str, str], Snapshot]:
    """(the feeds, {source whose feed cannot be used: why}, the directory): the feeds are read and
    checked while the directory answers.
    """
    sources, progress = this_run.sources, this_run.progress
    attributes = [name for source in sources for name in source.rules.attributes]
    keys = {source.rules.key for source in sources}
    if this_run.names.path:  # deleted accounts own their names as well
        keys |= {source.rules.ownership.attribute for source in sources}
    with ThreadPoolExecutor(1) as beside:
        progress("read")
        reading: Future[Snapshot] = beside.submit(
            read_snapshot,
            connection,
            attributes,
            progress=partial(progress, "read"),
            keys=keys,
        )
        try:
            on_bad_source = this_run.policy.on_bad_source
            feeds, left_out = read_feeds(sources, on_bad_source, this_run.params["plan_key"])
        except BaseException:
            connection.stream.abandon()  # the answer is not needed any more
            raise
        return feeds, left_out, reading.result()


def _plan(
    this_run: SyncRun,
    connection: Connection,
    feeds: Sequence[CheckedFeed],
    left_out: Mapping[str, str],
    snapshot: Snapshot,
) -> DomainPlan:
    this_run.progress("plan")
    policy, names = this_run.policy, this_run.names
    names.begin(snapshot, [one.rules for one in this_run.sources], policy.as_of.date())
    protections, to_give = partial(liftable, connection), names.to_give(connection)
    return plan_domain(feeds, left_out, snapshot, policy, protections, to_give)


def _refused(this_run: SyncRun, plan: Plan, refused: Refusal, written: Result, rest: str) -> Result:
    """The result of a run whose plan may not be applied. written, rest: of write_whole_plan."""
    most, check_mode = this_run.params["report_limit"], this_run.check_mode
    result = plan_result(plan, plan.changes, most, rest) | findings_result(plan, most, rest)
    result.update(written)
    if not check_mode:
        result.update(happened_result(plan, [], most, rest))
    recent = None if this_run.params["approved_digest"] else this_run.recent
    return refused_run(result, plan, refused, check_mode, recent)


def _happened(this_run: SyncRun, domain: DomainPlan, executed: Executed, rest: str) -> Result:
    """The part of the result about the writes. rest: of write_whole_plan."""
    plan, most = domain.planned.plan, this_run.params["report_limit"]
    result = executed_result(plan, executed, most, this_run.warn)
    result.update(happened_result(plan, executed.made, most, rest))
    # A guard compares with the last full run, not with each of many
    if this_run.policy.only is None:
        add_part(result, lambda: _remember(domain.feeds))
    return result


def _remember(feeds: Sequence[CheckedFeed]) -> Result:
    """Keep the profiles of the feeds, because they were good."""
    kept = {checked.feed.rules.source: checked.guard.remember() for checked in feeds}
    profiles = {source: profile for source, profile in kept.items() if profile}
    return {"feed_profiles": profiles} if profiles else {}


def _accounts(connection: Connection, outcomes: list[AccountOutcome], this_run: SyncRun) -> Result:
    """The accounts by what was done to them; all those of a source are written to its file
    outcome_dest.
    """
    params, check_mode = this_run.params, this_run.check_mode
    accounts = accounts_by_event(outcomes, params["report_limit"])
    key = params["plan_key"]
    files = {one.rules.source: one.options["outcome_dest"] for one in this_run.sources}
    this_run.files.make_folders(files.values())
    if not check_mode:
        set_guids(connection, outcomes, accounts, any(files.values()))
    # A dry run says so in every line: nobody shall take it for what has happened
    more = {"check_mode": True} if check_mode else {}
    for name, path in files.items():
        if path:
            own = (outcome for outcome in outcomes if outcome.source == name)
            outcome_file.write_lines(path, ({**plain(one), **more} for one in own), key)
    return {"accounts": accounts}
