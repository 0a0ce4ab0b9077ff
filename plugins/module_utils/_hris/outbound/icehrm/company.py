# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What IceHrm says about the company: its countries, and its structure of departments."""

from __future__ import annotations

from typing import Any

from ...errors import HrisError
from ...model.records import Record
from ...sources.icehrm import connection
from ...web.client import Client
from .names import NameTable

_MOST_DEPARTMENTS = 500  # requests for the structure


def countries(client: Client) -> NameTable:
    """The names of all countries by their codes. Raises HrisError."""
    value = connection.trusted(client, client.get("/meta/countries"), "/meta/countries")
    rows = value.get("data") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise HrisError(
            "the response is not a list of countries",
            f"{client.base_url}/meta/countries",
            "Give the two-letter code of the country instead of its name",
        )
    return {str(row.get("code")): str(row.get("name")) for row in rows if isinstance(row, dict)}


def departments(client: Client, records: list[Record]) -> NameTable:
    """The names of departments by their ids: those that employees are in, and all around them.

    IceHrm has no list of departments, but each one shows its parent and children.
    """
    waiting = sorted({number for record in records if (number := _department(record))})
    seen: set[str] = set()
    names: NameTable = {}
    while waiting and len(seen) < _MOST_DEPARTMENTS:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        value = client.get(f"/company/structures/{number}/details", tolerate=(404, 500))
        if not isinstance(value, dict):
            continue
        names[number] = str(value.get("title") or "")
        children = _children(value)
        names |= children
        waiting += children
        if value.get("parent"):
            waiting.append(str(value["parent"]))
    return names


def _department(record: Record) -> str | None:
    department = record["department"]
    return department["id"] if department else None


def _children(department: dict[str, Any]) -> NameTable:
    children = department.get("children") or []
    return {
        str(child["id"]): str(child.get("title") or "")
        for child in children
        if isinstance(child, dict) and child.get("id")
    }
