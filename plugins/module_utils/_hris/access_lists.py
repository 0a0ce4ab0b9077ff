# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""POSIX access control lists: whether one lets another user write (acl(5), Linux's acl_ea.h)."""

from __future__ import annotations

import errno
import os
import struct

_ATTRIBUTE = "system.posix_acl_access"
_ENTRY = struct.Struct("<HHI")  # tag, permissions, number of the user or group
_VERSION = b"\x02\x00\x00\x00"  # the first bytes
_USER, _GROUP, _MASK = 0x02, 0x08, 0x10  # tags of entries with a name, and of what limits them
_WRITE = 2


def names_writer(where: str | int) -> bool:
    """Whether the list of a file or folder, its path or handle, lets somebody write whom it names,
    and who is neither root nor this user. False without a list; True for one that cannot be read.
    """
    if not hasattr(os, "getxattr"):
        return False  # only Linux has these lists
    try:
        value = os.getxattr(where, _ATTRIBUTE)
    except OSError as error:
        return error.errno not in (errno.ENODATA, errno.ENOTSUP)
    if value[:4] != _VERSION or (len(value) - 4) % _ENTRY.size:
        return True
    entries = list(_ENTRY.iter_unpack(value[4:]))
    mask = next((permissions for tag, permissions, _number in entries if tag == _MASK), 7)
    return any(
        permissions & mask & _WRITE and (tag == _GROUP or number not in (0, os.geteuid()))
        for tag, permissions, number in entries
        if tag in (_USER, _GROUP)
    )
