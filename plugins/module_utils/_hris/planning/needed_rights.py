# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rights each change needs. Measured with Samba 4.17, which does as [MS-ADTS] says:

- To create an account needs one right on the container, whatever it is created with. The password
  is a part of it. Who has created it may not write it again by that.
- A rename needs to write cn and name. A move needs both as well, and to create users at the new
  place and to delete at the old one: the account, or users in the container.
- A new password needs the right "Reset Password"; to write all attributes is not enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..ad_values import rights
from ..ad_values.dn import domain_of, parent
from ..ad_values.rights import Grant, Right
from ..model import actions
from ..model.plan import Change

RENAMED = ("cn", "name")  # what a rename or move writes
MEMBER = "member"


class Need(NamedTuple):
    """What has to be allowed for a change. any_of: one of them is enough; the first is the one to
    delegate.
    """

    any_of: tuple[Grant, ...]

    @property
    def grant(self) -> Grant:
        """The right to delegate."""
        return self.any_of[0]


def needs_of(change: Change) -> Iterator[Need]:
    """Yield what one change needs."""
    yield from _NEEDS[change.action](change)


def attributes_written(changes: Sequence[Change]) -> set[str]:
    """The attributes whose definitions judge the needs of changes."""
    names = {name for change in changes for name in change.attributes}
    return {*names, *RENAMED, MEMBER}


def deletion(place: str, guid: str | None) -> Need:
    """What the deletion of an account needs, and a move away from its place. guid: None: of any
    account there.
    """
    return Need((_on_account(rights.DELETE_OBJECT, place, guid), _in(rights.DELETE_USERS, place)))


def on_accounts(right: Right, place: str, guid: str | None = None) -> Need:
    """A right on an account, or on those that are created at a place."""
    return Need((_on_account(right, place, guid),))


def in_container(right: Right, place: str) -> Need:
    """A right on a container."""
    return Need((_in(right, place),))


def on_group(group: str) -> Need:
    """What memberships of a group need."""
    return Need((Grant(rights.ON_GROUP, group, rights.write(MEMBER)),))


def _in(right: Right, place: str) -> Grant:
    return Grant(rights.ON_CONTAINER, place, right)


def _on_account(right: Right, place: str, guid: str | None) -> Grant:
    if guid is None:
        return Grant(rights.ON_NEW_ACCOUNT, place, right)
    return Grant(rights.ON_ACCOUNT, place, right, guid)


def _create_ou(change: Change) -> Iterator[Need]:
    yield in_container(rights.CREATE_OUS, parent(change.dn))


def _create(change: Change) -> Iterator[Need]:
    yield in_container(rights.CREATE_USERS, parent(change.dn))


def _values(change: Change) -> Iterator[Need]:
    place = parent(change.dn)
    for name in change.attributes:
        yield on_accounts(rights.write(name), place, change.guid)
    if change.random_password:
        yield on_accounts(rights.RESET_PASSWORDS, place, change.guid)


def _rename(change: Change) -> Iterator[Need]:
    for name in RENAMED:
        yield on_accounts(rights.write(name), parent(change.dn), change.guid)


def _move(change: Change) -> Iterator[Need]:
    yield from _rename(change)
    yield in_container(rights.CREATE_USERS, parent(change.to or change.dn))
    yield deletion(parent(change.dn), change.guid)


def _delete(change: Change) -> Iterator[Need]:
    yield deletion(parent(change.dn), change.guid)


def _membership(change: Change) -> Iterator[Need]:
    yield on_group(change.group or "")


def _restore(change: Change) -> Iterator[Need]:
    place = parent(change.dn)
    yield in_container(rights.REANIMATE, domain_of(place))
    yield in_container(rights.CREATE_USERS, place)


_NEEDS: dict[str, Callable[[Change], Iterator[Need]]] = {
    actions.CREATE_OU: _create_ou,
    actions.CREATE: _create,
    actions.RESTORE: _restore,
    actions.UPDATE: _values,
    actions.RELINK: _values,
    actions.TAKE_OVER: _values,
    actions.ENABLE: _values,
    actions.DISABLE: _values,
    actions.MOVE: _move,
    actions.RENAME: _rename,
    actions.GROUP_ADD: _membership,
    actions.GROUP_REMOVE: _membership,
    actions.DELETE: _delete,
}
