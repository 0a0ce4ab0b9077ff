# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an attribute accepts, by the schema of the directory and by the rules for logon names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import HrisError
from ..model.directory import AttributeDefinition
from . import syntaxes
from .dn import normal
from .texts import cut, is_broken, units

# [MS-SAMR] 3.1.1.6: characters that a logon name must not have. It must not end with a full stop.
_LOGON_NAME = re.compile(r"[^\"\[\]:;|=+*?<>/\\,]*[^\"\[\]:;|=+*?<>/\\,.]")
LOGON_NAME_MAX = 20  # units of UTF-16: Windows refuses longer ones, Samba does not (measured)
# People log on with these, or are written to: nothing in them may be hidden
_NAMES = ("sAMAccountName", "userPrincipalName", "servicePrincipalName", "mail", "proxyAddresses")
_PASSWORD_DAYS = ("0", "-1")  # of pwdLastSet (measured; [MS-SAMR] 3.1.1.8.8)
_BOUNDS = {"integer": 1 << 31, "large_integer": 1 << 63}  # [MS-ADTS] 3.1.1.2.2.2
_SHOWN = 40  # characters of a long value in a message


def check_texts(texts: Sequence[str], definition: AttributeDefinition, place: str) -> None:
    """Raise HrisError for the first of an attribute's values that the directory would refuse.

    AD itself answers 21 invalidAttributeSyntax without the name of the attribute (measured).
    """
    name = definition.name
    if definition.single and len(texts) > 1:
        raise HrisError(f"{name} takes one value, not {len(texts)}", place=place)
    for text in texts:
        problem = _problem(text, definition)
        if problem:
            raise HrisError(f"{name} {problem}", place=place)
        if name == "sAMAccountName":
            _check_logon_name(text, place)


def _problem(text: str, definition: AttributeDefinition) -> str | None:
    if is_broken(text):
        return "has half of a character (a lone surrogate), which cannot be written"
    if definition.name in _NAMES and not text.isprintable():
        return f"has a control character or one that is not seen: {_shown(text)}"
    if definition.syntax in TEXTS:
        return _length_problem(text, definition.lower, definition.upper)
    if definition.syntax == "dn":
        return None if _is_dn(text) else f"takes the DN of an object, not {_shown(text)}"
    form = syntaxes.form_of(definition.name, definition.syntax)
    written = form(text) if form else text
    if written is None:
        return f"takes {_words(definition)}, not {_shown(text)}"
    if definition.name == "pwdLastSet" and written not in _PASSWORD_DAYS:
        return f"takes 0 (it must be changed) or -1 (it was set now), not {_shown(text)}"
    if definition.syntax in syntaxes.INTEGERS:
        return _number_problem(int(written), definition)
    if definition.syntax == "binary" and form is syntaxes.binary:
        return _size_problem(len(syntaxes.base64_of(text) or b""), definition)
    return None


TEXTS = ("text", "exact_text")  # syntaxes of texts; exact_text is compared with case


def _length_problem(text: str, lower: int | None, upper: int | None) -> str | None:
    length = units(text)
    if upper is not None and length > upper:
        twice = "" if length == len(text) else " (those like an emoji count twice)"
        return f"takes at most {upper} characters, not {length}{twice}: {_shown(text)}"
    if lower is not None and length < lower:
        return f"needs at least {lower} characters: {_shown(text)}"
    return None


def _number_problem(number: int, definition: AttributeDefinition) -> str | None:
    bound = _BOUNDS[definition.syntax]
    lower = -bound if definition.lower is None else definition.lower
    upper = bound - 1 if definition.upper is None else definition.upper
    if lower <= number <= upper:
        return None
    return f"takes a number from {lower} to {upper}, not {_shown(str(number))}"


def _size_problem(size: int, definition: AttributeDefinition) -> str | None:
    if definition.upper is not None and size > definition.upper:
        return f"takes at most {definition.upper:,} bytes, not {size:,}"
    if not size or (definition.lower is not None and size < definition.lower):
        return f"needs at least {definition.lower or 1:,} bytes, not {size:,}"
    return None


def _shown(text: str) -> str:
    """The text in a message, cut."""
    short = cut(text, _SHOWN)
    return f"'{short}'" if short == text else f"'{short}…'"


def _words(definition: AttributeDefinition) -> str:
    if definition.name.casefold() in syntaxes.GUIDS:
        return "a GUID"
    return _WORDS[definition.syntax]


_WORDS = {
    "integer": "a whole number",
    "large_integer": "a whole number",
    "boolean": "true or false",
    "time": "a time such as 20260302120000.0Z",
    "binary": "base64",
    "sid": "a SID such as S-1-5-21-1-2-3-1104",
}


def _is_dn(text: str) -> bool:
    try:
        normal(text)
    except HrisError:
        return False
    return True


def _check_logon_name(text: str, place: str) -> None:
    length = units(text)
    if length > LOGON_NAME_MAX:
        raise HrisError(
            f"{_shown(text)} has {length} characters; AD takes logon names of at most "
            f"{LOGON_NAME_MAX}",
            place=place,
        )
    if not _LOGON_NAME.fullmatch(text):
        raise HrisError(
            f"{_shown(text)} cannot be a logon name",
            place=place,
            hint='Leave out " [ ] : ; | = + * ? < > / \\ , and a full stop at the end',
        )
