# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's employees, found and read before and after a write."""

from __future__ import annotations

import json
import re
from typing import Any

from ...errors import HrisError
from ...model.records import Record
from ...sources.icehrm import connection, source
from ...web.client import Client
from ...web.responses import Response
from . import columns
from .employee import Employee, of_row

# IceHrm's answer to an error of its own, which asking again does not change. Usually its body is
# empty; where PHP shows errors, it is their text.
OWN_ERROR = 500
_MOST_MATCHES = 10


class EmployeeError(HrisError):
    """An error of one employee: the others can be written."""


def everyone(client: Client, page_size: int) -> list[Employee]:
    """All employees, as the list shows them. Raises HrisError."""
    return [of_row(row) for row in source.rows(client, page_size)]


def find(client: Client, key_field: str, key: str) -> list[Employee] | None:
    """The employees with a key, as the list shows them.

    None: all employees have to be read, because IceHrm ignores the filter (before v33), or because
    an employee number may have blanks before it. key_field: employee_id or id. Raises HrisError.
    """
    if key_field == "id" and not is_id(key):
        return []
    rows = _filtered(client, key_field, key)
    if not rows and key_field != "id":
        return None
    if any(comparable(row.get(key_field)) != comparable(key) for row in rows):
        return None
    return [of_row(row) for row in rows]


def read(client: Client, number: str) -> Employee | None:
    """The employee with an id, read alone; None when there is none.

    Raises EmployeeError for one whom IceHrm cannot show, else HrisError.
    """
    if not is_id(number):
        return None
    path = f"/employees/{number}"
    response = client.request("GET", path, repeat=True, final=(OWN_ERROR,))
    if response.status == 404:
        return None
    if response.status == OWN_ERROR:
        _check_missing(client, number)
        return None
    row = row_of(client, response, path)
    return of_row(row, single=True) if str(row.get("id")) == number else None


def _check_missing(client: Client, number: str) -> None:
    """Raise EmployeeError for an employee who exists: IceHrm has one answer to nobody and to whom
    it cannot show.
    """
    rows = _filtered(client, "id", number)
    own = [row for row in rows if str(row.get("id")) == number]
    if not rows:
        return
    place = f"employee {number}"
    if not own:
        raise EmployeeError(
            "IceHrm answers HTTP 500: there is no such employee, or it cannot show this one", place
        )
    zone = own[0].get(columns.TIME_ZONE)
    if zone and not columns.is_time_zone(str(zone)):
        raise EmployeeError(
            f"IceHrm can neither show nor change the employee: '{zone}' is not a time zone",
            place,
            "It can be corrected only in IceHrm's database (table Employees, column timezone)",
        )
    raise EmployeeError(
        "IceHrm lists the employee, but answers HTTP 500 when asked for this one alone",
        place,
        "See IceHrm's log; often the time zone is one that its PHP does not know",
    )


def row_of(client: Client, response: Response, path: str) -> Record:
    """The employee of a response: a bare object, or the one in the documented envelope."""
    value = connection.trusted(client, client.decode(response), path)
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        value = value["data"]
    if not isinstance(value, dict) or "id" not in value:
        raise HrisError("the response is not an employee", f"{client.base_url}{path}")
    return value


def _filtered(client: Client, column: str, value: str) -> list[Record]:
    query = {
        "filters": json.dumps({column: value}, separators=(",", ":")),
        "limit": _MOST_MATCHES,
        "page": 1,
    }
    found = connection.trusted(client, client.get("/employees", query), "/employees")
    rows = found.get("data") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise HrisError("the response is not a list of employees", f"{client.base_url}/employees")
    return rows


def comparable(key: Any) -> str:
    """An employee number or id in the form in which equal ones are equal.

    HR may have it with blanks at its ends, which the key of a person never has.
    """
    return str(key if key is not None else "").strip().casefold()


def is_id(text: str) -> bool:
    """Whether a text can be an id of IceHrm."""
    return re.fullmatch(r"[0-9]{1,18}", text) is not None
