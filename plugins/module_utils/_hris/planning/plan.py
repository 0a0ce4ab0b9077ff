# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: everything that one run would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ..ad_values.dn import normal
from ..errors import HrisError
from ..model import actions
from ..model.directory import Account, Domain, Snapshot
from ..model.findings import Finding, held
from ..model.people import HELD, LEAVER, OUT_OF_SCOPE, STATES, Person, precedence
from ..model.plan import Change, Plan, PlanDomain
from ..rules.mapping import references_of
from ..rules.people import SourcePeople
from ..rules.ruleset import Ruleset
from .account_changes import changes_of
from .allocations import Allocations, allocations_of
from .allowed_actions import allowed
from .context import Context, context_of, with_absent
from .correlation import Correlation, correlate
from .decisions import Decision, decide, lock_only
from .identity_checks import IdentityError
from .labels import set_names
from .lifecycle_steps import absent_person, out_of_scope_person
from .limits import Population, judge_limits
from .open_access import open_access
from .ownership import DISABLED, mark_of
from .places import Places, ReferredAccounts


class Decided(NamedTuple):
    """What was decided for one person."""

    person: Person
    account: Account | None
    decision: Decision


class Planned(NamedTuple):
    """A plan, and what it was made from."""

    plan: Plan
    decided: list[Decided]  # without the people who are held


def make_plan(source: SourcePeople, snapshot: Snapshot, as_of: datetime) -> Planned:
    """Compare the people of a source with the directory.

    Leavers come first among the changes, so that a run which ends early has locked them. Raises
    HrisError where the rules do not fit this directory (a missing attribute, OU or group): no plan
    could be trusted then.
    """
    rules, people = source.rules, source.people
    context = context_of(snapshot, rules)
    allocations = allocations_of(snapshot, rules)
    correlation = correlate(people, snapshot, rules, as_of.date().isoformat())
    context = with_absent(context, correlation.absent, as_of.date().isoformat())
    findings = source.findings + correlation.findings
    decided, held_now = _decide_all(context, allocations, people, correlation)
    findings += held_now
    decided += _decide_to_lock(context, allocations, correlation)
    decided += _decide_absent(context, allocations, correlation, as_of)
    changes = _container_changes(allocations)
    changes += _all_changes(
        context, _places(snapshot, rules, correlation, allocations), decided, findings
    )
    if rules.actions is not None:
        changes, refused = allowed(changes, rules.actions)
        findings += refused
    findings += open_access(people, correlation, changes)
    named = [*people, *(person for person, _account in correlation.to_lock)]
    set_names(changes, findings, named, correlation.absent, rules)
    states = _states(people, {finding.key for finding in held_now})
    counts = Counter(change.action for change in changes)
    plan = Plan(
        source=rules.source,
        as_of=as_of.isoformat(),
        domain=plan_domain(snapshot.domain),
        changes=changes,
        findings=findings,
        limits=judge_limits(rules.limits, changes, _population(states, people, correlation)),
        people={state: states[state] for state in STATES if states[state]},
        counts=dict(sorted(counts.items())),
        matched=correlation.matched,
    )
    return Planned(plan, decided)


def plan_domain(domain: Domain) -> PlanDomain:
    """The domain as a plan names it."""
    return PlanDomain(domain.name, domain.dn, domain.server)


def _states(people: Iterable[Person], held_now: set[str | None]) -> Counter[str]:
    states: Counter[str] = Counter()
    for person in people:
        states[HELD if person.key in held_now else person.state] += 1
    return states


def _places(
    snapshot: Snapshot, rules: Ruleset, correlation: Correlation, allocations: Allocations
) -> Places:
    links, moved = correlation.links, allocations.places
    attributes = [line.account for line in references_of(rules.mapping) if line.account]
    return Places(links, moved, ReferredAccounts(snapshot, attributes, links, moved))


def _population(
    states: Counter[str], people: Iterable[Person], correlation: Correlation
) -> Population:
    outside = [person.key for person in people if person.state == OUT_OF_SCOPE]
    accounts = [correlation.links[key] for key in outside if key in correlation.links]
    return Population(
        people=states.total() - states[OUT_OF_SCOPE],
        owned=correlation.owned,
        absent=correlation.missing,
        held=states[HELD],
        out_of_scope=sum(account.enabled for account in accounts),
    )


def _decide_all(
    context: Context, allocations: Allocations, people: list[Person], correlation: Correlation
) -> tuple[list[Decided], list[Finding]]:
    """(what is decided, a finding for each person who is held).

    People are taken in the order of the feed, as they are in memory, because nearly nobody changes.
    Only those who need a name or a place wait until the others are done, and are taken by
    precedence.
    """
    decided: list[Decided] = []
    findings: list[Finding] = []
    waiting: list[Person] = []
    blocked = correlation.blocked
    for person in people:
        if person.key in blocked or (person.state == HELD and not person.has_left):
            continue
        if not _decide_one(context, allocations, person, correlation, decided, findings, False):
            waiting.append(person)
    for person in sorted(waiting, key=precedence):
        _decide_one(context, allocations, person, correlation, decided, findings, True)
    return decided, findings


def _decide_one(
    context: Context,
    allocations: Allocations,
    person: Person,
    correlation: Correlation,
    decided: list[Decided],
    findings: list[Finding],
    may_allocate: bool,
) -> bool:
    """Add the decision for a person, or the finding that holds the person; False for one who has to
    wait.
    """
    account = correlation.links.get(person.key)
    mark = mark_of(account, context.mark) if account else None
    is_ours = mark is not None and mark.state == DISABLED
    if account and person.state == OUT_OF_SCOPE and (account.enabled or is_ours):
        person = out_of_scope_person(person, mark, context.rules.scope.leaving)
    try:
        decision = decide(context, allocations, person, account, may_allocate)
    except HrisError as error:
        findings.append(_held(error, person.key))
        leaver = person if person.has_left else correlation.former.get(person.key)
        if account and leaver:
            allocations.place(leaver.key, account, account.dn)
            decided.append(Decided(leaver, account, lock_only(leaver, account, context)))
        return True
    if decision is None:
        return False
    decided.append(Decided(person, account, decision))
    allocations.place(person.key, account, decision.dn)
    return True


def _held(error: HrisError, key: str) -> Finding:
    finding = held(error, key)
    if isinstance(error, IdentityError):
        finding.kind = error.kind
    return finding


def _decide_to_lock(
    context: Context, allocations: Allocations, correlation: Correlation
) -> list[Decided]:
    """What is done to the accounts of joined people who have several: those of keys whose records
    have all ended are locked, and nothing else is written.
    """
    decided = []
    for person, account in correlation.to_lock:
        allocations.place(person.key, account, account.dn)
        decided.append(Decided(person, account, lock_only(person, account, context)))
    return decided


def _decide_absent(
    context: Context, allocations: Allocations, correlation: Correlation, as_of: datetime
) -> list[Decided]:
    """What is done to the accounts of people who are not in the feed."""
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


def _container_changes(allocations: Allocations) -> list[Change]:
    """The OUs to create, the upper ones first."""
    return [
        Change(actions.CREATE_OU, None, None, dn, "placement")
        for dn in sorted(allocations.new_containers, key=_depth_and_name)
    ]


def _depth_and_name(dn: str) -> tuple[int, str]:
    name = normal(dn)
    return name.count(","), name


def _all_changes(
    context: Context, places: Places, decided: list[Decided], findings: list[Finding]
) -> list[Change]:
    """The changes of all people, leavers first, otherwise by precedence: the same for any order of
    the feed.
    """
    changing = []
    for person, account, decision in decided:
        changes, more = changes_of(context, places, person, account, decision)
        findings += more
        if changes:
            changing.append((person, changes))
    changing.sort(key=lambda pair: (pair[0].state != LEAVER, precedence(pair[0])))
    return [change for _person, changes in changing for change in changes]
