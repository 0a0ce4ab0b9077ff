"""A domain controller that behaves as Windows, in front of the lab's Samba.

It ends TLS, reads every message, and does what Windows does and Samba does not: it gives at most
1,000 entries at once and 1,500 values of an attribute, names other servers, wants names to be
unique in the forest, and refuses with the codes and texts of Windows. docs/windows.md says where
Microsoft documents each of these, and names what is not known.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import ber, windows_answers
from .ber import Element
from .domain import Domain
from .domain_config import DNS_DOMAIN
from .windows_answers import ADD, DELETE, MODIFY, RENAME, WRITES, Answer

SEARCH, ENTRY, REFERENCE, DONE = 0x63, 0x64, 0x73, 0x65
_ANSWERS = {SEARCH: DONE, ADD: 0x69, DELETE: 0x6B, MODIFY: 0x67, RENAME: 0x6D}
_REFERRAL, _CONTROLS = 0xA3, 0xA0
_PAGED = "1.2.840.113556.1.4.319"
_RANGE = re.compile(r"([^;]+);range=(\d+)-(?:\d+|\*)$", re.I)
_READ_ONLY = "1.2.840.113556.1.4.1920"
OTHER_DOMAIN = "DC=other,DC=example"


@dataclass
class Behaviour:
    """What a server is like. The defaults are those of Windows."""

    page: int = 1000  # MaxPageSize: entries that it gives at once
    values: int = 1500  # MaxValRange: values of an attribute that it gives at once
    read_only: bool = False
    synchronized: bool = True
    # {attribute in lower case: values} that objects elsewhere in the forest have
    names: Mapping[str, list[str]] = field(default_factory=dict)
    # {attribute in lower case: value} shown in place of what Samba has: an old copy
    shown: Mapping[str, str] = field(default_factory=dict)
    dies_after: int | None = None  # entries, of all searches together


@dataclass
class _Request:
    """A request whose answer has not come yet."""

    tag: int
    base: str = ""
    is_tree: bool = False
    limit: int | None = None  # entries at most; None: the client asks for pages
    entries: int = 0


class WindowsServer:
    """Listens on a port of 127.0.0.1 and passes on to a domain. A context manager.

    address: host:port. What clients did: `entries` given; `largest` page; `cut` searches that were
    not given whole; `ranges` parts of attributes; `refused` (tag of the request, Answer).
    """

    def __init__(self, domain: Domain, **behaviour: object):
        self.behaviour = Behaviour(**behaviour)  # type: ignore[arg-type]
        self.entries = self.largest = self.cut = self.ranges = self.connections = 0
        self.refused: list[tuple[int, Answer]] = []
        self.errors: list[BaseException] = []  # of this stand-in itself
        self._to = domain.address
        tls = Path(domain.root) / "private/tls"
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(tls / "cert.pem", tls / "key.pem")
        self._client_tls = ssl.create_default_context(cafile=domain.ca_file)
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._meet, "127.0.0.1", 0, ssl=self._tls)
        )
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def __enter__(self) -> WindowsServer:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._end(), self._loop)
            self._thread.join(5)
        broken = [error for error in self.errors if not isinstance(error, OSError)]
        if broken:
            raise broken[0]

    async def _end(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)
        self._loop.stop()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        far_reader, far_writer = await asyncio.open_connection(self._to, 636, ssl=self._client_tls)
        session = _Session(self, writer, far_writer)
        passing = [
            asyncio.create_task(_read(reader, session.asked)),
            asyncio.create_task(_read(far_reader, session.answered)),
        ]
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
        for task in passing:
            if task.done() and not task.cancelled() and task.exception():
                self.errors.append(task.exception())
            task.cancel()
        for end in (writer, far_writer):
            end.transport.abort()

    def die(self) -> None:
        """Answer nobody any more."""
        self._server.close()


async def _read(reader: asyncio.StreamReader, receive) -> None:
    """Give every message to receive, until it says that this was the last one."""
    data = b""
    while True:
        message, data = ber.split(data)
        if message is not None:
            if not receive(message):
                return
            continue
        more = await reader.read(1 << 16)
        if not more:
            return
        data += more


class _Session:
    """One connection."""

    def __init__(
        self, server: WindowsServer, client: asyncio.StreamWriter, samba: asyncio.StreamWriter
    ):
        self._server, self._behaviour = server, server.behaviour
        self._client, self._samba = client, samba
        self._requests: dict[int, _Request] = {}

    def asked(self, message: Element) -> bool:
        """Pass a request on, or answer it."""
        number, operation = message.parts[0].number, message.parts[1]
        request, message = self._noted(message)
        self._requests[number] = request
        answer = self._refusal(operation, request, message)
        if answer:
            self._answer(number, request, answer)
        else:
            self._samba.write(ber.encode(message))
        return True

    def _noted(self, message: Element) -> tuple[_Request, Element]:
        """(what is to be known of the request, the message with a page that is not too large)."""
        operation = message.parts[1]
        if operation.tag != SEARCH:
            dn = operation.text if operation.tag == DELETE else _first(operation)
            return _Request(operation.tag, dn), message
        base, scope, _aliases, size = operation.parts[:4]
        limit = min(size.number or self._behaviour.page, self._behaviour.page)
        request = _Request(SEARCH, base.text, scope.number == 2, limit)
        controls = []
        for control in message.parts[2].parts if len(message.parts) > 2 else []:
            if control.parts[0].text == _PAGED:
                request.limit = None
                control = self._smaller(control)
            controls.append(control)
        parts = [*message.parts[:2], *([ber.sequence(controls, _CONTROLS)] if controls else [])]
        return request, ber.sequence(parts)

    def _smaller(self, control: Element) -> Element:
        size, cookie = ber.elements(control.parts[-1].data)[0].parts
        self._server.largest = max(self._server.largest, size.number)
        smaller = ber.sequence([ber.integer(min(size.number, self._behaviour.page)), cookie])
        return ber.sequence([*control.parts[:-1], ber.octets(ber.encode(smaller))])

    def _refusal(self, operation: Element, request: _Request, message: Element) -> Answer | None:
        """How Windows refuses a request that Samba would accept."""
        if request.base.lower().endswith(OTHER_DOMAIN.lower()):
            return windows_answers.elsewhere("other.example", request.base)
        if operation.tag == SEARCH:
            in_pages = len(message.parts) > 2 and request.limit is None
            is_root = not request.base and operation.parts[1].number == 0
            return windows_answers.NO_PAGES_HERE if in_pages and is_root else None
        if operation.tag not in WRITES:
            return None
        if self._behaviour.read_only:
            return windows_answers.elsewhere(DNS_DOMAIN, request.base)
        return windows_answers.of_write(operation, self._behaviour.names)

    def answered(self, message: Element) -> bool:
        """Pass an answer on, as Windows would give it. False: the server is dead."""
        number, operation = message.parts[0].number, message.parts[1]
        request = self._requests.get(number) or _Request(0)
        if operation.tag == ENTRY:
            return self._entry(message, request)
        if operation.tag == DONE:
            self._references(number, request)
        answer = None
        if operation.tag in _ANSWERS.values():
            answer = self._result(request, operation)
        if answer:
            self._answer(number, request, answer)
        else:
            self._client.write(ber.encode(message))
        return True

    def _result(self, request: _Request, operation: Element) -> Answer | None:
        """The result of a request where Windows gives another one than Samba."""
        if request.limit is not None and request.entries > request.limit:
            self._server.cut += 1
            return windows_answers.TOO_MANY
        code, _matched, text = operation.parts[:3]
        return windows_answers.of_windows(request.tag, code.number, text.text)

    def _entry(self, message: Element, request: _Request) -> bool:
        request.entries += 1
        if request.limit is not None and request.entries > request.limit:
            return True
        self._server.entries += 1
        most = self._behaviour.dies_after
        if most is not None and self._server.entries > most:
            self._server.die()
            return False
        dn, attributes = message.parts[1].parts
        shown: list[Element] = []
        for one in attributes.parts:
            shown += self._attribute(one, is_root=not dn.data)
        entry = ber.sequence([dn, ber.sequence(shown)], ENTRY)
        self._client.write(ber.encode(ber.sequence([message.parts[0], entry])))
        return True

    def _attribute(self, attribute: Element, is_root: bool) -> list[Element]:
        """An attribute of an entry: its first values, and an empty one under its own name, where it
        has more than the server gives at once.
        """
        name, values = attribute.parts[0].text, attribute.parts[1].parts
        if is_root:
            return [self._of_root(attribute)]
        if name.lower() in self._behaviour.shown:
            return [_attribute(name, [ber.octets(self._behaviour.shown[name.lower()])])]
        most = self._behaviour.values
        if len(values) <= most:
            return [attribute]
        match = _RANGE.match(name)
        plain, low = (match[1], int(match[2])) if match else (name, 0)
        self._server.ranges += 1
        part = _attribute(f"{plain};range={low}-{low + most - 1}", values[:most])
        return [part] if match else [_attribute(plain, []), part]

    def _of_root(self, attribute: Element) -> Element:
        name, values = attribute.parts[0].text, attribute.parts[1].parts
        if name == "supportedCapabilities" and self._behaviour.read_only:
            return _attribute(name, [*values, ber.octets(_READ_ONLY)])
        if name == "isSynchronized" and not self._behaviour.synchronized:
            return _attribute(name, [ber.octets("FALSE")])
        return attribute

    def _references(self, number: int, request: _Request) -> None:
        """Name the domain below, as a search in the whole domain does."""
        if request.is_tree:
            url = f"ldap://other.example/{OTHER_DOMAIN}"
            reference = ber.sequence([ber.octets(url)], REFERENCE)
            self._client.write(ber.encode(ber.sequence([ber.integer(number), reference])))

    def _answer(self, number: int, request: _Request, answer: Answer) -> None:
        self._server.refused.append((request.tag, answer))
        parts = [
            ber.integer(answer.code, ber.ENUMERATED),
            ber.octets(""),
            ber.octets(answer.text + "\0"),
        ]
        if answer.referral:
            parts.append(ber.sequence([ber.octets(answer.referral)], _REFERRAL))
        operation = ber.sequence(parts, _ANSWERS[request.tag])
        self._client.write(ber.encode(ber.sequence([ber.integer(number), operation])))


def _attribute(name: str, values: list[Element]) -> Element:
    return ber.sequence([ber.octets(name), ber.sequence(values, ber.SET)])


def _first(operation: Element) -> str:
    return operation.parts[0].text if operation.parts else ""
