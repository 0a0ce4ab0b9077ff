# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account is whose: by the key, then by the fallbacks in their order. Ambiguity is never guessed at."""

from __future__ import annotations

from collections import defaultdict

from ..rules.dates import HELD
from ..rules.dn import normal
from ..rules.findings import INFO, WARNING, finding
from ..rules.ruleset import Ruleset
from .ownership import privileged_groups, protection, read_mark


def correlate(people: list[dict], snapshot: dict, rules: Ruleset) -> dict:
    """Link people to accounts.

    Returns {"links": {key: account}, "blocked": {key, …} people who get neither an account nor a change,
    "absent": [account, …] accounts of this source that no employee has, "findings": […]}.
    """
    accounts = Accounts(snapshot, rules)
    links, blocked, findings, seen = {}, set(), [], set()
    unmatched = []
    for person in people:
        matches = accounts.by_key(person["key"])
        seen.update(account["guid"] for account in matches)
        if len(matches) == 1:
            links[person["key"]] = matches[0]
        elif matches:
            blocked.add(person["key"])
            findings.append(
                finding(
                    "double_account",
                    f"{len(matches)} accounts have this key: {_names(matches)}. None is touched; clear the key on all but one.",
                    key=person["key"],
                    place=rules.key,
                )
            )
        else:
            unmatched.append(person)
    for person, attribute, matches in accounts.by_fallbacks(unmatched):
        seen.update(account["guid"] for account in matches)
        if len(matches) == 1:
            links[person["key"]] = matches[0]
        else:
            blocked.add(person["key"])
            findings.append(
                finding(
                    "double_account",
                    f"{len(matches)} accounts have the same {attribute}: {_names(matches)}. "
                    "None is touched; write the key on the right one.",
                    key=person["key"],
                    place=attribute,
                )
            )
    for key, problem in _shared(links, rules).items():
        blocked.add(key)
        findings.append(problem)
    for person in people:
        account = links.get(person["key"])
        problem = (
            accounts.refusal(account, person)
            if account and person["key"] not in blocked and person["state"] != HELD
            else None
        )
        if problem:
            blocked.add(person["key"])
            findings.append(problem)
    absent = [account for account in accounts.owned() if account["guid"] not in seen]
    findings += [
        finding(
            "absent",
            f"no employee has the key of {account['dn']}. It is left as it is: absent is not terminated.",
            key=accounts.key_of(account),
            place=rules.key,
            severity=WARNING,
        )
        for account in absent
    ]
    return {
        "links": {key: account for key, account in links.items() if key not in blocked},
        "blocked": blocked,
        "absent": absent,
        "owned": len(absent) + len(links),
        "findings": findings,
    }


class Accounts:
    """The accounts of a snapshot, indexed once for correlation."""

    def __init__(self, snapshot: dict, rules: Ruleset):
        self.rules = rules
        self.privileged = privileged_groups(snapshot["groups"])
        self.domain = snapshot["domain"]
        self.everyone = snapshot["accounts"]
        self.scoped = [account for account in self.everyone if in_bases(account["dn"], rules.ownership["bases"])]
        self._inside, self._outside = self._index(self.scoped), self._index(self.everyone)

    def _index(self, accounts: list[dict]) -> dict[str, list[dict]]:
        index = defaultdict(list)
        for account in accounts:
            for value in account["attributes"].get(self.rules.key, []):
                index[value.casefold()].append(account)
        return index

    def key_of(self, account: dict) -> str | None:
        """The account's key as the directory has it."""
        return next(iter(account["attributes"].get(self.rules.key, [])), None)

    def mark_of(self, account: dict) -> dict | None:
        """The account's mark of ownership."""
        return read_mark(next(iter(account["attributes"].get(self.rules.ownership["attribute"], [])), None))

    def by_key(self, key: str) -> list[dict]:
        """The accounts with this key below our bases; those elsewhere only when there is none below them."""
        return self._inside.get(key.casefold()) or self._outside.get(key.casefold(), [])

    def by_fallbacks(self, people: list[dict]):
        """Yield (person, attribute, accounts) for each person whom a fallback finds; accounts that have a key are nobody else's."""
        indexes = {}
        for rule in self.rules.fallbacks:
            index = indexes[rule.attribute] = defaultdict(list)
            for account in self.scoped:
                if self.key_of(account) is None:
                    for value in account["attributes"].get(rule.attribute, []):
                        index[value.casefold()].append(account)
        for person in people:
            for attribute, value in person["fallbacks"]:
                matches = indexes[attribute].get(value.casefold(), [])
                if matches:
                    yield person, attribute, matches
                    break

    def refusal(self, account: dict, person: dict) -> dict | None:
        """The finding that forbids to touch a person's account; None when it is ours to keep."""
        key, mark = person["key"], self.mark_of(account)
        reason = protection(account, self.privileged, self.domain)
        if reason:
            return finding("protected", f"{account['dn']} is never touched: {reason}.", key=key, severity=INFO)
        if not in_bases(account["dn"], self.rules.ownership["bases"]):
            return finding(
                "outside_bases",
                f"the account with this key, {account['dn']}, is below none of our bases. Move it, or add its OU to ownership.bases.",
                key=key,
                place="ownership.bases",
            )
        if mark and mark["source"] != self.rules.source:
            return finding(
                "other_source",
                f"{account['dn']} belongs to the source '{mark['source']}' ({self.rules.ownership['attribute']}). "
                f"Use different keys in the two sources, or clear the mark to hand it over.",
                key=key,
                place="ownership.attribute",
            )
        if mark is None and not self.rules.ownership["adopt"]:
            return finding(
                "not_adopted",
                f"{account['dn']} has this key but no mark of ours. Allow ownership.adopt to take it over.",
                key=key,
                place="ownership.adopt",
                severity=WARNING,
            )
        return None

    def owned(self) -> list[dict]:
        """The accounts that carry the mark of this source."""
        return [
            account
            for account in self.scoped
            if (mark := self.mark_of(account)) and mark["source"] == self.rules.source
        ]


def in_bases(dn: str, bases: list[str]) -> bool:
    """Whether the DN is below one of the bases (normal DNs); without bases every account of the domain is."""
    if not bases:
        return True
    name = normal(dn)
    return any(name.endswith("," + base) for base in bases)


def _shared(links: dict, rules: Ruleset) -> dict[str, dict]:
    """A finding for each person whose account was found for somebody else as well."""
    holders = defaultdict(list)
    for key, account in links.items():
        holders[account["guid"]].append(key)
    return {
        key: finding(
            "double_employee",
            f"{links[key]['dn']} was found for the employees {', '.join(keys)}. It is not touched; write the key of the right one on it.",
            key=key,
            place=rules.key,
        )
        for keys in holders.values()
        if len(keys) > 1
        for key in keys
    }


def _names(accounts: list[dict]) -> str:
    return "; ".join(account["dn"] for account in accounts[:5]) + (
        f" and {len(accounts) - 5} more" if len(accounts) > 5 else ""
    )
