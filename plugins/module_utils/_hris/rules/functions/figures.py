# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions for numbers."""

from __future__ import annotations

from .calling import RuleError, as_whole, rule_function

MOST_DIGITS = 30


@rule_function(as_whole, as_whole)
def number(value, digits):
    """A whole number as text with at least so many digits, filled up with zeros.

    >>> rule("number(badge, 6)", badge=42)
    '000042'
    >>> rule("E{number(employeeNumber, 4)}", employeeNumber="7")
    'E0007'
    """
    if not 1 <= digits <= MOST_DIGITS:
        raise RuleError(f"the number of digits is {digits}, not between 1 and {MOST_DIGITS}")
    return f"{'-' if value < 0 else ''}{abs(value):0{digits}d}"


@rule_function(as_whole, as_whole, entra="BitAnd")
def bit_and(first, second):
    """The bits that both whole numbers have: for flags that HR packs into one number.

    >>> rule("bit_and(flags, 4) == 4", flags=6)
    True
    >>> rule("bit_and(flags, 1)", flags=6)
    0
    """
    return first & second
