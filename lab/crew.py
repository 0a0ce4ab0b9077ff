"""An HR server of the lab's own design, different from the others in everything: cursors, an API
key, records nested in records.

  GET /v2/people?after=CURSOR&limit=N  {"items": [person], "page": {"next", "total", "size"}};
                                       "next" is a cursor or null
  GET /v2/units                        [{"code", "label", "costCentre"}]
  GET /v2/people/REF/passes            {"passes": [{"kind", "serial"}]}; 404 for people without any

The key is in the header X-Crew-Key. A cursor is valid for the list that it came from.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
from urllib.parse import quote

from . import faults
from .company import Store, shift
from .company_data import CITIES, COST_CENTRES, LOCATIONS
from .errors import LabError
from .seed import DEPARTMENTS
from .web import Answer, Request, json_answer

SETTINGS = {
    "key": "lab-crew-key",
    "page_size": 25,  # limit unless asked for
    "page_maximum": 50,  # limit at most
    "links": False,  # a Link header besides the cursor
}
PASSES = re.compile(r"/v2/people/(C-\d+)/passes")
UNIT_CODE = {name: 40 + index for index, name in enumerate(DEPARTMENTS)}


def ref(number: int | None) -> str | None:
    """The reference of a person in this server. number: of the company."""
    return None if number is None else f"C-{7000 + number}"


def person(found: dict, today: str) -> dict:
    """One person of the company as this server shows them."""
    city, code, _country, _state, timezone, _entity = CITIES.get(found["location"], LOCATIONS[0])
    leave = found.get("leave") or {}
    gone = bool(
        found.get("terminated") or found["archived"] or (found["end"] and found["end"] < today)
    )
    channels = [{"kind": "mobile", "value": found["mobile"]}] if found["mobile"] else []
    return {
        "ref": ref(found["number"]),
        "name": {"given": found["first"], "family": found["last"], "known-as": found["preferred"]},
        "job": {
            "title": found["title"],
            "unit": UNIT_CODE.get(found["department"]),
            "boss": ref(found["manager"]),
            "contract": {
                "from": found["start"],
                "until": found["end"],
                "kind": found["employment"].lower(),
            },
        },
        "site": {"city": city, "country": code, "zone": timezone},
        "channels": channels,
        "away": {"from": leave.get("start"), "until": leave.get("end")} if leave else None,
        "gone": gone,
    }


class Crew:
    """State of one server: settings, requests so far, faults to come."""

    base = "/v2"
    people = "/people"

    def __init__(self, store: Store, **settings):
        unknown = set(settings) - set(SETTINGS)
        if unknown:
            raise LabError(f"A crew server has no setting {', '.join(sorted(unknown))}.")
        self.settings = {**SETTINGS, **settings}
        self.store = store
        self.lock = threading.RLock()
        self.requests: list[dict] = []
        self.faults: list[dict] = []

    def is_list(self, request: Request) -> bool:
        return request.path in ("/v2/people", "/v2/units")

    def on_fault(self, found: dict) -> Answer | None:
        """The answer of a fault; None if the request goes on."""
        if found["kind"] == "unauthorised":
            return json_answer(401, {"message": "This key is not known"})
        if found["kind"] == "error":
            return json_answer(int(found.get("status", 500)), {"message": "Something broke"})
        if found["kind"] in faults.SHIFT:
            shift(self.store, found["kind"], self._rows())
            return None
        return json_answer(
            500, {"message": f"The fault {found['kind']} is not one of this server's"}
        )

    def handle(self, request: Request) -> Answer:
        if request.headers.get("x-crew-key") != self.settings["key"]:
            return json_answer(401, {"message": "This key is not known"})
        if request.method != "GET":
            return json_answer(405, {"message": "This server is only read"})
        if request.path == "/v2/people":
            return self._list(request)
        if request.path == "/v2/units":
            return json_answer(
                200,
                [
                    {"code": str(number), "label": name, "costCentre": COST_CENTRES[name]}
                    for name, number in UNIT_CODE.items()
                ],
            )
        found = PASSES.fullmatch(request.path)
        if found:
            return self._passes(int(found[1].removeprefix("C-")) - 7000)
        return json_answer(404, {"message": f"Nothing is at {request.path}"})

    def _rows(self) -> list[dict]:
        return [
            row
            for row in self.store.company()["people"]
            if row["number"] is not None and not row.get("hidden")
        ]

    def _list(self, request: Request) -> Answer:
        """Cursors name the last person of the page before, so that nobody is lost or listed twice
        when the list changes.
        """
        rows = sorted(self._rows(), key=lambda row: row["number"])
        size = min(
            request.number("limit", self.settings["page_size"]), self.settings["page_maximum"]
        )
        rows, total = faults.on_list(
            faults.take(self.faults, faults.LIST, request.path, None, self.people), rows
        )
        after = request.query.get("after")
        if after is not None:
            try:
                last = int(base64.urlsafe_b64decode(after).decode().removeprefix("crew:"))
            except (binascii.Error, ValueError):
                return json_answer(400, {"message": "This cursor is not one of ours"})
            rows = [row for row in rows if row["number"] > last]
        shown = rows[:size]
        cursor = (
            base64.urlsafe_b64encode(f"crew:{shown[-1]['number']}".encode()).decode()
            if len(rows) > size
            else None
        )
        today = self.store.company()["date"]
        said = json_answer(
            200,
            {
                "items": [person(row, today) for row in shown],
                "page": {"next": cursor, "total": total, "size": len(shown)},
            },
        )
        if cursor and self.settings["links"]:
            said.headers["Link"] = f'</v2/people?after={quote(cursor)}&limit={size}>; rel="next"'
        return said

    def _passes(self, number: int) -> Answer:
        """Every third person has none."""
        if number % 3 == 0 or all(row["number"] != number for row in self._rows()):
            return json_answer(404, {"message": "Nobody of this ref has passes"})
        gate = [{"kind": "gate", "serial": f"G{number:05d}"}] * (number % 2)
        return json_answer(200, {"passes": [{"kind": "door", "serial": f"D{number:05d}"}, *gate]})
