# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which accounts a step of an orchestration is due for.

They get the accounts of a run, the ledger and the day. An occurrence says by what
a step is due: an event and its day, ``created@2026-03-02`` (``updated@2026-03-02#2`` for the
second one of that day), or a date of the account, ``end@2026-04-01``. A step is done once for each
account and occurrence. When the date of an account changes, that is another occurrence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any, NamedTuple

from ..data_class import frozen
from ..errors import HrisError, did_you_mean
from ..model.people import NOT_DUE
from ..option_names import option_name
from ..rules.expressions import Expression
from ..rules.times import days_later
from . import objects
from .outcome_file import OutcomeLine
from .step_ledger import DoneStep, EventDay, Ledger, account_id, person_id

EVENT = "event"
DATES = ("start", "end", "first_day_without_access")
REFERENCES = (EVENT, *DATES)  # what days are counted from


@frozen
class Step:
    """A step of an orchestration, compiled."""

    name: str
    events: tuple[str, ...]  # of objects.EVENTS; all of them when there are none
    when: Expression | None  # over the flat object
    days: int = 0  # after the reference, before it when negative
    reference: str = EVENT  # of REFERENCES
    not_due: bool = False  # whether it is for people who have no account yet, too


class Occurrence(NamedTuple):
    """An event or date that a step is counted from."""

    name: str
    day: date


def compile_step(options: dict[str, Any], has_ledger: bool) -> Step:
    """The step of the module's option ``step``. Raises HrisError for what cannot be computed."""
    name = options["name"]
    place = f"step '{name}'"
    after = options.get("after_days") or {}
    step = Step(
        name,
        tuple(options.get("events") or ()),
        objects.compile_when(options.get("when"), f"{place}, when"),
        after.get("days") or 0,
        after.get("of") or EVENT,
        bool(options.get("not_due")),
    )
    objects.check_events(step.events, f"{place}, events")
    _check_days(step, place)
    if step.not_due and step.reference == EVENT:
        raise HrisError(
            "people who are not due have no events",
            f"{place}, not_due",
            f"Count the days of after_days from one of {', '.join(DATES)}",
        )
    if not has_ledger:
        _check_without_ledger(step, place)
    return step


def _check_days(step: Step, place: str) -> None:
    if step.reference not in REFERENCES:
        raise HrisError(
            f"days cannot be counted from '{step.reference}'",
            f"{place}, after_days.of",
            did_you_mean(str(step.reference), REFERENCES),
        )
    if step.reference == EVENT and step.days < 0:
        raise HrisError(
            "a step cannot be due before an event, because events are not known in advance",
            f"{place}, after_days.days",
            f"Count from one of {', '.join(DATES)}",
        )


def _check_without_ledger(step: Step, place: str) -> None:
    if step.reference == EVENT and step.days:
        raise HrisError(
            "the day of an event is known from a ledger only", f"{place}, after_days", "Set ledger"
        )
    if step.reference != EVENT and step.events:
        raise HrisError(
            "the events of earlier runs are known from a ledger only",
            f"{place}, events",
            "Set ledger, or use when instead of events",
        )


def due_accounts(
    outcomes: list[OutcomeLine], step: Step, ledger: Ledger | None, today: date
) -> tuple[list[OutcomeLine], list[str]]:
    """(the accounts that the step is due for, each with its occurrences; why it is not known for
    others whether it is).

    ledger: with the events of this run in it. Without a ledger a step is due on the very day only.
    """
    due, problems = [], []
    for outcome in outcomes:
        if outcome.dn is None and outcome.state == NOT_DUE and not step.not_due:
            continue
        names = _due_occurrences(outcome, step, ledger, today)
        if not names:
            continue
        try:
            if step.when and not step.when.evaluate(objects.of_account(outcome)):
                continue
        except HrisError as error:
            problems.append(f"{objects.label(objects.of_account(outcome))}: {error}")
            continue
        due.append(replace(outcome, occurrences=names))
    return due, problems


def _due_occurrences(
    outcome: OutcomeLine, step: Step, ledger: Ledger | None, today: date
) -> list[str]:
    if ledger is None:
        return [
            occurrence.name
            for occurrence in _occurrences(outcome, step, _events_of_run(outcome, today))
            if days_later(occurrence.day, step.days) == today
        ]
    account = account_id(outcome)
    # Somebody may have been told of before there was an account
    ids = (account, person_id(outcome))
    # What became due before the ledger knew the step is not done.
    first_day = ledger.steps.get(step.name, today)
    return [
        occurrence.name
        for occurrence in _occurrences(outcome, step, ledger.events.get(account, {}))
        if first_day <= days_later(occurrence.day, step.days) <= today
        and not any(_is_settled(ledger, DoneStep(one, step.name, occurrence.name)) for one in ids)
    ]


def _is_settled(ledger: Ledger, one: DoneStep) -> bool:
    """Whether it was done, or may have been."""
    return one in ledger.done or one in ledger.unsure


def _events_of_run(outcome: OutcomeLine, today: date) -> dict[str, EventDay]:
    return {event: EventDay(today, 1) for event in outcome.events}


def _occurrences(outcome: OutcomeLine, step: Step, events: dict[str, EventDay]) -> list[Occurrence]:
    """The occurrences of the step for an account, due or not. events: those of the account."""
    if step.reference == EVENT:
        return [
            _event_occurrence(event, last)
            for event, last in events.items()
            if not step.events or event in step.events
        ]
    if step.events and events.keys().isdisjoint(step.events):
        return []
    day = _date(getattr(outcome, step.reference))
    return [Occurrence(f"{step.reference}@{day}", day)] if day else []


def _event_occurrence(event: str, last: EventDay) -> Occurrence:
    name = f"{event}@{last.day}"
    if last.number > 1:
        name += f"#{last.number}"
    return Occurrence(name, last.day)


def _date(text: object) -> date | None:
    """The day of a date or moment of the outcome; None when it is not one."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def day_of(as_of: str | None) -> date:
    """The day of the option as_of, which can be a moment; without it, today in UTC. Raises
    HrisError.
    """
    if not as_of:
        return datetime.now(timezone.utc).date()
    try:
        return date.fromisoformat(as_of[:10])
    except ValueError:
        raise HrisError(
            f"'{as_of}' is not a date", option_name("as_of"), "Write it as 2026-03-31"
        ) from None
