# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security descriptors as Active Directory keeps them ([MS-DTYP] 2.4): their bytes and parts."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .binary_ids import guid_text, sid_text

# Parts of a descriptor that a client asks for ([MS-DTYP] 2.4.7 SECURITY_INFORMATION)
OWNER_INFORMATION, DACL_INFORMATION = 1, 4
# Kinds of entries ([MS-DTYP] 2.4.4.1). All others, such as those with conditions, are passed over.
ALLOWED, DENIED, ALLOWED_OBJECT, DENIED_OBJECT = 0, 1, 5, 6
# Flags of entries
OBJECT_INHERIT, CONTAINER_INHERIT, NO_PROPAGATE, INHERIT_ONLY, INHERITED = 1, 2, 4, 8, 0x10
# Flags of the control field
DACL_PRESENT, DACL_PROTECTED, SELF_RELATIVE = 0x0004, 0x1000, 0x8000
# Rights ([MS-ADTS] 5.1.3.2)
CREATE_CHILD, DELETE_CHILD, LIST_CONTENTS, VALIDATED_WRITE = 1, 2, 4, 8
READ_PROPERTY, WRITE_PROPERTY, DELETE_TREE, LIST_OBJECT = 0x10, 0x20, 0x40, 0x80
CONTROL_ACCESS, DELETE, READ_CONTROL = 0x100, 0x10000, 0x20000
WRITE_DAC, WRITE_OWNER = 0x40000, 0x80000
FULL_CONTROL = 0xF01FF
# What the generic rights mean for objects of the directory ([MS-ADTS] 5.1.3.2.1)
_GENERIC = {
    0x80000000: READ_CONTROL | LIST_CONTENTS | READ_PROPERTY | LIST_OBJECT,
    0x40000000: READ_CONTROL | VALIDATED_WRITE | WRITE_PROPERTY,
    0x20000000: READ_CONTROL | LIST_CONTENTS,
    0x10000000: FULL_CONTROL,
}
_HAS_TYPE, _HAS_INHERITED_TYPE = 1, 2  # flags of an object entry
HEADER = struct.Struct("<BBHIIII")  # 2.4.6, self-relative: revision, zero, control, four offsets
ACL = struct.Struct("<BBHHH")  # 2.4.5: revision, zero, size, count, zero


class Ace(NamedTuple):
    """One entry of an access control list."""

    kind: int
    flags: int
    mask: int  # rights
    object_type: str  # GUID of the attribute, set of attributes, class or right; "": all of them
    inherited_type: str  # GUID of the class that inherits it; "": all classes
    sid: str  # whom it is about; "" for an entry of a kind that is passed over
    data: bytes  # the whole entry; b"" for one that no server has sent


class SecurityDescriptor(NamedTuple):
    """What of a security descriptor decides who may do what."""

    owner: str | None  # SID
    control: int
    aces: tuple[Ace, ...] | None  # None: there is no DACL, so that everybody may do everything


def parse(descriptor: bytes) -> SecurityDescriptor:
    """The descriptor. Raises ValueError for bytes that are none."""
    try:
        _revision, _zero, control, owner, _group, _sacl, offset = HEADER.unpack_from(descriptor)
        name = sid_text(_sid(descriptor, owner)) if owner else None
        if not control & DACL_PRESENT or not offset:
            return SecurityDescriptor(name, control, None)
        return SecurityDescriptor(name, control, tuple(_aces(descriptor, offset)))
    except (struct.error, IndexError):
        raise ValueError("these bytes are no security descriptor") from None


def acl_revision(descriptor: bytes) -> int:
    """The revision of the DACL of a descriptor that has one."""
    return descriptor[HEADER.unpack_from(descriptor)[6]]


def with_aces(control: int, revision: int, aces: Iterable[bytes]) -> bytes:
    """A self-relative security descriptor that has a DACL only. revision: of the DACL."""
    entries = list(aces)
    body = b"".join(entries)
    acl = ACL.pack(revision, 0, ACL.size + len(body), len(entries), 0) + body
    # Without a SACL: its flag is 0x0010
    kept = (control | SELF_RELATIVE | DACL_PRESENT) & ~0x0010
    return HEADER.pack(1, 0, kept, 0, 0, 0, HEADER.size) + acl


def _sid(data: bytes, start: int) -> bytes:
    end = start + 8 + 4 * data[start + 1]
    if end > len(data) or not data[start + 1]:
        raise IndexError
    return data[start:end]


def _aces(descriptor: bytes, offset: int) -> Iterator[Ace]:
    _revision, _zero, _size, count, _rest = ACL.unpack_from(descriptor, offset)
    position = offset + ACL.size
    for _number in range(count):
        kind, flags, size = struct.unpack_from("<BBH", descriptor, position)
        if size < 4 or position + size > len(descriptor):
            raise IndexError
        yield _ace(kind, flags, descriptor[position : position + size])
        position += size


def _ace(kind: int, flags: int, data: bytes) -> Ace:
    if kind not in (ALLOWED, DENIED, ALLOWED_OBJECT, DENIED_OBJECT):
        return Ace(kind, flags, 0, "", "", "", data)
    mask = specific(int.from_bytes(data[4:8], "little"))
    position, object_type, inherited_type = 8, "", ""
    if kind in (ALLOWED_OBJECT, DENIED_OBJECT):
        present, position = int.from_bytes(data[8:12], "little"), 12
        if present & _HAS_TYPE:
            object_type = guid_text(data[position : position + 16])
            position += 16
        if present & _HAS_INHERITED_TYPE:
            inherited_type = guid_text(data[position : position + 16])
            position += 16
    sid = sid_text(_sid(data, position))
    return Ace(kind, flags, mask, object_type, inherited_type, sid, data)


def specific(mask: int) -> int:
    """Rights without generic ones, which are replaced by what they mean."""
    for generic, meaning in _GENERIC.items():
        if mask & generic:
            mask = (mask & ~generic) | meaning
    return mask
