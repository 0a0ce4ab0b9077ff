# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON values as text, and what counts as false."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from itertools import islice

from ..errors import HrisError
from ..model.blank_texts import trimmed

LDAP_BOOLEANS = ("FALSE", "TRUE")  # RFC 4517, section 3.3.3
MOST_NAMES, LONGEST_NAME = 20, 60  # of fields in a message
FEW_CHARACTERS = 1000  # texts that are normalized quickly, whatever they hold
MOST_MARKS = 30  # on one letter, as Unicode's Stream-Safe Text Format has it
JSON_BOOLEANS = ("false", "true")


def is_falsy(value: object) -> bool:
    """Whether JMESPath takes the value as false: null, false, '', [] and {}, but not 0."""
    return value is None or value is False or (isinstance(value, (str, list, dict)) and not value)


def number_text(number: int | float) -> str:
    """The decimal text of a number; a whole number has no fraction (7 for 7.0)."""
    if isinstance(number, float) and number.is_integer():
        return str(int(number))
    return str(number)


def to_text(value: object, booleans: tuple[str, str] = LDAP_BOOLEANS) -> str | None:
    """The text of one JSON scalar as AD stores it; None for null and for text that nobody can see.

    The text is trimmed and brought to NFC: feeds mix composed and decomposed letters, which AD
    takes for different ones. booleans: the words for false and true. Raises HrisError for objects
    and lists.
    """
    if isinstance(value, str):
        if value.isascii():
            return value.strip() or None
        return composed(trimmed(value)) or None
    if value is None:
        return None
    if isinstance(value, bool):
        return booleans[value]
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, int):
        return _digits(value)
    if isinstance(value, dict):
        raise HrisError(
            "the value is an object",
            hint="Choose one of its fields: " + _names(value),
        )
    raise HrisError(
        "the value is a list where one value is needed",
        hint="Choose one value, as in 'phones[0]'",
    )


def _digits(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # Python writes no number with more than 4,300 digits
        raise HrisError("the number has too many digits", hint="Correct it in HR") from None


def _names(value: Iterable[object]) -> str:
    """The first names of an object's fields."""
    names = sorted(str(name)[:LONGEST_NAME] for name in islice(value, MOST_NAMES))
    return ", ".join(names)


def _float_text(number: float) -> str | None:
    """The text of a number; None for NaN, which some programs write where there is no value."""
    if math.isnan(number):
        return None
    if math.isinf(number):
        raise HrisError("the value is no number, but infinite", hint="Correct it in HR")
    return number_text(number)


def composed(text: str) -> str:
    """The text in Unicode's normal form NFC.

    Raises HrisError for more marks on one letter than any language has: normalizing takes time in
    proportion to the square of their number (UAX 15, 13.3).
    """
    if len(text) > FEW_CHARACTERS:
        marks = 0
        for character in text:
            marks = marks + 1 if unicodedata.combining(character) else 0
            if marks > MOST_MARKS:
                raise HrisError(
                    f"there are more than {MOST_MARKS} accents on one letter",
                    hint="Correct it in HR",
                )
    return unicodedata.normalize("NFC", text)


def scalar_text(value: object, booleans: tuple[str, str] = LDAP_BOOLEANS) -> str | None:
    """As to_text, but text stays as it is, blanks and letters."""
    if isinstance(value, str):
        return value
    return to_text(value, booleans)


def to_texts(value: object) -> list[str]:
    """The texts of a value or of a list, in its order, each text once; [] for no value."""
    if not isinstance(value, list):
        text = to_text(value)
        if text is None:
            return []
        return [text]
    return list(dict.fromkeys(text for text in map(to_text, value) if text is not None))
