# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a directory, indexed once for correlation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..ad_values.dn import normal
from ..ad_values.equality import folding
from ..ad_values.protection import Protected, protection
from ..model.directory import Account, Snapshot
from ..model.findings import GOVERNED, INFO, Finding
from ..model.people import Person
from ..option_names import option_name
from ..rules.joined_sources import Separated
from ..rules.ruleset import Ruleset
from .adoption import Adoption
from .ownership import KEY, Mark, mark_of

NAMED = 5  # accounts that a message names


class FallbackMatch(NamedTuple):
    """The accounts that a fallback found for a person."""

    person: Person
    attribute: str
    accounts: list[Account]


class Kept(NamedTuple):
    """The accounts of people who have not left: nobody else gets them."""

    keys: set[str]  # of the people, in lower case
    guids: set[str]  # of the accounts that were found

    def has(self, account: Account, key: str) -> bool:
        """Whether an account with this key is kept."""
        return key.casefold() in self.keys or account.guid in self.guids


class AccountIndex:
    """The accounts of a snapshot by key and by name."""

    def __init__(
        self,
        snapshot: Snapshot,
        rules: Ruleset,
        sources: frozenset[str],
        separated: Separated,
        protected: Protected,
    ):
        """sources: all sources of the plan. separated: people who are two, as humans decided."""
        self.rules = rules
        self._sources = sources
        self._separated = separated
        self.protected = protected
        self.domain = snapshot.domain
        bases, accounts = rules.ownership.bases, snapshot.accounts
        self.scoped = accounts
        if bases:
            self.scoped = [account for account in accounts if in_bases(account.dn, bases)]
        names = [rules.key, rules.ownership.attribute]
        names += [rule.attribute for rule in rules.fallbacks]
        self._spelled = {name: snapshot.schema[name.casefold()].name for name in names}
        self._key = self._spelled[rules.key]
        # {attribute: the function whose results are equal for values that are the same}
        self._fold = {name: folding(snapshot.schema[name.casefold()]) for name in names}
        self._mark = self._spelled[rules.ownership.attribute]
        self._adoption = Adoption(rules, snapshot.schema)
        self._inside = self._index(self.scoped)
        self._by_mark = self._index_of_marks()
        self._outside: dict[str, list[Account]] = {}
        if len(self.scoped) < len(accounts):
            self._outside = self._index(accounts)

    def _index(self, accounts: Iterable[Account]) -> dict[str, list[Account]]:
        index: dict[str, list[Account]] = {}
        fold = self._fold[self.rules.key]
        for account in accounts:
            for value in account.attributes.get(self._key, ()):
                index.setdefault(fold(value), []).append(account)
        return index

    def _index_of_marks(self) -> dict[str, list[Account]]:
        """The accounts of this source by the other key of the person that their marks have."""
        index: dict[str, list[Account]] = {}
        for account in self.scoped:
            texts = account.attributes.get(self._mark)
            if texts and KEY in texts[0]:
                mark = self.mark_of(account)
                if mark and mark.key and (mark.key_source or mark.source) == self.rules.source:
                    own = (mark.source, (self.key_of(account) or "").casefold())
                    other = (self.rules.source, mark.key.casefold())
                    if frozenset((own, other)) in self._separated:
                        continue  # two people, as a human decided
                    index.setdefault(mark.key.casefold(), []).append(account)
        return index

    def key_of(self, account: Account) -> str | None:
        """The key of an account, as the directory has it."""
        return next(iter(account.attributes.get(self._key, ())), None)

    def mark_of(self, account: Account) -> Mark | None:
        """The mark of an account."""
        return mark_of(account, self._mark)

    def by_key(self, key: str) -> list[Account]:
        """The accounts with this key below our bases; without any, those whose marks have it as
        another key of their person, then those outside of our bases.
        """
        folded = self._fold[self.rules.key](key)
        found = self._inside.get(folded) or self._by_mark.get(key.casefold())
        return found or self._outside.get(folded, [])

    def outside(self, key: str) -> list[Account]:
        """The accounts with this key outside of our bases."""
        found = self._outside.get(self._fold[self.rules.key](key), [])
        return [
            account for account in found if not in_bases(account.dn, self.rules.ownership.bases)
        ]

    def by_name(self, name: str) -> list[Account]:
        """The accounts below our bases with this logon name, DN or objectGUID."""
        text = name.strip().casefold()
        return [account for account in self.scoped if _has_name(account, text)]

    def by_fallbacks(self, people: Iterable[Person], kept: Kept | None) -> Iterator[FallbackMatch]:
        """A match for each person whom a fallback finds.

        An account that has a key is not found, unless ``kept`` is given: then one is found that
        nobody keeps.
        """
        indexes = self._fallback_indexes(kept)
        for person in people:
            for attribute, value in person.fallbacks:
                matches = indexes[attribute].get(self._fold[attribute](value), [])
                if matches:
                    yield FallbackMatch(person, attribute, matches)
                    break

    def _fallback_indexes(self, kept: Kept | None) -> dict[str, dict[str, list[Account]]]:
        indexes: dict[str, dict[str, list[Account]]] = {}
        for rule in self.rules.fallbacks:
            index: dict[str, list[Account]] = defaultdict(list)
            for account in self.scoped:
                key = self.key_of(account)
                if key is None or (kept is not None and not kept.has(account, key)):
                    for value in account.attributes.get(self._spelled[rule.attribute], []):
                        index[self._fold[rule.attribute](value)].append(account)
            indexes[rule.attribute] = index
        return indexes

    def refusal(
        self, account: Account, person: Person, is_handed_over: bool = False
    ) -> Finding | None:
        """Why a person's account may not be changed; None when it may.

        is_handed_over: whether it may be taken over from the source in its mark.
        """
        ownership, mark = self.rules.ownership, self.mark_of(account)
        reason = protection(account, self.protected, self.domain)
        if reason:
            kind = GOVERNED if account.governed else "protected"
            message = f"{account.dn} is never changed: {reason}."
            return Finding(kind, message, key=person.key, severity=INFO)
        if ownership.bases and not in_bases(account.dn, ownership.bases):
            message = (
                f"the account with this key, {account.dn}, is not below any of our bases. Move "
                "it, or add its "
                f"OU to {option_name('ownership.bases')}."
            )
            return Finding(
                "outside_bases", message, key=person.key, place=option_name("ownership.bases")
            )
        if mark is None:
            return self._adoption.refusal(account, person)
        if mark.source == person.source and not mark.contributors:
            return None  # nearly always
        return self._of_another(account, mark, person, is_handed_over)

    def _of_another(
        self, account: Account, mark: Mark, person: Person, is_handed_over: bool
    ) -> Finding | None:
        """Why an account belongs to another source, or to somebody of another one as well."""
        ownership = self.rules.ownership
        is_ours = mark.source == person.source or mark.source in person.sources
        if not ((is_ours or is_handed_over) and mark.source in self._sources):
            advice = (
                "nothing says that its person is this one. Where it is one person, write an "
                "exception with the action join or link; where these are two, give them different "
                "keys."
            )
            if mark.source not in self._sources:
                advice = (
                    "that source is not in this run. Run both together, or clear the mark to hand "
                    "the account over."
                )
            belongs = f"{account.dn} belongs to the source '{mark.source}'"
            message = f"{belongs} ({ownership.attribute}), and {advice}"
            return Finding(
                "other_source", message, key=person.key, place=option_name("ownership.attribute")
            )
        if person.has_left and not self._sources.issuperset(mark.contributors):
            message = (
                f"{account.dn} also belongs to somebody of the source "
                f"{', '.join(mark.contributors)} ({ownership.attribute}), which is not in this "
                "run. Run the sources together."
            )
            return Finding(
                "other_source", message, key=person.key, place=option_name("ownership.attribute")
            )
        return None

    def owned(self, seen: set[str]) -> tuple[list[Account], list[Account]]:
        """(the accounts with the mark of this source, the protected ones), without those seen
        (objectGUIDs).
        """
        found: list[Account] = []
        protected: list[Account] = []
        for account in self.scoped:
            if account.guid in seen:
                continue
            mark = self.mark_of(account)
            if mark is None or mark.source != self.rules.source:
                continue
            if not self._sources.issuperset(mark.contributors):
                continue  # somebody in another source may have it
            is_protected = protection(account, self.protected, self.domain)
            (protected if is_protected else found).append(account)
        return found, protected


def values_of(account: Account, attribute: str) -> Sequence[str]:
    """The values of an attribute, however the rules spell it. It is slow, and for few accounts."""
    folded = attribute.casefold()
    found = (values for name, values in account.attributes.items() if name.casefold() == folded)
    return next(found, ())


def _has_name(account: Account, text: str) -> bool:
    """Whether a text in lower case is the objectGUID, the logon name or the DN of an account."""
    if text == account.guid:
        return True
    if text in [value.casefold() for value in account.attributes.get("sAMAccountName", ())]:
        return True
    return "=" in text and normal(account.dn) == normal(text)


def in_bases(dn: str, bases: Sequence[str]) -> bool:
    """Whether a DN is below one of the bases (normal DNs); without bases every account of the
    domain is.
    """
    if not bases:
        return True
    name = normal(dn)
    return any(name.endswith("," + base) for base in bases)


def listed(accounts: Sequence[Account]) -> str:
    """The DNs of accounts for a message, the first ones of many."""
    return first_of([account.dn for account in accounts], "; ")


def first_of(names: Sequence[str], separator: str = ", ") -> str:
    """Names for a message, the first ones of many."""
    text = separator.join(names[:NAMED])
    more = len(names) - NAMED
    return f"{text} and {more} more" if more > 0 else text
