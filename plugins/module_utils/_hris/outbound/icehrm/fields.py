# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of an IceHrm employee that can be written, in the forms that IceHrm takes.

Facts of IceHrm 35: a reference is sent as an id, never as a name or as the object that was read;
null clears a column and leaves a custom field as it is, which the empty text clears; unknown names
are accepted and kept as values of no field. So only names that are known here, or declared as
custom fields, are ever sent.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from ...data_class import frozen
from ...errors import HrisError, did_you_mean
from ...model.records import Record
from ...option_names import option_name
from ...sources.icehrm.record_format import FIELDS, REFERENCES, Reference
from . import columns, employee
from .employee import Employee
from .names import Names
from .reading import is_id

DATES = (
    "birthday",
    "joined_date",
    "confirmation_date",
    "termination_date",
    "driving_license_exp_date",
)
COUNTRY, INDIRECT, CUSTOM = "country", "indirect_supervisors", "custom"
# IceHrm sets these itself: the picture, the address of the login, and what identifies the record.
_READ_ONLY = ("id", "image", "email", CUSTOM)
_READ_ONLY_HINTS = {
    "id": "IceHrm assigns the id",
    "email": "It belongs to the login; the address of the employee is work_email",
}
WRITABLE = tuple(name for name in FIELDS if name not in _READ_ONLY)

CustomFields = dict[str, str]  # {name in IceHrm: label}; the option custom_fields
_CLEARED = ""  # what clears a custom field


@frozen
class Field:
    """A field of an employee."""

    name: str  # as requests have it
    custom: bool = False

    @property
    def label(self) -> str:
        """Its name in options, results and diffs."""
        return f"{CUSTOM}.{self.name}" if self.custom else self.name

    @property
    def is_reference(self) -> bool:
        """Whether its value is the id of something else."""
        return not self.custom and self.name in REFERENCES


@frozen
class WantedValue:
    """The value that a field shall have."""

    compared: Any  # in the form of current_value(); None clears
    sent: Any  # JSON for IceHrm
    given: Any  # JSON of the option or expression


@frozen
class NamedReference:
    """A reference that IceHrm shows by its name alone (the documented API does for some)."""

    display: str


def checked_custom_fields(given: Any) -> CustomFields:
    """The option custom_fields. Raises HrisError for a name that a column has."""
    declared = {str(name): str(label) for name, label in (given or {}).items()}
    for name in declared:
        if name in FIELDS:
            raise HrisError(
                f"'{name}' is a field of every employee and no custom field",
                option_name("custom_fields"),
                f"Write it as {name}, not below custom",
            )
    return declared


def parse_fields(fields: Any, custom_fields: CustomFields, place: str) -> dict[Field, Any]:
    """The fields of an update with their wanted values.

    A custom field is given by its name or label. Raises HrisError for what is no writable field.
    """
    if not isinstance(fields, dict) or not fields:
        raise HrisError("an update needs fields, an object of field and value", place)
    parsed: dict[Field, Any] = {}
    for name, value in fields.items():
        if name == CUSTOM:
            parsed |= _parse_custom(value, custom_fields, f"{place}.{CUSTOM}")
        elif name in WRITABLE:
            parsed[Field(name)] = value
        else:
            raise HrisError(
                f"the field '{name}' cannot be written",
                place,
                _READ_ONLY_HINTS.get(name) or did_you_mean(str(name), [*WRITABLE, CUSTOM]),
            )
    return parsed


def _parse_custom(values: Any, custom_fields: CustomFields, place: str) -> dict[Field, Any]:
    if not isinstance(values, dict):
        raise HrisError("custom fields are an object of name and value", place)
    by_label = {label.casefold(): name for name, label in custom_fields.items()}
    parsed = {}
    for given, value in values.items():
        name = given
        if given not in custom_fields:
            name = by_label.get(str(given).casefold())
        if name is None:
            raise _undeclared(str(given), custom_fields, place)
        parsed[Field(name, custom=True)] = value
    return parsed


def _undeclared(given: str, custom_fields: CustomFields, place: str) -> HrisError:
    hint = (
        "Add it to custom_fields with its label: IceHrm keeps a misspelt name as a value of no "
        "field"
    )
    known = did_you_mean(given, [*custom_fields, *custom_fields.values()])
    if known:
        hint += f". {known}"
    return HrisError(f"the custom field '{given}' is not declared", place, hint)


def wanted_value(field: Field, given: Any, names: Names, place: str) -> WantedValue:
    """What a field shall have. Raises HrisError for a value that the field cannot have."""
    if field.custom:
        return _wanted_custom(field, given, place)
    if given is None or (isinstance(given, str) and not given.strip()):
        columns.check_clear(field.name, place)
        return WantedValue(None, None, given)
    if field.is_reference:
        number = names.reference(field.name, given, place)
        return WantedValue(number, int(number), given)
    if field == Field(COUNTRY):
        code = names.country(given, place)
        return WantedValue(code, code, given)
    if field == Field(INDIRECT):
        return _wanted_people(given, names, place)
    text = _wanted_text(field, given, place)
    return WantedValue(text, text, given)


def _wanted_custom(field: Field, given: Any, place: str) -> WantedValue:
    """The raw value of a custom field; a list for one with several options, kept as JSON."""
    if isinstance(given, list):
        if any(isinstance(item, (list, dict)) or item is None for item in given):
            raise HrisError(f"{field.label} has a list of options, each a text", place)
        text = json.dumps([str(item) for item in given], ensure_ascii=False, separators=(",", ":"))
        return WantedValue(text, text, given) if given else WantedValue(None, _CLEARED, given)
    text = "" if given is None else _wanted_text(field, given, place)
    return WantedValue(text or None, text or _CLEARED, given)


def _wanted_people(given: Any, names: Names, place: str) -> WantedValue:
    """A list of employees, which IceHrm stores as text: [3,4]."""
    if not isinstance(given, list):
        raise HrisError(f"{INDIRECT} is a list of employees", place)
    numbers = [names.reference("supervisor", item, place) for item in given]
    if not numbers:
        return WantedValue(None, None, given)
    sent = f"[{','.join(numbers)}]"
    columns.check(INDIRECT, sent, place)
    return WantedValue(numbers, sent, given)


def _wanted_text(field: Field, given: Any, place: str) -> str:
    if isinstance(given, dict):
        raise HrisError(f"{field.label} has one value, not an object", place)
    if isinstance(given, list):
        raise HrisError(f"{field.label} has one value, not a list", place)
    text = str(given).strip()
    if field.custom:
        return text
    columns.check(field.name, text, place)
    if field.name in DATES:
        return _date(field, text, place)
    return text


def _date(field: Field, text: str, place: str) -> str:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise HrisError(
            f"{field.label} is '{text}', which is not a date", place, "Write it as 2026-03-31"
        ) from None


def check_type(field: Field, wanted: WantedValue, person: Employee, label: str) -> None:
    """Raise HrisError for what IceHrm would keep in a custom field and show as something else."""
    if wanted.compared is None:
        return
    shown = employee.shown(person, label)
    if shown and shown.type == "date":
        _date(field, wanted.compared, f"employee {person.id}")
    current = employee.raw_value(person, field.name, label)
    if current != wanted.compared and employee.is_label(person, label, wanted.compared):
        raise HrisError(
            f"{wanted.compared} is what IceHrm shows for an option of {field.label}, whose value is"
            f" {current}",
            f"employee {person.id}",
            "Give the value of the option, not its label",
        )


def current_value(field: Field, person: Employee, custom_fields: CustomFields) -> Any:
    """What an employee has in a field; None for nothing.

    Text; the id of a reference, or a NamedReference; a list of ids for indirect supervisors; the
    raw value of a custom field.
    """
    if field.custom:
        return employee.raw_value(person, field.name, custom_fields[field.name])
    value = person.record.get(field.name)
    if field.is_reference:
        return _reference(value)
    if field.name == COUNTRY:
        return value["code"] if value else None
    if field.name == INDIRECT:
        return value or None
    return employee.text(value)


def is_same(field: Field, current: Any, wanted: WantedValue) -> bool:
    """Whether a field has the wanted value. Options of a field with several have no order."""
    if current == wanted.compared:
        return True
    if not field.custom:
        return False
    options = employee.listed(wanted.compared)
    have = employee.listed(current)
    return options is not None and have is not None and sorted(options) == sorted(have)


def _reference(value: Reference | None) -> str | NamedReference | None:
    if not value:
        return None
    return value["id"] or NamedReference(value["display"] or "")


def has_name(field: Field, given: Any, record: Record) -> bool:
    """Whether the record shows a reference by name alone, and by the name that is wanted.

    given: the wanted value, a name or {id, display}. Raises HrisError for an id alone, which
    cannot be compared with a name.
    """
    current = _reference(record.get(field.name)) if field.is_reference else None
    if not isinstance(current, NamedReference):
        return False
    name = given.get("display") if isinstance(given, dict) else given
    if name is None or is_id(str(name).strip()):
        raise HrisError(
            f"IceHrm shows the name of {field.label} and not its id, so an id alone cannot be "
            "compared",
            field.label,
            f"Give both, as in {field.label}: {{id: 7, display: {current.display}}}",
        )
    return str(name).strip().casefold() == current.display.casefold()
