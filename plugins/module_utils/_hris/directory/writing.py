# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applying changes: many operations outstanding on the one connection, an outcome for each change."""

from __future__ import annotations

from collections import deque

from ..ad_values import dn as names
from ..errors import HrisError
from . import ldap_errors, ldap_messages, operations, schema, values
from .ldap_stream import ConnectionLostError
from .password import random_password, unicode_pwd

WINDOW = 16
# A membership batch that is refused with one of these may hold good members: they are tried one by one.
_ONE_BY_ONE = frozenset((16, 19, 20, 32, 53, 68, 80))
_ALREADY_EXISTS = 68


def apply(
    connection, changes, progress=None, passwords=None, journal=None, stop=None
) -> list[dict]:
    """Apply changes and return their outcomes, a list parallel to changes.

    connection: of connection.connect, the one that read. changes: plain data (operations.arrange tells the order).
    progress: callable(index, outcome), called once for each change when its outcome is known.
    passwords: {normal DN: password} of new accounts that shall not get a random one.
    journal: a journal.Journal of these changes; where it cannot be written on, nothing further is sent.
    stop: callable(outcome) -> why nothing further shall be sent, or None; called for each outcome.

    outcome: {"status": "applied" | "refused" | "skipped", "message": text, "code": name of the LDAP code or ""}.
      applied with a message: done, but for what the message says; "incomplete" then lists the attributes that were not written.
      refused: nothing of it was written, or (code "connectionLost") the server did not live to answer and it is unknown.
      skipped: not tried.
    Nothing is raised for a refusal or a lost connection; HrisError only for what is wrong before the first write.
    """
    run = _Run(connection, changes, progress or (lambda index, outcome: None), passwords or {})
    run.journal, run.stop = journal, stop
    try:
        for part in (run.containers, run.accounts, run.references, run.memberships, run.last):
            part()
    except ConnectionLostError as error:
        run.stopped = error.message
    if run.stopped:
        run.skip_the_rest(f"not tried: {run.stopped}")
    return run.outcomes


def set_password(connection, guid: str, password: str) -> None:
    """Give an existing account a password. Raises HrisError with the reason when the server refuses it, ConnectionLostError."""
    result = connection.wire.request(
        ldap_messages.modify(
            f"<GUID={guid}>", [(ldap_messages.REPLACE, "unicodePwd", [unicode_pwd(password)])]
        )
    )
    if result["code"]:
        raise HrisError(
            f"the password was refused: {ldap_errors.refusal(result)['message']}", place="password"
        )


def pump(wire, lines) -> None:
    """Drive lines until all have ended, at most WINDOW operations outstanding.

    lines: deque of generators; each yields encoded operations one after another and is sent each one's result (ldap_messages.result), or
    thrown ConnectionLostError into when the answer will not come. A line may append further lines. Raises ConnectionLostError at the end.
    """
    outstanding: dict = {}
    try:
        while lines or outstanding:
            while lines and len(outstanding) < WINDOW:
                _advance(wire, lines.popleft(), None, outstanding)
            if outstanding:
                number, _tag, body = wire.receive()
                line = outstanding.pop(number, None)
                if line:
                    _advance(wire, line, ldap_messages.result(body), outstanding)
    except ConnectionLostError as error:
        for line in outstanding.values():
            try:
                line.throw(error)
            except (StopIteration, ConnectionLostError):
                pass  # the line has noted its outcome
        raise


def _advance(wire, line, result, outstanding: dict) -> None:
    """Give a line its result and send the operation that it yields next, alone or with its controls."""
    try:
        operation = line.send(result)
    except (StopIteration, _StoppedError):
        return
    try:
        outstanding[
            wire.send(*operation) if isinstance(operation, tuple) else wire.send(operation)
        ] = line
    except ConnectionLostError:
        outstanding[0] = line  # pump tells it with the others
        raise


class _StoppedError(Exception):
    """Nothing further is sent: a line ends where it stands."""


class _Run:
    """The state of one apply: outcomes, and what is still to be said of each change."""

    journal = stop = None
    stopped = ""  # why nothing further is sent

    def __init__(self, connection, changes, progress, passwords):
        self.wire = connection.wire
        self.changes = changes
        self.progress = progress
        self.passwords = passwords
        attributes = {name for change in changes for name in change.get("attributes") or ()}
        self.schema = schema.read(connection, attributes)
        self.todo = operations.arrange(
            changes, {key: info["syntax"] for key, info in self.schema.items()}
        )
        self.pending = {index for step in self.todo["references"] for index in step["changes"]}
        self.outcomes: list = [None] * len(changes)
        self.created = {
            names.normal(change["dn"]): index
            for index, change in enumerate(changes)
            if change["action"] == "create"
        }

    def containers(self) -> None:
        for step in self.todo["containers"]:  # one after another: the next may stand below
            pump(self.wire, deque([self._account([step])]))

    def accounts(self) -> None:
        pump(self.wire, deque(self._account(steps) for steps in self.todo["accounts"]))

    def last(self) -> None:
        pump(self.wire, deque(self._account([step]) for step in self.todo["last"]))

    def references(self) -> None:
        pump(self.wire, deque(self._reference(step) for step in self.todo["references"]))

    def memberships(self) -> None:
        lines: deque = deque()
        for batch in self.todo["groups"]:
            members = []
            for member in batch["members"]:
                if member["needs"] and not self._stands(member["needs"]):
                    self._done(
                        [member["change"]], "skipped", "not tried: the account was not created"
                    )
                else:
                    members.append(member)
            if members:
                lines.append(self._membership(batch, members, lines))
        pump(self.wire, lines)

    def skip_the_rest(self, message: str) -> None:
        for index, outcome in enumerate(self.outcomes):
            if outcome is None:
                self._done([index], "skipped", message)
            elif index in self.pending:
                self._incomplete(index, self._later_of(index), message, "connectionLost")

    def _account(self, steps):
        """One account's steps. When its add is refused the others are skipped; other refusals stand alone."""
        for position, step in enumerate(steps):
            try:
                operation = self._operation(step)
            except (HrisError, UnicodeError) as error:
                self._done(step["changes"], "refused", str(error), "invalidAttributeSyntax")
                result = None
            else:
                result = yield from self._ask(operation, step["changes"])
                if result["code"] == 0 or (
                    step["kind"] == "add_ou" and result["code"] == _ALREADY_EXISTS
                ):
                    self._done(
                        step["changes"], "applied"
                    )  # an OU that another run has just created is as good
                else:
                    self._done(step["changes"], "refused", **ldap_errors.refusal(result))
            if step["kind"] == "add" and (result is None or result["code"]):
                for rest in steps[position + 1 :]:
                    self._done(rest["changes"], "skipped", "not tried: the account was not created")
                return
            if step["kind"] == "restore" and result["code"]:
                return

    def _reference(self, step):
        """The values of a change that name accounts of this run, when those stand."""
        index = step["changes"][0]
        before = self.outcomes[index]
        if before and before["status"] != "applied":
            self.pending.discard(index)  # the change was refused as a whole
            return
        lost = sorted(
            name
            for name, needs in step["needs"].items()
            if not all(self._stands(key) for key in needs)
        )
        attributes = {name: texts for name, texts in step["attributes"].items() if name not in lost}
        message, code, missing = "", "", lost
        if lost:
            message = f"{', '.join(lost)} not written: the account it names was not created"
        if attributes:
            result = yield from self._ask(
                self._operation({**step, "attributes": attributes}), [index]
            )
            if result["code"]:
                refusal = ldap_errors.refusal(result)
                missing = sorted(step["attributes"])
                message, code = (
                    f"{', '.join(missing)} not written: {refusal['message']}",
                    refusal["code"],
                )
        if not missing:
            self.pending.discard(index)
            self._done([index], "applied")
        elif before or len(missing) < len(step["attributes"]):
            self._incomplete(index, missing, message, code)
        else:
            self.pending.discard(index)
            self._done([index], "refused" if code else "skipped", message, code)

    def _membership(self, batch: dict, members: list, lines: deque):
        """One modify with many members; when it is refused and may hold good ones, a line for each."""
        indexes = [member["change"] for member in members]
        kind = ldap_messages.ADD if batch["adding"] else ldap_messages.DELETE
        result = yield from self._ask(
            ldap_messages.modify(
                batch["group"], [(kind, "member", [member["value"].encode() for member in members])]
            ),
            indexes,
        )
        if result["code"] == 0:
            self._done(indexes, "applied")
        elif len(members) > 1 and result["code"] in _ONE_BY_ONE:
            lines.extend(self._membership(batch, [member], lines) for member in members)
        elif len(members) == 1 and ldap_errors.already_so(result, batch["adding"]):
            self._done(indexes, "applied")
        else:
            self._done(indexes, "refused", **ldap_errors.refusal(result))

    def _ask(self, operation: bytes, indexes: list):
        """Yield an operation and return its result; note the changes as unknown when the answer will not come."""
        self._announce(indexes)
        try:
            return (yield operation)
        except ConnectionLostError as error:
            for index in indexes:
                if self.outcomes[index] is None:
                    self.pending.discard(index)
                    self._done(
                        [index],
                        "refused",
                        f"it is not known whether this was done: {error.message}",
                        "connectionLost",
                    )
            raise

    def _announce(self, indexes: list) -> None:
        """Raise _StoppedError when nothing further is to be sent, or cannot be announced."""
        if not self.stopped and self.journal:
            try:
                for index in indexes:
                    self.journal.intent(index)
            except HrisError as error:
                self.stopped, self.journal = str(error), None
        if self.stopped:
            raise _StoppedError

    def _operation(self, step: dict):
        """The bytes of a step, alone or with the controls. Raises HrisError for a value that cannot be encoded."""
        if step["kind"] == "delete":
            return ldap_messages.delete(step["target"])
        if step["kind"] == "restore":
            return ldap_messages.undelete(step["target"], step["dn"]), ldap_messages.show_deleted()
        if step["kind"] == "rename":
            return ldap_messages.rename(step["target"], step["rdn"], step["parent"])
        encoded = {name: self._encode(name, texts) for name, texts in step["attributes"].items()}
        if step["kind"] == "modify":
            if step.get("password"):
                encoded["unicodePwd"] = [unicode_pwd(random_password())]
            return ldap_messages.modify(
                step["target"],
                [(ldap_messages.REPLACE, name, found) for name, found in encoded.items()],
            )
        if step["kind"] == "add_ou":
            return ldap_messages.add(step["target"], encoded)
        encoded["unicodePwd"] = [
            unicode_pwd(self.passwords.get(names.normal(step["target"])) or random_password())
        ]
        return ldap_messages.add(step["target"], encoded)

    def _encode(self, name: str, texts) -> list[bytes]:
        syntax = self.schema.get(name.lower(), {}).get("syntax", "text")
        return [values.encode(name, syntax, text) for text in texts]

    def _stands(self, normal_dn: str) -> bool:
        """Whether an account that this run creates has been created."""
        outcome = self.outcomes[self.created[normal_dn]]
        return bool(outcome) and outcome["status"] == "applied"

    def _later_of(self, index: int) -> list[str]:
        return sorted(
            name
            for step in self.todo["references"]
            if index in step["changes"]
            for name in step["attributes"]
        )

    def _incomplete(self, index: int, missing: list, message: str, code: str) -> None:
        self.pending.discard(index)
        self.outcomes[index] = None
        self._done([index], "applied", message, code, incomplete=missing)

    def _done(self, indexes, status: str, message: str = "", code: str = "", **more) -> None:
        for index in indexes:
            outcome = self.outcomes[index] = {
                "status": status,
                "message": message,
                "code": code,
                **more,
            }
            if index not in self.pending or status != "applied":
                self.pending.discard(index)
                self._tell(index, outcome)

    def _tell(self, index: int, outcome: dict) -> None:
        if (
            self.journal
        ):  # after a stop, too: answers still come in, and what is skipped was not sent
            try:
                self.journal.result(index, outcome)
            except HrisError as error:
                self.stopped, self.journal = self.stopped or str(error), None
        if self.stop and not self.stopped:
            self.stopped = self.stop(outcome) or ""
        self.progress(index, outcome)
