# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one bound connection: operations out, responses in, several outstanding, no thread."""

from __future__ import annotations

import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from ..option_names import option_name
from ..secret_texts import without_secrets
from . import ldap_errors, ldap_messages
from .ldap_messages import LdapResult, Message
from .search_entries import SearchEntry, decode_entry
from .stream_errors import ConnectionLostError, NoSuchObjectError, SearchRefusedError

T = TypeVar("T")

_CHUNK = 1 << 14  # bytes; a TLS record holds no more
# Bytes that may arrive while earlier responses are decoded: a server that has to wait loses time
_RECEIVE_BUFFER = 1 << 22
_LARGEST_MESSAGE = 1 << 26  # bytes: no object that is read here comes near it
_LONGEST_PAGE = 10  # how many times the time-out one page of a search may take
_MOST_WAITING = 100_000  # answers to one operation while another one is waited for
_EMPTY_PAGES = 1000  # in a row; a domain controller may end a page early, but not for ever
_MOST_ENTRIES = 20_000_000  # of one search


class LdapStream:
    """A connected, bound socket.

    server: its URL, for messages. timeout: seconds to wait for each response.
    """

    has_written = False  # whether anything that writes was sent

    def __init__(self, sock: socket.socket, server: str, timeout: int, secrets: Iterable[str] = ()):
        """secrets: what the log-on has sent, which no message may repeat."""
        self._secrets = tuple(secrets)
        self._sent: dict[int, Iterable[str]] = {}  # {operation: the secrets that it has sent}
        self._asked: set[int] = set()  # operations that have no result yet
        self.server = server
        self.timeout = timeout
        self._socket = sock
        self._socket.settimeout(timeout)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        self._buffer = bytearray()
        self._position = 0  # in the buffer: where the next message begins
        self._number = 1 << 16  # of the last message; far from the numbers that the bind has used
        self._waiting: dict[int, deque[Message]] = {}  # received while another one was wanted

    def send(self, operation: bytes, controls: bytes = b"", secrets: Iterable[str] = ()) -> int:
        """Send an encoded operation; its message number. secrets: those in it, such as a new
        password. Raises ConnectionLostError.
        """
        self._number += 1
        self.has_written = self.has_written or operation[0] in ldap_messages.WRITES
        self._asked.add(self._number)
        if secrets:
            self._sent[self._number] = secrets
        self._socket.settimeout(self.timeout)
        try:
            self._socket.sendall(ldap_messages.encode_message(self._number, operation, controls))
        except OSError as error:
            raise self._lost(error) from error
        return self._number

    def receive(self, number: int | None = None) -> Message:
        """The next response, or the next one to the operation with a number. What nobody asked for
        is passed over, and does not make the wait longer.

        Raises ConnectionLostError.
        """
        if self._waiting:
            waiting = self._next_waiting(number)
            if waiting:
                return waiting
        deadline = time.monotonic() + self.timeout
        while True:
            message = self._next_message(deadline)
            found, tag, body = message
            if found == 0:
                raise self._disconnected(body)
            if found not in self._asked or tag == ldap_messages.INTERMEDIATE:
                continue
            if tag not in ldap_messages.PARTS:
                self._asked.discard(found)
            if number is None or found == number:
                return message
            waiting_for = self._waiting.setdefault(found, deque())
            waiting_for.append(message)
            if len(waiting_for) > _MOST_WAITING:
                raise self._endless("its answers")

    def result(self, message: Message) -> LdapResult:
        """The result in a response that ends an operation. A refusal does not repeat the secrets of
        the operation. Raises ConnectionLostError for what is no result.
        """
        number, _tag, body = message
        secrets = self._sent.pop(number, ())
        result = self._decoded(ldap_messages.decode_result, body)
        if result.message:
            words = without_secrets(result.message, [*self._secrets, *secrets])
            result = replace(result, message=words)
        return result

    def request(self, operation: bytes) -> LdapResult:
        """Send one operation and wait for its result. Raises ConnectionLostError."""
        return self.result(self.receive(self.send(operation)))

    def search(
        self,
        base: str,
        scope: str,
        search_filter: str,
        attributes: Iterable[str],
        page: int = 1000,
        controls: bytes = b"",
        most: int | None = None,
    ) -> Iterator[SearchEntry]:
        """The entries of a search, with values as bytes, as of entries()."""
        return self.entries(
            decode_entry, base, scope, search_filter, attributes, page, controls, most
        )

    def entries(
        self,
        decode: Callable[[bytes], T],
        base: str,
        scope: str,
        search_filter: str,
        attributes: Iterable[str],
        page: int = 1000,
        controls: bytes = b"",
        most: int | None = None,
    ) -> Iterator[T]:
        """Yield the decoded entries of a paged search. Continuation references are ignored. most:
        after so many entries, no other page is asked for.

        decode: makes of the bytes of an entry what is yielded, see search_entries.py. scope: one of
        ldap_messages; a search for one object has no pages. page: entries in a page; the next one
        is requested before this one is decoded. Raises NoSuchObjectError, SearchRefusedError,
        ConnectionLostError.
        """
        operation = ldap_messages.search(base, scope, search_filter, attributes)
        # No specification says that rootDSE is read in pages, and the control is critical
        first = b"" if scope == ldap_messages.BASE else ldap_messages.paged(page, b"")
        number = self.send(operation, first + controls)
        more, entries, empty = True, 0, 0
        while more:
            bodies, result = self._receive_page(number, page)
            if result.code:
                raise self._refused(base, search_filter, result)
            entries += len(bodies)
            more = bool(result.cookie) and (most is None or entries < most)
            empty = 0 if bodies else empty + 1
            if entries > _MOST_ENTRIES or empty > _EMPTY_PAGES:
                raise self._endless(f"the search for {search_filter}")
            if more:
                next_page = ldap_messages.paged(page, result.cookie)
                number = self.send(operation, next_page + controls)
            for body in bodies:
                yield self._decoded(decode, body)

    def certificate_ends(self) -> str | None:
        """When the certificate of the server ends; None where it was not verified."""
        peer = self._socket.getpeercert() if isinstance(self._socket, ssl.SSLSocket) else None
        ends = (peer or {}).get("notAfter")
        return ends if isinstance(ends, str) else None

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

    def _receive_page(self, number: int, page: int) -> tuple[list[bytes], LdapResult]:
        """(bodies of the entries, result) of one page of a search."""
        bodies: list[bytes] = []
        ends = time.monotonic() + _LONGEST_PAGE * self.timeout
        while True:
            message = self.receive(number)
            if message[1] == ldap_messages.SEARCH_ENTRY:
                bodies.append(message[2])
                if len(bodies) > page:
                    raise self._endless(f"a page of {page} entries")
            elif message[1] == ldap_messages.SEARCH_DONE:
                return bodies, self.result(message)
            if time.monotonic() > ends:
                raise self._endless("a page of a search")

    def _next_message(self, deadline: float) -> Message:
        """The next whole message of the stream. deadline: of time.monotonic().

        Raises ConnectionLostError.
        """
        while True:
            size = ldap_messages.message_length(self._buffer, self._position)
            if size > _LARGEST_MESSAGE:
                raise self._unreadable()
            if size and len(self._buffer) - self._position >= size:
                data = bytes(self._buffer[self._position : self._position + size])
                self._position += size
                return self._decoded(ldap_messages.decode_message, data)
            if self._position:
                del self._buffer[: self._position]
                self._position = 0
            self._fill(deadline)

    def _fill(self, deadline: float) -> None:
        """Receive more bytes. Raises ConnectionLostError."""
        left = deadline - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            data = self._socket.recv(_CHUNK)
        except OSError as error:
            raise self._lost(error) from error
        if not data:
            raise ConnectionLostError("the server closed the connection", place=self.server)
        self._buffer += data

    def _decoded(self, decode: Callable[[bytes], T], data: bytes) -> T:
        """What the bytes say. Raises ConnectionLostError for bytes that are not LDAP."""
        try:
            return decode(data)
        except (IndexError, ValueError) as error:  # also of a text that is not UTF-8
            raise self._unreadable() from error

    def _unreadable(self) -> ConnectionLostError:
        return ConnectionLostError(
            "the server sent what is no answer of LDAP",
            place=self.server,
            hint="Name a domain controller, and its port for LDAP",
        )

    def _endless(self, what: str) -> ConnectionLostError:
        return ConnectionLostError(f"the server did not end {what}", place=self.server)

    def _lost(self, error: OSError) -> ConnectionLostError:
        if isinstance(error, TimeoutError):
            return ConnectionLostError(
                f"the server did not answer within {self.timeout} seconds",
                place=self.server,
                hint=f"If the server is only slow, raise {option_name('directory.timeout')}",
            )
        return ConnectionLostError(f"the connection broke ({error})", place=self.server)

    def _disconnected(self, body: bytes) -> ConnectionLostError:
        """The error for a notice of disconnection (RFC 4511, 4.4.1)."""
        notice = self._decoded(ldap_messages.decode_result, body)
        text = "the server ended the connection"
        if notice.message:
            sent = [secret for secrets in self._sent.values() for secret in secrets]
            text += f" ({without_secrets(notice.message, [*self._secrets, *sent])})"
        return ConnectionLostError(text, place=self.server)

    def _refused(self, base: str, search_filter: str, result: LdapResult) -> SearchRefusedError:
        kind = SearchRefusedError
        if result.code == ldap_errors.NO_SUCH_OBJECT:
            kind = NoSuchObjectError
        reason = ldap_errors.refusal(result).message
        text = f"the search below '{base}' for {search_filter} was refused: {reason}"
        return kind(text, self.server, result.code)
