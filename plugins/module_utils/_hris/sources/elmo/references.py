# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ELMO's references: a user has the ids of position, department and so on; rules need names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from ...errors import Warn
from ...model.records import Record
from ...web import responses
from ..paging import id_of
from ..record_shapes import reference_id, restricted

# The user's field -> the list that it refers to.
OBJECTS = {
    "position": "positions",
    "department": "departments",
    "location": "locations",
    "legalEntity": "legal_entities",
}
REFERENCES = ("manager", *OBJECTS)
# The fields of a manager that are useful; the rest is in the manager's own record.
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


def lists_for(references: Collection[str]) -> list[str]:
    """The lists that must be read to resolve those references."""
    return [OBJECTS[name] for name in OBJECTS if name in references]


def resolve(
    everyone: Sequence[Record],
    references: Collection[str],
    lists: Mapping[str, Sequence[Record]],
    warn: Warn,
) -> int:
    """Replace each reference by the object that it refers to, in place.

    everyone: records with "id". references: the fields that are resolved; the others become
    objects with an id alone. lists: {"positions": [record], …}.
    A reference that is not found keeps its id, with null in the other fields. Returns how many.
    """
    unresolved = 0
    for field in REFERENCES:
        if field == "manager":
            known = _managers(everyone)
            empty: Record = dict.fromkeys(MANAGER)
        else:
            known = _by_id(lists.get(OBJECTS[field], ()))
            empty = {"id": None, "title": None}
        missing = _replace(everyone, field, known, empty)
        if missing and field in references:
            unresolved += len(missing)
            _warn_missing(field, missing, warn)
    return unresolved


def _managers(everyone: Iterable[Record]) -> dict[str, Record]:
    """Those whom somebody has for a manager, by their ids."""
    wanted = {reference_id(record.get("manager")) for record in everyone} - {None}
    managers = restricted((one for one in everyone if one["id"] in wanted), MANAGER)
    return {one["id"]: one for one in managers}


def _replace(
    everyone: Iterable[Record], field: str, known: Mapping[str, Record], empty: Record
) -> list[tuple[str, str | None]]:
    """[(id that was not found, id of the user who refers to it)]."""
    missing = []
    found: dict[str, Record] = {}  # by the reference as it is written: most people share theirs
    for record in everyone:
        value = record.get(field)
        if isinstance(value, str) and value in found:
            record[field] = found[value]
            continue
        identity = reference_id(value)
        if identity is None:
            record[field] = None
        elif identity in known:
            record[field] = known[identity]
            if isinstance(value, str):
                found[value] = known[identity]
        else:
            record[field] = {**empty, "id": identity}
            missing.append((identity, record["id"]))
    return missing


def _warn_missing(field: str, missing: Sequence[tuple[str, str | None]], warn: Warn) -> None:
    target, user = responses.one_line(missing[0][0]), missing[0][1] or "without an id"
    count = len({identity for identity, _user in missing})
    warn(
        f"{count} values of '{field}' are not in ELMO's lists, for example {target} of user {user}:"
        " they keep their id, without a name."
    )


def _by_id(records: Iterable[Record]) -> dict[str, Record]:
    found = {}
    for record in records:
        identity = id_of(record)
        if identity is not None:
            found[identity] = {"title": None, **record, "id": identity}
    return found
