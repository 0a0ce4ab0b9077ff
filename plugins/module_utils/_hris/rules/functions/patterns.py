# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regular expressions whose time is bounded, whatever the expression and the text are.

Some expressions, such as ``^(a|a)*$``, take longer than the age of the universe for a text of 50
letters. Python's own re cannot be stopped; the library regex reads the same expressions and takes a
time limit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from ...errors import shortened
from .declaration import RuleError, WrongArgumentError, as_nonempty_text

if TYPE_CHECKING:
    import regex
else:
    try:
        import regex
    except ImportError:  # the registry names it when a rule that needs it is compiled
        regex = None

LIBRARY = "regex"
LONGEST_PATTERN = 1000  # characters: an expression may come from HR, too
LONGEST_TEXT = 100_000  # characters; the longest value of a user in AD has fewer
SECONDS = 0.25  # of processor time for one text
# After so many texts that took too long, the expression gets less time for each further one, so
# that a hundred thousand of them do not take hours.
MANY = 20
SECONDS_AFTER_MANY = 0.01

Result = TypeVar("Result")


class Pattern:
    """A compiled regular expression."""

    def __init__(self, text: str):
        """Raises WrongArgumentError for a text that is not a regular expression."""
        if len(text) > LONGEST_PATTERN:
            raise WrongArgumentError(
                f"a regular expression of at most {LONGEST_PATTERN} characters"
            )
        try:
            self._compiled = regex.compile(text)
        except (regex.error, RecursionError, OverflowError, MemoryError) as error:
            raise WrongArgumentError(f"a regular expression ({error})") from None
        self.text = text
        self._slow_texts = 0

    def search(self, text: str) -> regex.Match[str] | None:
        """The first match. Raises RuleError for a text that takes too long."""
        return self._within_time(text, self._compiled.search, text)

    def replaced(self, replacement: str, text: str) -> str:
        """The text with the replacement for each match. Raises RuleError for a text that takes too
        long, and for a replacement that is not valid.
        """
        try:
            if "\\" in replacement:
                # regex reads a replacement only when there is a match: here there is always one
                regex.compile(f"(?:{self.text}\n)|").sub(replacement, "")
            return self._within_time(text, self._compiled.sub, replacement, text)
        except (regex.error, IndexError) as error:
            raise RuleError(
                f"{shortened(replacement)} is not a valid replacement for the regular expression "
                f"{shortened(self.text)} ({error})"
            ) from None

    def has_group(self, group: int | str) -> bool:
        """Whether there is a group of this number or name."""
        if isinstance(group, int):
            return group <= self._compiled.groups
        return group in self._compiled.groupindex

    @property
    def first_group(self) -> int:
        """The first group; 0, the whole match, where there is none."""
        return min(self._compiled.groups, 1)

    def _within_time(self, text: str, call: Callable[..., Result], *arguments: Any) -> Result:
        if len(text) > LONGEST_TEXT:
            raise RuleError(
                f"the text has {len(text)} characters, and a regular expression is tried with at "
                f"most {LONGEST_TEXT}"
            )
        seconds = SECONDS if self._slow_texts < MANY else SECONDS_AFTER_MANY
        try:
            return call(*arguments, timeout=seconds)
        except (TimeoutError, MemoryError):
            self._slow_texts += 1
            raise RuleError(
                f"the regular expression {shortened(self.text)} takes too long for a text of "
                f"{len(text)} characters; write it so that no repeated part can match the same "
                "text in several ways"
            ) from None


_pattern = lru_cache(512)(Pattern)  # most rules use one expression for every employee


def as_pattern(value: object) -> Pattern:
    """A compiled regular expression."""
    return _pattern(as_nonempty_text(value))
