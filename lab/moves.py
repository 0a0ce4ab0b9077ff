"""People who move between two companies: a record ends in one, and another begins in the other.

The records of one human have the same group number (`human`). A move is [step]; a step is (days
after the move began, whose record changes: old or new, its description, the fields that change).
The new record is shown from its first step on.
"""

from __future__ import annotations

import random
from datetime import date

from . import day, population, story
from .company_data import FIRST_DAY, Company, Person
from .seed import DEPARTMENTS
from .stories import ROUND, Day
from .story import Bosses, Event

Companies = dict[str, Company]  # {kind: company}
Step = tuple[int, str, str, dict]

HIRED = "comes from the other company, starts {start}"
LEAVES = "leaves for the other company, last day {end}"


def _hired(after: int, start: int) -> Step:
    return after, "new", HIRED, {"hidden": False, "start": Day(start)}


def _leaves(after: int, end: int) -> Step:
    return after, "old", LEAVES, {"end": Day(end)}


def _removed(after: int, which: str) -> Step:
    return after, which, "HR removes the record", {"hidden": True}


MOVES: dict[str, list[Step]] = {
    "move_next_day": [_leaves(0, 2), _hired(0, 3)],
    "move_gap": [_leaves(0, 1), _hired(1, 6)],
    "move_overlap": [_hired(0, 1), _leaves(4, 5)],
    "move_late": [_leaves(0, 0), _hired(3, 3)],
    "move_removed": [_leaves(0, 0), _hired(0, 1), _removed(4, "old")],
    "move_back": [
        _leaves(0, 1),
        _hired(0, 2),
        (4, "new", "goes back, last day {end}", {"end": Day(5)}),
        (4, "old", "is back from {start}", {"start": Day(6), "end": None}),
    ],
    "both_removed": [_hired(0, 0), _removed(3, "old")],
    "move_undone": [_leaves(0, 0), _hired(0, 1), _removed(4, "new")],
}
# As the programme of the stories: moves that begin so many days after FIRST_DAY, and every ROUND
PROGRAMME = {
    3: ("move_next_day", "move_overlap"),
    4: ("move_gap",),
    5: ("move_back", "both_removed"),
    6: ("move_removed",),
    7: ("move_late", "move_undone"),
}


def pass_day(companies: Companies, happened: dict[str, list[Event]]) -> dict[str, list[Event]]:
    """The moves that begin on a day that has passed in each company; {kind: events}.

    happened: what day.pass_day returned. Both companies are changed in place.
    """
    found: dict[str, list[Event]] = {kind: [] for kind in companies}
    today = date.fromisoformat(next(iter(companies.values()))["date"])
    number = (today - date.fromisoformat(FIRST_DAY)).days
    for name in _new_moves(number):
        old, _new = _direction(name, number)
        companies[old].setdefault("moves", []).append([name, number])
    for kind, company in companies.items():
        tired = {event["number"] for event in (*happened[kind], *found[kind])}
        for waiting in list(company.get("moves", ())):
            events = _begin(companies, waiting, today, tired)
            if not events:
                continue
            company["moves"].remove(waiting)
            for other, more in events.items():
                found[other] += more
            tired |= {event["number"] for event in events[kind]}
    return found


def _new_moves(number: int) -> tuple[str, ...]:
    first = min(PROGRAMME)
    return PROGRAMME.get((number - first) % ROUND + first, ()) if number >= first else ()


def _direction(name: str, number: int) -> tuple[str, str]:
    """(the company that is left, the other one): the next round goes the other way."""
    turn = (list(MOVES).index(name) + number // ROUND) % 2
    return (population.KINDS[turn], population.KINDS[1 - turn])


def _begin(
    companies: Companies, waiting: list, today: date, tired: set[int]
) -> dict[str, list[Event]]:
    """Plan the steps of a move; the events of those that are due today, {} where nobody fits."""
    name, number = waiting
    old, new = _direction(name, number)
    rng = random.Random(f"{companies[old]['seed']}:{today}:{name}")
    bosses = {kind: day.bosses_of(company, today) for kind, company in companies.items()}
    now = today.isoformat()
    person = story.somebody(
        companies[old], "calm", rng, today, lambda one: day.employed(one, now), tired
    )
    if person is None:
        return {}
    record = _record_in(companies[new], person, rng, today, bosses[new])
    stretch = 0 if number < ROUND else rng.randrange(4)
    for which, kind, one in (("old", old, person), ("new", new, record)):
        steps = [
            (after, what, fields) for after, side, what, fields in MOVES[name] if side == which
        ]
        story.plan(companies[kind], name, one, steps, today, stretch)
    return {
        kind: story.perform(company, now, rng, bosses[kind]) for kind, company in companies.items()
    }


def _record_in(
    company: Company, person: Person, rng: random.Random, today: date, bosses: Bosses
) -> Person:
    """A record of the same human in another company, which nobody sees yet."""
    people = company["people"]
    company["last_number"] += 1
    department = rng.choice(DEPARTMENTS)
    name = (person["first"], person["last"], person["preferred"])
    record = population.new_person(rng, company["last_number"], name, department, today)
    record.update(
        human=person["human"],
        birth=person["birth"],
        middle=person["middle"],
        manager=bosses[department],
        email=population.address(record, {one["email"] for one in people}),
        employment=rng.choice(("FULLTIME", "FULLTIME", "CONTRACTOR")),
        hidden=True,
    )
    people.insert(rng.randrange(len(people)), record)
    return record
