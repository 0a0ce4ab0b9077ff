# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that change text: upper and lower case, spaces, transliteration, padding."""

from __future__ import annotations

import re
import unicodedata

try:
    from anyascii import anyascii
except ImportError:  # the registry names it when a rule that needs it is compiled
    anyascii = None

from ...errors import HrisError
from ..values import composed
from .declaration import (
    MAX_PADDED_LENGTH,
    RuleError,
    as_character,
    as_integer,
    as_text,
    rule_function,
)


@rule_function(as_text, entra="ToLower")
def lower(text: str) -> str:
    """The text in lower case.

    >>> rule("lower(mail)", mail="Kenji.Nakamura@Example.com")
    'kenji.nakamura@example.com'
    >>> rule("lower(sn)", sn="ŽIŽEK")
    'žižek'
    """
    return text.lower()


@rule_function(as_text, entra="ToUpper")
def upper(text: str) -> str:
    """The text in upper case.

    >>> rule("upper(country)", country="au")
    'AU'
    >>> rule("{upper(sn)}, {givenName}", sn="Nakamura", givenName="Kenji")
    'NAKAMURA, Kenji'
    """
    return text.upper()


@rule_function(as_text, entra="PCase")
def proper(text: str) -> str:
    """The first letter of each word in upper case, the other letters in lower case.

    Words end at spaces, hyphens and apostrophes.

    >>> rule("proper(lastName)", lastName="O'NEIL-VAN DYKE")
    "O'Neil-Van Dyke"
    >>> rule("proper(city)", city="alice springs")
    'Alice Springs'
    """
    return re.sub(r"[^\s'\u2019-]+", _capitalized, text)


def _capitalized(word: re.Match[str]) -> str:
    return word[0][:1].upper() + word[0][1:].lower()


@rule_function(as_text)
def trim(text: str) -> str:
    """The text without white space at both ends, and with single spaces inside.

    >>> rule("trim(lastName)", lastName="  van   Dyke ")
    'van Dyke'
    >>> rule("lower(trim(mail))", mail=" Kenji@Example.com ")
    'kenji@example.com'
    """
    return " ".join(text.split())


@rule_function(as_text, entra="StripSpaces")
def strip_spaces(text: str) -> str:
    """The text without any white space.

    >>> rule("strip_spaces(lastName)", lastName="van der Berg")
    'vanderBerg'
    >>> rule("strip_spaces(iban)", iban="GB29 NWBK 6016 1331 9268 19")
    'GB29NWBK60161331926819'
    """
    return "".join(text.split())


@rule_function(as_text, entra="NormalizeDiacritics", library="anyascii")
def ascii_(text: str) -> str:
    """Letters of any script as plain ASCII, for logon names and addresses.

    >>> rule("ascii(lastName)", lastName="Žižek-Ødegård")
    'Zizek-Odegard'
    >>> rule("lower(ascii(firstName))", firstName="Иван")
    'ivan'
    """
    return anyascii(text)


@rule_function(as_text, entra="NormalizeDiacritics")
def fold(text: str) -> str:
    """Latin and Greek letters without accents and strokes; all other letters stay as they are.

    >>> rule("fold(lastName)", lastName="Łukasz Nuñez")
    'Lukasz Nunez'
    >>> rule("fold(name)", name="Андрей Žižek")
    'Андрей Zizek'
    """
    folded: list[str] = []
    removes_marks = False  # whether the last letter was one of Latin or Greek
    for letter in _composed(text):
        if unicodedata.category(letter) == "Mn":
            if not removes_marks:
                folded.append(letter)
            continue
        base, mark, _rest = unicodedata.name(letter, "").partition(" WITH ")
        removes_marks = base.startswith(("LATIN", "GREEK"))
        if removes_marks and mark:
            letter = _letter_named(base, letter)
        folded.append(letter)
    return "".join(folded)


def _composed(text: str) -> str:
    try:
        return composed(text)
    except HrisError as error:
        raise RuleError(error.message) from None


def _letter_named(name: str, default: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return default


@rule_function(as_text)
def initials(text: str) -> str:
    """The first letter of each word in upper case; words end at spaces and hyphens.

    >>> rule("initials(fullName)", fullName="Mary-Jane O'Neil")
    'MJO'
    >>> rule("initials(middleName)", middleName="luis")
    'L'
    """
    return "".join(word[0].upper() for word in re.findall(r"[^\s-]+", text))


@rule_function(as_text)
def digits(text: str) -> str:
    """Only the digits 0 to 9 of the text.

    >>> rule("digits(mobile)", mobile="0412 345-678")
    '0412345678'
    >>> rule("digits(badge)", badge="B-0042")
    '0042'
    """
    return re.sub(r"[^0-9]", "", text)


@rule_function(as_text, as_text, entra="Append")
def append(text: str, suffix: str) -> str:
    """The text with a suffix after it; the same as a text with braces.

    >>> rule("append(logon, '@example.com')", logon="kenji")
    'kenji@example.com'
    >>> rule("append(costCentre, '-AU')", costCentre=410)
    '410-AU'
    """
    return text + suffix


@rule_function(as_text, as_integer, as_character)
def pad_left(text: str, length: int, character: str) -> str:
    """The text, filled on the left with a character to the length; longer text is not cut.

    >>> rule("pad_left(employeeNumber, 6, '0')", employeeNumber=1234)
    '001234'
    >>> rule("pad_left(code, 3, 'X')", code="ABCD")
    'ABCD'
    """
    return text.rjust(_checked_length(length), character)


@rule_function(as_text, as_integer, as_character)
def pad_right(text: str, length: int, character: str) -> str:
    """The text, filled on the right with a character to the length; longer text is not cut.

    >>> rule("pad_right(lastName, 3, 'x')", lastName="Ng")
    'Ngx'
    >>> rule("left(pad_right(lastName, 3, 'x'), 3)", lastName="Nakamura")
    'Nak'
    """
    return text.ljust(_checked_length(length), character)


def _checked_length(length: int) -> int:
    if not 0 <= length <= MAX_PADDED_LENGTH:
        raise RuleError(f"the length {length} is not between 0 and {MAX_PADDED_LENGTH}")
    return length
