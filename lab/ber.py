"""BER as LDAP uses it (RFC 4511, 5.1), as a tree: what a stand-in needs to read and change
messages. The collection has a codec of its own; this one is independent of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

CONSTRUCTED = 0x20
INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x02, 0x04, 0x0A, 0x30, 0x31


class Element(NamedTuple):
    """A tag with its value: bytes, or the elements in it when the tag says so."""

    tag: int
    content: bytes | list[Element]

    @property
    def parts(self) -> list[Element]:
        return self.content if isinstance(self.content, list) else []

    @property
    def data(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else b""

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")

    @property
    def number(self) -> int:
        return int.from_bytes(self.data, "big", signed=True)


def _head(data: bytes) -> tuple[int, int] | None:
    """(where the content begins, where it ends); None while the length has not arrived."""
    if len(data) < 2:
        return None
    size = data[1]
    if size < 0x80:
        return 2, 2 + size
    start = 2 + (size & 0x7F)
    if len(data) < start:
        return None
    return start, start + int.from_bytes(data[2:start], "big")


def split(data: bytes) -> tuple[Element | None, bytes]:
    """(the first element, the bytes after it); (None, data) while it has not wholly arrived."""
    head = _head(data)
    if head is None or len(data) < head[1]:
        return None, data
    start, end = head
    content = data[start:end]
    return Element(data[0], elements(content) if data[0] & CONSTRUCTED else content), data[end:]


def elements(data: bytes) -> list[Element]:
    """All elements of the bytes. Raises ValueError for bytes that end too early."""
    found = []
    while data:
        element, data = split(data)
        if element is None:
            raise ValueError("an element ends too early")
        found.append(element)
    return found


def encode(element: Element) -> bytes:
    """The bytes of an element. The lengths of sequences and sets have five bytes, as Windows writes
    them.
    """
    if isinstance(element.content, bytes):
        size = len(element.content)
        if size < 0x80:
            return bytes((element.tag, size)) + element.content
        count = (size.bit_length() + 7) // 8
        return bytes((element.tag, 0x80 | count)) + size.to_bytes(count, "big") + element.content
    content = b"".join(map(encode, element.content))
    return bytes((element.tag, 0x84)) + len(content).to_bytes(4, "big") + content


def integer(number: int, tag: int = INTEGER) -> Element:
    return Element(tag, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(value: str | bytes, tag: int = OCTETS) -> Element:
    return Element(tag, value.encode() if isinstance(value, str) else value)


def sequence(parts: Iterable[Element], tag: int = SEQUENCE) -> Element:
    return Element(tag, list(parts))
