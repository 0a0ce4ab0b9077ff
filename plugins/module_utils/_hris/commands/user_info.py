# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of module user_info: finding users for playbooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..data_class import frozen
from ..directory import (
    account_entries,
    filters,
    identities,
    ldap_messages,
    range_retrieval,
    reading,
    schema,
    values,
)
from ..directory.connection import Connection
from ..directory.failover import with_directory
from ..directory.search_entries import SearchEntry
from ..directory.stream_errors import NoSuchObjectError
from ..directory.user_attributes import ATTRIBUTE_OPTIONS
from ..model.directory import Account, AttributeDefinition

_SCOPES = {
    "subtree": ldap_messages.SUBTREE,
    "one_level": ldap_messages.ONE_LEVEL,
    "base": ldap_messages.BASE,
}
_ALL = "*"


@frozen
class _Options:
    """The options of the module but for the directory."""

    identity: str | None
    identity_attribute: str | None
    filter: str  # with its parentheses; '' for none
    search_base: str | None  # DN
    search_scope: str  # of ldap_messages
    attributes: Sequence[str]  # names, or _ALL

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> _Options:
        return cls(
            identity=params["identity"],
            identity_attribute=params["identity_attribute"],
            filter=filters.parenthesised(params["filter"]),
            search_base=params["search_base"],
            search_scope=_SCOPES[params["search_scope"]],
            attributes=params["attributes"],
        )


def run(params: dict[str, Any], _check_mode: bool, warn: Callable[[str], None]) -> dict[str, Any]:
    """The users that the options ask for, in the order of their DNs. Raises HrisError.

    RETURN of hris.ad.user_info describes the result.
    """
    options = _Options.from_params(params)
    entries, definitions = with_directory(
        params["directory"], lambda connection: _read(connection, options), warn
    )
    form = account_entries.account_form(definitions)
    accounts = [account_entries.account_of_raw(entry, form) for entry in entries]
    accounts.sort(key=lambda account: account.dn.casefold())
    return {"changed": False, "users": [_user(account, definitions) for account in accounts]}


def _read(
    connection: Connection, options: _Options
) -> tuple[list[SearchEntry], dict[str, AttributeDefinition]]:
    """(the entries of the users, the definitions of their attributes)."""
    names = [name for name in options.attributes if name != _ALL]
    definitions = schema.read(connection, names)
    for name in names:
        if name.lower() not in definitions:
            raise schema.unknown_attribute(name, "attributes", ATTRIBUTE_OPTIONS.values())
    entries = _entries(connection, options)
    if _ALL in options.attributes:
        read = {name for _dn, raw in entries for name in raw}
        definitions = schema.read(connection, read)
    return entries, definitions


def _entries(connection: Connection, options: _Options) -> list[SearchEntry]:
    """The entries of the users."""
    base, scope = options.search_base or connection.base, options.search_scope
    search_filter = reading.USERS + options.filter
    identity_dn = None
    if options.identity and options.identity_attribute:
        definition = schema.read_one(connection, options.identity_attribute, "identity_attribute")
        search_filter += identities.attribute_filter(definition, options.identity)
    elif options.identity:
        identity = identities.parse(options.identity)
        search_filter += identity.search_filter
        if identity.form == identities.DN:
            identity_dn = identity.value
    if identity_dn:
        base, scope = identity_dn, ldap_messages.BASE
    attributes = [*account_entries.ACCOUNT, *options.attributes]
    try:
        return list(
            range_retrieval.search(
                connection.stream, base, scope, f"(&{search_filter})", attributes
            )
        )
    except NoSuchObjectError:
        if identity_dn:
            return []
        raise


def _user(account: Account, definitions: Mapping[str, AttributeDefinition]) -> dict[str, Any]:
    """An account as RETURN of hris.ad.user_info describes it."""
    domain = account.sid.rpartition("-")[0]
    return {
        "object_guid": account.guid,
        "distinguished_name": account.dn,
        "sid": account.sid,
        "enabled": account.enabled,
        "groups": account.groups,
        "primary_group_sid": f"{domain}-{account.primary_group}",
        "attributes": values.single_or_list(account.attributes, definitions),
    }
