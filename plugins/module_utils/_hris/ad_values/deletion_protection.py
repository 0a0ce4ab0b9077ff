# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection from accidental deletion: entries of an access control list that deny everyone to
delete the object. A move needs the same right ([MS-ADTS] 3.1.1.5.4.1.2), so it is denied too.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

DACL_INFORMATION = 4  # [MS-DTYP] 2.4.7 SECURITY_INFORMATION: only the DACL is read or written
_DENIED = 1  # ACE type ACCESS_DENIED
_INHERITED = 0x10  # ACE flag
_DELETE = 0x00010000 | 0x00000040  # the rights to delete the object, and it with all below it
_EVERYONE = bytes.fromhex("010100000000000100000000")  # S-1-1-0
_HEADER = struct.Struct("<BBHIIII")  # [MS-DTYP] 2.4.6, self-relative: … and four offsets
_ACL = struct.Struct("<BBHHH")  # revision, zero, size, count, zero
_DACL_PRESENT, _SELF_RELATIVE = 0x0004, 0x8000  # of the control field


class Protection(NamedTuple):
    """How one object is protected."""

    descriptor: bytes  # the DACL as it is, in a security descriptor of its own
    without: bytes | None  # the same without the protection; None where it is inherited


class _Ace(NamedTuple):
    kind: int
    flags: int
    data: bytes  # the whole entry


def protection_in(descriptor: bytes) -> Protection | None:
    """The protection that a security descriptor gives; None for an object without one.

    Raises ValueError for bytes that are no security descriptor.
    """
    try:
        revision, _zero, control, _owner, _group, _sacl, offset = _HEADER.unpack_from(descriptor)
        if not control & _DACL_PRESENT or not offset:
            return None
        acl_revision = descriptor[offset]
        aces = list(_aces(descriptor, offset))
    except (struct.error, IndexError):
        raise ValueError("these bytes are no security descriptor") from None
    protecting = [ace for ace in aces if _is_protecting(ace)]
    if not protecting:
        return None
    kept = [part for ace in aces if (part := _without_deletion(ace))]
    control = (control | _SELF_RELATIVE) & ~0x0010  # no SACL
    inherited = any(ace.flags & _INHERITED for ace in protecting)
    return Protection(
        _descriptor(revision, control, acl_revision, [ace.data for ace in aces]),
        None if inherited else _descriptor(revision, control, acl_revision, kept),
    )


def _aces(descriptor: bytes, offset: int) -> Iterator[_Ace]:
    _revision, _zero, _size, count, _rest = _ACL.unpack_from(descriptor, offset)
    position = offset + _ACL.size
    for _number in range(count):
        kind, flags, size = struct.unpack_from("<BBH", descriptor, position)
        if size < 4 or position + size > len(descriptor):
            raise IndexError
        yield _Ace(kind, flags, descriptor[position : position + size])
        position += size


def _is_protecting(ace: _Ace) -> bool:
    """Whether an entry denies everyone to delete this object (and not only those below it)."""
    if ace.kind != _DENIED or ace.flags & 0x08 or ace.data[8:] != _EVERYONE:
        return False
    return bool(_mask(ace) & _DELETE)


def _mask(ace: _Ace) -> int:
    return int.from_bytes(ace.data[4:8], "little")


def _without_deletion(ace: _Ace) -> bytes:
    """An entry without the rights to delete; b"" where it has no others."""
    if not _is_protecting(ace):
        return ace.data
    mask = _mask(ace) & ~_DELETE
    return ace.data[:4] + mask.to_bytes(4, "little") + ace.data[8:] if mask else b""


def _descriptor(revision: int, control: int, acl_revision: int, aces: list[bytes]) -> bytes:
    """A self-relative security descriptor that has a DACL only."""
    body = b"".join(aces)
    acl = _ACL.pack(acl_revision, 0, _ACL.size + len(body), len(aces), 0) + body
    return _HEADER.pack(revision, 0, control, 0, 0, 0, _HEADER.size) + acl
