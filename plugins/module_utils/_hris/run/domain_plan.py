# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a domain: of all sources, or of those that are left when a bad one is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from ..data_class import frozen
from ..errors import HrisError
from ..model.directory import Snapshot
from ..model.plan import Change, Plan
from ..option_names import option_name
from ..planning.deletion_protection import Protections
from ..planning.former_names import FormerNames
from ..planning.open_access import waiting_locks
from ..planning.plan import Planned, make_plan
from ..planning.plan_file import digest_of
from ..planning.risk import assess_risks
from ..rules.people import SourcePeople, people_of_sources
from ..rules.policies import Limits
from .source_options import LEAVE_OUT, CheckedFeed

MOST_ROUNDS = 20  # plans that are made because of names in the forest


@frozen
class DomainPolicy:
    """What the options say about the domain as a whole."""

    as_of: datetime
    limits: Limits
    on_bad_source: str  # STOP or LEAVE_OUT
    approved_digest: str | None
    judge: Callable[[Plan], None]  # judges the limits again with what other runs have written
    only: Sequence[str] | None  # whom the run is for, as of planning/only.py; None: everybody


class NamesToGive(NamedTuple):
    """Which names may not be given although nobody in the domain has them."""

    former: FormerNames | None
    # Asks the forest for the names that changes give: whether one is in use there
    are_elsewhere: Callable[[Sequence[Change]], bool]


@frozen
class DomainPlan:
    """The plan of a domain, and what it was made from."""

    planned: Planned
    people: Sequence[SourcePeople]
    feeds: Sequence[CheckedFeed]  # of the sources that are in the plan


def plan_domain(
    feeds: Sequence[CheckedFeed],
    left_out: Mapping[str, str],
    snapshot: Snapshot,
    policy: DomainPolicy,
    protections: Protections,
    names: NamesToGive,
) -> DomainPlan:
    """The plan of these sources, with risks. left_out: {source whose feed cannot be used: why}.
    protections: which accounts are protected from accidental deletion. names: which names may not
    be given.

    Where bad sources are left out, one that is over its own limits is left out as well, unless the
    plan is the approved one. Then the plan is made again without it.
    """
    missing = dict(left_out)
    while True:
        people = people_of_sources([checked.feed for checked in feeds], policy.as_of)
        for source, checked in zip(people, feeds, strict=True):
            source.findings += checked.guard.findings
        planned = _with_free_names(
            partial(
                make_plan,
                people,
                snapshot,
                policy.as_of,
                policy.limits,
                missing,
                protections,
                policy.only,
                names.former,
            ),
            names,
        )
        policy.judge(planned.plan)
        _assess(planned, people, snapshot)
        over = {one.source: one.message for one in planned.plan.limits if one.exceeded}
        over.pop(None, None)
        rest = [checked for checked in feeds if checked.feed.rules.source not in over]
        if policy.on_bad_source != LEAVE_OUT or not over or not rest:
            return DomainPlan(planned, people, feeds)
        if policy.approved_digest and policy.approved_digest == digest_of(planned.plan):
            return DomainPlan(planned, people, feeds)
        missing |= {name or "": why for name, why in over.items()}
        feeds = rest


def _with_free_names(plan: Callable[[], Planned], names: NamesToGive) -> Planned:
    """A plan with names that nobody in the forest has: made again while somebody has one."""
    for _round in range(MOST_ROUNDS):
        planned = plan()
        if not names.are_elsewhere(planned.plan.changes):
            return planned
    raise HrisError(
        f"{MOST_ROUNDS} plans were made, and each gives a name that is in use in the forest",
        option_name("naming.candidates"),
        "Add a candidate that fewer people share",
    )


def _assess(planned: Planned, sources: Sequence[SourcePeople], snapshot: Snapshot) -> None:
    """Assess the risk of each change, and say which locks wait for approval because of it."""
    plan = planned.plan
    for source in sources:
        rules = source.rules
        own = [change for change in plan.changes if change.source == rules.source]
        assess_risks(own, source.people, rules.risk, snapshot.groups)
        if rules.risk.hold:
            people = [one.person for one in planned.decided if one.person.source == rules.source]
            plan.findings += waiting_locks(people, own)
