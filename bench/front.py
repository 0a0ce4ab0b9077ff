"""A directory of very many accounts: stands in front of a real domain controller and answers the
search for accounts itself.

Everything else (bind, schema, containers, groups, every write) goes through to the domain behind
it, byte by byte. The accounts are those of people.py, as the rules want them, encoded once for the
attributes that are asked for, and sent in pages as a server sends them. So reading 100,000 accounts
costs a client what it costs anywhere, and needs no domain that takes an hour to fill.
"""

from __future__ import annotations

import argparse
import json
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from . import inside, people
from .floor import AccountSearch

Element = tuple[int, bytes]  # of BER: (tag, content)
SEARCH, DONE, PAGED = 0x63, b"\x65", b"1.2.840.113556.1.4.319"
UNANSWERED = (0x42, 0x50)  # unbind, abandon
CONTINUED = (0x64, 0x73)  # an entry or a reference of a search: more of its answer follows
OPERATORS = {0xA0: "&", 0xA1: "|", 0xA2: "!"}


def elements(data: bytes, at: int = 0, end: int | None = None) -> list[Element]:
    """The BER elements that follow one another in data."""
    found = []
    end = len(data) if end is None else end
    while at < end:
        tag, size = data[at], data[at + 1]
        at += 2
        if size >= 0x80:
            more = size & 0x7F
            size = int.from_bytes(data[at : at + more], "big")
            at += more
        found.append((tag, data[at : at + size]))
        at += size
    return found


def filter_text(tag: int, content: bytes) -> str:
    """A filter (RFC 4511, 4.5.1.7) of and, or, not, equality and presence as text (RFC 4515).

    Raises ValueError for others.
    """
    if tag in OPERATORS:
        return f"({OPERATORS[tag]}{''.join(filter_text(*part) for part in elements(content))})"
    if tag == 0xA3:
        (_kind, name), (_other, value) = elements(content)
        return f"({name.decode()}={value.decode()})"
    if tag == 0x87:
        return f"({content.decode()}=*)"
    raise ValueError(f"a filter with the tag {tag:#x}")


class Front:
    """The server: accepts TLS connections on host:port and talks to the domain controller `behind`.

    size: accounts in all. group_numbers: the last part of the SID of each group of the domain.
    asked: the last search for accounts.
    """

    def __init__(
        self, size: int, host: str, behind: str, folder: Path, group_numbers: Mapping[str, int]
    ):
        self.size, self.behind, self.group_numbers = size, behind, group_numbers
        self.asked: AccountSearch | None = None
        self._encoded: dict[frozenset[str], list[bytes]] = {}
        self._server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self._client = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        self._listener = socket.create_server((host, 0))
        self.address = f"{host}:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        """One client: its messages in order, each answered in full before the next is read."""
        with (
            self._server.wrap_socket(connection, server_side=True) as client,
            self._client.wrap_socket(
                socket.create_connection((self.behind, 636)), server_hostname=self.behind
            ) as domain,
        ):
            requests, answers = client.makefile("rb"), domain.makefile("rb")
            while message := _message(requests):
                number, operation, *controls = elements(elements(message)[0][1])
                asked = _account_search(operation) if operation[0] == SEARCH else None
                if asked:
                    self.asked = asked
                    self._send_page(client, number[1], asked["attributes"], controls)
                    continue
                domain.sendall(message)
                if operation[0] not in UNANSWERED:
                    _pass_on(answers, client)

    def _send_page(
        self, client: ssl.SSLSocket, number: bytes, attributes: list[str], controls: list[Element]
    ) -> None:
        size, offset = self._page(controls)
        entries = self._entries(frozenset(name.lower() for name in attributes))
        head = inside.element(2, number)
        page = [inside.element(0x30, head + entry) for entry in entries[offset : offset + size]]
        after = b""
        if offset + size < len(entries):
            after = str(offset + size).encode()
        done = head + _done() + (_paging(after) if controls else b"")
        client.sendall(b"".join(page) + inside.element(0x30, done))

    def _page(self, controls: list[Element]) -> tuple[int, int]:
        """(entries in the page, number of its first one) that the client asks for."""
        size, offset = self.size, 0
        for _tag, control in elements(controls[0][1]) if controls else ():
            (_kind, name), *_critical, (_other, value) = elements(control)
            if name == PAGED:
                (_kind, count), (_other, cookie) = elements(elements(value)[0][1])
                size, offset = int.from_bytes(count, "big"), int(cookie or b"0")
        return size, offset

    def _entries(self, asked: frozenset[str]) -> list[bytes]:
        """All entries, encoded. asked: the attributes in lower case."""
        if asked not in self._encoded:
            entries = []
            for number in range(self.size):
                dn, values = people.entry(number, group_numbers=self.group_numbers)
                kept = {name: texts for name, texts in values.items() if name.lower() in asked}
                entries.append(inside.search_entry(dn, kept))
            self._encoded = {asked: entries}
        return self._encoded[asked]


def _done() -> bytes:
    """The operation SearchResultDone with the code 0."""
    success = inside.element(0x0A, b"\0") + inside.element(4, b"") + inside.element(4, b"")
    return DONE + inside.element(0, success)[1:]


def _paging(cookie: bytes) -> bytes:
    """The control of a page. cookie: where the next one begins, b"" after the last one."""
    value = inside.element(0x30, inside.element(2, b"\0") + inside.element(4, cookie))
    control = inside.element(4, PAGED) + inside.element(4, value)
    return inside.element(0xA0, inside.element(0x30, control))


def _pass_on(answers: BinaryIO, client: ssl.SSLSocket) -> None:
    """Send the whole answer of one operation to the client."""
    while answer := _message(answers):
        client.sendall(answer)
        if elements(elements(answer)[0][1])[1][0] not in CONTINUED:
            return


def _account_search(operation: Element) -> AccountSearch | None:
    """The search when it is the one for all accounts, else None."""
    base, scope, _aliases, _size, _time, _types, condition, attributes = elements(operation[1])
    names = [name.decode() for _tag, name in elements(attributes[1])]
    if scope[1] == b"\x02" and "objectSid" in names and "userAccountControl" in names:
        return {"base": base[1].decode(), "filter": filter_text(*condition), "attributes": names}
    return None


def _message(reader: BinaryIO) -> bytes:
    """The next whole LDAPMessage; empty at the end."""
    head = reader.read(2)
    if len(head) < 2:
        return b""
    if head[1] >= 0x80:
        head += reader.read(head[1] & 0x7F)
        return head + reader.read(int.from_bytes(head[2:], "big"))
    return head + reader.read(head[1])


def main() -> int:
    """A server of its own: prints its address, serves until it is stopped by a signal."""
    parser = argparse.ArgumentParser(prog="python -m bench.front", description=__doc__)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument(
        "--address", required=True, help="where it listens; shows the domain's certificate"
    )
    parser.add_argument("--behind", required=True, help="the domain controller's address")
    parser.add_argument(
        "--tls", type=Path, required=True, help="folder with cert.pem, key.pem and ca.pem"
    )
    parser.add_argument(
        "--groups", type=json.loads, required=True, help="{name: last part of its SID} as JSON"
    )
    given = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    front = Front(given.size, given.address, given.behind, given.tls, given.groups)
    print(front.address, flush=True)
    stop.wait()
    front.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
