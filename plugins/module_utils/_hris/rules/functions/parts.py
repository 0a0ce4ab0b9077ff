# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that take a part of a text. Characters and words are counted from 1."""

from __future__ import annotations

import re

from .calling import RuleError, as_some_text, as_text, as_whole, rule_function


@rule_function(as_text, as_whole, entra="Left")
def left(text, count):
    """The first characters.

    >>> rule("left(sn, 3)", sn="Nakamura")
    'Nak'
    >>> rule("{left(givenName, 1)}{sn}", givenName="Kenji", sn="Nakamura")
    'KNakamura'
    """
    return text[: max(count, 0)]


@rule_function(as_text, as_whole)
def right(text, count):
    """The last characters.

    >>> rule("right(employeeNumber, 2)", employeeNumber=1234)
    '34'
    >>> rule("right(mobile, 3)", mobile="0412 345 678")
    '678'
    """
    return text[-count:] if count > 0 else ""


@rule_function(as_text, as_whole, as_whole, optional=1, entra="Mid")
def mid(text, start, length=None):
    """The characters from a position on, the first being 1: as many as the length says, or all that follow.

    >>> rule("mid(costCentre, 4, 2)", costCentre="AU-41-0007")
    '41'
    >>> rule("mid(costCentre, 4)", costCentre="AU-41-0007")
    '41-0007'
    """
    if start < 1:
        raise RuleError(f"the position {start} is not 1 or more")
    return text[start - 1 :] if length is None else text[start - 1 : start - 1 + max(length, 0)]


@rule_function(as_text)
def len_(text):
    """How many characters the text has; JMESPath's own length() fails for null.

    >>> rule("len(sn)", sn="Nakamura")
    8
    >>> rule("iif(len(sn) < 3, pad_right(sn, 3, 'x'), sn)", sn="Ng")
    'Ngx'
    """
    return len(text)


@rule_function(as_text, as_some_text, entra="InStr")
def find(text, part):
    """The position of the first occurrence of a part, the first character being 1; 0 when there is none.

    >>> rule("find(mail, '@')", mail="kenji@example.com")
    6
    >>> rule("find(title, 'Manager') > 0", title="Clerk")
    False
    """
    return text.find(part) + 1


@rule_function(as_text, as_whole, as_some_text, optional=1, entra="Word")
def word(text, number, delimiters=None):
    """One word of the text, counted from 1, or from the end with -1, -2 and so on; null when there are not so many.

    Words end at white space, or at each of the characters that are given as delimiters.

    >>> rule("word(fullName, 1)", fullName="Kenji Luis Nakamura")
    'Kenji'
    >>> rule("word(fullName, -1)", fullName="Kenji Luis Nakamura")
    'Nakamura'
    >>> rule("word(costCentre, 2, '-/')", costCentre="AU-41/0007")
    '41'
    """
    pattern = r"\S+" if delimiters is None else f"[^{re.escape(delimiters)}]+"
    return nth(re.findall(pattern, text), number)


def nth(values: list, number: int):
    """The value at a position counted from 1, or from the end with -1; None when there are not so many."""
    if number == 0:
        raise RuleError("counting starts at 1")
    index = number - 1 if number > 0 else number
    return values[index] if -len(values) <= index < len(values) else None
