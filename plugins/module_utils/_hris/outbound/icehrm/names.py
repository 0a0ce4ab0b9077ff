# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's references by name. It has no lists of departments or job titles: names come from the employees' own records."""

from __future__ import annotations

import re

from ...errors import HrisError, did_you_mean
from ...sources.icehrm.record_format import REFERENCES

PEOPLE = ("supervisor", "approver1", "approver2", "approver3")


class Names:
    """What every name stands for, among the records that were read.

    records: of record_format.normalise, all employees when names are to be resolved. countries: callable() -> {code: name}.
    departments: callable() -> {id: name} of the company's structure, asked when no employee is in a department of that name.
    """

    def __init__(self, records: list[dict], countries, departments):
        self._records = records
        self._countries, self._departments = countries, departments
        self._ids: dict = {}
        self._known: dict = {}
        for record in records:
            for field in REFERENCES:
                value = record.get(field)
                if value and value["id"]:
                    self._known.setdefault(field, {})[value["id"]] = value["display"]
                    if value["display"]:
                        self._ids.setdefault((field, value["display"].casefold()), set()).add(
                            value["id"]
                        )

    def reference(self, field: str, value, place: str) -> str:
        """The id, as text, that a name, an id or an object {id, display} stands for. Raises HrisError when it is not exactly one."""
        if isinstance(value, dict):
            value = value.get("id") or value.get("display") or value.get("name")
        if isinstance(value, (list, bool)) or value is None:
            raise HrisError(f"{field} takes a name or an id", place)
        text = str(value).strip()
        if field in PEOPLE:
            return self._person(field, text, place)
        found = self._ids.get((field, text.casefold()), set())
        if not found and not text.isdigit() and field == "department":
            structures = self._departments()
            self._known.setdefault(field, {}).update(structures)
            found = {
                number for number, name in structures.items() if name.casefold() == text.casefold()
            }
        if not found and text.isdigit():
            return text
        return self._one(field, text, found, place)

    def _person(self, field: str, text: str, place: str) -> str:
        wanted = text.casefold()
        for name in ("employee_id", "work_email"):
            found = {
                record["id"]
                for record in self._records
                if str(record.get(name) or "").casefold() == wanted
            }
            if found:
                return self._one(field, text, found, place)
        if text.isdigit():
            if text not in {record["id"] for record in self._records}:
                raise HrisError(
                    f"{field}: there is no employee with the id or number {text}", place
                )
            return text
        found = {
            record["id"]
            for record in self._records
            if " ".join(
                filter(None, (record.get("first_name"), record.get("last_name")))
            ).casefold()
            == wanted
        }
        return self._one(field, text, found, place)

    def _one(self, field: str, text: str, found: set, place: str) -> str:
        if len(found) > 1:
            raise HrisError(
                f"{field}: '{text}' stands for the ids {', '.join(sorted(found))}",
                place,
                "Give the id",
            )
        if not found:
            known = [name for name in self._known.get(field, {}).values() if name]
            hint = (
                did_you_mean(text, known)
                if field not in PEOPLE
                else "Give the employee number, the work e-mail or the id"
            )
            raise HrisError(
                f"{field}: IceHrm has no '{text}' that an employee has",
                place,
                hint or "Give the id",
            )
        return found.pop()

    def country(self, value, place: str) -> str:
        """The code of a country given by code or by name, or as an object {code, display}."""
        if isinstance(value, dict):
            value = value.get("code") or value.get("display")
        text = str(value or "").strip()
        if re.fullmatch(r"[A-Z]{2}", text):
            return text
        names = self._countries()
        found = [code for code, name in names.items() if name.casefold() == text.casefold()]
        if len(found) != 1:
            raise HrisError(
                f"country: IceHrm knows no '{text}'",
                place,
                did_you_mean(text, names.values()) or "Give the two-letter code",
            )
        return found[0]


def needs_everyone(updates: list[dict]) -> bool:
    """Whether an update gives a reference by name, or a person: then all employees must be read."""
    for update in updates:
        for field, value in update["fields"].items():
            if field in PEOPLE or field == "indirect_supervisors":
                return True
            if field in REFERENCES and value not in (None, ""):
                text = str(value.get("id") or "") if isinstance(value, dict) else str(value)
                if not text.isdigit():
                    return True
    return False
