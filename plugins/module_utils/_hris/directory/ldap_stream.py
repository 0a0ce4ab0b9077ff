# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one bound connection: operations out, responses in, several outstanding, no thread."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterable, Iterator

from ..errors import HrisError, RefusedError
from . import ldap_errors, ldap_messages
from .ldap_messages import LdapResult, Message, SearchEntry

_CHUNK = 1 << 14  # bytes; a TLS record holds no more
# Bytes that may arrive while earlier responses are decoded: a server that has to wait loses time
_RECEIVE_BUFFER = 1 << 22


class ConnectionLostError(HrisError):
    """The server is gone or silent. Whether it did the unanswered operations is not known."""


class SearchRefusedError(RefusedError):
    """The server refused a search. code: the LDAP result code."""

    def __init__(self, message: str, place: str, code: int):
        super().__init__(message, place)
        self.code = code


class NoSuchObjectError(SearchRefusedError):
    """The base of a search does not exist."""


class LdapStream:
    """A connected, bound socket.

    server: its URL, for messages. timeout: seconds to wait for each response.
    """

    has_written = False  # whether anything that writes was sent

    def __init__(self, sock: socket.socket, server: str, timeout: int):
        self.server = server
        self.timeout = timeout
        self._socket = sock
        self._socket.settimeout(timeout)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        self._buffer = bytearray()
        self._position = 0  # in the buffer: where the next message begins
        self._number = 1 << 16  # of the last message; far from the numbers that the bind has used
        self._waiting: dict[int, deque[Message]] = {}  # received while another one was wanted

    def send(self, operation: bytes, controls: bytes = b"") -> int:
        """Send an encoded operation; its message number. Raises ConnectionLostError."""
        self._number += 1
        self.has_written = self.has_written or operation[0] in ldap_messages.WRITES
        try:
            self._socket.sendall(ldap_messages.encode_message(self._number, operation, controls))
        except OSError as error:
            raise self._lost(error) from error
        return self._number

    def receive(self, number: int | None = None) -> Message:
        """The next response, or the next one to the operation with a number.

        Raises ConnectionLostError.
        """
        if self._waiting:
            waiting = self._next_waiting(number)
            if waiting:
                return waiting
        while True:
            message = ldap_messages.decode_message(self._next_message())
            if message[0] == number:
                return message
            if message[0] == 0:
                raise self._disconnected(message[2])
            if number is None:
                return message
            self._waiting.setdefault(message[0], deque()).append(message)

    def request(self, operation: bytes) -> LdapResult:
        """Send one operation and wait for its result. Raises ConnectionLostError."""
        _number, _tag, body = self.receive(self.send(operation))
        return ldap_messages.decode_result(body)

    def search(
        self,
        base: str,
        scope: str,
        search_filter: str,
        attributes: Iterable[str],
        page: int = 1000,
        controls: bytes = b"",
    ) -> Iterator[SearchEntry]:
        """Yield the entries of a paged search. Continuation references are ignored.

        scope: one of ldap_messages. page: entries in a page; the next one is requested before this
        one is decoded. Raises NoSuchObjectError, SearchRefusedError, ConnectionLostError.
        """
        operation = ldap_messages.search(base, scope, search_filter, attributes)
        number = self.send(operation, ldap_messages.paged(page, b"") + controls)
        more = True
        while more:
            bodies, result = self._receive_page(number)
            if result.code:
                raise self._refused(base, search_filter, result)
            more = bool(result.cookie)
            if more:
                next_page = ldap_messages.paged(page, result.cookie)
                number = self.send(operation, next_page + controls)
            for body in bodies:
                yield ldap_messages.decode_entry(body)

    def abandon(self) -> None:
        """End the connection at once, even while another thread waits for a response."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the connection is closed already

    def close(self) -> None:
        """Unbind and close. A connection that is closed already is not an error."""
        unbind = ldap_messages.encode_message(self._number + 1, ldap_messages.unbind())
        try:
            self._socket.sendall(unbind)
        except OSError:
            pass  # the server has closed the connection
        self._socket.close()

    def _next_waiting(self, number: int | None) -> Message | None:
        """A response that arrived while another one was wanted."""
        if number is None:
            number = next(iter(self._waiting))
        messages = self._waiting.get(number)
        if not messages:
            return None
        message = messages.popleft()
        if not messages:
            del self._waiting[number]
        return message

    def _receive_page(self, number: int) -> tuple[list[bytes], LdapResult]:
        """(bodies of the entries, result) of one page of a search."""
        bodies = []
        while True:
            _number, tag, body = self.receive(number)
            if tag == ldap_messages.SEARCH_ENTRY:
                bodies.append(body)
            elif tag == ldap_messages.SEARCH_DONE:
                return bodies, ldap_messages.decode_result(body)

    def _next_message(self) -> bytes:
        """The next whole message of the stream. Raises ConnectionLostError."""
        while True:
            size = ldap_messages.message_length(self._buffer, self._position)
            if size and len(self._buffer) - self._position >= size:
                data = bytes(self._buffer[self._position : self._position + size])
                self._position += size
                return data
            if self._position:
                del self._buffer[: self._position]
                self._position = 0
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
                hint="If the server is only slow, raise directory.timeout",
            )
        return ConnectionLostError(f"the connection broke ({error})", place=self.server)

    def _disconnected(self, body: bytes) -> ConnectionLostError:
        """The error for a notice of disconnection (RFC 4511, 4.4.1)."""
        notice = ldap_messages.decode_result(body)
        text = "the server ended the connection"
        if notice.message:
            text += f" ({notice.message})"
        return ConnectionLostError(text, place=self.server)

    def _refused(self, base: str, search_filter: str, result: LdapResult) -> SearchRefusedError:
        kind = SearchRefusedError
        if result.code == ldap_errors.NO_SUCH_OBJECT:
            kind = NoSuchObjectError
        reason = ldap_errors.refusal(result).message
        text = f"the search below '{base}' for {search_filter} was refused: {reason}"
        return kind(text, self.server, result.code)
