# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LDAP messages as bytes, both ways (RFC 4511 in BER, ITU-T X.690). Pure: no socket.

ldap3 builds search requests (it knows filters) and does the bind; everything that happens thousands of times in a run, writes
and search entries, is coded here, because ldap3 needs five times as long for it.
"""

from __future__ import annotations

from functools import lru_cache

from ..errors import HrisError

try:
    from ldap3.core.exceptions import LDAPInvalidFilterError
    from ldap3.operation.search import search_operation
    from ldap3.utils.asn1 import encode
except ImportError:  # the edge says so before anything here is called
    LDAPInvalidFilterError = search_operation = encode = None

SEARCH_ENTRY, SEARCH_DONE, SEARCH_REFERENCE = 0x64, 0x65, 0x73
EXTENDED_ANSWER = 0x78
SUBTREE, ONE_LEVEL, BASE = "SUBTREE", "LEVEL", "BASE"
_SCOPES = {BASE: 0, ONE_LEVEL: 1, SUBTREE: 2}
_PAGED = b"1.2.840.113556.1.4.319"
ADD, DELETE, REPLACE = 0, 1, 2


def message(number: int, operation: bytes, controls: bytes = b"") -> bytes:
    """A whole LDAPMessage of an operation and its encoded controls."""
    return _tlv(0x30, _integer(number) + operation + (_tlv(0xA0, controls) if controls else b""))


def search(base: str, scope: str, search_filter: str, attributes) -> bytes:
    """A SearchRequest without limits. scope: SUBTREE, ONE_LEVEL or BASE. Raises HrisError for a filter that is none."""
    try:
        return encode(
            search_operation(
                base, search_filter, _SCOPES[scope], 0, list(attributes), 0, 0, False, False, False
            )
        )
    except LDAPInvalidFilterError as error:
        raise HrisError(
            f"'{search_filter}' is not an LDAP filter ({error})",
            hint="Write it like (&(department=Finance)(title=*))",
        ) from error


def add(dn: str, attributes: dict) -> bytes:
    """An AddRequest; attributes: {name: [bytes, …]}."""
    return _tlv(
        0x68,
        _text(dn)
        + _tlv(0x30, b"".join(_attribute(name, values) for name, values in attributes.items())),
    )


def modify(dn: str, parts) -> bytes:
    """A ModifyRequest; parts: [(ADD | DELETE | REPLACE, name, [bytes, …]), …]."""
    return _tlv(
        0x66,
        _text(dn)
        + _tlv(
            0x30,
            b"".join(
                _tlv(0x30, _tlv(0x0A, bytes([kind])) + _attribute(name, values))
                for kind, name, values in parts
            ),
        ),
    )


def rename(dn: str, rdn: str, parent: str) -> bytes:
    """A ModifyDNRequest that drops the old RDN; parent: the superior, which Samba wants for <GUID=…> even when it stays the same."""
    return _tlv(0x6C, _text(dn) + _text(rdn) + b"\x01\x01\xff" + _tlv(0x80, parent.encode()))


def undelete(dn_or_guid: str, dn: str) -> bytes:
    """A ModifyRequest that brings a deleted object back to a DN ([MS-ADTS] 3.1.1.5.3.7.3); it is sent with show_deleted()."""
    gone = _tlv(0x30, _tlv(0x0A, bytes([DELETE])) + _attribute("isDeleted", ()))
    place = _tlv(
        0x30, _tlv(0x0A, bytes([REPLACE])) + _attribute("distinguishedName", [dn.encode()])
    )
    return _tlv(0x66, _text(dn_or_guid) + _tlv(0x30, gone + place))


def delete(dn: str) -> bytes:
    """A DelRequest."""
    return _tlv(0x4A, dn.encode())


def unbind() -> bytes:
    """An UnbindRequest."""
    return b"\x42\x00"


def show_deleted() -> bytes:
    """The control that lets a search see deleted objects ([MS-ADTS] 3.1.1.3.4.1.14)."""
    return _tlv(0x30, _tlv(0x04, b"1.2.840.113556.1.4.417") + b"\x01\x01\xff")


def paged(size: int, cookie: bytes) -> bytes:
    """The control for one page of a search (RFC 2696)."""
    return _tlv(
        0x30,
        _tlv(0x04, _PAGED)
        + b"\x01\x01\xff"
        + _tlv(0x04, _tlv(0x30, _integer(size) + _tlv(0x04, cookie))),
    )


def length(data, start: int = 0) -> int:
    """Bytes that the message at start takes; 0 when too little of it is there to tell."""
    have = len(data) - start
    if have < 2:
        return 0
    first = data[start + 1]
    if first < 0x80:
        return 2 + first
    more = first & 0x7F
    if have < 2 + more:
        return 0
    return 2 + more + int.from_bytes(data[start + 2 : start + 2 + more], "big")


def opened(data: bytes) -> tuple[int, int, bytes]:
    """(message number, tag of the operation, the rest from the operation on) of a whole LDAPMessage."""
    _tag, start, _end = _head(data, 0)
    _tag, at, end = _head(data, start)
    return int.from_bytes(data[at:end], "big"), data[end], data[end:]


def entry(body: bytes) -> tuple[str, dict]:
    """(DN, {name: [bytes, …]}) of a SearchResultEntry."""
    _tag, at, _end = _head(body, 0)
    _tag, start, end = _head(body, at)
    name = body[start:end].decode("utf-8")
    _tag, at, stop = _head(body, end)
    attributes = {}
    while at < stop:
        # Read without a call for each element. Samba writes short lengths in one byte, Windows those of all sequences in five.
        size = body[at + 1]
        if size < 0x80:
            at += 2
            after = at + size
        elif size == 0x84:
            after = at + 6 + int.from_bytes(body[at + 2 : at + 6], "big")
            at += 6
        else:
            _tag, at, after = _head(body, at)
        start = at + 2
        at = start + body[at + 1]
        key = _name(body[start:at])
        size = body[at + 1]
        at += 2 if size < 0x80 else 2 + (size & 0x7F)
        values = []
        while at < after:
            size = body[at + 1]
            if size < 0x80:
                start = at + 2
                at = start + size
            else:
                _tag, start, at = _head(body, at)
            values.append(body[start:at])
        attributes[key] = values
        at = after
    return name, attributes


@lru_cache(1 << 12)  # every entry has the same few
def _name(value: bytes) -> str:
    return value.decode("ascii")


def result(body: bytes) -> dict:
    """{"code": int, "text": str, "cookie": bytes, "name": str} of an answer that ends an operation.

    cookie is that of the paged control, b"" without one; name is the OID of an extended answer.
    """
    _tag, at, end = _head(body, 0)
    _tag, start, at = _head(body, at)
    code = int.from_bytes(body[start:at], "big")
    _tag, _start, at = _head(body, at)  # matched DN
    _tag, start, at = _head(body, at)
    text = body[start:at].decode("utf-8", "replace").rstrip("\0\n ")
    name = ""
    while at < end:
        tag, start, at = _head(body, at)
        if tag == 0x8A:
            name = body[start:at].decode("ascii", "replace")
    return {"code": code, "text": text, "cookie": _cookie(body, end), "name": name}


def _cookie(body: bytes, at: int) -> bytes:
    """The cookie of the paged control in the controls that begin at a position."""
    if at >= len(body):
        return b""
    _tag, at, stop = _head(body, at)
    while at < stop:
        _tag, at, after = _head(body, at)
        _tag, start, at = _head(body, at)
        if body[start:at] == _PAGED:
            tag, start, end = _head(body, at)
            if tag == 0x01:  # criticality
                _tag, start, end = _head(body, end)
            _tag, at, _end = _head(body, start)
            _tag, _start, at = _head(body, at)  # size
            _tag, start, end = _head(body, at)
            return body[start:end]
        at = after
    return b""


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, start of the content, end of the content) of the element at a position."""
    size = data[at + 1]
    if size < 0x80:
        return data[at], at + 2, at + 2 + size
    start = at + 2 + (size & 0x7F)
    return data[at], start, start + int.from_bytes(data[at + 2 : start], "big")


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    count = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | count)) + size.to_bytes(count, "big") + content


def _integer(number: int) -> bytes:
    return _tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _text(text: str) -> bytes:
    return _tlv(0x04, text.encode())


def _attribute(name: str, values) -> bytes:
    return _tlv(0x30, _text(name) + _tlv(0x31, b"".join(_tlv(0x04, value) for value in values)))
