# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution of a plan: journal, canaries, the other changes, and the plan that undoes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from itertools import count
from typing import Any

from ..data_class import frozen, mutable
from ..directory import drift
from ..directory.connection import Connection
from ..directory.failover import is_lost
from ..directory.initial_passwords import PasswordOptions, is_delivered, make_passwords
from ..directory.journal import Journal
from ..directory.operations import PASSWORD
from ..directory.whole_accounts import with_whole_accounts
from ..directory.writing import apply
from ..errors import HrisError
from ..model.journal import status_of
from ..model.plan import APPLIED, SKIPPED, Change, Outcome, Plan
from ..planning.canary import canaries
from ..planning.circuit_breaker import CircuitBreaker
from ..planning.ownership import mark_of
from ..planning.permissions import owner_of
from ..planning.plan_file import digest_of, sealed_text
from ..planning.undo import undo_of
from ..private_file import write_private
from ..progress import Progress, no_progress
from .audit import write_audit
from .names_of_run import NamesOfRun
from .recent_writes import ARGUMENTS as RECENT
from .recent_writes import RecentWrites
from .run_files import RunFiles
from .write_checks import Allowed, WriteChecks, allowed_by

NEVER_EXPIRES = "9999-12-31T23:59:59+00:00"
ARGUMENTS: dict[str, Any] = dict(
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
    **RECENT,
)


@frozen
class ExecutionOptions:
    """The options in ARGUMENTS."""

    journal: str | None
    audit: str | None
    undo_dest: str | None
    own_undo: bool  # whether no other run has this file: it is made for changes only
    plan_key: str | None
    canary: int  # accounts; 0: none
    stop_first: int  # equal refusals at the beginning that stop the run; 0: never
    stop_percent: float  # the share of refusals that stops the run
    report_limit: int  # entries of each list in the result


def execution_options(files: RunFiles) -> ExecutionOptions:
    """The options from the parameters of a module."""
    params, stop = files.params, files.params["stop"]
    return ExecutionOptions(
        journal=params["journal"] or files.for_report("journal.jsonl"),
        audit=params["audit"],
        undo_dest=params["undo_dest"],
        own_undo="undo_dest" in files.own,
        plan_key=params["plan_key"],
        canary=params["canary"],
        stop_first=stop["first"],
        stop_percent=stop["percent"],
        report_limit=params["report_limit"],
    )


def check_files(
    files: RunFiles, options: ExecutionOptions, others: Iterable[str | None] = ()
) -> None:
    """Raise HrisError, before anything is read or written, for a file that could not be written at
    the end. others: more files that the run writes anew.
    """
    files.check([options.journal, options.undo_dest, *others], [options.audit])


@mutable
class Executed:
    """What became of the changes of a plan."""

    changes: list[Change]
    outcomes: list[Outcome]  # parallel to the changes
    failure: str | None = None  # what went wrong after the writes, such as a full disk
    journal: str | None = None  # the file that says what became of each change
    undo_plan: str | None = None  # the file that undoes them

    @property
    def made(self) -> list[Change]:
        """The changes that were made, without the attributes that were not written."""
        pairs = zip(self.changes, self.outcomes, strict=True)
        return [as_made(change, outcome) for change, outcome in pairs if outcome.status == APPLIED]


def as_made(change: Change, outcome: Outcome) -> Change:
    """The change without the attributes and the password that were not written."""
    if not outcome.incomplete:
        return change
    has_password = change.random_password and PASSWORD not in outcome.incomplete
    written = {
        name: values for name, values in change.attributes.items() if name not in outcome.incomplete
    }
    return replace(change, attributes=written, random_password=has_password)


def execute(
    connection: Connection,
    plan: Plan,
    changes: list[Change],
    options: ExecutionOptions,
    passwords: PasswordOptions | None = None,
    progress: Progress = no_progress,
    allowed: Allowed | None = None,
    recent: RecentWrites | None = None,
    names: NamesOfRun | None = None,
) -> Executed:
    """Make changes of a plan. Raises HrisError before the first write.

    allowed: what they may be about; None: what the plan says. recent: where they are counted.
    names: where the names that they give are reserved.
    passwords: how initial passwords are handed over; None: they are random and nobody knows them.
    """
    total = len(changes)
    journal: Journal | None = None
    try:
        part = _with_whole_accounts(connection, plan, changes)
        refused = names.reserve(part, part.changes) if names else {}
        if options.journal and changes:
            journal = Journal(options.journal, part, options.plan_key)
        checks = WriteChecks(connection, allowed or allowed_by(plan), refused)
        run = _Execution(connection, part, options, passwords, journal, checks)
        outcomes = run.execute(lambda known: progress("write", known, total))
    except HrisError as error:
        if not connection.stream.has_written:
            _nothing_written(connection, error, journal, recent)
        raise
    executed = Executed(changes, outcomes, journal=journal.path if journal else None)
    try:
        if recent:
            recent.settle(plan, changes, outcomes, connection.server)
        if names:
            names.settle(part, part.changes, outcomes)
        if journal:
            journal.close()
        if options.undo_dest and (changes or not options.own_undo):
            write_plan(options.undo_dest, _undo_plan(part, executed.outcomes), options.plan_key)
            executed.undo_plan = options.undo_dest
        if options.audit:
            write_audit(options.audit, connection, part, executed.outcomes)
    except HrisError as error:
        executed.failure = str(error)  # what was written must not be hidden by it
    return executed


def _nothing_written(
    connection: Connection, error: HrisError, journal: Journal | None, recent: RecentWrites | None
) -> None:
    """Leave no trace of a run that ended before its first write."""
    if journal and is_lost(error):
        journal.discard()  # the next server begins anew (directory/failover.py)
    if recent:
        recent.release(connection.server)


def _with_whole_accounts(connection: Connection, plan: Plan, changes: list[Change]) -> Plan:
    """The part of the plan that is executed. It has all of an account that it deletes, so that the
    journal and the undo plan have it. Values that no rule reads are hidden in output.
    """
    whole, referring = with_whole_accounts(connection, changes, allowed_by(plan).attributes)
    owners, hidden = dict(plan.owners), set(plan.redact)
    for change, planned in zip(whole, changes, strict=True):
        unread = change.attributes.keys() - planned.attributes.keys()
        hidden.update(name.casefold() for name in unread)
        own = plan.ownership.get(change.source or "")
        for one in change.referrers:
            account = referring[one.guid]
            mark = mark_of(account, plan.mark) if plan.mark else None
            keys = account.attributes.get(own.key, []) if own else []
            owners.setdefault(one.guid, owner_of(mark, keys))
    return replace(plan, changes=whole, owners=owners, redact=sorted(hidden))


@mutable
class _Execution:
    """One execution: the changes of the canaries first, and the others only when those are
    right.
    """

    connection: Connection
    plan: Plan
    options: ExecutionOptions
    passwords: PasswordOptions | None
    journal: Journal | None
    checks: WriteChecks

    def execute(self, report: Callable[[int], None]) -> list[Outcome]:
        """The outcomes of all changes. report: is called with the number of changes that have
        one.
        """
        total = len(self.plan.changes)
        outcomes: dict[int, Outcome] = {}
        number = count(1)
        report(0)
        first = canaries(self.plan.changes, self.options.canary) if self.options.canary else []
        if len(first) == total:
            first = []  # canaries without others to protect
        chosen = set(first)
        others = [index for index in range(total) if index not in chosen]
        problem = ""
        if first:
            self._make(first, outcomes, lambda: report(next(number)))
            problem = self._canary_problem(first, outcomes)
        if not problem:
            try:
                self._make(others, outcomes, lambda: report(next(number)))
            except HrisError as error:
                if not first:
                    raise
                problem = str(error)  # what the canaries wrote must not be hidden by it
        skipped = Outcome(SKIPPED, f"not tried: {problem}")
        return [outcomes.get(index, skipped) for index in range(total)]

    def _make(
        self, indexes: Sequence[int], outcomes: dict[int, Outcome], report: Callable[[], None]
    ) -> None:
        """Make some of the changes. Raises HrisError before the first write of them."""
        changes = [self.plan.changes[index] for index in indexes]
        passwords = None
        if self.passwords:
            guids = {one.guid for one in changes if one.guid and is_delivered(one)}
            accounts = drift.accounts_with(self.connection, guids, ()) if guids else {}
            passwords = make_passwords(changes, self.passwords, accounts)
        breaker = CircuitBreaker(self.options.stop_first, self.options.stop_percent, len(changes))
        done = apply(
            self.connection,
            changes,
            self.checks,
            progress=lambda _index, _outcome: report(),
            passwords=passwords,
            journal=self.journal.of(indexes) if self.journal else None,
            stop=breaker.note,
        )
        outcomes.update(zip(indexes, done, strict=True))

    def _canary_problem(self, indexes: Sequence[int], outcomes: dict[int, Outcome]) -> str:
        """What is wrong with the canaries, or "": every change was made, and can be read back."""
        changes = [self.plan.changes[index] for index in indexes]
        for index, change in zip(indexes, changes, strict=True):
            outcome = outcomes[index]
            if outcome.message:
                action = f"{change.action} of the canary {change.dn}"
                return f"{action} was {outcome.status}: {outcome.message}"
        moved = [replace(change, dn=change.to or change.dn) for change in changes]
        accounts = drift.current_accounts(self.connection, moved)
        for change in changes:
            problem = drift.difference(self.connection, change, accounts, drift.AFTER)
            if problem:
                return f"the canary {change.dn} is wrong after {change.action}: {problem}"
        return ""


def write_plan(path: str, plan: Plan, key: str | None) -> None:
    """Write a plan file. Raises HrisError naming the path."""
    write_private(path, [sealed_text(plan, key)])


def _undo_plan(plan: Plan, outcomes: list[Outcome]) -> Plan:
    statuses = {
        index: status_of(outcome.status, outcome.code)
        for index, outcome in enumerate(outcomes)
        if outcome.status != SKIPPED
    }
    made = [as_made(*pair) for pair in zip(plan.changes, outcomes, strict=True)]
    undo = undo_of(replace(plan, changes=made), statuses)
    undo.made = datetime.now(timezone.utc).isoformat(timespec="seconds")
    undo.expires = NEVER_EXPIRES
    undo.digest = digest_of(undo)
    return undo
