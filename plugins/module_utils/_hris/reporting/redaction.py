# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Personal values hidden in a report, wherever the plan repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..ad_values.dn import split
from ..errors import HrisError
from ..model.findings import Finding
from ..model.plan import Change, Plan, Provenance
from ..planning.saved_values import without_saved
from ..planning.summary import HIDDEN
from ..visible_text import shown_value, visible

# Hiding one of these attributes hides the name in DNs as well
NAMES = frozenset(("cn", "name", "displayname", "distinguishedname"))
GROUPS = frozenset(("memberof", "member"))
# The name of an object inside a sentence: the first RDNs of a DN
_NAME_IN_DN = re.compile(r"\bCN=(?:\\.|[^\\,;])+(?=,(?:CN|OU|DC)=)", re.IGNORECASE)
_WORDS_OF_A_PLACE = re.compile(r"[.\[\]]+")
_SHORTEST = 3  # characters; hiding a shorter value would hide parts of words

RulesBySource = Mapping[str, Mapping[str, Provenance]]  # {source: {attribute: where it is from}}


class Redaction:
    """What a report hides.

    attributes: names in any case whose values are hidden. labels: the attributes that give the
    names of people.
    """

    def __init__(self, attributes: Iterable[str], labels: Iterable[str] = ()):
        self.attributes = frozenset(name.casefold() for name in attributes)
        self.hides_dns = bool(self.attributes & NAMES)
        hidden = (label.casefold() in self.attributes for label in labels)
        self.hides_people = self.hides_dns or any(hidden)
        self.hides_groups = bool(self.attributes & GROUPS)

    def values(self, name: str, values: Sequence[str]) -> list[str]:
        """The values of an attribute as they may be shown."""
        if name.casefold() not in self.attributes:
            return [shown_value(self.sentence(without_saved(value))) for value in values]
        return [HIDDEN] if values else []

    def dn(self, dn: str) -> str:
        """The DN of an account as it may be shown."""
        if not dn or not self.hides_dns:
            return dn
        try:
            above = split(dn)[1]
        except HrisError:  # a text that is not a DN may be anything
            return HIDDEN
        return f"CN={HIDDEN},{above}"

    def group(self, dn: str) -> str:
        """The DN of a group as it may be shown."""
        if dn and self.hides_groups:
            return HIDDEN
        return dn

    def person(self, name: str | None) -> str | None:
        """The name of a person as it may be shown; None where it is hidden or not known."""
        if self.hides_people:
            return None
        return name

    def secrets(self, change: Change) -> set[str]:
        """The values of a change that may not be in any sentence about its account."""
        secrets: set[str] = set()
        for name, values in change.attributes.items():
            if name.casefold() in self.attributes:
                secrets.update(values.before, values.after)
        if self.hides_groups and change.group:
            secrets.add(change.group)
        if self.hides_people and change.name:
            secrets.add(change.name)
        if self.hides_dns:
            for dn in filter(None, (change.dn, change.to)):
                try:
                    secrets.add(split(dn)[0])
                except HrisError:
                    secrets.add(dn)
        return secrets

    def sentence(self, text: str, secrets: Iterable[str] = ()) -> str:
        """A text (a reason, a message) without the secrets.

        Where names are hidden, it is also without the names in DNs.
        """
        if self.hides_dns:
            text = _NAME_IN_DN.sub(f"CN={HIDDEN}", text)
        long_enough = [secret for secret in secrets if len(secret) >= _SHORTEST]
        long_enough = [*long_enough, *map(visible, long_enough)]  # as messages have them
        for secret in sorted(long_enough, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def finding(self, finding: Finding, rules: RulesBySource, secrets: Iterable[str]) -> Finding:
        """A finding as it may be shown.

        One about a hidden attribute may quote its values in any form: its message is hidden whole.
        rules: of the plan.
        """
        about = self._about(finding.place, rules.get(finding.source or "", {}))
        message = finding.message
        if about and HIDDEN not in message:
            message = f"This is about {about}, whose values are {HIDDEN} here."
        return replace(
            finding, message=self.sentence(message, secrets), name=self.person(finding.name)
        )

    def _about(self, place: str | None, rules: Mapping[str, Provenance]) -> str | None:
        """The hidden attribute that the place of a finding is about; None when there is none."""
        if not place or not self.attributes:
            return None
        for name, rule in rules.items():
            if name.casefold() in self.attributes and rule.place == place:
                return name
        for word in _WORDS_OF_A_PLACE.split(place):
            if word.casefold() in self.attributes:
                return word
        return None


def redaction_of(plan: Plan, redact: Iterable[str]) -> Redaction:
    """What a report on the plan hides: what the plan hides, and the attributes of redact."""
    return Redaction([*redact, *plan.redact], plan.labels)
