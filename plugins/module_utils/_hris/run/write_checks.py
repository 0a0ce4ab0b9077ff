# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may not be written although it was planned: asked right before the writes, of the directory
as it is then. Nothing is written without these checks (directory/writing.py asks for them).

A group can have become privileged since the plan was made, an account can have been given to
another source, key or OU, and a plan without a key can have been written by anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence

from ..ad_values.dn import is_below, normal, object_of, parse
from ..ad_values.equality import folding
from ..ad_values.protection import Protected, protected_in, protection
from ..data_class import field, frozen
from ..directory import drift
from ..directory.connection import Connection
from ..directory.reading import read_domain, read_groups
from ..model import actions
from ..model.directory import Account, AttributeDefinition, Domain
from ..model.plan import Change, Owner, Plan, PlanOwnership
from ..option_names import option_name
from ..planning.ownership import mark_of, read_mark

_RDN = frozenset(("CN", "OU", "DC", "O", "L", "C"))  # attributes in the DNs of Active Directory
Definitions = Mapping[str, "AttributeDefinition | None"]  # {attribute as plans spell it: …}
# Where an object is, or will be, after one of these
_PLACING = (actions.CREATE, actions.CREATE_OU, actions.RESTORE)


@frozen
class Allowed:
    """What changes may be about."""

    mark: str = ""  # the attribute that keeps the mark of ownership; "": nobody owns the accounts
    ownership: Mapping[str, PlanOwnership] = field(default_factory=dict)  # {source: …}
    owners: Mapping[str, Owner] = field(default_factory=dict)  # {objectGUID: …}
    bases: Sequence[str] = ()  # whatever the plan says; none: the whole domain
    protected: Sequence[str] = ()  # beside what is always protected and what the plan says

    @property
    def attributes(self) -> set[str]:
        """The attributes that say whose an account is."""
        names = {one.key for one in self.ownership.values()}
        if self.mark:
            names.add(self.mark)
        return names

    @property
    def entries(self) -> list[str]:
        """Everything that administrators protect."""
        return [
            *self.protected,
            *(text for one in self.ownership.values() for text in one.protected),
        ]


def allowed_by(plan: Plan, bases: Sequence[str] = (), protected: Sequence[str] = ()) -> Allowed:
    """What the changes of a plan may be about. bases, protected: whatever the plan says."""
    return Allowed(plan.mark, plan.ownership, plan.owners, bases, protected)


class WriteChecks:
    """The checks of some changes, which can be asked for again while they are written."""

    def __init__(
        self, connection: Connection, allowed: Allowed, names: Mapping[str, str] | None = None
    ):
        """names: {object: why one of its names may not be given}."""
        self._connection, self._allowed, self._names = connection, allowed, names or {}

    def __call__(self, changes: Sequence[Change], indexes: Sequence[int]) -> dict[int, str]:
        """{index: why it may not be written} of those changes that are written next.

        changes: all of a run, because what it has written already is right. It is one read for all.
        """
        if not indexes:
            return {}
        connection, allowed = self._connection, self._allowed
        domain = read_domain(connection)
        groups = read_groups(connection)
        protected = protected_in(groups, connection.domain_dn, allowed.entries)
        guids = {guid for index in indexes if (guid := changes[index].guid)}
        accounts = drift.accounts_with(connection, guids, allowed.attributes)
        known = frozenset(normal(group.dn) for group in groups)
        definitions = {name: connection.schema.get(name.lower()) for name in allowed.attributes}
        found = forbidden(changes, accounts, protected, domain, allowed, known, definitions)
        found = because_of_names(changes, self._names) | found
        return {index: found[index] for index in indexes if index in found}


def because_of_names(changes: Sequence[Change], names: Mapping[str, str]) -> dict[int, str]:
    """{index of a change: why a name of its account may not be given}. A lock gives no name. names:
    {object: why}.
    """
    return {
        index: names[object_of(change)]
        for index, change in enumerate(changes)
        if object_of(change) in names and change.action != actions.DISABLE
    }


def forbidden(
    changes: Sequence[Change],
    accounts: Mapping[str, Account],
    protected: Protected,
    domain: Domain,
    allowed: Allowed,
    groups: Container[str],
    definitions: Definitions,
) -> dict[int, str]:
    """{index of a change: why it may not be written}. accounts: {objectGUID: as it is now}. groups:
    normal DNs of all groups. definitions: of the attributes that say whose an account is.

    What is wrong with an account forbids all its changes; what is wrong with a group or a place,
    that change.
    """
    of_object: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        of_object[object_of(change)].append(change)
    accounts_now = {name: accounts[name] for name in of_object if name in accounts}
    about = {
        name: reason
        for name, account in accounts_now.items()
        if (
            reason := _about_account(
                account, of_object[name], protected, domain, allowed, definitions
            )
        )
    }
    restored = (change.guid for change in changes if change.action == actions.RESTORE)
    present = {*accounts_now, *restored}
    found = {}
    for index, change in enumerate(changes):
        reason = about.get(object_of(change)) or _about_change(change, protected, allowed, groups)
        if not reason and change.guid and change.guid not in present:
            reason = f"{change.dn} does not exist any more"
        if reason:
            found[index] = reason
    return found


def _about_account(
    account: Account,
    changes: Sequence[Change],
    protected: Protected,
    domain: Domain,
    allowed: Allowed,
    definitions: Definitions,
) -> str | None:
    """Why nothing of an account may be changed."""
    reason = protection(account, protected, domain)
    if reason:
        return f"the account is never changed: {reason}"
    for change in changes:
        if not _is_in_bases(account.dn, change, allowed):
            bases = option_name("ownership.bases")
            return f"it is now {account.dn}, which is not below any of {bases}"
    return _other_owner(account, changes, allowed, definitions)


def _other_owner(
    account: Account, changes: Sequence[Change], allowed: Allowed, definitions: Definitions
) -> str | None:
    """Why an account is not the one of the plan any more."""
    if not allowed.mark:
        return None
    mark = mark_of(account, allowed.mark)
    if mark and mark.locked_out not in _lock_outs(account, changes, allowed):
        return f"it is locked out since {mark.locked_out}, which was not known when it was planned"
    source = mark.source if mark else None
    if source not in _sources(account, changes, allowed):
        return f"it belongs to {_quoted(source, 'the source', 'no source')} now"
    owner = allowed.owners.get(account.guid)
    attribute = _key_attribute(changes, allowed)
    if owner is None or attribute is None:
        return None
    key = next(iter(account.attributes.get(attribute, ())), None)
    fold = _fold(definitions.get(attribute))
    if fold(key) not in {fold(owner.key), *map(fold, _written(changes, attribute))}:
        return f"it has {_quoted(key, 'the key', 'no key')} now ({attribute})"
    return None


def _lock_outs(account: Account, changes: Sequence[Change], allowed: Allowed) -> set[str | None]:
    """The lock-outs that the mark may have: none, the planned one, or what these changes write."""
    owner = allowed.owners.get(account.guid)
    found: set[str | None] = {None}
    if owner:
        found.add(owner.locked_out)
    marks = map(read_mark, _written(changes, allowed.mark))
    return found.union(mark.locked_out for mark in marks if mark)


def _sources(account: Account, changes: Sequence[Change], allowed: Allowed) -> set[str | None]:
    """The sources that the mark may have: as it was planned, or as these changes write it."""
    owner = allowed.owners.get(account.guid)
    found: set[str | None] = {None, *(change.source for change in changes)}
    if owner:
        found = {owner.source}
    for text in _written(changes, allowed.mark):
        mark = read_mark(text)
        found.add(mark.source if mark else None)
    return found


def _written(changes: Sequence[Change], attribute: str) -> Iterator[str | None]:
    """The values that changes write into an attribute with one value."""
    for change in changes:
        values = change.attributes.get(attribute)
        if values:
            yield next(iter(values.after), None)


def _fold(definition: AttributeDefinition | None) -> Callable[[str | None], str | None]:
    """The equality of keys, as accounts are matched by it."""
    fold = folding(definition) if definition else str.casefold
    return lambda text: fold(text) if text else None


def _key_attribute(changes: Sequence[Change], allowed: Allowed) -> str | None:
    names = (allowed.ownership.get(change.source or "") for change in changes)
    return next((one.key for one in names if one), None)


def _quoted(text: str | None, what: str, nothing: str) -> str:
    return f"{what} '{text}'" if text else nothing


def _about_change(
    change: Change, protected: Protected, allowed: Allowed, groups: Container[str]
) -> str | None:
    """Why one change may not be made, whatever its account is."""
    reason = _about_group(change.group, protected, groups) if change.group else None
    return reason or _about_place(change, protected, allowed)


def _about_group(group: str, protected: Protected, groups: Container[str]) -> str | None:
    name = normal(group)
    if name not in groups:
        return f"there is no group {group}"
    if name in protected.groups:
        return f"{group} is privileged or protected: nobody is added to it or removed from it"
    governed = protected.governed.get(name)
    if governed:
        return (
            f"{group} is governed by Entra ({governed}): nobody is added to it or removed from it "
            "here"
        )
    return None


def _about_place(change: Change, protected: Protected, allowed: Allowed) -> str | None:
    place = change.to
    if not place:
        if change.action not in _PLACING:
            return None
        place = change.dn
    if not _is_ordinary(place):
        return f"{place} is not a DN as the directory writes it"
    if protected.holds(place):
        return f"the container of {place} is protected: nothing is put there"
    is_ou = change.action == actions.CREATE_OU
    if not _is_in_bases(place, change, allowed, or_around=is_ou):
        return f"{place} is not below any of {option_name('ownership.bases')}"
    return None


def _is_ordinary(dn: str) -> bool:
    """Whether a DN is spelled as the directory spells it: one with OIDs, or in the form <GUID=…>,
    would name a protected place in a way that is not recognised.
    """
    return not dn.startswith("<") and all(name.upper() in _RDN for name, _value in parse(dn))


def _is_in_bases(dn: str, change: Change, allowed: Allowed, or_around: bool = False) -> bool:
    """Whether a DN is where the source of a change may change something. or_around: also an OU in
    which a base is.
    """
    together = [allowed.bases]
    own = allowed.ownership.get(change.source or "")
    if own:
        together.append(own.bases)
    return all(
        not bases
        or any(is_below(dn, base) or (or_around and is_below(dn=base, base=dn)) for base in bases)
        for bases in together
    )
