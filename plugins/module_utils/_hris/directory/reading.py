# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory as it is: one paged read for each kind of object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..ad_values.binary_ids import guid_text, sid_text
from ..ad_values.dn import parent
from ..model.directory import (
    Account,
    Domain,
    Group,
    NamedObject,
    Snapshot,
)
from . import ldap_errors, ldap_messages, range_retrieval, schema
from .account_entries import Schema, account_form, account_of, shown
from .cloud_governed import CloudMark, cloud_mark, governed_by
from .connection import Connection
from .search_entries import Decoders, Entry, Texts, entry_decoder
from .stream_errors import SearchRefusedError
from .values import name_text, plain_text

# Attributes in which names must be unique
ALWAYS = ("sAMAccountName", "userPrincipalName", "mail", "proxyAddresses", "cn")
_NAMES: Decoders = dict.fromkeys(
    ("mail", "proxyAddresses", "displayName", "mailNickname"), plain_text
)
_GROUP: Decoders = {
    "objectGUID": guid_text,
    "objectSid": sid_text,
    "sAMAccountName": plain_text,
    "cn": plain_text,
    "memberOf": name_text,
    **_NAMES,
}
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
PROGRESS_EVERY = 500  # accounts

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
    form = account_form(known, cloud_mark(connection))
    decode = entry_decoder(form.decoders)
    accounts: list[Account] = []
    contacts: list[NamedObject] = []
    for entry in range_retrieval.entries(
        connection.stream, decode, base, ldap_messages.SUBTREE, _PERSONS, form.decoders
    ):
        dn, texts = entry
        if "objectSid" in texts:
            accounts.append(account_of(entry, form))
            if not len(accounts) % PROGRESS_EVERY:
                progress(len(accounts))
        else:
            contacts.append(NamedObject(dn, shown(texts, form)))
    return accounts, contacts


def read_accounts(
    connection: Connection, base: str, scope: str, search_filter: str, known: Schema
) -> Iterator[Account]:
    """Yield the accounts that a filter finds. known: definitions of the attributes that they
    carry.
    """
    form = account_form(known, cloud_mark(connection))
    decode = entry_decoder(form.decoders)
    for entry in range_retrieval.entries(
        connection.stream, decode, base, scope, search_filter, form.decoders
    ):
        yield account_of(entry, form)


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
    cloud = cloud_mark(connection)
    decoders = {**_GROUP, cloud.attribute: plain_text} if cloud else _GROUP
    found = range_retrieval.entries(
        connection.stream,
        entry_decoder(decoders),
        connection.domain_dn,
        ldap_messages.SUBTREE,
        _GROUPS,
        decoders,
    )
    return [_group_of(entry, cloud) for entry in found]


def _group_of(entry: Entry[str], cloud: CloudMark | None) -> Group:
    dn, texts = entry
    return Group(
        guid=texts["objectGUID"][0],
        dn=dn,
        sid=texts["objectSid"][0],
        name=_first(texts, "sAMAccountName"),
        cn=_first(texts, "cn"),
        groups=texts.get("memberOf", []),
        attributes={name: values for name, values in texts.items() if name in _NAMES},
        governed=governed_by(texts, cloud) if cloud else "",
    )


def _deleted(connection: Connection, keys: Iterable[str]) -> Iterator[NamedObject]:
    """Yield the deleted users that can be restored; none for an account that may not see them.

    Few accounts have the right to see them. Their names are then only noticed when the server
    refuses one.
    """
    wanted = ("sAMAccountName", "userPrincipalName", *_NAMES, *keys)
    names = list({name.casefold(): name for name in wanted}.values())
    decode = entry_decoder(dict.fromkeys(names, plain_text))
    try:
        for entry in connection.stream.entries(
            decode,
            deleted_objects(connection),
            ldap_messages.SUBTREE,
            _DELETED_USERS,
            names,
            controls=ldap_messages.show_deleted(),
        ):
            yield NamedObject(*entry)
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


def _first(texts: Texts, name: str) -> str:
    return texts[name][0] if name in texts else ""
