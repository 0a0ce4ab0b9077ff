# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values and the directory's schema: what an attribute takes, and when two values are the same.

A definition is an entry of the snapshot's schema: {"name", "single": bool, "min", "max": int or None, "syntax": "text" |
"dn" | "integer" | "boolean" | "large_integer" | "time" | "binary" | "other", "writable": bool}.
"""

from __future__ import annotations

import re

from ..errors import HrisError
from .dn import normal
from .filetime import NEVER

# [MS-SAMR] 3.1.1.6: what a logon name must not hold; a full stop at its end is refused as well.
_LOGON_NAME = re.compile(r"[^\"\[\]:;|=+*?<>/\\,\x00-\x1f]*[^\"\[\]:;|=+*?<>/\\,\x00-\x1f.]")
LOGON_NAME_MAX = 20  # Windows refuses longer ones, Samba does not (measured)


def check_texts(texts: list[str], definition: dict, place: str) -> None:
    """Raise HrisError for the first thing about an attribute's values that the directory would refuse.

    AD itself answers 21 invalidAttributeSyntax without saying which attribute it means (measured).
    """
    if definition["single"] and len(texts) > 1:
        raise HrisError(f"{definition['name']} takes one value, not {len(texts)}", place=place)
    for text in texts:
        problem = _problem(text, definition)
        if problem:
            raise HrisError(f"{definition['name']} {problem}", place=place)
        if definition["name"] == "sAMAccountName":
            _check_logon_name(text, place)


def _problem(text: str, definition: dict) -> str | None:
    syntax, least, most = definition["syntax"], definition["min"], definition["max"]
    if syntax == "text" and most is not None and len(text) > most:
        return f"takes at most {most} characters, not {len(text)}: '{text[:40]}…'"
    if syntax == "text" and least and len(text) < least:
        return f"needs at least {least} characters: '{text}'"
    if syntax in ("integer", "large_integer") and not re.fullmatch(r"-?\d+", text):
        return f"takes a whole number, not '{text}'"
    if syntax == "boolean" and text not in ("TRUE", "FALSE"):
        return f"takes true or false, not '{text}'"
    if syntax == "dn":
        try:
            normal(text)
        except HrisError:
            return f"takes the DN of an object, not '{text}'"
    return None


def _check_logon_name(text: str, place: str) -> None:
    if len(text) > LOGON_NAME_MAX:
        raise HrisError(
            f"'{text}' has {len(text)} characters; AD takes logon names of at most {LOGON_NAME_MAX}",
            place=place,
        )
    if not _LOGON_NAME.fullmatch(text):
        raise HrisError(
            f"'{text}' cannot be a logon name",
            place=place,
            hint='Leave out " [ ] : ; | = + * ? < > / \\ , and a full stop at the end',
        )


def sameness(definition: dict):
    """The function whose results are equal for values that are the same to the directory."""
    if definition["syntax"] == "dn":
        return normal
    if definition["name"] == "accountExpires":
        return lambda text: "never" if text in NEVER else text
    if definition["syntax"] in ("integer", "large_integer"):
        return lambda text: str(int(text)) if re.fullmatch(r"-?\d+", text) else text
    return lambda text: text


def same_values(before: list[str], after: list[str], definition: dict) -> bool:
    """Whether two lists of values are the same; the directory keeps no order."""
    if before == after:
        return True
    same = sameness(definition)
    return len(before) == len(after) and sorted(map(same, before)) == sorted(map(same, after))
