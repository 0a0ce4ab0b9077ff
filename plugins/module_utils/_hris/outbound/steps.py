# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which accounts a step of an orchestration is due for. Pure: the outcome, the ledger and the day go in, nothing is waited for.

An occurrence names what makes a step due: an event and its day, created@2026-03-02 (updated@2026-03-02#2 for the second one of that
day), or a date of the account, locked@2026-04-01. A step is done once for each account and occurrence; when the date moves, it is
another occurrence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..errors import HrisError, did_you_mean
from ..rules.expressions import Expression
from ..rules.times import days_later
from . import objects

DATES = ("start", "end", "locked")
OF = ("event", *DATES)


@dataclass(frozen=True)
class Step:
    """A step as the administrator wrote it. of: what `days` are counted from, "event" or one of DATES."""

    name: str
    events: tuple
    when: Expression | None
    days: int = 0
    of: str = "event"


def compile_step(given: dict, has_ledger: bool) -> Step:
    """The step. Raises HrisError for one that cannot be computed."""
    place = f"step '{given['name']}'"
    objects.check_events(given.get("events"), f"{place}, events")
    after = given.get("after_days") or {}
    days, of = after.get("days") or 0, after.get("of") or "event"
    if of not in OF:
        raise HrisError(
            f"there is no '{of}' to count days from",
            f"{place}, after_days.of",
            did_you_mean(str(of), OF),
        )
    if of == "event" and days < 0:
        raise HrisError(
            "nothing is done before an event that is not foreseen",
            f"{place}, after_days.days",
            f"Count from one of {', '.join(DATES)}",
        )
    if not has_ledger and of == "event" and days:
        raise HrisError(
            "only a ledger knows when an event was", f"{place}, after_days", "Set the ledger"
        )
    if not has_ledger and of != "event" and given.get("events"):
        raise HrisError(
            "only a ledger knows of events before this run",
            f"{place}, events",
            "Set the ledger, or say when instead of events",
        )
    return Step(
        given["name"],
        tuple(given.get("events") or ()),
        objects.condition(given.get("when"), f"{place}, when"),
        days,
        of,
    )


def identity(line: dict) -> str:
    """What a ledger knows an account by: its GUID; before it has one (in check mode) its source and key."""
    return line.get("guid") or f"{line.get('source')}:{line.get('key')}"


def due(lines: list[dict], step: Step, ledger: dict | None, today: date) -> list[dict]:
    """The lines that the step is due for, each with "occurrences", what it is due by.

    ledger: of ledger.read, with the events of this run in it; None for none: then on the very day only.
    """
    found = []
    for line in lines:
        occurrences = _occurrences(line, step, ledger, today)
        if occurrences and (step.when is None or step.when.evaluate(objects.flat(line))):
            found.append({**line, "occurrences": occurrences})
    return found


def _occurrences(line: dict, step: Step, ledger: dict | None, today: date) -> list[str]:
    found = []
    for name, day in (
        _event_days(line, step, ledger, today) if step.of == "event" else _dates(line, step, ledger)
    ):
        moment = days_later(day, step.days)
        if ledger is None:
            ready = moment == today
        else:
            ready = (
                _since(step, ledger, today) <= moment <= today
                and (identity(line), step.name, name) not in ledger["done"]
            )
        if ready:
            found.append(name)
    return found


def _event_days(line: dict, step: Step, ledger: dict | None, today: date):
    """[(occurrence, its day)] of the events that the step waits for; of all events when it names none."""
    known = (
        ledger["events"].get(identity(line), {})
        if ledger is not None
        else dict.fromkeys(line.get("events") or (), (today, 1))
    )
    return [
        (f"{event}@{day}" + (f"#{number}" if number > 1 else ""), day)
        for event, (day, number) in known.items()
        if not step.events or event in step.events
    ]


def _dates(line: dict, step: Step, ledger: dict | None):
    if step.events and not set(step.events) & set(ledger["events"].get(identity(line), {})):
        return []
    day = _day(line.get(step.of))
    return [(f"{step.of}@{day}", day)] if day else []


def _since(step: Step, ledger: dict, today: date) -> date:
    """The day that the ledger first met the step: what was due before it is not made up for."""
    return ledger["steps"].get(step.name, today)


def _day(text) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None
