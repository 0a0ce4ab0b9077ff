# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that decide: which value to take, and whether there is one. They are the ones that handle null."""

from __future__ import annotations

from .calling import RuleError, WrongKindError, anything, as_text, rule_function

YES = {"true", "yes", "y", "on", "1"}
NO = {"false", "no", "n", "off", "0"}


def _empty(value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


@rule_function(anything, repeats=1, nulls=True, entra="Coalesce")
def coalesce(*values):
    """The first value that is neither null, nor an empty list, nor text without a letter in it; null when there is none.

    >>> rule("coalesce(preferredName, firstName)", preferredName=" ", firstName="Kenji")
    'Kenji'
    >>> rule("coalesce(mobile, phone, 'none')", mobile=None, phone=None)
    'none'
    """
    return next((value for value in values if not _empty(value)), None)


@rule_function(anything, anything, anything, nulls=True, entra="IIF")
def iif(condition, then, otherwise):
    """One of two values. Null, false, '' and [] are no, everything else is yes, 0 included.

    Both values are computed first; where one of them would fail, write: condition && value || other.

    >>> rule("iif(employmentType == 'Contractor', 'External', 'Internal')", employmentType="Contractor")
    'External'
    >>> rule("iif(manager, 'Staff', 'Executive')", manager=None)
    'Executive'
    """
    return (
        then
        if condition is not None and condition is not False and condition not in ("", [], {})
        else otherwise
    )


@rule_function(anything, anything, anything, anything, repeats=2, nulls=True, entra="Switch")
def switch(value, default, key, result, *more):
    """The result behind the key that the value equals, else the default; a longer table is better kept as the rule's table.

    >>> rule("switch(state, 'Other', 'NSW', 'Sydney', 'VIC', 'Melbourne')", state="VIC")
    'Melbourne'
    >>> rule("switch(grade, 'None', '1', 'Junior', '2', 'Senior')", grade=2)
    'Senior'
    """
    pairs = (key, result, *more)
    return next(
        (pairs[place + 1] for place in range(0, len(pairs), 2) if _same(value, pairs[place])),
        default,
    )


def _same(value, key) -> bool:
    if isinstance(value, (dict, list)):
        raise RuleError("the value is an object or a list, which no key equals")
    try:
        return as_text(value) == as_text(key)
    except WrongKindError:
        return value is key


@rule_function(anything, nulls=True, entra="IsNull")
def is_null(value):
    """Whether the value is null or its field is missing.

    >>> rule("is_null(endDate)", endDate=None)
    True
    >>> rule("is_null(endDate)", endDate="")
    False
    """
    return value is None


@rule_function(anything, nulls=True, entra="IsNullOrEmpty")
def is_empty(value):
    """Whether the value is null, an empty list, or text of nothing but white space.

    >>> rule("is_empty(mobile)", mobile=" ")
    True
    >>> rule("is_empty(mobile)", mobile="0412 345 678")
    False
    """
    return _empty(value)


@rule_function(anything, nulls=True, entra="IsPresent")
def is_present(value):
    """The opposite of is_empty.

    >>> rule("is_present(endDate)", endDate="2026-06-30")
    True
    >>> rule("is_present(phones)", phones=[])
    False
    """
    return not _empty(value)


@rule_function(anything, nulls=True, entra="IsString")
def is_text(value):
    """Whether the value is text.

    >>> rule("is_text(position)", position="Clerk")
    True
    >>> rule("iif(is_text(position), position, position.title)", position={"title": "Clerk"})
    'Clerk'
    """
    return isinstance(value, str)


@rule_function(anything, nulls=True, entra="Not")
def not_(value):
    """True for null, false, '' and [], else false; the same as JMESPath's exclamation mark.

    >>> rule("not(is_text(position))", position="Clerk")
    False
    >>> rule("not(rehire)", rehire=None)
    True
    """
    return iif(value, False, True)


@rule_function(anything, entra="CBool")
def boolean(value):
    """True or false from the words that HR systems use (true, yes, y, on, 1 and their opposites); null for empty text.

    In a condition the text 'No' is yes like any other text, so a field of such words needs this function.

    >>> rule("boolean(hasCar)", hasCar="No")
    False
    >>> rule("iif(boolean(remote), 'Home', office)", remote="Y", office="Sydney")
    'Home'
    """
    if isinstance(value, bool) or value == "":
        return None if value == "" else value
    word = as_text(value).strip().lower() if isinstance(value, (str, int, float)) else None
    if word in YES or word in NO:
        return word in YES
    raise RuleError(f"{value!r} is neither yes nor no")
