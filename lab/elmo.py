"""An HR server that answers as ELMO's User API does: OAuth client credentials, pages, envelopes,
errors.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from typing import Any
from urllib.parse import parse_qs

from . import elmo_shapes as shapes
from . import faults
from .company import Store, shift
from .errors import LabError
from .web import Answer, Request, json_answer

RELATED = ("departments", "positions", "locations", "legal-entities")
LISTS = ("users", "onboarding-users", "employees", *RELATED)
ROUTE = re.compile(r"/core/v1/([a-z-]+)(?:/([^/]+))?")

SETTINGS = {
    "client_id": "lab-client",
    "client_secret": "lab-secret",
    "token_seconds": 1800,  # expires_in of a token
    "token_body": "json",  # json, form or any: what POST /oauth/token accepts
    "page_size": 20,  # itemsPerPage unless asked for
    "page_maximum": 100,  # itemsPerPage at most, whatever is asked for
    "hydra": False,  # API Platform's envelope (hydra:member …) instead of {data, metadata}
    "iris": False,  # references of users as /departments/… instead of bare ids
    # accounts of ELMO's own staff among the users, without an employee number
    "vendor_users": 0,
    # days before the start on which a person changes from onboarding-users to users
    "onboarding_days": 10,
    # PATCH of /core/v1/users/{id}: designed for the lab, as ELMO's write endpoints are not public
    "writes": False,
}


def trouble(status: int, detail: str) -> Answer:
    return json_answer(
        status,
        {
            "type": "https://tools.ietf.org/html/rfc2616#section-10",
            "title": "An error occurred",
            "detail": detail,
        },
    )


def refusal(status: int, error: str, description: str) -> Answer:
    return json_answer(status, {"error": error, "error_description": description})


class Elmo:
    """State of one server: settings, tokens, requests so far, faults to come."""

    base = ""
    people = "/users"

    def __init__(self, store: Store, **settings):
        unknown = set(settings) - set(SETTINGS)
        if unknown:
            raise LabError(f"An ELMO server has no setting {', '.join(sorted(unknown))}.")
        self.settings = {**SETTINGS, **settings}
        self.store = store
        self.lock = threading.RLock()
        self.requests: list[dict] = []
        self.faults: list[dict] = []
        self._tokens: dict[str, float] = {}
        self._kept: tuple[int | None, dict] = (None, {})

    def is_list(self, request: Request) -> bool:
        found = ROUTE.fullmatch(request.path)
        return bool(found and found[1] in LISTS and not found[2])

    def on_fault(self, found: dict) -> Answer | None:
        """The answer of a fault; None if the request goes on."""
        kind = found["kind"]
        if kind == "token_expired":
            self._tokens.clear()
            return None
        if kind == "unauthorised":
            return trouble(401, "Unauthorised")
        if kind == "error":
            return trouble(int(found.get("status", 500)), "Internal Server Error")
        if kind in ("remove", "insert", "edit"):
            shift(self.store, kind, self._sorted_out()["users"])
            return None
        return trouble(500, f"The fault {kind} is not one of ELMO's")

    def handle(self, request: Request) -> Answer:
        if request.path == "/oauth/token":
            return self._token(request)
        kind, _space, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or self._tokens.get(token, 0) <= time.time():
            return trouble(401, "Invalid or expired access token")
        found = ROUTE.fullmatch(request.path)
        if not found or found[1] not in LISTS:
            return trouble(404, f'No route found for "{request.method} {request.path}"')
        if (
            request.method == "PATCH"
            and found[1] == "users"
            and found[2]
            and self.settings["writes"]
        ):
            return self._patch(found[2], request)
        if request.method != "GET":
            return trouble(
                405, f'No route found for "{request.method} {request.path}": Method Not Allowed'
            )
        return self._one(found[1], found[2]) if found[2] else self._list(found[1], request)

    def _token(self, request: Request) -> Answer:
        if request.method != "POST":
            return trouble(405, "Method Not Allowed (Allow: POST)")
        try:
            given = self._credentials(request)
            if given["grant_type"] != "client_credentials":
                return refusal(400, "unsupported_grant_type", "The grant type is not supported")
            known = (given["client_id"], given["client_secret"])
        except (ValueError, KeyError, TypeError):
            text = "A required parameter is missing, or the request is malformed"
            return refusal(400, "invalid_request", text)
        if known != (self.settings["client_id"], self.settings["client_secret"]):
            return refusal(401, "invalid_client", "Client authentication failed")
        token = secrets.token_urlsafe(32)
        seconds = self.settings["token_seconds"]
        self._tokens[token] = time.time() + seconds
        return json_answer(
            200, {"access_token": token, "token_type": "Bearer", "expires_in": seconds}
        )

    def _credentials(self, request: Request) -> dict[str, str]:
        """The fields of a token request. Raises ValueError for a body of the wrong kind."""
        accepted = self.settings["token_body"]
        content_type = request.headers.get("content-type", "")
        form = content_type.startswith("application/x-www-form-urlencoded")
        if accepted not in ("form" if form else "json", "any"):
            raise ValueError
        if not form:
            return request.json()
        return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}

    def _sorted_out(self) -> dict:
        """{users, onboarding-users, deleted: [person], ids: {number: user id}}, computed again when
        the company changes.
        """
        company = self.store.company()
        if self._kept[0] != self.store.version:
            places: dict = {"users": [], "onboarding-users": [], "deleted": [], "ids": {}}
            until = shapes.last_start(company["date"], self.settings["onboarding_days"])
            for person in company["people"]:
                if not person.get("hidden"):
                    places[shapes.place(person, until)].append(person)
                places["ids"][person["number"]] = person["id"]
            self._kept = (self.store.version, places)
        return self._kept[1]

    def _show(self, kind: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if kind in RELATED:
            return rows
        today = self.store.company()["date"]
        if kind == "employees":
            return [shapes.employee(row, today) for row in rows]
        ids, iris = self._sorted_out()["ids"], self.settings["iris"]
        onboarding = kind == "onboarding-users"
        return [shapes.user(row, ids, today, iris, onboarding) for row in rows]

    def _list(self, kind: str, request: Request) -> Answer:
        rows = self._listed(kind, request)
        page = request.number("page", 1)
        size = request.number("itemsPerPage", self.settings["page_size"])
        size = min(size, self.settings["page_maximum"])
        fault = faults.take(self.faults, faults.LIST, request.path, page, self.people)
        rows, total = faults.on_list(fault, rows)
        shown = self._show(kind, rows[(page - 1) * size : page * size])
        return json_answer(200, self._envelope(request.path, shown, page, size, total))

    def _listed(self, kind: str, request: Request) -> list[dict[str, Any]]:
        """All rows of a list, with the filters of the request."""
        if kind in RELATED or kind == "employees":
            return self._rows(kind)
        people, query = self._sorted_out(), request.query
        if kind != "users":
            return _matching(people[kind], query)
        if query.get("deleted") in ("true", "1"):
            return _matching(people["deleted"], query)
        rows = people["users"]
        if query.get("excludeVendorUsers") not in ("true", "1"):
            rows = rows + shapes.vendors(self.settings["vendor_users"])
        return _matching(rows, query)

    def _envelope(self, path: str, rows: list, page: int, size: int, total: int) -> dict:
        last = max(1, -(-total // size))
        if not self.settings["hydra"]:
            return {
                "data": rows,
                "metadata": {
                    "itemsPerPage": size,
                    "page": page,
                    "totalItems": total,
                    "lastPage": last,
                },
            }
        view = {"@id": f"{path}?page={page}", "@type": "hydra:PartialCollectionView"}
        if page < last:
            view["hydra:next"] = f"{path}?itemsPerPage={size}&page={page + 1}"
        return {
            "@id": path,
            "@type": "hydra:Collection",
            "hydra:member": rows,
            "hydra:totalItems": total,
            "hydra:view": view,
        }

    def _patch(self, wanted: str, request: Request) -> Answer:
        """Change the fields that were sent; nothing when one of them is invalid."""
        person = next((row for row in self._sorted_out()["users"] if row["id"] == wanted), None)
        if person is None:
            return trouble(404, "User not found")
        try:
            given = request.json()
        except ValueError:
            given = None
        if not isinstance(given, dict):
            return trouble(400, "Syntax error")
        broken = shapes.broken(given)
        if broken:
            return json_answer(
                422, {"title": "An error occurred", "detail": "Invalid", "violations": broken}
            )
        shapes.change(person, given)
        self.store.changed()
        return self._one("users", wanted)

    def _one(self, kind: str, wanted: str) -> Answer:
        for row in self._rows(kind):
            if row["id"] == wanted:
                return json_answer(200, self._show(kind, [row])[0])
        names = {"legal-entities": "Legal entity", "onboarding-users": "Onboarding user"}
        name = names.get(kind, kind[:-1].capitalize())
        return trouble(404, f"{name} not found")

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        """Everything that can be asked for by its id."""
        if kind in RELATED:
            return shapes.related(kind)
        people = self._sorted_out()
        if kind == "onboarding-users":
            return people[kind]
        return people["users"] + people["deleted"]


def _matching(people: list[dict], query: dict[str, str]) -> list[dict]:
    for parameter, field in (("firstName", "first"), ("lastName", "last"), ("email", "email")):
        if parameter in query:
            people = [
                person
                for person in people
                if (person[field] or "").lower() == query[parameter].lower()
            ]
    return people
