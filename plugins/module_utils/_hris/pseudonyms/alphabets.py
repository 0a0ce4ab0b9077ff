# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters that may stand for each other: of the same script, and with the same diacritics."""

from __future__ import annotations

import unicodedata
from functools import cache

# Blocks whose common letters stand together: (first, last). Letters in none of them belong with
# their 256 neighbours.
_BLOCKS = (
    (0x0041, 0x007A),  # Latin
    (0x00C0, 0x017F),  # Latin with diacritics
    (0x1E00, 0x1EFF),  # Latin with several of them: Vietnamese
    (0x0391, 0x03C9),  # Greek
    (0x0430, 0x044F),  # Cyrillic
    (0x05D0, 0x05EA),  # Hebrew
    (0x0621, 0x064A),  # Arabic
    (0x3041, 0x3096),  # Hiragana
    (0x30A1, 0x30FA),  # Katakana
    (0x4E00, 0x9FFF),  # Han
    (0xAC00, 0xD7A3),  # Hangul
)
# What letters of one kind have in common: category, whether there is a capital, diacritics
_Features = tuple[str, bool, str]


def folded(letter: str) -> str:
    """The small letter, where letter and small letter are each other's; else the letter itself.

    ß stays ß: its capital has two letters.
    """
    small = letter.lower()
    if len(small) == 1 and small.upper() == letter:
        return small
    return letter


@cache
def kind_of(letter: str) -> str:
    """All letters that may stand for this one, itself among them, as one text. letter: folded."""
    if not letter.isalpha():
        return letter  # a superscript or a Roman numeral
    code = ord(letter)
    neighbours = (code & ~0xFF, code | 0xFF)
    matching = (block for block in _BLOCKS if block[0] <= code <= block[1])
    first, last = next(matching, neighbours)
    return _kinds(first, last)[_features(letter)]


@cache
def _kinds(first: int, last: int) -> dict[_Features, str]:
    kinds: dict[_Features, list[str]] = {}
    for code in range(first, last + 1):
        letter = chr(code)
        if letter.isalpha() and folded(letter) == letter:
            kinds.setdefault(_features(letter), []).append(letter)
    return {features: "".join(letters) for features, letters in kinds.items()}


def _features(letter: str) -> _Features:
    decomposed = unicodedata.normalize("NFD", letter)[1:]
    marks = "".join(filter(unicodedata.combining, decomposed))
    return unicodedata.category(letter), _has_capital(letter), marks


def _has_capital(letter: str) -> bool:
    capital = letter.upper()
    return len(capital) == 1 and capital != letter and capital.lower() == letter
