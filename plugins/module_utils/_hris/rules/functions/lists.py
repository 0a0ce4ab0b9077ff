# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions for lists. Where a list is expected, one value counts as a list of one."""

from __future__ import annotations

from typing import Any

from .declaration import (
    WrongArgumentError,
    as_integer,
    as_list,
    as_nonempty_text,
    as_text,
    rule_function,
)
from .substrings import nth


@rule_function(as_text, as_nonempty_text, entra="Split")
def split(text: str, separator: str) -> list[str]:
    """The list of parts between separators.

    >>> rule("split(skills, ';')", skills="Excel;SAP")
    ['Excel', 'SAP']
    >>> rule("split(mail, '@')[0]", mail="kenji@example.com")
    'kenji'
    """
    return text.split(separator)


def as_texts(value: object) -> list[str]:
    """The texts of a list, or of one value, without null and empty text."""
    try:
        texts = [as_text(item) for item in as_list(value) if item is not None]
    except WrongArgumentError:
        raise WrongArgumentError("texts, numbers and lists of them") from None
    return [text for text in texts if text]


@rule_function(as_text, as_texts, repeats=1, handles_null=True, entra="Join")
def join_with(separator: str, *values: list[str]) -> str | None:
    """The texts, and the texts of lists, with a separator between them.

    Null and empty texts are left out; null when nothing is left. JMESPath's own join() takes one
    list and fails for null.

    >>> rule("join_with(', ', street, suburb, state)", street="1 Hay St", suburb=None, state="WA")
    '1 Hay St, WA'
    >>> rule("join_with(' / ', departments)", departments=["Finance", "Audit"])
    'Finance / Audit'
    """
    return separator.join(text for texts in values for text in texts) or None


@rule_function(as_list, as_integer, entra="Item")
def item(values: list[Any], number: int) -> Any:
    """One value of a list by its number; null when there are fewer values.

    1 is the first value, -1 the last, -2 the one before it.

    >>> rule("item(phones, 1)", phones=["0412 345 678", "02 5550 0000"])
    '0412 345 678'
    >>> rule("item(split(path, '/'), -1)", path="Company/Finance/Payroll")
    'Payroll'
    """
    return nth(values, number)


@rule_function(as_list, entra="Count")
def count(values: list[Any]) -> int:
    """The number of values in a list.

    >>> rule("count(phones)", phones=["0412 345 678", "02 5550 0000"])
    2
    >>> rule("count(reports) > 0", reports=[])
    False
    """
    return len(values)


@rule_function(as_list, entra="RemoveDuplicates")
def unique(values: list[Any]) -> list[Any]:
    """The values of a list in their order, each value once.

    >>> rule("unique(teams)", teams=["Audit", "Finance", "Audit"])
    ['Audit', 'Finance']
    >>> rule("unique(map(&lower(@), mails))", mails=["Kenji@Example.com", "kenji@example.com"])
    ['kenji@example.com']
    """
    kept: dict[object, Any] = {}
    for value in values:
        kept.setdefault(_identity(value), value)
    return list(kept.values())


def _identity(value: object) -> object:
    """What is equal for equal values of JSON, where true is not 1, and can be a key of a dict."""
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, list):
        return list, tuple(map(_identity, value))
    if isinstance(value, dict):
        return dict, frozenset((name, _identity(item)) for name, item in value.items())
    return value
