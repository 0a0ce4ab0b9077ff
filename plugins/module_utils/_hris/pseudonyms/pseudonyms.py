# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values with other letters and digits in the same form.

A value has the same pseudonym everywhere, and two values never have the same one.
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from decimal import Decimal
from math import prod
from typing import Any

from .alphabets import folded, kind_of
from .permutation import Permutation

# Dates and times stay, because rules compute with them
_YEAR = r"(?:(?:1[89]|2[0-2])\d\d|9999)"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?"
_ISO = re.compile(rf"({_YEAR}-{_MONTH}-{_DAY})((?:[T ]{_TIME})?)", re.ASCII)
_DATE = re.compile(
    rf"{_YEAR}([-./]){_MONTH}\1{_DAY}(?:[T ]{_TIME})?"
    rf"|{_DAY}([-./]){_DAY}\2{_YEAR}(?: {_TIME})?"
    rf"|{_TIME}",
    re.ASCII,
)
# At least seven digits, with what stands in telephone numbers, and a sign that it is one: a plus, a
# zero in front, or separators
_PHONE = re.compile(r"(?=(?:\D*\d){7,18}\D*$)(?:\+|\(?0|(?=\d+[ ()/.-]))[\d ()/.-]+", re.ASCII)
# The last digits of a telephone number. The digits before them are country and network, and make
# the number a valid one.
_SUBSCRIBER = 6
# Runs of digits and of letters. A longer run is taken in pieces: the numbers of a permutation have
# nearly as many digits as the run has letters.
_PARTS = re.compile(r"(\d{1,500})|([^\W\d_]{1,500})")


class Pseudonyms:
    """The pseudonyms that belong to one key."""

    def __init__(self, key: bytes):
        self._key = key
        self._permutations: dict[tuple[str, int], Permutation] = {}
        self._known: dict[str, str] = {}

    def value(self, value: Any) -> Any:
        """The pseudonym of a text or number.

        null, booleans, empty values, dates and times stay as they are.
        """
        if isinstance(value, str):
            if is_date(value):
                return value
            return self._not_a_date(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            if value < 0:
                return -self.integer(-value)
            return self.integer(value)
        return self._float(value)

    def integer(self, number: int) -> int:
        """The pseudonym of a number that is not negative: as many digits."""
        return int(self._digits(str(number)))

    def date(self, text: str) -> str:
        """Another day of the same year. Of a text that is not a date, its pseudonym."""
        match = _ISO.fullmatch(text)
        if match is None:
            return self._not_a_date(text)
        try:
            day = date.fromisoformat(match[1])
        except ValueError:
            return self._not_a_date(text)
        first = date(day.year, 1, 1)
        days = (date(day.year, 12, 31) - first).days + 1
        offset = self._permute(f"date {day.year}", days, (day - first).days)
        return (first + timedelta(offset)).isoformat() + match[2]

    def _not_a_date(self, text: str) -> str:
        """The pseudonym that is not a date: somebody may have that date, which stays as it is."""
        text = self._text(text)
        while is_date(text):
            text = self._text(text)
        return text

    def _text(self, text: str) -> str:
        known = self._known.get(text)
        if known is None:
            if _PHONE.fullmatch(text):
                known = self._phone(text)
            else:
                known = _PARTS.sub(self._part, text)
            self._known[text] = known
        return known

    def _part(self, match: re.Match[str]) -> str:
        if match[1]:
            return self._digits(match[0])
        return self._letters(match[0])

    def _letters(self, word: str) -> str:
        """A run of letters. Capitals keep their places, so that Lee, LEE and lee stay one name."""
        small = list(map(folded, word))
        kinds = list(map(kind_of, small))
        number = 0
        for letter, kind in zip(small, kinds, strict=True):
            number = number * len(kind) + kind.index(letter)
        tweak = "letters " + "".join(kind[0] for kind in kinds)
        number = self._permute(tweak, prod(map(len, kinds)), number)
        letters = []
        for kind in reversed(kinds):
            number, index = divmod(number, len(kind))
            letters.append(kind[index])
        letters.reverse()
        for at, (old, plain) in enumerate(zip(word, small, strict=True)):
            if old != plain:
                letters[at] = letters[at].upper()
        return "".join(letters)

    def _digits(self, digits: str) -> str:
        """A run of digits. Zeros in front stay, and no other digit becomes one there."""
        plain = "".join(str(int(digit)) for digit in digits)
        rest = plain.lstrip("0")
        if not rest:
            return digits
        zeros = len(plain) - len(rest)
        least = 10 ** (len(rest) - 1)
        number = least + self._permute(f"digits {zeros}", 9 * least, int(rest) - least)
        new = "0" * zeros + str(number)
        if digits.isascii():
            return new
        # Each digit in its script
        pairs = zip(digits, new, strict=True)
        return "".join(chr(ord(old) - int(old) + int(digit)) for old, digit in pairs)

    def _phone(self, text: str) -> str:
        """A telephone number: country and network stay, so that rules still accept it as one."""
        digits = re.sub(r"\D", "", text)
        head, tail = digits[:-_SUBSCRIBER], digits[-_SUBSCRIBER:]
        number = self._permute(f"phone {head}", 10**_SUBSCRIBER, int(tail))
        new = iter(head + str(number).zfill(_SUBSCRIBER))
        return re.sub(r"\d", lambda _digit: next(new), text)

    def _float(self, number: float) -> float:
        """A number with a fraction: as many digits before and after the point.

        The last digit is not zero.
        """
        if not math.isfinite(number):
            return number
        whole, _point, fraction = format(abs(Decimal(repr(number))), "f").partition(".")
        text = self._digits(whole)
        if fraction:
            text += "." + self._digits(fraction[::-1])[::-1]
        if number < 0:
            return -float(text)
        return float(text)

    def _permute(self, tweak: str, size: int, number: int) -> int:
        permutation = self._permutations.get((tweak, size))
        if permutation is None:
            permutation = self._permutations[tweak, size] = Permutation(self._key, tweak, size)
        return permutation(number)


def is_date(text: str) -> bool:
    """Whether a text is a date, a time or both, which stay as they are."""
    return bool(_DATE.fullmatch(text))
