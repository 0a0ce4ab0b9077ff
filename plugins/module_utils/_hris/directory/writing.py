# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies changes: an outcome for each change."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace

from ..ad_values import dn as names
from ..errors import HrisError, foreseen
from ..model import actions
from ..model.journal import LOST
from ..model.plan import APPLIED, REFUSED, SKIPPED, Change, Outcome
from . import exchanges, ldap_errors, ldap_messages, operations, partial_writes, schema
from .asked_rights import rights_asked
from .connection import Connection
from .deletion_protection import lifted, lifted_in
from .encoding import Encoder
from .journal import JournalWriter
from .ldap_messages import LdapResult
from .operations import Member, MembershipBatch, Operation
from .outcome_notes import OutcomeNotes
from .pipeline import Making, Request, Task, run_tasks
from .stream_errors import ConnectionLostError

NOT_CREATED = "not tried: the account was not created"

# (all changes, indexes of those that are written next) → {index: why it may not be written}
WriteChecks = Callable[[Sequence[Change], Sequence[int]], Mapping[int, str]]
Asking = Generator[Request, "LdapResult | None", LdapResult]


def apply(
    connection: Connection,
    changes: Sequence[Change],
    checks: WriteChecks,
    progress: Callable[[int, Outcome], None] | None = None,
    passwords: Mapping[str, str] | None = None,
    journal: JournalWriter | None = None,
    stop: Callable[[Outcome], str | None] | None = None,
) -> list[Outcome]:
    """Apply changes; the outcomes are parallel to them.

    connection: the one that read. checks: what may not be written; it is asked before the first
    write, and again for memberships and deletions, which come last. progress: called once for each
    change, as soon as the server has answered it. passwords: {normal form of operations.target:
    password} of new accounts, and of changes with a random password; the others get one that nobody
    knows. journal: of these changes; where it cannot be written any more, nothing more is sent.
    stop: called once for each change, too; gives why nothing more shall be sent, or None.

    An applied change with a message is done but for what the message says. A refused change was not
    written, or (code "connectionLost") no answer came and it is not known. A skipped change was not
    tried. Nothing is raised for a refusal or a lost connection; HrisError only for what is wrong
    before the first write.
    """
    notes = OutcomeNotes([None] * len(changes), progress, journal, stop)
    _Application(connection, changes, checks, passwords or {}, notes).run()
    return [outcome or Outcome(SKIPPED) for outcome in notes.outcomes]


class _Application:
    """The state of one apply."""

    def __init__(
        self,
        connection: Connection,
        changes: Sequence[Change],
        checks: WriteChecks,
        passwords: Mapping[str, str],
        notes: OutcomeNotes,
    ):
        self.stream, self.changes, self.checks = connection.stream, changes, checks
        self.notes = notes
        attributes = {name for change in changes for name in change.attributes}
        definitions = schema.read(connection, attributes)
        syntaxes = {name: definition.syntax for name, definition in definitions.items()}
        self.encoder = Encoder(syntaxes, passwords)
        self.protections = lifted_in(connection, changes)
        self.forbidden = checks(changes, range(len(changes)))
        self.arranged = operations.arrange(changes, syntaxes, self.forbidden)
        for index, later in operations.written_later(self.arranged):
            notes.wait_for(index, later)
        self.arranged.accounts = exchanges.in_order(self.arranged.accounts, changes)
        self.created = {
            names.normal(change.dn): index
            for index, change in enumerate(changes)
            if change.action == actions.CREATE
        }

    def run(self) -> None:
        """Send everything, part by part, and note every outcome."""
        arranged = self.arranged
        self._note_forbidden(self.forbidden)
        try:
            for operation in arranged.containers:  # one after another: the next can be below
                self._run([self._account([operation])])
            self._run(self._account([operation]) for operation in arranged.restored)
            self._run(self._account(one) for one in arranged.accounts.values())
            self._run(self._reference(operation) for operation in arranged.references)
            self._check_again()
            self._run_memberships()
            self._run(self._account([operation]) for operation in arranged.last)
        except ConnectionLostError as error:
            self.notes.stopped = error.message
        if self.notes.stopped:
            self._skip_the_rest(f"not tried: {self.notes.stopped}")

    def _run(self, tasks: Iterable[Task]) -> None:
        run_tasks(self.stream, deque(tasks))

    def _check_again(self) -> None:
        """Check what is left: the writes before it can have taken long."""
        arranged = self.arranged
        left = [member.change for batch in arranged.memberships for member in batch.members]
        left += [index for operation in arranged.last for index in operation.changes]
        if not left or self.notes.stopped:
            return
        try:
            forbidden = self.checks(self.changes, left)
        except HrisError as error:
            self.notes.stopped = error.message
            return
        self._note_forbidden(forbidden)
        for batch in arranged.memberships:
            batch.members[:] = [one for one in batch.members if one.change not in forbidden]
        arranged.last = [one for one in arranged.last if not forbidden.keys() & set(one.changes)]

    def _note_forbidden(self, forbidden: Mapping[int, str]) -> None:
        for index, reason in forbidden.items():
            self.notes.note_final(index, Outcome(SKIPPED, f"not written: {reason}"))

    def _run_memberships(self) -> None:
        tasks: deque[Task] = deque()
        for batch in self.arranged.memberships:
            members = []
            for member in batch.members:
                if member.needs and not self._exists(member.needs):
                    self.notes.note([member.change], Outcome(SKIPPED, NOT_CREATED))
                else:
                    members.append(member)
            if members:
                tasks.append(self._membership(batch, members, tasks))
        run_tasks(self.stream, tasks)

    def _skip_the_rest(self, message: str) -> None:
        for index, outcome in enumerate(self.notes.outcomes):
            if outcome is None:
                self.notes.note([index], Outcome(SKIPPED, message))
            elif index in self.notes.pending:
                self.notes.note_incomplete(index, self.notes.waiting(index), message, LOST)

    def _account(self, steps: Sequence[Operation]) -> Task:
        """The operations on one account, or on several that hand on names. When one is not created
        or restored, its others are skipped.
        """
        missing: set[str] = set()
        for step in steps:
            if step.target in missing:
                self.notes.note(step.changes, Outcome(SKIPPED, NOT_CREATED))
                continue
            if step.kind == operations.RESTORE_VALUES:
                yield from self._restored_values(step)
                continue
            outcome = yield from lifted(step, self.protections, self._step)
            if step.is_preparation:
                continue  # what it prepares says how it went
            if outcome.status != APPLIED:
                outcome = yield from self._in_parts(step, outcome)
            outcome = yield from self._scrambled_again(step, outcome)
            outcome = yield from self._taken_back(step, outcome)
            if step.kind == operations.ADD and outcome.status != APPLIED:
                missing.add(step.target)
            self.notes.note(step.changes, outcome)

    def _restored_values(self, step: Operation) -> Task:
        """Write the values of an account that was restored."""
        index = step.changes[0]
        if self.notes.is_applied(index):
            outcome = yield from self._step(step)
            if outcome.status != APPLIED:
                outcome = yield from self._in_parts(step, outcome)
            self.notes.note_final(index, outcome)

    def _in_parts(self, step: Operation, refused: Outcome) -> Making:
        """The outcome of a refused operation whose values are written one by one instead."""
        results = []
        for name, part in partial_writes.parts_of(step, refused):
            results.append((name, (yield from self._step(part))))
        return partial_writes.whole(step, results, refused)

    def _scrambled_again(self, step: Operation, outcome: Outcome) -> Making:
        """The outcome, after a second random password: the former one is taken for an hour."""
        is_set = outcome.status == APPLIED and operations.PASSWORD not in outcome.incomplete
        if not is_set or not self.encoder.scrambles(step):
            return outcome
        again = yield from self._step(partial_writes.password_part(step))
        return partial_writes.scrambled(outcome, again)

    def _taken_back(self, step: Operation, outcome: Outcome) -> Making:
        """The outcome, after the account has got back the names that it gave up for others which it
        did not get. Where another one has such a name by now, it gets its new one alone.
        """
        for back in partial_writes.to_take_back(step, outcome):
            result = yield from self._step(back)
            new_name = partial_writes.new_name(step, back)
            if result.status != APPLIED and new_name:
                result = yield from self._step(new_name)
            if result.status != APPLIED:
                lost = f"{outcome.message}; a name that it had was not given back: "
                outcome = replace(outcome, message=lost + result.message)
        return outcome

    def _step(self, step: Operation) -> Making:
        try:
            request = foreseen(self.encoder.request, step)
        except HrisError as error:
            return Outcome(REFUSED, str(error), "invalidAttributeSyntax")
        result = yield from self._ask(request, step.changes)
        if result.code == 0:
            return Outcome(APPLIED)
        if step.kind == operations.ADD_OU and result.code == ldap_errors.ENTRY_ALREADY_EXISTS:
            return Outcome(APPLIED)  # another run has just created the OU
        refusal = ldap_errors.refusal(result, rights_asked(step, self.changes[step.changes[0]].dn))
        return Outcome(REFUSED, refusal.message, refusal.code)

    def _reference(self, step: Operation) -> Task:
        """Write the values of a change that name new accounts, as far as those exist."""
        index = step.changes[0]
        before = self.notes.outcomes[index]
        if before and before.status != APPLIED:
            self.notes.pending.discard(index)  # the change was refused as a whole
            return
        missing = sorted(
            name for name, needs in step.needs.items() if not all(map(self._exists, needs))
        )
        message, code = "", ""
        if missing:
            message = f"{', '.join(missing)} not written: the account it names was not created"
        present = {name: texts for name, texts in step.attributes.items() if name not in missing}
        if present:
            outcome = yield from self._step(
                Operation(step.kind, step.target, step.changes, present)
            )
            if outcome.status != APPLIED:
                missing, code = sorted(step.attributes), outcome.code
                message = f"{', '.join(missing)} not written: {outcome.message}"
        if missing and (before or len(missing) < len(step.attributes)):
            self.notes.note_incomplete(index, missing, message, code)
            return
        if not missing:
            self.notes.note_final(index, before or Outcome(APPLIED))
        else:
            self.notes.note_final(index, Outcome(REFUSED if code else SKIPPED, message, code))

    def _membership(
        self, batch: MembershipBatch, members: list[Member], tasks: deque[Task]
    ) -> Task:
        """One modify with many members; a task for each when it is refused and can hold good
        ones.
        """
        indexes = [member.change for member in members]
        kind = ldap_messages.ADD if batch.adding else ldap_messages.DELETE
        # A name that cannot be encoded is refused alone, as one that does not exist
        accounts = [names.for_server(member.value).encode(errors="replace") for member in members]
        operation = ldap_messages.modify(batch.group, [(kind, "member", accounts)])
        result = yield from self._ask(Request(operation), indexes)
        is_single = len(members) == 1
        if result.code == 0:
            self.notes.note(indexes, Outcome(APPLIED))
        elif not is_single and result.code in ldap_errors.ONE_BY_ONE:
            tasks.extend(self._membership(batch, [member], tasks) for member in members)
        elif is_single and ldap_errors.is_already_done(result, batch.adding):
            self.notes.note(indexes, Outcome(APPLIED))
        else:
            refusal = ldap_errors.refusal(result, f"write member of {batch.group}")
            self.notes.note(indexes, Outcome(REFUSED, refusal.message, refusal.code))

    def _ask(self, request: Request, indexes: Iterable[int]) -> Asking:
        """Yield a request and return its result; note that it is not known when no answer will
        come.
        """
        self.notes.announce(indexes)
        try:
            result = yield request
        except ConnectionLostError as error:
            message = f"it is not known whether this was done: {error.message}"
            for index in indexes:
                if self.notes.outcomes[index] is None:
                    self.notes.note_final(index, Outcome(REFUSED, message, LOST))
            raise
        if result is None:
            raise AssertionError("run_tasks sends a result for every request")
        return result

    def _exists(self, normal_dn: str) -> bool:
        """Whether an account that this run creates has been created."""
        return self.notes.is_applied(self.created[normal_dn])
