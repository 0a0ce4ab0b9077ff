"""Writing people through IceHrm's REST API: what it accepts, what it refuses, and what it does
silently instead.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from . import icehrm_shapes as shapes
from . import population
from .company_data import ALL_TITLES, CITIES, Company, Person
from .seed import DEPARTMENTS

# characters of the columns, where they are not 100
LENGTHS = {
    "employee_id": 50,
    "postal_code": 20,
    "home_phone": 50,
    "mobile_phone": 50,
    "work_phone": 50,
    "city": 150,
    "country": 2,
    "indirect_supervisors": 250,
    "notes": 65535,
} | {f"custom{number}": 250 for number in range(4, 11)}
EMPLOYMENT = {number: name for name, number in shapes.STATUS_OF.items()}


class Refused(Exception):  # noqa: N818 - what the database says, not a fault of the lab
    """The database refuses it; str() is the database's message."""


def _number(column: str, value) -> int:
    if isinstance(value, bool) or not str(value).isdigit():
        raise Refused(f"Incorrect integer value: '{value}' for column '{column}'")
    return int(value)


def _checked(column: str, value, people: dict[int, Person]):
    """The value as the column keeps it.

    A reference is a known id, never a name and never the object that was read.
    """
    if isinstance(value, (dict, list)):
        raise Refused(f"Array to string conversion for column '{column}'")
    if value is None:
        return None
    if column in shapes.DATES:
        try:
            return value if value == shapes.NO_DATE else date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise Refused(f"Incorrect date value: '{value}' for column '{column}'") from None
    known = {
        "department": shapes.STRUCTURES,
        "job_title": shapes.TITLE_NAMES,
        "supervisor": people,
        "employment_status": dict(enumerate(shapes.STATUSES, start=1)),
        "nationality": None,
    }.get(column, False)
    if known is False:
        return _text(column, str(value))
    number = _number(column, value)
    if known is not None and number not in known:
        raise Refused("Cannot add or update a child row: a foreign key constraint fails")
    return number


def _text(column: str, value: str) -> str:
    longest = LENGTHS.get(column, 100) if column in shapes.COLUMN_NAMES else 65535
    if len(value) > longest:
        raise Refused(f"Data too long for column '{column}'")
    if column == "status" and value not in ("Active", "Terminated"):
        raise Refused(f"Data truncated for column '{column}'")
    return value


def same(kept: Any, value: Any) -> bool:
    """Whether the database calls them equal: without case, and without blanks at the end."""
    return str(kept).rstrip(" ").casefold() == str(value).rstrip(" ").casefold()


def _keep(person: Person, column: str, value) -> None:
    """Set a checked value in the field that the company's calendar reads, else among the extra
    columns.
    """
    plain = {
        "first_name": "first",
        "middle_name": "middle",
        "last_name": "last",
        "name_preferred": "preferred",
        "work_email": "email",
        "mobile_phone": "mobile",
        "joined_date": "start",
        "birthday": "birth",
        "supervisor": "manager",
        "private_email": "private",
    }
    if column in plain:
        empty = "" if column in ("first_name", "last_name", "joined_date") else None
        person[plain[column]] = value if value is not None else empty
        person["columns"].pop(column, None)
    elif column == "department":
        name = shapes.STRUCTURES.get(value)
        person["department"] = name if name in DEPARTMENTS else None
        person["columns"].pop("department", None)
        if name not in DEPARTMENTS:
            person["columns"]["department"] = value
    elif column == "job_title":
        person["title"] = ALL_TITLES[value - 1] if value else None
    elif column == "employment_status" and value in EMPLOYMENT:
        person["employment"] = EMPLOYMENT[value]
        person["columns"].pop(column, None)
    elif column == "termination_date":
        person["end"] = None if value in (None, shapes.NO_DATE) else value
        person["columns"]["termination_date"] = value
    elif column == "city" and value in CITIES:
        person["location"] = value
    else:
        person["columns"][column] = value


def apply(person: Person, given: dict[str, Any], people: dict[int, Person], today: str) -> None:
    """Change only the keys that were sent; unknown ones become custom values without a definition.

    Raises Refused; then nothing was changed.
    """
    checked = {}
    for column, value in given.items():
        if column in (
            "id",
            "objectName",
            "isJoinFind",
            "customFields",
            "image",
            "email",
            "current_time",
            "can_login",
        ):
            continue
        if column not in shapes.COLUMN_NAMES and value is None:
            continue  # null changes no custom value
        if column == "employee_id" and any(
            same(shapes.row(other, today)["employee_id"], value)
            for other in people.values()
            if other is not person
        ):
            raise Refused(f"Duplicate entry '{value}' for key 'employee_id'")
        checked[column] = _checked(column, value, people)
    if not checked.get("first_name", person["first"]):
        raise Refused("Field 'first_name' doesn't have a default value")
    for column, value in checked.items():
        _keep(person, column, value)


def create(
    company: Company, given: dict[str, Any], people: dict[int, Person], status: str | None
) -> dict[str, Any]:
    """A new person of the company, not yet among its people.

    status: the first value of the column: Active after POST, none for a person that a PUT to a
    missing id creates. Raises Refused when the columns are not accepted.
    """
    number = company["last_number"] + 1
    today = company["date"]
    person = population.new_person(
        random.Random(f"{company['seed']}:{number}"),
        number,
        ("", "", None),
        DEPARTMENTS[0],
        date.fromisoformat(today),
    )
    person.update(
        department=None,
        title=None,
        location=None,
        mobile=None,
        middle=None,
        birth=None,
        start="",
        private=None,
        columns={
            "employee_id": None,
            "last_name": None,
            "nationality": None,
            "employment_status": None,
            "gender": None,
            "marital_status": None,
            "termination_date": None,
            "status": status,
        },
    )
    apply(person, given, people, today)
    company["last_number"] = number
    return person
