# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions for telephone numbers, by Google's numbering plans in the library phonenumbers.

The library is loaded when a rule first needs it. A rule that uses these functions does not compile
without it.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

from ...errors import shortened
from .declaration import (
    RuleError,
    WrongArgumentError,
    as_nonempty_text,
    as_text,
    rule_function,
)

# What a rule calls a format, and its name in the library
FORMATS = {
    "e164": "E164",
    "international": "INTERNATIONAL",
    "national": "NATIONAL",
    "rfc3966": "RFC3966",
}


def as_region(value: object) -> str:
    """A country by its ISO code, in upper case."""
    region = as_nonempty_text(value).strip().upper()
    if region not in _library().SUPPORTED_REGIONS:
        raise WrongArgumentError("the ISO code of a country, such as AU,")
    return region


def as_format(value: object) -> str:
    """A format of telephone numbers, by its name in the library."""
    name = as_text(value).lower()
    if name not in FORMATS:
        raise WrongArgumentError("one of " + ", ".join(FORMATS))
    return FORMATS[name]


@rule_function(as_text, as_region, as_format, optional=1, library="phonenumbers")
def phone(text: str, region: str, format: str = FORMATS["e164"]) -> str | None:
    """The telephone number in one format: e164 (the default), international, national or rfc3966.

    The region is the ISO code of the country of numbers without +. The format e164 has no
    extension. Text that cannot be a telephone number is an error; is_phone() tests for it. Empty
    text gives null.

    >>> rule("phone(mobile, 'AU')", mobile="0412 345 678")
    '+61412345678'
    >>> rule("phone(mobile, country, 'international')", mobile="(02) 5550 1234", country="au")
    '+61 2 5550 1234'
    >>> rule("phone(mobile, 'AU', 'national')", mobile="+61 412 345 678")
    '0412 345 678'
    """
    number = text.strip()
    if not number:
        return None
    return _formatted(number, region, format)


@rule_function(as_text, as_region, library="phonenumbers")
def is_phone(text: str, region: str) -> bool:
    """Whether the text can be a telephone number, by its length and form; then phone() takes it.

    >>> rule("is_phone(mobile, 'AU')", mobile="ask reception")
    False
    >>> rule("is_phone(mobile, 'AU') && phone(mobile, 'AU') || mobile", mobile="0412 345 678")
    '+61412345678'
    """
    return _parsed(text, region) is not None


# Several rules of one run need the same number, and formatting one takes 50 microseconds.
@functools.lru_cache(maxsize=4096)
def _formatted(text: str, region: str, format_name: str) -> str:
    number = _parsed(text, region)
    if number is None:
        raise RuleError(f"{shortened(text)} is not a telephone number of {region}")
    library = _library()
    return library.format_number(number, getattr(library.PhoneNumberFormat, format_name))


def _parsed(text: str, region: str) -> Any:  # a PhoneNumber: the library has no types
    library = _library()
    try:
        number = library.parse(text, region)
    except library.NumberParseException:
        return None
    if library.is_possible_number(number):
        return number
    return None


def _library() -> ModuleType:
    try:
        import phonenumbers
    except ImportError:
        raise RuleError("the Python library phonenumbers is missing") from None
    return phonenumbers
