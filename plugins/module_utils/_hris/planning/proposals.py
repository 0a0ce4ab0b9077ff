# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which accounts of nobody may be those of people, and how sure that is. Nothing is linked by it.

Accounts are indexed by each of their texts, so that no person is compared with every account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..data_class import mutable
from ..model.directory import Account, AttributeDefinition
from ..model.people import Person
from ..rules.proposals import ProposalRule, Texts

CERTAIN = 100  # the highest confidence
SHOWN = 5  # proposals for one person
# Accounts with one text: more have a number of the switchboard or an address of a shared mailbox.
# Such a text finds nobody, but it counts where another one has found the account.
MANY = 20


class Proposal(NamedTuple):
    """An account that may be that of a person."""

    account: Account
    confidence: int  # 0 to CERTAIN
    agree: tuple[str, ...]  # the names of the rules that agree
    differ: tuple[str, ...]  # those of the rules that count against it


@mutable
class Proposed:
    """The proposals for one person, the best one first."""

    person: Person
    proposals: list[Proposal]
    is_clear: bool = False  # nobody else, and no other account, is as good as the first one


class NobodysAccounts:
    """The accounts of nobody, by their texts."""

    def __init__(
        self,
        accounts: Iterable[Account],
        rules: Sequence[ProposalRule],
        schema: Mapping[str, AttributeDefinition],
    ):
        """schema: {attribute in lower case: definition}."""
        self._rules = rules
        self._accounts: dict[str, Account] = {}
        self._texts: dict[str, list[Texts]] = {}
        self._index: list[dict[str, list[str]]] = [defaultdict(list) for _rule in rules]
        spelled = {name: schema[name.casefold()].name for rule in rules for name in rule.attributes}
        for account in accounts:
            self._add(account, spelled)

    def _add(self, account: Account, spelled: Mapping[str, str]) -> None:
        values = account.attributes
        texts = [
            rule.texts_of_values(lambda name: values.get(spelled[name], ())) for rule in self._rules
        ]
        self._accounts[account.guid], self._texts[account.guid] = account, texts
        for index, found in zip(self._index, texts, strict=True):
            for text in found:
                index[text].append(account.guid)

    def proposals_for(self, person: Person, least: int) -> list[Proposal]:
        """The accounts with at least this confidence, the best one first."""
        texts = [rule.texts_of_record(person.record) for rule in self._rules]
        guids: dict[str, None] = {}
        for index, found in zip(self._index, texts, strict=True):
            for text in found:
                same = index.get(text, ())
                if len(same) <= MANY:
                    guids.update(dict.fromkeys(same))
        proposals = [self._proposal(guid, texts) for guid in guids]
        shown = [one for one in proposals if one.confidence >= least]
        return sorted(shown, key=lambda one: (-one.confidence, one.account.dn.casefold()))

    def _proposal(self, guid: str, texts: Sequence[Texts]) -> Proposal:
        agree, differ, confidence = [], [], 0
        for rule, of_person, of_account in zip(self._rules, texts, self._texts[guid], strict=True):
            if of_person & of_account:
                agree.append(rule.name)
                confidence += rule.weight
            elif rule.against and of_person and of_account:
                differ.append(rule.name)
                confidence -= rule.against
        confidence = max(0, min(CERTAIN, confidence))
        return Proposal(self._accounts[guid], confidence, tuple(agree), tuple(differ))


def propose(people: Iterable[Person], accounts: NobodysAccounts, least: int) -> list[Proposed]:
    """The proposals for people, of those who have any."""
    found = [Proposed(person, accounts.proposals_for(person, least)) for person in people]
    return [one for one in found if one.proposals]


def settle(found: Sequence[Proposed]) -> None:
    """Note whose first proposal is the best one, for the person and for the account."""
    wanting: dict[str, list[int]] = defaultdict(list)
    for one in found:
        for proposal in one.proposals:
            wanting[proposal.account.guid].append(proposal.confidence)
    for one in found:
        first = one.proposals[0]
        others = [two.confidence for two in one.proposals[1:]]
        rivals = sorted(wanting[first.account.guid])[:-1]
        one.is_clear = max([*others, *rivals], default=-1) < first.confidence
