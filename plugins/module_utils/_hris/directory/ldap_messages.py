# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LDAP messages as bytes, both ways (RFC 4511 in BER, ITU-T X.690). Pure: no socket.

ldap3 builds search requests, because it knows filters, and does the bind. What happens
thousands of times in a run, writes and answers, is coded here and in search_entries.py: ldap3 takes
five times as long.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ..ad_values.dn import for_server
from ..data_class import frozen
from ..errors import HrisError

with contextlib.suppress(ImportError):  # module_runner reports a missing library before the work
    from ldap3.core.exceptions import LDAPInvalidFilterError
    from ldap3.operation.search import search_operation
    from ldap3.utils.asn1 import encode  # type: ignore[attr-defined]  # its stubs lack it

WRITES = frozenset((0x66, 0x68, 0x4A, 0x6C))  # tags of modify, add, delete and modifyDN requests
SEARCH_ENTRY, SEARCH_DONE = 0x64, 0x65  # tags of responses
INTERMEDIATE = 0x79
# Responses after which more come: entries, and references to other servers, which are ignored
PARTS = frozenset((SEARCH_ENTRY, 0x73))
SUBTREE, ONE_LEVEL, BASE = "SUBTREE", "LEVEL", "BASE"  # scopes of a search
_SCOPES = {BASE: 0, ONE_LEVEL: 1, SUBTREE: 2}
ADD, DELETE, REPLACE = 0, 1, 2  # operations of a Modification
_PAGED_RESULTS = b"1.2.840.113556.1.4.319"  # RFC 2696
_SHOW_DELETED = b"1.2.840.113556.1.4.417"  # [MS-ADTS] 3.1.1.3.4.1.14
_SECURITY_FLAGS = b"1.2.840.113556.1.4.801"  # [MS-ADTS] 3.1.1.3.4.1.11
_TRUE = b"\x01\x01\xff"
_BYTES = [bytes((one,)) for one in range(256)]  # looked up: to make one takes longer

# A plain tuple, because there is one for every object of a directory
# (messageID, or 0 for a notice that nobody asked for; tag of the operation; the operation with its
# tag, and the controls)
Message = tuple[int, int, bytes]
Modification = tuple[int, str, Sequence[bytes]]  # (ADD, DELETE or REPLACE, attribute, values)


@frozen
class LdapResult:
    """The response that ends an operation (RFC 4511, 4.1.9)."""

    code: int  # resultCode; 0: done
    message: str = ""  # diagnosticMessage, without the blanks at its end
    matched_dn: str = ""  # the last object that exists on the way to the one that does not
    cookie: bytes = b""  # of the control for paged results; b"" on the last page
    name: str = ""  # OID of an extended response


def encode_message(number: int, operation: bytes, controls: bytes = b"") -> bytes:
    """A whole LDAPMessage of an encoded operation and its encoded controls."""
    content = _integer(number) + operation
    if controls:
        content += _tlv(0xA0, controls)
    return _tlv(0x30, content)


def search(base: str, scope: str, search_filter: str, attributes: Iterable[str]) -> bytes:
    """A SearchRequest without limits; scope: SUBTREE, ONE_LEVEL or BASE.

    Raises HrisError for text that is not a filter.
    """
    try:
        operation = search_operation(
            for_server(base),
            search_filter,
            _SCOPES[scope],
            0,
            list(attributes),
            0,
            0,
            False,
            False,
            False,
        )
    except LDAPInvalidFilterError as error:
        raise HrisError(
            f"'{search_filter}' is not an LDAP filter ({error})",
            hint="Write it like (&(department=Finance)(title=*))",
        ) from error
    return encode(operation)


def add(dn: str, attributes: Mapping[str, Iterable[bytes]]) -> bytes:
    """An AddRequest."""
    encoded = [_attribute(name, values) for name, values in attributes.items()]
    return _tlv(0x68, _dn(dn) + _tlv(0x30, b"".join(encoded)))


def modify(dn: str, modifications: Iterable[Modification]) -> bytes:
    """A ModifyRequest."""
    encoded = [
        _tlv(0x30, _tlv(0x0A, bytes([operation])) + _attribute(name, values))
        for operation, name, values in modifications
    ]
    return _tlv(0x66, _dn(dn) + _tlv(0x30, b"".join(encoded)))


def rename(dn: str, rdn: str, parent: str) -> bytes:
    """A ModifyDNRequest that drops the old RDN.

    parent: the new superior. Samba needs it for <GUID=…> even when it stays the same.
    """
    return _tlv(0x6C, _dn(dn) + _dn(rdn) + _TRUE + _tlv(0x80, for_server(parent).encode()))


def undelete(dn_or_guid: str, dn: str) -> bytes:
    """A ModifyRequest that restores a deleted object at a DN ([MS-ADTS] 3.1.1.5.3.7.3).

    It is sent with the control show_deleted().
    """
    parts: list[Modification] = [
        (DELETE, "isDeleted", ()),
        (REPLACE, "distinguishedName", [for_server(dn).encode()]),
    ]
    return modify(dn_or_guid, parts)


def delete(dn: str) -> bytes:
    """A DelRequest."""
    return _tlv(0x4A, for_server(dn).encode())


def unbind() -> bytes:
    """An UnbindRequest."""
    return b"\x42\x00"


def show_deleted() -> bytes:
    """The control that lets a search see deleted objects ([MS-ADTS] 3.1.1.3.4.1.14)."""
    return _tlv(0x30, _tlv(0x04, _SHOW_DELETED) + _TRUE)


def security_flags(information: int) -> bytes:
    """The control for the parts of security descriptors that are read or written ([MS-ADTS]
    3.1.1.3.4.1.11).
    """
    value = _tlv(0x30, _integer(information))
    return _tlv(0x30, _tlv(0x04, _SECURITY_FLAGS) + _TRUE + _tlv(0x04, value))


def paged(size: int, cookie: bytes) -> bytes:
    """The control for one page of a search (RFC 2696); cookie: of the page before, b"" at first."""
    value = _tlv(0x30, _integer(size) + _tlv(0x04, cookie))
    return _tlv(0x30, _tlv(0x04, _PAGED_RESULTS) + _TRUE + _tlv(0x04, value))


def message_length(data: bytes | bytearray, start: int = 0) -> int:
    """Bytes of the message that begins at start; 0 while its length has not wholly arrived."""
    available = len(data) - start
    if available < 2:
        return 0
    first = data[start + 1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    if available < 2 + count:
        return 0
    return 2 + count + int.from_bytes(data[start + 2 : start + 2 + count], "big")


def decode_message(data: bytes) -> Message:
    """The parts of a whole LDAPMessage."""
    _tag, start, _end = head(data, 0)
    _tag, at, end = head(data, start)
    return int.from_bytes(data[at:end], "big"), data[end], data[end:]


def decode_result(body: bytes) -> LdapResult:
    """The result in the body of a message that ends an operation."""
    _tag, at, end = head(body, 0)
    _tag, start, at = head(body, at)
    code = int.from_bytes(body[start:at], "big")
    _tag, start, at = head(body, at)
    matched_dn = body[start:at].decode("utf-8", "replace")
    _tag, start, at = head(body, at)
    message = body[start:at].decode("utf-8", "replace").rstrip("\0\n ")
    name = ""
    while at < end:
        tag, start, at = head(body, at)
        if tag == 0x8A:
            name = body[start:at].decode("ascii", "replace")
    return LdapResult(code, message, matched_dn, _cookie(body, end), name)


def _cookie(body: bytes, at: int) -> bytes:
    """The cookie of the control for paged results, in the controls that begin at a position."""
    if at >= len(body):
        return b""
    _tag, at, stop = head(body, at)
    while at < stop:
        _tag, at, after = head(body, at)
        _tag, start, at = head(body, at)
        if body[start:at] == _PAGED_RESULTS:
            tag, start, end = head(body, at)
            if tag == 0x01:  # criticality
                _tag, start, end = head(body, end)
            _tag, at, _end = head(body, start)
            _tag, _start, at = head(body, at)  # size
            _tag, start, end = head(body, at)
            return body[start:end]
        at = after
    return b""


def head(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, start of the content, end of the content) of the element at a position."""
    size = data[at + 1]
    if size < 0x80:
        return data[at], at + 2, at + 2 + size
    start = at + 2 + (size & 0x7F)
    return data[at], start, start + int.from_bytes(data[at + 2 : start], "big")


def _tlv(tag: int, content: bytes) -> bytes:
    """An element: tag, length, value."""
    size = len(content)
    if size < 0x80:
        return _BYTES[tag] + _BYTES[size] + content
    count = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | count)) + size.to_bytes(count, "big") + content


def _integer(number: int) -> bytes:
    return _tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _text(text: str) -> bytes:
    return _tlv(0x04, text.encode())


def _dn(dn: str) -> bytes:
    return _text(for_server(dn))


def _attribute(name: str, values: Iterable[bytes]) -> bytes:
    encoded = b"".join([_tlv(0x04, value) for value in values])
    return _tlv(0x30, _attribute_name(name) + _tlv(0x31, encoded))


_attribute_name = lru_cache(1 << 12)(_text)  # many operations write the same few
