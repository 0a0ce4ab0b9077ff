# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies changes: an outcome for each change."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

from ..ad_values import dn as names
from ..errors import HrisError
from ..model import actions
from ..model.journal import LOST
from ..model.plan import APPLIED, REFUSED, SKIPPED, Change, Outcome
from . import ldap_errors, ldap_messages, operations, schema
from .connection import Connection
from .encoding import Encoder
from .journal import JournalWriter
from .ldap_messages import LdapResult
from .ldap_stream import ConnectionLostError
from .operations import Member, MembershipBatch, Operation
from .password import unicode_pwd
from .pipeline import Request, StoppedError, Task, run_tasks

NOT_CREATED = "not tried: the account was not created"
# A batch of memberships that is refused with one of these can hold good ones: they are tried one
# by one
_ONE_BY_ONE = frozenset(
    (
        ldap_errors.NO_SUCH_ATTRIBUTE,
        ldap_errors.CONSTRAINT_VIOLATION,
        ldap_errors.ATTRIBUTE_OR_VALUE_EXISTS,
        ldap_errors.NO_SUCH_OBJECT,
        ldap_errors.UNWILLING_TO_PERFORM,
        ldap_errors.ENTRY_ALREADY_EXISTS,
        ldap_errors.OTHER,
    )
)

Asking = Generator[Request, "LdapResult | None", LdapResult]


def apply(
    connection: Connection,
    changes: Sequence[Change],
    progress: Callable[[int, Outcome], None] | None = None,
    passwords: Mapping[str, str] | None = None,
    journal: JournalWriter | None = None,
    stop: Callable[[Outcome], str | None] | None = None,
) -> list[Outcome]:
    """Apply changes; the outcomes are parallel to them.

    connection: the one that read. progress: called once for each change, as soon as the server has
    answered it. passwords: {normal DN: password} of new accounts; the others get a random one.
    journal: of these changes; where it cannot be written any more, nothing more is sent. stop:
    called once for each change, too; gives why nothing more shall be sent, or None.

    An applied change with a message is done but for what the message says. A refused change was not
    written, or (code "connectionLost") no answer came and it is not known. A skipped change was not
    tried. Nothing is raised for a refusal or a lost connection; HrisError only for what is wrong
    before the first write.
    """
    application = _Application(connection, changes, passwords or {})
    application.progress, application.journal, application.stop = progress, journal, stop
    application.run()
    return [outcome or Outcome(SKIPPED) for outcome in application.outcomes]


def set_password(connection: Connection, guid: str, password: str) -> None:
    """Give an existing account a password.

    Raises HrisError with the reason when the server refuses it, ConnectionLostError.
    """
    modification = (ldap_messages.REPLACE, "unicodePwd", [unicode_pwd(password)])
    operation = ldap_messages.modify(f"<GUID={guid}>", [modification])
    result = connection.stream.request(operation)
    if result.code:
        reason = ldap_errors.refusal(result).message
        raise HrisError(f"the password was refused: {reason}", place="password")


class _Application:
    """The state of one apply."""

    progress: Callable[[int, Outcome], None] | None = None
    journal: JournalWriter | None = None
    stop: Callable[[Outcome], str | None] | None = None
    stopped = ""  # why nothing more is sent

    def __init__(
        self, connection: Connection, changes: Sequence[Change], passwords: Mapping[str, str]
    ):
        self.stream = connection.stream
        attributes = {name for change in changes for name in change.attributes}
        definitions = schema.read(connection, attributes)
        syntaxes = {name: definition.syntax for name, definition in definitions.items()}
        self.encoder = Encoder(syntaxes, passwords)
        self.arranged = operations.arrange(changes, syntaxes)
        self.outcomes: list[Outcome | None] = [None] * len(changes)
        # {change: its attributes that are written later, because they name new accounts}
        self.later: dict[int, set[str]] = defaultdict(set)
        for one in self.arranged.references:
            for index in one.changes:
                self.later[index].update(one.attributes)
        self.pending = set(self.later)  # changes that still wait for these
        self.counted: set[int] = set()  # changes that progress and stop know
        self.created = {
            names.normal(change.dn): index
            for index, change in enumerate(changes)
            if change.action == actions.CREATE
        }

    def run(self) -> None:
        """Send everything, part by part, and note every outcome."""
        arranged = self.arranged
        try:
            for operation in arranged.containers:  # one after another: the next can be below
                self._run([self._account([operation])])
            self._run(self._account(one) for one in arranged.accounts.values())
            self._run(self._reference(operation) for operation in arranged.references)
            self._run_memberships()
            self._run(self._account([operation]) for operation in arranged.last)
        except ConnectionLostError as error:
            self.stopped = error.message
        if self.stopped:
            self._skip_the_rest(f"not tried: {self.stopped}")

    def _run(self, tasks: Iterable[Task]) -> None:
        run_tasks(self.stream, deque(tasks))

    def _run_memberships(self) -> None:
        tasks: deque[Task] = deque()
        for batch in self.arranged.memberships:
            members = []
            for member in batch.members:
                if member.needs and not self._exists(member.needs):
                    self._note([member.change], Outcome(SKIPPED, NOT_CREATED))
                else:
                    members.append(member)
            if members:
                tasks.append(self._membership(batch, members, tasks))
        run_tasks(self.stream, tasks)

    def _skip_the_rest(self, message: str) -> None:
        for index, outcome in enumerate(self.outcomes):
            if outcome is None:
                self._note([index], Outcome(SKIPPED, message))
            elif index in self.pending:
                self._note_incomplete(index, sorted(self.later[index]), message, LOST)

    def _account(self, steps: Sequence[Operation]) -> Task:
        """The operations on one account. When it is not created or restored, the others are
        skipped.
        """
        for position, step in enumerate(steps):
            outcome = yield from self._step(step)
            self._note(step.changes, outcome)
            if outcome.status == APPLIED:
                continue
            if step.kind == operations.ADD:
                for rest in steps[position + 1 :]:
                    self._note(rest.changes, Outcome(SKIPPED, NOT_CREATED))
            if step.kind in (operations.ADD, operations.RESTORE):
                return

    def _step(self, step: Operation) -> Generator[Request, LdapResult | None, Outcome]:
        try:
            request = self.encoder.request(step)
        except (HrisError, UnicodeError) as error:
            return Outcome(REFUSED, str(error), "invalidAttributeSyntax")
        result = yield from self._ask(request, step.changes)
        if result.code == 0:
            return Outcome(APPLIED)
        if step.kind == operations.ADD_OU and result.code == ldap_errors.ENTRY_ALREADY_EXISTS:
            return Outcome(APPLIED)  # another run has just created the OU
        refusal = ldap_errors.refusal(result)
        return Outcome(REFUSED, refusal.message, refusal.code)

    def _reference(self, step: Operation) -> Task:
        """Write the values of a change that name new accounts, as far as those exist."""
        index = step.changes[0]
        before = self.outcomes[index]
        if before and before.status != APPLIED:
            self.pending.discard(index)  # the change was refused as a whole
            return
        missing = sorted(
            name for name, needs in step.needs.items() if not all(map(self._exists, needs))
        )
        message, code = "", ""
        if missing:
            message = f"{', '.join(missing)} not written: the account it names was not created"
        present = {name: texts for name, texts in step.attributes.items() if name not in missing}
        if present:
            present_only = Operation(step.kind, step.target, step.changes, present)
            request = self.encoder.request(present_only)
            result = yield from self._ask(request, [index])
            if result.code:
                refusal = ldap_errors.refusal(result)
                missing, code = sorted(step.attributes), refusal.code
                message = f"{', '.join(missing)} not written: {refusal.message}"
        if missing and (before or len(missing) < len(step.attributes)):
            self._note_incomplete(index, missing, message, code)
            return
        self.pending.discard(index)
        if not missing:
            self._note([index], Outcome(APPLIED))
        else:
            self._note([index], Outcome(REFUSED if code else SKIPPED, message, code))

    def _membership(
        self, batch: MembershipBatch, members: list[Member], tasks: deque[Task]
    ) -> Task:
        """One modify with many members; a task for each when it is refused and can hold good
        ones.
        """
        indexes = [member.change for member in members]
        kind = ldap_messages.ADD if batch.adding else ldap_messages.DELETE
        accounts = [member.value.encode() for member in members]
        operation = ldap_messages.modify(batch.group, [(kind, "member", accounts)])
        result = yield from self._ask((operation, b""), indexes)
        is_single = len(members) == 1
        if result.code == 0:
            self._note(indexes, Outcome(APPLIED))
        elif not is_single and result.code in _ONE_BY_ONE:
            tasks.extend(self._membership(batch, [member], tasks) for member in members)
        elif is_single and ldap_errors.is_already_done(result, batch.adding):
            self._note(indexes, Outcome(APPLIED))
        else:
            refusal = ldap_errors.refusal(result)
            self._note(indexes, Outcome(REFUSED, refusal.message, refusal.code))

    def _ask(self, request: Request, indexes: Iterable[int]) -> Asking:
        """Yield a request and return its result; note that it is not known when no answer will
        come.
        """
        self._announce(indexes)
        try:
            result = yield request
        except ConnectionLostError as error:
            message = f"it is not known whether this was done: {error.message}"
            for index in indexes:
                if self.outcomes[index] is None:
                    self.pending.discard(index)
                    self._note([index], Outcome(REFUSED, message, LOST))
            raise
        if result is None:
            raise AssertionError("run_tasks sends a result for every request")
        return result

    def _announce(self, indexes: Iterable[int]) -> None:
        """Write to the journal what is sent next.

        Raises StoppedError when nothing more is to be sent, or the journal cannot be written.
        """
        if not self.stopped and self.journal:
            try:
                for index in indexes:
                    self.journal.intent(index)
            except HrisError as error:
                self.stopped, self.journal = str(error), None
        if self.stopped:
            raise StoppedError

    def _exists(self, normal_dn: str) -> bool:
        """Whether an account that this run creates has been created."""
        outcome = self.outcomes[self.created[normal_dn]]
        return outcome is not None and outcome.status == APPLIED

    def _note_incomplete(self, index: int, missing: list[str], message: str, code: str) -> None:
        """Note a change that was applied but for some attributes."""
        self.pending.discard(index)
        self._note([index], Outcome(APPLIED, message, code, missing))

    def _note(self, indexes: Iterable[int], outcome: Outcome) -> None:
        """Note an outcome, and tell it, also while values are still to be written."""
        for index in indexes:
            self.outcomes[index] = outcome
            waits = outcome.status == APPLIED and index in self.pending
            if not waits:
                self.pending.discard(index)
            self._report(index, outcome, waits)

    def _report(self, index: int, outcome: Outcome, waits: bool) -> None:
        # After a stop too: answers still arrive, and what is skipped was not sent
        try:
            if self.journal and waits:
                self.journal.part(index, f"{', '.join(sorted(self.later[index]))} not written yet")
            elif self.journal:
                self.journal.result(index, outcome)
        except HrisError as error:
            self.stopped, self.journal = self.stopped or str(error), None
        if index in self.counted:
            return
        self.counted.add(index)
        if self.stop and not self.stopped:
            self.stopped = self.stop(outcome) or ""
        if self.progress:
            self.progress(index, outcome)
