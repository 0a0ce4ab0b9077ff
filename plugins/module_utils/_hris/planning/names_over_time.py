# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names ledger over time: what a run notes in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..ad_values.dn import object_of
from ..ad_values.unique_names import UniqueName, names_for_good
from ..model.names_ledger import GivenName, NamesLedger, Owners, are_same
from ..model.plan import Change, Plan
from .former_names import FormerNames
from .handed_on import Decided
from .ownership import read_mark
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


class ChangeOwners:
    """Who the accounts of a plan belong to, as the names ledger knows owners."""

    def __init__(self, plan: Plan, ledger: NamesLedger):
        self._plan, self._hashes = plan, ledger.hashes

    def of(self, change: Change) -> Owners:
        """The owner of the account of a change."""
        found = list(self._people(change))
        if change.guid:
            found.append(self._hashes.account(change.guid))
        return frozenset(found)

    def _people(self, change: Change) -> Iterable[str]:
        plan, person = self._plan, self._hashes.person
        owner = plan.owners.get(change.guid or "")
        if owner and owner.source and owner.key:
            yield person(owner.source, owner.key)
        if not change.source:
            return
        if change.key:
            yield person(change.source, change.key)
            for source, key in plan.other_keys.get(f"{change.source}:{change.key}", ()):
                yield person(source, key)
        mark = change.attributes.get(plan.mark)
        for text in (*mark.before, *mark.after) if mark else ():
            known = read_mark(text)
            if known and known.key:
                yield person(known.key_source or known.source, known.key)


def other_keys(
    changes: Iterable[Change], decided: Iterable[Decided]
) -> dict[str, list[list[str]]]:
    """{source:key: the source and key of the other records} of the people who get a name: each of
    them may be the owner of a former one.
    """
    giving = {
        (change.source, change.key)
        for change in changes
        if names_for_good(change, False) - names_for_good(change, True)
    }
    people = (one.person for one in decided if (one.person.source, one.person.key) in giving)
    return {
        f"{person.source}:{person.key}": [list(one) for one in person.ids[1:]]
        for person in people
        if len(person.ids) > 1
    }


def reserve(
    ledger: NamesLedger, plan: Plan, changes: Iterable[Change], former: FormerNames, day: str
) -> Mapping[str, str]:
    """Note the names that changes give, before they are written, and those that they take away.

    Returns {object: why one of its names may not be given}: nothing is noted of it.
    """
    owners_of = ChangeOwners(plan, ledger).of
    known = [(change, owners_of(change)) for change in changes]
    refused: dict[str, str] = {}
    for change, owners in known:
        for name in sorted(names_for_good(change, False) - names_for_good(change, True)):
            reason = former.why_not(name.space, name.value, owners)
            if reason:
                refused.setdefault(object_of(change), f"the name '{name.value}' {reason}")
    for change, owners in known:
        if object_of(change) not in refused:
            _note(ledger, change, owners, day)
    return refused


def _note(ledger: NamesLedger, change: Change, owners: Owners, day: str) -> None:
    before, after = names_for_good(change, True), names_for_good(change, False)
    for name in before - after:
        known = _known(ledger, name)
        if known is None or are_same(known.owners, owners):
            more = known.owners if known else frozenset()
            ledger.names[_hash(ledger, name)] = GivenName(more | owners, day)
    for name in after - before:
        known = _known(ledger, name)
        entry = GivenName(owners, day, True)
        if known and are_same(known.owners, owners) and not known.is_reserved:
            entry = GivenName(known.owners | owners)  # it was given before, whatever becomes of it
        ledger.names[_hash(ledger, name)] = entry


def forget_reserved(ledger: NamesLedger, plan: Plan, changes: Iterable[Change]) -> None:
    """Take back what was reserved for changes that were not made."""
    owners_of = ChangeOwners(plan, ledger).of
    for change in changes:
        owners = owners_of(change)
        for name in names_for_good(change, False) - names_for_good(change, True):
            known = _known(ledger, name)
            if known and known.is_reserved and are_same(known.owners, owners):
                del ledger.names[_hash(ledger, name)]


def note_made(ledger: NamesLedger, plan: Plan, changes: Iterable[Change], day: str) -> None:
    """Note changes that a forecast takes for made."""
    owners_of = ChangeOwners(plan, ledger).of
    for change in changes:
        _note(ledger, change, owners_of(change), day)


def _hash(ledger: NamesLedger, name: UniqueName) -> str:
    return ledger.hashes.name(name.space, name.value)


def _known(ledger: NamesLedger, name: UniqueName) -> GivenName | None:
    return ledger.names.get(_hash(ledger, name))
