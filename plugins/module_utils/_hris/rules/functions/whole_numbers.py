# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions for whole numbers."""

from __future__ import annotations

from .declaration import RuleError, as_integer, rule_function

MAX_DIGITS = 30


@rule_function(as_integer, as_integer)
def number(value: int, digits: int) -> str:
    """A whole number as text with at least so many digits, filled with zeros on the left.

    >>> rule("number(badge, 6)", badge=42)
    '000042'
    >>> rule("E{number(employeeNumber, 4)}", employeeNumber="7")
    'E0007'
    """
    if not 1 <= digits <= MAX_DIGITS:
        raise RuleError(f"the number of digits is {digits}, not between 1 and {MAX_DIGITS}")
    text = str(abs(value)).rjust(digits, "0")
    if value < 0:
        return f"-{text}"
    return text


@rule_function(as_integer, as_integer, entra="BitAnd")
def bit_and(first: int, second: int) -> int:
    """The bits that are set in both whole numbers: for flags that HR keeps in one number.

    >>> rule("bit_and(flags, 4) == 4", flags=6)
    True
    >>> rule("bit_and(flags, 1)", flags=6)
    0
    """
    return first & second
