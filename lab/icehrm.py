"""An HR server that answers as IceHrm's REST API does, its surprises included (observed on version
35.0.0).
"""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from . import faults, tokens
from . import icehrm_lists as lists
from . import icehrm_shapes as shapes
from . import icehrm_writes as writes
from .company import Store, shift
from .company_data import COST_CENTRES, COUNTRIES, Person
from .errors import LabError
from .web import Answer, Request, json_answer

SETTINGS = {
    "key": "lab-key",  # signs the tokens
    "company": "lab",  # the cloud form answers below /api/<company> as well
    "documented": False,  # the shapes of the documentation instead of the observed ones
    "total": True,  # versions before 33.5 give none
    "order": "shuffled",  # without sortField: shuffled (another order for every page), or id
    "maximum": None,  # rows of a page at most; the real one has no limit
}
# What the details of a department show of an employee
STRUCTURE_FIELDS = (
    "id",
    "employee_id",
    "first_name",
    "last_name",
    "job_title",
    "work_email",
    "image",
)
BASES = r"/(?:app/api|api/v1/{company}|api/{company}|api/v1)"
EMPTY = b""
ZONES = {zone.casefold() for zone in available_timezones()} - {"localtime", "factory"}


@dataclass
class Call:
    """A request of a known user."""

    request: Request
    level: str  # of the user
    owner: int | None  # id of the user's employee
    number: int | None  # id in the path


class IceHrm:
    """State of one server: settings, requests so far, faults to come."""

    base = "/app/api"
    people = "/employees"

    def __init__(self, store: Store, **settings):
        unknown = set(settings) - set(SETTINGS)
        if unknown:
            raise LabError(f"An IceHrm server has no setting {', '.join(sorted(unknown))}.")
        self.settings = {**SETTINGS, **settings}
        self.store = store
        self.lock = threading.RLock()
        self.requests: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self._dead: set[str] = set()
        self._last_token = ""
        self._kept: tuple[int | None, dict] = (None, {})
        self._base = re.compile(BASES.format(company=re.escape(self.settings["company"])) + "(/.*)")

    def token(
        self, level: str = "Admin", owner: int | None = None, days: float = tokens.DAYS
    ) -> str:
        """A token for this server.

        owner: the employee id of its user; None for a user without an employee profile.
        """
        return tokens.issue(self.settings["key"], level, owner, days)

    def _refuse(self, status: int, message: str) -> Answer:
        if self.settings["documented"]:
            return json_answer(status, {"status": "ERROR", "message": message})
        return json_answer(status, {"error": [[{"code": status, "message": message}]]})

    def _route(self, request: Request) -> str:
        found = self._base.fullmatch(request.path)
        route = found[1] if found else ""
        return route.rstrip("/") if self.settings["documented"] else route

    def is_list(self, request: Request) -> bool:
        return self._route(request) == "/employees" and request.method == "GET"

    def on_fault(self, found: dict[str, Any]) -> Answer | None:
        """The answer of a fault; None if the request goes on."""
        kind = found["kind"]
        if kind == "token_expired":
            self._dead.add(self._last_token)
            return None
        if kind in ("remove", "insert", "edit"):
            shift(self.store, kind, self._people())
            return None
        if kind == "unauthorised":
            return self._refuse(403, "Authorization bearer token is empty")
        if kind == "revoked":
            return self._refuse(403, "Authorization bearer token is invalid")
        if kind == "password_changed":
            return json_answer(200, {"error": [[{"code": None, "message": False}]]})
        if kind == "disabled":
            return Answer(
                200, b"REST Api is not enabled. Please set 'Api: REST Api Enabled' setting to true"
            )
        return Answer(int(found.get("status", 500)), EMPTY)  # an uncaught error says nothing

    def handle(self, request: Request) -> Answer:
        route = self._route(request)
        if route == "/echo" and request.method == "GET":
            return Answer(200, f"Echo {random.randrange(1000)}".encode())
        found = self._action(request.method, route)
        if found is None:
            return Answer(404, b"404")
        action, number = found
        who = self._user(request)
        return who if isinstance(who, Answer) else action(Call(request, *who, number))

    def _action(self, method: str, route: str) -> tuple | None:
        """(the method that answers, the id in the route or None); None for an unknown route."""
        shape = re.sub(r"/[0-9]+(?=/|$)", "/0", route)
        actions = {
            "/employees": {"GET": self._list, "POST": self._post},
            "/employees/me": {"GET": self._me},
            "/employees/0": {"GET": self._get, "PUT": self._put, "DELETE": self._delete},
            "/meta/countries": {"GET": self._countries},
            "/company/structures/0/details": {"GET": self._structure},
        }
        action = actions.get(shape, {}).get(method)
        digits = re.search(r"/([0-9]+)(?:/|$)", route)
        return action and (action, int(digits[1]) if digits else None)

    def _user(self, request: Request) -> Answer | tuple[str, int | None]:
        """(level, owner) of the bearer token, or the answer that refuses it."""
        kind, _space, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            return self._refuse(403, "Authorization bearer token is empty")
        self._last_token = token
        try:
            known = tokens.read(self.settings["key"], token)
        except ValueError:
            return Answer(500, EMPTY)
        if known is None or token in self._dead:
            return self._refuse(403, "Authorization bearer token is empty")
        return known

    def _sorted_out(self) -> dict[int, Person]:
        """{id: person} of everyone who is not archived, by id; computed again when the company
        changes.
        """
        company = self.store.company()
        if self._kept[0] != self.store.version:
            people = sorted(company["people"], key=lambda person: person["number"])
            self._kept = (
                self.store.version,
                {
                    person["number"]: person
                    for person in people
                    if not (person["archived"] or person.get("hidden"))
                },
            )
        return self._kept[1]

    def _people(self) -> list[dict[str, Any]]:
        return list(self._sorted_out().values())

    def _visible(self, call: Call) -> list[Person]:
        if call.level == "Admin":
            return self._people()
        return [person for person in self._people() if person["manager"] == call.owner]

    def _list(self, call: Call) -> Answer:
        request = call.request
        page, limit = request.number("page", 1), request.number("limit", 50)
        limit = min(limit, self.settings["maximum"] or limit)
        try:
            people = self._asked(call, page)
        except KeyError:
            return Answer(500, EMPTY)
        fault = faults.take(self.faults, faults.LIST, request.path, page, self.people)
        people, total = faults.on_list(fault, people)
        on_page = people[(page - 1) * limit : page * limit]
        # Stable: only the user's own row moves, to the top
        on_page.sort(key=lambda person: person["number"] != call.owner)
        everybody, today = self._sorted_out(), self.store.company()["date"]
        rows = [shapes.item(person, everybody, today) for person in on_page]
        if self.settings["documented"]:
            rows = [shapes.documented(row) for row in rows]
        shown = {"data": rows, "nextPage": page + 1}
        if self.settings["documented"]:
            shown["status"] = "SUCCESS"
        if self.settings["total"]:
            shown["total"] = total
        return json_answer(200, shown)

    def _asked(self, call: Call, page: int) -> list[Person]:
        """The people that a list has, filtered and sorted. Raises KeyError for an unknown
        column.
        """
        today, query = self.store.company()["date"], call.request.query
        people = lists.filtered(self._visible(call), query.get("filters", ""), today)
        shuffle = page if self.settings["order"] == "shuffled" else None
        return lists.ordered(people, query, shuffle, today)

    def _one(self, number: int, status: int = 200, user: dict[str, Any] | None = None) -> Answer:
        people = self._sorted_out()
        shown = shapes.single(people[number], people, self.store.company()["date"]) | (user or {})
        if not self.settings["documented"]:
            return json_answer(status, shown)
        return json_answer(status, {"status": "SUCCESS", "data": shapes.documented(shown)})

    def _breaks(self, number: int) -> bool:
        """Whether IceHrm fails over an employee: with a time zone that PHP does not know."""
        person = self._sorted_out()[number]
        zone = shapes.row(person, self.store.company()["date"])["timezone"]
        return bool(zone) and zone.casefold() not in ZONES

    def _get(self, call: Call) -> Answer:
        if call.number in self._sorted_out():
            return Answer(500, EMPTY) if self._breaks(call.number) else self._one(call.number)
        if self.settings["documented"]:
            return self._refuse(404, "Employee not found")
        return Answer(500, EMPTY)

    def _me(self, call: Call) -> Answer:
        if call.owner in self._sorted_out():
            return self._one(
                call.owner,
                user={"can_login": 1, "user_name": f"user{call.owner}", "user_level": call.level},
            )
        return json_answer(
            200,
            {
                "isJoinFind": False,
                "current_time": f"{self.store.company()['date']} 09:00:00",
                "image": "service.php?a=download&file=",
                "customFields": [],
                "can_login": 0,
            },
        )

    def _put(self, call: Call) -> Answer:
        if call.level != "Admin":
            return self._refuse(403, "Permission denied")
        company, people, number = self.store.company(), self._sorted_out(), call.number
        if number in people and self._breaks(number):
            return Answer(500, EMPTY)
        try:
            given = _object(call.request)
            if number in people:
                writes.apply(people[number], given, people, company["date"])
            else:  # IceHrm does this: an unknown id becomes a new employee with another id
                person = writes.create(company, given, people, status=None)
                company["people"].append(person)
                number = person["number"]
        except writes.Refused:
            return self._refuse(400, "Error modifying employee")
        self.store.changed()
        if self._breaks(number):  # it is kept all the same
            return Answer(500, EMPTY)
        return self._one(number, 201 if self.settings["documented"] else 200)

    def _post(self, call: Call) -> Answer:
        if call.level != "Admin":
            return self._refuse(403, "Permission denied")
        company = self.store.company()
        try:
            person = writes.create(
                company, _object(call.request), self._sorted_out(), status="Active"
            )
        except writes.Refused as refused:
            return self._refuse(400, str(refused))
        company["people"].append(person)
        self.store.changed()
        if self._breaks(person["number"]):
            return Answer(500, EMPTY)
        return self._one(person["number"], 201)

    def _delete(self, call: Call) -> Answer:
        if call.level != "Admin":
            return self._refuse(403, "Permission denied")
        person = self._sorted_out().get(call.number)
        if person is None:
            return Answer(500, EMPTY)
        self.store.company()["people"].remove(person)
        self.store.changed()
        return json_answer(200, {"id": call.number})

    def _countries(self, _call: Call) -> Answer:
        return json_answer(
            200,
            {
                "data": [
                    {"id": i, "code": code, "name": name}
                    for i, (code, name) in enumerate(COUNTRIES.items(), start=1)
                ]
            },
        )

    def _structure(self, call: Call) -> Answer:
        number = call.number
        if number not in shapes.STRUCTURES:
            return Answer(500, EMPTY)
        top = number == shapes.COMPANY_ID
        employees = self._employees_of(number)
        children = [_department(name) for name in COST_CENTRES] if top else []
        return json_answer(
            200,
            {
                "id": number,
                "title": shapes.STRUCTURES[number],
                "description": shapes.STRUCTURES[number],
                "address": "",
                "type": "Company" if top else "Department",
                "country": "AU",
                "timezone": "Australia/Sydney",
                "parent": None if top else shapes.COMPANY_ID,
                "heads": [],
                "children": children,
                "employees": employees,
                "employeeCount": len(employees),
                "childCount": len(children),
            },
        )

    def _employees_of(self, department: int) -> list[dict[str, Any]]:
        """The active employees of a department, as its details show them."""
        today = self.store.company()["date"]
        found = []
        for person in self._people():
            row = shapes.row(person, today) | {"image": shapes.image(person)}
            if row["department"] == department and row["status"] == "Active":
                found.append({field: row[field] for field in STRUCTURE_FIELDS})
        return found


def _department(name: str) -> dict[str, Any]:
    return {
        "id": shapes.DEPARTMENT_ID[name],
        "title": name,
        "type": "Department",
        "timezone": "Australia/Sydney",
    }


def _object(request: Request) -> dict[str, Any]:
    try:
        given = request.json()
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise writes.Refused("No data")
    return given
