# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for the account of each person of one source: by a link that a human made, by the key,
by the fallbacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..data_class import frozen
from ..model.directory import Account
from ..model.findings import ERROR, INFO, Finding
from ..model.people import EMPLOYED, HELD, LEAVER, OUT_OF_SCOPE, Person, PersonId, precedence
from ..rules.identity import NAME_ATTRIBUTES, names_of
from ..rules.people import SourcePeople
from ..rules.policies import PersonException
from .account_index import AccountIndex, Kept, first_of, listed, values_of
from .adoption import NOT_ADOPTED_YET
from .identity_checks import CONFIRMING
from .matching_messages import of_shared_account, of_two_people

_DECIDES_ACCOUNT = ("exclude", "link")  # the exceptions that are about an account
OTHER_SOURCE = "other_source"  # the kind of the finding about an account of another source
# How an account was found: Correlation.matched
BY_KEY, BY_LINK, BY_FALLBACK = "by_key", "by_link", "by_fallback"


@frozen
class Blocked:
    """Why nothing is done for a person."""

    kind: str  # of the finding
    accounts: list[Account]  # that were found


class Former(NamedTuple):
    """Who had an account before, and has left."""

    match: Match
    person: Person


class Match:
    """The state of the correlation of one source."""

    def __init__(self, source: SourcePeople, indexes: Mapping[str, AccountIndex], today: str):
        self.people, self.rules = source.people, source.rules
        self.indexes, self.accounts = indexes, indexes[source.rules.source]
        counting = [one for one in self.rules.exceptions if one.counts_on(today)]
        # Those of every source, because a record of the person may come from any of them
        self._exceptions = {
            (name, one.key.casefold()): one
            for name, index in indexes.items()
            for one in index.rules.exceptions
            if one.action in _DECIDES_ACCOUNT and one.counts_on(today)
        }
        self._confirmed = {one.key.casefold() for one in counting if one.action in CONFIRMING}
        self.unmatched: list[Person] = []
        self.links: dict[str, Account] = {}
        self.handed_over: dict[str, Account] = {}  # {key: an account of another source}
        self.blocked: dict[str, Blocked] = {}
        self.to_lock: list[tuple[Person, Account]] = []
        self.former: dict[str, Person] = {}
        self.findings: list[Finding] = []
        self.seen: set[str] = set()  # objectGUIDs of the accounts that were found
        self.counts = {BY_KEY: 0, BY_LINK: 0, BY_FALLBACK: 0, NOT_ADOPTED_YET: 0}
        # {key: (how, attribute or option)} of those whose account was not found by the key
        self.how: dict[str, tuple[str, str]] = {}

    def by_exceptions_and_keys(self) -> None:
        """Match everybody whose account a human named, or whose key an account has."""
        for person in self.people:
            if self._exceptions and self._by_exception(person):
                continue
            if not self._by_key(person):
                self.unmatched.append(person)

    def _link(
        self, person: Person, matches: list[Account], how: str, what: str, place: str, advice: str
    ) -> bool:
        """Link the person to the account that was found; False where none was.

        what: what the accounts have in common; advice: what to do about several.
        """
        if len(matches) == 1:
            account = matches[0]
            several = len(self.indexes) > 1  # with one source, settle() refuses the account
            if several and how != BY_LINK and self._is_foreign(account, person):
                self.handed_over[person.key] = account  # decided when everybody has been matched
                return True
            self.links[person.key] = account
            self.counts[how] += 1
            if how != BY_KEY:
                self.how[person.key] = (how, place)
        for account in matches:
            self.seen.add(account.guid)
        if len(matches) > 1:
            message = (
                f"{len(matches)} accounts have {what}: {listed(matches)}. None of them is changed. "
                f"{advice}."
            )
            self._block(person, matches, "duplicate_account", message, place)
        return bool(matches)

    def _is_foreign(self, account: Account, person: Person) -> bool:
        """Whether an account belongs to a source that has no record of the person."""
        mark = self.accounts.mark_of(account)
        if mark is None or mark.source == person.source or mark.source in person.sources:
            return False
        # A mark that has the key of the person says whose the account is
        has_key = mark.key is not None and (mark.key_source or mark.source) in person.sources
        return not (has_key and mark.key in person.keys)

    def _block(
        self,
        person: Person,
        accounts: list[Account],
        kind: str,
        message: str,
        place: str,
        severity: str = ERROR,
    ) -> None:
        self._block_with(person, accounts, Finding(kind, message, person.key, place, severity))

    def _block_with(self, person: Person, accounts: list[Account], finding: Finding) -> None:
        self.blocked[person.key] = Blocked(finding.kind, accounts)
        if finding.kind == NOT_ADOPTED_YET:
            self.counts[NOT_ADOPTED_YET] += 1  # on purpose, and perhaps for nearly everybody
        elif person.state != OUT_OF_SCOPE:  # nothing is said about people who are not served
            self.findings.append(finding)

    def _by_exception(self, person: Person) -> bool:
        """Follow what a human decided for this key; False where that is nothing."""
        entry = next(self._exceptions_of(person), None)
        if entry is None:
            return False
        until = f" until {entry.until}" if entry.until else ""
        if entry.action == "exclude":
            found = self._with_keys(person)
            self.seen.update(account.guid for account in found)
            message = f"excluded{until}: {entry.reason}."
            self._block(person, found, "excluded", message, "exceptions", INFO)
            return True
        name = entry.account or ""
        matches = self.accounts.by_name(name)
        what, advice = f"the name {name}", "Name one of them by its objectGUID"
        if not self._link(person, matches, BY_LINK, what, "exceptions", advice):
            message = (
                f"there is no account {name} below our bases, but this employee is linked to "
                f"it{until}. Correct the exception."
            )
            found = self._with_keys(person)
            self.seen.update(account.guid for account in found)
            self._block(person, found, "missing_link", message, "exceptions")
        return True

    def _by_key(self, person: Person) -> bool:
        """Look for the person's key; False where no account has it."""
        if person.employment is None:
            matches = self.accounts.by_key(person.key)
            if len(matches) > 1:
                matches = self._own_of(matches, person)
            advice = "Clear the key on all but one of them"
            return self._link(person, matches, BY_KEY, "this key", self.rules.key, advice)
        matches = self._own_of(self._with_keys(person), person)
        if len(matches) > 1:
            self.to_lock += self._left_alone(person)
        what = "keys of this person: " + ", ".join(person.keys)
        advice = "Keep one account, and clear the key on the others"
        return self._link(person, matches, BY_KEY, what, self.rules.key, advice)

    def _own_of(self, found: list[Account], person: Person) -> list[Account]:
        """Without those of sources that have no record of the person, where there are others."""
        return [one for one in found if not self._is_foreign(one, person)] or found

    def _with_keys(self, person: Person) -> list[Account]:
        """The accounts with a key of the person, each once."""
        keys = ((self.indexes[one.source], one.key) for one in person.ids)
        return list({one.guid: one for index, key in keys for one in index.by_key(key)}.values())

    def _left_alone(self, person: Person) -> Iterator[tuple[Person, Account]]:
        """The accounts of a joined person, whose key has no record any more that keeps access."""
        alone = person.employment.alone if person.employment else ()
        for one in alone:
            index = self.indexes[one.source]
            accounts = index.by_key(one.key)
            if not one.has_left or len(accounts) != 1:
                continue
            if index.refusal(accounts[0], one) is None:
                yield one, accounts[0]

    def by_fallbacks(self, kept: Kept | None, former: dict[str, Former]) -> None:
        """Look in the ways of the fallbacks for those who are left. kept: accounts that nobody else
        gets; former: {objectGUID: who has the account now}.
        """
        advice = "Write the key on the right one"
        unmatched = sorted(self.unmatched, key=precedence)
        for person, attribute, matches in self.accounts.by_fallbacks(unmatched, kept):
            if person.state not in EMPLOYED and any(one.guid in former for one in matches):
                continue  # the account is locked for who has left
            for account in matches:
                before = former.get(account.guid)
                is_foreign = before is not None and before.match is not self
                if before is None or (is_foreign and not self._is_same_person(person, account)):
                    continue
                del former[account.guid], before.match.links[before.person.key]
                before.match.counts[BY_KEY] -= 1
                before.match.seen.discard(account.guid)
                self.former[person.key] = before.person
            self._link(person, matches, BY_FALLBACK, f"the same {attribute}", attribute, advice)

    def _is_same_person(self, person: Person, account: Account) -> bool:
        """Whether the names of an account are those of the person, or a human said who it is."""
        if any(key.casefold() in self._confirmed for key in person.keys):
            return True
        names = names_of(person.record, self.rules.identity)
        if len(names) < len(NAME_ATTRIBUTES):
            return False
        return all(
            [text.casefold() for text in values_of(account, name)] == [value]
            for name, value in names.items()
        )

    def take_over_absent(self, claimed: set[str]) -> None:
        """Link the accounts of other sources of this plan that nobody there has any more, where the
        names are those of the person; block the others.

        claimed: objectGUIDs of the accounts of people.
        """
        people = {person.key: person for person in self.people}
        for key, account in self.handed_over.items():
            person, mark = people[key], self.accounts.mark_of(account)
            is_absent = account.guid not in claimed and mark and mark.source in self.indexes
            if is_absent and self._is_same_person(person, account):
                self.links[key] = account
                self.seen.add(account.guid)
                continue
            refusal = self.accounts.refusal(account, person)
            if refusal:
                self._block_with(person, [account], refusal)

    def block_keys_of_others(self, keys: dict[tuple[str, str], PersonId]) -> None:
        """Block new people with a key that a new person of an earlier source has.

        keys: {(key attribute, key): who has it}; those of this source are added.
        """
        attribute = self.rules.key.casefold()
        for person in self.people:
            if person.key in self.links or person.key in self.blocked or person.state == LEAVER:
                continue
            for key in person.keys:
                other = keys.setdefault(
                    (attribute, key.casefold()), PersonId(self.rules.source, person.key)
                )
                if other.source not in person.sources:
                    self._block(person, [], OTHER_SOURCE, of_two_people(other), attribute)
                    break

    def settle(self, shared: Mapping[str, Sequence[PersonId]]) -> None:
        """Block the people whose account was found for another person as well, or may not be
        changed.
        """
        for person in self.people:
            account = self.links.get(person.key)
            if account is None:
                continue
            others = shared.get(account.guid)
            if others:
                names = first_of(sorted(self._name(one) for one in others))
                message = of_shared_account(account.dn, names)
                self._block(person, [account], "duplicate_person", message, self.rules.key)
            elif person.state != HELD or person.has_left:
                refusal = self.accounts.refusal(account, person)
                if refusal and refusal.kind == OTHER_SOURCE and self._may_take(account, person):
                    refusal = self.accounts.refusal(account, person, is_handed_over=True)
                if refusal:
                    self._block_with(person, [account], refusal)

    def _may_take(self, account: Account, person: Person) -> bool:
        """Whether an account may be taken over: nobody in its source has it, the mark has the key
        of the person, or a human linked it.
        """
        if person.key in self.handed_over or not self._is_foreign(account, person):
            return True
        return any(one.action == "link" for one in self._exceptions_of(person))

    def _exceptions_of(self, person: Person) -> Iterator[PersonException]:
        """What humans decided about the account of each key of the person."""
        if self._exceptions:
            entries = (self._exceptions.get((one.source, one.key.casefold())) for one in person.ids)
            yield from filter(None, entries)

    def _name(self, one: PersonId) -> str:
        """A person in a message; those of other sources with their source."""
        return one.key if one.source == self.rules.source else f"{one.key} ({one.source})"
