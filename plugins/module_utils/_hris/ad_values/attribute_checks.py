# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values and the directory's schema: what an attribute takes, and when two values are the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..data_class import frozen
from ..errors import HrisError, shortened
from ..model.directory import AttributeDefinition
from .dn import normal
from .filetime import NEVER

# [MS-SAMR] 3.1.1.6: characters that a logon name must not have. It must not end with a full stop.
_LOGON_NAME = re.compile(r"[^\"\[\]:;|=+*?<>/\\,\x00-\x1f]*[^\"\[\]:;|=+*?<>/\\,\x00-\x1f.]")
LOGON_NAME_MAX = 20  # characters: Windows refuses longer ones, Samba does not (measured)
_INTEGER = re.compile(r"-?\d+")
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
    if definition.syntax == "text":
        return _length_problem(text, definition.lower, definition.upper)
    form = _FORMS.get(definition.syntax)
    if form is None or form.accepts(text):
        return None
    return f"takes {form.name}, not {shortened(text)}"


def _length_problem(text: str, lower: int | None, upper: int | None) -> str | None:
    shown = text
    if len(text) > _SHOWN:
        shown = text[:_SHOWN] + "…"
    if upper is not None and len(text) > upper:
        return f"takes at most {upper} characters, not {len(text)}: '{shown}'"
    if lower is not None and len(text) < lower:
        return f"needs at least {lower} characters: '{shown}'"
    return None


@frozen
class _Form:
    """What the values of a syntax look like."""

    name: str
    accepts: Callable[[str], object]  # its result counts as true or false


def _is_dn(text: str) -> bool:
    try:
        normal(text)
    except HrisError:
        return False
    return True


_FORMS = {
    "integer": _Form("a whole number", _INTEGER.fullmatch),
    "large_integer": _Form("a whole number", _INTEGER.fullmatch),
    "boolean": _Form("true or false", ("TRUE", "FALSE").__contains__),
    "dn": _Form("the DN of an object", _is_dn),
}


def _check_logon_name(text: str, place: str) -> None:
    if len(text) > LOGON_NAME_MAX:
        raise HrisError(
            f"{shortened(text)} has {len(text)} characters; AD takes logon names of at most "
            f"{LOGON_NAME_MAX}",
            place=place,
        )
    if not _LOGON_NAME.fullmatch(text):
        raise HrisError(
            f"{shortened(text)} cannot be a logon name",
            place=place,
            hint='Leave out " [ ] : ; | = + * ? < > / \\ , and a full stop at the end',
        )


def _same_expiry(text: str) -> str:
    if text in NEVER:
        return "never"
    return text


def _same_integer(text: str) -> str:
    """Without zeros on the left; a text that is not a number is only the same as itself."""
    if _INTEGER.fullmatch(text):
        return str(int(text))
    return text


def _same_text(text: str) -> str:
    return text


# From a value to a text that is equal for values that are the same to the directory: of single
# attributes, which come first, and of all attributes of a syntax
_SAME_IN_ATTRIBUTE: dict[str, Callable[[str], str]] = {
    "accountExpires": _same_expiry,
}
_SAME_IN_SYNTAX: dict[str, Callable[[str], str]] = {
    "dn": normal,
    "integer": _same_integer,
    "large_integer": _same_integer,
}


def sameness(definition: AttributeDefinition) -> Callable[[str], str]:
    """The function whose results are equal for values that are the same to the directory."""
    of_syntax = _SAME_IN_SYNTAX.get(definition.syntax, _same_text)
    return _SAME_IN_ATTRIBUTE.get(definition.name, of_syntax)


def same_values(
    before: Sequence[str], after: Sequence[str], definition: AttributeDefinition
) -> bool:
    """Whether two lists of values are the same; the directory keeps no order."""
    if before == after:
        return True
    same = sameness(definition)
    return len(before) == len(after) and sorted(map(same, before)) == sorted(map(same, after))
