# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that are taken: by whom in the directory, and by people of this run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..ad_values.unique_names import (
    ADDRESSES,
    DN,
    KEPT_FOR_GOOD,
    LOGON_ADDRESS,
    LOGON_NAME,
    REFUSED_TWICE,
    comparable,
    comparable_dn,
    space_of,
)
from ..model.directory import AttributeValues, Snapshot
from ..model.names_ledger import Owners
from .former_names import FormerNames


class HandedOn(NamedTuple):
    """A name that one account gives up and another one takes in the same run."""

    space: str
    value: str
    giver: str  # the DN of the account before the run
    taker: str  # the same, or the DN of a new account


class NotFree(NamedTuple):
    """Why somebody cannot have a name."""

    words: str  # which follow the name
    is_former: bool = False  # whether nobody in the directory has it (FormerNames)


class TakenNames:
    """Every name that is taken, in lower case as Active Directory compares names.

    An owner is the DN of an object before the run, or that of a new account. The directory is
    searched for names when the first one is asked for: many runs give no name.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        attributes: Iterable[str],
        reserved: frozenset[str] = frozenset(),
        former: FormerNames | None = None,
    ):
        """attributes: those that must be unique. reserved: names in lower case that nobody gets.
        former: names that may not be given although nobody has them.
        """
        self.reserved = reserved
        self.former = former
        self._present = _Present(snapshot, attributes)
        self._claimed: dict[tuple[str, str], str] = {}
        self._released: set[tuple[str, str, str]] = set()
        self.handed_on: list[HandedOn] = []

    def fork(self) -> TakenNames:
        """The same names; what is taken there is not taken here."""
        other = TakenNames.__new__(TakenNames)
        other.reserved, other.former, other._present = self.reserved, self.former, self._present
        other._claimed, other._released = dict(self._claimed), set(self._released)
        other.handed_on = list(self.handed_on)
        return other

    def why_not(
        self, attribute: str, value: str, owner: str | None, person: Owners
    ) -> NotFree | None:
        """Why somebody cannot have a value; None where nobody else has it, and no deleted account,
        which can be restored. An owner can wait for what another account gives up in this run.
        person: who asks, as the names ledger knows people.
        """
        space, text = space_of(attribute), comparable(value)
        holder = self._holder_in(space, text, owner)
        if holder is not None:
            return NotFree(f"belongs to {holder}")
        reason = self.former_reason(attribute, value, person)
        if reason:
            return NotFree(reason, True)
        if self._present.was_of_deleted(space, text) and not self.is_own(attribute, value, person):
            return NotFree("belongs to an account that was deleted, and can be restored")
        return None

    def former_reason(self, attribute: str, value: str, person: Owners) -> str | None:
        """Why a value that nobody has may not be given, as words that follow it; None where it
        may.
        """
        if self.former is None:
            return None
        return self.former.why_not(space_of(attribute), comparable(value), person)

    def is_own(self, attribute: str, value: str, person: Owners) -> bool:
        """Whether the names ledger says that a value belongs to a person."""
        former = self.former
        if not person or former is None:
            return False
        return former.is_own(space_of(attribute), comparable(value), person)

    def had_names(self, person: Owners) -> bool:
        """Whether a person had a name before, as far as the names ledger knows."""
        return bool(person) and self.former is not None and self.former.had_names(person)

    def is_free_dn(self, dn: str, owner: str | None = None) -> bool:
        """Whether no other object has this DN. An owner can wait, as in why_not."""
        return self._holder(DN, comparable_dn(dn), owner) is None

    def holder(self, attribute: str, value: str, owner: str | None = None) -> str | None:
        """Who has this value beside the owner, None when nobody has. An owner can wait, as in
        why_not.
        """
        return self._holder_in(space_of(attribute), comparable(value), owner)

    def _holder_in(self, space: str, text: str, owner: str | None) -> str | None:
        found = self._holder(space, text, owner)
        domain = self._present.domain
        # An account can log on with its logon name at the domain, whatever its userPrincipalName
        # is; Samba refuses another one that says the same (measured)
        if found is None and space == LOGON_NAME:
            return self._holder(LOGON_ADDRESS, f"{text}@{domain}", owner)
        if found is None and space == LOGON_ADDRESS and text.endswith(f"@{domain}"):
            return self._holder(LOGON_NAME, text[: -len(domain) - 1], owner)
        return found

    def _holder(self, space: str, text: str, owner: str | None) -> str | None:
        claimed = self._claimed.get((space, text))
        if claimed is not None and claimed != owner:
            return claimed
        for one in self._present.owners(space, text):
            if one != owner and (owner is None or (space, text, one) not in self._released):
                return one
        return None

    def release(self, owner: str, attribute: str, values: Iterable[str]) -> None:
        """Note what an account probably gives up in this run. A names ledger keeps its names."""
        space = space_of(attribute)
        if self.former and self.former.has_ledger and space in KEPT_FOR_GOOD.values():
            return
        self._released.update((space, comparable(value), owner) for value in values)

    def release_dn(self, owner: str) -> None:
        """As release, for the DN."""
        self._released.add((DN, comparable_dn(owner), owner))

    def keep(self, given_up: Iterable[HandedOn]) -> None:
        """Take back what accounts do not give up after all."""
        self._released.difference_update((one.space, one.value, one.giver) for one in given_up)

    def claim(self, names: Mapping[str, str], dn: str | None, owner: str | None = None) -> None:
        """Take the names and the DN. owner: None for a new account, which has this DN."""
        taker = owner or dn or ""
        if dn:
            self._claim(DN, comparable_dn(dn), taker)
        for attribute, value in names.items():
            self._claim(space_of(attribute), comparable(value), taker)

    def claim_values(self, attribute: str, values: Iterable[str], owner: str) -> None:
        """Take values of an attribute."""
        for value in values:
            self._claim(space_of(attribute), comparable(value), owner)

    def _claim(self, space: str, text: str, taker: str) -> None:
        self._claimed[space, text] = taker
        self.handed_on += [
            HandedOn(space, text, giver, taker)
            for giver in self._present.owners(space, text)
            if giver != taker and (space, text, giver) in self._released
        ]


class _Present:
    """The names in the directory before the run."""

    def __init__(self, snapshot: Snapshot, attributes: Iterable[str]):
        self._snapshot = snapshot
        self._attributes = frozenset((*map(str.casefold, attributes), *ADDRESSES, *REFUSED_TWICE))
        self.domain = snapshot.domain.name.casefold()

    def owners(self, space: str, text: str) -> Sequence[str]:
        """The DNs of the objects that have a value."""
        return self._names.get(space, _NONE).get(text, ())

    def was_of_deleted(self, space: str, text: str) -> bool:
        """Whether a deleted account had a value."""
        return text in self._deleted.get(space, _NONE)

    @cached_property
    def _names(self) -> _Owners:
        snapshot = self._snapshot
        found = self._values(self._objects())
        for group in snapshot.groups:  # their logon names are taken for users as well (measured)
            _add(found[LOGON_NAME], comparable(group.name), group.dn)
        dns = [*snapshot.containers, *(dn for dn, _attributes in self._objects())]
        found[DN] = {}
        for dn in dns:
            _add(found[DN], comparable_dn(dn), dn)
        return found

    @cached_property
    def _deleted(self) -> _Owners:
        return self._values((one.dn, one.attributes) for one in self._snapshot.deleted)

    def _values(self, objects: Iterable[tuple[str, AttributeValues]]) -> _Owners:
        found: _Owners = {space_of(name): {} for name in self._attributes}
        spaces = {name: found[space_of(name)] for name in self._attributes}
        spelled: dict[str, dict[str, tuple[str, ...]] | None] = {}
        for dn, attributes in objects:
            for name, values in attributes.items():
                if name not in spelled:
                    spelled[name] = spaces.get(name.casefold())
                space = spelled[name]
                if space is not None:
                    for value in values:
                        _add(space, comparable(value), dn)
        return found

    def _objects(self) -> Iterator[tuple[str, AttributeValues]]:
        snapshot = self._snapshot
        yield from ((account.dn, account.attributes) for account in snapshot.accounts)
        yield from ((group.dn, group.attributes) for group in snapshot.groups)
        yield from ((contact.dn, contact.attributes) for contact in snapshot.contacts)


_Owners = dict[str, dict[str, tuple[str, ...]]]  # {name space: {value: DNs}}
_NONE: Mapping[str, tuple[str, ...]] = {}


def _add(space: dict[str, tuple[str, ...]], text: str, dn: str) -> None:
    known = space.get(text)
    if known is None:
        space[text] = (dn,)
    elif dn not in known:
        space[text] = (*known, dn)
