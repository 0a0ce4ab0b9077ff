# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options in messages, named as the variables of the role in which somebody wrote them."""

from __future__ import annotations

import re
from collections.abc import Collection

from .errors import HrisError

ARGUMENTS = dict(variable_prefix=dict(type="str"))
# Options without an underscore that no message uses as a word of its own
_PLAIN_WORDS = ("retries", "timeout")


class VariableNames:
    """What options are called in messages.

    prefix: of the variables of a role, such as "elmo_"; without one, options keep their names.
    options: of the module. tuning: those among them that are in the role's dictionary, elmo_http.
    """

    def __init__(self, prefix: str | None, options: Collection[str], tuning: Collection[str] = ()):
        self._prefix = prefix or ""
        self._tuning = frozenset(tuning)
        self._place = re.compile(f"({'|'.join(map(re.escape, options))})(?=$|[.\\[ ])")
        # A name without an underscore may be an English word: only with what is in it
        words = [name for name in options if "_" in name or name in _PLAIN_WORDS]
        pattern = "|".join(
            [*(rf"{name}(?![\w/-])" for name in words), *(rf"{name}(?=\.\w)" for name in options)]
        )
        self._words = re.compile(rf"(?<![\w./?&-])({pattern})")

    def in_text(self, text: str) -> str:
        """A message or a hint."""
        if not self._prefix:
            return text
        return self._words.sub(lambda match: self.of(match[1]), text)

    def in_error(self, error: HrisError) -> HrisError:
        """The error; its place begins with a variable where it began with an option."""
        if not self._prefix:
            return error
        place, found = error.place, self._place.match(error.place or "")
        named = error.rewritten(self.in_text)
        if place and found:
            place = self.of(found[1]) + self._rest(found[1], place[found.end() :])
        return named.at(place) if place else named

    def of(self, option: str) -> str:
        """What one option is called."""
        if option in self._tuning:
            return f"{self._prefix}http.{option}"
        return f"{self._prefix}{option}"

    def _rest(self, option: str, rest: str) -> str:
        """The position in an option. Roles with a list of their own put that one first."""
        number = re.match(r"\[(\d+)\]", rest)
        if option != "endpoints" or number is None or self._prefix == "rest_":
            return rest
        return f"[{int(number[1]) - 1}]{rest[number.end() :]}"
