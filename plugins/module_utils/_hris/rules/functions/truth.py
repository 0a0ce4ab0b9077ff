# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a condition may give: true, false or no value.

JMESPath takes every text for true, also 'No' and '0', which files write for "not". So a text, a
number, a list or an object in a condition is an error that says what to write instead.
"""

from __future__ import annotations

from ...errors import shortened
from ...model.blank_texts import trimmed
from .declaration import WrongValueError

WORDS_FOR_TRUE = frozenset(("true", "yes", "y", "on", "1"))
WORDS_FOR_FALSE = frozenset(("false", "no", "n", "off", "0"))


class NoTruthError(WrongValueError):
    """A value that decides, but is neither true nor false."""

    def __init__(self, value: object, name: str | None):
        subject = f"'{name}' is" if name else "a condition gives"
        message = f"{subject} {shortened(value)}, and a condition needs true or false"
        super().__init__(message, _way_out(value, name or "x"))


def truth(value: object, name: str | None = None) -> bool | None:
    """True, false, or None for null and for text that is only blanks.

    name: what has the value, as the rule has it; None where it is more than a name. Raises
    WrongValueError for any other value.
    """
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str) and not trimmed(value):
        return None
    raise NoTruthError(value, name)


def presence(value: object, name: str | None = None) -> bool | None:
    """As truth, for the left side of ``a && b`` where a value is wanted: there a text or an object
    means that there is one. Only what reads as "no" is an error.
    """
    if isinstance(value, bool) or value is None:
        return value
    word = trimmed(value).lower() if isinstance(value, str) else value
    if word in ("", [], {}):
        return None
    if word == 0 or (isinstance(word, str) and word in WORDS_FOR_FALSE):
        raise NoTruthError(value, name)
    return True


def _way_out(value: object, field: str) -> str:
    ask = f"is_present({field}) to ask whether there is a value"
    if isinstance(value, (list, dict)):
        return f"Write {ask}"
    constant = "'Yes'" if isinstance(value, str) else "`1`"
    return f"Write {field} == {constant}, boolean({field}), or {ask}"
