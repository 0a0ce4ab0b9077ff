# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated application of a plan: the directory after the changes, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import NAMESPACE_X500, uuid5

from ..ad_values.dn import normal, split
from ..ad_values.sid import DOMAIN_USERS_RID, FIRST_ORDINARY_RID, rid
from ..ad_values.user_account_control import DISABLED_NORMAL_ACCOUNT, is_enabled
from ..data_class import field, mutable
from ..errors import HrisError
from ..model import actions
from ..model.directory import Account, NamedObject, Snapshot
from ..model.plan import Change, ValueChanges

# Attributes that a snapshot keeps elsewhere, or does not have
NOT_KEPT = ("userAccountControl", "pwdLastSet")
# The names that a deleted object keeps
REMEMBERED = (
    "sAMAccountName",
    "userPrincipalName",
    "mail",
    "proxyAddresses",
    "displayName",
    "mailNickname",
)


@mutable
class _State:
    """The directory while changes are applied."""

    snapshot: Snapshot
    accounts: dict[str, Account]  # {objectGUID: account}
    containers: list[str]
    deleted: list[NamedObject]
    next_rid: int
    created: dict[str, str] = field(default_factory=dict)  # {normal DN: objectGUID}
    # {normal DN before: DN afterwards, None for a deleted account}
    moved: dict[str, str | None] = field(default_factory=dict)
    copied: set[str] = field(default_factory=set)  # objectGUIDs of accounts that are copies
    # {objectGUID: attributes that were written with the DNs of the end of the run}
    written: dict[str, set[str]] = field(default_factory=dict)

    def account_of(self, change: Change) -> Account:
        """The account of a change, as a copy that can be changed."""
        guid = change.guid or self.created.get(normal(change.dn), "")
        if guid not in self.accounts:
            raise HrisError(f"there is no account {change.dn}", place=change.action)
        if guid not in self.copied:
            self.copied.add(guid)
            account = self.accounts[guid]
            self.accounts[guid] = replace(account, attributes=dict(account.attributes))
        return self.accounts[guid]


def apply_simulated(snapshot: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """The snapshot after the changes of a plan; the given one stays as it is.

    What the server does by itself is done here as well: values that name an account follow it when
    it moves, and are removed with it. A new account has an objectGUID, and Domain Users as its
    primary group. A deleted account keeps its names, as in a directory with a recycle bin.
    Raises HrisError for a change of an account that does not exist.
    """
    highest = max((rid(account.sid) for account in snapshot.accounts), default=0)
    state = _State(
        snapshot,
        {account.guid: account for account in snapshot.accounts},
        list(snapshot.containers),
        list(snapshot.deleted),
        next_rid=max(FIRST_ORDINARY_RID, highest) + 1,
    )
    for change in changes:
        apply = _APPLY.get(change.action)
        if apply is None:
            raise HrisError(f"no plan for people has the action '{change.action}'", change.dn)
        apply(state, change)
    accounts = list(state.accounts.values())
    if state.moved:
        accounts = [_with_current_references(account, state) for account in accounts]
    return replace(snapshot, accounts=accounts, containers=state.containers, deleted=state.deleted)


def _create_ou(state: _State, change: Change) -> None:
    state.containers.append(change.dn)


def _create(state: _State, change: Change) -> None:
    guid = str(uuid5(NAMESPACE_X500, change.dn))
    while guid in state.accounts:  # of an account that was created with this DN and renamed
        guid = str(uuid5(NAMESPACE_X500, guid))
    account = Account(
        guid=guid,
        dn=change.dn,
        sid=f"{state.snapshot.domain.sid}-{state.next_rid}",
        enabled=False,
        uac=DISABLED_NORMAL_ACCOUNT,
        primary_group=DOMAIN_USERS_RID,
        admin_count=False,
        critical=False,
        groups=[],
        attributes={"cn": [split(change.dn)[0]]},
    )
    _write(account, change.attributes)
    state.next_rid += 1
    state.accounts[guid] = account
    state.created[normal(change.dn)] = guid
    state.copied.add(guid)
    state.written[guid] = set(change.attributes)


def _delete(state: _State, change: Change) -> None:
    account = state.account_of(change)
    del state.accounts[account.guid]
    state.moved[normal(account.dn)] = None
    attributes = account.attributes
    names = {name: attributes[name] for name in REMEMBERED if name in attributes}
    state.deleted.append(NamedObject(account.dn, names))


def _modify(state: _State, change: Change) -> None:
    account = state.account_of(change)
    _write(account, change.attributes)
    state.written.setdefault(account.guid, set()).update(change.attributes)


def _relocate(state: _State, change: Change) -> None:
    account = state.account_of(change)
    dn = change.to or account.dn
    state.moved[normal(account.dn)] = dn
    account.dn = dn
    account.attributes["cn"] = [split(dn)[0]]


def _add_group(state: _State, change: Change) -> None:
    account = state.account_of(change)
    account.groups = [*account.groups, change.group or ""]


def _remove_group(state: _State, change: Change) -> None:
    account = state.account_of(change)
    group = normal(change.group or "")
    account.groups = [dn for dn in account.groups if normal(dn) != group]


_APPLY: Mapping[str, Callable[[_State, Change], None]] = {
    actions.CREATE_OU: _create_ou,
    actions.CREATE: _create,
    actions.UPDATE: _modify,
    actions.RELINK: _modify,
    actions.TAKE_OVER: _modify,
    actions.ENABLE: _modify,
    actions.DISABLE: _modify,
    actions.MOVE: _relocate,
    actions.RENAME: _relocate,
    actions.GROUP_ADD: _add_group,
    actions.GROUP_REMOVE: _remove_group,
    actions.DELETE: _delete,
}


def _write(account: Account, attributes: ValueChanges) -> None:
    """Write the values of a change on an account that is a copy."""
    for name, values in attributes.items():
        if name == "userAccountControl":
            account.uac = int(values.after[0])
            account.enabled = is_enabled(account.uac)
        elif name in NOT_KEPT:
            continue
        elif values.after:
            account.attributes[name] = values.after
        else:
            account.attributes.pop(name, None)


def _with_current_references(account: Account, state: _State) -> Account:
    """The account with the present DNs of the accounts that it names; deleted ones are left out."""
    written = state.written.get(account.guid, ())
    attributes = dict(account.attributes)
    for name, values in account.attributes.items():
        definition = state.snapshot.schema.get(name.lower())
        if definition is None or definition.syntax != "dn":
            continue
        texts = []
        for text in values:
            current = state.moved.get(normal(text), text)
            if current:
                texts.append(text if name in written else current)
        if texts:
            attributes[name] = texts
        else:
            del attributes[name]
    if attributes == account.attributes:
        return account
    return replace(account, attributes=attributes)
