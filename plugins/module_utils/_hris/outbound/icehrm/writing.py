# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's employees, one at a time: read, changed and verified.

IceHrm creates a new employee when a PUT names an id that it does not have, and keeps unknown names
as values of no field, both with status 200. So each employee is read right before the write, and
again after it: only what is read then is believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...data_class import frozen
from ...errors import HrisError
from ...model.records import Record
from ...sources.icehrm import record_format
from ...web import responses
from ...web.client import Client
from ...web.responses import Response
from ..comparison import Difference
from . import employee, fields, reading
from .employee import Employee
from .fields import CustomFields, Field, NamedReference, WantedValue
from .reading import EmployeeError

Differences = dict[Field, Difference]
# Answers that concern the one employee who was sent; another one may be accepted
_OF_ONE_EMPLOYEE = (400, 404, 409, 413, 422, reading.OWN_ERROR)


class StopError(HrisError):
    """An error after which no further employee can be written, or must be."""


class PartlyWrittenError(Exception):
    """An error of an employee who has some of the fields that were sent all the same."""

    def __init__(self, error: HrisError, written: Differences):
        super().__init__(str(error))
        self.error = error
        self.written = written


@frozen
class Writing:
    """What the writes of a run share."""

    client: Client
    custom_fields: CustomFields
    choices: frozenset[str]  # labels of the choices that some employee has


def change(writing: Writing, number: str, wanted: dict[Field, WantedValue]) -> Differences:
    """Write the fields of an employee that differ, and verify them. Returns what was written.

    Raises StopError for the whole run, another HrisError for this employee; PartlyWrittenError has
    one of these and what was written.
    """
    person = read(writing.client, number)
    written = checked_differences(person, wanted, writing.custom_fields)
    if not written:
        return {}
    failed = _put(writing, number, {field.name: wanted[field].sent for field in written})
    lost, error = _verify(writing, person, {field: wanted[field] for field in written}, failed)
    if error is None:
        return written
    left = {field: difference for field, difference in written.items() if field not in lost}
    if left:
        raise PartlyWrittenError(error, left)
    raise error


def read(client: Client, number: str) -> Employee:
    """The employee, right before the write. Raises like change."""
    with _stopping():
        person = reading.read(client, number)
    if person is None:
        raise EmployeeError(
            "the employee does not exist any more, so nothing was written", f"employee {number}"
        )
    return person


def checked_differences(
    person: Employee, wanted: dict[Field, WantedValue], custom_fields: CustomFields
) -> Differences:
    """The differences. Raises HrisError for one that IceHrm would not keep as it is meant."""
    found = differences(person, wanted, custom_fields)
    for field in found:
        if field.custom:
            fields.check_type(field, wanted[field], person, custom_fields[field.name])
    return found


def differences(
    person: Employee, wanted: dict[Field, WantedValue], custom_fields: CustomFields
) -> Differences:
    """What the employee has and shall have, where they differ."""
    different = {}
    for field, value in wanted.items():
        current = fields.current_value(field, person, custom_fields)
        if fields.is_same(field, current, value):
            continue
        if fields.has_name(field, value.given, person.record):
            continue
        if isinstance(current, NamedReference):
            current = current.display
        different[field] = Difference(current, value.compared)
    return different


def _put(writing: Writing, number: str, body: Record) -> str | None:
    """Send fields. Returns the words of an answer that concerns this employee alone, or None.

    Raises StopError.
    """
    client, path = writing.client, f"/employees/{number}"
    with _stopping():
        response = client.request("PUT", path, json=body, repeat=True, final=(reading.OWN_ERROR,))
        refused = _refusal(client, response)
        if refused is not None:
            return refused
        row = reading.row_of(client, response, path)
    if str(row.get("id")) != number:
        raise StopError(
            f"IceHrm created a new employee, id {row.get('id')}, instead of changing {number}, "
            "who was deleted in the meantime",
            f"{client.base_url}{path}",
            f"Delete the employee {row.get('id')} in IceHrm. No further employee was written",
        )
    return None


def _refusal(client: Client, response: Response) -> str | None:
    """What an answer says of the one employee; None for a success and for what concerns all."""
    if response.status in _OF_ONE_EMPLOYEE:
        words = client.scrub(responses.error_words(response.body))
        return f"IceHrm answers HTTP {response.status}" + (f": {words}" if words else "")
    if response.status >= 300:
        return None
    inside = responses.error_inside(client.decode(response))
    return f"IceHrm answers with an error: {client.scrub(inside)}" if inside else None


def _verify(
    writing: Writing, before: Employee, wanted: dict[Field, WantedValue], failed: str | None
) -> tuple[set[Field], HrisError | None]:
    """(the fields that are not written, why), as the employee is now, whatever the answer was.

    before: the employee before the write. failed: the words of an answer that was no success.
    Raises StopError.
    """
    place = f"employee {before.id}"
    sent = ", ".join(field.label for field in wanted)
    try:
        with _stopping():
            person = reading.read(writing.client, before.id)
    except EmployeeError as error:
        message = f"after {sent} was sent ({failed or 'accepted'}): {error.message}"
        return set(wanted), EmployeeError(message, place, error.hint)
    if person is None:
        message = f"after {sent} was sent, the employee cannot be read any more"
        return set(wanted), EmployeeError(message, place)
    left = differences(person, wanted, writing.custom_fields)
    unshown = [
        field
        for field, value in wanted.items()
        if field.custom
        and field not in left
        and value.compared is not None
        and employee.shown(person, writing.custom_fields[field.name]) is None
    ]
    if unshown:
        restored, problem = _unshown(writing, before, unshown, wanted)
        return {*left, *(unshown if restored else ())}, problem
    if not left:
        return set(), None
    if failed:
        return set(left), EmployeeError(
            f"{failed}, and {_labels(left)} is not written",
            place,
            "IceHrm gives no reason: check that each id exists, that no other employee has the "
            "employee number, and what its log says",
        )
    message = f"IceHrm accepted {_labels(left)}, and now has {_values(left)}"
    return set(left), EmployeeError(message, place)


def _unshown(
    writing: Writing, before: Employee, unshown: list[Field], wanted: dict[Field, WantedValue]
) -> tuple[bool, HrisError]:
    """Take custom values back that IceHrm keeps and shows in no field.

    Returns whether they have their former values again, and the error.
    """
    place = f"employee {before.id}"
    names = ", ".join(f"'{field.name}' ({writing.custom_fields[field.name]})" for field in unshown)
    is_restored, restored = _take_back(writing, before, unshown)
    choices = writing.choices | employee.choices(before)
    if all(writing.custom_fields[field.name] in choices for field in unshown):
        values = ", ".join(str(wanted[field].compared) for field in unshown)
        return is_restored, EmployeeError(
            f"IceHrm accepted {values} for {names}, but the field has no such option",
            place,
            "Give the value of an option, not its label; and compare the name of the field with "
            f"that in IceHrm. {restored}",
        )
    return is_restored, StopError(
        f"IceHrm accepted {names}, but the employee has no such custom field, or no such option",
        place,
        "Compare the names and labels in custom_fields, and the values of options, with those in "
        f"IceHrm. {restored}. No further employee was written",
    )


def _take_back(writing: Writing, before: Employee, taken: list[Field]) -> tuple[bool, str]:
    """Restore what the fields had. Returns whether they have it, and what is there now."""
    number, labels = before.id, writing.custom_fields
    earlier = {field: employee.raw_value(before, field.name, labels[field.name]) for field in taken}
    failed = _put(writing, number, {field.name: value or "" for field, value in earlier.items()})
    with _stopping():
        person = reading.read(writing.client, number)
    now = {
        field: person and employee.raw_value(person, field.name, labels[field.name])
        for field in taken
    }
    if person is not None and now == earlier:
        values = ", ".join(value or "no value" for value in now.values())
        return True, f"The value was taken back: IceHrm has {values} there again, as before"
    values = ", ".join(f"{now[field] or 'no value'} in '{field.name}'" for field in taken)
    reason = f" ({failed})" if failed else ""
    text = f"The value could not be taken back{reason}: IceHrm now has {values}. Correct it there"
    return False, text


def _labels(differences: Differences) -> str:
    return ", ".join(field.label for field in differences)


def _values(differences: Differences) -> str:
    return ", ".join(_value(field, found.before) for field, found in differences.items())


def _value(field: Field, value: object) -> str:
    if not field.custom and field.name in record_format.SENSITIVE:
        return "another value"
    return "no value" if value is None else f"'{value}'"


@contextmanager
def _stopping() -> Iterator[None]:
    """HrisError becomes StopError, since the next employee would fail for the same reason."""
    try:
        yield
    except EmployeeError:
        raise
    except HrisError as error:
        raise StopError(error.message, error.place, error.hint) from None
