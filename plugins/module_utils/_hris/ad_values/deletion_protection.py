# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection from accidental deletion: entries of an access control list that deny everyone to
delete the object. A move needs the same right ([MS-ADTS] 3.1.1.5.4.1.2), so it is denied too.
"""

from __future__ import annotations

from typing import NamedTuple

from .security_descriptor import (
    DELETE,
    DELETE_TREE,
    DENIED,
    INHERIT_ONLY,
    INHERITED,
    Ace,
    acl_revision,
    parse,
    with_aces,
)
from .sid import EVERYONE

_DELETE = DELETE | DELETE_TREE  # the rights to delete the object, and it with all below it


class Protection(NamedTuple):
    """How one object is protected."""

    descriptor: bytes  # the DACL as it is, in a security descriptor of its own
    without: bytes | None  # the same without the protection; None where it is inherited


def protection_in(descriptor: bytes) -> Protection | None:
    """The protection that a security descriptor gives; None for an object without one.

    Raises ValueError for bytes that are no security descriptor.
    """
    found = parse(descriptor)
    if found.aces is None:
        return None
    protecting = [ace for ace in found.aces if _is_protecting(ace)]
    if not protecting:
        return None
    kept = [part for ace in found.aces if (part := _without_deletion(ace))]
    inherited = any(ace.flags & INHERITED for ace in protecting)
    revision = acl_revision(descriptor)
    return Protection(
        with_aces(found.control, revision, [ace.data for ace in found.aces]),
        None if inherited else with_aces(found.control, revision, kept),
    )


def _is_protecting(ace: Ace) -> bool:
    """Whether an entry denies everyone to delete this object (and not only those below it)."""
    if ace.kind != DENIED or ace.flags & INHERIT_ONLY or ace.sid != EVERYONE:
        return False
    return bool(ace.mask & _DELETE)


def _without_deletion(ace: Ace) -> bytes:
    """An entry without the rights to delete; b"" where it has no others."""
    if not _is_protecting(ace):
        return ace.data
    mask = ace.mask & ~_DELETE
    return ace.data[:4] + mask.to_bytes(4, "little") + ace.data[8:] if mask else b""
