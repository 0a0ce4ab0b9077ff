# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which groups one user joins and leaves: the option `groups` of module user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..ad_values.dn import normal
from ..ad_values.sid import BUILTIN_DOMAIN, DOMAIN_USERS_RID
from ..data_class import frozen
from ..errors import HrisError
from ..model.directory import Account
from ..option_names import option_name
from . import lookup
from .connection import Connection
from .lookup import GroupName


@frozen
class GroupOptions:
    """The option `groups`: names of groups in any form of identities."""

    add: Sequence[str] = ()
    remove: Sequence[str] = ()
    set: Sequence[str] | None = None  # None: other groups are kept

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str] | None] | None) -> GroupOptions:
        """The options as the module gets them; None: the option is not set."""
        if not params:
            return cls()
        return cls(params.get("add") or (), params.get("remove") or (), params.get("set"))


@frozen
class MembershipChanges:
    """DNs of groups, each once."""

    join: list[str]
    leave: list[str]


def membership_changes(
    connection: Connection, options: GroupOptions, account: Account | None
) -> MembershipChanges:
    """The groups that a user joins and leaves.

    account: None for a new user. The primary group counts as a membership, although memberOf does
    not show it. Raises HrisError for an unknown group, and for leaving the primary group.
    """
    add = _groups(connection, options.add, option_name("groups.add"))
    remove = _groups(connection, options.remove, option_name("groups.remove"))
    wanted = _groups(connection, options.set or (), option_name("groups.set"))
    current = {}
    if account:
        current = {normal(dn): dn for dn in account.groups}
    join = {
        normal(group.dn): group.dn
        for group in (*add, *wanted)
        if normal(group.dn) not in current and not _is_primary(group, account)
    }
    for group in remove:
        if _is_primary(group, account):
            raise HrisError(
                f"'{group.dn}' is the primary group of the user, which a user cannot leave",
                place=option_name("groups.remove"),
                hint="Make another group the primary one first (attribute primaryGroupID)",
            )
    leave = {normal(group.dn): group.dn for group in remove if normal(group.dn) in current}
    if options.set is not None:
        kept = {normal(group.dn) for group in wanted}
        leave |= {key: dn for key, dn in current.items() if key not in kept}
    added = {normal(group.dn) for group in add}
    removed = {normal(group.dn) for group in remove}
    contradictory = (join.keys() & leave.keys()) | (added & removed)
    if contradictory:
        raise HrisError(
            f"the user would both join and leave '{min(contradictory)}'",
            place=option_name("groups"),
            hint="Name the group once",
        )
    return MembershipChanges(list(join.values()), list(leave.values()))


def _groups(connection: Connection, identities: Sequence[str], place: str) -> list[GroupName]:
    return [lookup.find_group(connection, identity, place) for identity in identities]


def _is_primary(group: GroupName, account: Account | None) -> bool:
    """Whether a group is the user's primary one: the domain's SID and primaryGroupID."""
    domain, _hyphen, rid = group.sid.rpartition("-")
    if domain == BUILTIN_DOMAIN:
        return False
    if account is None:
        return rid == str(DOMAIN_USERS_RID)
    return domain == account.sid.rpartition("-")[0] and rid == str(account.primary_group)
