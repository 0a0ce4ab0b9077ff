"""Tells stories: picks the people, carries out what is due, and keeps in the company what is to come.

company["plans"]: [{"on": date, "story", "number", "what", "fields"}], company["waiting"]: stories that found nobody yet.
"""

from __future__ import annotations

import copy
import random
import uuid
from datetime import date, timedelta

from . import population
from .company_data import CHIEF, FIRST_DAY
from .names import MARRIED
from .seed import DEPARTMENTS
from .stories import ICEHRM_ONLY, PROGRAMME, ROUND, STORIES, Day

SPARE = 4  # calm people who are left to the calendar


def event(kind: str, person: dict, what: str) -> dict:
    name = f"{person['first']} {person['last']}".strip()
    return {"kind": kind, "number": person["number"], "name": name, "what": what}


def busy(company: dict) -> set[int]:
    """The numbers of those whom a story has not done with: nobody else's business meanwhile."""
    return {plan["number"] for plan in company.get("plans", ())} | {
        plan["with"] for plan in company.get("plans", ()) if plan.get("with")
    }


def is_calm(person: dict) -> bool:
    return person["end"] is None and not (
        person["terminated"] or person["hidden"] or person["archived"] or person["leave"]
    )


def tell(company: dict, today: date, bosses: dict, working) -> list[dict]:
    """The events of today's stories: what is due of those that run, and the beginning of new ones.

    bosses: {department: number of its manager}. working(person): whether the person works here today.
    """
    rng = random.Random(f"{company['company']}:{company['seed']}:{today}:stories")
    told = [_carry_out(company, plan, rng, bosses) for plan in _due(company, today.isoformat())]
    waiting = company.setdefault("waiting", [])
    day = (today - date.fromisoformat(FIRST_DAY)).days
    first = min(PROGRAMME)
    fresh = PROGRAMME.get((day - first) % ROUND + first, ()) if day >= first else ()
    waiting += [
        name
        for name in fresh
        if name not in waiting and not (company["company"] == "elmo" and name in ICEHRM_ONLY)
    ]
    for name in list(waiting):
        person = _who(
            company, STORIES[name][0], rng, today, working, {event["number"] for event in told}
        )
        if person:
            waiting.remove(name)
            stretch = 0 if day < ROUND else rng.randrange(4)
            told += _begin(company, name, person, rng, today, bosses, stretch)
    return told


def _due(company: dict, today: str) -> list[dict]:
    plans = company.setdefault("plans", [])
    company["plans"] = [plan for plan in plans if plan["on"] > today]
    return [plan for plan in plans if plan["on"] <= today]


def _who(
    company: dict, who: str, rng: random.Random, today: date, working, tired: set[int]
) -> dict | None:
    """Somebody for a story of this kind, None when there are too few people. tired: those whom something befell today."""
    people = company["people"]
    led = {person["manager"] for person in people if working(person)}
    taken = busy(company) | tired | {person["twin"] for person in people}
    fit = [
        person
        for person in people
        if working(person)
        and is_calm(person)
        and person["number"] not in taken
        and person["start"] < (today - timedelta(days=1)).isoformat()
        and person["title"] != CHIEF
    ]
    if who == "boss":
        fit = [
            person
            for person in fit
            if person["number"] in led
            and (person["title"] or "").startswith(("Head of", "Team Lead"))
        ]
        return rng.choice(fit) if len(fit) > 1 else None
    fit = [
        person
        for person in fit
        if person["number"] not in led and person["email"] and person["department"]
    ]
    return rng.choice(fit) if len(fit) > SPARE else None


def _begin(
    company: dict,
    name: str,
    person: dict,
    rng: random.Random,
    today: date,
    bosses: dict,
    stretch: int,
) -> list[dict]:
    who, steps = STORIES[name]

    def day(after: int) -> str:
        return (today + timedelta(days=after + (stretch if after > 0 else 0))).isoformat()

    def dated(value):
        if isinstance(value, dict):
            return {field: dated(inner) for field, inner in value.items()}
        return day(value.after) if isinstance(value, Day) else value

    other = None
    if who in ("hire", "namesake", "double"):
        person, other = _hire(company, who, person, rng, today, bosses), person
    plans = [
        {
            "on": day(after),
            "story": name,
            "number": person["number"],
            "what": what,
            "fields": _undo(person, fields, dated),
            "with": other["number"] if who == "double" else None,
            "again": who == "again" and "start" in fields,
        }
        for after, what, fields in steps
    ]
    company["plans"] += plans
    return [_carry_out(company, plan, rng, bosses) for plan in _due(company, today.isoformat())]


def _undo(person: dict, fields: dict, dated) -> dict:
    """The fields of a step with their dates; a step without any puts the names back as they are now."""
    return dated(fields) if fields else {field: person[field] for field in ("first", "preferred")}


def _hire(
    company: dict, who: str, other: dict, rng: random.Random, today: date, bosses: dict
) -> dict:
    people = company["people"]
    company["last_number"] += 1
    name = (
        (other["first"], other["last"], other["preferred"])
        if who == "namesake"
        else population.any_name(rng)
    )
    department = other["department"] if who == "namesake" else rng.choice(DEPARTMENTS)
    person = population.new_person(rng, company["last_number"], name, department, today)
    person["manager"] = bosses[department]
    person["email"] = population.address(person, {one["email"] for one in people})
    if who == "double":
        person["columns"] = {"employee_id": f"EMP{other['number']:04d}"}
    people.insert(rng.randrange(len(people)), person)
    return person


def _second_record(company: dict, person: dict, rng: random.Random) -> dict:
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


def _carry_out(company: dict, plan: dict, rng: random.Random, bosses: dict) -> dict:
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
        fields |= {
            "manager": bosses[fields["department"]],
            "title": population.any_title(rng, fields["department"]),
        }
    person.update(copy.deepcopy(fields))
    return event(plan["story"], person, plan["what"].format(**person))


def _chosen(field: str, person: dict, rng: random.Random, bosses: dict):
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
