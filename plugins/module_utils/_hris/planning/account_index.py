# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a snapshot, as correlation looks for them."""

from __future__ import annotations

from collections import defaultdict

from ..ad_values.dn import normal
from ..model.findings import INFO, WARNING, finding
from ..rules.ruleset import Ruleset
from .ownership import mark_of, privileged_groups, protection


class Accounts:
    """The accounts of a snapshot, indexed once for correlation."""

    def __init__(self, snapshot: dict, rules: Ruleset):
        self.rules = rules
        self.privileged = privileged_groups(snapshot["groups"])
        self.domain = snapshot["domain"]
        self.everyone = snapshot["accounts"]
        self.scoped = [
            account
            for account in self.everyone
            if in_bases(account["dn"], rules.ownership["bases"])
        ]
        self._spelled = {
            name: snapshot["schema"][name.casefold()]["name"]
            for name in (rules.key, rules.ownership["attribute"])
        }
        self._spelled |= {
            rule.attribute: snapshot["schema"][rule.attribute.casefold()]["name"]
            for rule in rules.fallbacks
        }
        self._key = self._spelled[rules.key]
        self._inside = self._index(self.scoped)
        self._outside = self._index(self.everyone) if len(self.scoped) < len(self.everyone) else {}

    def _index(self, accounts: list[dict]) -> dict[str, list[dict]]:
        index = {}
        for account in accounts:
            for value in account["attributes"].get(self._key, ()):
                index.setdefault(value.casefold(), []).append(account)
        return index

    def key_of(self, account: dict) -> str | None:
        """The account's key as the directory has it."""
        return next(iter(account["attributes"].get(self._key, ())), None)

    def mark_of(self, account: dict) -> dict | None:
        """The account's mark of ownership."""
        return mark_of(account, self._spelled[self.rules.ownership["attribute"]])

    def by_key(self, key: str) -> list[dict]:
        """The accounts with this key below our bases; those elsewhere only when there is none below them."""
        return self._inside.get(key.casefold()) or self._outside.get(key.casefold(), [])

    def by_name(self, name: str) -> list[dict]:
        """The accounts below our bases with this logon name, DN or objectGUID."""
        text = name.strip().casefold()
        return [
            account
            for account in self.scoped
            if text
            in (
                account["guid"],
                *(value.casefold() for value in account["attributes"].get("sAMAccountName", [])),
            )
            or ("=" in text and normal(account["dn"]) == normal(text))
        ]

    def by_fallbacks(self, people: list[dict], working: set[str] | None):
        """Yield (person, attribute, accounts) for each person whom a fallback finds.

        Accounts that have a key are nobody else's, unless ``working`` is given: then those are found too whose key none of
        the people who work here (keys in lower case) has.
        """
        indexes = {}
        for rule in self.rules.fallbacks:
            index = indexes[rule.attribute] = defaultdict(list)
            for account in self.scoped:
                key = self.key_of(account)
                if key is None or (working is not None and key.casefold() not in working):
                    for value in account["attributes"].get(self._spelled[rule.attribute], []):
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
            return finding(
                "protected", f"{account['dn']} is never touched: {reason}.", key=key, severity=INFO
            )
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

    def owned(self, seen: set[str]) -> list[dict]:
        """The accounts that carry the mark of this source, but for protected ones and those already seen (GUIDs)."""
        return [
            account
            for account in self.scoped
            if account["guid"] not in seen
            and (mark := self.mark_of(account))
            and mark["source"] == self.rules.source
            and not protection(account, self.privileged, self.domain)
        ]


def in_bases(dn: str, bases: list[str]) -> bool:
    """Whether the DN is below one of the bases (normal DNs); without bases every account of the domain is."""
    if not bases:
        return True
    name = normal(dn)
    return any(name.endswith("," + base) for base in bases)


def names_of(accounts: list[dict]) -> str:
    """The accounts' DNs for a message, the first five of them."""
    return "; ".join(account["dn"] for account in accounts[:5]) + (
        f" and {len(accounts) - 5} more" if len(accounts) > 5 else ""
    )
