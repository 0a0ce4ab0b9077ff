# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory as plain data: one paged read for each kind of object."""

from __future__ import annotations

from functools import lru_cache

from ..ad_values.user_account_control import is_enabled
from . import ldap_messages, ranges, schema
from .ldap_stream import RefusedError
from .values import decoder, guid_text, name_text, plain_text, sid_text

# What every account carries whatever the rules name: identity, protection, and what names must be unique in.
ACCOUNT = (
    "objectGUID",
    "objectSid",
    "userAccountControl",
    "primaryGroupID",
    "adminCount",
    "isCriticalSystemObject",
    "memberOf",
)
ALWAYS = ("sAMAccountName", "userPrincipalName", "mail", "proxyAddresses", "cn")
_GROUP = ("objectGUID", "objectSid", "sAMAccountName", "cn", "memberOf")
_NAMES = ("mail", "proxyAddresses", "displayName", "mailNickname")
USERS = "(&(objectCategory=person)(objectClass=user))"
_PERSONS = "(objectCategory=person)"
_CONTAINERS = (
    "(|(objectCategory=organizationalUnit)(objectCategory=container)(objectClass=builtinDomain))"
)
SHARED = 1024  # values of each attribute
TOLD = 500  # accounts


def read_snapshot(
    connection, attributes, base: str | None = None, tell=lambda *_figures: None
) -> dict:
    """Everything that planning needs to know of the domain.

    connection: of connection.connect. attributes: names of attributes that accounts shall carry besides ALWAYS; one that the schema
    lacks is absent from "schema" and from the accounts. base: where to search, the connection's base when None; objects elsewhere
    are not seen, so that names taken there are only noticed when the server refuses them. tell: callable(how many accounts were read).

    {"domain": {"dn", "name", "sid", "server", "bound_as", "bound_sid"}, "accounts": [account, …], "groups": [group, …],
     "containers": [DN, …], "contacts" and "deleted": [{"dn", "attributes"}, …], "schema": schema.read(…)}
    account: {"guid", "dn", "sid", "enabled", "uac", "primary_group", "admin_count", "critical", "groups", "attributes"}
    group: {"guid", "dn", "sid", "name", "cn", "groups", "attributes"}
    attributes: {name as the schema spells it: [text, …]}, only what is present (values.py tells the forms).

    Raises HrisError with the server's refusal, ConnectionLostError.
    """
    base = base or connection.base
    known = schema.read(connection, {*attributes, *ALWAYS})
    return {
        "domain": _domain(connection),
        "schema": known,
        "containers": [connection.domain_dn]
        + [
            dn
            for dn, _found in connection.wire.search(
                base, ldap_messages.SUBTREE, _CONTAINERS, ["1.1"]
            )
            if dn != connection.domain_dn
        ],
        "groups": groups(connection, base),
        "deleted": list(_deleted(connection)),
        **_persons(connection, base, known, tell),
    }


def _persons(connection, base: str, known: dict, tell) -> dict:
    """{"accounts", "contacts"} of one search: a contact is a person that is no security principal, and has no SID."""
    decoders = decoders_of(known)
    users, contacts = [], []
    for dn, raw in ranges.search(
        connection.wire,
        base,
        ldap_messages.SUBTREE,
        _PERSONS,
        list(dict.fromkeys([*ACCOUNT, *decoders])),
    ):
        if "objectSid" in raw:
            users.append(account_of(dn, raw, decoders))
            if not len(users) % TOLD:
                tell(len(users))
        else:
            contacts.append({"dn": dn, "attributes": attributes_of(raw, decoders)})
    return {"accounts": users, "contacts": contacts}


def accounts(connection, base: str, scope: str, search_filter: str, known: dict):
    """Yield accounts (read_snapshot) that a filter finds. known: schema.read of the attributes they shall carry."""
    decoders = decoders_of(known)
    asked = list(dict.fromkeys([*ACCOUNT, *decoders]))
    for dn, raw in ranges.search(connection.wire, base, scope, search_filter, asked):
        yield account_of(dn, raw, decoders)


def account_of(dn: str, raw: dict, decoders: dict) -> dict:
    """An account (read_snapshot) of a user's raw values ({name: [bytes]}), which have at least ACCOUNT.

    A server names attributes as its schema does, and so do we, from its schema.
    """
    uac = _number(_first(raw, "userAccountControl", b"0"))
    return {
        "guid": guid_text(raw["objectGUID"][0]),
        "dn": dn,
        "sid": sid_text(raw["objectSid"][0]),
        "enabled": is_enabled(uac),
        "uac": uac,
        "primary_group": _number(_first(raw, "primaryGroupID", b"0")),
        "admin_count": int(_first(raw, "adminCount", b"0")) > 0,
        "critical": _first(raw, "isCriticalSystemObject", b"FALSE") == b"TRUE",
        "groups": _groups_of(tuple(raw.get("memberOf", ()))),
        "attributes": attributes_of(raw, decoders),
    }


_number = lru_cache(SHARED)(int)


@lru_cache(SHARED)
def _groups_of(values: tuple) -> list:
    """One list for all who are in the same groups; it is never changed."""
    return [name_text(value) for value in values]


def decoders_of(known: dict) -> dict:
    """{name: function from [bytes, …] to [text, …]} for attributes_of. known: schema.read."""
    return {
        info["name"]: _sharing(decoder(info["name"], info["syntax"])) for info in known.values()
    }


def _sharing(decode):
    """The function from values to texts, which gives the same list for the same value: a company has few departments. The
    lists are never changed."""
    known: dict = {}

    def texts(values: list) -> list:
        if len(values) != 1:
            return [decode(value) for value in values]
        found = known.get(values[0])
        if found is None:
            found = [decode(values[0])]
            if len(known) < SHARED:
                known[values[0]] = found
        return found

    return texts


def attributes_of(raw: dict, decoders: dict) -> dict:
    """{name: [text, …]} of raw ({name: [bytes, …]}). decoders: what decoders_of gave."""
    return {
        name: decoders[name](values) for name, values in raw.items() if values and name in decoders
    }


def _domain(connection) -> dict:
    sid = None
    for _dn, found in connection.wire.search(
        connection.domain_dn, ldap_messages.BASE, "(objectClass=*)", ["objectSid"]
    ):
        sid = sid_text(found["objectSid"][0])
    name = ".".join(part.partition("=")[2] for part in connection.domain_dn.split(",")).lower()
    return {
        "dn": connection.domain_dn,
        "name": name,
        "sid": sid,
        "server": connection.server,
        "bound_as": connection.bound_as,
        "bound_sid": connection.bound_sid,
    }


def groups(connection, base: str | None = None) -> list[dict]:
    """The groups below base, or the connection's base (read_snapshot)."""
    return list(_groups(connection, base or connection.base))


def _groups(connection, base: str):
    decoders = {name: _sharing(plain_text) for name in _NAMES}
    for dn, raw in ranges.search(
        connection.wire, base, ldap_messages.SUBTREE, "(objectCategory=group)", (*_GROUP, *_NAMES)
    ):
        yield {
            "guid": guid_text(raw["objectGUID"][0]),
            "dn": dn,
            "sid": sid_text(raw["objectSid"][0]),
            "name": plain_text(_first(raw, "sAMAccountName", b"")),
            "cn": plain_text(_first(raw, "cn", b"")),
            "groups": [name_text(value) for value in raw.get("memberOf", ())],
            "attributes": attributes_of(raw, decoders),
        }


def _deleted(connection):
    """Yield the users who were deleted and can still be brought back: [] for a bound account that may not see them."""
    decoders = {
        name: _sharing(plain_text) for name in ("sAMAccountName", "userPrincipalName", *_NAMES)
    }
    base, users = (
        f"CN=Deleted Objects,{connection.domain_dn}",
        "(&(isDeleted=TRUE)(objectClass=user))",
    )
    try:
        for dn, raw in connection.wire.search(
            base,
            ldap_messages.SUBTREE,
            users,
            list(decoders),
            controls=ldap_messages.show_deleted(),
        ):
            yield {"dn": dn, "attributes": attributes_of(raw, decoders)}
    except RefusedError:
        return  # reading them takes a right that few accounts have; their names are then only noticed when the server refuses one


def _first(raw: dict, name: str, default: bytes) -> bytes:
    values = raw.get(name)
    return values[0] if values else default
