# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions for telephone numbers, by Google's numbering plans in the library phonenumbers.

The library is loaded when a rule first needs it; a rule that uses these functions does not compile without it.
"""

from __future__ import annotations

import functools

from .calling import RuleError, WrongKindError, as_some_text, as_text, rule_function

FORMATS = {
    "e164": "E164",
    "international": "INTERNATIONAL",
    "national": "NATIONAL",
    "rfc3966": "RFC3966",
}


def as_region(value) -> str:
    """A country by its ISO code."""
    region = as_some_text(value).strip().upper()
    if region not in _library().SUPPORTED_REGIONS:
        raise WrongKindError("the ISO code of a country, such as AU,")
    return region


def as_form(value) -> str:
    """A form of telephone numbers, as the library calls it."""
    form = as_text(value).lower()
    if form not in FORMATS:
        raise WrongKindError("one of " + ", ".join(FORMATS))
    return FORMATS[form]


@rule_function(as_text, as_region, as_form, optional=1, library="phonenumbers")
def phone(text, region, format=FORMATS["e164"]):
    """The telephone number in one form: e164 (without a format), international, national or rfc3966.

    The region is the ISO code of the country in which a number without + is meant. An extension is left out of e164.
    Text that cannot be a telephone number is an error; see is_phone. Empty text gives null.

    >>> rule("phone(mobile, 'AU')", mobile="0412 345 678")
    '+61412345678'
    >>> rule("phone(mobile, country, 'international')", mobile="(02) 5550 1234", country="au")
    '+61 2 5550 1234'
    >>> rule("phone(mobile, 'AU', 'national')", mobile="+61 412 345 678")
    '0412 345 678'
    """
    return _formatted(text.strip(), region, format) if text.strip() else None


@rule_function(as_text, as_region, library="phonenumbers")
def is_phone(text, region):
    """Whether the text can be a telephone number, in length and shape; phone() takes it then.

    >>> rule("is_phone(mobile, 'AU')", mobile="ask reception")
    False
    >>> rule("is_phone(mobile, 'AU') && phone(mobile, 'AU') || mobile", mobile="0412 345 678")
    '+61412345678'
    """
    return _parsed(text, region) is not None


@functools.lru_cache(
    maxsize=4096
)  # one run asks for the same number in several rules, and a number costs 50 microseconds
def _formatted(text: str, region: str, form: str) -> str:
    number = _parsed(text, region)
    if number is None:
        raise RuleError(f"{text!r} is not a telephone number of {region}")
    library = _library()
    return library.format_number(number, getattr(library.PhoneNumberFormat, form))


def _parsed(text: str, region: str):
    library = _library()
    try:
        number = library.parse(text, region)
    except library.NumberParseException:
        return None
    return number if library.is_possible_number(number) else None


def _library():
    try:
        import phonenumbers
    except ImportError:
        raise RuleError("the Python library phonenumbers is missing") from None
    return phonenumbers
