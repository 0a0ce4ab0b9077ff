"""Runs stories: selects people, makes the changes that are due, and keeps in the company what is to
come.

company["plans"]: [{"on": date, "story", "number", "what", "fields", …}]. company["waiting"]:
stories that have found nobody yet.
"""

from __future__ import annotations

import copy
import random
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from . import population
from .company_data import CHIEF, FIRST_DAY, Company, Person
from .names import MARRIED
from .seed import DEPARTMENTS
from .stories import ICEHRM_ONLY, PROGRAMME, ROUND, STORIES, Day

Event = dict[str, Any]  # {kind, number, name, what}
Plan = dict[str, Any]  # one step of a story that runs
Bosses = dict[str, int | None]  # {department: number of its manager}
SPARE = 4  # calm people who are kept for the events of day.py


def event(kind: str, person: Person, what: str) -> Event:
    """An event of a day, as pass_day returns it."""
    name = f"{person['first']} {person['last']}".strip()
    return {"kind": kind, "number": person["number"], "name": name, "what": what}


def busy(company: Company) -> set[int]:
    """The numbers of people whose story is not finished: nothing else happens to them."""
    plans = company.get("plans", ())
    others = {plan["with"] for plan in plans if plan.get("with")}
    return {plan["number"] for plan in plans} | others


def is_calm(person: Person) -> bool:
    return person["end"] is None and not (
        person["terminated"] or person["hidden"] or person["archived"] or person["leave"]
    )


def tell(
    company: Company, today: date, bosses: Bosses, working: Callable[[Person], bool]
) -> list[Event]:
    """The events of today's stories: the steps that are due, and the first steps of new ones.

    bosses: {department: number of its manager}. working: whether a person works here today.
    """
    rng = random.Random(f"{company['company']}:{company['seed']}:{today}:stories")
    events = perform(company, today.isoformat(), rng, bosses)
    waiting = company.setdefault("waiting", [])
    day = (today - date.fromisoformat(FIRST_DAY)).days
    waiting += [name for name in _new_stories(company, day) if name not in waiting]
    for name in list(waiting):
        tired = {event["number"] for event in events}
        person = somebody(company, STORIES[name][0], rng, today, working, tired)
        if person:
            waiting.remove(name)
            stretch = 0 if day < ROUND else rng.randrange(4)
            events += _begin(company, name, person, rng, today, bosses, stretch)
    return events


def _new_stories(company: Company, day: int) -> list[str]:
    """The stories that begin on a day. day: days after FIRST_DAY."""
    first = min(PROGRAMME)
    if day < first:
        return []
    names = PROGRAMME.get((day - first) % ROUND + first, ())
    if company["company"] == "elmo":
        return [name for name in names if name not in ICEHRM_ONLY]
    return list(names)


def _due(company: Company, today: str) -> list[Plan]:
    plans = company.setdefault("plans", [])
    company["plans"] = [plan for plan in plans if plan["on"] > today]
    return [plan for plan in plans if plan["on"] <= today]


def somebody(
    company: Company,
    who: str,
    rng: random.Random,
    today: date,
    working: Callable[[Person], bool],
    tired: set[int],
) -> Person | None:
    """Somebody for a story of this kind, None when there are too few people.

    tired: numbers of people to whom something has happened today.
    """
    people = company["people"]
    led = {person["manager"] for person in people if working(person)}
    taken = busy(company) | tired | {person["twin"] for person in people}
    yesterday = (today - timedelta(days=1)).isoformat()
    fit = [
        person
        for person in people
        if working(person)
        and is_calm(person)
        and person["number"] not in taken
        and person["start"] < yesterday
        and person["title"] != CHIEF
        and person["employment"] != "CASUAL"  # the scenario's rules do not serve them
    ]
    if who == "boss":
        fit = [person for person in fit if person["number"] in led and _leads(person)]
        return rng.choice(fit) if len(fit) > 1 else None
    fit = [
        person
        for person in fit
        if person["number"] not in led and person["email"] and person["department"]
    ]
    return rng.choice(fit) if len(fit) > SPARE else None


def _leads(person: Person) -> bool:
    return (person["title"] or "").startswith(("Head of", "Team Lead"))


def _begin(
    company: Company,
    name: str,
    person: Person,
    rng: random.Random,
    today: date,
    bosses: Bosses,
    stretch: int,
) -> list[Event]:
    """Plan the steps of a story; the events of those that are due today.

    stretch: days by which all steps but the first come later than the story says.
    """
    who, steps = STORIES[name]

    other = None
    if who in ("hire", "namesake", "duplicate"):
        person, other = _hire(company, who, person, rng, today, bosses), person
    with_number = other["number"] if other and who == "duplicate" else None
    plan(company, name, person, steps, today, stretch, with_number)
    return perform(company, today.isoformat(), rng, bosses)


def plan(
    company: Company,
    name: str,
    person: Person,
    steps: list[tuple[int, str, dict]],
    today: date,
    stretch: int,
    other: int | None = None,
) -> None:
    """Plan the steps of a story of a person. stretch: as of _begin. other: number of somebody else
    who is in it.
    """

    def day(after: int) -> str:
        return (today + timedelta(days=after + (stretch if after > 0 else 0))).isoformat()

    def dated(value: Any) -> Any:
        if isinstance(value, dict):
            return {field: dated(inner) for field, inner in value.items()}
        return day(value.after) if isinstance(value, Day) else value

    again = name in STORIES and STORIES[name][0] == "again"
    company.setdefault("plans", []).extend(
        {
            "on": day(after),
            "story": name,
            "number": person["number"],
            "what": what,
            "fields": dated(fields) if fields else _names_of(person),
            "with": other,
            "again": again and "start" in fields,
        }
        for after, what, fields in steps
    )


def perform(company: Company, today: str, rng: random.Random, bosses: Bosses) -> list[Event]:
    """Make the changes of the steps that are due; their events."""
    return [_make(company, plan, rng, bosses) for plan in _due(company, today)]


def _names_of(person: Person) -> dict[str, str | None]:
    """The names as they are now: a step without fields restores them."""
    return {field: person[field] for field in ("first", "preferred")}


def _hire(
    company: Company, who: str, other: Person, rng: random.Random, today: date, bosses: Bosses
) -> Person:
    """A new person of the company. other: whose name (namesake) or key (duplicate) it gets."""
    people = company["people"]
    company["last_number"] += 1
    if who == "namesake":
        name = (other["first"], other["last"], other["preferred"])
        department = other["department"]
    else:
        name = population.any_name(rng)
        department = rng.choice(DEPARTMENTS)
    person = population.new_person(rng, company["last_number"], name, department, today)
    person["manager"] = bosses[department]
    person["email"] = population.address(person, {one["email"] for one in people})
    if who == "duplicate":
        person["columns"] = {"employee_id": f"EMP{other['number']:04d}"}
    people.insert(rng.randrange(len(people)), person)
    return person


def _make(company: Company, plan: Plan, rng: random.Random, bosses: Bosses) -> Event:
    """Make the changes of a step."""
    person = next(one for one in company["people"] if one["number"] == plan["number"])
    if plan["again"]:
        if plan["story"] == "hired_over":
            person["employment"] = "CONTRACTOR"
        person = _second_record(company, person, rng)
    fields = {
        field: _chosen(field, person, rng, bosses) if value is ... else value
        for field, value in plan["fields"].items()
    }
    if "department" in fields:
        department = fields["department"]
        fields["manager"] = bosses[department]
        fields["title"] = population.any_title(rng, department)
    person.update(copy.deepcopy(fields))
    return event(plan["story"], person, plan["what"].format(**person))


def _second_record(company: Company, person: Person, rng: random.Random) -> Person:
    """The same human under a new number and a new id."""
    company["last_number"] += 1
    again = copy.deepcopy(person)
    again.update(
        number=company["last_number"],
        id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        twin=person["number"],
        end=None,
        archived=False,
        terminated=False,
        hidden=False,
        employment="FULLTIME",
        columns={},
    )
    company["people"].insert(rng.randrange(len(company["people"])), again)
    return again


def _chosen(field: str, person: Person, rng: random.Random, bosses: Bosses):
    """Another value than the person has."""
    choices = {
        "last": MARRIED,
        "department": DEPARTMENTS,
        "manager": sorted({boss for boss in bosses.values() if boss}),
    }[field]
    return rng.choice(
        [choice for choice in choices if choice not in (person[field], person["number"])]
        or [person[field]]
    )
