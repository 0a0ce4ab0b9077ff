# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors that a person has to act on. Only the modules turn them into a failure of the task."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable, Iterable
from typing import Self

from .visible_text import visible

# callable(sentence) that shows a warning to whoever reads the output of the task
Warn = Callable[[str], None]


LONGEST = 4000  # characters of a message


class HrisError(Exception):
    """Something that a person must correct before the run can continue.

    message: what is wrong, as a sentence without its full stop.
    place: where it is: an option and the position in it, an employee, a file and line, or an
        address without secrets.
    hint: what to do about it, as a sentence without its full stop.

    Code never reads the texts to decide anything: a kind of error that matters to code is a
    subclass, and its facts are attributes.
    """

    def __init__(self, message: str, place: str | None = None, hint: str | None = None):
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        if len(text) > LONGEST:  # a value of HR in it can have any length
            text = f"{text[: LONGEST - 1]}…"
        return visible(f"{text}. {self.hint}." if self.hint else f"{text}.")

    def __copy__(self) -> Self:
        """The error without a call of __init__, whose parameters differ in subclasses."""
        other = type(self).__new__(type(self), *self.args)
        other.__dict__.update(self.__dict__)
        return other

    def rewritten(self, rewrite: Callable[[str], str]) -> Self:
        """The same kind of error with the same attributes, each of its texts rewritten."""
        other = copy.copy(self)
        other.message = rewrite(self.message)
        other.place = rewrite(self.place) if self.place else self.place
        other.hint = rewrite(self.hint) if self.hint else self.hint
        other.args = (other.message,)
        return other

    def at(self, place: str) -> Self:
        """The same kind of error with the same attributes at another place."""
        other = copy.copy(self)
        other.place = place
        return other


class RequestFailedError(HrisError):
    """A request to another system got no whole response.

    sent: whether the system may have received the request. False when no connection was
        established, so that sending the request again cannot repeat its effect.
    """

    def __init__(
        self,
        message: str,
        place: str | None = None,
        hint: str | None = None,
        sent: bool = True,
    ):
        super().__init__(message, place, hint)
        self.sent = sent


class RefusedError(HrisError):
    """Another system received the request and did not accept it.

    status: the HTTP status of the response; None where the protocol has none.
    """

    def __init__(
        self,
        message: str,
        place: str | None = None,
        hint: str | None = None,
        status: int | None = None,
    ):
        super().__init__(message, place, hint)
        self.status = status


def did_you_mean(word: str, known: Iterable[object]) -> str | None:
    """A hint that names the most similar known word, or all of them when they are few.

    None when there is nothing to suggest. word: what was written, which is never suggested.
    known: words that are valid or often are.
    """
    words = sorted({str(item) for item in known} - {word})
    folded = {item.casefold(): item for item in words}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{folded[close[0]]}'"
    if words and len(words) <= 25:
        return "Known are: " + ", ".join(words)
    return None


def quoted(value: object, most: int = 40) -> str:
    """A value from a file as a message may show it: a short text or a whole number, else only the
    kind.
    """
    if value is None:
        return "nothing"
    if isinstance(value, str) and len(value) <= most:
        return f"'{value}'"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12:
        return str(value)
    kinds = {str: "a long text", dict: "an object", list: "a list", bool: "a truth value"}
    return kinds.get(type(value), "a number")
