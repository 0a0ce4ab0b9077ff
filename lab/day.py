"""One day passes in a company. What happens follows from the seed and the date alone."""

from __future__ import annotations

import random
from datetime import date, timedelta

from . import population
from .company_data import CHIEF, FIRST_DAY, TITLES, head, lead
from .names import MARRIED
from .seed import DEPARTMENTS
from .story import busy, is_calm, tell
from .story import event as _event

ARCHIVE_AFTER = 60  # days after the last one


def employed(person: dict, today: str) -> bool:
    return (
        person["start"] <= today
        and (person["end"] is None or person["end"] >= today)
        and not person["terminated"]
    )


def gone(person: dict, today: str) -> bool:
    return person["end"] is not None and person["end"] < today


def _by_the_calendar(people: list[dict], today: str) -> list[dict]:
    """What was known before: first days, last days that have passed, records that are put away."""
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    away = (date.fromisoformat(today) - timedelta(days=ARCHIVE_AFTER)).isoformat()
    events = []
    for person in people:
        if person["start"] == today:
            events.append(_event("starter", person, "first day"))
        if person["end"] == yesterday:
            events.append(_event("leaver", person, f"last day was {yesterday}"))
        if (
            person["end"] and person["start"] <= person["end"] < away
        ):  # an end before the start is an error, and nobody put it away
            person["archived"] = True
    return events


def _bosses(people: list[dict], today: str) -> dict[str, int | None]:
    """{department: number of the one to report to}: its first team lead, else its head, else the chief."""
    first: dict[str, int] = {}
    for person in people:
        title = person["title"] or ""
        if (title.startswith(("Team Lead", "Head of")) or title == CHIEF) and employed(
            person, today
        ):
            first.setdefault(title, person["number"])
    return {
        name: first.get(lead(name), first.get(head(name), first.get(CHIEF))) for name in DEPARTMENTS
    }


def _join(rng: random.Random, company: dict, today: date, bosses: dict, taken: set[str]) -> dict:
    people = company["people"]
    company["last_number"] += 1
    department = rng.choice(DEPARTMENTS)
    start = today + timedelta(days=rng.randrange(2, 9))
    person = population.new_person(
        rng, company["last_number"], population.any_name(rng), department, start
    )
    person["manager"] = bosses[department]
    person["email"] = population.address(person, taken)
    people.insert(rng.randrange(len(people)), person)
    return _event("joiner", person, f"hired into {department}, starts {person['start']}")


def _move(rng: random.Random, person: dict, bosses: dict, far: bool) -> dict:
    """A new position: in another department if `far`, else promoted where they are."""
    others = [name for name in DEPARTMENTS if name != person["department"]]
    if far or person["department"] is None:
        person["department"] = rng.choice(others)
        person["manager"] = bosses[person["department"]]
        person["title"] = rng.choice(TITLES[person["department"]])
    else:
        person["title"] = rng.choice(
            [title for title in TITLES[person["department"]] if title != person["title"]]
        )
    return _event("mover", person, f"now {person['title']}, {person['department']}")


def _resign(person: dict, last: date) -> dict:
    person["end"] = last.isoformat()
    return _event("leaver", person, f"leaves, last day {person['end']}")


def _marry(rng: random.Random, person: dict) -> dict:
    before = person["last"]
    person["last"] = rng.choice([name for name in MARRIED if name != before])
    return _event("marriage", person, f"{before} is now {person['last']}")


def _return(person: dict, today: date, boss: int | None) -> dict:
    person.update(start=today.isoformat(), end=None, archived=False, terminated=False, manager=boss)
    return _event("rehire", person, "back from today, under the same number")


def pass_day(company: dict) -> list[dict]:
    """Move `company` (changed in place) to its next day. Returns the events: {kind, number, name, what}.

    kind: starter, joiner, mover, leaver, marriage, rehire, or the name of one of the stories (stories.py). The first day
    has at least one of each of the former, the second all but a starter, and its rehire left on the day before the first:
    the directory has locked that account meanwhile. From the third day on every story begins once in twenty days.
    """
    today = date.fromisoformat(company["date"]) + timedelta(days=1)
    now = company["date"] = today.isoformat()
    first = today <= date.fromisoformat(FIRST_DAY) + timedelta(days=2)
    rng = random.Random(f"{company['company']}:{company['seed']}:{now}")
    people, size = company["people"], len(company["people"])
    events = _by_the_calendar(people, now)
    bosses = _bosses(people, now)
    events += tell(company, today, bosses, lambda person: employed(person, now))

    yesterday = (today - timedelta(days=1)).isoformat()
    taken = (
        busy(company)
        | {event["number"] for event in events}
        | {person["twin"] for person in people}
    )
    absent = [
        person
        for person in people
        if gone(person, yesterday)
        and not person["hidden"]
        and (first or person["number"] not in taken)
    ]
    led = {person["manager"] for person in people}
    calm = [
        person
        for person in people
        if employed(person, now)
        and is_calm(person)
        and person["number"] not in led | taken
        and person["start"] < now
    ]
    rng.shuffle(calm)
    addresses = {person["email"] for person in people}

    if absent and (first or rng.random() < 0.2):
        here = [person for person in absent if not person["archived"]]
        # who left last, so that on the second day it is somebody whose account is known to be locked
        person = (
            max(here or absent, key=lambda one: one["end"]) if first else rng.choice(here or absent)
        )
        events.append(_return(person, today, bosses[person["department"] or "Operations"]))
    for index in range(max(1, size // 500)):
        if calm:
            events.append(_resign(calm.pop(), today + timedelta(days=(0, 14, 7, 28)[index % 4])))
    for index in range(max(1, size // 300)):
        if calm:
            events.append(_move(rng, calm.pop(), bosses, far=index % 2 == 0))
    for _index in range(size // 3000 or int(first or rng.random() < 0.15)):
        if calm:
            events.append(_marry(rng, calm.pop()))
    events += [_join(rng, company, today, bosses, addresses) for _ in range(max(1, size // 400))]
    return events
