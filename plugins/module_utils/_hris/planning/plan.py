# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: everything that one run would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from ..ad_values.protection import Protected
from ..data_class import mutable
from ..model.directory import Account, Domain, Snapshot
from ..model.findings import Finding
from ..model.people import PersonId
from ..model.plan import Change, LimitVerdict, Owner, Plan, PlanDomain
from ..rules.people import SourcePeople
from ..rules.policies import Limits
from .all_changes import all_changes
from .allocations import allocations_of
from .allowed_actions import allowed
from .context import add_absent, contexts_of
from .correlation import correlate
from .deciding import PlannedSource, decide_all
from .deletion_protection import Protections, recycle_bin_findings, settle_protection
from .duplicate_values import duplicate_values
from .former_names import FormerNames
from .governed_groups import governed_group_findings
from .handed_on import Decided
from .labels import as_plain, own_findings, set_names
from .limits import Population, judge_limits, whole
from .lock_out_findings import lock_out_findings
from .missing_sources import accounts_of, left_out_finding
from .names_over_time import other_keys
from .only import Selection, findings_for, select, selection_of
from .open_access import locked_by, open_access
from .people_counts import count_people
from .permissions import owners_of, plan_ownership, protected_of
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
    draft = _draft(sources, snapshot, as_of, missing, protections, former)
    if only is not None:
        _select(draft, only, missing)
    _complete_findings(draft, snapshot, as_of, missing)
    planned, changes, decided = draft.planned, draft.changes, draft.decided
    counts = count_people(planned, changes, draft.selection)
    plan = Plan(
        sources=[one.name for one in planned],
        as_of=as_of.isoformat(),
        domain=plan_domain(snapshot.domain),
        changes=changes,
        findings=draft.findings,
        limits=_limits(planned, changes, counts.populations, limits or {}),
        people=counts.states,
        counts=dict(sorted(Counter(change.action for change in changes).items())),
        matched=counts.matched,
        left_out=list(missing),
        mark=planned[0].context.mark,
        ownership=plan_ownership(one.context for one in planned),
        owners=_owners(planned, changes, decided),
        only=list(draft.selection.names) if draft.selection else None,
        other_keys=other_keys(changes, decided) if draft.names_stay else {},
    )
    return Planned(plan, decided, _not_adopted_yet(planned))


@mutable
class _Draft:
    """A plan while it is made."""

    planned: list[PlannedSource]
    decided: list[Decided]
    changes: list[Change]
    findings: list[Finding]
    names_stay: bool  # with their owners, because there is a names ledger
    selection: Selection | None = None  # whose changes the plan has; None: everybody's


def _draft(
    sources: Sequence[SourcePeople],
    snapshot: Snapshot,
    as_of: datetime,
    left_out: Mapping[str, str],
    protections: Protections,
    former: FormerNames | None,
) -> _Draft:
    """What is decided for everybody, the changes that follow from it, and the findings."""
    rulesets = [source.rules for source in sources]
    protected = protected_of(snapshot, rulesets)
    stay = former is not None and former.has_ledger
    planned = _planned_sources(sources, snapshot, as_of, left_out, protected, stay)
    allocations = allocations_of(snapshot, rulesets, protected, former)
    decided = decide_all(planned, allocations, as_of)
    changes = all_changes(planned, decided, allocations, snapshot)
    changes, refused = allowed(changes, {rules.source: rules.actions for rules in rulesets})
    policies = {rules.source: rules.ownership.deletion_protection for rules in rulesets}
    changes, kept_there = settle_protection(changes, protections, policies)
    findings = _findings(planned, changes) + refused + kept_there
    findings += lock_out_findings(planned, snapshot.accounts, changes)
    return _Draft(planned, decided, changes, findings, stay)


def _select(draft: _Draft, only: Sequence[str], left_out: Mapping[str, str]) -> None:
    """Leave only what is about these people."""
    sources = ((one.name, one.people, one.correlation) for one in draft.planned)
    selection = selection_of(only, sources, draft.findings)
    part = select(draft.changes, selection, left_out)
    draft.selection, draft.changes = selection, part.changes
    draft.findings = findings_for(draft.findings, selection) + part.findings
    draft.decided = [
        one for one in draft.decided if selection.has(one.person.source, one.person.key)
    ]


def _complete_findings(
    draft: _Draft, snapshot: Snapshot, as_of: datetime, left_out: Mapping[str, str]
) -> None:
    """Add the findings about the whole plan and the names of people; take out what is silenced."""
    findings = draft.findings
    findings += recycle_bin_findings(draft.changes, snapshot.recycle_bin)
    findings += [left_out_finding(name, why) for name, why in left_out.items()]
    for one in draft.planned:
        set_names(draft.changes, findings, one.named, one.correlation.absent, one.context.rules)
    rulesets = [one.context.rules for one in draft.planned]
    today = as_of.date().isoformat()
    draft.findings = without_silenced(list(map(as_plain, findings)), rulesets, today)


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
