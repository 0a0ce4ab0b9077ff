# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of people as one word of a mark: readable, without blanks, and the same after reading."""

from __future__ import annotations

from ..ad_values.texts import one_line

_BLANK, _PERCENT, _PLUS = "+", "%25", "%2B"


def cleaned(text: str, most: int) -> str:
    """The text on one line, without characters that are not seen, at most so many characters long:
    of a longer one the beginning, and "…".
    """
    whole = text.encode("utf-8", "ignore").decode()  # without halves of characters
    line = one_line(" ".join(whole.split()))
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def encoded(text: str) -> str:
    """A cleaned text as one word: a blank is written as +."""
    word = text.replace("%", _PERCENT).replace("+", _PLUS)
    return _BLANK.join(word.split())


def decoded(word: str) -> str:
    """The text that encoded made this word of."""
    text = word.replace(_BLANK, " ")
    return text.replace(_PLUS, "+").replace(_PERCENT, "%")
