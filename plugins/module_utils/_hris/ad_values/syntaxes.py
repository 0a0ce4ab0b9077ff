# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Syntaxes: how a value of each syntax is written, and what no value is.

[MS-ADTS] 3.1.1.2.2 lists the syntaxes. Values are texts; binary ones are base64.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import lru_cache

from .filetime import NEVER

INTEGERS = ("integer", "large_integer")
GUIDS = frozenset(("objectguid", "schemaidguid", "msexchmailboxguid"))  # attributes, lower case
# The server refuses to clear these (53, measured): a user always has them, and one of their values
# means none ([MS-SAMR] 3.1.1.8, [MS-ADA1] 2.1)
NO_VALUE: Mapping[str, str] = {
    "accountExpires": NEVER[0],
    "badPasswordTime": "0",
    "badPwdCount": "0",
    "codePage": "0",
    "countryCode": "0",
    "lastLogoff": "0",
    "lastLogon": "0",
    "lockoutTime": "0",
    "logonCount": "0",
}
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
_TIME = re.compile(r"([0-9]{14})(?:[.,][0-9]+)?(Z|[+-][0-9]{4})")
_SID = re.compile(r"S-1(?:-[0-9]{1,15}){2,16}", re.IGNORECASE)


def integer(text: str) -> str | None:
    """The number without zeros on the left; None for a text that is not a number.

    Samba reads 036 as an octal number and keeps 30 (measured), so it is never sent like that.
    """
    return str(int(text)) if _INTEGER.fullmatch(text) else None


def boolean(text: str) -> str | None:
    """TRUE or FALSE, which is all that a server takes (RFC 4517, section 3.3.3)."""
    word = text.upper()
    return word if word in ("TRUE", "FALSE") else None


def time(text: str) -> str | None:
    """The moment as ``20260302120000.0Z``, the only form that Samba takes (measured); None for a
    text that is not a generalized time (RFC 4517, section 3.3.13).
    """
    match = _TIME.fullmatch(text)
    if not match:
        return None
    zone = match[2].replace("Z", "+0000")
    try:
        moment = datetime.strptime(match[1] + zone, "%Y%m%d%H%M%S%z").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
    return f"{moment:%Y%m%d%H%M%S}.0Z".rjust(17, "0")


def base64_of(text: str) -> bytes | None:
    """The bytes of a text in base64, with or without line breaks; None for another text."""
    try:
        return base64.b64decode("".join(text.splitlines()), validate=True)
    except (ValueError, binascii.Error):
        return None


def binary(text: str) -> str | None:
    """The base64 text without line breaks; None for a text that is not base64."""
    found = base64_of(text)
    return None if found is None else base64.b64encode(found).decode("ascii")


def guid(text: str) -> str | None:
    """A GUID as 8-4-4-4-12 lower-case text; None for another text."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None


def sid(text: str) -> str | None:
    """A SID as S-1-…; None for another text."""
    return text.upper() if _SID.fullmatch(text) else None


_FORMS: Mapping[str, Callable[[str], str | None]] = {
    "integer": integer,
    "large_integer": integer,
    "boolean": boolean,
    "time": time,
    "binary": binary,
    "sid": sid,
}


@lru_cache(1 << 10)  # asked for every value
def form_of(name: str, syntax: str) -> Callable[[str], str | None] | None:
    """The function from a value to the one form in which it is written, None for a text that is not
    a value of the syntax. None where every text is written as it is.
    """
    if name.casefold() in GUIDS:
        return guid
    return _FORMS.get(syntax)
