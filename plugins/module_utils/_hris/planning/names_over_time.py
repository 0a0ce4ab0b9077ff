# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names ledger over time: what a run notes in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..ad_values.dn import object_of
from ..ad_values.unique_names import KEPT_FOR_GOOD, UniqueName, names_given, names_given_up
from ..model.names_ledger import NOBODY, GivenName, NamesLedger, Owners, are_same
from ..model.plan import Change, Plan
from .former_names import FormerNames
from .handed_on import Decided
from .present_names import PresentNames


def note_present(ledger: NamesLedger, present: PresentNames, day: str) -> None:
    """Note who has which names now, and which ones nobody has any more. day: ISO 8601.

    A name that was reserved, and that nobody has on a later day, was never given.
    """
    names = ledger.names
    for name, owners in present.held.items():
        known = names.get(name)
        if known is None or not are_same(known.owners, owners):
            names[name] = GivenName(owners)
        elif known.day or not owners <= known.owners:
            names[name] = GivenName(known.owners | owners)
    for name, owners in present.deleted.items():
        if name not in names:
            names[name] = GivenName(owners, day)
    for name in list(names.keys() - present.held.keys()):
        known = names[name]
        if known.is_reserved and known.day < day:
            del names[name]
        elif not known.day:
            names[name] = GivenName(known.owners, day)


class _ChangeOwners:
    """Who the accounts of a plan belong to, as the names ledger knows owners."""

    def __init__(self, plan: Plan, ledger: NamesLedger | None):
        self._plan, self._hashes = plan, ledger.hashes if ledger else None

    def of(self, change: Change) -> Owners:
        """The owner of the account of a change; nobody without a ledger."""
        if self._hashes is None:
            return NOBODY
        people = (self._hashes.person(*one) for one in self._people(change))
        account = [self._hashes.account(change.guid)] if change.guid else []
        return frozenset((*people, *account))

    def _people(self, change: Change) -> Iterator[tuple[str, str]]:
        """The source and key of each record of the person, as far as the plan has them."""
        owner = self._plan.owners.get(change.guid or "")
        if owner and owner.source and owner.key:
            yield owner.source, owner.key
        if change.source and change.key:
            yield change.source, change.key
            others = self._plan.other_keys.get(f"{change.source}:{change.key}", ())
            yield from ((source, key) for source, key in others)


def other_keys(changes: Iterable[Change], decided: Iterable[Decided]) -> dict[str, list[list[str]]]:
    """{source:key: the source and key of the other records} of the people who get a name: each of
    them may be the owner of a former one.
    """
    giving = {(change.source, change.key) for change in changes if names_given(change)}
    people = (one.person for one in decided if (one.person.source, one.person.key) in giving)
    return {
        f"{person.source}:{person.key}": [list(one) for one in person.ids[1:]]
        for person in people
        if len(person.ids) > 1
    }


def refused_names(plan: Plan, changes: Iterable[Change], former: FormerNames) -> Mapping[str, str]:
    """{object: why one of its names may not be given} of changes of a plan."""
    owners_of = _ChangeOwners(plan, former.ledger).of
    refused: dict[str, str] = {}
    for change in changes:
        for name in sorted(names_given(change), key=_order):
            reason = former.why_not(name.space, name.value, owners_of(change))
            if reason:
                refused.setdefault(object_of(change), f"the name '{name.value}' {reason}")
    return refused


def _order(name: UniqueName) -> tuple[int, str]:
    """The logon name first: messages name it."""
    return list(KEPT_FOR_GOOD.values()).index(name.space), name.value


def note_names(ledger: NamesLedger, plan: Plan, changes: Iterable[Change], day: str) -> None:
    """Note the names that changes are about to give, and those that they take away. day: ISO
    8601.
    """
    owners_of = _ChangeOwners(plan, ledger).of
    for change in changes:
        _note(ledger, change, owners_of(change), day)


def _note(ledger: NamesLedger, change: Change, owners: Owners, day: str) -> None:
    for name in names_given_up(change):
        known = _known(ledger, name)
        if known is None or are_same(known.owners, owners):
            more = known.owners if known else frozenset()
            ledger.names[_hash(ledger, name)] = GivenName(more | owners, day)
    for name in names_given(change):
        known = _known(ledger, name)
        entry = GivenName(owners, day, True)
        if known and are_same(known.owners, owners) and not known.is_reserved:
            entry = GivenName(known.owners | owners)  # it was given before, whatever becomes of it
        ledger.names[_hash(ledger, name)] = entry


def forget_reserved(ledger: NamesLedger, plan: Plan, changes: Iterable[Change]) -> None:
    """Take back what was reserved for changes that were not made."""
    owners_of = _ChangeOwners(plan, ledger).of
    for change in changes:
        for name in names_given(change):
            known = _known(ledger, name)
            if known and known.is_reserved and are_same(known.owners, owners_of(change)):
                del ledger.names[_hash(ledger, name)]


def _hash(ledger: NamesLedger, name: UniqueName) -> str:
    return ledger.hashes.name(name.space, name.value)


def _known(ledger: NamesLedger, name: UniqueName) -> GivenName | None:
    return ledger.names.get(_hash(ledger, name))
