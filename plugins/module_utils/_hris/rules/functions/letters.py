# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that change a text's letters: case, spaces, transliteration, filling up."""

from __future__ import annotations

import re
import unicodedata

try:
    from anyascii import anyascii
except ImportError:  # edge.run says which library is missing before any rule is compiled
    anyascii = None

from .calling import LONGEST, RuleError, as_character, as_text, as_whole, rule_function


@rule_function(as_text, entra="ToLower")
def lower(text):
    """The text in lower case.

    >>> rule("lower(mail)", mail="Kenji.Nakamura@Example.com")
    'kenji.nakamura@example.com'
    >>> rule("lower(sn)", sn="ŽIŽEK")
    'žižek'
    """
    return text.lower()


@rule_function(as_text, entra="ToUpper")
def upper(text):
    """The text in upper case.

    >>> rule("upper(country)", country="au")
    'AU'
    >>> rule("{upper(sn)}, {givenName}", sn="Nakamura", givenName="Kenji")
    'NAKAMURA, Kenji'
    """
    return text.upper()


@rule_function(as_text, entra="PCase")
def proper(text):
    """The first letter of each word in upper case, the others in lower case; words end at spaces, hyphens and apostrophes.

    >>> rule("proper(lastName)", lastName="O'NEIL-VAN DYKE")
    "O'Neil-Van Dyke"
    >>> rule("proper(city)", city="alice springs")
    'Alice Springs'
    """
    return re.sub(r"[^\s'\u2019-]+", lambda word: word[0][:1].upper() + word[0][1:].lower(), text)


@rule_function(as_text)
def trim(text):
    """The text without white space at both ends, and with single spaces inside.

    >>> rule("trim(lastName)", lastName="  van   Dyke ")
    'van Dyke'
    >>> rule("lower(trim(mail))", mail=" Kenji@Example.com ")
    'kenji@example.com'
    """
    return " ".join(text.split())


@rule_function(as_text, entra="StripSpaces")
def strip_spaces(text):
    """The text without any white space.

    >>> rule("strip_spaces(lastName)", lastName="van der Berg")
    'vanderBerg'
    >>> rule("strip_spaces(iban)", iban="GB29 NWBK 6016 1331 9268 19")
    'GB29NWBK60161331926819'
    """
    return "".join(text.split())


@rule_function(as_text, entra="NormalizeDiacritics")
def ascii_(text):
    """Letters of any script as plain ASCII, for logon names and addresses.

    >>> rule("ascii(lastName)", lastName="Žižek-Ødegård")
    'Zizek-Odegard'
    >>> rule("lower(ascii(firstName))", firstName="Иван")
    'ivan'
    """
    return anyascii(text)


@rule_function(as_text, entra="NormalizeDiacritics")
def fold(text):
    """Latin and Greek letters without their accents and strokes; the script, and every other letter, stays as it is.

    >>> rule("fold(lastName)", lastName="Łukasz Nuñez")
    'Lukasz Nunez'
    >>> rule("fold(name)", name="Андрей Žižek")
    'Андрей Zizek'
    """
    folded, plain = [], False
    for letter in unicodedata.normalize("NFC", text):
        if unicodedata.category(letter) == "Mn":
            if not plain:
                folded.append(letter)
            continue
        base, mark, _rest = unicodedata.name(letter, "").partition(" WITH ")
        plain = base.startswith(("LATIN", "GREEK"))
        folded.append(_letter(base, letter) if plain and mark else letter)
    return "".join(folded)


def _letter(name: str, otherwise: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return otherwise


@rule_function(as_text)
def initials(text):
    """The first letter of each word in upper case; words end at spaces and hyphens.

    >>> rule("initials(fullName)", fullName="Mary-Jane O'Neil")
    'MJO'
    >>> rule("initials(middleName)", middleName="luis")
    'L'
    """
    return "".join(word[0].upper() for word in re.findall(r"[^\s-]+", text))


@rule_function(as_text)
def digits(text):
    """Only the digits 0 to 9 of the text.

    >>> rule("digits(mobile)", mobile="0412 345-678")
    '0412345678'
    >>> rule("digits(badge)", badge="B-0042")
    '0042'
    """
    return re.sub(r"[^0-9]", "", text)


@rule_function(as_text, as_text, entra="Append")
def append(text, suffix):
    """The text with a suffix behind it; the same as a text with braces.

    >>> rule("append(logon, '@example.com')", logon="kenji")
    'kenji@example.com'
    >>> rule("append(costCentre, '-AU')", costCentre=410)
    '410-AU'
    """
    return text + suffix


@rule_function(as_text, as_whole, as_character)
def pad_left(text, length, character):
    """The text filled up at its left with a character until it has the length; longer text stays whole.

    >>> rule("pad_left(employeeNumber, 6, '0')", employeeNumber=1234)
    '001234'
    >>> rule("pad_left(code, 3, 'X')", code="ABCD")
    'ABCD'
    """
    return text.rjust(_length(length), character)


@rule_function(as_text, as_whole, as_character)
def pad_right(text, length, character):
    """The text filled up at its right with a character until it has the length; longer text stays whole.

    >>> rule("pad_right(lastName, 3, 'x')", lastName="Ng")
    'Ngx'
    >>> rule("left(pad_right(lastName, 3, 'x'), 3)", lastName="Nakamura")
    'Nak'
    """
    return text.ljust(_length(length), character)


def _length(length: int) -> int:
    if not 0 <= length <= LONGEST:
        raise RuleError(f"the length {length} is not between 0 and {LONGEST}")
    return length
