# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An employee as IceHrm gives one, and the values of custom fields in it.

Facts of IceHrm 35. A list shows custom fields only below customFields, by their labels, as [shown
value, section, type]. The single employee also has the raw values, by name beside the columns. A
choice shows the label of its option and keeps the option's value; a value that is no option is
kept, and customFields then lacks the field. A label of digits only is replaced by a number.
"""

from __future__ import annotations

import json
from typing import Any

from ...data_class import frozen
from ...model.records import Record
from ...sources.icehrm import record_format

# Types whose shown value is the raw one, for a date after record_format has read it
_AS_KEPT = ("text", "textarea", "fileupload", "date")
_SEVERAL = "<br/>"  # between the shown options of a field with several


@frozen
class Employee:
    """An employee, and where it was read."""

    row: Record  # as IceHrm gave it
    record: Record  # of record_format.normalise
    single: bool  # read alone, so that raw values of custom fields are there

    @property
    def id(self) -> str:
        """IceHrm's own id."""
        return str(self.record["id"])


@frozen
class Shown:
    """A custom field as customFields shows it."""

    value: str
    type: str


def of_row(row: Record, single: bool = False) -> Employee:
    """The employee of a row of the list, or of the answer with one employee."""
    return Employee(row, record_format.normalise(row), single)


def shown(person: Employee, label: str) -> Shown | None:
    """How an employee's customFields show a field; None when they do not."""
    fields = person.row.get("customFields")
    if isinstance(fields, list):
        fields = dict(enumerate(fields))
    if not isinstance(fields, dict):
        return None
    found = fields.get(label)
    if found is None and label.isdigit():
        numbered = [value for name, value in fields.items() if str(name).isdigit()]
        found = numbered[0] if len(numbered) == 1 else None
    if found is None:
        return None
    if not isinstance(found, list):
        return Shown(str(found), "text")
    value, kind = (found[0] if found else ""), (found[2] if len(found) > 2 else "text")
    return Shown("" if value is None else str(value), str(kind))


def choices(person: Employee) -> set[str]:
    """The labels of the employee's custom fields that have options."""
    labels = person.record["custom"]
    return {label for label in labels if (field := shown(person, label)) and _has_options(field)}


def _has_options(field: Shown) -> bool:
    return field.type.startswith("select")


def raw_value(person: Employee, name: str, label: str) -> str | None:
    """The raw value of a custom field, as far as the employee has it; None for none."""
    if name in person.row:
        return text(person.row[name])
    field = shown(person, label)
    if field is None:
        return None
    return text(person.record["custom"].get(label, field.value))


def is_certain(person: Employee, label: str) -> bool:
    """Whether raw_value is what IceHrm keeps: a list does not tell it for each type."""
    if person.single:
        return True
    field = shown(person, label)
    return field is not None and field.type in _AS_KEPT


def is_label(person: Employee, label: str, wanted: str) -> bool:
    """Whether a wanted value is what a choice shows at present, and not the value of the option."""
    field = shown(person, label)
    if field is None or not _has_options(field):
        return False
    options = listed(wanted)
    if options is None:
        return field.value.casefold() == wanted.casefold()
    return sorted(map(str.casefold, field.value.split(_SEVERAL))) == sorted(
        map(str.casefold, options)
    )


def listed(value: str | None) -> list[str] | None:
    """The options of a field with several, which IceHrm keeps as JSON; None for another value."""
    if not value or not value.startswith("["):
        return None
    try:
        options = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return [str(option) for option in options]


def text(value: Any) -> str | None:
    """A value as text; None for none."""
    return None if value in (None, "") else str(value)
