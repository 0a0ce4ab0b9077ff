# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users or groups that a search finds, for modules that report them to other systems."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..ad_values.binary_ids import guid_text
from ..data_class import frozen
from ..errors import HrisError
from ..model.directory import AttributeDefinition
from ..model.records import Record
from ..option_names import option_name
from . import (
    account_entries,
    filters,
    ldap_messages,
    lookup,
    range_retrieval,
    reading,
    schema,
    values,
)
from .account_entries import AccountForm
from .connection import Connection
from .search_entries import SearchEntry

USER, GROUP = "user", "group"  # types of objects
_GROUPS = "(objectCategory=group)"
_GROUP_ATTRIBUTES = ("objectGUID", "objectSid")


@frozen
class SelectOptions:
    """The option group `select` of module webhook."""

    type: str  # USER or GROUP
    identities: Sequence[str]  # none: all that match
    filter: str  # with its parentheses; '' for none
    search_base: str | None  # DN; None: the connection's base
    attributes: Sequence[str]

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> SelectOptions:
        """The options as the module gets them."""
        return cls(
            type=params["type"],
            identities=params["identities"] or (),
            filter=filters.parenthesised(params["filter"]),
            search_base=params["search_base"],
            attributes=params["attributes"] or (),
        )


def select(
    connection: Connection, params: Mapping[str, Any], names: Collection[str]
) -> list[Record]:
    """The objects that the options select, in the order of their DNs.

    params: the option group `select`. names: further attributes to read. An object has type, guid,
    dn and attributes (one text where the schema has one value, else a list of texts), a user
    enabled and groups (DNs) as well. Raises HrisError for an identity or attribute that does not
    exist.
    """
    options = SelectOptions.from_params(params)
    requested = [*options.attributes, *sorted(names)]
    definitions = schema.read(connection, requested)
    for name in requested:
        if name.lower() not in definitions:
            similar = [definition.name for definition in definitions.values()]
            raise schema.unknown_attribute(name, "select", similar)
    item_of = _group_item
    if options.type == USER:
        item_of = _user_item
    items = {}
    form = account_entries.account_form(definitions)
    for entry in _entries(connection, options, definitions.values()):
        item = item_of(entry, form, definitions)
        items[item["guid"]] = item
    return sorted(items.values(), key=lambda item: item["dn"].casefold())


def _entries(
    connection: Connection, options: SelectOptions, definitions: Iterable[AttributeDefinition]
) -> Iterator[SearchEntry]:
    """Yield the entries of the selected objects."""
    kind = _GROUPS
    required: Iterable[str] = _GROUP_ATTRIBUTES
    if options.type == USER:
        kind, required = reading.USERS, account_entries.ACCOUNT
    kind += options.filter
    attributes = [*required, *(definition.name for definition in definitions)]
    base = options.search_base or connection.base
    if not options.identities:
        yield from range_retrieval.search(
            connection.stream, base, ldap_messages.SUBTREE, f"(&{kind})", attributes
        )
    for identity in options.identities:
        yield _the_entry(
            identity, lookup.entries_of(connection, identity, f"(&{kind})", attributes, base)
        )


def _the_entry(identity: str, entries: Sequence[SearchEntry]) -> SearchEntry:
    """The only entry that an identity stands for."""
    if len(entries) == 1:
        return entries[0]
    problem = f"it stands for {len(entries)} objects"
    if not entries:
        problem = "there is no such object"
    raise HrisError(
        problem,
        option_name(f"select.identities '{identity}'"),
        "Name it by sAMAccountName, userPrincipalName, DN, SID or objectGUID",
    )


def _user_item(
    entry: SearchEntry, form: AccountForm, definitions: Mapping[str, AttributeDefinition]
) -> Record:
    account = account_entries.account_of_raw(entry, form)
    return {
        "type": USER,
        "guid": account.guid,
        "enabled": account.enabled,
        "groups": account.groups,
        "dn": account.dn,
        "attributes": values.single_or_list(account.attributes, definitions),
    }


def _group_item(
    entry: SearchEntry, form: AccountForm, definitions: Mapping[str, AttributeDefinition]
) -> Record:
    dn, raw = entry
    attributes = account_entries.shown(account_entries.texts_of(raw, form.decoders), form)
    return {
        "type": GROUP,
        "guid": guid_text(raw["objectGUID"][0]),
        "dn": dn,
        "attributes": values.single_or_list(attributes, definitions),
    }
