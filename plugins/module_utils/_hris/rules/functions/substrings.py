# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that take a part of a text. Characters and words are counted from 1."""

from __future__ import annotations

import re
from typing import Any

from .declaration import RuleError, as_integer, as_nonempty_text, as_text, rule_function


@rule_function(as_text, as_integer, entra="Left")
def left(text: str, count: int) -> str:
    """The first characters.

    >>> rule("left(sn, 3)", sn="Nakamura")
    'Nak'
    >>> rule("{left(givenName, 1)}{sn}", givenName="Kenji", sn="Nakamura")
    'KNakamura'
    """
    return text[: max(count, 0)]


@rule_function(as_text, as_integer)
def right(text: str, count: int) -> str:
    """The last characters.

    >>> rule("right(employeeNumber, 2)", employeeNumber=1234)
    '34'
    >>> rule("right(mobile, 3)", mobile="0412 345 678")
    '678'
    """
    return text[max(len(text) - max(count, 0), 0) :]


@rule_function(as_text, as_integer, as_integer, optional=1, entra="Mid")
def mid(text: str, start: int, length: int | None = None) -> str:
    """The characters from a position on: as many as the length says, or all that follow.

    >>> rule("mid(costCentre, 4, 2)", costCentre="AU-41-0007")
    '41'
    >>> rule("mid(costCentre, 4)", costCentre="AU-41-0007")
    '41-0007'
    """
    if start < 1:
        raise RuleError(f"the position {start} is not 1 or more")
    rest = text[start - 1 :]
    if length is None:
        return rest
    return rest[: max(length, 0)]


@rule_function(as_text)
def len_(text: str) -> int:
    """How many characters the text has; JMESPath's own length() fails for null.

    >>> rule("len(sn)", sn="Nakamura")
    8
    >>> rule("iif(len(sn) < 3, pad_right(sn, 3, 'x'), sn)", sn="Ng")
    'Ngx'
    """
    return len(text)


@rule_function(as_text, as_nonempty_text, entra="InStr")
def find(text: str, part: str) -> int:
    """The position of the first occurrence of a part in the text; 0 when there is none.

    >>> rule("find(mail, '@')", mail="kenji@example.com")
    6
    >>> rule("find(title, 'Manager') > 0", title="Clerk")
    False
    """
    return text.find(part) + 1


@rule_function(as_text, as_integer, as_nonempty_text, optional=1, entra="Word")
def word(text: str, number: int, delimiters: str | None = None) -> str | None:
    """One word of the text by its number; null when there are fewer words.

    -1 is the last word, -2 the one before it. Words end at white space, or at each of the
    characters that are given as delimiters.

    >>> rule("word(fullName, 1)", fullName="Kenji Luis Nakamura")
    'Kenji'
    >>> rule("word(fullName, -1)", fullName="Kenji Luis Nakamura")
    'Nakamura'
    >>> rule("word(costCentre, 2, '-/')", costCentre="AU-41/0007")
    '41'
    """
    pattern = r"\S+"
    if delimiters is not None:
        pattern = f"[^{re.escape(delimiters)}]+"
    return nth(re.findall(pattern, text), number)


def nth(values: list[Any], number: int) -> Any:
    """The value at a position: 1 is the first, -1 the last; None when there are fewer values."""
    if number == 0:
        raise RuleError("counting starts at 1")
    if abs(number) > len(values):
        return None
    if number > 0:
        return values[number - 1]
    return values[number]
