# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One shape for IceHrm's employees, whose answers differ between versions, and between a list and a single employee."""

from __future__ import annotations

import re

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
# Papers, tax and health: kept only when they are named in ``fields``.
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
# The ORM's own, the login of the token's owner, and a clock that would make every record new on every run.
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


def normalise(row: dict) -> dict:
    """An employee as IceHrm gives it -> the record that the module's RETURN describes.

    Ids are text; "" and 0000-00-00 are null; references are objects.
    """
    record = {name: _plain(value) for name, value in row.items() if name not in _NOISE}
    record["id"] = str(row["id"])
    if record.get("employee_id") is not None:
        record["employee_id"] = str(record["employee_id"])
    for name in REFERENCES:
        record[name] = _reference(row.get(name))
    record["country"] = _country(row.get("country"))
    # A JSON text like "[3,4]" in the observed version; a list would read the same.
    record["indirect_supervisors"] = re.findall(r"\d+", str(row.get("indirect_supervisors") or ""))
    record["custom"] = _custom(row.get("customFields"))
    return record


def chosen(records: list[dict], fields) -> list[dict]:
    """The records with the chosen fields; without a choice all but the sensitive ones."""
    if fields:
        return only(records, fields, FIELDS)
    return [
        {name: value for name, value in record.items() if name not in SENSITIVE}
        for record in records
    ]


def _plain(value):
    return None if value in ("", "0000-00-00", "0000-00-00 00:00:00") else value


def _reference(value) -> dict | None:
    """{"id": text or None, "display": text or None} of an object, an id or a name; None when nothing is referred to."""
    if isinstance(value, dict):
        identity, display = value.get("id"), value.get("display", value.get("name"))
    elif re.fullmatch(r"\d+", str(value)):
        identity, display = value, None
    else:
        identity, display = None, value
    identity = None if identity in (None, "", 0, "0") else str(identity)
    display = display or None
    return {"id": identity, "display": display} if identity or display else None


def _country(value) -> dict | None:
    if isinstance(value, dict):
        code, display = value.get("code"), value.get("display", value.get("name"))
    elif re.fullmatch(r"[A-Z]{2}", str(value)):
        code, display = value, None
    else:
        code, display = None, value
    return {"code": code or None, "display": display or None} if code or display else None


def _custom(fields) -> dict:
    """{label: text} of {label: [displayed value, section, type]}; PHP writes an empty object as an empty list."""
    if not isinstance(fields, dict):
        return {}
    return {label: _custom_value(field) for label, field in fields.items()}


def _custom_value(field):
    if not isinstance(field, list):
        return _plain(field)
    value = _plain(field[0]) if field else None
    if len(field) > 2 and field[2] == "date" and isinstance(value, str):
        return _iso_date(value)
    return value


def _iso_date(text: str) -> str:
    """'March 31, 2027', as IceHrm displays a date field, as 2027-03-31. Anything else stays as it is."""
    found = re.fullmatch(r"(\w+) (\d{1,2}), (\d{4})", text)
    if not found or found[1] not in _MONTHS:
        return text
    return f"{found[3]}-{_MONTHS.index(found[1]) + 1:02}-{int(found[2]):02}"
