# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Personal values hidden in a report, wherever the plan repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..ad_values.dn import split
from ..errors import HrisError
from ..planning.summary import HIDDEN

# Who hides one of these does not want the name to stand in the DN either.
NAMES = frozenset(("cn", "name", "displayname", "distinguishedname"))
GROUPS = frozenset(("memberof", "member"))
# The name of an object inside a sentence: what stands before the OUs of a DN
_NAME_IN_DN = re.compile(r"\bCN=(?:\\.|[^\\,;])+(?=,(?:CN|OU|DC)=)", re.IGNORECASE)
_SHORTEST = 3  # characters; a shorter value would hide letters inside of words


def hidden_of(plan: dict, redact: Iterable[str]) -> list[str]:
    """The attributes that a report on the plan hides: those of the report, and those that the plan hides itself."""
    return [*redact, *(plan.get("redact") or ())]


class Redaction:
    """attributes: names whose values are hidden, in any case. Names of persons in DNs and groups follow from them."""

    def __init__(self, attributes: Iterable[str]):
        self.attributes = frozenset(name.casefold() for name in attributes)
        self.hides_names = bool(self.attributes & NAMES)
        self.hides_groups = bool(self.attributes & GROUPS)

    def values(self, name: str, values: list) -> list[str]:
        """The values of an attribute as they may be shown."""
        if name.casefold() in self.attributes:
            return [HIDDEN] if values else []
        return [self.sentence(str(value)) for value in values]

    def dn(self, dn: str | None) -> str:
        """The DN of an account as it may be shown."""
        if not dn or not self.hides_names:
            return dn or ""
        try:
            above = split(dn)[1]
        except HrisError:  # what is no DN may be anything
            return HIDDEN
        return f"CN={HIDDEN},{above}"

    def group(self, dn: str) -> str:
        """The DN of a group as it may be shown."""
        return HIDDEN if self.hides_groups else dn

    def secrets(self, change: dict) -> set[str]:
        """The values of a change that must not stand in any sentence about its account."""
        found = set()
        for name, values in change.get("attributes", {}).items():
            if name.casefold() in self.attributes:
                found.update(
                    str(value) for value in (*values.get("before", ()), *values.get("after", ()))
                )
        if self.hides_groups and change.get("group"):
            found.add(change["group"])
        if self.hides_names:
            for dn in filter(None, (change.get("dn"), change.get("to"))):
                try:
                    found.add(split(dn)[0])
                except HrisError:
                    found.add(dn)
        return found

    def sentence(self, text: str | None, secrets: Iterable[str] = ()) -> str:
        """A text (a reason, a message) without the secrets and, where names are hidden, without the names in DNs."""
        text = text or ""
        if self.hides_names:
            text = _NAME_IN_DN.sub(f"CN={HIDDEN}", text)
        for secret in sorted(
            (one for one in secrets if len(one) >= _SHORTEST), key=len, reverse=True
        ):
            text = text.replace(secret, HIDDEN)
        return text

    def about(self, place: str | None, rules: dict) -> str | None:
        """The hidden attribute that a finding's place is about; None when it is about none.

        rules: {attribute: {"place"}} of the plan.
        """
        if not place or not self.attributes:
            return None
        for name, rule in rules.items():
            if name.casefold() in self.attributes and rule.get("place") == place:
                return name
        return next(
            (word for word in re.split(r"[.\[\]]+", place) if word.casefold() in self.attributes),
            None,
        )

    def finding(self, entry: dict, rules: dict, secrets: Iterable[str]) -> dict:
        """A finding as it may be shown. One about a hidden attribute quotes its values in any form: its message is hidden whole."""
        about = self.about(entry.get("place"), rules)
        message = entry.get("message") or ""
        if about and HIDDEN not in message:
            message = (
                f"This is about {about}, whose values are {HIDDEN}; the plan file has the message."
            )
        return entry | {"message": self.sentence(message, secrets)}
