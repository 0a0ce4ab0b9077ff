# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that choose a value or ask whether there is one. They handle null."""

from __future__ import annotations

from typing import Any

from ...errors import shortened
from ...model.blank_texts import trimmed
from .declaration import RuleError, WrongArgumentError, any_value, as_text, rule_function
from .truth import WORDS_FOR_FALSE, WORDS_FOR_TRUE, truth


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not trimmed(value)) or value in ([], {})


@rule_function(any_value, repeats=1, handles_null=True, entra="Coalesce")
def coalesce(*values: Any) -> Any:
    """The first value that is not empty: not null, not [], not only white space; null if none is.

    >>> rule("coalesce(preferredName, firstName)", preferredName=" ", firstName="Kenji")
    'Kenji'
    >>> rule("coalesce(mobile, phone, 'none')", mobile=None, phone=None)
    'none'
    """
    return next((value for value in values if not _empty(value)), None)


@rule_function(any_value, any_value, any_value, handles_null=True, entra="IIF")
def iif(condition: object, then: Any, otherwise: Any) -> Any:
    """One of two values, by a condition. Null counts as false.

    Both values are computed first. Where one of them would fail, write:
    condition && value || other.

    >>> rule("iif(type == 'Contractor', 'External', 'Internal')", type="Contractor")
    'External'
    >>> rule("iif(is_present(manager), 'Staff', 'Executive')", manager=None)
    'Executive'
    """
    return then if truth(condition) else otherwise


@rule_function(
    any_value, any_value, any_value, any_value, repeats=2, handles_null=True, entra="Switch"
)
def switch(value: object, default: Any, key: object, result: Any, *more: Any) -> Any:
    """The result that follows the key equal to the value, or the default when no key is equal.

    A longer list of pairs is easier to read as the rule's table.

    >>> rule("switch(state, 'Other', 'NSW', 'Sydney', 'VIC', 'Melbourne')", state="VIC")
    'Melbourne'
    >>> rule("switch(grade, 'None', '1', 'Junior', '2', 'Senior')", grade=2)
    'Senior'
    """
    keys, results = (key, *more[::2]), (result, *more[1::2])
    for candidate, outcome in zip(keys, results, strict=True):
        if _same(value, candidate):
            return outcome
    return default


def _same(value: object, key: object) -> bool:
    if isinstance(value, (dict, list)):
        raise RuleError("the value is an object or a list, which no key equals")
    try:
        return as_text(value) == as_text(key)
    except WrongArgumentError:
        return value is key


@rule_function(any_value, handles_null=True, entra="IsNull")
def is_null(value: object) -> bool:
    """Whether the value is null or its field is missing.

    >>> rule("is_null(endDate)", endDate=None)
    True
    >>> rule("is_null(endDate)", endDate="")
    False
    """
    return value is None


@rule_function(any_value, handles_null=True, entra="IsNullOrEmpty")
def is_empty(value: object) -> bool:
    """Whether the value is null, an empty list, or text that is only white space.

    >>> rule("is_empty(mobile)", mobile=" ")
    True
    >>> rule("is_empty(mobile)", mobile="0412 345 678")
    False
    """
    return _empty(value)


@rule_function(any_value, handles_null=True, entra="IsPresent")
def is_present(value: object) -> bool:
    """The opposite of is_empty.

    >>> rule("is_present(endDate)", endDate="2026-06-30")
    True
    >>> rule("is_present(phones)", phones=[])
    False
    """
    return not _empty(value)


@rule_function(any_value, handles_null=True, entra="IsString")
def is_text(value: object) -> bool:
    """Whether the value is text.

    >>> rule("is_text(position)", position="Clerk")
    True
    >>> rule("iif(is_text(position), position, position.title)", position={"title": "Clerk"})
    'Clerk'
    """
    return isinstance(value, str)


@rule_function(any_value, handles_null=True, entra="Not")
def not_(value: object) -> bool:
    """True for false and null, false for true; the same as JMESPath's exclamation mark.

    >>> rule("not(is_text(position))", position="Clerk")
    False
    >>> rule("not(rehire)", rehire=None)
    True
    """
    return not truth(value)


@rule_function(any_value, entra="CBool")
def boolean(value: object) -> bool | None:
    """True for true, yes, y, on and 1, false for false, no, n, off and 0; null for empty text.

    A condition needs true or false. A field that holds such words needs this function.

    >>> rule("boolean(hasCar)", hasCar="No")
    False
    >>> rule("iif(boolean(remote), 'Home', office)", remote="Y", office="Sydney")
    'Home'
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and not trimmed(value):
        return None
    word = ""
    if isinstance(value, (str, int, float)):
        word = trimmed(as_text(value)).lower()
    if word in WORDS_FOR_TRUE:
        return True
    if word in WORDS_FOR_FALSE:
        return False
    raise RuleError(f"{shortened(value)} is neither yes nor no")
