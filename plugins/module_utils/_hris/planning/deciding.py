# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decisions for all people of all sources, in an order that does not depend on the feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ..data_class import field, mutable
from ..errors import HrisError, foreseen
from ..model.directory import Account
from ..model.findings import Finding, held
from ..model.people import HELD, OUT_OF_SCOPE, Person, precedence
from .allocations import Allocations
from .context import Context
from .correlation import Correlation
from .decisions import decide, lock_only, release
from .handed_on import Decided, not_handed_on, note_lost_addresses
from .identity_checks import IdentityError
from .lifecycle_steps import absent_person, out_of_scope_person
from .ownership import DISABLED, mark_of
from .taken_names import HandedOn

ATTEMPTS = 5  # after them, nothing that is given up in this run is free


@mutable
class PlannedSource:
    """One source while its plan is made."""

    context: Context
    people: list[Person]
    correlation: Correlation
    findings: list[Finding]
    held: set[str] = field(default_factory=set)  # keys of people who were held only here

    @property
    def name(self) -> str:
        """The name of the source."""
        return self.context.rules.source

    @property
    def named(self) -> Iterator[Person]:
        """Everybody who can be named in a change or a finding."""
        yield from self.people
        yield from (person for person, _account in self.correlation.to_lock)


def decide_all(
    sources: Sequence[PlannedSource], allocations: Allocations, as_of: datetime
) -> list[Decided]:
    """What is decided for everybody; the findings about those who are held are added to the
    sources.

    People are taken in the order of the feeds, as they are in memory, because nearly nobody
    changes. Only those who need a name or a place wait until the others are done, and are taken by
    precedence.
    """
    found = _Found()
    waiting: list[tuple[PlannedSource, Person]] = []
    for source in sources:
        blocked = source.correlation.blocked
        for person in source.people:
            if person.key in blocked or (person.state == HELD and not person.has_left):
                continue
            if not _decide_one(source, allocations, person, found, False):
                waiting.append((source, person))
    found.note()
    decided = found.decided
    if waiting:
        decided += _decide_waiting(waiting, allocations)
    for source in sources:
        decided += _decide_to_lock(source, allocations)
    for source in sources:
        decided += _decide_absent(source, allocations, as_of)
    return decided


@mutable
class _Found:
    """Decisions, and who is held, before they are noted in the sources."""

    decided: list[Decided] = field(default_factory=list)
    held: list[tuple[PlannedSource, str, Finding]] = field(default_factory=list)

    def note(self) -> None:
        """Note in the sources who is held."""
        for source, key, finding in self.held:
            source.findings.append(finding)
            source.held.add(key)


def _decide_waiting(
    waiting: list[tuple[PlannedSource, Person]], allocations: Allocations
) -> list[Decided]:
    """The decisions for those who need a name, a place or a value that must be unique.

    What existing accounts give up in this run is free for other existing accounts, so that two can
    exchange their names. Whether they really give it up is only known at the end: where one does
    not, all is decided once more without it.
    """
    waiting.sort(key=lambda pair: precedence(pair[1]))
    kept: set[HandedOn] = set()
    for attempt in range(ATTEMPTS + 1):
        found, trial = _Found(), allocations.fork()
        if attempt < ATTEMPTS:
            for source, person in waiting:
                account = source.correlation.links.get(person.key)
                if account:
                    person = _judged(source, person, account)
                    release(source.context, trial, person, account)
            trial.names.keep(kept)
        for source, person in waiting:
            _decide_one(source, trial, person, found, True)
        missing = not_handed_on(trial.names.handed_on, found.decided)
        if not missing:
            break
        kept |= missing
    allocations.adopt(trial)
    found.note()
    note_lost_addresses(trial.names.handed_on, found.decided)
    return found.decided


def _judged(source: PlannedSource, person: Person, account: Account) -> Person:
    """The person; somebody out of scope as the rules for that say."""
    if person.state != OUT_OF_SCOPE:
        return person
    mark = mark_of(account, source.context.mark)
    is_ours = mark is not None and mark.state == DISABLED
    if account.enabled or is_ours:
        return out_of_scope_person(person, mark, source.context.rules.scope.leaving)
    return person


def _decide_one(
    source: PlannedSource,
    allocations: Allocations,
    person: Person,
    found: _Found,
    may_allocate: bool,
) -> bool:
    """Add the decision for a person, or the finding that holds the person; False for one who has to
    wait.
    """
    context, correlation = source.context, source.correlation
    account = correlation.links.get(person.key)
    if account and person.state == OUT_OF_SCOPE:
        person = _judged(source, person, account)
    try:
        decision = foreseen(decide, context, allocations, person, account, may_allocate)
    except HrisError as error:
        found.held.append((source, person.key, _held(error, person.key)))
        leaver = person if person.has_left else correlation.former.get(person.key)
        if account and leaver:
            allocations.place(leaver, account, account.dn)
            lock = lock_only(leaver, account, context.sources[leaver.source])
            found.decided.append(Decided(leaver, account, lock))
        return True
    if decision is None:
        return False
    found.decided.append(Decided(person, account, decision))
    if account is None or decision.dn != account.dn:
        allocations.place(person, account, decision.dn)
    return True


def _held(error: HrisError, key: str) -> Finding:
    finding = held(error, key)
    if isinstance(error, IdentityError):
        finding.kind = error.kind
    return finding


def _decide_to_lock(source: PlannedSource, allocations: Allocations) -> list[Decided]:
    """What is done to the accounts of joined people who have several: those of keys whose records
    have all ended are locked, and nothing else is written.
    """
    decided = []
    for person, account in source.correlation.to_lock:
        allocations.place(person, account, account.dn)
        context = source.context.sources[person.source]
        decided.append(Decided(person, account, lock_only(person, account, context)))
    return decided


def _decide_absent(
    source: PlannedSource, allocations: Allocations, as_of: datetime
) -> list[Decided]:
    """What is done to the accounts of people who are not in the feed."""
    context, correlation = source.context, source.correlation
    decided = []
    today = as_of.date().isoformat()
    for account in correlation.absent:
        mark = mark_of(account, context.mark)
        key = correlation.keys[account.guid]
        if mark is None:
            continue  # cannot be: only an account with our mark is absent
        person = absent_person(key, mark, today, context.rules.absent)
        decision = decide(context, allocations, person, account)
        if decision is not None:
            decided.append(Decided(person, account, decision))
    return decided
