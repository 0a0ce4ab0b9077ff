# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many messages over one connection to a mail server, and what became of each of them.

A message is handed over when the server has taken it after its last line. Where the connection ends
between that line and the answer, nobody knows. A message goes to all of its recipients or to none:
nobody gets it a second time because another address is refused.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from types import TracebackType

from ..errors import HrisError, Warn
from .mail import (
    UNUSABLE,
    BoundedConnection,
    MailServer,
    checked_context,
    explained,
    open_connection,
    recipients_refused,
)
from .webhook_call import FAILED, NOT_SENT, SENT, CallOutcome

_CLOSING = 421  # the server ends the connection (RFC 5321)
_TAKEN, _GO_ON = 250, 354
_KNOWN_ADDRESS = (250, 251, 252)  # of the server, forwarded, or not to be verified
_LINE_WITH_DOT = re.compile(rb"(?m)^\.")


class _UnusableError(Exception):
    """The server takes no message at all."""

    def __init__(self, problem: HrisError):
        super().__init__(problem)
        self.problem = problem


class MailSession:
    """Messages to one server. It is connected with the first one."""

    def __init__(self, server: MailServer, warn: Warn):
        """Raises HrisError for options that cannot be used."""
        self._server, self._context = server, checked_context(server, warn)
        self._connection: BoundedConnection | None = None
        self._taken = 0  # messages of this connection
        self.problem: HrisError | None = None  # why the server takes no more messages

    def __enter__(self) -> MailSession:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection:
            with contextlib.suppress(*UNUSABLE):
                self._connection.quit()
        self._drop()

    def send(
        self, message: EmailMessage, sender: str, to: list[str], begin: Callable[[], None]
    ) -> CallOutcome:
        """Hand a message over. begin: is called before the server could have it; it raises
        HrisError where it must not.

        After a problem of the server nothing is tried any more.
        """
        if self.problem:
            return CallOutcome(NOT_SENT, f"an earlier message failed: {self.problem}")
        try:
            connection = self._ready(sender)
            self._name_recipients(connection, to)
            begin()
            connection.putcmd("data")
            self._expect(connection, _GO_ON)
        except _UnusableError as error:
            self.problem = error.problem
            return CallOutcome(NOT_SENT, str(error.problem))
        except HrisError as error:
            self._reset(connection)
            return CallOutcome(FAILED, str(error))
        except UNUSABLE as error:
            return self._failed(connection, error)
        return self._hand_over(connection, message)

    def _ready(self, sender: str) -> BoundedConnection:
        """The connection, after the server has taken the sender. Raises _UnusableError."""
        while True:
            used = self._taken
            try:
                connection = self._connection or self._connect()
                connection.begin_message()
                connection.putcmd("mail", f"FROM:{smtplib.quoteaddr(sender)}")
                self._expect(connection, _TAKEN)
            except HrisError as error:
                self._drop()
                raise _UnusableError(error) from None
            except UNUSABLE as error:
                self._drop()
                # Many servers end a connection after some messages, or some time
                if not used:
                    raise _UnusableError(explained(error, self._server)) from None
            else:
                return connection

    def _connect(self) -> BoundedConnection:
        self._connection = open_connection(self._server, self._context)
        return self._connection

    def _name_recipients(self, connection: BoundedConnection, to: list[str]) -> None:
        """Raises HrisError where one of them is refused: then nobody gets the message."""
        refused = {}
        for address in to:
            code, text = connection.rcpt(address)
            if code == _CLOSING:
                raise smtplib.SMTPServerDisconnected("the server ends the connection")
            if code not in _KNOWN_ADDRESS:
                refused[address] = (code, text)
        if refused:
            raise recipients_refused(refused, self._server)

    def _hand_over(self, connection: BoundedConnection, message: EmailMessage) -> CallOutcome:
        """Send the content. After its last line, the server may have the message."""
        lines = _LINE_WITH_DOT.sub(b"..", message.as_bytes())
        try:
            connection.send(lines)
        except UNUSABLE as error:
            return self._failed(connection, error)
        try:
            connection.send(b".\r\n")
            self._expect(connection, _TAKEN)
        except smtplib.SMTPResponseException as error:
            return self._failed(connection, error)
        except UNUSABLE as error:
            self._drop()
            reason = str(explained(error, self._server))
            return CallOutcome(FAILED, reason, possibly_delivered=True)
        self._taken += 1
        return CallOutcome(SENT)

    def _failed(self, connection: BoundedConnection, error: Exception) -> CallOutcome:
        """A message that the server does not have."""
        if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code != _CLOSING:
            self._reset(connection)
        else:
            self._drop()
        return CallOutcome(FAILED, str(explained(error, self._server)))

    def _expect(self, connection: BoundedConnection, wanted: int) -> None:
        code, text = connection.getreply()
        if code != wanted:
            raise smtplib.SMTPResponseException(code, text)

    def _reset(self, connection: BoundedConnection) -> None:
        """Give the message up, and keep the connection for the next one."""
        try:
            connection.rset()
        except UNUSABLE:
            self._drop()

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection, self._taken = None, 0
