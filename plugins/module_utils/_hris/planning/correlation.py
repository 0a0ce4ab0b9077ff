# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account belongs to which person: by the key, by a link that a human made, then by the
fallbacks. All sources together: an account belongs to one person only.

Ambiguity is never guessed: two accounts for one person, or two people for one account, are a
finding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ..ad_values.protection import Protected
from ..data_class import mutable
from ..model.directory import Account, Snapshot
from ..model.findings import GOVERNED, WARNING, Finding
from ..model.people import LEAVER, OUT_OF_SCOPE, Person, PersonId
from ..option_names import option_name
from ..rules.joined_sources import separated_people
from ..rules.people import SourcePeople
from ..rules.ruleset import Ruleset
from .account_index import AccountIndex, Kept
from .adoption import NOT_ADOPTED, NOT_ADOPTED_YET
from .matching import OTHER_SOURCE, Blocked, Former, Match
from .ownership import DISABLED

# Kinds of findings about an account that is left alone, though it is certain whose it is
_CERTAIN = frozenset(
    ("excluded", GOVERNED, NOT_ADOPTED, NOT_ADOPTED_YET, "outside_bases", "protected")
)


@mutable
class Correlation:
    """The accounts of people."""

    links: Mapping[str, Account]  # {key: account} without the blocked people
    blocked: Mapping[str, Blocked]  # {key: why} of people who get neither an account nor a change
    to_lock: list[tuple[Person, Account]]  # of joined people with several accounts: those who left
    former: Mapping[str, Person]  # {key: who had the account before and has left}
    outside: Mapping[
        str, list[Account]
    ]  # {key: more accounts of who has left, not below our bases}
    absent: list[Account]  # accounts of this source that no person has
    keys: dict[str, str | None]  # {objectGUID: key} of the absent accounts
    missing: int  # how many absent accounts are not locked already
    owned: int  # how many accounts the source has
    unowned: frozenset[str]  # objectGUIDs of accounts below our bases that no person has
    matched: dict[str, int]  # {how, as in matching.py: how many}
    # {key: (how, attribute or option)} of those whose account was not found by the key
    how: Mapping[str, tuple[str, str]]
    findings: list[Finding]

    @property
    def not_adopted_yet(self) -> Mapping[str, Account]:
        """{key: the account, which a later run adopts}."""
        blocked = self.blocked.items()
        return {key: why.accounts[0] for key, why in blocked if why.kind == NOT_ADOPTED_YET}

    @property
    def referable(self) -> Mapping[str, Account]:
        """{key: account} of everybody whose account is certain, even where a run never changes it:
        a manager can be an administrator.
        """
        others = {
            key: why.accounts[0]
            for key, why in self.blocked.items()
            if why.kind in _CERTAIN and len(why.accounts) == 1
        }
        return {**self.links, **others} if others else self.links


def correlate(
    sources: Sequence[SourcePeople], snapshot: Snapshot, today: str, protected: Protected
) -> list[Correlation]:
    """Link the people of each source to accounts. today: ISO 8601, for exceptions that end."""
    separated = separated_people((source.rules for source in sources), today)
    names = frozenset(one.rules.source for one in sources)
    indexes = {
        one.rules.source: AccountIndex(snapshot, one.rules, names, separated, protected)
        for one in sources
    }
    matches = [Match(source, indexes, today) for source in sources]
    for match in matches:
        match.by_exceptions_and_keys()
    _match_by_fallbacks(matches)
    if any(match.handed_over for match in matches):
        claimed = _seen(matches)
        for match in matches:
            match.take_over_absent(claimed)
    keys: dict[tuple[str, str], PersonId] = {}
    for match in matches if len(matches) > 1 else ():
        match.block_keys_of_others(keys)
    shared = _shared(matches)
    for match in matches:
        match.settle(shared)
    seen = matches[0].seen if len(matches) == 1 else _seen(matches)
    return [_correlation(match, seen) for match in matches]


def _seen(matches: Iterable[Match]) -> set[str]:
    """The objectGUIDs of the accounts that were found for a person of any source."""
    return set().union(*(match.seen for match in matches))


def _correlation(match: Match, seen: set[str]) -> Correlation:
    """seen: objectGUIDs of the accounts that were found for a person of any source."""
    accounts, people, rules = match.accounts, match.people, match.rules
    absent, protected = accounts.owned(seen)
    missing = [account for account in absent if not _is_locked(account, accounts)]
    unowned = frozenset(one.guid for one in accounts.scoped if one.guid not in seen)
    counts = {name: count for name, count in match.counts.items() if count}
    outside = sum(1 for one in people if one.state == OUT_OF_SCOPE and one.key not in match.links)
    counts["people_without_account"] = len(people) - len(match.links) - outside
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
        owned=len(absent) + len(match.links) - match.counts[NOT_ADOPTED_YET],
        matched=counts,
        how=match.how,
        unowned=unowned,
        outside=_outside_of_leavers(match),
        findings=[
            *match.findings,
            *(_absent_finding(one, accounts, rules) for one in missing),
            *(_protected_finding(one, accounts, rules) for one in protected if one.enabled),
        ],
    )


def _match_by_fallbacks(matches: Sequence[Match]) -> None:
    """Look in the ways of the fallbacks for people whose key no account has.

    Where the rules allow to relink, an account is found too that belongs to nobody of the feeds, or
    to somebody who has left: it belongs to the person under a former key.
    """
    kept: Kept | None = None
    former: dict[str, Former] = {}
    if any(match.rules.relink and match.rules.fallbacks for match in matches):
        kept = Kept(set(), set())
        for match in matches:
            staying = [person for person in match.people if person.state != LEAVER]
            kept.keys.update(key.casefold() for person in staying for key in person.keys)
            links = match.links
            kept.guids.update(links[one.key].guid for one in staying if one.key in links)
            linked = (person for person in match.people if person.key in links)
            former |= {links[person.key].guid: Former(match, person) for person in linked}
    for match in matches:
        match.by_fallbacks(kept if match.rules.relink else None, former)


def _shared(matches: Sequence[Match]) -> dict[str, list[PersonId]]:
    """{objectGUID: who} of the accounts that were found for several people."""
    guids = [account.guid for match in matches for account in match.links.values()]
    if len(set(guids)) == len(guids) and not any(match.blocked for match in matches):
        return {}  # nearly always
    found: list[tuple[Match, str, Account]] = []
    for match in matches:
        found += [(match, key, account) for key, account in match.links.items()]
        for key, why in match.blocked.items():
            if why.kind == OTHER_SOURCE:
                continue  # the account is that of somebody else
            found += [(match, key, account) for account in why.accounts]
    times = Counter(account.guid for _match, _key, account in found)
    if len(times) == len(found):
        return {}
    people = defaultdict(list)
    for match, key, account in found:
        if times[account.guid] > 1:
            people[account.guid].append(PersonId(match.rules.source, key))
    return people


def _is_locked(account: Account, accounts: AccountIndex) -> bool:
    mark = accounts.mark_of(account)
    return mark is not None and mark.state == DISABLED and not account.enabled


def _absent_finding(account: Account, accounts: AccountIndex, rules: Ruleset) -> Finding:
    message = (
        f"no employee has the key of {account.dn}. "
        f"Absent is not terminated: see {option_name('absent')}."
    )
    key = accounts.key_of(account)
    return Finding("absent", message, key=key, place=rules.key, severity=WARNING)


def _outside_of_leavers(match: Match) -> dict[str, list[Account]]:
    """{key: the accounts with a key of somebody who has left that are not below our bases}."""
    found: dict[str, list[Account]] = {}
    for person in match.people:
        if person.has_left:
            accounts = [
                account
                for one in person.ids
                for account in match.indexes[one.source].outside(one.key)
            ]
            if accounts:
                found[person.key] = accounts
    return found


def _protected_finding(account: Account, accounts: AccountIndex, rules: Ruleset) -> Finding:
    message = (
        f"no employee has the key of {account.dn}. It is protected, so no run ever locks it: "
        "disable it by hand when its person has left."
    )
    key = accounts.key_of(account)
    return Finding("absent", message, key=key, place=rules.key, severity=WARNING)
