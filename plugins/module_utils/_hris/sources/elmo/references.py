# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ELMO's references: a user names position, department, location, legal entity and manager by id; rules want names."""

from __future__ import annotations

from ..record_shapes import last_part

# The user's field -> the list that it points into.
OBJECTS = {
    "position": "positions",
    "department": "departments",
    "location": "locations",
    "legalEntity": "legal_entities",
}
REFERENCES = ("manager", *OBJECTS)
# What is worth knowing of a manager; the rest is in the manager's own record.
MANAGER = (
    "id",
    "employeeNumber",
    "email",
    "username",
    "firstName",
    "lastName",
    "preferredFirstName",
    "preferredLastName",
)


def lists_for(references) -> list[str]:
    """The lists that must be read to resolve those references."""
    return [OBJECTS[name] for name in OBJECTS if name in references]


def resolve(everyone: list[dict], references, lists: dict, warn) -> int:
    """Put the object in place of each reference; returns how many could not be found. Changes the records in place.

    everyone: records with "id". references: which fields are looked up; the others become objects with an id alone.
    lists: {"positions": [record], …}. A reference that is not found keeps its id, and null for the rest.
    """
    people = {record["id"]: {field: record.get(field) for field in MANAGER} for record in everyone}
    unresolved = 0
    for field in REFERENCES:
        if field == "manager":
            known, empty = people, dict.fromkeys(MANAGER)
        else:
            known, empty = _by_id(lists.get(OBJECTS[field], ())), {"id": None, "title": None}
        missing = {}
        for record in everyone:
            identity = last_part(record.get(field))
            record[field] = known.get(identity) if identity else None
            if identity and record[field] is None:
                record[field] = {**empty, "id": identity}
                missing.setdefault(identity, record["id"])
                unresolved += field in references
        if missing and field in references:
            target, user = next(iter(missing.items()))
            warn(
                f"{len(missing)} values of '{field}' are not in ELMO's lists, for example {target} of user {user}: "
                "they keep their id, without a name."
            )
    return unresolved


def _by_id(records) -> dict[str, dict]:
    return {
        str(record["id"]): {"title": None, **record, "id": str(record["id"])} for record in records
    }
