# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's references by name.

IceHrm has no lists of departments or job titles: their names come from the records of employees.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ...errors import HrisError, did_you_mean
from ...model.records import Record
from ...sources.icehrm.record_format import REFERENCES
from .reading import comparable, is_id

PEOPLE = ("supervisor", "approver1", "approver2", "approver3")
NameTable = dict[str, str]  # {id or code: name}


class Names:
    """What names stand for, among the records that were read.

    records: of record_format.normalise; all employees, when names are to be resolved.
    countries: called for the names of all countries by code. departments: called for the names of
    the company's structure by id, when no employee is in a department of the name.
    """

    def __init__(
        self,
        records: list[Record],
        countries: Callable[[], NameTable],
        departments: Callable[[], NameTable],
    ):
        self._records = records
        self._countries = countries
        self._departments = departments
        self._names: defaultdict[str, NameTable] = defaultdict(dict)  # by field
        for record in records:
            for field in REFERENCES:
                value = record.get(field)
                if value and value["id"] and value["display"]:
                    self._names[field].setdefault(value["id"], value["display"])

    def reference(self, field: str, value: Any, place: str) -> str:
        """The id of a name, an id, or an object {id, display}.

        Raises HrisError when it is not exactly one.
        """
        if isinstance(value, dict):
            value = value.get("id") or value.get("display") or value.get("name")
        if isinstance(value, (list, bool)) or value is None:
            raise HrisError(f"{field} has a name or an id", place)
        text = str(value).strip()
        if field in PEOPLE:
            return self._person(field, text, place)
        ids = _with_name(self._names[field], text)
        if not ids and field == "department" and not is_id(text):
            self._names[field].update(self._departments())
            ids = _with_name(self._names[field], text)
        if not ids and is_id(text):
            return text
        return self._one(field, text, ids, place)

    def _person(self, field: str, text: str, place: str) -> str:
        """A person by employee number, work e-mail, id or full name, in this order."""
        for identify in (_employee_number, _work_email):
            ids = self._people(text, identify)
            if ids:
                return self._one(field, text, ids, place)
        if not is_id(text):
            return self._one(field, text, self._people(text, _full_name), place)
        if not any(record["id"] == text for record in self._records):
            raise HrisError(f"{field}: there is no employee with the id or number {text}", place)
        return text

    def _people(self, text: str, name: Callable[[Record], str]) -> set[str]:
        """The ids of the employees who have the name, whatever its case."""
        wanted = comparable(text)
        return {record["id"] for record in self._records if comparable(name(record)) == wanted}

    def _one(self, field: str, text: str, ids: set[str], place: str) -> str:
        if len(ids) > 1:
            raise HrisError(
                f"{field}: '{text}' is the name of several ids: {', '.join(sorted(ids))}",
                place,
                "Give the id",
            )
        if ids:
            return ids.pop()
        if field in PEOPLE:
            hint = "Give the employee number, the work e-mail or the id"
        else:
            hint = did_you_mean(text, self._names[field].values()) or "Give the id"
        raise HrisError(f"{field}: no employee in IceHrm has '{text}'", place, hint)

    def country(self, value: Any, place: str) -> str:
        """The code of a country given by code, by name, or as an object {code, display}."""
        if isinstance(value, dict):
            value = value.get("code") or value.get("display")
        text = str(value or "").strip()
        if re.fullmatch(r"[A-Z]{2}", text):
            return text
        names = self._countries()
        codes = _with_name(names, text)
        if len(codes) != 1:
            raise HrisError(
                f"country: IceHrm has no country '{text}'",
                place,
                did_you_mean(text, names.values()) or "Give the two-letter code",
            )
        return codes.pop()


def _with_name(names: NameTable, text: str) -> set[str]:
    wanted = text.casefold()
    return {number for number, name in names.items() if name.casefold() == wanted}


def _employee_number(record: Record) -> str:
    return str(record.get("employee_id") or "")


def _work_email(record: Record) -> str:
    return str(record.get("work_email") or "")


def _full_name(record: Record) -> str:
    return " ".join(filter(None, (record.get("first_name"), record.get("last_name"))))
