# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters of one kind, any of which may stand for any other: of the same script, and with the same diacritics."""

from __future__ import annotations

import unicodedata
from functools import cache

# Blocks whose common letters stand together: (first, last). What is in none of them is of the kind of its 256 neighbours.
_BLOCKS = (
    (0x0041, 0x007A),  # Latin
    (0x00C0, 0x017F),  # Latin with diacritics
    (0x1E00, 0x1EFF),  # Latin with several of them: Vietnamese
    (0x0391, 0x03C9),  # Greek
    (0x0430, 0x044F),  # Cyrillic
    (0x05D0, 0x05EA),  # Hebrew
    (0x0621, 0x064A),  # Arabic
    (0x3041, 0x3096),
    (0x30A1, 0x30FA),  # Hiragana, Katakana
    (0x4E00, 0x9FFF),  # Han
    (0xAC00, 0xD7A3),  # Hangul
)


def folded(letter: str) -> str:
    """The small letter, where letter and small letter are each other's; else the letter itself (ß has no capital of one letter)."""
    small = letter.lower()
    return small if len(small) == 1 and small.upper() == letter else letter


@cache
def kind_of(letter: str) -> str:
    """All letters that may stand for this one, itself among them, as one text. letter: folded."""
    if not letter.isalpha():
        return letter  # a superscript, a Roman numeral: signs of their own
    code = ord(letter)
    first, last = next(
        (block for block in _BLOCKS if block[0] <= code <= block[1]), (code & ~0xFF, code | 0xFF)
    )
    return _kinds(first, last)[_features(letter)]


@cache
def _kinds(first: int, last: int) -> dict[tuple, str]:
    found: dict[tuple, list[str]] = {}
    for code in range(first, last + 1):
        letter = chr(code)
        if letter.isalpha() and folded(letter) == letter:
            found.setdefault(_features(letter), []).append(letter)
    return {features: "".join(letters) for features, letters in found.items()}


def _features(letter: str) -> tuple:
    """What letters of one kind have in common: the category, whether there is a capital, and the diacritics."""
    marks = "".join(
        mark for mark in unicodedata.normalize("NFD", letter)[1:] if unicodedata.combining(mark)
    )
    return unicodedata.category(letter), _has_capital(letter), marks


def _has_capital(letter: str) -> bool:
    capital = letter.upper()
    return len(capital) == 1 and capital != letter and capital.lower() == letter
