# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A domain that has accounts already, before anything is written: which account is whose, and how
that is known; who has none, and which accounts are nobody's.

It is the correlation of a run. Only the proposals are more than a run knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ..ad_values.protection import Protected, protection
from ..model.directory import Account, Snapshot
from ..model.findings import ERROR, INFO, WARNING, Finding
from ..model.people import EMPLOYED, OUT_OF_SCOPE, Person
from ..option_names import option_name, with_options
from ..rules.people import SourcePeople
from .adoption import NOT_ADOPTED_YET
from .checks import check_known
from .contact_lines import (
    ABSENT,
    BY_MARK,
    MATCHED,
    NO_ACCOUNT,
    SECOND_ACCOUNT,
    UNOWNED,
    ContactLine,
    FirstContact,
    alike_words,
    counts_of,
)
from .context import contexts_of
from .correlation import Correlation, correlate
from .labels import namer
from .matching import BY_KEY, BY_LINK
from .open_access import open_access
from .ownership import mark_of
from .permissions import protected_of
from .proposals import NobodysAccounts, Proposal, Proposed, propose, settle


def first_contact(
    sources: Sequence[SourcePeople], snapshot: Snapshot, as_of: datetime, least: int
) -> FirstContact:
    """Compare people and accounts. least: the lowest confidence of a proposal.

    Raises HrisError for rules that do not fit this directory.
    """
    rulesets = [one.rules for one in sources]
    protected = protected_of(snapshot, rulesets)
    contexts = contexts_of(snapshot, rulesets, protected)
    _check_proposals(sources, snapshot)
    correlations = correlate(sources, snapshot, as_of.date().isoformat(), protected)
    found = FirstContact(
        [rules.source for rules in rulesets], as_of.isoformat(), snapshot.domain.name
    )
    mark = next(context.mark for context in contexts.values())
    parts = [
        _Part(source, correlation, snapshot, protected, mark)
        for source, correlation in zip(sources, correlations, strict=True)
    ]
    for part in parts:
        part.propose(least)
    settle([one for part in parts for one in part.proposed.values()])
    told: set[str] = set()  # objectGUIDs of accounts of nobody that have a line already
    for part in parts:
        found.lines += [*part.matched(), *part.blocked(), *part.open_access()]
        found.lines += part.without_account()
        found.lines += part.second_accounts(told)
    for part in parts:
        found.lines += part.of_nobody(told)
    found.counts = counts_of(found.lines)
    return found


def _check_proposals(sources: Iterable[SourcePeople], snapshot: Snapshot) -> None:
    for source in sources:
        for number, rule in enumerate(source.rules.proposals):
            for name in rule.attributes:
                place = option_name(f"correlation.proposals[{number}]")
                check_known(name, place, snapshot.schema)


class _Part:
    """The lines of one source."""

    def __init__(
        self,
        source: SourcePeople,
        correlation: Correlation,
        snapshot: Snapshot,
        protected: Protected,
        mark: str,
    ):
        """mark: the attribute of the mark, as the directory spells it."""
        self._source, self._correlation, self._mark = source, correlation, mark
        self._snapshot, self._protected = snapshot, protected
        self._name, self._rules = namer(source.rules), source.rules
        self._key = snapshot.schema[source.rules.key.casefold()].name
        self._people = {person.key: person for person in source.people}
        self.proposed: dict[str, Proposed] = {}  # {key: …} of people without an account
        self._alike: list[Proposed] = []  # of those who have one

    def _line(
        self, person: Person, kind: str, severity: str, message: str, account: Account | None
    ) -> ContactLine:
        return ContactLine(
            kind,
            severity,
            message,
            self._rules.source,
            person.key,
            self._name(person),
            person.state,
            self._how(person, account) if account else "",
            account,
        )

    def _how(self, person: Person, account: Account) -> str:
        known = self._correlation.how.get(person.key)
        if known:
            return known[0]
        keys = {key.casefold() for key in person.keys}
        values = account.attributes.get(self._key, ())
        return BY_KEY if any(value.casefold() in keys for value in values) else BY_MARK

    def matched(self) -> Iterator[ContactLine]:
        """Those whose account is certain: a run follows it, or adopts it later."""
        for key, account in self._correlation.links.items():
            person = self._people[key]
            severity, what = INFO, "a run adopts it"
            if mark_of(account, self._mark):
                what = "it has a mark"
            if person.has_left and account.enabled:
                severity, what = WARNING, "the person has left, and a run disables it"
            yield self._line(person, MATCHED, severity, self._found(person, account, what), account)
        for key, account in self._correlation.not_adopted_yet.items():
            person = self._people[key]
            what = with_options("it is not adopted yet ({ownership.adopt_when})")
            message = self._found(person, account, what)
            yield self._line(person, NOT_ADOPTED_YET, INFO, message, account)

    def _found(self, person: Person, account: Account, what: str) -> str:
        how = self._how(person, account)
        where = self._correlation.how.get(person.key, (how, self._rules.key))[1]
        words = {
            BY_KEY: f"the same {self._rules.key}",
            BY_LINK: f"linked in {option_name('exceptions')}",
            BY_MARK: "its mark has the key",
        }
        return f"{account.dn}: {words.get(how, f'the same {where}')}; {what}."

    def blocked(self) -> Iterator[ContactLine]:
        """What a run says about people and accounts for whom it does nothing, with a line for each
        account.
        """
        for finding in (*self._source.findings, *self._correlation.findings):
            if finding.kind == ABSENT:
                continue  # of_nobody has it
            person = self._people.get(finding.key or "")
            if person is None:
                yield self._of_finding(finding)
                continue
            why = self._correlation.blocked.get(finding.key or "")
            accounts: Sequence[Account | None] = (None,)
            if why and why.accounts:
                accounts = why.accounts
            for account in accounts:
                yield self._line(person, finding.kind, finding.severity, finding.message, account)

    def open_access(self) -> Iterator[ContactLine]:
        """Who has left, and whose open account no run locks."""
        links = self._correlation.links.items()
        locked = {account.guid for key, account in links if self._people[key].has_left}
        for finding in open_access(self._source.people, self._correlation, locked):
            yield self._of_finding(finding)

    def _of_finding(self, finding: Finding) -> ContactLine:
        name, state = None, ""
        person = self._people.get(finding.key or "")
        if person:
            name, state = self._name(person), person.state
        return ContactLine(
            finding.kind,
            finding.severity,
            finding.message,
            self._rules.source,
            finding.key,
            name,
            state,
        )

    def propose(self, least: int) -> None:
        """Look for accounts of nobody that are like people. least: the lowest confidence."""
        free = [one for one in self._accounts() if self._refusal(one) is None]
        if not free:
            return
        accounts = NobodysAccounts(free, self._rules.proposals, self._snapshot.schema)
        alone = [
            one
            for one in self._source.people
            if one.state != OUT_OF_SCOPE and not self._has_account(one)
        ]
        others = [one for one in self._source.people if self._has_account(one)]
        self.proposed = {one.person.key: one for one in propose(alone, accounts, least)}
        self._alike = propose(others, accounts, least)

    def _has_account(self, person: Person) -> bool:
        return person.key in self._correlation.links or person.key in self._correlation.blocked

    def without_account(self) -> Iterator[ContactLine]:
        """Those without an account, with the accounts of nobody that may be theirs."""
        for person in self._source.people:
            if self._has_account(person):
                continue
            one = self.proposed.get(person.key)
            if one:
                yield self._proposed(person, one.proposals, one.is_clear)
            elif person.state in EMPLOYED:
                message = "no account was found, and none is like this person: a run creates one."
                yield self._line(person, NO_ACCOUNT, INFO, message, None)

    def second_accounts(self, told: set[str]) -> Iterator[ContactLine]:
        """The accounts of nobody that are like somebody who has another one. told: objectGUIDs of
        accounts that have a line already; those of these are added.
        """
        best: dict[str, tuple[Person, Proposal]] = {}
        for one in self._alike:
            for proposal in one.proposals:
                known = best.get(proposal.account.guid)
                if known is None or known[1].confidence < proposal.confidence:
                    best[proposal.account.guid] = (one.person, proposal)
        for guid, (person, proposal) in best.items():
            if guid not in told:
                told.add(guid)
                message = f"{alike_words(proposal)} may be a second account of this person."
                line = self._line(person, SECOND_ACCOUNT, WARNING, message, None)
                line.account = proposal.account
                yield line

    def _proposed(
        self, person: Person, proposals: Sequence[Proposal], is_clear: bool
    ) -> ContactLine:
        first = proposals[0]
        severity = WARNING
        message = f"no account was found. {alike_words(first)} may be it."
        if len(proposals) > 1:
            message += f" {len(proposals) - 1} more may be."
        if person.has_left and any(one.account.enabled for one in proposals):
            severity = ERROR
            message += " The person has left, and can still log on if it is."
        line = self._line(person, NO_ACCOUNT, severity, message, None)
        line.proposals, line.is_clear = proposals, is_clear
        return line

    def of_nobody(self, told: set[str]) -> Iterator[ContactLine]:
        """The accounts below the bases that are nobody's. told: objectGUIDs of those that another
        source has told of.
        """
        for account in self._accounts():
            if account.guid in told:
                continue
            told.add(account.guid)
            message = f"{account.dn} belongs to no employee"
            mark = mark_of(account, self._mark)
            if mark:
                message += f", although it has the mark of the source '{mark.source}'"
            refusal = self._refusal(account)
            if refusal:
                message += f". It is never changed: {refusal}"
            yield ContactLine(UNOWNED, INFO, f"{message}.", self._rules.source, account=account)

    def _accounts(self) -> Iterator[Account]:
        """The accounts below the bases that no person has."""
        unowned = self._correlation.unowned
        return (one for one in self._snapshot.accounts if one.guid in unowned)

    def _refusal(self, account: Account) -> str | None:
        return protection(account, self._protected, self._snapshot.domain)
