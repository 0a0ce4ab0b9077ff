# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One form for IceHrm's employees.

Responses differ between versions, and between a list and a single employee.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypedDict

from ...model.records import Record
from ..paging import id_of
from ..record_shapes import only

REFERENCES = (
    "employment_status",
    "job_title",
    "department",
    "supervisor",
    "pay_grade",
    "province",
    "nationality",
    "approver1",
    "approver2",
    "approver3",
)
# Identity documents, tax and health: kept only when they are named in ``fields``.
SENSITIVE = (
    "ssn_num",
    "nic_num",
    "other_id",
    "driving_license",
    "driving_license_exp_date",
    "tax_id",
    "health_insurance",
    "ethnicity",
    "immigration_status",
    "notes",
)
PLAIN = (
    "id",
    "employee_id",
    "first_name",
    "middle_name",
    "last_name",
    "name_preferred",
    "name_pronunciation",
    "pronouns",
    "birthday",
    "gender",
    "marital_status",
    "status",
    "joined_date",
    "confirmation_date",
    "termination_date",
    "work_station_id",
    "work_email",
    "private_email",
    "email",
    "work_phone",
    "mobile_phone",
    "home_phone",
    "address1",
    "address2",
    "city",
    "postal_code",
    "timezone",
    "image",
    "custom4",
    "custom5",
    "custom6",
    "custom7",
    "custom8",
    "custom9",
    "custom10",
)
FIELDS = (*PLAIN, "country", *REFERENCES, "indirect_supervisors", "custom", *SENSITIVE)
# Internal fields, the login of the token's owner, and a clock that would change each record on
# each run.
_NOISE = (
    "objectName",
    "isJoinFind",
    "current_time",
    "customFields",
    "can_login",
    "user_name",
    "user_email",
    "user_level",
)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Reference(TypedDict):
    """What a field of REFERENCES holds."""

    id: str | None
    display: str | None  # the name


class Country(TypedDict):
    """What the field country holds."""

    code: str | None  # ISO 3166-1, two letters
    display: str | None  # the name


def normalise(row: Record) -> Record:
    """An employee as IceHrm gives it -> the record that the module's RETURN describes.

    Ids are text; "" and 0000-00-00 are null; references are objects.
    """
    record = {name: _plain(value) for name, value in row.items() if name not in _NOISE}
    record["id"] = id_of(row)
    if record.get("employee_id") is not None:
        record["employee_id"] = str(record["employee_id"])
    for name in REFERENCES:
        record[name] = _reference(row.get(name))
    record["country"] = _country(row.get("country"))
    # A JSON text like "[3,4]" in the observed version; a list would give the same.
    record["indirect_supervisors"] = re.findall(r"\d+", str(row.get("indirect_supervisors") or ""))
    record["custom"] = _custom(row.get("customFields"))
    return record


def chosen(records: Sequence[Record], fields: Sequence[str] | None) -> list[Record]:
    """The records with the chosen fields; without a choice all but the sensitive ones."""
    if fields:
        return only(records, fields, FIELDS)
    return list(map(_without_sensitive, records))


def _without_sensitive(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in SENSITIVE}


def _plain(value: Any) -> Any:
    if value in ("", "0000-00-00", "0000-00-00 00:00:00"):
        return None
    return value


def _reference(value: Any) -> Reference | None:
    """The reference of an object, an id or a name; None when nothing is referred to."""
    identity, display = _identified(value, "id", r"\d+")
    if identity in (None, "", 0, "0"):
        identity = None
    if not identity and not display:
        return None
    return {"id": None if identity is None else str(identity), "display": display or None}


def _country(value: Any) -> Country | None:
    code, display = _identified(value, "code", r"[A-Z]{2}")
    if not code and not display:
        return None
    return {"code": code or None, "display": display or None}


def _identified(value: Any, name: str, pattern: str) -> tuple[Any, Any]:
    """(what identifies, what is displayed) of an object, or of a text of which only one is known.

    name: of the identifying field of an object. pattern: what an identifying text looks like.
    """
    if isinstance(value, dict):
        return value.get(name), value.get("display", value.get("name"))
    if re.fullmatch(pattern, str(value)):
        return value, None
    return None, value


def _custom(fields: Any) -> Record:
    """{label: text} of {label: [displayed value, section, type]}.

    PHP writes an empty object as an empty list.
    """
    if not isinstance(fields, dict):
        return {}
    return {label: _custom_value(field) for label, field in fields.items()}


def _custom_value(field: Any) -> Any:
    if not isinstance(field, list):
        return _plain(field)
    if not field:
        return None
    value = _plain(field[0])
    if len(field) > 2 and field[2] == "date" and isinstance(value, str):
        return _iso_date(value)
    return value


def _iso_date(text: str) -> str:
    """'March 31, 2027', as IceHrm displays a date, as 2027-03-31. Other texts stay as they are."""
    match = re.fullmatch(r"(\w+) (\d{1,2}), (\d{4})", text)
    if not match or match[1] not in _MONTHS:
        return text
    return f"{match[3]}-{_MONTHS.index(match[1]) + 1:02}-{int(match[2]):02}"
