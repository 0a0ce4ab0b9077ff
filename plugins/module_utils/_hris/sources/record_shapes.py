# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of records: the same fields in each record of a feed, so that a rule finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from ..errors import HrisError, did_you_mean
from ..model.records import Record

# Far more than any HR system gives; beyond, one form for all records takes gigabytes
MOST_FIELDS, MOST_CELLS = 2_000, 40_000_000


def objects(values: Sequence[Any], what: str) -> list[Record]:
    """The records of a list; a null or any other value that is no object is an empty record.

    So it counts, and is a finding of its own: it does not cost the others.
    what: the list's name for messages. Raises HrisError for a list of something else.
    """
    kinds = {type(value) for value in values} - {type(None)}
    if kinds and dict not in kinds:
        raise HrisError("none of the records is an object", what)
    return [_object(value) for value in values]


def one_shape(records: Sequence[Record], known: Iterable[str] = ()) -> list[Record]:
    """The same records with the known keys first, then each key that any record has.

    A key that a record lacks is null there.
    """
    keys: Record = dict.fromkeys(known)
    for record in records:
        keys.update(record)  # of which only the keys count
    check_size(len(records), len(keys))
    empty, names = dict.fromkeys(keys), list(keys)
    return [record if list(record) == names else empty | record for record in records]


def check_size(records: int, fields: int) -> None:
    """Raise HrisError for records that would take too much memory in one form.

    That is so where each has other fields, such as objects with identifiers for names.
    """
    if fields > MOST_FIELDS or records * fields > MOST_CELLS:
        raise HrisError(
            f"{records} records have {fields} different fields",
            "the records",
            "Does each record have fields of its own? A list of objects is needed instead, or fewer"
            " fields are to be read",
        )


def one_shape_inside(records: Sequence[Record], field: str, known: Iterable[str] = ()) -> None:
    """The same for the object in each record's ``field``, in place.

    Null, or PHP's empty list, becomes {}.
    """
    inner = [_object(record.get(field)) for record in records]
    for record, value in zip(records, one_shape(inner, known), strict=True):
        record[field] = value


def only(
    records: Sequence[Record],
    fields: Sequence[str] | None,
    known: Iterable[str] = (),
) -> list[Record]:
    """The records with the chosen fields and ``id``; all fields when none is chosen.

    Raises HrisError for an unknown field.
    """
    if not fields:
        return list(records)
    present = set(known).union(*(record.keys() for record in records[:1]))
    check_fields(fields, present, "fields")
    return restricted(records, dict.fromkeys(["id", *fields]))


def check_fields(fields: Iterable[str], present: Collection[str], place: str) -> None:
    """Raise HrisError for a chosen field that is not present in any record."""
    for field in fields:
        if field not in present:
            raise HrisError(
                f"there is no field '{field}' in the records", place, did_you_mean(field, present)
            )


def restricted(records: Iterable[Record], fields: Iterable[str]) -> list[Record]:
    """The records with these fields only; null where one is missing."""
    kept = tuple(fields)
    return [_restricted(record, kept) for record in records]


def _restricted(record: Record, fields: tuple[str, ...]) -> Record:
    return {field: record.get(field) for field in fields}


def reference_id(value: object) -> str | None:
    """A reference's id: the value, the last part of an IRI like /users/{id}, or an object's id."""
    if isinstance(value, dict):
        value = value.get("id", value.get("@id"))
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).rstrip("/").rpartition("/")[2] or None


def _object(value: object) -> Record:
    if isinstance(value, dict):
        return value
    return {}
