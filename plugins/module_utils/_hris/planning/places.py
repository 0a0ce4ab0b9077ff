# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the accounts are that references name, such as those of managers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from ..ad_values.dn import normal
from ..data_class import frozen
from ..errors import shortened
from ..model.directory import Account, Snapshot
from ..model.findings import WARNING, Finding, Mention, mentioning
from ..model.people import (
    ACTIVE,
    LEAVE,
    LEAVER,
    AccountReference,
    Person,
    PersonId,
    Reference,
)
from .account_index import folding, listed
from .compare import Place

Links = Mapping[str, Mapping[str, Account]]  # {source: {key: account}}


class ReferredAccounts:
    """The accounts of a snapshot by the attributes of references: their people are in no feed of
    this run.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        attributes: Iterable[str],
        links: Links,
        moved: Mapping[PersonId, Place],
    ):
        """attributes: as the rules spell them. moved: the places of accounts with another DN at the
        end of the run.
        """
        names = set(attributes)
        self._fold = {name: folding(snapshot.schema[name.casefold()]) for name in names}
        self._accounts = {name: _index(snapshot, name, self._fold[name]) for name in names}
        self._moved = {
            links[source][key].guid: place
            for (source, key), place in moved.items()
            if key in links.get(source, {})
        }

    def find(self, reference: AccountReference) -> tuple[Place | None, str]:
        """(the place of the account, why there is none)."""
        attribute, value = reference.attribute, reference.value
        accounts = self._accounts[attribute].get(self._fold[attribute](value), [])
        if not accounts:
            return None, f"no employee and no account has {attribute} {shortened(value)}"
        if len(accounts) > 1:
            return (
                None,
                f"{len(accounts)} accounts have {attribute} {shortened(value)}: {listed(accounts)}",
            )
        (account,) = accounts
        if not account.enabled:
            return None, f"{account.dn} is disabled"
        return self._moved.get(account.guid) or Place(account.dn, account.dn), ""


def _index(
    snapshot: Snapshot, attribute: str, fold: Callable[[str], str]
) -> dict[str, list[Account]]:
    spelled = snapshot.schema[attribute.casefold()].name
    found: dict[str, list[Account]] = defaultdict(list)
    for account in snapshot.accounts:
        for value in account.attributes.get(spelled, ()):
            found[fold(value)].append(account)
    return found


@lru_cache(1 << 12)  # many people have one manager
def _stays(dn: str) -> Place:
    return Place(dn, dn)


class KnownObjects:
    """The accounts, groups and contacts of a snapshot, indexed when the first one is asked for."""

    def __init__(self, snapshot: Snapshot, links: Links, moved: Mapping[PersonId, Place]):
        """moved: the places of accounts with another DN at the end of the run."""
        self._snapshot, self._links, self._moved = snapshot, links, moved

    @cached_property
    def _guids(self) -> dict[str, str]:
        return {normal(dn): guid for guid, dn in self._objects()}

    def _objects(self) -> Iterator[tuple[str, str]]:
        """(objectGUID, DN) of every account and group."""
        yield from ((one.guid, one.dn) for one in self._snapshot.accounts)
        yield from ((one.guid, one.dn) for one in self._snapshot.groups)

    @cached_property
    def _dns(self) -> dict[str, str]:
        found = dict(self._objects())
        for (source, key), place in self._moved.items():
            account = self._links.get(source, {}).get(key)
            if account:
                found[account.guid] = place.then
        return found

    @cached_property
    def _others(self) -> set[str]:
        return {normal(one.dn) for one in self._snapshot.contacts}

    def guid_of(self, dn: str) -> str | None:
        """The objectGUID of an account or group; None for another object."""
        return self._guids.get(normal(dn))

    def dn_of(self, guid: str) -> str | None:
        """The DN of an account or group at the end of the run; None for one that is not there."""
        return self._dns.get(guid)

    def has(self, dn: str) -> bool:
        """Whether an object with this DN is there."""
        return normal(dn) in self._guids or normal(dn) in self._others


class PeopleByAccount:
    """Whose account is whose, indexed when the first one is asked for."""

    def __init__(self, sources: Iterable[tuple[Iterable[Person], str, set[str]]], links: Links):
        """sources: (people, source, keys of those who are held)."""
        self._sources, self._links = list(sources), links

    @cached_property
    def _people(self) -> dict[str, Person]:
        found: dict[str, Person] = {}
        for people, source, held in self._sources:
            accounts = self._links.get(source, {})
            for person in people:
                account = accounts.get(person.key)
                if account and person.key not in held:
                    found[account.guid] = person
        return found

    def leaver(self, guid: str) -> Person | None:
        """The leaver whose account this is."""
        person = self._people.get(guid)
        return person if person and person.state == LEAVER else None

    def employee(self, guid: str) -> PersonId | None:
        """Who works here with this account; None for somebody who is held as well."""
        person = self._people.get(guid)
        works = person is not None and person.state in (ACTIVE, LEAVE)
        return PersonId(person.source, person.key) if person and works else None


@frozen
class Places:
    """Where the accounts of all people are: what references need."""

    links: Links
    moved: Mapping[PersonId, Place]  # of accounts with another DN at the end of the run
    referred: ReferredAccounts  # accounts of people who are not in the feeds
    known: KnownObjects
    people: PeopleByAccount

    def of(self, person: PersonId) -> Place | None:
        """The place of a person's account, None without one."""
        if person in self.moved:
            return self.moved[person]
        account = self.links[person.source].get(person.key)
        if account is None:
            return None
        return _stays(account.dn)


def _referred(places: Places, other: Reference) -> tuple[Place | None, Sequence[str | Mention]]:
    """(the place of the account that is referred to, why there is none)."""
    if other is None:
        return None, ()
    if isinstance(other, AccountReference):
        found, problem = places.referred.find(other)
        return found, [problem] if problem else ()
    place = places.of(other)
    return place, () if place else ["the employee ", Mention(*other), " has no account"]


def references_of(
    person: Person, places: Places, written_by: Mapping[str, str]
) -> tuple[dict[str, Place | None], list[Finding]]:
    """({attribute: place of the other account, None to clear}, findings where the other has no
    account). written_by: {attribute: the rule that gives its value}.
    """
    references: dict[str, Place | None] = {}
    findings: list[Finding] = []
    for name, other in person.references.items():
        place, problem = _referred(places, other)
        if problem:
            parts = [*problem, f": {name} is left as it is."]
            findings.append(mentioning("reference", parts, person.key, written_by[name], WARNING))
        else:
            references[name] = place
    return references, findings
