# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every odd value in every field, in one feed and one run: nobody else is stopped, what is planned is also accepted, and a second run writes nothing."""
from __future__ import annotations

import json
import sys

import pytest
from module_process import ROOT

sys.path.insert(0, str(ROOT / "tests/unit/fuzz"))

from odd_values import DATES, NUMBERS, TEXTS, ZONES

STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"
RULES = {
    "source": "odd",
    "mapping": {
        "employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}",
        "title": {"from": "title", "empty": "clear"}, "description": "title", "department": {"from": "department", "table": {"Sales": "Sales and marketing"}, "unmapped": "pass"},
        "telephoneNumber": "phone", "thumbnailPhoto": "photo", "countryCode": "country", "c": "country", "info": "{upper(title)}", "otherTelephone": "[phone, title]",
        "proxyAddresses": "proxies", "manager": {"employee": "manager", "field": "id"},
    },
    "naming": {
        "candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}{ascii(sn)}"],
        "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "userPrincipalName": "{lower(name)}@corp.example", "cn": "{displayName}"},
    },
    "placement": [{"ou": "OU={title},OU=Staff,DC=corp,DC=example", "when": "department == 'Legal'", "create": True}, {"ou": STAFF}],
    "groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "department == 'Finance'"}],
    "dates": {"start": "start", "end": "end", "timezone": "zone", "terminated": "status == 'Terminated'", "leave_start": "leave"},
    "leaver": {"groups": "remove_managed", "move_to": LEAVERS},
    "limits": {"held": {"percent": 100}},
}
FIELDS = ("first", "last", "title", "manager", "department", "start", "end", "zone", "status", "leave", "phone", "photo", "country", "proxies")
ODD = [*TEXTS, *DATES, *ZONES, *NUMBERS, [], {}, ["a", "A"], [None], {"name": "x"}, ["x" * 3000, "\n"]]


def _person(number, **more):
    return {"number": number, "id": f"id-{number}", "first": f"First{number}", "last": f"Last{number}", "title": "Clerk", "manager": None, "department": "Sales", "start": "2020-01-01",
            "end": None, "zone": "UTC", "status": "Active", "leave": None, "phone": None, "photo": None, "country": None, "proxies": None} | more


def _feed():
    people = [_person("E1"), _person("E2", manager="id-E1"), _person("E3", end="2026-02-01")]
    cases = [(field, value) for field in FIELDS for value in ODD]
    people += [_person(f"Z{number}", **{field: value}) for number, (field, value) in enumerate(cases)]
    legal = [_person(f"L{number}", department="Legal", title=value) for number, value in enumerate(ODD)]
    return [*people, *legal]


@pytest.mark.long
def test_odd_values_in_every_field(clean, module, read, tmp_path):
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps(one) + "\n" for one in _feed()))
    given = {**RULES, "as_of": "2026-03-02", "src": str(feed), "report_limit": 10_000}
    mark = clean.mark()
    checked = module("sync", check=True, **given)
    assert clean.writes_since(mark) == [] and not checked.get("failed"), checked["msg"]
    done = module("sync", **given)
    assert done["refused"] == [], done["msg"]
    assert not done.get("failed") and done["digest"] == checked["digest"]
    assert read("(employeeID=E2)")["manager"] == read("(employeeID=E1)")["dn"] and read("(employeeID=E3)") is None
    assert done["summary"]["changes"]["create"] > len(FIELDS) * len(ODD) / 2, "most of them have an account all the same"
    mark = clean.mark()
    again = module("sync", **given)
    assert clean.writes_since(mark) == [] and not again["changed"], again["diff"]
