# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: everything that one run would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from ..ad_values.dn import normal
from ..ad_values.protection import Protected
from ..errors import HrisError, foreseen
from ..model import actions
from ..model.directory import Account, Domain, Snapshot
from ..model.findings import Finding, held
from ..model.people import LEAVER, STATES, Person, PersonId, precedence
from ..model.plan import Change, LimitVerdict, Owner, Plan, PlanDomain
from ..rules.mapping import references_of
from ..rules.people import SourcePeople
from ..rules.policies import Limits
from .account_changes import changes_of
from .allocations import Allocations, allocations_of
from .allowed_actions import allowed
from .context import add_absent, contexts_of
from .correlation import correlate
from .deciding import PlannedSource, decide_all
from .decisions import lock_only
from .deletion_protection import Protections, recycle_bin_findings, settle_protection
from .dependencies import independent_of
from .duplicate_values import duplicate_values
from .former_names import FormerNames
from .governed_groups import governed_group_findings
from .handed_on import Decided
from .labels import as_plain, own_findings, set_names
from .limits import Population, judge_limits, whole
from .lock_out_findings import lock_out_findings
from .missing_sources import accounts_of, left_out_finding, without_taking
from .names_over_time import other_keys
from .only import Selection, findings_for, select, selection_of
from .open_access import locked_by, open_access
from .people_counts import matched, population_of, selected_states, states_of
from .permissions import owners_of, plan_ownership, protected_of
from .places import KnownObjects, PeopleByAccount, Places, ReferredAccounts
from .silenced_findings import without_silenced


class Planned(NamedTuple):
    """A plan, and what it was made from."""

    plan: Plan
    decided: list[Decided]  # without the people who are held
    not_adopted_yet: Mapping[PersonId, Account]  # whose accounts a later run adopts


def make_plan(
    sources: Sequence[SourcePeople],
    snapshot: Snapshot,
    as_of: datetime,
    limits: Limits | None = None,
    left_out: Mapping[str, str] | None = None,
    protections: Protections = lambda _changes: {},
    only: Sequence[str] | None = None,
    former: FormerNames | None = None,
) -> Planned:
    """Compare the people of all sources of a domain with the directory.

    limits: of the whole domain. protections: which accounts are protected from accidental
    deletion. left_out: {source whose feed cannot be used: why}. only: whose changes the plan has,
    as of only.py; None: everybody's. former: names that may not be given although nobody has them.
    Leavers come first among the changes, so that a run which ends early has locked them. Raises
    HrisError where the rules do not fit this directory (a missing attribute, OU or group): no plan
    could be trusted then.
    """
    missing = left_out or {}
    rulesets = [source.rules for source in sources]
    protected = protected_of(snapshot, rulesets)
    stay = former is not None and former.has_ledger
    planned = _planned_sources(sources, snapshot, as_of, missing, protected, stay)
    allocations = allocations_of(snapshot, rulesets, protected, former)
    decided = decide_all(planned, allocations, as_of)
    changes = _container_changes(allocations)
    changes += _all_changes(planned, _places(snapshot, planned, allocations), decided)
    changes, refused = allowed(changes, {one.name: one.context.rules.actions for one in planned})
    policies = {rules.source: rules.ownership.deletion_protection for rules in rulesets}
    changes, kept_there = settle_protection(changes, protections, policies)
    findings = _findings(planned, changes) + refused + kept_there
    findings += lock_out_findings(planned, snapshot.accounts, changes)
    selection = _selection(only, planned, findings)
    if selection is not None:
        part = select(changes, selection, missing)
        changes, findings = part.changes, findings_for(findings, selection) + part.findings
        decided = [one for one in decided if selection.has(one.person.source, one.person.key)]
    findings += recycle_bin_findings(changes, snapshot.recycle_bin)
    findings += [left_out_finding(name, why) for name, why in missing.items()]
    for one in planned:
        set_names(changes, findings, one.named, one.correlation.absent, one.context.rules)
    findings = without_silenced(list(map(as_plain, findings)), rulesets, as_of.date().isoformat())
    states = [states_of(one) for one in planned]
    people = sum(states, Counter()) if selection is None else selected_states(planned, selection)
    populations = [
        population_of(one, two, changes) for one, two in zip(planned, states, strict=True)
    ]
    plan = Plan(
        sources=[one.name for one in planned],
        as_of=as_of.isoformat(),
        domain=plan_domain(snapshot.domain),
        changes=changes,
        findings=findings,
        limits=_limits(planned, changes, populations, limits or {}),
        people={state: people[state] for state in STATES if people[state]},
        counts=dict(sorted(Counter(change.action for change in changes).items())),
        matched=matched(planned, populations),
        left_out=list(missing),
        mark=planned[0].context.mark,
        ownership=plan_ownership(one.context for one in planned),
        owners=_owners(planned, changes, decided),
        only=list(selection.names) if selection else None,
        other_keys=other_keys(changes, decided) if stay else {},
    )
    return Planned(plan, decided, _not_adopted_yet(planned))


def _not_adopted_yet(planned: Sequence[PlannedSource]) -> dict[PersonId, Account]:
    """The accounts that a later run adopts, of all sources."""
    return {
        PersonId(one.name, key): account
        for one in planned
        for key, account in one.correlation.not_adopted_yet.items()
    }


def _planned_sources(
    sources: Sequence[SourcePeople],
    snapshot: Snapshot,
    as_of: datetime,
    left_out: Mapping[str, str],
    protected: Protected,
    names_stay: bool,
) -> list[PlannedSource]:
    today = as_of.date().isoformat()
    contexts = contexts_of(snapshot, [one.rules for one in sources], protected, names_stay)
    correlations = correlate(sources, snapshot, today, protected)
    absent = [account for one in correlations for account in one.absent]
    mark = next(context.mark for context in contexts.values())
    elsewhere = accounts_of(left_out, snapshot, mark)
    add_absent(contexts, [*absent, *elsewhere], snapshot.deleted, today)
    return [
        PlannedSource(
            contexts[source.rules.source],
            source.people,
            correlation,
            [
                *source.findings,
                *correlation.findings,
                *duplicate_values(
                    contexts[source.rules.source],
                    source.people,
                    correlation.links,
                    snapshot.accounts,
                ),
            ],
            {key for key, why in correlation.blocked.items() if why.kind == "held"},
        )
        for source, correlation in zip(sources, correlations, strict=True)
    ]


def plan_domain(domain: Domain) -> PlanDomain:
    """The domain as a plan names it."""
    return PlanDomain(domain.name, domain.dn, domain.server)


def _owners(
    planned: Sequence[PlannedSource], changes: Sequence[Change], decided: Sequence[Decided]
) -> dict[str, Owner]:
    """Whose accounts the changes are about."""
    changed = {change.guid for change in changes}
    accounts = (
        (one.person.source, one.account)
        for one in decided
        if one.account and one.account.guid in changed
    )
    return owners_of(accounts, {one.name: one.context for one in planned})


def _findings(planned: Sequence[PlannedSource], changes: Sequence[Change]) -> list[Finding]:
    """The findings of all sources, each with its source."""
    locked = locked_by(changes)
    found: list[Finding] = []
    for one in planned:
        one.findings += open_access(one.people, one.correlation, locked)
        one.findings += governed_group_findings(one.context)
        for finding in one.findings:
            finding.source = one.name
        found += own_findings(one.findings)
    return found


def _selection(
    only: Sequence[str] | None, planned: Sequence[PlannedSource], findings: Sequence[Finding]
) -> Selection | None:
    if only is None:
        return None
    sources = ((one.name, one.people, one.correlation) for one in planned)
    return selection_of(only, sources, findings)


def _limits(
    planned: Sequence[PlannedSource],
    changes: Sequence[Change],
    populations: Sequence[Population],
    limits: Limits,
) -> list[LimitVerdict]:
    """The verdicts for the limits of each source, and for those of the whole domain."""
    verdicts = judge_limits(limits, changes, whole(populations), None)
    for one, population in zip(planned, populations, strict=True):
        own = [change for change in changes if change.source == one.name]
        verdicts += judge_limits(one.context.rules.limits, own, population, one.name)
    return verdicts


def _places(
    snapshot: Snapshot, planned: Sequence[PlannedSource], allocations: Allocations
) -> Places:
    links = {one.name: one.correlation.referable for one in planned}
    moved = allocations.places
    lines = [line for one in planned for line in references_of(one.context.rules.mapping)]
    attributes = [line.account for line in lines if line.account]
    referred = ReferredAccounts(snapshot, attributes, links, moved)
    known = KnownObjects(snapshot, links, moved)
    people = PeopleByAccount([(one.people, one.name, one.held) for one in planned], links)
    return Places(links, moved, referred, known, people)


def _container_changes(allocations: Allocations) -> list[Change]:
    """The OUs to create, the upper ones first."""
    wanted = allocations.new_containers
    return [
        Change(actions.CREATE_OU, wanted[dn], None, None, dn, "placement")
        for dn in sorted(wanted, key=_depth_and_name)
    ]


def _depth_and_name(dn: str) -> tuple[int, str]:
    name = normal(dn)
    return name.count(","), name


def _all_changes(
    planned: Sequence[PlannedSource], places: Places, decided: Sequence[Decided]
) -> list[Change]:
    """The changes of all people, leavers first, otherwise by precedence: the same for any order of
    the feeds.
    """
    sources = {one.name: one for one in planned}
    changing = []
    left: list[Change] = []
    for person, account, decision in decided:
        one = sources[person.source]
        try:
            changes, findings = foreseen(changes_of, one.context, places, person, account, decision)
        except HrisError as error:
            findings = [held(error, person.key)]
            one.held.add(person.key)
            changes = _lock(one, places, person, account)
            left += _not_created(person, account, decision.dn)
        one.findings += findings
        if changes and account:
            changes, taking = without_taking(changes, account, one.context)
            left += taking
        if changes:
            changing.append((person, changes))
    changing.sort(key=lambda pair: (pair[0].state != LEAVER, precedence(pair[0])))
    kept = [change for _person, changes in changing for change in changes]
    return independent_of(kept, left, lambda change: change.dn).changes if left else kept


def _lock(
    one: PlannedSource, places: Places, person: Person, account: Account | None
) -> list[Change]:
    """The lock of somebody for whom nothing else can be planned; nothing for others. Where it
    cannot be planned either, open_access says so.
    """
    if account is None or not person.has_left:
        return []
    try:
        decision = lock_only(person, account, one.context)
        return foreseen(changes_of, one.context, places, person, account, decision)[0]
    except HrisError:
        return []


def _not_created(person: Person, account: Account | None, dn: str) -> list[Change]:
    """The account that others may name, and that this run does not create."""
    if account:
        return []
    return [Change(actions.CREATE, person.source, person.key, None, dn, "held")]
