# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what decides the rights of the bound account: its token, and the security descriptors of
the objects that are asked about. One search for many objects.

What Samba 4.17 gives (measured): rootDSE has the whole token in tokenGroups, also Everyone and
Authenticated Users. allowedAttributesEffective, allowedChildClassesEffective and sDRightsEffective
are there for every object, and say the same as the descriptor. They cannot tell of extended rights,
of deletion, nor what a new object would have, so the descriptor is what is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..ad_values import rights, sddl, security_descriptor
from ..ad_values.binary_ids import guid_text, sid_text
from ..ad_values.dn import normal, parent
from ..ad_values.rights import Permissions
from ..ad_values.security_descriptor import Ace, SecurityDescriptor
from ..model.plan import Change
from . import filters, ldap_messages, schema
from .connection import Connection
from .drift import BATCH, guid_condition
from .search_entries import SearchEntry

DESCRIPTOR, _DEFAULT = "nTSecurityDescriptor", "defaultSecurityDescriptor"
INFORMATION = security_descriptor.OWNER_INFORMATION | security_descriptor.DACL_INFORMATION
# Accounts whose own descriptors are read; others are judged by what their container gives them
MOST_ACCOUNTS = 2000


def permissions_for(
    connection: Connection, changes: Sequence[Change], attributes: Iterable[str]
) -> Permissions:
    """The permissions of all objects that changes are about. attributes: those that are judged."""
    places = [parent(dn) for one in changes for dn in (one.dn, one.to) if dn]
    groups = [one.group for one in changes if one.group]
    guids = (one.guid for one in changes if one.guid and not one.group)
    accounts = list(dict.fromkeys(guids))[:MOST_ACCOUNTS]
    return read_permissions(connection, [*places, *groups], accounts, attributes)


def read_permissions(
    connection: Connection,
    dns: Iterable[str],
    guids: Sequence[str],
    attributes: Iterable[str],
) -> Permissions:
    """The permissions of some objects. dns: of containers and groups. guids: of accounts."""
    names = list({normal(dn): dn for dn in (*dns, connection.domain_dn)}.values())
    texts = [f"(distinguishedName={filters.escape_text(dn)})" for dn in names]
    found: dict[str, SecurityDescriptor | None] = {}
    known: dict[bytes, SecurityDescriptor | None] = {}
    for dn, raw in _objects(connection, texts):
        found[normal(dn)] = parsed(raw.get(DESCRIPTOR, []), known)
    for _dn, raw in _objects(connection, list(map(guid_condition, guids))):
        found[guid_text(raw["objectGUID"][0])] = parsed(raw.get(DESCRIPTOR, []), known)
    return Permissions(
        token=connection.token,
        account=connection.bound_sid,
        definitions=schema.read(connection, attributes),
        descriptors=found,
        class_entries=_class_entries(connection),
    )


def _objects(connection: Connection, conditions: Sequence[str]) -> Iterator[SearchEntry]:
    for start in range(0, len(conditions), BATCH):
        yield from connection.stream.search(
            connection.domain_dn,
            ldap_messages.SUBTREE,
            filters.any_of(list(conditions[start : start + BATCH])),
            ["objectGUID", DESCRIPTOR],
            controls=ldap_messages.security_flags(INFORMATION),
        )


def parsed(
    values: Sequence[bytes], known: dict[bytes, SecurityDescriptor | None]
) -> SecurityDescriptor | None:
    """The same descriptor for the same bytes: the accounts of an OU inherit the same."""
    if not values:
        return None
    if values[0] not in known:
        try:
            known[values[0]] = security_descriptor.parse(values[0])
        except ValueError:
            known[values[0]] = None
    return known[values[0]]


def _class_entries(connection: Connection) -> dict[str, tuple[Ace, ...]]:
    """{class: the entries of the schema for its new objects}."""
    domain = _domain_sid(connection)
    conditions = [f"(lDAPDisplayName={name})" for name in (rights.USER, rights.OU)]
    entries = {}
    for _dn, raw in connection.stream.search(
        connection.schema_dn,
        ldap_messages.ONE_LEVEL,
        filters.any_of(conditions),
        ["lDAPDisplayName", _DEFAULT],
    ):
        text = raw.get(_DEFAULT, [b""])[0].decode("utf-8", "replace")
        name = raw["lDAPDisplayName"][0].decode("utf-8", "replace")
        entries[name] = tuple(sddl.parse_aces(text, domain))
    return entries


def _domain_sid(connection: Connection) -> str:
    for _dn, raw in connection.stream.search(
        connection.domain_dn, ldap_messages.BASE, "(objectClass=*)", ["objectSid"]
    ):
        return sid_text(raw["objectSid"][0])
    return ""
