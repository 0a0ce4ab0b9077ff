# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A forecast: the plan of each of the next days, over the directory as the day before left it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from ..data_class import frozen
from ..model import actions
from ..model.directory import Snapshot
from ..model.findings import Finding, identity
from ..model.plan import Change
from ..model.plan_json import Json, finding_to_json, plain
from ..planning.former_names import FormerNames
from ..planning.labels import from_source
from ..planning.names_over_time import note_names
from ..planning.plan import make_plan
from ..planning.step_days import DatedStep, due_on
from ..planning.summary import finding_line
from ..rules.people import Feed, SourcePeople, people_of_sources
from ..rules.policies import Limits
from .application import apply_simulated


@frozen
class ForecastChange:
    """A change without the values of attributes."""

    source: str | None  # of the person
    key: str | None  # of the person
    action: str
    dn: str
    to: str | None  # the DN afterwards
    group: str | None  # the DN of the group
    reason: str
    attributes: list[str] | None  # update: names


@frozen
class ForecastDay:
    """One day."""

    day: str  # ISO 8601
    counts: dict[str, int]  # {action: how many changes}
    changes: list[ForecastChange]
    findings: list[Finding]  # those that the day before did not have
    stopped: list[str]  # the message of each limit that would stop the run
    steps: dict[str, int]  # {step that is due by a date: for how many people}

    @property
    def is_empty(self) -> bool:
        """Whether nothing happens on this day."""
        return not (self.changes or self.findings or self.stopped or self.steps)


def forecast(
    feeds: Sequence[Feed],
    snapshot: Snapshot,
    start: datetime,
    days: int,
    limits: Limits | None = None,
    former: FormerNames | None = None,
    steps: Mapping[str, Sequence[DatedStep]] = MappingProxyType({}),
) -> Iterator[ForecastDay]:
    """Yield the day of start and the ``days`` after it.

    The days after one that a limit would stop go on as if that run had been approved. The feeds of
    all sources of the domain, checked by check_feed, are taken to stay as they are. start: an aware
    moment; every day is computed for the same time of day. limits: of the whole domain. former:
    names that may not be given although nobody has them. steps: {source: those that are counted
    from dates}.
    """
    ledger = former.ledger.copy() if former and former.ledger else None
    known: set[tuple[str | None, ...]] = set()
    for number in range(days + 1):
        moment = start + timedelta(days=number)
        names = former.on(moment.date(), ledger) if former else None
        people = people_of_sources(feeds, moment)
        plan = make_plan(people, snapshot, moment, limits, former=names).plan
        yield ForecastDay(
            day=moment.date().isoformat(),
            counts=plan.counts,
            changes=[_without_values(change) for change in plan.changes],
            findings=[finding for finding in plan.findings if identity(finding) not in known],
            stopped=[verdict.message for verdict in plan.limits if verdict.exceeded],
            steps=_steps_due(steps, people, moment.date().isoformat()),
        )
        known = {identity(finding) for finding in plan.findings}
        snapshot = apply_simulated(snapshot, plan.changes)
        if ledger:
            note_names(ledger, plan, plan.changes, moment.date().isoformat())


def _steps_due(
    steps: Mapping[str, Sequence[DatedStep]], sources: Iterable[SourcePeople], day: str
) -> dict[str, int]:
    found: dict[str, int] = {}
    for source in sources:
        for name, count in due_on(steps.get(source.rules.source, ()), source.people, day).items():
            found[name] = found.get(name, 0) + count
    return found


def _without_values(change: Change) -> ForecastChange:
    names = None
    if change.action == actions.UPDATE:
        names = list(change.attributes)
    return ForecastChange(
        source=change.source,
        key=change.key,
        action=change.action,
        dn=change.dn,
        to=change.to,
        group=change.group,
        reason=change.reason,
        attributes=names,
    )


def lines_of(day: ForecastDay, sources: Sequence[str]) -> list[str]:
    """A day for reading, a line for each change; nothing for an empty day. sources: all of them."""
    if day.is_empty:
        return []
    counts = ", ".join(f"{count} {action}" for action, count in day.counts.items())
    head = f"{day.day}: {counts or 'nothing to change'}"
    number = len(day.findings)
    if number == 1:
        head += "; 1 new finding"
    elif number:
        head += f"; {number} new findings"
    return [
        head,
        *(f"  the run would stop: {message}" for message in day.stopped),
        *(f"  {_change_line(change, sources)}" for change in day.changes),
        *(f"  {finding_line(finding, sources)}" for finding in day.findings),
        *(f"  step {name} is due for {_people(count)}" for name, count in day.steps.items()),
    ]


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _change_line(change: ForecastChange, sources: Sequence[str]) -> str:
    person = change.key and from_source(change.key, change.source, sources)
    text = " ".join(filter(None, (change.action, person, change.dn)))
    if change.to:
        text += f" → {change.to}"
    elif change.group:
        arrow = "→" if change.action == actions.GROUP_ADD else "←"
        text += f" {arrow} {change.group}"
    elif change.attributes:
        text += f" ({', '.join(change.attributes)})"
    return f"{text}: {change.reason}"


def records_of(day: ForecastDay) -> Iterator[Json]:
    """A day as the lines of a file. Each has the day and its ``type``: limit, change, finding or
    step.
    """
    for message in day.stopped:
        yield {"day": day.day, "type": "limit", "message": message}
    for change in day.changes:
        yield {"day": day.day, "type": "change", **_change_to_json(change)}
    for finding in day.findings:
        yield {"day": day.day, "type": "finding", **finding_to_json(finding)}
    for name, count in day.steps.items():
        yield {"day": day.day, "type": "step", "step": name, "people": count}


def _change_to_json(change: ForecastChange) -> Json:
    """The change; what does not concern its action is left out."""
    data = plain(change)
    always = ("source", "key")
    return {name: value for name, value in data.items() if value is not None or name in always}
