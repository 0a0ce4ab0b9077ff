# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the doctor reads beside what runs read: some accounts of each container, the password
policies, and the name of the bound account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..ad_values.binary_ids import guid_text
from ..ad_values.rights import Permissions
from ..ad_values.security_descriptor import SecurityDescriptor
from . import filters, ldap_errors, ldap_messages, lookup, reading
from .connection import Connection
from .permissions import DESCRIPTOR, INFORMATION, parsed
from .search_entries import RawAttributes
from .stream_errors import (
    NoSuchObjectError,
    SearchRefusedError,
)

AT_EACH_PLACE, IN_ALL = 50, 1000  # accounts
_COMPLEX = 1  # in pwdProperties ([MS-SAMR] 2.2.3.11)
_SETTINGS = "CN=Password Settings Container,CN=System"


class SampleAccount(NamedTuple):
    """An account whose permissions were read."""

    dn: str
    place: str  # DN of its container
    guid: str


class PasswordRule(NamedTuple):
    """The password policy of the domain, or a password settings object (PSO)."""

    name: str
    shortest: int
    is_complex: bool


def read_sample(
    connection: Connection, places: Sequence[str], permissions: Permissions
) -> list[SampleAccount]:
    """Some accounts of each container, but no privileged ones; their descriptors are added to the
    permissions.
    """
    found: list[SampleAccount] = []
    known: dict[bytes, SecurityDescriptor | None] = {}
    for place in places:
        if len(found) >= IN_ALL:
            break
        for dn, raw in _accounts(connection, place):
            guid = guid_text(raw["objectGUID"][0])
            permissions.descriptors[guid] = parsed(raw.get(DESCRIPTOR, []), known)
            found.append(SampleAccount(dn, place, guid))
    return found


def _accounts(connection: Connection, place: str) -> Iterator[tuple[str, RawAttributes]]:
    try:
        yield from connection.stream.search(
            place,
            ldap_messages.ONE_LEVEL,
            f"(&{reading.USERS}(!(adminCount>=1)))",
            ["objectGUID", DESCRIPTOR],
            page=AT_EACH_PLACE,
            controls=ldap_messages.security_flags(INFORMATION),
            most=AT_EACH_PLACE,
        )
    except NoSuchObjectError:
        return  # a run creates it


def read_password_rules(connection: Connection) -> list[PasswordRule]:
    """The policy of the domain, and the PSOs that the account may read."""
    found = []
    for _dn, raw in connection.stream.search(
        connection.domain_dn,
        ldap_messages.BASE,
        lookup.ANY_OBJECT,
        ["minPwdLength", "pwdProperties"],
    ):
        is_complex = bool(_number(raw, "pwdProperties") & _COMPLEX)
        found.append(PasswordRule("the domain", _number(raw, "minPwdLength"), is_complex))
    length, complexity = "msDS-MinimumPasswordLength", "msDS-PasswordComplexityEnabled"
    try:
        for dn, raw in connection.stream.search(
            f"{_SETTINGS},{connection.domain_dn}",
            ldap_messages.ONE_LEVEL,
            "(objectClass=msDS-PasswordSettings)",
            [length, complexity],
        ):
            if length in raw:
                is_complex = raw.get(complexity) == [b"TRUE"]
                found.append(PasswordRule(dn, _number(raw, length), is_complex))
    except SearchRefusedError as error:
        if error.code in ldap_errors.PASSING:
            raise
    return found


def _number(raw: RawAttributes, name: str) -> int:
    text = raw.get(name, [b"0"])[0]
    return int(text) if text.lstrip(b"-").isdigit() else 0


def bound_account(connection: Connection) -> str:
    """The bound account as dsacls takes it: name@domain; as it was given where it is not found."""
    if not connection.bound_sid:
        return connection.bound_as
    for _dn, raw in connection.stream.search(
        connection.domain_dn,
        ldap_messages.SUBTREE,
        f"(objectSid={filters.escape_text(connection.bound_sid)})",
        ["sAMAccountName"],
    ):
        name = raw["sAMAccountName"][0].decode("utf-8", "replace")
        return f"{name}@{lookup.domain_name(connection)}"
    return connection.bound_as
