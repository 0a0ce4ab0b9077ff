# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding users for playbooks: the work of module user_info."""

from __future__ import annotations

from ..directory import ldap_messages, lookup, ranges, reading, schema
from ..directory.connection import connect
from ..directory.user_attributes import OPTIONS
from ..errors import HrisError, did_you_mean

_SCOPES = {
    "subtree": ldap_messages.SUBTREE,
    "one_level": ldap_messages.ONE_LEVEL,
    "base": ldap_messages.BASE,
}
_ALL = "*"


def run(params: dict, _check_mode: bool, _warn) -> dict:
    """{"changed": False, "users": [user, …]} of the users that the options ask for, in the order of their DNs.

    params: the options of module hris.ad.user_info, whose RETURN describes a user. Raises HrisError.
    """
    with connect(params["directory"]) as connection:
        base, scope = params["search_base"] or connection.base, _SCOPES[params["search_scope"]]
        wish = _filter(connection, params)
        if wish is None:
            base, scope, wish = (
                params["identity"].strip(),
                ldap_messages.BASE,
                _bracketed(params["filter"]),
            )
        asked = params["attributes"]
        known = schema.read(connection, [name for name in asked if name != _ALL])
        for name in asked:
            if name != _ALL and name.lower() not in known:
                raise HrisError(
                    f"the directory's schema has no attribute '{name}'",
                    place="attributes",
                    hint=did_you_mean(name, OPTIONS.values()),
                )
        try:
            found = list(
                ranges.search(
                    connection.wire,
                    base,
                    scope,
                    f"(&{reading.USERS}{wish})",
                    [*reading.ACCOUNT, *asked],
                )
            )
        except lookup.RefusedError as error:
            if error.code != lookup.NO_SUCH_OBJECT or params["search_base"]:
                raise
            found = []
        if _ALL in asked:
            known = schema.read(connection, {name for _dn, raw in found for name in raw})
        decoders = reading.decoders_of(known)
        users = [_user(reading.account_of(dn, raw, decoders), known) for dn, raw in found]
    return {
        "changed": False,
        "users": sorted(users, key=lambda user: user["distinguished_name"].casefold()),
    }


def _filter(connection, params: dict) -> str | None:
    """The filter of the options, "" for everybody; None for an identity that is a DN."""
    parts = [_bracketed(params["filter"])]
    if params["identity"]:
        attribute = params["identity_attribute"]
        syntax = "text"
        if attribute:
            info = schema.read(connection, [attribute])
            if not info:
                raise HrisError(
                    f"the directory's schema has no attribute '{attribute}'",
                    place="identity_attribute",
                )
            syntax = info[attribute.lower()]["syntax"]
        found = lookup.filter_for(params["identity"], attribute, syntax)
        if found is None:
            return None
        parts.append(found)
    return "".join(parts)


def _bracketed(text: str | None) -> str:
    """A filter with its outer parentheses, which people leave out for a single condition."""
    text = (text or "").strip()
    return f"({text})" if text and not text.startswith("(") else text


def _user(account: dict, known: dict) -> dict:
    """An account as RETURN of user_info has it."""
    return {
        "object_guid": account["guid"],
        "distinguished_name": account["dn"],
        "sid": account["sid"],
        "enabled": account["enabled"],
        "groups": account["groups"],
        "primary_group_sid": f"{account['sid'].rpartition('-')[0]}-{account['primary_group']}",
        "attributes": {
            name: values[0] if known[name.lower()]["single"] else values
            for name, values in account["attributes"].items()
        },
    }
