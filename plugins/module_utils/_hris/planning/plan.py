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
from ..model import actions
from ..model.directory import Domain, Snapshot
from ..model.findings import Finding
from ..model.people import HELD, LEAVER, OUT_OF_SCOPE, STATES, precedence
from ..model.plan import Change, LimitVerdict, Plan, PlanDomain
from ..rules.mapping import references_of
from ..rules.people import SourcePeople
from ..rules.policies import Limits
from .account_changes import changes_of
from .allocations import Allocations, allocations_of
from .allowed_actions import allowed
from .context import add_absent, contexts_of
from .correlation import correlate
from .deciding import Decided, PlannedSource, decide_all
from .dependencies import independent_of
from .labels import as_plain, set_names
from .limits import Population, judge_limits, whole
from .missing_sources import accounts_of, left_out_finding, without_taking
from .open_access import locked_by, open_access
from .places import Places, ReferredAccounts


class Planned(NamedTuple):
    """A plan, and what it was made from."""

    plan: Plan
    decided: list[Decided]  # without the people who are held


def make_plan(
    sources: Sequence[SourcePeople],
    snapshot: Snapshot,
    as_of: datetime,
    limits: Limits | None = None,
    left_out: Mapping[str, str] | None = None,
) -> Planned:
    """Compare the people of all sources of a domain with the directory.

    limits: of the whole domain. left_out: {source whose feed cannot be used: why}. Leavers come
    first among the changes, so that a run which ends early has locked them. Raises HrisError where
    the rules do not fit this directory (a missing attribute, OU or group): no plan could be trusted
    then.
    """
    missing = left_out or {}
    planned = _planned_sources(sources, snapshot, as_of, missing)
    allocations = allocations_of(snapshot, [source.rules for source in sources])
    decided = decide_all(planned, allocations, as_of)
    changes = _container_changes(allocations)
    changes += _all_changes(planned, _places(snapshot, planned, allocations), decided)
    changes, refused = allowed(changes, {one.name: one.context.rules.actions for one in planned})
    findings = _findings(planned, changes) + refused
    findings += [left_out_finding(name, why) for name, why in missing.items()]
    for one in planned:
        set_names(changes, findings, one.named, one.correlation.absent, one.context.rules)
    findings = list(map(as_plain, findings))
    states = [_states(one) for one in planned]
    people: Counter[str] = sum(states, Counter())
    populations = [_population(one, two) for one, two in zip(planned, states, strict=True)]
    plan = Plan(
        sources=[one.name for one in planned],
        as_of=as_of.isoformat(),
        domain=plan_domain(snapshot.domain),
        changes=changes,
        findings=findings,
        limits=_limits(planned, changes, populations, limits or {}),
        people={state: people[state] for state in STATES if people[state]},
        counts=dict(sorted(Counter(change.action for change in changes).items())),
        matched=_matched(planned),
        left_out=list(missing),
        mark=planned[0].context.mark,
    )
    return Planned(plan, decided)


def _planned_sources(
    sources: Sequence[SourcePeople],
    snapshot: Snapshot,
    as_of: datetime,
    left_out: Mapping[str, str],
) -> list[PlannedSource]:
    today = as_of.date().isoformat()
    contexts = contexts_of(snapshot, [source.rules for source in sources])
    correlations = correlate(sources, snapshot, today)
    absent = [account for one in correlations for account in one.absent]
    mark = next(context.mark for context in contexts.values())
    elsewhere = accounts_of(left_out, snapshot, mark)
    add_absent(contexts, [*absent, *elsewhere], snapshot.deleted, today)
    return [
        PlannedSource(
            contexts[source.rules.source],
            source.people,
            correlation,
            source.findings + correlation.findings,
        )
        for source, correlation in zip(sources, correlations, strict=True)
    ]


def plan_domain(domain: Domain) -> PlanDomain:
    """The domain as a plan names it."""
    return PlanDomain(domain.name, domain.dn, domain.server)


def _findings(planned: Sequence[PlannedSource], changes: Sequence[Change]) -> list[Finding]:
    """The findings of all sources, each with its source."""
    locked = locked_by(changes)
    found: list[Finding] = []
    for one in planned:
        one.findings += open_access(one.people, one.correlation, locked)
        for finding in one.findings:
            finding.source = one.name
        found += one.findings
    return found


def _states(one: PlannedSource) -> Counter[str]:
    states: Counter[str] = Counter()
    for person in one.people:
        states[HELD if person.key in one.held else person.state] += 1
    return states


def _matched(planned: Sequence[PlannedSource]) -> dict[str, int]:
    """How people and accounts were matched, and how many were not."""
    matched: Counter[str] = Counter()
    unowned: set[str] = set()
    for one in planned:
        matched.update(one.correlation.matched)
        unowned |= one.correlation.unowned
    return {**matched, "accounts_without_person": len(unowned)}


def _population(one: PlannedSource, states: Counter[str]) -> Population:
    links = one.correlation.links
    outside = [person.key for person in one.people if person.state == OUT_OF_SCOPE]
    accounts = [links[key] for key in outside if key in links]
    return Population(
        people=states.total() - states[OUT_OF_SCOPE],
        owned=one.correlation.owned,
        absent=one.correlation.missing,
        held=states[HELD],
        out_of_scope=sum(account.enabled for account in accounts),
    )


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
    links, moved = {one.name: one.correlation.links for one in planned}, allocations.places
    lines = [line for one in planned for line in references_of(one.context.rules.mapping)]
    attributes = [line.account for line in lines if line.account]
    return Places(links, moved, ReferredAccounts(snapshot, attributes, links, moved))


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
        changes, findings = changes_of(one.context, places, person, account, decision)
        one.findings += findings
        if changes and account:
            changes, taking = without_taking(changes, account, one.context)
            left += taking
        if changes:
            changing.append((person, changes))
    changing.sort(key=lambda pair: (pair[0].state != LEAVER, precedence(pair[0])))
    kept = [change for _person, changes in changing for change in changes]
    return independent_of(kept, left, lambda change: change.dn).changes if left else kept
