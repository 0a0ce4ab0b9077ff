# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of module sync: what it works with, and the files that it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..data_class import frozen
from ..directory.connection import Connection
from ..directory.initial_passwords import PasswordOptions
from ..model.plan import Change, Plan
from ..planning.plan_file import Refusal
from ..planning.summary import in_file
from ..progress import Progress
from .domain_plan import DomainPolicy
from .domain_state import DomainState
from .execution import Executed, execute, write_plan
from .execution_options import approval_of, check_files, execution_options
from .names_of_run import NamesOfRun
from .recent_writes import RecentWrites
from .result import Result
from .run_files import RunFiles, name_of_run, run_files
from .source_options import CheckedFeed, SourceOptions


@frozen
class SyncRun:
    """What a run works with, beside the connection."""

    files: RunFiles
    sources: Sequence[SourceOptions]
    state: DomainState
    recent: RecentWrites
    names: NamesOfRun
    policy: DomainPolicy
    now: datetime
    check_mode: bool
    warn: Callable[[str], None]
    progress: Progress

    @property
    def params(self) -> Mapping[str, Any]:
        """The options of the module; each folder among them is a file in it."""
        return self.files.params

    def write_plan(self, option: str, plan: Plan) -> Result:
        """Write a plan file where the option names one. Returns its part of the result."""
        path = self.params[option]
        if option == "plan_dest":
            path = path or self.files.for_report("plan.json")
        if not path:
            return {}
        self.files.make_folders([path])
        write_plan(path, plan, self.params["plan_key"])
        return {option: path}

    def write_whole_plan(self, plan: Plan) -> tuple[Result, str]:
        """Write the plan. Returns its part of the result, and where a reader finds all of it."""
        written = self.write_plan("plan_dest", plan)
        whole = self.state.lasting(self.params["plan_dest"])
        if whole:
            written["whole_plan"] = whole
        return written, in_file(whole)

    def count(
        self, connection: Connection, plan: Plan, changes: Sequence[Change]
    ) -> Refusal | None:
        """Count what this run is about to do among the recent writes; why it may not do it. Check
        mode counts nothing.
        """
        if self.check_mode:
            return None
        self.files.make_folders([self.recent.path])
        return self.recent.count(plan, changes, connection.server, self.params["approved_digest"])

    def execute(
        self,
        connection: Connection,
        plan: Plan,
        changes: list[Change],
        feeds: Sequence[CheckedFeed],
    ) -> Executed:
        """Make the changes. Whether the run is killed then or not, it has noted that there was
        one. Raises HrisError before the first write.
        """
        plan.approval = approval_of(self.params)
        options = execution_options(self.files)
        passwords = PasswordOptions.from_params(self.params["passwords"])
        of_run = [options.journal, options.undo_dest, options.audit, passwords.dest]
        self.files.make_folders([*of_run, *files_of_sources(self.sources), self.names.path])
        self.keep_state(feeds)
        return execute(
            connection,
            plan,
            changes,
            options,
            passwords,
            self.progress,
            recent=self.recent,
            names=self.names,
        )

    def keep_state(self, feeds: Sequence[CheckedFeed]) -> Result:
        """Note what the sources of these feeds have left. Raises HrisError."""
        self.state.remember([checked.feed.rules.source for checked in feeds], self.now)
        return {}


def files_of_sources(sources: Sequence[SourceOptions]) -> list[str | None]:
    """The files that sources keep."""
    found: list[str | None] = []
    for source in sources:
        options = source.options
        profile = (options["guard"] or {}).get("file")
        found += [profile, options["ledger"], options["outcome_dest"]]
    return found


def files_of_run(
    params: Mapping[str, Any], sources: Sequence[SourceOptions], now: datetime
) -> RunFiles:
    """The files of a run. params: of module sync. Raises HrisError for one that could not be
    written.
    """
    kept, passwords = files_of_sources(sources), params["passwords"]["dest"]
    name = name_of_run([source.rules.source for source in sources], now, params["shard"])
    names = params["names"]["ledger"]
    every = [*kept, passwords, params["recent"], names]
    files = run_files(params, name, params["kept_state"]["dir"], every)
    plans = [files.params["plan_dest"], files.params["held_plan_dest"]]
    ledgers = [source.options["ledger"] for source in sources]
    replaced = [path for path in kept if path not in ledgers]
    check_files(files, execution_options(files), [*plans, *replaced, params["recent"], names])
    files.check([], [passwords, *ledgers])
    return files
