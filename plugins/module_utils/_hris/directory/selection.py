# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users or groups by a search, for those who tell other systems of them."""

from __future__ import annotations

from ..errors import HrisError, did_you_mean
from . import ldap_messages, lookup, ranges, reading, schema
from .values import guid_text

_GROUPS = "(objectCategory=group)"
_GROUP = ("objectGUID", "objectSid")


def select(connection, wish: dict, names) -> list[dict]:
    """[{"type", "guid", "dn", "enabled" (of a user), "groups", "attributes": {name: [text] or text}}] in the order of their DNs.

    wish: {"type": "user" or "group", "identities": [text] or None, "filter", "search_base", "attributes"}; identities are what
    lookup.form_of knows. names: further attributes to read. Raises HrisError for an identity or attribute that does not exist.
    """
    known = schema.read(connection, {*names, *(wish["attributes"] or ())})
    for name in (*(wish["attributes"] or ()), *sorted(names)):
        if name.lower() not in known:
            raise HrisError(
                f"the directory's schema has no attribute '{name}'",
                "select",
                did_you_mean(name, [info["name"] for info in known.values()]),
            )
    is_user = wish["type"] == "user"
    found: dict = {}
    for dn, raw in _raw(connection, wish, reading.USERS if is_user else _GROUPS, known, is_user):
        item = _item(dn, raw, known, is_user)
        found[item["guid"]] = item
    return sorted(found.values(), key=lambda item: item["dn"].casefold())


def _raw(connection, wish: dict, kind: str, known: dict, is_user: bool):
    """Yield (DN, {name: [bytes]}) of the objects that are wished for."""
    asked = [*(reading.ACCOUNT if is_user else _GROUP), *(info["name"] for info in known.values())]
    base, given = wish["search_base"] or connection.base, (wish["filter"] or "").strip()
    condition = f"({given})" if given and not given.startswith("(") else given
    if not wish["identities"]:
        yield from ranges.search(
            connection.wire, base, ldap_messages.SUBTREE, f"(&{kind}{condition})", asked
        )
        return
    for identity in wish["identities"]:
        search_filter = lookup.filter_for(identity)
        try:
            place = (
                (identity.strip(), ldap_messages.BASE)
                if search_filter is None
                else (base, ldap_messages.SUBTREE)
            )
            matches = list(
                ranges.search(
                    connection.wire, *place, f"(&{kind}{search_filter or ''}{condition})", asked
                )
            )
        except lookup.RefusedError as error:
            if error.code != lookup.NO_SUCH_OBJECT:
                raise
            matches = []
        if len(matches) != 1:
            what = (
                "there is no such object"
                if not matches
                else f"it stands for {len(matches)} objects"
            )
            raise HrisError(
                what,
                f"select.identities '{identity}'",
                "Name it by sAMAccountName, userPrincipalName, DN, SID or objectGUID",
            )
        yield matches[0]


def _item(dn: str, raw: dict, known: dict, is_user: bool) -> dict:
    decoders = reading.decoders_of(known)
    if is_user:
        account = reading.account_of(dn, raw, decoders)
        picked = {
            "type": "user",
            "guid": account["guid"],
            "enabled": account["enabled"],
            "groups": account["groups"],
        }
        attributes = account["attributes"]
    else:
        found = {name.lower(): values for name, values in raw.items()}
        picked = {"type": "group", "guid": guid_text(found["objectguid"][0])}
        attributes = reading.attributes_of(found, decoders)
    values = {
        name: texts if not known[name.lower()]["single"] else texts[0]
        for name, texts in attributes.items()
    }
    return {**picked, "dn": dn, "attributes": values}
