# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory as it is: one paged read for each kind of object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from ..ad_values.binary_ids import guid_text, sid_text
from ..ad_values.dn import parent
from ..ad_values.user_account_control import is_enabled
from ..model.directory import (
    Account,
    AttributeDefinition,
    AttributeValues,
    Domain,
    Group,
    NamedObject,
    Snapshot,
)
from . import ldap_errors, ldap_messages, range_retrieval, schema
from .cloud_governed import CloudMark, cloud_mark, governed_by
from .connection import Connection
from .ldap_messages import RawAttributes
from .ldap_stream import SearchRefusedError
from .values import decoder, name_text, plain_text

# What every account has, whatever the rules name: identity and protection
ACCOUNT = (
    "objectGUID",
    "objectSid",
    "userAccountControl",
    "primaryGroupID",
    "adminCount",
    "isCriticalSystemObject",
    "memberOf",
)
# Attributes in which names must be unique
ALWAYS = ("sAMAccountName", "userPrincipalName", "mail", "proxyAddresses", "cn")
_GROUP = ("objectGUID", "objectSid", "sAMAccountName", "cn", "memberOf")
_NAMES = ("mail", "proxyAddresses", "displayName", "mailNickname")
USERS = "(&(objectCategory=person)(objectClass=user))"
_GROUPS = "(objectCategory=group)"
_PERSONS = "(objectCategory=person)"
_CONTAINERS = (
    "(|(objectCategory=organizationalUnit)(objectCategory=container)(objectClass=builtinDomain))"
)
_DELETED_USERS = "(&(isDeleted=TRUE)(objectClass=user))"
# [MS-ADTS] 6.1.1.2.4.1.3.1: the feature's object, which names where it is enabled
_RECYCLE_BIN = (
    "CN=Recycle Bin Feature,CN=Optional Features,CN=Directory Service,CN=Windows NT,CN=Services"
)
SHARED = 1024  # values of each attribute
PROGRESS_EVERY = 500  # accounts

Schema = Mapping[str, AttributeDefinition]  # {attribute in lower case: definition}
Decoders = Mapping[str, Callable[[list[bytes]], list[str]]]  # {attribute: its decoder}
Progress = Callable[[int], None]  # is called with the number of accounts that were read


def _no_progress(_accounts: int) -> None:
    """Report nothing."""


def read_snapshot(
    connection: Connection,
    attributes: Iterable[str],
    base: str | None = None,
    progress: Progress = _no_progress,
    keys: Iterable[str] = (),
) -> Snapshot:
    """Everything that planning needs to know about the domain.

    attributes: those that accounts carry besides ALWAYS; one that the schema lacks is absent. keys:
    those that deleted accounts carry besides their names. Only a directory with a recycle bin has
    them. base: the search base, the connection's base when None. Objects elsewhere are not seen, so
    names that are taken there are only noticed when the server refuses them. Raises HrisError with
    the server's refusal, ConnectionLostError.
    """
    base = base or connection.base
    known = schema.read(connection, {*attributes, *ALWAYS})
    accounts, contacts = _persons(connection, base, known, progress)
    return Snapshot(
        domain=read_domain(connection),
        schema=known,
        containers=read_containers(connection, base),
        # Of the whole domain: privileged groups are outside of most bases
        groups=read_groups(connection),
        accounts=accounts,
        contacts=contacts,
        deleted=list(_deleted(connection, keys)),
        recycle_bin=has_recycle_bin(connection),
    )


def read_containers(connection: Connection, base: str) -> list[str]:
    """The DNs of the containers below a base, and of the domain."""
    found = connection.stream.search(base, ldap_messages.SUBTREE, _CONTAINERS, ["1.1"])
    others = [dn for dn, _attributes in found if dn != connection.domain_dn]
    return [connection.domain_dn, *others]


def _persons(
    connection: Connection, base: str, known: Schema, progress: Progress
) -> tuple[list[Account], list[NamedObject]]:
    """(accounts, contacts) of one search: a contact is a person without a SID."""
    decoders = decoders_of(known)
    accounts: list[Account] = []
    contacts: list[NamedObject] = []
    cloud = cloud_mark(connection)
    names = _requested(decoders, cloud)
    scope = ldap_messages.SUBTREE
    for dn, raw in range_retrieval.search(connection.stream, base, scope, _PERSONS, names):
        if "objectSid" in raw:
            accounts.append(account_of(dn, raw, decoders, cloud))
            if not len(accounts) % PROGRESS_EVERY:
                progress(len(accounts))
        else:
            contacts.append(NamedObject(dn, attributes_of(raw, decoders)))
    return accounts, contacts


def read_accounts(
    connection: Connection, base: str, scope: str, search_filter: str, known: Schema
) -> Iterator[Account]:
    """Yield the accounts that a filter finds. known: definitions of the attributes that they
    carry.
    """
    decoders = decoders_of(known)
    cloud = cloud_mark(connection)
    names = _requested(decoders, cloud)
    for dn, raw in range_retrieval.search(connection.stream, base, scope, search_filter, names):
        yield account_of(dn, raw, decoders, cloud)


def _requested(decoders: Decoders, cloud: CloudMark | None) -> list[str]:
    """The attributes of accounts that a search asks for."""
    names = [*ACCOUNT, *decoders]
    if cloud:
        names.append(cloud.attribute)
    return list(dict.fromkeys(names))


def account_of(
    dn: str, raw: RawAttributes, decoders: Decoders, cloud: CloudMark | None = None
) -> Account:
    """An account from a user's raw values, which have at least ACCOUNT. cloud: None where nobody
    asks who governs it.
    """
    uac = _number(_first(raw, "userAccountControl", b"0"))
    return Account(
        guid=guid_text(raw["objectGUID"][0]),
        dn=dn,
        sid=sid_text(raw["objectSid"][0]),
        enabled=is_enabled(uac),
        uac=uac,
        primary_group=_number(_first(raw, "primaryGroupID", b"0")),
        admin_count=int(_first(raw, "adminCount", b"0")) > 0,
        critical=_first(raw, "isCriticalSystemObject", b"FALSE") == b"TRUE",
        groups=_group_names(tuple(raw.get("memberOf", ()))),
        attributes=attributes_of(raw, decoders),
        governed=governed_by(raw, cloud) if cloud and cloud.attribute in raw else "",
    )


_number = lru_cache(SHARED)(int)


@lru_cache(SHARED)
def _group_names(values: tuple[bytes, ...]) -> list[str]:
    """One list for all accounts in the same groups; it is never changed."""
    return [name_text(value) for value in values]


def decoders_of(known: Schema) -> Decoders:
    """The decoders for attributes_of."""
    return {
        definition.name: _sharing(decoder(definition.name, definition.syntax))
        for definition in known.values()
    }


def _sharing(decode: Callable[[bytes], str]) -> Callable[[list[bytes]], list[str]]:
    """The function from values to texts, which gives the same list for the same value.

    A company has few departments. The lists are never changed.
    """
    known: dict[bytes, list[str]] = {}

    def texts(values: list[bytes]) -> list[str]:
        if len(values) != 1:
            return [decode(value) for value in values]
        found = known.get(values[0])
        if found is None:
            found = [decode(values[0])]
            if len(known) < SHARED:
                known[values[0]] = found
        return found

    return texts


def attributes_of(raw: RawAttributes, decoders: Decoders) -> AttributeValues:
    """The values as texts, of attributes that have any and a decoder."""
    return {
        name: decoders[name](values) for name, values in raw.items() if values and name in decoders
    }


def read_domain(connection: Connection) -> Domain:
    """The domain, and the account that is bound to it."""
    sid = None
    found = connection.stream.search(
        connection.domain_dn, ldap_messages.BASE, "(objectClass=*)", ["objectSid"]
    )
    for _dn, raw in found:
        sid = sid_text(raw["objectSid"][0])
    parts = connection.domain_dn.split(",")
    return Domain(
        dn=connection.domain_dn,
        name=".".join(part.partition("=")[2] for part in parts).lower(),
        sid=sid,
        server=connection.server,
        bound_as=connection.bound_as,
        bound_sid=connection.bound_sid,
    )


def read_groups(connection: Connection) -> list[Group]:
    """The groups of the whole domain."""
    decoders = {name: _sharing(plain_text) for name in _NAMES}
    cloud = cloud_mark(connection)
    names = [*_GROUP, *_NAMES]
    if cloud:
        names.append(cloud.attribute)
    found = range_retrieval.search(
        connection.stream, connection.domain_dn, ldap_messages.SUBTREE, _GROUPS, names
    )
    return [_group_of(dn, raw, decoders, cloud) for dn, raw in found]


def _group_of(dn: str, raw: RawAttributes, decoders: Decoders, cloud: CloudMark | None) -> Group:
    return Group(
        guid=guid_text(raw["objectGUID"][0]),
        dn=dn,
        sid=sid_text(raw["objectSid"][0]),
        name=plain_text(_first(raw, "sAMAccountName", b"")),
        cn=plain_text(_first(raw, "cn", b"")),
        groups=[name_text(value) for value in raw.get("memberOf", ())],
        attributes=attributes_of(raw, decoders),
        governed=governed_by(raw, cloud) if cloud else "",
    )


def _deleted(connection: Connection, keys: Iterable[str]) -> Iterator[NamedObject]:
    """Yield the deleted users that can be restored; none for an account that may not see them.

    Few accounts have the right to see them. Their names are then only noticed when the server
    refuses one.
    """
    wanted = ("sAMAccountName", "userPrincipalName", *_NAMES, *keys)
    names = list({name.casefold(): name for name in wanted}.values())
    decoders = {name: _sharing(plain_text) for name in names}
    try:
        for dn, raw in connection.stream.search(
            deleted_objects(connection),
            ldap_messages.SUBTREE,
            _DELETED_USERS,
            names,
            controls=ldap_messages.show_deleted(),
        ):
            yield NamedObject(dn, attributes_of(raw, decoders))
    except SearchRefusedError as error:
        if error.code in ldap_errors.PASSING:
            raise


def has_recycle_bin(connection: Connection) -> bool:
    """Whether deleted objects keep their values, so that they can be restored wholly."""
    feature = f"{_RECYCLE_BIN},{parent(connection.schema_dn)}"
    name = "msDS-EnabledFeatureBL"
    try:
        found = connection.stream.search(feature, ldap_messages.BASE, "(objectClass=*)", [name])
        return any(raw.get(name) for _dn, raw in found)
    except SearchRefusedError as error:
        if error.code in ldap_errors.PASSING:
            raise
        return False


def deleted_objects(connection: Connection) -> str:
    """The DN of the container of deleted objects."""
    return f"CN=Deleted Objects,{connection.domain_dn}"


def _first(raw: RawAttributes, name: str, default: bytes) -> bytes:
    values = raw.get(name)
    return values[0] if values else default
