# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account belongs to which person: by the key, by a link that a human made, then by the
fallbacks.

Ambiguity is never guessed: two accounts for one person, or two people for one account, are a
finding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ..data_class import frozen, mutable
from ..model.directory import Account, Snapshot
from ..model.findings import ERROR, INFO, WARNING, Finding
from ..model.people import EMPLOYED, HELD, LEAVER, OUT_OF_SCOPE, Person, precedence
from ..rules.policies import PersonException
from ..rules.ruleset import Ruleset
from .account_index import AccountIndex, Kept, names_of
from .ownership import DISABLED

_DECIDES_ACCOUNT = ("exclude", "link")  # the exceptions that are about an account
# How an account was found: Correlation.matched
BY_KEY, BY_LINK, BY_FALLBACK = "by_key", "by_link", "by_fallback"


@frozen
class Blocked:
    """Why nothing is done for a person."""

    kind: str  # of the finding
    accounts: list[Account]  # that were found


@mutable
class Correlation:
    """The accounts of people."""

    links: Mapping[str, Account]  # {key: account} without the blocked people
    blocked: Mapping[str, Blocked]  # {key: why} of people who get neither an account nor a change
    to_lock: list[tuple[Person, Account]]  # of joined people with several accounts: those who left
    former: Mapping[str, Person]  # {key: who had the account before and has left}
    absent: list[Account]  # accounts of this source that no person has
    keys: dict[str, str | None]  # {objectGUID: key} of the absent accounts
    missing: int  # how many absent accounts are not locked already
    owned: int  # how many accounts the source has
    matched: dict[str, int]  # {how: how many}
    findings: list[Finding]


def correlate(people: list[Person], snapshot: Snapshot, rules: Ruleset, today: str) -> Correlation:
    """Link people to accounts. today: ISO 8601, for exceptions that end."""
    accounts = AccountIndex(snapshot, rules, today)
    match = _Match(accounts, rules)
    exceptions = {
        entry.key.casefold(): entry
        for entry in rules.exceptions
        if entry.action in _DECIDES_ACCOUNT and entry.counts_on(today)
    }
    unmatched = []
    for person in people:
        if not match.by_exception(person, exceptions) and not match.by_key(person):
            unmatched.append(person)
    match.by_fallbacks(sorted(unmatched, key=precedence), people)
    match.settle(people)
    absent = accounts.owned(match.seen)
    missing = [account for account in absent if not _is_locked(account, accounts)]
    unowned = sum(account.guid not in match.seen for account in accounts.scoped)
    counts = {name: count for name, count in match.counts.items() if count}
    outside = sum(1 for one in people if one.state == OUT_OF_SCOPE and one.key not in match.links)
    counts["people_without_account"] = len(people) - len(match.links) - outside
    counts["accounts_without_person"] = unowned
    links = match.links
    if match.blocked:
        links = {key: account for key, account in links.items() if key not in match.blocked}
    return Correlation(
        links=links,
        blocked=match.blocked,
        to_lock=match.to_lock,
        former=match.former,
        absent=absent,
        keys={account.guid: accounts.key_of(account) for account in absent},
        missing=len(missing),
        owned=len(absent) + len(match.links),
        matched=counts,
        findings=match.findings + [_absent_finding(one, accounts, rules) for one in missing],
    )


def _is_locked(account: Account, accounts: AccountIndex) -> bool:
    mark = accounts.mark_of(account)
    return mark is not None and mark.state == DISABLED and not account.enabled


def _absent_finding(account: Account, accounts: AccountIndex, rules: Ruleset) -> Finding:
    message = (
        f"no employee has the key of {account.dn}. "
        "Absent is not terminated: see the rules for absent."
    )
    key = accounts.key_of(account)
    return Finding("absent", message, key=key, place=rules.key, severity=WARNING)


class _Match:
    """The state of one correlation."""

    def __init__(self, accounts: AccountIndex, rules: Ruleset):
        self.accounts, self.rules = accounts, rules
        self.links: dict[str, Account] = {}
        self.blocked: dict[str, Blocked] = {}
        self.to_lock: list[tuple[Person, Account]] = []
        self.former: dict[str, Person] = {}
        self.findings: list[Finding] = []
        self.seen: set[str] = set()  # objectGUIDs of the accounts that were found
        self.counts = {BY_KEY: 0, BY_LINK: 0, BY_FALLBACK: 0}

    def _link(
        self, person: Person, matches: list[Account], how: str, what: str, place: str, advice: str
    ) -> bool:
        """Link the person to the account that was found; False where none was.

        what: what the accounts have in common; advice: what to do about several.
        """
        for account in matches:
            self.seen.add(account.guid)
        if len(matches) == 1:
            self.links[person.key] = matches[0]
            self.counts[how] += 1
        elif matches:
            message = (
                f"{len(matches)} accounts have {what}: {names_of(matches)}. None of them is "
                "changed. "
                f"{advice}."
            )
            self._block(person, matches, "duplicate_account", message, place)
        return bool(matches)

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
        if person.state != OUT_OF_SCOPE:  # nothing is said about people who are not served
            self.findings.append(finding)

    def by_exception(self, person: Person, exceptions: Mapping[str, PersonException]) -> bool:
        """Follow what a human decided for this key; False where that is nothing."""
        if not exceptions:
            return False
        entries = (exceptions.get(key.casefold()) for key in person.keys)
        entry = next(filter(None, entries), None)
        if entry is None:
            return False
        until = ""
        if entry.until:
            until = f" until {entry.until}"
        if entry.action == "exclude":
            found = self.accounts.by_keys(person.keys)
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
                f"it{until}. "
                "Correct the exception."
            )
            found = self.accounts.by_keys(person.keys)
            self.seen.update(account.guid for account in found)
            self._block(person, found, "missing_link", message, "exceptions")
        return True

    def by_key(self, person: Person) -> bool:
        """Look for the person's key; False where no account has it."""
        if person.employment is None:
            matches = self.accounts.by_key(person.key)
            advice = "Clear the key on all but one of them"
            return self._link(person, matches, BY_KEY, "this key", self.rules.key, advice)
        matches = self.accounts.by_keys(person.keys)
        if len(matches) > 1:
            self.to_lock += self._left_alone(person)
        what = "keys of this person: " + ", ".join(person.keys)
        advice = "Keep one account, and clear the key on the others"
        return self._link(person, matches, BY_KEY, what, self.rules.key, advice)

    def _left_alone(self, person: Person) -> Iterator[tuple[Person, Account]]:
        """The accounts of a joined person, whose key has no record any more that keeps access."""
        alone = person.employment.alone if person.employment else ()
        for one in alone:
            accounts = self.accounts.by_key(one.key)
            if not one.has_left or len(accounts) != 1:
                continue
            if self.accounts.refusal(accounts[0], one) is None:
                yield one, accounts[0]

    def by_fallbacks(self, unmatched: Iterable[Person], people: Iterable[Person]) -> None:
        """Look in the ways of the fallbacks for people whose key no account has.

        Where the rules allow to relink, an account is found too that belongs to nobody of the feed,
        or to somebody who has left: it belongs to the person under a former key.
        """
        kept: Kept | None = None
        former: dict[str, Person] = {}
        if self.rules.relink and self.rules.fallbacks:
            staying = [person for person in people if person.state != LEAVER]
            kept = Kept(
                {key.casefold() for person in staying for key in person.keys},
                {self.links[one.key].guid for one in staying if one.key in self.links},
            )
            leavers = (person for person in people if person.key in self.links)
            former = {self.links[person.key].guid: person for person in leavers}
        advice = "Write the key on the right one"
        for person, attribute, matches in self.accounts.by_fallbacks(unmatched, kept):
            if person.state not in EMPLOYED and any(one.guid in former for one in matches):
                continue  # the account is locked for who has left
            for match in matches:
                before = former.pop(match.guid, None)
                if before is not None:
                    del self.links[before.key]
                    self.counts[BY_KEY] -= 1
                    self.former[person.key] = before
            self._link(person, matches, BY_FALLBACK, f"the same {attribute}", attribute, advice)

    def _shared(self) -> dict[str, list[str]]:
        """{objectGUID: keys} of the accounts that were found for several people."""
        found = list(self.links.items())
        for key, why in self.blocked.items():
            found += [(key, account) for account in why.accounts]
        times = Counter(account.guid for _key, account in found)
        if len(times) == len(found):
            return {}
        keys = defaultdict(list)
        for key, account in found:
            if times[account.guid] > 1:
                keys[account.guid].append(key)
        return keys

    def settle(self, people: Iterable[Person]) -> None:
        """Block the people whose account was found for another person as well, or may not be
        changed.
        """
        shared = self._shared()
        for person in people:
            account = self.links.get(person.key)
            if account is None:
                continue
            keys = shared.get(account.guid)
            if keys:
                message = (
                    f"{account.dn} was found for the employees {', '.join(sorted(keys))}. It is "
                    "not changed. "
                    "Write the key of the right one on it. Where its mark has the key of somebody "
                    "else, write an exception with the action separate for the two keys."
                )
                self._block(person, [account], "duplicate_person", message, self.rules.key)
            elif person.state != HELD or person.has_left:
                refusal = self.accounts.refusal(account, person)
                if refusal:
                    self._block_with(person, [account], refusal)
