# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot as it would be when a plan's changes were made: what the domain controller would make of them, without one."""

from __future__ import annotations

from uuid import NAMESPACE_X500, uuid5

from ..ad_values.dn import normal, object_of, split
from ..ad_values.sid import DOMAIN_USERS_RID, FIRST_ORDINARY_RID, rid
from ..ad_values.user_account_control import DISABLED_NORMAL_ACCOUNT, is_enabled
from ..errors import HrisError

SWITCHES = frozenset(
    ("userAccountControl", "pwdLastSet")
)  # kept beside the attributes of a snapshot, or not read at all
REMEMBERED = (
    "sAMAccountName",
    "userPrincipalName",
    "mail",
    "proxyAddresses",
    "displayName",
    "mailNickname",
)


def after(snapshot: dict, changes: list[dict]) -> dict:
    """The snapshot after the changes of a plan (make_plan), which is itself left as it is. Raises HrisError for a change of an
    account that is not there.

    What the server does by itself is done here as well: values that name an account follow it when it moves, and go with it; a new
    account has an objectGUID, and Domain Users as its primary group. A deleted one keeps its names, as it does where AD has a
    recycle bin.
    """
    accounts = {account.guid: account for account in snapshot.accounts}
    containers, deleted = list(snapshot.containers), list(snapshot.deleted)
    new: dict[str, str] = {}  # normal DN of a created account: its objectGUID
    moved: dict[str, str | None] = {}  # normal DN before: DN afterwards, None for a deleted account
    next_rid = (
        max([FIRST_ORDINARY_RID, *(rid(account.sid) for account in snapshot.accounts)]) + 1
    )
    fresh: set[str] = set()  # accounts that are copies already
    written: dict[
        str, set
    ] = {}  # objectGUID: attributes that hold the names of the end of the run already

    def account_of(change: dict) -> dict:
        guid = change.guid or new.get(normal(change.dn))
        if guid not in accounts:
            raise HrisError(f"there is no account {change['dn']}", place=change.action)
        if guid not in fresh:
            fresh.add(guid)
            accounts[guid] = {**accounts[guid], "attributes": dict(accounts[guid]["attributes"])}
        return accounts[guid]

    for change in changes:
        action = change.action
        if action == "create_ou":
            containers.append(change.dn)
        elif action == "create":
            created = _created(change, snapshot.domain.sid, next_rid, accounts)
            accounts[created.guid], new[normal(change.dn)] = created, created.guid
            fresh.add(created.guid)
            written[created.guid] = set(change.attributes)
            next_rid += 1
        elif action == "delete":
            gone = account_of(change)
            del accounts[object_of(change)]
            moved[normal(gone.dn)] = None
            names = {
                name: gone.attributes[name] for name in REMEMBERED if name in gone.attributes
            }
            deleted.append({"dn": gone.dn, "attributes": names})
        elif action in ("update", "enable", "disable"):
            account = account_of(change)
            _write(account, change.attributes)
            written.setdefault(account.guid, set()).update(change.attributes)
        elif action in ("move", "rename"):
            account = account_of(change)
            moved[normal(account.dn)] = change.to
            account.dn = change.to
            account.attributes.cn = [split(change.to)[0]]
        elif action == "group_add":
            account = account_of(change)
            account.groups = [*account.groups, change.group]
        elif action == "group_remove":
            account = account_of(change)
            account.groups = [
                dn for dn in account.groups if normal(dn) != normal(change.group)
            ]
        else:
            raise HrisError(f"no plan for people has the action '{action}'", place=change.dn)
    found = list(accounts.values())
    if moved:
        found = [
            _followed(account, moved, snapshot.schema, written.get(account.guid, ()))
            for account in found
        ]
    return {**snapshot, "accounts": found, "containers": containers, "deleted": deleted}


def _created(change: dict, domain_sid: str, number: int, accounts: dict) -> dict:
    guid = str(uuid5(NAMESPACE_X500, change.dn))
    while guid in accounts:  # of somebody who was created with this DN and has another one by now
        guid = str(uuid5(NAMESPACE_X500, guid))
    account = {
        "guid": guid,
        "dn": change.dn,
        "sid": f"{domain_sid}-{number}",
        "enabled": False,
        "uac": DISABLED_NORMAL_ACCOUNT,
        "primary_group": DOMAIN_USERS_RID,
        "admin_count": False,
        "critical": False,
        "groups": [],
        "attributes": {"cn": [split(change.dn)[0]]},
    }
    _write(account, change.attributes)
    return account


def _write(account: dict, attributes: dict) -> None:
    """Write the values that a change has ({name: {"before", "after"}}) on an account that is a copy already."""
    for name, values in attributes.items():
        if name == "userAccountControl":
            account.uac = int(values.after[0])
            account.enabled = is_enabled(account.uac)
        elif name in SWITCHES:
            continue
        elif values.after:
            account.attributes[name] = values.after
        else:
            account.attributes.pop(name, None)


def _followed(account: dict, moved: dict, schema: dict, written) -> dict:
    """The account with the present names of those that it names, and without those that are gone.

    written: its attributes that were written with the names of the end of the run.
    """
    changed = {}
    for name, values in account.attributes.items():
        definition = schema.get(name.lower())
        if definition and definition.syntax == "dn":
            then = [(text, moved.get(normal(text), text)) for text in values]
            texts = [text if name in written else new for text, new in then if new]
            if texts != values:
                changed[name] = texts
    if not changed:
        return account
    attributes = {
        name: values for name, values in (account.attributes | changed).items() if values
    }
    return {**account, "attributes": attributes}
