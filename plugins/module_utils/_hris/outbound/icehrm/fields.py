# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of an IceHrm employee that may be written, in the forms that IceHrm takes (facts: IceHrm 35).

A reference goes out as an id, never as a name or as the object that was read; null clears; unknown keys are taken without a word and
kept as stray custom values, so only names that are known here or declared are ever sent.
"""

from __future__ import annotations

import re
from datetime import date

from ...errors import HrisError, did_you_mean
from ...sources.icehrm.record_format import FIELDS, REFERENCES
from .names import Names

DATES = (
    "birthday",
    "joined_date",
    "confirmation_date",
    "termination_date",
    "driving_license_exp_date",
)
COUNTRY, INDIRECT, CUSTOM = "country", "indirect_supervisors", "custom"
# Kept by IceHrm itself: the picture, the login's address, and what identifies the record.
_NOT_WRITTEN = ("id", "image", "email", CUSTOM)
WRITABLE = tuple(name for name in FIELDS if name not in _NOT_WRITTEN)


def checked(fields, custom_fields: dict, place: str) -> dict:
    """{field or (CUSTOM, name): wanted value} of an update's fields. Raises HrisError for a name that IceHrm would swallow.

    custom_fields: {name in IceHrm: its label}. A custom field may be given by either.
    """
    if not isinstance(fields, dict) or not fields:
        raise HrisError("an update needs fields, an object of field and value", place)
    found = {}
    for name, value in fields.items():
        if name == CUSTOM:
            found |= _custom(value, custom_fields, f"{place}.{CUSTOM}")
        elif name in WRITABLE:
            found[name] = value
        else:
            hint = {
                "id": "IceHrm gives the id",
                "email": "It is the login's; the employee's is work_email",
            }.get(name)
            raise HrisError(
                f"'{name}' is no field that can be written",
                place,
                hint or did_you_mean(str(name), [*WRITABLE, CUSTOM]),
            )
    return found


def _custom(values, custom_fields: dict, place: str) -> dict:
    if not isinstance(values, dict):
        raise HrisError("custom fields are an object of name and value", place)
    by_label = {str(label).casefold(): name for name, label in custom_fields.items()}
    found = {}
    for given, value in values.items():
        name = given if given in custom_fields else by_label.get(str(given).casefold())
        if name is None:
            known = did_you_mean(str(given), [*custom_fields, *map(str, custom_fields.values())])
            raise HrisError(
                f"the custom field '{given}' is not declared",
                place,
                "Name it in custom_fields with its label: IceHrm would keep a wrong name as a stray value"
                + (f". {known}" if known else ""),
            )
        found[CUSTOM, name] = value
    return found


def wanted(field, value, names: Names, place: str):
    """(what is compared with current(), what is sent) for a wanted value; (None, None) clears. Raises HrisError."""
    if value is None or (isinstance(value, str) and not value.strip()):
        if field == "first_name":
            raise HrisError("first_name cannot be cleared", place)
        return None, None
    if field in REFERENCES:
        number = names.reference(field, value, place)
        return number, int(number)
    if field == COUNTRY:
        code = names.country(value, place)
        return code, code
    if field == INDIRECT:
        if not isinstance(value, list):
            raise HrisError(f"{field} is a list of employees", place)
        numbers = [names.reference("supervisor", item, place) for item in value]
        return numbers or None, ("[" + ",".join(numbers) + "]") if numbers else None
    if isinstance(value, (dict, list)):
        raise HrisError(
            f"{shown(field)} takes one value, not {'an object' if isinstance(value, dict) else 'a list'}",
            place,
        )
    text = str(value).strip()
    if field in DATES:
        text = _day(field, text, place)
    return text, text


def current(field, record: dict, custom_fields: dict):
    """What the record (record_format.normalise) has in a field, as wanted() gives it for comparison; None for nothing.

    Of a reference the id; the documented API shows some by name alone: then {"display": name}.
    """
    if isinstance(field, tuple):
        value = record["custom"].get(custom_fields[field[1]])
        return None if value in (None, "") else str(value)
    value = record.get(field)
    if field in REFERENCES:
        return (value["id"] or {"display": value["display"]}) if value else None
    if field == COUNTRY:
        return value["code"] if value else None
    if field == INDIRECT:
        return value or None
    return None if value in (None, "") else str(value)


def is_called(field, value, record: dict) -> bool:
    """Whether a reference that is wanted, by name or as {id, display}, is what the record shows by name alone."""
    before = current(field, record, {}) if field in REFERENCES else None
    if not isinstance(before, dict):
        return False
    name = value.get("display") if isinstance(value, dict) else value
    if name is None or str(name).strip().isdigit():
        raise HrisError(
            f"IceHrm shows the name of {field} and not its id, so an id alone cannot be compared",
            field,
            f"Give both, as in {field}: {{id: 7, display: {before['display']}}}",
        )
    return str(name).strip().casefold() == before["display"].casefold()


def shown(field) -> str:
    """The field's name in results and diffs."""
    return f"{CUSTOM}.{field[1]}" if isinstance(field, tuple) else field


def key(field) -> str:
    """The field's name in a request."""
    return field[1] if isinstance(field, tuple) else field


def _day(field: str, text: str, place: str) -> str:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise HrisError(
            f"{field} is '{text}', which is no day", place, "Write it as 2026-03-31"
        ) from None
