# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account is whose: by the key, by a link that a human made, then by the fallbacks. Ambiguity is never guessed at."""

from __future__ import annotations

from collections import Counter, defaultdict

from ..model.findings import INFO, WARNING, finding
from ..rules.lifecycle_state import EMPLOYED, HELD
from ..rules.people import precedence
from ..rules.ruleset import Ruleset
from .account_index import Accounts, names_of
from .ownership import DISABLED


def correlate(people: list[dict], snapshot: dict, rules: Ruleset, today: str) -> dict:
    """Link people to accounts.

    Returns {"links": {key: account}, "blocked": {key, …} people who get neither an account nor a change,
    "absent": [account, …] accounts of this source that no employee has, "keys": {guid: their key}, "missing": how many of
    them are not locked already, "owned": how many accounts the source has, "matched": {how: count}, "findings": […]}.
    """
    accounts = Accounts(snapshot, rules)
    match = _Match(accounts, rules)
    exceptions = {
        entry["key"].casefold(): entry
        for entry in rules.exceptions
        if not entry["until"] or today <= entry["until"]
    }
    unmatched = [
        person
        for person in people
        if not match.by_exception(person, exceptions) and not match.by_key(person)
    ]
    match.by_fallbacks(sorted(unmatched, key=precedence), people)
    match.settle(people)
    absent = accounts.owned(match.seen)
    missing = [
        account
        for account in absent
        if accounts.mark_of(account)["state"] != DISABLED or account["enabled"]
    ]
    match.findings += [
        finding(
            "absent",
            f"no employee has the key of {account['dn']}. Absent is not terminated: see the rules for absent.",
            key=accounts.key_of(account),
            place=rules.key,
            severity=WARNING,
        )
        for account in missing
    ]
    counts = {name: count for name, count in match.counts.items() if count}
    unowned = sum(1 for account in accounts.scoped if account["guid"] not in match.seen) - len(
        absent
    )
    return {
        "links": match.links
        if not match.blocked
        else {key: account for key, account in match.links.items() if key not in match.blocked},
        "blocked": match.blocked,
        "absent": absent,
        "keys": {account["guid"]: accounts.key_of(account) for account in absent},
        "missing": len(missing),
        "owned": len(absent) + len(match.links),
        "matched": counts
        | {
            "people_without_account": len(people) - len(match.links),
            "accounts_without_person": unowned + len(absent),
        },
        "findings": match.findings,
    }


class _Match:
    """The state of one correlation."""

    def __init__(self, accounts: Accounts, rules: Ruleset):
        self.accounts, self.rules = accounts, rules
        self.links, self.blocked, self.findings, self.seen = {}, set(), [], set()
        self.counts = {"by_key": 0, "by_link": 0, "by_fallback": 0}

    def _found(
        self, person: dict, matches: list[dict], how: str, what: str, place: str, advice: str
    ) -> bool:
        """Note what was found for a person; False when it is nothing."""
        for account in matches:
            self.seen.add(account["guid"])
        if len(matches) == 1:
            self.links[person["key"]] = matches[0]
            self.counts[how] += 1
        elif matches:
            self._block(
                person,
                "double_account",
                f"{len(matches)} accounts have {what}: {names_of(matches)}. None is touched; {advice}.",
                place,
            )
        return bool(matches)

    def _block(
        self, person: dict, kind: str, message: str, place: str | None, severity: str = "error"
    ) -> None:
        self.blocked.add(person["key"])
        self.findings.append(
            finding(kind, message, key=person["key"], place=place, severity=severity)
        )

    def by_exception(self, person: dict, exceptions: dict) -> bool:
        """Follow what a human has laid down for this key; False when that is nothing."""
        entry = exceptions.get(person["key"].casefold()) if exceptions else None
        if entry is None:
            return False
        until = f" until {entry['until']}" if entry["until"] else ""
        if entry["action"] == "exclude":
            self.seen.update(account["guid"] for account in self.accounts.by_key(person["key"]))
            self._block(
                person, "excluded", f"left alone{until}: {entry['reason']}.", "exceptions", INFO
            )
            return True
        matches = self.accounts.by_name(entry["account"])
        if not self._found(
            person,
            matches,
            "by_link",
            f"the name {entry['account']}",
            "exceptions",
            "name one by its objectGUID",
        ):
            self._block(
                person,
                "missing_link",
                f"there is no account {entry['account']} below our bases, to which this employee is linked{until}. Mend the exception.",
                "exceptions",
            )
        return True

    def by_key(self, person: dict) -> bool:
        """Look for the person's key; False when no account has it."""
        return self._found(
            person,
            self.accounts.by_key(person["key"]),
            "by_key",
            "this key",
            self.rules.key,
            "clear the key on all but one",
        )

    def by_fallbacks(self, unmatched: list[dict], people: list[dict]) -> None:
        """Look in the ways of the fallbacks for those whose key no account has.

        Where the rules allow to relink, an account that has the key of nobody who works here is found, too: it is the
        person's under a former key.
        """
        relink = bool(self.rules.relink and self.rules.fallbacks)
        working = (
            {person["key"].casefold() for person in people if person["state"] in EMPLOYED}
            if relink
            else None
        )
        former = {account["guid"]: key for key, account in self.links.items()} if relink else {}
        for person, attribute, matches in self.accounts.by_fallbacks(unmatched, working):
            for match in matches:
                key = former.pop(match["guid"], None)
                if key is not None:
                    del self.links[key]
                    self.counts["by_key"] -= 1
            self._found(
                person,
                matches,
                "by_fallback",
                f"the same {attribute}",
                attribute,
                "write the key on the right one",
            )

    def _shared(self) -> dict[str, list[str]]:
        """{guid: keys} of the accounts that were found for several people."""
        times = Counter(account["guid"] for account in self.links.values())
        if len(times) == len(self.links):
            return {}
        holders = defaultdict(list)
        for key, account in self.links.items():
            if times[account["guid"]] > 1:
                holders[account["guid"]].append(key)
        return holders

    def settle(self, people: list[dict]) -> None:
        """Block the people whose account was found for somebody else as well, or is not ours to touch."""
        holders = self._shared()
        for person in people:
            account = self.links.get(person["key"])
            if account is None:
                continue
            keys = holders.get(account["guid"])
            if keys:
                self._block(
                    person,
                    "double_employee",
                    f"{account['dn']} was found for the employees {', '.join(sorted(keys))}. It is not touched; "
                    "write the key of the right one on it.",
                    self.rules.key,
                )
            elif person["state"] != HELD:
                problem = self.accounts.refusal(account, person)
                if problem:
                    self.blocked.add(person["key"])
                    self.findings.append(problem)
