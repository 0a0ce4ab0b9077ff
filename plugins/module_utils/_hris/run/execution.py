# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution of a plan: journal, canaries, the other changes, and the plan that undoes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from itertools import count

from ..data_class import mutable
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
from .audit import AuditLog
from .execution_options import ExecutionOptions
from .names_of_run import NamesOfRun
from .recent_writes import RecentWrites
from .write_checks import Allowed, WriteChecks, allowed_by

NEVER_EXPIRES = "9999-12-31T23:59:59+00:00"


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
    notes = _Notes(options, names)
    try:
        part = _with_whole_accounts(connection, plan, changes)
        refused = notes.begin(connection, part)
        checks = WriteChecks(connection, allowed or allowed_by(plan), refused)
        run = _Execution(connection, part, options, passwords, notes.journal, notes.audit, checks)
        outcomes = run.execute(lambda known: progress("write", known, total))
    except HrisError as error:
        if not connection.stream.has_written:
            _nothing_written(connection, error, notes.journal, recent)
        raise
    executed = Executed(changes, outcomes, journal=notes.journal.path if notes.journal else None)

    def keep_undo_plan() -> None:
        if options.undo_dest and (changes or not options.own_undo):
            write_plan(options.undo_dest, _undo_plan(part, outcomes), options.plan_key)
            executed.undo_plan = options.undo_dest

    def count_writes() -> None:
        if recent:
            recent.settle(plan, changes, outcomes, connection.server)

    executed.failure = _failure_of((count_writes, *notes.steps(part, outcomes), keep_undo_plan))
    return executed


def _failure_of(steps: Iterable[Callable[[], object]]) -> str | None:
    """Do what follows the writes, each step whatever becomes of the others; the first failure. It
    is not raised: what was written must not be hidden by it.
    """
    failure = None
    for step in steps:
        try:
            step()
        except HrisError as error:
            failure = failure or str(error)
    return failure


@mutable
class _Notes:
    """Where a run notes what it does. Each of them is kept up whatever becomes of the others."""

    options: ExecutionOptions
    names: NamesOfRun | None
    journal: Journal | None = None
    audit: AuditLog | None = None

    def begin(self, connection: Connection, plan: Plan) -> Mapping[str, str]:
        """Begin with them, before the first write; {object: why one of its names may not be given}.
        plan: the part that is executed. Raises HrisError.
        """
        refused = self.names.reserve(plan, plan.changes) if self.names else {}
        if plan.changes and self.options.journal:
            self.journal = Journal(self.options.journal, plan, self.options.plan_key)
        if plan.changes and self.options.audit:
            self.audit = AuditLog(self.options.audit, self.options.plan_key, connection, plan)
        return refused

    def steps(self, plan: Plan, outcomes: list[Outcome]) -> Iterator[Callable[[], object]]:
        """Yield what is to be done after the writes. plan: the part that was executed."""
        if self.names:
            yield partial(self.names.settle, plan, plan.changes, outcomes)
        if self.journal:
            yield self.journal.close
        if self.audit:
            yield partial(self.audit.close, outcomes)


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
    audit: AuditLog | None
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

        def note(index: int, outcome: Outcome) -> None:
            report()
            if self.audit:
                self.audit.note(indexes[index], outcome)

        done = apply(
            self.connection,
            changes,
            self.checks,
            progress=note,
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
    write_private(path, sealed_text(plan, key))


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
