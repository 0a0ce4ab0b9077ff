# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values with other letters and digits in the same shape: the same value is the same everywhere, and two values are never one."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from decimal import Decimal
from math import prod

from .alphabets import folded, kind_of
from .permutation import Permutation

# Dates and times are left alone, because rules compute with them
_YEAR, _MONTH, _DAY = (
    r"(?:(?:1[89]|2[0-2])\d\d|9999)",
    r"(?:0?[1-9]|1[0-2])",
    r"(?:0?[1-9]|[12]\d|3[01])",
)
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?"
_ISO = re.compile(rf"({_YEAR}-{_MONTH}-{_DAY})((?:[T ]{_TIME})?)", re.ASCII)
_DATE = re.compile(
    rf"{_YEAR}([-./]){_MONTH}\1{_DAY}(?:[T ]{_TIME})?|{_DAY}([-./]){_DAY}\2{_YEAR}(?: {_TIME})?|{_TIME}",
    re.ASCII,
)
# At least seven digits, with what stands in telephone numbers, and a sign that it is one: a plus, a zero in front, or separators
_PHONE = re.compile(r"(?=(?:\D*\d){7,18}\D*$)(?:\+|\(?0|(?=\d+[ ()/.-]))[\d ()/.-]+", re.ASCII)
_SUBSCRIBER = 6  # the last digits of a telephone number; those before them tell country and network, and make it a valid one
_PARTS = re.compile(r"(\d+)|([^\W\d_]+)")
_ZEROS = re.compile(r"0*")


class Pseudonyms:
    """One key's pseudonyms. key: bytes, from derived()."""

    def __init__(self, key: bytes):
        self._key = key
        self._permutations: dict[tuple, Permutation] = {}
        self._known: dict[str, str] = {}

    def value(self, value):
        """The pseudonym of a text or number. null, booleans, empty values, dates and times stay as they are."""
        if isinstance(value, str):
            return value if is_date(value) else self._no_date(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return -self.integer(-value) if value < 0 else self.integer(value)
        return self._float(value)

    def _no_date(self, text: str) -> str:
        """The pseudonym that is no date either, since somebody may have that date, which stays as it is."""
        text = self._text(text)
        while is_date(text):
            text = self._text(text)
        return text

    def _text(self, text: str) -> str:
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = (
                self._phone(text) if _PHONE.fullmatch(text) else _PARTS.sub(self._part, text)
            )
        return found

    def integer(self, number: int) -> int:
        """The pseudonym of a number that is not negative: as many digits."""
        return int(self._digits(str(number)))

    def date(self, text: str) -> str:
        """Another day of the same year. Of a text that is no date, its pseudonym."""
        found = _ISO.fullmatch(text)
        try:
            day = date.fromisoformat(found[1]) if found else None
        except ValueError:
            day = None
        if day is None:
            return self._no_date(text)
        first = date(day.year, 1, 1)
        days = (date(day.year, 12, 31) - first).days + 1
        return (
            first + timedelta(self._of(f"date {day.year}", days)((day - first).days))
        ).isoformat() + found[2]

    def _part(self, found: re.Match) -> str:
        return self._digits(found[0]) if found[1] else self._letters(found[0])

    def _letters(self, word: str) -> str:
        """A run of letters. Capitals are put back where they were, so that Lee, LEE and lee stay the same name."""
        small = [folded(letter) for letter in word]
        kinds = [kind_of(letter) for letter in small]
        number = 0
        for letter, kind in zip(small, kinds, strict=True):
            number = number * len(kind) + kind.index(letter)
        number = self._of("letters " + "".join(kind[0] for kind in kinds), prod(map(len, kinds)))(
            number
        )
        made = []
        for kind in reversed(kinds):
            number, index = divmod(number, len(kind))
            made.append(kind[index])
        return "".join(
            new.upper() if old != plain else new
            for new, old, plain in zip(reversed(made), word, small, strict=True)
        )

    def _digits(self, digits: str) -> str:
        """A run of digits. Zeros in front stay, and nothing else becomes one there."""
        plain = "".join(str(int(digit)) for digit in digits)
        zeros = _ZEROS.match(plain)[0]
        rest = plain[len(zeros) :]
        if not rest:
            return digits
        least = 10 ** (len(rest) - 1)
        made = zeros + str(least + self._of(f"digits {len(zeros)}", 9 * least)(int(rest) - least))
        return "".join(
            chr(ord(old) - int(old) + int(new)) for old, new in zip(digits, made, strict=True)
        )  # each in its script

    def _phone(self, text: str) -> str:
        """A telephone number: country and network stay, so that rules still take it for one."""
        digits = re.sub(r"\D", "", text)
        head, tail = digits[:-_SUBSCRIBER], digits[-_SUBSCRIBER:]
        made = iter(
            head + str(self._of(f"phone {head}", 10**_SUBSCRIBER)(int(tail))).zfill(_SUBSCRIBER)
        )
        return re.sub(r"\d", lambda _digit: next(made), text)

    def _float(self, number: float) -> float:
        """A number with a fraction: as many digits before and behind the point, whose last one is no zero."""
        if not math.isfinite(number):
            return number
        whole, _point, fraction = format(abs(Decimal(repr(number))), "f").partition(".")
        made = (
            float(f"{self._digits(whole)}.{self._digits(fraction[::-1])[::-1] or '0'}")
            if fraction
            else float(self._digits(whole))
        )
        return -made if number < 0 else made

    def _of(self, tweak: str, size: int) -> Permutation:
        found = self._permutations.get((tweak, size))
        if found is None:
            found = self._permutations[tweak, size] = Permutation(self._key, tweak, size)
        return found


def is_date(text: str) -> bool:
    """Whether a text is a date, a time or both, which stay as they are."""
    return bool(_DATE.fullmatch(text))
