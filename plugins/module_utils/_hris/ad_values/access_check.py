# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an account has a right on an object, from the object's security descriptor.

This is the check of the server ([MS-DTYP] 2.5.3.2, [MS-ADTS] 5.1.3.3): the entries are asked in
their order, and the first one that is about the account and the right decides. Entries with
conditions are passed over, because what they ask about is known to the server only. Measured with
Samba 4.17: for every attribute of users, groups and OUs, it decides as allowedAttributesEffective
and allowedChildClassesEffective of the server say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from .security_descriptor import (
    ALLOWED,
    ALLOWED_OBJECT,
    CONTAINER_INHERIT,
    DENIED,
    DENIED_OBJECT,
    INHERIT_ONLY,
    INHERITED,
    NO_PROPAGATE,
    READ_CONTROL,
    WRITE_DAC,
    Ace,
    SecurityDescriptor,
)

OWNER_RIGHTS, CREATOR_OWNER = "S-1-3-4", "S-1-3-0"
_IMPLIED = READ_CONTROL | WRITE_DAC  # rights of an owner, unless an entry for OWNER_RIGHTS is there


class Verdict(NamedTuple):
    """Whether a right is there."""

    allowed: bool
    # The entry that takes it away; None where it is there, or nobody has given it
    denied_by: Ace | None = None


def check(
    descriptor: SecurityDescriptor, token: Collection[str], right: int, types: Collection[str]
) -> Verdict:
    """Whether the account has a right.

    token: the SIDs of the account and of all its groups. right: one of those of
    security_descriptor. types: the GUIDs to which the right can be given alone, such as those of an
    attribute, of its set of attributes and of the object's class.
    """
    if descriptor.aces is None:
        return Verdict(True)
    is_owner = descriptor.owner in token
    if is_owner and right & _IMPLIED and not _limits_owner(descriptor):
        return Verdict(True)
    for ace in descriptor.aces:
        if ace.flags & INHERIT_ONLY or not ace.mask & right:
            continue
        if ace.sid not in token and not (is_owner and ace.sid == OWNER_RIGHTS):
            continue
        if ace.object_type and ace.object_type not in types:
            continue
        if ace.kind in (ALLOWED, ALLOWED_OBJECT):
            return Verdict(True)
        if ace.kind in (DENIED, DENIED_OBJECT):
            return Verdict(False, ace)
    return Verdict(False)


def _limits_owner(descriptor: SecurityDescriptor) -> bool:
    return any(
        ace.sid == OWNER_RIGHTS and not ace.flags & INHERIT_ONLY for ace in descriptor.aces or ()
    )


def child_of(
    parent: SecurityDescriptor, class_id: str, owner: str | None, own: Collection[Ace] = ()
) -> SecurityDescriptor:
    """The descriptor that a new object of a class gets ([MS-DTYP] 2.5.3.4).

    owner: SID of the account that creates it. own: the entries that the schema gives the class.
    """
    inherited = [one for ace in parent.aces or () for one in _inherited(ace, class_id, owner)]
    # The canonical order: what is denied to the object itself, what is allowed, what it inherits
    first = sorted(own, key=lambda ace: ace.kind in (ALLOWED, ALLOWED_OBJECT))
    return SecurityDescriptor(owner, parent.control & 0x0004, (*first, *inherited))


def _inherited(ace: Ace, class_id: str, owner: str | None) -> Iterator[Ace]:
    """What a child of a class inherits of an entry."""
    if not ace.flags & CONTAINER_INHERIT:
        return
    goes_on = not ace.flags & NO_PROPAGATE
    flags = (ace.flags & ~INHERIT_ONLY) | INHERITED
    if not goes_on:
        flags &= ~(CONTAINER_INHERIT | NO_PROPAGATE)
    is_for_class = not ace.inherited_type or ace.inherited_type == class_id
    if is_for_class and ace.sid != CREATOR_OWNER:
        yield ace._replace(flags=flags, data=b"")
        return
    if is_for_class and owner:
        of_owner = flags & ~CONTAINER_INHERIT
        yield ace._replace(flags=of_owner, sid=owner, data=b"")
    if goes_on:
        yield ace._replace(flags=flags | INHERIT_ONLY, data=b"")
