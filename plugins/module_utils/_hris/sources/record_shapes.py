# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of one feed in one shape, so that a rule meets every field in every record."""

from __future__ import annotations

from ..errors import HrisError, did_you_mean


def one_shape(records: list[dict], known=()) -> list[dict]:
    """The same records, each with the known keys first, then every key that any of them has; null where it has none."""
    keys = dict.fromkeys(known)
    for record in records:
        keys.update(dict.fromkeys(record))
    return [{key: record.get(key) for key in keys} for record in records]


def one_shape_inside(records: list[dict], field: str, known=()) -> None:
    """The same for the object that is each record's ``field``, in place. Null, or PHP's empty list, becomes {}."""
    inner = [record.get(field) if isinstance(record.get(field), dict) else {} for record in records]
    for record, value in zip(records, one_shape(inner, known), strict=True):
        record[field] = value


def only(records: list[dict], fields, known=()) -> list[dict]:
    """The records with the chosen fields and ``id``; whole when none is chosen. Raises HrisError for an unknown one."""
    if not fields:
        return records
    there = set(known).union(*(record.keys() for record in records[:1]))
    for field in fields:
        if field not in there:
            raise HrisError(
                f"there is no field '{field}' in the records", "fields", did_you_mean(field, there)
            )
    kept = dict.fromkeys(["id", *fields])
    return [{field: record.get(field) for field in kept} for record in records]


def last_part(value) -> str | None:
    """A reference's id: the value, the last part of an IRI like /users/{id}, or an object's id; None if none."""
    if isinstance(value, dict):
        value = value.get("id", value.get("@id"))
    if value is None or isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).rstrip("/").rpartition("/")[2] or None
