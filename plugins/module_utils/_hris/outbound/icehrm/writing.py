# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's employees, one at a time: found, read, changed and verified.

IceHrm creates a new employee when a PUT names an id that it does not have, and keeps unknown names
as values of no field, both with status 200. So each employee is read right before the write, and
again after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...errors import HrisError
from ...model.records import Record
from ...sources.icehrm import connection, record_format
from ...web.client import Client
from ...web.responses import Response
from ..comparison import Difference
from . import fields
from .fields import CustomFields, Field, NamedReference, WantedValue

Differences = dict[Field, Difference]


class StopError(HrisError):
    """An error after which no further employee can be written, or must be."""


def find(client: Client, key_field: str, key: str) -> list[Record] | None:
    """The records of one employee. None: IceHrm ignores the filter (before v33).

    key_field: employee_id or id. Raises HrisError.
    """
    if key_field == "id":
        record = read(client, key)
        return [record] if record else []
    filters = json.dumps({"employee_id": key}, separators=(",", ":"))
    value = connection.trusted(
        client, client.get("/employees", {"filters": filters, "limit": 2, "page": 1}), "/employees"
    )
    rows = value.get("data") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise HrisError("the response is not a list of employees", f"{client.base_url}/employees")
    if any(str(row.get("employee_id")).casefold() != key.casefold() for row in rows):
        return None
    return [record_format.normalise(row) for row in rows]


def read(client: Client, number: str) -> Record | None:
    """The record of the employee with an id; None when there is none.

    IceHrm then answers with status 500 and an empty body. Raises HrisError.
    """
    if not number.isdigit():
        return None
    path = f"/employees/{number}"
    response = client.request("GET", path, repeat=True)
    if response.status == 404 or (response.status == 500 and not response.body.strip()):
        return None
    row = _row(client, response, path)
    return record_format.normalise(row) if str(row.get("id")) == number else None


def change(
    client: Client, number: str, wanted: dict[Field, WantedValue], custom_fields: CustomFields
) -> Differences:
    """Write the fields of an employee that differ, and verify them. Returns what was written.

    Raises HrisError for this employee, StopError for the whole run.
    """
    with _stopping():
        record = read(client, number)
    if record is None:
        raise HrisError(
            "the employee does not exist any more, so nothing was written", f"employee {number}"
        )
    written = differences(record, wanted, custom_fields)
    if not written:
        return {}
    path = f"/employees/{number}"
    place = f"{client.base_url}{path}"
    body = {field.name: wanted[field].sent for field in written}
    with _stopping():
        response = client.request("PUT", path, json=body, repeat=True)
    if response.status == 400:
        raise HrisError(
            f"IceHrm refuses the values of {_labels(written)} and gives no reason",
            place,
            "Check that each id exists, and that no other employee has the employee number",
        )
    with _stopping():
        row = _row(client, response, path)
    if str(row.get("id")) != number:
        raise StopError(
            f"IceHrm created a new employee, id {row.get('id')}, instead of changing {number}, "
            "who was deleted in the meantime",
            place,
            f"Delete the employee {row.get('id')} in IceHrm. No further employee was written",
        )
    _verify(client, number, {field: wanted[field] for field in written}, custom_fields)
    return written


def differences(
    record: Record, wanted: dict[Field, WantedValue], custom_fields: CustomFields
) -> Differences:
    """What the record has and what it shall have, where they differ."""
    different = {}
    for field, value in wanted.items():
        current = fields.current_value(field, record, custom_fields)
        if current == value.compared or fields.has_name(field, value.given, record):
            continue
        if isinstance(current, NamedReference):
            current = current.display
        different[field] = Difference(current, value.compared)
    return different


def _verify(
    client: Client, number: str, wanted: dict[Field, WantedValue], custom_fields: CustomFields
) -> None:
    """Raise HrisError when the employee does not have what was written."""
    place = f"employee {number}"
    with _stopping():
        record = read(client, number)
    if record is None:
        raise StopError("the employee cannot be read any more after writing", place)
    left = differences(record, wanted, custom_fields)
    unknown = [
        field
        for field, difference in left.items()
        if field.custom and difference.before is None and difference.after is not None
    ]
    if unknown:
        with _stopping():
            client.request(
                "PUT",
                f"/employees/{number}",
                json={field.name: None for field in unknown},
                repeat=True,
            )
        names = ", ".join(f"'{field.name}' ({custom_fields[field.name]})" for field in unknown)
        raise StopError(
            f"IceHrm accepted {names}, but the employee has no such custom field",
            place,
            "Compare the names and labels in custom_fields with those in IceHrm. The value was "
            "removed again; no further employee was written",
        )
    if left:
        raise HrisError(f"IceHrm accepted {_labels(left)} and now has another value", place)


def _labels(differences: Differences) -> str:
    return ", ".join(field.label for field in differences)


def _row(client: Client, response: Response, path: str) -> dict[str, Any]:
    """The employee of a response: a bare object, or the one in the documented envelope."""
    value = connection.trusted(client, client.decode(response), path)
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        value = value["data"]
    if not isinstance(value, dict) or "id" not in value:
        raise HrisError("the response is not an employee", f"{client.base_url}{path}")
    return value


@contextmanager
def _stopping() -> Iterator[None]:
    """HrisError becomes StopError: the next employee would fail for the same reason."""
    try:
        yield
    except HrisError as error:
        raise StopError(error.message, error.place, error.hint) from None
