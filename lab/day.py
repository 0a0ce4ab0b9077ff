"""One day passes in a company. What happens depends on the seed and the date only."""

from __future__ import annotations

import random
from datetime import date, timedelta

from . import population
from .company_data import CHIEF, FIRST_DAY, TITLES, Company, Person, head, lead
from .names import MARRIED
from .seed import DEPARTMENTS
from .story import Bosses, Event, busy, event, is_calm, tell

ARCHIVE_AFTER = 60  # days after the last one


def employed(person: Person, today: str) -> bool:
    """Whether the person works here on a day."""
    return (
        person["start"] <= today
        and (person["end"] is None or person["end"] >= today)
        and not person["terminated"]
    )


def gone(person: Person, today: str) -> bool:
    """Whether the person's last day has passed."""
    return person["end"] is not None and person["end"] < today


def event_line(day: str, kind: str, event: Event) -> str:
    """An event of the company `kind` as a line for people."""
    what = f"{event['name']}: {event['what']}"
    return f"{day}  {kind:7} {event['kind']:16} {event['number']:>6}  {what}"


def _by_the_calendar(people: list[Person], today: str) -> list[Event]:
    """What was known before: first days, last days that have passed, records that are archived."""
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    away = (date.fromisoformat(today) - timedelta(days=ARCHIVE_AFTER)).isoformat()
    events = []
    for person in people:
        if person["start"] == today:
            events.append(event("starter", person, "first day"))
        if person["end"] == yesterday:
            events.append(event("leaver", person, f"last day was {yesterday}"))
        # An end before the start is an error: HR does not archive such a record
        if person["end"] and person["start"] <= person["end"] < away:
            person["archived"] = True
    return events


def bosses_of(company: Company, today: date) -> Bosses:
    """{department: number of its manager} of a company."""
    return _bosses(company["people"], today.isoformat())


def _bosses(people: list[Person], today: str) -> Bosses:
    """{department: number of its manager}: its first team lead, else its head, else the chief."""
    first: dict[str, int] = {}
    for person in people:
        title = person["title"] or ""
        leads = title.startswith(("Team Lead", "Head of")) or title == CHIEF
        if leads and employed(person, today):
            first.setdefault(title, person["number"])
    return {
        name: first.get(lead(name), first.get(head(name), first.get(CHIEF))) for name in DEPARTMENTS
    }


def _join(
    rng: random.Random, company: Company, today: date, bosses: Bosses, taken: set[str]
) -> Event:
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
    return event("joiner", person, f"hired into {department}, starts {person['start']}")


def _move(rng: random.Random, person: Person, bosses: Bosses, far: bool) -> Event:
    """A new position: in another department if `far`, else in the person's own."""
    if far or person["department"] is None:
        others = [name for name in DEPARTMENTS if name != person["department"]]
        person["department"] = rng.choice(others)
        person["manager"] = bosses[person["department"]]
        person["title"] = rng.choice(TITLES[person["department"]])
    else:
        titles = [title for title in TITLES[person["department"]] if title != person["title"]]
        person["title"] = rng.choice(titles)
    return event("mover", person, f"now {person['title']}, {person['department']}")


def _resign(person: Person, last: date) -> Event:
    person["end"] = last.isoformat()
    return event("leaver", person, f"leaves, last day {person['end']}")


def _marry(rng: random.Random, person: Person) -> Event:
    before = person["last"]
    person["last"] = rng.choice([name for name in MARRIED if name != before])
    return event("marriage", person, f"{before} is now {person['last']}")


def _return(person: Person, today: date, boss: int | None) -> Event:
    person.update(start=today.isoformat(), end=None, archived=False, terminated=False, manager=boss)
    return event("rehire", person, "back from today, under the same number")


def pass_day(company: Company) -> list[Event]:
    """Move `company` (changed in place) to its next day; the events: {kind, number, name, what}.

    kind: starter, joiner, mover, leaver, marriage, rehire, or the name of one of the stories
    (stories.py). The first day has at least one of each of the former, the second all but a
    starter, and its rehire left on the day before the first: the directory has locked that account
    since. From the third day on every story begins once in twenty days.
    """
    today = date.fromisoformat(company["date"]) + timedelta(days=1)
    now = company["date"] = today.isoformat()
    first = today <= date.fromisoformat(FIRST_DAY) + timedelta(days=2)
    rng = random.Random(f"{company['company']}:{company['seed']}:{now}")
    people, size = company["people"], len(company["people"])
    events = _by_the_calendar(people, now)
    bosses = _bosses(people, now)
    events += tell(company, today, bosses, lambda person: employed(person, now))

    in_stories = busy(company) | {event["number"] for event in events}
    taken = in_stories | {person["twin"] for person in people}
    absent = _absent(people, today, None if first else taken)
    calm = _calm(people, now, taken)
    rng.shuffle(calm)
    addresses = {person["email"] for person in people}

    if absent and (first or rng.random() < 0.2):
        person = _last_leaver(absent) if first else rng.choice(_not_archived(absent))
        events.append(_return(person, today, bosses[person["department"] or "Operations"]))
    events += _changes(rng, calm, today, bosses, size, first)
    joiners = max(1, size // 400)
    events += [_join(rng, company, today, bosses, addresses) for _ in range(joiners)]
    return events


def _absent(people: list[Person], today: date, taken: set[int] | None) -> list[Person]:
    """The people who have left and can come back. taken: numbers of those who cannot, if any."""
    yesterday = (today - timedelta(days=1)).isoformat()
    left = [person for person in people if gone(person, yesterday) and not person["hidden"]]
    if taken is None:
        return left
    return [person for person in left if person["number"] not in taken]


def _calm(people: list[Person], today: str, taken: set[int]) -> list[Person]:
    """The people to whom something can happen: they work here, lead nobody, and are in no story."""
    busy_or_led = {person["manager"] for person in people} | taken
    return [
        person
        for person in people
        if employed(person, today)
        and is_calm(person)
        and person["number"] not in busy_or_led
        and person["start"] < today
    ]


def _not_archived(absent: list[Person]) -> list[Person]:
    """Those whose record is not archived, or all of them where there is none."""
    return [person for person in absent if not person["archived"]] or absent


def _last_leaver(absent: list[Person]) -> Person:
    """Who left last: on the second day it is somebody whose account is known to be locked."""
    return max(_not_archived(absent), key=lambda person: person["end"])


def _changes(
    rng: random.Random, calm: list[Person], today: date, bosses: Bosses, size: int, first: bool
) -> list[Event]:
    """Resignations, moves and marriages among the calm people, who are taken from the list."""
    events = []
    for index in range(max(1, size // 500)):
        if calm:
            events.append(_resign(calm.pop(), today + timedelta(days=(0, 14, 7, 28)[index % 4])))
    for index in range(max(1, size // 300)):
        if calm:
            events.append(_move(rng, calm.pop(), bosses, far=index % 2 == 0))
    for _index in range(size // 3000 or int(first or rng.random() < 0.15)):
        if calm:
            events.append(_marry(rng, calm.pop()))
    return events
