# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that make lists and take them apart. Where a list is wanted, one value is a list of one."""

from __future__ import annotations

from .calling import WrongKindError, as_list, as_some_text, as_text, as_whole, rule_function
from .parts import nth


@rule_function(as_text, as_some_text, entra="Split")
def split(text, separator):
    """The list of parts between separators.

    >>> rule("split(skills, ';')", skills="Excel;SAP")
    ['Excel', 'SAP']
    >>> rule("split(mail, '@')[0]", mail="kenji@example.com")
    'kenji'
    """
    return text.split(separator)


def as_texts(value) -> list[str]:
    """The texts of a list, or of one value; null and empty text are none."""
    try:
        return [
            text for text in (as_text(item) for item in as_list(value) if item is not None) if text
        ]
    except WrongKindError:
        raise WrongKindError("texts, numbers and lists of them") from None


@rule_function(as_text, as_texts, repeats=1, nulls=True, entra="Join")
def join_with(separator, *values):
    """The texts, and the texts of lists, with a separator between them; what is null or empty is left out.

    Null when nothing is left. JMESPath's own join() takes one list and fails for null.

    >>> rule("join_with(', ', street, suburb, state)", street="1 George St", suburb=None, state="NSW")
    '1 George St, NSW'
    >>> rule("join_with(' / ', departments)", departments=["Finance", "Audit"])
    'Finance / Audit'
    """
    return separator.join(text for texts in values for text in texts) or None


@rule_function(as_list, as_whole, entra="Item")
def item(values, number):
    """One value of a list, counted from 1, or from the end with -1, -2 and so on; null when there are not so many.

    >>> rule("item(phones, 1)", phones=["0412 345 678", "02 5550 0000"])
    '0412 345 678'
    >>> rule("item(split(path, '/'), -1)", path="Company/Finance/Payroll")
    'Payroll'
    """
    return nth(values, number)


@rule_function(as_list, entra="Count")
def count(values):
    """How many values a list has.

    >>> rule("count(phones)", phones=["0412 345 678", "02 5550 0000"])
    2
    >>> rule("count(reports) > 0", reports=[])
    False
    """
    return len(values)


@rule_function(as_list, entra="RemoveDuplicates")
def unique(values):
    """The values of a list in their order, each one once.

    >>> rule("unique(teams)", teams=["Audit", "Finance", "Audit"])
    ['Audit', 'Finance']
    >>> rule("unique(map(&lower(@), mails))", mails=["Kenji@Example.com", "kenji@example.com"])
    ['kenji@example.com']
    """
    kept = []
    for value in values:
        if not any(
            value == other and isinstance(value, bool) == isinstance(other, bool) for other in kept
        ):
            kept.append(value)
    return kept
