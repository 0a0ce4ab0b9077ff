# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift: whether accounts still are as a plan says, or have become so."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from ..ad_values.binary_ids import guid_bytes
from ..ad_values.dn import normal, object_of
from ..ad_values.equality import same_values
from ..model import actions
from ..model.directory import Account
from ..model.plan import Change
from . import ldap_messages, lookup, reading, schema
from .connection import Connection
from .filters import escape_bytes

BATCH = 100  # accounts in one search
BEFORE, AFTER = "before", "after"  # a change is compared with the directory before or after it
NOT_COMPARED = "pwdLastSet"  # the server changes it by itself
CREATED_BY_CHANGE = (actions.RESTORE, actions.CREATE_OU)

Accounts = Mapping[str, Account]  # {objectGUID, or the normal DN of one without: account}


def current_accounts(
    connection: Connection, changes: Sequence[Change], also: Iterable[str] = ()
) -> dict[str, Account]:
    """The accounts that changes concern, as they are now. also: further attributes to read."""
    names = {name for change in changes for name in change.attributes}.union(also)
    found = accounts_with(connection, {change.guid for change in changes if change.guid}, names)
    known = schema.read(connection, names | set(reading.ALWAYS))
    dns = {normal(change.dn): change.dn for change in changes if not change.guid}
    for dn in dns.values():
        for account in lookup.read_at(connection, dn, known):
            found[normal(dn)] = account
    return found


def accounts_with(
    connection: Connection, guids: Iterable[str], names: Iterable[str]
) -> dict[str, Account]:
    """{objectGUID: the account as it is now}, with these attributes. It is one search for many."""
    known = schema.read(connection, {*names, *reading.ALWAYS})
    wanted = sorted(guids)
    found: dict[str, Account] = {}
    for start in range(0, len(wanted), BATCH):
        conditions = "".join(map(guid_condition, wanted[start : start + BATCH]))
        search_filter = f"(&{reading.USERS}(|{conditions}))"
        for account in reading.read_accounts(
            connection, connection.domain_dn, ldap_messages.SUBTREE, search_filter, known
        ):
            found[account.guid] = account
    return found


def deleted_dns(connection: Connection, changes: Iterable[Change]) -> dict[str, str]:
    """{objectGUID: DN among the deleted objects} of the accounts that changes restore."""
    guids = {change.guid for change in changes if change.action == actions.RESTORE and change.guid}
    found = {}
    for guid in sorted(guids):
        entries = connection.stream.search(
            reading.deleted_objects(connection),
            ldap_messages.SUBTREE,
            guid_condition(guid),
            ["1.1"],
            controls=ldap_messages.show_deleted(),
        )
        for dn, _raw in entries:
            found[guid] = dn
    return found


def guid_condition(guid: str) -> str:
    """The part of a filter that finds one object."""
    return f"(objectGUID={escape_bytes(guid_bytes(guid))})"


def difference(
    connection: Connection,
    change: Change,
    accounts: Accounts,
    side: str,
    restored: Container[str | None] = (),
) -> str | None:
    """Why an account is not as a change says, None when it is.

    accounts: of current_accounts. side: BEFORE, what the plan was made for, or AFTER, what the
    change made of it. restored: objectGUIDs of the accounts that the plan restores.
    """
    account = accounts.get(object_of(change))
    creates = change.action in CREATED_BY_CHANGE
    if creates or (change.action == actions.CREATE and side == BEFORE):
        return f"{change.dn} exists already" if account else None
    if change.action == actions.DELETE and side == AFTER:
        return f"{change.dn} still exists" if account else None
    if side == BEFORE and change.group and (not change.guid or change.guid in restored):
        return None  # the membership of an account that the plan creates or restores
    if account is None:
        return f"{change.dn} does not exist any more"
    if change.to:
        place = change.dn if side == BEFORE else change.to
        return None if normal(account.dn) == normal(place) else f"it is now {account.dn}"
    if change.group:
        return _membership_difference(change, account, side)
    return _value_difference(connection, change, account, side)


def _membership_difference(change: Change, account: Account, side: str) -> str | None:
    is_member = normal(change.group or "") in {normal(dn) for dn in account.groups}
    if side == BEFORE or is_member is (change.action == actions.GROUP_ADD):
        return None
    return f"the membership of {change.group} is not as the change says"


def _value_difference(
    connection: Connection, change: Change, account: Account, side: str
) -> str | None:
    for name, values in change.attributes.items():
        if name == NOT_COMPARED:
            continue
        now = account.attributes.get(name, [])
        if name == "userAccountControl":
            now = [str(account.uac)]
        expected = values.before if side == BEFORE else values.after
        definition = connection.schema[name.lower()]
        if definition is None or not same_values(now, expected, definition):
            return f"{name} has changed since"
    return None
