# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection from accidental deletion in a security descriptor."""
from __future__ import annotations

import struct

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.deletion_protection import (
    protection_in,
)

EVERYONE = bytes.fromhex("010100000000000100000000")
ADMINS = bytes.fromhex("01020000000000052000000020020000")
DELETE, DELETE_TREE, WRITE_DAC, ALL = 0x10000, 0x40, 0x40000, 0xF01FF
ALLOWED, DENIED, INHERITED, INHERIT_ONLY = 0, 1, 0x10, 0x08


def ace(kind, mask, sid=EVERYONE, flags=0):
    return struct.pack("<BBHI", kind, flags, 8 + len(sid), mask) + sid


def descriptor(*aces, control=0x8004):
    body = b"".join(aces)
    acl = struct.pack("<BBHHH", 4, 0, 8 + len(body), len(aces), 0) + body
    # owner, group and DACL, as a server sends them
    return struct.pack("<BBHIIII", 1, 0, control, 20, 36, 0, 52) + ADMINS + ADMINS + acl


def aces_of(text):
    offset = struct.unpack_from("<BBHIIII", text)[6]
    _revision, _zero, size, count, _rest = struct.unpack_from("<BBHHH", text, offset)
    assert offset + size == len(text)
    found, position = [], offset + 8
    for _number in range(count):
        length = struct.unpack_from("<H", text, position + 2)[0]
        found.append(text[position:position + length])
        position += length
    assert position == len(text)
    return found


ADMIN_ALL = ace(ALLOWED, ALL, ADMINS)


@pytest.mark.parametrize("mask", [DELETE, DELETE_TREE, DELETE | DELETE_TREE])
def test_it_is_seen_taken_away_and_kept(mask):
    entry = ace(DENIED, mask)
    found = protection_in(descriptor(entry, ADMIN_ALL))
    assert aces_of(found.without) == [ADMIN_ALL] and aces_of(found.descriptor) == [entry, ADMIN_ALL]
    assert protection_in(found.without) is None and protection_in(found.descriptor) == found


def test_other_rights_of_the_entry_stay():
    found = protection_in(descriptor(ace(DENIED, DELETE | WRITE_DAC), ADMIN_ALL))
    assert aces_of(found.without) == [ace(DENIED, WRITE_DAC), ADMIN_ALL]


@pytest.mark.parametrize("aces", [
    [], [ADMIN_ALL], [ace(ALLOWED, DELETE)], [ace(DENIED, WRITE_DAC)], [ace(DENIED, DELETE, ADMINS)], [ace(DENIED, DELETE, flags=INHERIT_ONLY)]])
def test_what_is_no_protection(aces):
    assert protection_in(descriptor(*aces)) is None


def test_an_inherited_protection_cannot_be_taken_away():
    assert protection_in(descriptor(ace(DENIED, DELETE, flags=INHERITED))).without is None


def test_a_descriptor_without_access_control():
    assert protection_in(struct.pack("<BBHIIII", 1, 0, 0x8000, 0, 0, 0, 0)) is None


@pytest.mark.parametrize("text", [b"", b"\x01", descriptor(ADMIN_ALL)[:-4], descriptor(ADMIN_ALL)[:52]])
def test_bytes_that_are_none(text):
    with pytest.raises(ValueError, match="no security descriptor"):
        protection_in(text)
