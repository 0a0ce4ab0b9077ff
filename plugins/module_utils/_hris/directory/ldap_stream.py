# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one bound connection: operations out, answers in, several outstanding at a time, no thread."""

from __future__ import annotations

import socket
from collections import deque

from ..errors import HrisError
from . import ldap_errors, ldap_messages

_CHUNK = 1 << 14  # a TLS record holds no more
_ROOM = (
    1 << 22
)  # for the answers that come while the ones before are decoded: a server that must wait for us loses its time


class ConnectionLostError(HrisError):
    """The server is gone or silent; what it did with unanswered operations is not known."""


class RefusedError(HrisError):
    """The server's refusal of a search; code: the LDAP result code."""

    def __init__(self, message: str, place: str, code: int):
        super().__init__(message, place=place)
        self.code = code


class Wire:
    """A connected, bound socket. server: its URL for messages; timeout: seconds to wait for any answer."""

    def __init__(self, sock: socket.socket, server: str, timeout: int):
        self.server = server
        self.timeout = timeout
        self._socket = sock
        self._socket.settimeout(timeout)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
        self._buffer = bytearray()
        self._at = 0
        self._number = 1 << 16  # far from the numbers that the bind has used
        self._early: dict[int, deque] = {}

    def send(self, operation: bytes, controls: bytes = b"") -> int:
        """Send an operation; its number. Raises ConnectionLostError."""
        self._number += 1
        try:
            self._socket.sendall(ldap_messages.message(self._number, operation, controls))
        except OSError as error:
            raise self._lost(error) from error
        return self._number

    def receive(self, number: int | None = None) -> tuple[int, int, bytes]:
        """(number, tag, body) of the next answer, or of the next one to the operation with that number. Raises ConnectionLostError."""
        for key in list(self._early) if number is None else (number,):
            if key in self._early:
                waiting = self._early[key]
                found = waiting.popleft()
                if not waiting:
                    del self._early[key]
                return found
        while True:
            found = ldap_messages.opened(self._whole())
            if found[0] == 0:
                notice = ldap_messages.result(found[2])
                raise ConnectionLostError(
                    "the server ended the connection"
                    + (f" ({notice['text']})" if notice["text"] else ""),
                    place=self.server,
                )
            if number is None or found[0] == number:
                return found
            self._early.setdefault(found[0], deque()).append(found)

    def request(self, operation: bytes) -> dict:
        """Send one operation and wait for its result (ldap_messages.result). Raises ConnectionLostError."""
        return ldap_messages.result(self.receive(self.send(operation))[2])

    def search(
        self,
        base: str,
        scope: str,
        search_filter: str,
        attributes,
        page: int = 1000,
        controls: bytes = b"",
    ):
        """Yield (DN, {name: [bytes, …]}) of a paged search; continuation references are passed over, never followed.

        The next page is asked for before this one is decoded. Raises RefusedError, ConnectionLostError.
        """
        operation = ldap_messages.search(base, scope, search_filter, attributes)
        number = self.send(operation, ldap_messages.paged(page, b"") + controls)
        while number:
            bodies = []
            tag = 0
            while tag != ldap_messages.SEARCH_DONE:
                _number, tag, body = self.receive(number)
                if tag == ldap_messages.SEARCH_ENTRY:
                    bodies.append(body)
            done = ldap_messages.result(body)
            if done["code"]:
                raise RefusedError(
                    f"the search below '{base}' for {search_filter} was refused: {ldap_errors.refusal(done)['message']}",
                    self.server,
                    done["code"],
                )
            number = (
                self.send(operation, ldap_messages.paged(page, done["cookie"]) + controls)
                if done["cookie"]
                else 0
            )
            for body in bodies:
                yield ldap_messages.entry(body)

    def abandon(self) -> None:
        """End the connection at once, whoever waits for an answer in another thread."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is gone already

    def close(self) -> None:
        """Unbind and close; a connection that is gone already is no error."""
        try:
            self._socket.sendall(ldap_messages.message(self._number + 1, ldap_messages.unbind()))
        except OSError:
            pass  # there is nobody left to say goodbye to
        self._socket.close()

    def _whole(self) -> bytes:
        """The next whole message of the stream."""
        while True:
            size = ldap_messages.length(self._buffer, self._at)
            if size and len(self._buffer) - self._at >= size:
                data = bytes(self._buffer[self._at : self._at + size])
                self._at += size
                return data
            if self._at:
                del self._buffer[: self._at]
                self._at = 0
            try:
                data = self._socket.recv(_CHUNK)
            except OSError as error:
                raise self._lost(error) from error
            if not data:
                raise ConnectionLostError("the server closed the connection", place=self.server)
            self._buffer += data

    def _lost(self, error: OSError) -> ConnectionLostError:
        if isinstance(error, TimeoutError):
            return ConnectionLostError(
                f"the server did not answer within {self.timeout} seconds",
                place=self.server,
                hint="Raise the option timeout of directory if it is only slow",
            )
        return ConnectionLostError(f"the connection broke ({error})", place=self.server)
