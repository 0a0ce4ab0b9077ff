# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of module user to changes: what creates one user, or brings it in line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..ad_values import attribute_checks
from ..ad_values import dn as names
from ..ad_values.texts import CN_MAX, has_hidden, units
from ..ad_values.user_account_control import NORMAL_ACCOUNT, with_enabled
from ..data_class import frozen
from ..errors import HrisError
from ..model import actions
from ..model.directory import Account, AttributeDefinition
from ..model.plan import Change, ValueChange, ValueChanges
from ..option_names import option_name
from . import identities, lookup, schema
from .connection import Connection
from .membership import GroupOptions, membership_changes
from .user_attributes import DesiredValues

Desired = Mapping[str, DesiredValues]  # user_attributes.desired_values
_REASON = "hris.ad.user"  # Change.reason
_LOGON_NAME, _UAC = "sAMAccountName", "userAccountControl"
_ATTRIBUTE_OF_FORM = {identities.UPN: "userPrincipalName", identities.LOGON_NAME: _LOGON_NAME}


@frozen
class UserOptions:
    """The options of module user, but for those that user_attributes reads."""

    identity: str | None
    identity_attribute: str | None
    sam_account_name: str | None
    upn: str | None
    name: str | None  # cn
    path: str | None  # DN of the parent
    enabled: bool | None
    groups: GroupOptions

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> UserOptions:
        """The options as the module gets them."""
        return cls(
            identity=params["identity"],
            identity_attribute=params["identity_attribute"],
            sam_account_name=params["sam_account_name"],
            upn=params["upn"],
            name=params["name"],
            path=params["path"],
            enabled=params["enabled"],
            groups=GroupOptions.from_params(params["groups"]),
        )

    @property
    def named_by(self) -> tuple[str, str, str | None]:
        """(the identity that counts, the option that has it, its attribute)."""
        if self.identity:
            return self.identity, "identity", self.identity_attribute
        if self.sam_account_name:
            return self.sam_account_name, "sam_account_name", _LOGON_NAME
        return self.upn or "", "upn", None

    @property
    def identity_dn(self) -> str | None:
        """The identity, when it is a DN."""
        if not self.identity or self.identity_attribute:
            return None
        identity = identities.parse(self.identity)
        if identity.form != identities.DN:
            return None
        return identity.value


def find_user(
    connection: Connection, options: UserOptions, definitions: Mapping[str, AttributeDefinition]
) -> Account | None:
    """The user that the options mean, by the first of identity, sam_account_name and upn.

    A user that identity names by a DN is also found where name and path put it.
    """
    identity, place, attribute = options.named_by
    found = lookup.find_accounts(connection, identity, definitions, attribute)
    if not found and options.identity_dn:
        found = lookup.read_at(connection, _target_dn(options, options.identity_dn), definitions)
    return lookup.only_one(found, identity, place)


def no_user(options: UserOptions) -> HrisError:
    """The error for a user that should exist."""
    identity, place, attribute = options.named_by
    with_attribute = f" with {attribute}" if options.identity_attribute else ""
    return HrisError(
        f"there is no user{with_attribute} '{identity}'",
        place=place,
        hint="Correct it, or set state to present to create the user",
    )


def deletion(account: Account) -> list[Change]:
    """The change that deletes a user."""
    return [_change(actions.DELETE, account)]


def with_password(account: Account, changes: list[Change]) -> list[Change]:
    """The changes of an existing user after another one that gives it another password. It is one
    of its own, because values that are refused together are written one by one.
    """
    first = _change(actions.UPDATE, account)
    first.random_password = True
    return [first, *changes]


def creation(connection: Connection, options: UserOptions, desired: Desired) -> list[Change]:
    """The changes that create a user. Raises HrisError when the options do not say enough."""
    attributes = _identifying_attribute(connection, options)
    for name, values in desired.items():
        after = values.after([])
        values.check(after)
        attributes[name] = ValueChange([], after)
    logon_name = attributes.get(_LOGON_NAME)
    if not logon_name or not logon_name.after:
        raise HrisError(
            "a new user needs a logon name", place="sam_account_name", hint="Set sam_account_name"
        )
    uac = _initial_uac(attributes.pop(_UAC, None), options.enabled)
    attributes[_UAC] = ValueChange([], [str(uac)])
    dn = _new_dn(connection, options, logon_name.after[0])
    given = {name: values for name, values in attributes.items() if values.after}
    change = Change(actions.CREATE, None, None, None, dn, _REASON, attributes=given)
    return [change, *_group_changes(connection, options, change, None)]


def modification(
    connection: Connection, options: UserOptions, account: Account, desired: Desired
) -> list[Change]:
    """The changes that bring an existing user in line with the options."""
    changes = _updates(account, desired)
    if options.enabled is not None and options.enabled != account.enabled:
        changes.append(_access_change(account, options.enabled))
    changes += _relocation(connection, options, account)
    return changes + _group_changes(connection, options, account, account)


def _identifying_attribute(connection: Connection, options: UserOptions) -> ValueChanges:
    """The attribute that a new user gets from the option identity."""
    if not options.identity:
        return {}
    name, value = options.identity_attribute, options.identity
    if not name:
        identity = identities.parse(options.identity)
        if identity.form in (identities.GUID, identities.SID):
            raise HrisError(
                f"there is no user '{options.identity}'",
                place=option_name("identity"),
                hint="A new user cannot be given an objectGUID or SID",
            )
        name, value = _ATTRIBUTE_OF_FORM.get(identity.form), identity.value
    if not name:
        return {}  # a DN
    definition = schema.read_one(connection, name, "identity_attribute")
    attribute_checks.check_texts([value], definition, "identity")
    return {definition.name: ValueChange([], [value])}


def _initial_uac(given: ValueChange | None, enabled: bool | None) -> int:
    """userAccountControl of a new user."""
    uac = NORMAL_ACCOUNT
    if given and given.after:
        uac = int(given.after[0])
    if enabled is False:
        uac = with_enabled(uac, False)
    return uac


def _new_dn(connection: Connection, options: UserOptions, logon_name: str) -> str:
    """The DN of a new user, below a parent as the server writes it."""
    current = options.identity_dn
    if not current:
        parent = options.path or lookup.users_container(connection)
        current = f"CN={names.escape_value(logon_name)},{parent}"
    dn = _target_dn(options, current)
    parent = lookup.existing_dn(connection, names.parent(dn), "path")
    return f"{names.rdn(dn)},{parent}"


def _target_dn(options: UserOptions, current: str) -> str:
    """The DN that name and path ask for; what they leave open is as in the current one."""
    rdn = names.rdn(current)
    if options.name:
        rdn = f"CN={names.escape_value(options.name)}"
    name = names.parse(rdn)[0][1]
    if units(name) > CN_MAX:
        raise HrisError(
            f"a common name has at most {CN_MAX} characters",
            place=option_name("name"),
            hint="Shorten it",
        )
    if has_hidden(name):
        raise HrisError(
            "the common name has a line break, or another character that is not seen",
            place="name" if options.name else "identity",
            hint="Leave it out",
        )
    return f"{rdn},{options.path or names.parent(current)}"


def _updates(account: Account, desired: Desired) -> list[Change]:
    """The change of the attributes that differ, in a list; [] when none does."""
    before_of = {name.lower(): values for name, values in account.attributes.items()}
    differences = {}
    for name, values in desired.items():
        before = before_of.get(name.lower(), [])
        after = values.after(before)
        if after != before:
            values.check(after)
            differences[name] = ValueChange(before, after)
    if not differences:
        return []
    change = _change(actions.UPDATE, account)
    change.attributes = differences
    return [change]


def _access_change(account: Account, enabled: bool) -> Change:
    """The change that enables or disables a user."""
    action = actions.DISABLE
    if enabled:
        action = actions.ENABLE
    uac = with_enabled(account.uac, enabled)
    change = _change(action, account)
    change.attributes = {_UAC: ValueChange([str(account.uac)], [str(uac)])}
    return change


def _relocation(connection: Connection, options: UserOptions, account: Account) -> list[Change]:
    """A rename, a move, both or neither."""
    dn = _target_dn(options, account.dn)
    needed = []
    if names.parse(dn)[0][1] != names.parse(account.dn)[0][1]:
        needed.append(actions.RENAME)
    if names.normal(names.parent(dn)) != names.normal(names.parent(account.dn)):
        lookup.existing_dn(connection, names.parent(dn), "path")
        needed.append(actions.MOVE)
    changes = [_change(action, account) for action in needed]
    for change in changes:
        change.to = dn
    return changes


def _group_changes(
    connection: Connection, options: UserOptions, user: Account | Change, account: Account | None
) -> list[Change]:
    """The membership changes. user: the account, or the change that creates it."""
    memberships = membership_changes(connection, options.groups, account)
    steps = [(actions.GROUP_ADD, dn) for dn in memberships.join]
    steps += [(actions.GROUP_REMOVE, dn) for dn in memberships.leave]
    return [
        Change(action, None, None, user.guid, user.dn, _REASON, group=group)
        for action, group in steps
    ]


def _change(action: str, account: Account) -> Change:
    return Change(action, None, None, account.guid, account.dn, _REASON)
