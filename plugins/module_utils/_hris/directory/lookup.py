# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding objects by the names that people write. Several matches are an error, never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from ..ad_values import dn as names
from ..ad_values.binary_ids import guid_text, sid_text
from ..data_class import frozen
from ..errors import HrisError
from ..model.directory import Account, AttributeDefinition
from ..option_names import option_name
from . import filters, identities, ldap_messages, range_retrieval, reading, schema
from .connection import Connection
from .identities import DN, UPN
from .search_entries import SearchEntry
from .stream_errors import NoSuchObjectError
from .values import plain_text

GROUPS = "(objectClass=group)"
ANY_OBJECT = "(objectClass=*)"
_BATCH = 100  # names in one search
_SHOWN = 5  # DNs in a message
# Where the domain puts new users; redirusr changes it ([MS-ADTS] 6.1.1.4, GUID_USERS_CONTAINER_W)
_USERS_CONTAINER = "<WKGUID=A9D1CA15768811D1ADED00C04FD8D5CD,{}>"


class _HasDn(Protocol):
    @property
    def dn(self) -> str:
        """Its distinguished name."""


Found = TypeVar("Found", bound=_HasDn)


@frozen
class ObjectName:
    """An object of any kind."""

    dn: str  # as the server writes it
    guid: str  # objectGUID


@frozen
class GroupName:
    """A group, without its attributes."""

    dn: str  # as the server writes it
    guid: str  # objectGUID
    sid: str


def entries_of(
    connection: Connection, identity: str, kind: str, attributes: Iterable[str], base: str
) -> list[SearchEntry]:
    """The entries that an identity stands for: a DN anywhere, everything else below base.

    kind: the filter of the kind of object. Raises HrisError for a DN with a wrong form.
    """
    parsed = identities.parse(identity)
    if parsed.form != DN:
        search_filter = f"(&{kind}{parsed.search_filter})"
        scope = ldap_messages.SUBTREE
        return list(
            range_retrieval.search(connection.stream, base, scope, search_filter, attributes)
        )
    scope = ldap_messages.BASE
    try:
        return list(
            range_retrieval.search(connection.stream, parsed.value, scope, kind, attributes)
        )
    except NoSuchObjectError:
        return []


def find_accounts(
    connection: Connection,
    identity: str,
    definitions: Mapping[str, AttributeDefinition],
    attribute: str | None = None,
) -> list[Account]:
    """The accounts that an identity stands for, below the connection's base.

    definitions: of the attributes that the accounts get (schema.read). attribute: search in this
    attribute only. A user principal name that no account has is also understood as the implied one:
    logon name and domain.
    """
    if attribute:
        definition = schema.read_one(connection, attribute, "identity_attribute")
        return search(connection, identities.attribute_filter(definition, identity), definitions)
    parsed = identities.parse(identity)
    if parsed.form == DN:
        return read_at(connection, parsed.value, definitions)
    found = search(connection, parsed.search_filter, definitions)
    if not found and parsed.form == UPN:
        name, _at, suffix = parsed.value.partition("@")
        if suffix.casefold() == domain_name(connection).casefold():
            implied = f"(sAMAccountName={filters.escape_text(name)})"
            found = search(connection, implied, definitions)
    return found


def search(
    connection: Connection, search_filter: str, definitions: Mapping[str, AttributeDefinition]
) -> list[Account]:
    """The accounts below the connection's base that a filter finds."""
    both = f"(&{reading.USERS}{search_filter})"
    return list(
        reading.read_accounts(connection, connection.base, ldap_messages.SUBTREE, both, definitions)
    )


def read_at(
    connection: Connection, dn: str, definitions: Mapping[str, AttributeDefinition]
) -> list[Account]:
    """The account at a DN, in a list; [] when there is none."""
    try:
        return list(
            reading.read_accounts(connection, dn, ldap_messages.BASE, reading.USERS, definitions)
        )
    except NoSuchObjectError:
        return []


def only_one(found: Sequence[Found], identity: str, place: str) -> Found | None:
    """The only object found; None when there is none. Raises HrisError when there are several."""
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    listed = "; ".join(item.dn for item in found[:_SHOWN])
    if len(found) > _SHOWN:
        listed += "; …"
    raise HrisError(
        f"'{identity}' stands for {len(found)} objects: {listed}",
        place=place,
        hint="Name the object by objectGUID or DN",
    )


def find_group(connection: Connection, identity: str, place: str) -> GroupName:
    """The group that a sAMAccountName, DN, SID or objectGUID stands for, anywhere in the domain.

    Raises HrisError when there is not exactly one.
    """
    attributes = ("objectGUID", "objectSid")
    entries = entries_of(connection, identity, GROUPS, attributes, connection.domain_dn)
    groups = [
        GroupName(dn, guid_text(raw["objectGUID"][0]), sid_text(raw["objectSid"][0]))
        for dn, raw in entries
    ]
    group = only_one(groups, identity, place)
    if not group:
        raise HrisError(
            f"there is no group '{identity}'",
            place=place,
            hint="Name it by sAMAccountName, DN, SID or objectGUID",
        )
    return group


def objects_with(connection: Connection, attribute: str, value: str) -> list[ObjectName]:
    """The objects of any kind in the domain that have a value of an attribute."""
    search_filter = f"({attribute}={filters.escape_text(value)})"
    entries = connection.stream.search(
        connection.domain_dn, ldap_messages.SUBTREE, search_filter, ["objectGUID"]
    )
    return [ObjectName(dn, guid_text(raw["objectGUID"][0])) for dn, raw in entries]


def guids_of(connection: Connection, logon_names: Sequence[str]) -> dict[str, str]:
    """{logon name in lower case: objectGUID} of the accounts with these sAMAccountNames."""
    guids = {}
    for start in range(0, len(logon_names), _BATCH):
        batch = logon_names[start : start + _BATCH]
        any_of = filters.any_of([f"(sAMAccountName={filters.escape_text(name)})" for name in batch])
        for _dn, raw in connection.stream.search(
            connection.domain_dn,
            ldap_messages.SUBTREE,
            f"(&{reading.USERS}{any_of})",
            ["sAMAccountName", "objectGUID"],
        ):
            logon_name = plain_text(raw["sAMAccountName"][0]).lower()
            guids[logon_name] = guid_text(raw["objectGUID"][0])
    return guids


def object_at(connection: Connection, dn: str) -> ObjectName | None:
    """The object at a DN; None when there is none."""
    try:
        entries = list(connection.stream.search(dn, ldap_messages.BASE, ANY_OBJECT, ["objectGUID"]))
    except NoSuchObjectError:
        return None
    for found, raw in entries:
        return ObjectName(found, guid_text(raw["objectGUID"][0]))
    return None


def existing_dn(connection: Connection, dn: str, place: str) -> str:
    """The DN of an object as the server writes it. Raises HrisError when it does not exist."""
    found = object_at(connection, dn)
    if not found:
        raise HrisError(
            f"there is no '{dn}' in the directory", place=place, hint="Check how it is spelled"
        )
    return found.dn


def users_container(connection: Connection) -> str:
    """The DN of the container where the domain puts new users."""
    well_known = _USERS_CONTAINER.format(connection.domain_dn)
    for _dn, raw in connection.stream.search(
        well_known, ldap_messages.BASE, ANY_OBJECT, ["distinguishedName"]
    ):
        return plain_text(raw["distinguishedName"][0])
    raise HrisError(
        "the domain has no container for new users", place=option_name("path"), hint="Set path"
    )


def domain_name(connection: Connection) -> str:
    """The DNS name of the domain."""
    return ".".join(value for _attribute, value in names.parse(connection.domain_dn))
