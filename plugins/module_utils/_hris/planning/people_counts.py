# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many people and accounts there are in a plan: by state, as they were matched, and what limits
are taken of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from ..model.people import HELD, OUT_OF_SCOPE, STATES, Person
from ..model.plan import Change
from .adoption import adopted_by
from .deciding import PlannedSource
from .limits import ADOPTED, Population
from .only import Selection


class PeopleCounts(NamedTuple):
    """How many people and accounts there are."""

    states: dict[str, int]  # {state: people}
    matched: dict[str, int]  # {how people and accounts were matched: how many}
    populations: list[Population]  # one for each source


def count_people(
    planned: Sequence[PlannedSource], changes: Sequence[Change], selection: Selection | None
) -> PeopleCounts:
    """Count the people of a plan. selection: whose states are counted; None: those of all."""
    of_sources = [_states_of(one) for one in planned]
    populations = [
        _population_of(one, states, changes)
        for one, states in zip(planned, of_sources, strict=True)
    ]
    states = sum(of_sources, Counter())
    if selection is not None:
        states = _selected_states(planned, selection)
    shown = {state: states[state] for state in STATES if states[state]}
    return PeopleCounts(shown, _matched(planned, populations), populations)


def _states_of(one: PlannedSource) -> Counter[str]:
    """{state: how many} of all people of a source."""
    if not one.held:
        return Counter(map(attrgetter("state"), one.people))
    return Counter(_state(one, person) for person in one.people)


def _state(one: PlannedSource, person: Person) -> str:
    return HELD if person.key in one.held else person.state


def _selected_states(planned: Sequence[PlannedSource], selection: Selection) -> Counter[str]:
    """{state: how many} of the people of a selection."""
    return Counter(
        _state(one, person)
        for one in planned
        for person in one.people
        if selection.has(one.name, person.key)
    )


def _matched(planned: Sequence[PlannedSource], populations: Iterable[Population]) -> dict[str, int]:
    """How people and accounts were matched, how many were not, and how many of the accounts are
    adopted now.
    """
    counts: Counter[str] = Counter()
    unowned: set[str] = set()
    for one in planned:
        counts.update(one.correlation.matched)
        unowned |= one.correlation.unowned
    counts[ADOPTED] = sum(one.adopted for one in populations)
    found = {name: count for name, count in counts.items() if count or name != ADOPTED}
    return {**found, "accounts_without_person": len(unowned)}


def _population_of(
    one: PlannedSource, states: Counter[str], changes: Iterable[Change]
) -> Population:
    """What limits of a source are taken of. states: of all its people. changes: of the plan."""
    links = one.correlation.links
    outside = [person.key for person in one.people if person.state == OUT_OF_SCOPE]
    accounts = [links[key] for key in outside if key in links]
    return Population(
        people=states.total() - states[OUT_OF_SCOPE],
        owned=one.correlation.owned,
        absent=one.correlation.missing,
        adopted=len(adopted_by(changes, one.name, one.context.mark)),
        held=states[HELD],
        out_of_scope=sum(account.enabled for account in accounts),
    )
