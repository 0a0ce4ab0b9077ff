"""People as IceHrm's REST API shows them: raw columns, the form of the list and of the single
object, the documented form.

As observed on IceHrm 35.0.0; where the product's documentation differs there is a `documented`
form.
"""

from __future__ import annotations

import hashlib
from typing import Any

from . import icehrm_custom
from .company_data import ALL_TITLES, CITIES, COST_CENTRES, COUNTRIES, Person
from .seed import DEPARTMENTS

COLUMNS = """id employee_id first_name middle_name last_name nationality birthday gender
marital_status ssn_num nic_num other_id driving_license driving_license_exp_date
employment_status job_title pay_grade work_station_id address1 address2 city country province
postal_code home_phone mobile_phone work_phone work_email private_email joined_date
confirmation_date supervisor indirect_supervisors department name_preferred name_pronunciation
pronouns custom4 custom5 custom6 custom7 custom8 custom9 custom10 termination_date notes
status ethnicity immigration_status approver1 approver2 approver3 tax_id health_insurance
timezone""".split()  # noqa: SIM905
DATES = (
    "birthday",
    "driving_license_exp_date",
    "joined_date",
    "confirmation_date",
    "termination_date",
)
COMPANY_ID = 1  # the company itself; departments follow
DEPARTMENT_ID = {name: COMPANY_ID + i for i, name in enumerate(DEPARTMENTS, start=1)}
TITLE_ID = {name: i for i, name in enumerate(ALL_TITLES, start=1)}
STATUSES = [
    "Full Time Contract",
    "Full Time Internship",
    "Full Time Permanent",
    "Part Time Contract",
    "Casual",
    "On Leave",
]
STATUS_OF = {"FULLTIME": 3, "PARTTIME": 4, "CASUAL": 5, "CONTRACTOR": 1}
ON_LEAVE = 6
NATIONALITIES = {10: "Australian", 35: "Canadian", 128: "New Zealander"}
STRUCTURES = {COMPANY_ID: "Example Company"} | {
    number: name for name, number in DEPARTMENT_ID.items()
}
TITLE_NAMES = {number: name for name, number in TITLE_ID.items()}
NO_DATE = "0000-00-00"
SERVER_ZONE = "Australia/Sydney"  # the list shows it for whoever has none
COLUMN_NAMES = frozenset(COLUMNS)


def number(person: Person) -> str:
    return f"EMP{person['number']:04d}"


def _status(person: Person, today: str) -> str | None:
    if person.get("terminated") or (person["end"] is not None and person["end"] < today):
        return "Terminated"
    return None if person["number"] % 97 == 0 else "Active"


def row(person: Person, today: str) -> dict[str, Any]:
    """The raw columns. What a client wrote (person["columns"]) counts more than what is derived."""
    city, code, _country, _state, timezone, _entity = CITIES.get(person["location"], (None,) * 6)
    leave = person.get("leave") or {}
    columns = dict.fromkeys(COLUMNS)
    columns.update(
        id=person["number"],
        employee_id=number(person),
        first_name=person["first"],
        middle_name=person["middle"],
        last_name=person["last"],
        name_preferred=person["preferred"],
        birthday=person["birth"],
        nationality=10,
        gender="Female" if person["number"] % 2 else "Male",
        marital_status="Single",
        employment_status=ON_LEAVE if leave.get("status") else STATUS_OF[person["employment"]],
        job_title=TITLE_ID.get(person["title"]),
        city=city,
        country=code,
        mobile_phone=person["mobile"],
        work_email=person["email"],
        private_email=person.get("private"),
        joined_date=person["start"] or None,
        supervisor=person["manager"],
        department=DEPARTMENT_ID.get(person["department"]),
        # after an old import some people have the database's empty date instead of none
        termination_date=person["end"] or (NO_DATE if person["number"] % 10 == 0 else None),
        status=_status(person, today),
        timezone=timezone,
        indirect_supervisors="[1,2]" if person["number"] % 50 == 0 else None,
    )
    columns.update({name: value for name, value in person["columns"].items() if name in COLUMNS})
    return columns


def custom_values(person: Person) -> dict[str, Any]:
    """{name: raw value}, with the unknown names that a PUT left."""
    leave = person.get("leave") or {}
    known = {
        "cost_centre": COST_CENTRES.get(person["department"]),
        # an incomplete record has no custom value at all
        "group_number": person.get("human") if person["department"] else None,
        "leave_start": leave.get("start"),
        "leave_end": leave.get("end"),
    }
    shown = {name: value for name, value in known.items() if value not in (None, "")}
    # What a client wrote, the empty text included
    return shown | {
        name: person["columns"][name] for name in person["columns"].keys() - COLUMN_NAMES
    }


def image(person: Person) -> str:
    seed = hashlib.md5(number(person).encode(), usedforsecurity=False).hexdigest()
    return f"https://api.dicebear.com/7.x/initials/svg?seed={seed}"


def _reference(kind: str, number: int | None, names: dict[str, Any]) -> dict | None:
    if number is None:
        return None
    return {"type": kind, "id": number, "display": names.get(number, "")}


def _expand(columns: dict[str, Any], people: dict[int, Person], single: bool) -> dict[str, Any]:
    shown = dict(columns)
    boss = people.get(columns["supervisor"])
    shown["employment_status"] = _reference(
        "EmploymentStatus", columns["employment_status"], dict(enumerate(STATUSES, start=1))
    )
    shown["job_title"] = _reference("JobTitle", columns["job_title"], TITLE_NAMES)
    shown["department"] = _reference("CompanyStructure", columns["department"], STRUCTURES)
    shown["supervisor"] = None
    if columns["supervisor"] is not None:
        shown["supervisor"] = {
            "type": "Employee",
            "id": columns["supervisor"],
            "display": f"{boss['first']} {boss['last']}".strip() if boss else "",
        }
        if single and boss:
            shown["supervisor"]["image"] = image(boss)
    if columns["country"]:
        shown["country"] = {
            "type": "Country",
            "code": columns["country"],
            "display": COUNTRIES.get(columns["country"], columns["country"]),
        }
    if single and columns["nationality"] is not None:
        shown["nationality"] = _reference("Nationality", columns["nationality"], NATIONALITIES)
    return shown


def item(person: Person, people: dict[int, Person], today: str) -> dict[str, Any]:
    """A row of the list: with nulls, customFields by label only."""
    columns = row(person, today)
    columns["timezone"] = columns["timezone"] or SERVER_ZONE
    return {
        "objectName": None,
        "isJoinFind": False,
        **_expand(columns, people, single=False),
        "image": image(person),
        "email": columns["work_email"],
        "customFields": icehrm_custom.shown(custom_values(person)),
    }


def single(person: Person, people: dict[int, Person], today: str) -> dict[str, Any]:
    """The answer to GET of one, POST and PUT: without nulls, custom values by name at the top level
    as well as by label.
    """
    columns = row(person, today)
    values = custom_values(person)
    shown = {
        "isJoinFind": False,
        **_expand(columns, people, single=True),
        **values,
        "current_time": f"{today} 09:00:00",
        "image": image(person),
        "email": columns["work_email"],
    }
    return {name: value for name, value in shown.items() if value is not None} | {
        "customFields": icehrm_custom.shown(values),
        "can_login": 0,
    }


def documented(shown: dict[str, Any]) -> dict[str, Any]:
    """The same as the product's documentation shows it: ids as text, {id, name} for departments,
    plain job titles.
    """
    changed = dict(shown, id=str(shown["id"]))
    for name in ("job_title", "employment_status"):
        if changed.get(name):
            changed[name] = changed[name]["display"]
    for name in ("department", "supervisor"):
        if changed.get(name):
            changed[name] = {"id": str(changed[name]["id"]), "name": changed[name]["display"]}
    if changed.get("country"):
        changed["country"] = changed["country"]["code"]
    return changed
