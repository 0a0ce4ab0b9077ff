# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking again: whether accounts still are as a plan says, or have become so."""

from __future__ import annotations

from ..ad_values.attribute_checks import same_values
from ..ad_values.dn import normal, object_of
from . import ldap_messages, lookup, reading, schema
from .values import guid_bytes

BATCH = 50  # accounts in one search


def current(connection, changes: list[dict]) -> dict[str, dict]:
    """{objectGUID, or the normal DN of one without: account} of the accounts that changes concern, as of reading.account_of."""
    names = {name for change in changes for name in change.attributes}
    known = schema.read(connection, names | set(reading.ALWAYS))
    guids = sorted({change.guid for change in changes if change.guid})
    found = {}
    for start in range(0, len(guids), BATCH):
        any_of = "".join(
            f"(objectGUID={lookup.hexed(guid_bytes(guid))})"
            for guid in guids[start : start + BATCH]
        )
        for account in reading.accounts(
            connection,
            connection.domain_dn,
            ldap_messages.SUBTREE,
            f"(&{reading.USERS}(|{any_of}))",
            known,
        ):
            found[account.guid] = account
    for dn in {normal(change.dn): change.dn for change in changes if not change.guid}.values():
        for account in lookup.read_at(connection, dn, known):
            found[normal(dn)] = account
    return found


def deleted(connection, changes: list[dict]) -> dict[str, str]:
    """{objectGUID: DN among the deleted objects} of the accounts that changes restore."""
    guids = sorted({change.guid for change in changes if change.action == "restore"})
    found, base = {}, f"CN=Deleted Objects,{connection.domain_dn}"
    for guid in guids:
        search_filter = f"(objectGUID={lookup.hexed(guid_bytes(guid))})"
        for dn, _raw in connection.wire.search(
            base,
            ldap_messages.SUBTREE,
            search_filter,
            ["1.1"],
            controls=ldap_messages.show_deleted(),
        ):
            found[guid] = dn
    return found


def differs(connection, change: dict, accounts: dict[str, dict], side: str) -> str | None:
    """Why the account is not as the change says, None when it is.

    accounts: of current(). side: "before", what the plan was made for, or "after", what the change has made of it.
    """
    account = accounts.get(object_of(change))
    if change.action in ("restore", "create_ou") or (
        change.action == "create" and side == "before"
    ):
        return f"{change['dn']} is there already" if account else None
    if change.action == "delete" and side == "after":
        return f"{change['dn']} is still there" if account else None
    if side == "before" and change.group and not change.guid:
        return None  # a new account's, which the plan creates
    if account is None:
        return f"{change['dn']} is not there any more"
    if change.to:
        place = change.dn if side == "before" else change.to
        return None if normal(account.dn) == normal(place) else f"it is now {account['dn']}"
    if change.group:
        member = normal(change.group) in {normal(dn) for dn in account.groups}
        right = side == "before" or member is (change.action == "group_add")
        return None if right else f"the membership of {change['group']} is not as it should be"
    for name, values in change.attributes.items():
        if name == "pwdLastSet":
            continue
        now = (
            [str(account.uac)] if name == "userAccountControl" else account.attributes.get(name, [])
        )
        if not same_values(now, values[side], connection.schema[name.lower()]):
            return f"{name} has changed since"
    return None
