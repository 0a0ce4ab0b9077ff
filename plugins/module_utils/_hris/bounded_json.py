# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON that somebody else wrote, decoded strictly and within bounds.

Python's decoder takes NaN for a number and 1e400 for infinity, fails at a whole number of 4,301
digits, accepts more nesting than what looks at the value later, and makes 1.5 GB of 64 MB of "{}".
NaN and Infinity are no JSON (RFC 8259, section 6), but some programs write them where there is no
value: they are null.
"""

from __future__ import annotations

import json
import math
from typing import Any

MOST_DEPTH = 100  # objects and lists in one another
MOST_DIGITS = 100  # of a whole number; float() takes 308
# Bytes of text that an object or list, and any value, has at least, averaged over a whole document:
# less is no data of people, and takes many times as much memory as text.
_BYTES_OF_CONTAINER, _BYTES_OF_VALUE = 32, 8
_ALWAYS = 10_000  # so many containers and values are accepted in a short document, too


class UnacceptableJsonError(ValueError):
    """JSON that is not taken although it is JSON. Its text says why."""


def decode(text: str, most_bytes: int | None = None) -> Any:
    """The value of a JSON text.

    most_bytes: bounds the values by the size that a document may have, which bounds the memory.
    Raises json.JSONDecodeError, or UnacceptableJsonError; both are ValueError.
    """
    if most_bytes is not None:
        _check_number_of_values(text, most_bytes)
    try:
        # A call for each whole number takes twice as long as all the rest
        decoder = _DECODER_OF_LONG if _has_long_number(text) else _DECODER
        value = decoder.decode(text)
    except RecursionError:
        raise _too_deep() from None
    _check_depth(value)
    return value


def _check_number_of_values(text: str, most_bytes: int) -> None:
    """Punctuation inside texts counts, too: the bounds are far from what people write."""
    containers = text.count("{") + text.count("[")
    if containers > max(_ALWAYS, most_bytes // _BYTES_OF_CONTAINER):
        raise UnacceptableJsonError(f"it holds {containers} objects and lists")
    values = containers + text.count(",")
    if values > max(_ALWAYS, most_bytes // _BYTES_OF_VALUE):
        raise UnacceptableJsonError(f"it holds {values} values")


def _check_depth(value: Any) -> None:
    level: list[Any] = [[value]]
    for _depth in range(MOST_DEPTH + 1):
        # Every value of the document comes here: no function of ours is called for each
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, _CONTAINERS)
        ]
        if not level:
            return
    raise _too_deep()


def _has_long_number(text: str) -> bool:
    """Whether so many digits stand together anywhere. A regular expression takes as long as
    decoding does; bytes are compared seven times as fast.
    """
    return _LONG in text.encode(errors="replace").translate(_DIGITS_AS_ZEROS)


def _too_deep() -> UnacceptableJsonError:
    return UnacceptableJsonError("it is nested too deeply")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise UnacceptableJsonError(f"it holds a number of {len(digits)} digits")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise UnacceptableJsonError("it holds a number that is too large, such as 1e400")
    return number


def _no_value(_name: str) -> None:
    """What NaN, Infinity and -Infinity stand for."""


_CONTAINERS = (dict, list)
_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG = b"0" * (MOST_DIGITS + 1)
_DECODER = json.JSONDecoder(parse_float=_fraction, parse_constant=_no_value)
_DECODER_OF_LONG = json.JSONDecoder(
    parse_int=_whole, parse_float=_fraction, parse_constant=_no_value
)
