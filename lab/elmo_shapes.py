"""People as ELMO's User API shows them: field names and ids of the User API v1-rc3, as far as it is
known.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from .company_data import ALL_TITLES, CHIEF, CITIES, COST_CENTRES, LEGAL_ENTITIES, LOCATIONS, Person
from .seed import DEPARTMENTS

NAMESPACE = uuid.UUID("5b0d8a6e-63ad-4c7b-9b8e-0a1c52a6f3d1")


def object_id(kind: str, name: str | None) -> str | None:
    return None if name is None else str(uuid.uuid5(NAMESPACE, f"{kind}:{name}"))


DEPARTMENT_ID = {name: object_id("departments", name) for name in DEPARTMENTS} | {None: None}
POSITION_ID = {name: object_id("positions", name) for name in ALL_TITLES} | {None: None}
LOCATION_ID = {name: object_id("locations", name) for name in CITIES} | {None: None}
ENTITY_ID = {name: object_id("legal-entities", name) for name in LEGAL_ENTITIES}


def number(person: Person) -> str | None:
    return None if person["number"] is None else f"E{10000 + person['number']}"


def place(person: Person, last_start: str) -> str:
    """Where the person is listed.

    `onboarding-users` while the start is after `last_start`, then `users`, and `deleted` (users
    with deleted=true) after the record was archived.
    """
    if person["archived"]:
        return "deleted"
    return "onboarding-users" if person["start"] > last_start else "users"


def last_start(today: str, onboarding_days: int) -> str:
    return (date.fromisoformat(today) + timedelta(days=onboarding_days)).isoformat()


def _role(title: str | None) -> str:
    if title == CHIEF:
        return "COMPANY_ADMIN"
    return "MANAGER" if title and title.startswith(("Head of", "Team Lead")) else "EMPLOYEE"


def user(
    person: Person, ids: dict[int, str], today: str, iris: bool, onboarding: bool = False
) -> dict[str, Any]:
    """One user; `ids` maps company numbers to user ids. References are bare ids, or IRIs if
    `iris`.
    """

    def reference(kind: str, known: str | None) -> str | None:
        return f"/{kind}/{known}" if iris and known else known

    leave = person.get("leave") or {}
    _city, code, _country, state, timezone, entity = CITIES.get(person["location"], LOCATIONS[0])
    shown = {
        "id": person["id"],
        "identifier": person["email"],
        "username": person["email"],
        "email": person["email"],
        "firstName": person["first"],
        "lastName": person["last"],
        "preferredFirstName": person["preferred"],
        "preferredLastName": None,
        "employeeNumber": number(person),
        "dateOfBirth": person["birth"],
        "mobile": person["mobile"],
        "manager": reference("users", ids.get(person["manager"])),
        "position": reference("positions", POSITION_ID[person["title"]]),
        "location": reference("locations", LOCATION_ID[person["location"]]),
        "department": reference("departments", DEPARTMENT_ID[person["department"]]),
        "legalEntity": reference("legal-entities", ENTITY_ID[entity]),
        "startDate": person["start"],
        "serviceStartDate": person["start"],
        "endDate": person["end"],
        "expiryDate": person["end"],
        "active": works(person, today),
        "role": _role(person["title"]),
        "timezone": timezone,
        "country": code,
        "state": state,
        "customData": {
            "customField_costCentre": COST_CENTRES.get(person["department"]),
            "customField_groupNumber": person.get("human"),
            "customField_leaveStart": leave.get("start"),
            "customField_leaveEnd": leave.get("end"),
            **person.get("custom_data", {}),
        },
    }
    if onboarding:
        del shown["identifier"], shown["username"]
        shown["employeeNumber"] = None
    return shown


# {field: where the company keeps it}
WRITABLE = {"email": "email", "mobile": "mobile", "preferredFirstName": "preferred"}


def violations(given: dict[str, Any]) -> list[dict[str, Any]]:
    """API Platform's violations of a PATCH: fields that cannot be written, values that are not
    texts.
    """
    found = [
        {"propertyPath": name, "message": "This field was not expected."}
        for name in given
        if name not in (*WRITABLE, "customData")
    ]
    found += [
        {"propertyPath": name, "message": "This value should be of type string."}
        for name, value in given.items()
        if name in WRITABLE and not isinstance(value, (str, type(None)))
    ]
    if not isinstance(given.get("customData", {}), dict):
        found.append(
            {"propertyPath": "customData", "message": "This value should be of type object."}
        )
    return found


def change(person: Person, given: dict[str, Any]) -> None:
    """Set the fields of a PATCH in which violations() finds nothing."""
    for name, value in given.items():
        if name == "customData":
            person.setdefault("custom_data", {}).update(value)
        else:
            person[WRITABLE[name]] = value


def works(person: Person, today: str) -> bool:
    """ELMO's `active`: neither ended by status nor past the last day."""
    return not person.get("terminated") and (person["end"] is None or person["end"] >= today)


def employee(person: Person, today: str) -> dict[str, Any]:
    """The employment of a person. Bank, tax and superannuation are data that a client must not
    keep.
    """
    ended = person["end"] if person["end"] and person["end"] < today else None
    return {
        "id": person["id"],
        "employeeNumber": number(person),
        "employmentType": person["employment"],
        "terminationDate": ended,
        "terminationDetails": {"reason": "Resignation"} if ended else None,
        "bankDetails": [{"bsb": "000-000", "accountNumber": f"{person['number']:09d}"}],
        "taxDetails": {"taxFileNumber": f"{person['number']:09d}"},
        "superDetails": {"memberNumber": f"S{person['number']:08d}"},
    }


def vendors(count: int) -> list[dict[str, Any]]:
    """Users who are ELMO's own staff and not the company's: no number, no place, no dates of
    employment.
    """
    nothing = dict.fromkeys(
        (
            "preferred",
            "mobile",
            "birth",
            "department",
            "title",
            "location",
            "manager",
            "start",
            "end",
        )
    )
    return [
        {
            **nothing,
            "id": object_id("vendors", str(i)),
            "number": None,
            "first": "ELMO",
            "last": f"Support {i}",
            "email": f"support{i}@elmo.example",
        }
        for i in range(1, count + 1)
    ]


def related(kind: str) -> list[dict[str, Any]]:
    """The rows of departments, positions, locations or legal-entities."""
    if kind == "departments":
        top = {
            "id": object_id(kind, "Example"),
            "title": "Example",
            "departmentId": "D0",
            "description": None,
            "path": "Example",
            "parent": None,
            "deleted": False,
        }
        return [top] + [
            {
                "id": DEPARTMENT_ID[name],
                "title": name,
                "departmentId": f"D{i}",
                "description": None,
                "path": f"Example/{name}",
                "parent": f"/departments/{top['id']}",
                "deleted": False,
            }
            for i, name in enumerate(DEPARTMENTS, start=1)
        ]
    if kind == "positions":
        return [
            {
                "id": POSITION_ID[name],
                "title": name,
                "positionId": f"P{i:03d}",
                "description": None,
                "deleted": False,
            }
            for i, name in enumerate(ALL_TITLES, start=1)
        ]
    if kind == "locations":
        return [
            {
                "id": LOCATION_ID[city],
                "title": city,
                "locationId": f"L{i}",
                "address": f"{i} Harbour Street",
                "country": code,
                "state": state,
                "deleted": False,
            }
            for i, (city, code, _name, state, _zone, _entity) in enumerate(LOCATIONS, start=1)
        ]
    return [
        {"id": ENTITY_ID[name], "title": name, "legalEntityId": f"LE{i}", "deleted": False}
        for i, name in enumerate(LEGAL_ENTITIES, start=1)
    ]
