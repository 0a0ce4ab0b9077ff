# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's employees, one at a time, for writing: found, read, changed and read again.

IceHrm makes a new employee of a PUT to an id that it does not have, and keeps unknown names as stray values, both with status 200. So
nobody is written to who was not read a moment before, and nothing is believed that was not read afterwards.
"""

from __future__ import annotations

import json

from ...errors import HrisError
from ...sources.icehrm import record_format, source
from . import fields


class StopError(HrisError):
    """What makes every further write pointless or dangerous."""


def find(client, by: str, who: str) -> list[dict] | None:
    """The records of one employee; None when IceHrm ignores the filter (before v33) and everybody must be read."""
    if by == "id":
        found = single(client, who)
        return [found] if found else []
    filters = json.dumps({"employee_id": who}, separators=(",", ":"))
    value = source.trusted(
        client, client.get("/employees", {"filters": filters, "limit": 2, "page": 1}), "/employees"
    )
    rows = value.get("data") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise HrisError("the answer is not a list of employees", f"{client.base_url}/employees")
    if any(str(row.get("employee_id")).casefold() != who.casefold() for row in rows):
        return None
    return [record_format.normalise(row) for row in rows]


def single(client, number: str) -> dict | None:
    """The record of GET /employees/{id}; None when there is none, which IceHrm says with 500 and an empty body."""
    if not number.isdigit():
        return None
    path = f"/employees/{number}"
    answer = client.request("GET", path, repeat=True)
    if answer.status == 404 or (answer.status == 500 and not answer.body.strip()):
        return None
    row = _object(client, answer, path)
    return record_format.normalise(row) if str(row.get("id")) == number else None


def change(client, number: str, wanted: dict, custom_fields: dict) -> dict:
    """Write the fields that still differ, and see that they arrived. Returns {field: (before, after)} of what was written.

    wanted: {field: (compared, sent, as given)} of fields.wanted. Raises HrisError for this employee, StopError for the run.
    """
    fresh = _or_stop(single, client, number)
    if fresh is None:
        raise HrisError(
            "the employee is no longer there: nothing was written", f"employee {number}"
        )
    written = differences(fresh, wanted, custom_fields)
    if not written:
        return {}
    path = f"/employees/{number}"
    body = {fields.key(field): wanted[field][1] for field in written}
    answer = _or_stop(client.request, "PUT", path, repeat=True, json=body)
    if answer.status == 400:
        names = ", ".join(map(fields.shown, written))
        raise HrisError(
            f"IceHrm refuses the values of {names} without saying why",
            f"{client.base_url}{path}",
            "Usual reasons: an id that does not exist, an employee number that another one has",
        )
    row = _or_stop(_object, client, answer, path)
    if str(row.get("id")) != number:
        raise StopError(
            f"IceHrm made a new employee, id {row.get('id')}, instead of changing {number}, who went away in between",
            f"{client.base_url}{path}",
            f"Delete the employee {row.get('id')} in IceHrm. Nothing more was written",
        )
    _verify(client, number, written, wanted, custom_fields)
    return written


def differences(record: dict, wanted: dict, custom_fields: dict) -> dict:
    """{field: (what the record has, what it shall have)} where they differ."""
    found = {}
    for field, (after, _sent, given) in wanted.items():
        before = fields.current(field, record, custom_fields)
        if before != after and not fields.is_called(field, given, record):
            found[field] = (before["display"] if isinstance(before, dict) else before, after)
    return found


def _verify(client, number: str, written: dict, wanted: dict, custom_fields: dict) -> None:
    record = _or_stop(single, client, number)
    if record is None:
        raise StopError("the employee cannot be read any more after writing", f"employee {number}")
    left = differences(record, {field: wanted[field] for field in written}, custom_fields)
    stray = [
        field
        for field in left
        if isinstance(field, tuple) and wanted[field][0] is not None and left[field][0] is None
    ]
    if stray:
        _or_stop(
            client.request,
            "PUT",
            f"/employees/{number}",
            repeat=True,
            json={field[1]: None for field in stray},
        )
        names = ", ".join(f"'{field[1]}' ({custom_fields[field[1]]})" for field in stray)
        raise StopError(
            f"IceHrm took {names}, but shows no such custom field of the employee",
            f"employee {number}",
            "Check the names and labels in custom_fields against IceHrm's. The value was taken back; nothing more was written",
        )
    if left:
        names = ", ".join(map(fields.shown, left))
        raise HrisError(f"IceHrm took {names} and has something else now", f"employee {number}")


def _object(client, answer: dict, path: str) -> dict:
    """The bare object, or the one inside of the documented envelope."""
    value = source.trusted(client, client.decode(answer), path)
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        value = value["data"]
    if not isinstance(value, dict) or "id" not in value:
        raise HrisError("the answer is not an employee", f"{client.base_url}{path}")
    return value


def _or_stop(function, *arguments, **options):
    """What the function returns. A server that does not answer, or refuses us, will do so for the next employee, too: StopError."""
    try:
        return function(*arguments, **options)
    except HrisError as error:
        raise StopError(error.message, error.place, error.hint) from None
