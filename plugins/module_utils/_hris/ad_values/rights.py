# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rights on objects of the directory, as rules and changes need them, and what was read to judge
them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ..data_class import field, mutable
from ..model.directory import AttributeDefinition
from .access_check import Verdict, check, child_of
from .dn import normal, parent
from .security_descriptor import (
    CONTROL_ACCESS,
    CREATE_CHILD,
    DACL_PROTECTED,
    DELETE,
    DELETE_CHILD,
    READ_PROPERTY,
    WRITE_DAC,
    WRITE_PROPERTY,
    Ace,
    SecurityDescriptor,
)

# Classes of objects: their schemaIDGUIDs ([MS-ADSC]) and what several of them are called
USER, GROUP, OU = "user", "group", "organizationalUnit"
CLASSES = {
    USER: "bf967aba-0de6-11d0-a285-00aa003049e2",
    GROUP: "bf967a9c-0de6-11d0-a285-00aa003049e2",
    OU: "bf967aa5-0de6-11d0-a285-00aa003049e2",
}
CLASS_WORDS = {USER: "users", GROUP: "groups", OU: "OUs"}
# Extended rights ([MS-ADTS] 5.1.3.2.1): their rightsGuids
RESET_PASSWORD, REANIMATE_TOMBSTONES = "Reset Password", "Reanimate Tombstones"
REPLICATE_ALL = "Replicating Directory Changes All"
EXTENDED = {
    RESET_PASSWORD: "00299570-246d-11d0-a768-00aa006e0529",
    REANIMATE_TOMBSTONES: "45ec5156-db7e-47bb-b53f-dbeb2d03c40f",
    REPLICATE_ALL: "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2",
}
# Where a right is asked for: on a container, a group or an account that exists, or on an account
# that would be created in a container
ON_CONTAINER, ON_GROUP, ON_ACCOUNT, ON_NEW_ACCOUNT = "container", "group", "account", "new_account"
_CLASS_ON = {ON_CONTAINER: OU, ON_GROUP: GROUP, ON_ACCOUNT: USER, ON_NEW_ACCOUNT: USER}


class Right(NamedTuple):
    """One right. name: of the attribute, the class of children or the extended right; "": it is not
    about one of them.
    """

    mask: int
    name: str = ""


class Grant(NamedTuple):
    """One right at one place."""

    on: str  # ON_CONTAINER, …
    place: str  # DN: of the container, or of the group; for accounts: of their container
    right: Right
    account: str = ""  # objectGUID of an account that exists


def write(attribute: str) -> Right:
    """The right to write an attribute."""
    return Right(WRITE_PROPERTY, attribute)


def read(attribute: str) -> Right:
    """The right to read an attribute."""
    return Right(READ_PROPERTY, attribute)


CREATE_USERS, CREATE_OUS = Right(CREATE_CHILD, USER), Right(CREATE_CHILD, OU)
DELETE_USERS, DELETE_OBJECT = Right(DELETE_CHILD, USER), Right(DELETE)
RESET_PASSWORDS = Right(CONTROL_ACCESS, RESET_PASSWORD)
REANIMATE = Right(CONTROL_ACCESS, REANIMATE_TOMBSTONES)


@mutable
class Permissions:
    """What was read of the directory to judge the rights of one account."""

    token: Collection[str]  # SIDs of the account and of all its groups
    account: str | None  # its own SID
    definitions: Mapping[str, AttributeDefinition]  # {attribute in lower case: definition}
    # {normal DN of a container or group, or objectGUID of an account: its descriptor}; None where
    # the account may not read it
    descriptors: dict[str, SecurityDescriptor | None]
    # {class: the entries that the schema gives its new objects}
    class_entries: Mapping[str, Collection[Ace]]
    _new: dict[str, SecurityDescriptor | None] = field(default_factory=dict)
    _verdicts: dict[tuple[int, str, Right], Verdict] = field(default_factory=dict)

    def verdict(self, grant: Grant) -> Verdict | None:
        """Whether the account has a right; None where permissions or token cannot be read.

        An account whose descriptor was not asked for is taken to be as a new one at its place.
        """
        descriptor = self._descriptor(grant)
        if descriptor is None or not self.token:
            return None
        key = (id(descriptor), grant.on, grant.right)
        found = self._verdicts.get(key)
        if found is None:
            types = types_of(grant.right, _CLASS_ON[grant.on], self.definitions)
            found = check(descriptor, self.token, grant.right.mask, types)
            self._verdicts[key] = found
        return found

    def anchor(self, grant: Grant) -> Grant:
        """The right at the nearest container that is there: nothing can be delegated on others."""
        place = grant.place
        while normal(place) not in self.descriptors and "," in place:
            place = parent(place)
        return grant._replace(place=place)

    def is_cut_off(self, place: str) -> bool:
        """Whether a container does not inherit from the one above it."""
        found = self.descriptors.get(normal(place))
        return found is not None and bool(found.control & DACL_PROTECTED)

    def _descriptor(self, grant: Grant) -> SecurityDescriptor | None:
        if grant.on == ON_ACCOUNT and grant.account in self.descriptors:
            return self.descriptors[grant.account]
        place = normal(grant.place)
        if grant.on in (ON_ACCOUNT, ON_NEW_ACCOUNT):
            return self._child(f"new {place}", place, USER)
        return self._container(place) if grant.on == ON_CONTAINER else self.descriptors.get(place)

    def _container(self, place: str) -> SecurityDescriptor | None:
        """The descriptor of a container, or the one that it gets when it is created."""
        if place in self.descriptors or "," not in place:
            return self.descriptors.get(place)
        return self._child(place, parent(place), OU)

    def _child(self, name: str, place: str, kind: str) -> SecurityDescriptor | None:
        if name not in self._new:
            above = self._container(place)
            self._new[name] = above and child_of(
                above, CLASSES[kind], self.account, self.class_entries.get(kind, ())
            )
        return self._new[name]


def types_of(
    right: Right, kind: str, definitions: Mapping[str, AttributeDefinition]
) -> Collection[str]:
    """The GUIDs to which a right on an object of a class can be given alone."""
    if right.name in EXTENDED:
        return {EXTENDED[right.name]}
    if right.mask in (READ_PROPERTY, WRITE_PROPERTY, CONTROL_ACCESS):
        definition = definitions.get(right.name.lower())
        own = (definition.schema_id, definition.property_set) if definition else ()
        return {CLASSES[kind], *filter(None, own)}
    return {CLASSES[right.name]} if right.name else {CLASSES[kind]}


def words(right: Right) -> str:
    """The right for people, after `the right to`: ``create users``."""
    if right.mask == CREATE_CHILD:
        return f"create {CLASS_WORDS[right.name]}"
    if right.mask == DELETE_CHILD:
        return f"delete {CLASS_WORDS[right.name]}"
    if right.mask == WRITE_PROPERTY:
        return f"write {right.name}"
    if right.mask == READ_PROPERTY:
        return f"read {right.name}"
    if right.mask == CONTROL_ACCESS and right.name not in EXTENDED:
        return f"read the confidential attribute {right.name}"
    return _WORDS[right]


_WORDS = {
    DELETE_OBJECT: "delete users",
    RESET_PASSWORDS: "reset passwords",
    Right(WRITE_DAC): "change permissions",
    REANIMATE: "restore deleted objects (Reanimate Tombstones)",
}
