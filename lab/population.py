"""A company's people, generated from a seed: the same seed and size give the same people on any
machine.

A person is a plain dict:
  number      the company's own running number, from 1 (ELMO shows E10001, IceHrm EMP0001)
  id          UUID text (ELMO's id)
  first, last, preferred (or None), middle (or None)
  email, mobile, birth (YYYY-MM-DD); email and mobile may be missing (None)
  department, title, location   names from company_data; None where the record is incomplete
  manager     number of the manager, or None
  start       first day of work ("" where IceHrm's API was given none)
  end         last day of work, or None
  employment  FULLTIME, PARTTIME, CASUAL or CONTRACTOR
  archived    left long ago: ELMO lists them as deleted, IceHrm not at all
  human       the human's number in the group of both companies, the same on every record
  private     a private address, the same on every record of one human (IceHrm shows it)
  terminated  HR ended the employment by status, whatever the dates say
  leave       {"start", "end": first and last day, or None; "status": HR says so by the employment
              status}, or None
  hidden      the feed does not show the record, and HR gives no reason
  twin        number of the record that this one replaces (a new number for the same human), or None
  columns     what IceHrm's own API was given beyond the above: {column: value}
People are in the order of the feed, in which managers come after those who report to them.
"""

from __future__ import annotations

import random
import re
import unicodedata
import uuid
from datetime import date, timedelta

from .company_data import (
    CHIEF,
    EMPLOYMENT,
    FIRST_DAY,
    LOCATIONS,
    TITLES,
    Company,
    Person,
    head,
    lead,
)
from .errors import LabError
from .names import FIRST, LAST, SPECIAL
from .seed import DEPARTMENTS

SMALLEST, LARGEST = 5, 200_000
KINDS = ("elmo", "icehrm")
Name = tuple[str, str, str | None]  # (first, last, preferred)


def day_text(day: date) -> str:
    return day.isoformat()


def slug(text: str) -> str:
    """Plain letters of `text`, for an address; empty for scripts that have none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z]", "", plain)


def address(person: Person, taken: set[str]) -> str:
    """A work address that nobody else has; added to `taken`."""
    names = slug(person["preferred"] or person["first"]), slug(person["last"])
    parts = [name for name in names if name]
    base = ".".join(parts)[:48] or f"staff{person['number']}"
    address, count = f"{base}@example.com", 1
    while address in taken:
        count += 1
        address = f"{base}{count}@example.com"
    taken.add(address)
    return address


def new_person(rng: random.Random, number: int, name: Name, department: str, start: date) -> Person:
    """One person who has just been hired; no manager and no address yet."""
    first, last, preferred = name
    identity = uuid.UUID(int=rng.getrandbits(128), version=4)
    return {
        "number": number,
        "id": str(identity),
        "human": f"G{identity.int % 10**11:011d}",
        "first": first,
        "last": last,
        "preferred": preferred,
        "middle": rng.choice(FIRST) if rng.random() < 0.1 else None,
        "email": None,
        "mobile": f"+61 4{rng.randrange(10**8):08d}",
        "birth": day_text(date(1961, 1, 1) + timedelta(days=rng.randrange(16_000))),
        "department": department,
        "title": any_title(rng, department),
        "location": LOCATIONS[int(rng.random() ** 2 * len(LOCATIONS))][0],
        "manager": None,
        "start": day_text(start),
        "end": None,
        "employment": EMPLOYMENT[0] if rng.random() < 0.8 else rng.choice(EMPLOYMENT),
        "archived": False,
        "private": f"person{number}@mail.example",
        "terminated": False,
        "leave": None,
        "hidden": False,
        "twin": None,
        "columns": {},
    }


def any_title(rng: random.Random, department: str) -> str:
    return rng.choice(TITLES[department])


def any_name(rng: random.Random) -> Name:
    return rng.choice(FIRST), rng.choice(LAST), None


def _names(rng: random.Random, people: int) -> list[Name]:
    """As many names as people, shuffled: unusual ones, people with the same name (John Smith), and
    others.
    """
    smiths = 10 if people >= 50 else max(2, people // 5)
    special = (
        min(len(SPECIAL), max(1, people // 4)) if people < 200 else max(len(SPECIAL), people // 50)
    )
    found = [SPECIAL[i % len(SPECIAL)] for i in range(special)] + [("John", "Smith", None)] * smiths
    found += [any_name(rng) for _ in range(people - len(found))]
    rng.shuffle(found)
    return found


def _lead(people: list[Person]) -> None:
    """Set titles and managers: the end of the list leads. The chief is last, before it the heads,
    before them the team leads.
    """
    chief = people[-1]
    chief.update(title=CHIEF, department="Operations", employment="FULLTIME")
    heads = people[-1 - len(DEPARTMENTS) : -1] if len(people) >= 20 else []
    for person, department in zip(heads, DEPARTMENTS, strict=False):
        person.update(
            title=head(department),
            department=department,
            manager=chief["number"],
            employment="FULLTIME",
        )
    rest = people[: -1 - len(heads)]
    leads: dict[str, list[Person]] = {name: [] for name in DEPARTMENTS}
    for person in rest[len(rest) - len(rest) // 12 :]:
        person.update(title=lead(person["department"]), employment="FULLTIME")
        leads[person["department"]].append(person)
    by_department = dict(zip(DEPARTMENTS, heads, strict=False))
    for index, person in enumerate(rest):
        above = by_department.get(person["department"], chief)
        group = leads[person["department"]]
        if group and not person["title"].startswith("Team Lead"):
            above = group[index % len(group)]
        person["manager"] = above["number"]


def _dates(rng: random.Random, staff: list[Person], today: date) -> None:
    """Set dates among those who lead nobody: people who left, future starters, known last days. At
    least one of each.
    """
    size = len(staff)
    order = rng.sample(staff, size)
    some = max(1 if size < 15 else 2, size // 25)
    for index, person in enumerate(order[:some]):  # left; the first one lately, for a rehire
        ago = (12, 90)[index] if index < 2 else rng.choice((3, 20, 45, 90, 300))
        person["end"] = day_text(today - timedelta(days=ago))
        person["start"] = day_text(today - timedelta(days=ago + rng.randrange(90, 2000)))
        person["archived"] = ago > 60
    future = order[some : some + max(1 if size < 15 else 2, size // 40)]
    for index, person in enumerate(future):  # to start: the first of them tomorrow
        days = (1, 14)[index] if index < 2 else rng.choice((3, 7, 8, 14, 30))
        person["start"] = day_text(today + timedelta(days=days))
    leaving = order[some + len(future) : some + len(future) + max(1, size // 50)]
    for index, person in enumerate(leaving):  # leaving: the first of them today
        person["end"] = day_text(
            today + timedelta(days=0 if index == 0 else rng.choice((1, 4, 11, 25, 60)))
        )
    missing = order[some + len(future) + len(leaving) :]
    for index, person in enumerate(missing[: size // 20 if size < 200 else max(10, size // 300)]):
        field = ("department", "title", "mobile", "email", "location", "manager")[index % 6]
        person[field] = None
    if size >= 30 and some > 1 and len(missing) > size // 20:
        missing[-1]["manager"] = order[1]["number"]  # reports to someone who is gone


def generate(people: int = 40, seed: int | str = 1, company: str = "elmo") -> Company:
    """A new company on FIRST_DAY: {"company", "seed", "date", "last_number", "people": [person]}.

    people: the number of records: employed (about nine in ten), left, and yet to start. Raises
    LabError.
    """
    if not SMALLEST <= people <= LARGEST:
        raise LabError(f"A company has {SMALLEST} to {LARGEST} people, not {people}.")
    if company not in KINDS:
        raise LabError(f"There is no company {company}. Choose one of {' and '.join(KINDS)}.")
    rng = random.Random(f"{company}:{seed}:{people}")
    today = date.fromisoformat(FIRST_DAY)
    found = []
    for number, name in enumerate(_names(rng, people), start=1):
        start = today - timedelta(days=1 + int(rng.random() ** 2 * 5000))
        found.append(new_person(rng, number, name, DEPARTMENTS[number % len(DEPARTMENTS)], start))
    taken: set[str] = set()
    for person in found:
        person["email"] = address(person, taken)
    _lead(found)
    led = {person["manager"] for person in found}
    _dates(rng, [person for person in found if person["number"] not in led], today)
    return {
        "company": company,
        "seed": str(seed),
        "date": FIRST_DAY,
        "last_number": people,
        "people": found,
    }
