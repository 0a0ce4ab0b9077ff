# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From changes to LDAP operations, and in which order. Pure.

There is order only where it is needed. The operations on one account follow one another. A value
that names an account which the same run creates, and every membership, waits until all accounts
exist. A value that names an account which the run moves or renames is written as <GUID=…>, which is
right before and after. Deletions come last, and so does a change that says so, when memberships are
settled.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..ad_values import dn as names
from ..ad_values.user_account_control import DISABLED_NORMAL_ACCOUNT
from ..data_class import field, mutable
from ..model import actions
from ..model.directory import AttributeValues
from ..model.plan import Change, ValueChanges

OBJECT_CLASS = ["top", "person", "organizationalPerson", "user"]
CHUNK = 500  # members in one operation
# Operation.kind
ADD, ADD_OU, MODIFY, RENAME = "add", "add_ou", "modify", "rename"
RESTORE, RESTORE_VALUES, DELETE = "restore", "restore_values", "delete"
PERMISSIONS = "permissions"
PASSWORD = "password"  # among the names of attributes
# Names that come back with a restored account, in lower case
RESTORED_NAMES = ("cn", "samaccountname")


@mutable
class Operation:
    """One LDAP operation."""

    kind: str
    target: str  # DN or <GUID=…>
    changes: list[int]  # indexes of the changes that it makes
    # add, modify and restore_values: values to write
    attributes: AttributeValues = field(default_factory=dict)
    random_password: bool = False  # modify and restore_values: set a new random password
    rdn: str = ""  # rename: the new RDN
    parent: str = ""  # rename: the new parent
    # rename and delete: the account is protected from accidental deletion, which is lifted for it
    lifts_protection: bool = False
    dn: str = ""  # restore: the DN where it is restored
    descriptor: bytes = b""  # permissions: a security descriptor with the new DACL
    # {attribute: normal DNs of accounts that this run creates}: they must exist first
    needs: dict[str, list[str]] = field(default_factory=dict)
    is_preparation: bool = False  # gives up a name for a while (exchanges.py)
    on_refusal: list[Operation] = field(default_factory=list)  # takes such names back


class Member(NamedTuple):
    """One membership."""

    change: int  # index of the change
    value: str  # DN or <GUID=…> of the account
    needs: str | None  # normal DN of an account that this run creates: it must exist first


class MembershipBatch(NamedTuple):
    """Memberships of one group, at most CHUNK, that one operation gives or removes."""

    group: str  # DN
    adding: bool
    members: list[Member]


class NewPlace(NamedTuple):
    """Where an account is at the end of the run."""

    rdn: str
    parent: str


@mutable
class Arrangement:
    """The operations of a plan, in the order in which the parts are made."""

    containers: list[Operation] = field(default_factory=list)
    restored: list[Operation] = field(default_factory=list)  # first: other accounts can name them
    accounts: dict[str, list[Operation]] = field(default_factory=dict)  # {object: its operations}
    references: list[Operation] = field(default_factory=list)
    memberships: list[MembershipBatch] = field(default_factory=list)
    last: list[Operation] = field(default_factory=list)


@mutable
class _Arranger:
    """The state while changes are arranged."""

    syntaxes: Mapping[str, str]  # {attribute in lower case: syntax}
    created: set[str]  # normal DNs of accounts that the plan creates
    places: dict[str, NewPlace]  # {<GUID=…>: place} of accounts that move or are renamed
    moved: dict[str, str]  # {normal DN at the end of the run: <GUID=…>}
    done: Arrangement
    members: dict[tuple[str, bool], list[Member]] = field(default_factory=dict)
    groups: dict[tuple[str, bool], str] = field(default_factory=dict)  # the DN as the plan has it

    def of_account(self, change: Change) -> list[Operation]:
        """The operations of the change's account so far."""
        return self.done.accounts.setdefault(names.object_of(change), [])

    def split(self, attributes: ValueChanges) -> tuple[AttributeValues, Operation]:
        """(values to write at once, an operation with those that need new accounts)."""
        now: AttributeValues = {}
        later = Operation(MODIFY, "", [])
        for name, values in attributes.items():
            after = list(values.after)
            if self.syntaxes.get(name.lower()) == "dn":
                normal = [names.normal(text) for text in after]
                pairs = zip(normal, after, strict=True)
                after = [self.moved.get(key, text) for key, text in pairs]
                needs = [key for key in normal if key in self.created]
                if needs:
                    later.attributes[name], later.needs[name] = after, needs
                    continue
            now[name] = after
        return now, later


def arrange(
    changes: Sequence[Change], syntaxes: Mapping[str, str], left_out: Container[int] = ()
) -> Arrangement:
    """The operations of changes. syntaxes: {attribute in lower case: syntax} of the attributes in
    them. left_out: indexes of changes that are not made.
    """
    places = _places(one for index, one in enumerate(changes) if index not in left_out)
    arranger = _Arranger(
        done=Arrangement(),
        syntaxes=syntaxes,
        created={names.normal(one.dn) for one in changes if one.action == actions.CREATE},
        places=places,
        moved={
            names.normal(f"{place.rdn},{place.parent}"): handle for handle, place in places.items()
        },
    )
    for index, change in enumerate(changes):
        if index not in left_out:
            _ARRANGE[change.action](arranger, index, change)
    done = arranger.done
    done.accounts = {name: operations for name, operations in done.accounts.items() if operations}
    for key, members in arranger.members.items():
        done.memberships += _batches(arranger.groups[key], key[1], members)
    return done


def written_later(arrangement: Arrangement) -> Iterator[tuple[int, Iterable[str]]]:
    """(index of a change, what of it is written after it): values that name new accounts, and all
    those of a restored account.
    """
    for step in arrangement.references:
        yield from ((index, step.attributes) for index in step.changes)
    for steps in arrangement.accounts.values():
        for step in steps:
            if step.kind == RESTORE_VALUES:
                yield step.changes[0], [*step.attributes, PASSWORD]


def target(change: Change) -> str:
    """The name with which the server finds the account wherever it moves; the DN of a new
    account.
    """
    return f"<GUID={change.guid}>" if change.guid else change.dn


def _places(changes: Iterable[Change]) -> dict[str, NewPlace]:
    """{<GUID=…>: place} of the accounts that move or are renamed.

    Where one account has both changes, the rename gives the RDN and the move the parent, and one
    operation makes both: after only one of them the account could be in the way of another account.
    """
    places: dict[str, NewPlace] = {}
    for change in changes:
        if change.to:
            new = NewPlace(names.rdn(change.to), names.parent(change.to))
            other = places.get(target(change))
            if other and change.action == actions.RENAME:
                new = NewPlace(new.rdn, other.parent)
            elif other:
                new = NewPlace(other.rdn, new.parent)
            places[target(change)] = new
    return places


def _create_ou(arranger: _Arranger, index: int, change: Change) -> None:
    attributes = {"objectClass": ["top", "organizationalUnit"]}
    arranger.done.containers.append(Operation(ADD_OU, change.dn, [index], attributes))


def _create(arranger: _Arranger, index: int, change: Change) -> None:
    now, later = arranger.split(change.attributes)
    now.setdefault("userAccountControl", [str(DISABLED_NORMAL_ACCOUNT)])
    attributes = _for_add(change.dn, now)
    arranger.of_account(change).append(Operation(ADD, change.dn, [index], attributes))
    _add_references(arranger, index, change, later)


def _modify(arranger: _Arranger, index: int, change: Change) -> None:
    if change.last:
        now, _later = arranger.split(change.attributes)
        arranger.done.last.append(Operation(MODIFY, target(change), [index], now))
        return
    now, later = arranger.split(change.attributes)
    if now or not later.attributes:
        operation = Operation(MODIFY, target(change), [index], now)
        operation.random_password = change.random_password
        arranger.of_account(change).append(operation)
    _add_references(arranger, index, change, later)


def _add_references(arranger: _Arranger, index: int, change: Change, later: Operation) -> None:
    if later.attributes:
        later.target, later.changes = target(change), [index]
        arranger.done.references.append(later)


def _relocate(arranger: _Arranger, index: int, change: Change) -> None:
    operations = arranger.of_account(change)
    known = next((operation for operation in operations if operation.kind == RENAME), None)
    if known:
        known.changes.append(index)
        known.lifts_protection |= change.lifts_protection
        return
    place = arranger.places[target(change)]
    operation = Operation(RENAME, target(change), [index], rdn=place.rdn, parent=place.parent)
    operation.lifts_protection = change.lifts_protection
    operations.append(operation)


def _restore(arranger: _Arranger, index: int, change: Change) -> None:
    deleted = change.deleted_dn or ""
    attributes = {
        name: values.after
        for name, values in change.attributes.items()
        if values.after and name.lower() not in RESTORED_NAMES
    }
    arranger.done.restored.append(Operation(RESTORE, deleted, [index], dn=change.dn))
    values = Operation(RESTORE_VALUES, target(change), [index], attributes, random_password=True)
    arranger.of_account(change).append(values)


def _delete(arranger: _Arranger, index: int, change: Change) -> None:
    lifts = change.lifts_protection
    arranger.done.last.append(Operation(DELETE, target(change), [index], lifts_protection=lifts))


def _membership(arranger: _Arranger, index: int, change: Change) -> None:
    group = change.group or ""
    key = (names.normal(group), change.action == actions.GROUP_ADD)
    needs = None
    if not change.guid and names.normal(change.dn) in arranger.created:
        needs = names.normal(change.dn)
    arranger.groups.setdefault(key, group)
    arranger.members.setdefault(key, []).append(Member(index, target(change), needs))


_ARRANGE: dict[str, Callable[[_Arranger, int, Change], None]] = {
    actions.CREATE_OU: _create_ou,
    actions.CREATE: _create,
    actions.RESTORE: _restore,
    actions.UPDATE: _modify,
    actions.RELINK: _modify,
    actions.TAKE_OVER: _modify,
    actions.ENABLE: _modify,
    actions.DISABLE: _modify,
    actions.MOVE: _relocate,
    actions.RENAME: _relocate,
    actions.GROUP_ADD: _membership,
    actions.GROUP_REMOVE: _membership,
    actions.DELETE: _delete,
}


def _for_add(dn: str, attributes: AttributeValues) -> AttributeValues:
    """The attributes of an AddRequest: without empty ones, and without the one in the RDN."""
    rdn = names.rdn(dn).partition("=")[0].lower()
    given = {name: values for name, values in attributes.items() if values and name.lower() != rdn}
    return {"objectClass": OBJECT_CLASS, **given}


def _batches(group: str, adding: bool, members: list[Member]) -> Iterator[MembershipBatch]:
    for start in range(0, len(members), CHUNK):
        yield MembershipBatch(group, adding, members[start : start + CHUNK])
