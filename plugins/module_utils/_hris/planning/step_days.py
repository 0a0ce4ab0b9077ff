# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On which days the steps are due that are counted from a date of a person.

Only dates are looked at: whether the condition of a step holds, or it is done already, is known
when the day has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..data_class import frozen
from ..model.people import HELD, OUT_OF_SCOPE, Person
from ..rules.times import days_later

DATES = ("start", "end", "first_day_without_access")
# The option `steps` of a source
ARGUMENTS: dict[str, Any] = dict(
    type="list",
    elements="dict",
    default=[],
    options=dict(
        name=dict(type="str", required=True),
        days=dict(type="int", default=0),
        of=dict(type="str", choices=list(DATES), required=True),
    ),
)


@frozen
class DatedStep:
    """A step that is counted from a date."""

    name: str
    days: int  # after the date, before it when negative
    of: str  # of DATES

    @classmethod
    def from_params(cls, entries: Iterable[Mapping[str, Any]]) -> list[DatedStep]:
        """Those of the option, as ARGUMENTS describes them."""
        return [cls(entry["name"], entry["days"], entry["of"]) for entry in entries]


@frozen
class StepDay:
    """A step that is due for somebody."""

    name: str
    day: str  # ISO 8601


def days_of_person(steps: Iterable[DatedStep], person: Person) -> Iterator[StepDay]:
    """Yield the day of each step for a person who has the date."""
    if person.state in (HELD, OUT_OF_SCOPE):
        return
    for step in steps:
        text = getattr(person, step.of)
        if text:
            day = days_later(date.fromisoformat(text[:10]), step.days)
            yield StepDay(step.name, day.isoformat())


def due_on(steps: Sequence[DatedStep], people: Iterable[Person], day: str) -> dict[str, int]:
    """{step: for how many people it is due on this day}."""
    found: dict[str, int] = {}
    if not steps:
        return found
    for person in people:
        for one in days_of_person(steps, person):
            if one.day == day:
                found[one.name] = found.get(one.name, 0) + 1
    return found
