# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding one object by whatever identity a person writes; several matches are an error, never a guess."""

from __future__ import annotations

import re

from ..ad_values import dn as names
from ..errors import HrisError
from . import ldap_messages, reading, schema
from .ldap_stream import RefusedError
from .values import encode, guid_bytes, guid_text, plain_text, sid_bytes, sid_text

_GUID = re.compile(r"\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?", re.I)
_SID = re.compile(r"S-1(-\d+)+", re.I)
NO_SUCH_OBJECT = 32
# Where new users go in this domain, as redirusr has set it ([MS-ADTS] 6.1.1.4, GUID_USERS_CONTAINER_W)
_USERS_CONTAINER = "<WKGUID=A9D1CA15768811D1ADED00C04FD8D5CD,{}>"


def form_of(identity: str) -> tuple[str, str]:
    """(form, value) of an identity: form is guid, sid, dn, upn or name; DOMAIN\\name is the name alone."""
    text = identity.strip()
    guid = _GUID.fullmatch(text)
    if guid:
        return "guid", guid[1].lower()
    if _SID.fullmatch(text):
        return "sid", text.upper()
    if re.match(r"[A-Za-z][A-Za-z0-9-]*\s*=", text):
        names.parse(text)
        return "dn", text
    if "@" in text:
        return "upn", text
    return "name", text.rpartition("\\")[2]


def escape(text: str) -> str:
    """text as a value in a filter (RFC 4515 section 3)."""
    return re.sub(r"[\\*()\x00]", lambda match: f"\\{ord(match[0]):02x}", text)


def hexed(value: bytes) -> str:
    """Bytes as a value in a filter."""
    return "".join(f"\\{byte:02x}" for byte in value)


def filter_for(identity: str, attribute: str | None = None, syntax: str = "text") -> str | None:
    """The filter that finds an identity, None for a DN, which is read where it is.

    attribute: look in that one attribute, whose form schema.read calls syntax, instead of reading the identity's form.
    """
    if attribute:
        binary = syntax in ("sid", "binary")
        return f"({attribute}={hexed(encode(attribute, syntax, identity)) if binary else escape(identity)})"
    form, text = form_of(identity)
    return {
        "guid": lambda: f"(objectGUID={hexed(guid_bytes(text))})",
        "sid": lambda: f"(objectSid={hexed(sid_bytes(text))})",
        "dn": lambda: None,
        "upn": lambda: f"(userPrincipalName={escape(text)})",
        "name": lambda: f"(sAMAccountName={escape(text)})",
    }[form]()


def find_accounts(
    connection, identity: str, known: dict, attribute: str | None = None
) -> list[dict]:
    """The accounts (reading.read_snapshot) that an identity stands for. known: schema.read of the attributes they shall carry.

    A user principal name that no account has is also looked for as the implied one, logon name and domain.
    """
    syntax = "text"
    if attribute:
        info = schema.read(connection, [attribute])
        if not info:
            raise HrisError(
                f"the directory's schema has no attribute '{attribute}'", place="identity_attribute"
            )
        syntax = info[attribute.lower()]["syntax"]
    search_filter = filter_for(identity, attribute, syntax)
    if search_filter is None:
        return read_at(connection, identity.strip(), known)
    found = search(connection, search_filter, known)
    form, text = form_of(identity)
    if not found and not attribute and form == "upn":
        name, _at, suffix = text.partition("@")
        if suffix.casefold() == domain_name(connection).casefold():
            found = search(connection, f"(sAMAccountName={escape(name)})", known)
    return found


def search(connection, search_filter: str, known: dict) -> list[dict]:
    """The accounts below the connection's base that a filter finds."""
    return list(
        reading.accounts(
            connection,
            connection.base,
            ldap_messages.SUBTREE,
            f"(&{reading.USERS}{search_filter})",
            known,
        )
    )


def read_at(connection, dn: str, known: dict) -> list[dict]:
    """The account with this very DN, in a list; [] when there is none."""
    try:
        return list(reading.accounts(connection, dn, ldap_messages.BASE, reading.USERS, known))
    except RefusedError as error:
        if error.code == NO_SUCH_OBJECT:
            return []
        raise


def the_one(found: list, identity: str, place: str):
    """The only member of found, None when it is empty. Raises HrisError naming them when there are several."""
    if len(found) > 1:
        listed = "; ".join(item["dn"] for item in found[:5]) + ("; …" if len(found) > 5 else "")
        raise HrisError(
            f"'{identity}' stands for {len(found)} objects: {listed}",
            place=place,
            hint="Name it by objectGUID or DN",
        )
    return found[0] if found else None


def find_group(connection, identity: str, place: str) -> dict:
    """{"dn", "guid", "sid"} of a group named by sAMAccountName, DN, SID or objectGUID. Raises HrisError when there is not exactly one."""
    search_filter = filter_for(identity)
    asked = ("objectGUID", "objectSid")
    try:
        found = list(
            connection.wire.search(
                identity.strip(), ldap_messages.BASE, "(objectClass=group)", asked
            )
            if search_filter is None
            else connection.wire.search(
                connection.domain_dn,
                ldap_messages.SUBTREE,
                f"(&(objectClass=group){search_filter})",
                asked,
            )
        )
    except RefusedError as error:
        if error.code != NO_SUCH_OBJECT:
            raise
        found = []
    groups = [
        {"dn": dn, "guid": guid_text(raw["objectGUID"][0]), "sid": sid_text(raw["objectSid"][0])}
        for dn, raw in found
    ]
    group = the_one(groups, identity, place)
    if not group:
        raise HrisError(
            f"there is no group '{identity}'", place=place, hint="Name it by sAMAccountName or DN"
        )
    return group


def taken_by(connection, attribute: str, value: str) -> list[tuple[str, str]]:
    """[(DN, objectGUID text), …] of the objects of any kind in the domain whose attribute has this value."""
    return [
        (dn, guid_text(raw["objectGUID"][0]))
        for dn, raw in connection.wire.search(
            connection.domain_dn,
            ldap_messages.SUBTREE,
            f"({attribute}={escape(value)})",
            ["objectGUID"],
        )
    ]


def guids_of(connection, logon_names: list[str]) -> dict[str, str]:
    """{logon name in lower case: objectGUID text} of the accounts with those sAMAccountNames, a hundred in a search."""
    found = {}
    for start in range(0, len(logon_names), 100):
        any_of = "".join(
            f"(sAMAccountName={escape(name)})" for name in logon_names[start : start + 100]
        )
        for _dn, raw in connection.wire.search(
            connection.domain_dn,
            ldap_messages.SUBTREE,
            f"(&{reading.USERS}(|{any_of}))",
            ["sAMAccountName", "objectGUID"],
        ):
            found[plain_text(raw["sAMAccountName"][0]).lower()] = guid_text(raw["objectGUID"][0])
    return found


def container(connection, dn: str, place: str) -> str:
    """The DN of an existing object as the server writes it. Raises HrisError when it does not exist."""
    for found, _guid in at(connection, dn):
        return found
    raise HrisError(f"there is no '{dn}' in the directory", place=place)


def users_container(connection) -> str:
    """The DN of the container where the domain puts new users."""
    wellknown = _USERS_CONTAINER.format(connection.domain_dn)
    for _dn, raw in connection.wire.search(
        wellknown, ldap_messages.BASE, "(objectClass=*)", ["distinguishedName"]
    ):
        return plain_text(raw["distinguishedName"][0])
    raise HrisError("the domain names no container for users", place="path", hint="Give path")


def domain_name(connection) -> str:
    """The DNS name of the domain."""
    return ".".join(value for _attribute, value in names.parse(connection.domain_dn))


def at(connection, dn: str) -> list[tuple[str, str]]:
    """[(DN, objectGUID text)] of the object with this DN, [] when there is none."""
    try:
        found = list(
            connection.wire.search(dn, ldap_messages.BASE, "(objectClass=*)", ["objectGUID"])
        )
    except RefusedError as error:
        if error.code == NO_SUCH_OBJECT:
            return []
        raise
    return [(name, guid_text(raw["objectGUID"][0])) for name, raw in found]
