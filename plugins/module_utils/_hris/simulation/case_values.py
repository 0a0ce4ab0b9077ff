# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a case file: plain data, checked. A message names the place in the file."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from ..errors import HrisError, did_you_mean
from ..model.records import Record
from ..rules.compile_ruleset import moment

CaseWords = dict[str, Any]  # a mapping of a case file, {word: plain data}

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class CaseError(HrisError):
    """A case file is written wrongly. The rules are not the reason."""


def located(
    work: Callable[_Parameters, _Result],
    place: str,
    *values: _Parameters.args,
    **options: _Parameters.kwargs,
) -> _Result:
    """The result of work(*values, **options).

    Raises CaseError in place of an HrisError, with this place where that one has none.
    """
    try:
        return work(*values, **options)
    except HrisError as error:
        raise CaseError(error.message, error.place or place, error.hint) from None


def words_in(
    value: object, known: Collection[str] | None, place: str, needed: str = "a mapping"
) -> CaseWords:
    """The value, which is a mapping with known words. known: None where any word is allowed."""
    if not isinstance(value, dict):
        raise CaseError(f"{needed} is needed here, not {value!r}", place)
    for word in value:
        if known is not None and word not in known:
            raise CaseError(f"unknown word '{word}'", place, did_you_mean(str(word), known))
    return value


def names_in(value: object, place: str) -> list[str]:
    """A list of names; a single name needs no list, and nothing is an empty list."""
    names = [value] if isinstance(value, str) else value or []
    if not isinstance(names, list):
        raise CaseError("a name or a list of names is needed", place)
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise CaseError("a name or a list of names is needed", place)
    return names


def record_in(value: object, place: str) -> Record:
    """A record of HR, or the fields in which it differs from another one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise CaseError(f"an employee is a mapping of fields, not {value!r}", place)
    return value


def moment_in(value: object, place: str) -> datetime:
    """An aware moment: a date (its midnight in UTC), or a date and time."""
    text = str(value or "-")
    try:
        return moment(text, datetime.min)  # the second value counts only without a text
    except HrisError as error:
        raise CaseError(error.message, place, error.hint) from None


def merged(base: Record, over: Record) -> Record:
    """base with the fields of over, at every depth; null is a value like others."""
    record = dict(base)
    for name, value in over.items():
        known = record.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            value = merged(known, value)
        record[name] = value
    return record
