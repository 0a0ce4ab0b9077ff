# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors that a person has to act on. Only the modules turn them into a failure of the task."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable, Iterable
from typing import Self, TypeVar, TypeVarTuple, Unpack

from .visible_text import visible

# Characters of a word that is suggested or gets a suggestion: comparing longer texts takes minutes
LONGEST_WORD = 80
# callable(sentence) that shows a warning to whoever reads the output of the task
Warn = Callable[[str], None]
# Characters of a message, a place or a hint, and of place and message together: a value from HR can
# have millions
LONGEST = 4000

Arguments = TypeVarTuple("Arguments")
Value = TypeVar("Value")


class HrisError(Exception):
    """Something that a person must correct before the run can continue.

    message: what is wrong, as a sentence without its full stop.
    place: where it is: an option and the position in it, an employee, a file and line, or an
        address without secrets.
    hint: what to do about it, as a sentence without its full stop, or a question (as_sentence()).

    Code never reads the texts to decide anything: a kind of error that matters to code is a
    subclass, and its facts are attributes.
    """

    def __init__(self, message: str, place: str | None = None, hint: str | None = None):
        self.message = _bounded(message)
        super().__init__(self.message)
        self.place = place and _bounded(place)
        self.hint = hint and _bounded(hint)

    def __str__(self) -> str:
        text = self.message
        if self.place:
            text = f"{self.place}: {text}"
        if len(text) > LONGEST:  # a value of HR in it can have any length
            text = f"{text[: LONGEST - 1]}…"
        text += "."
        if self.hint:
            text += f" {as_sentence(self.hint)}"
        return visible(text)

    def __copy__(self) -> Self:
        """The error without a call of __init__, whose parameters differ in subclasses."""
        other = type(self).__new__(type(self), *self.args)
        other.__dict__.update(self.__dict__)
        return other

    def rewritten(self, rewrite: Callable[[str], str]) -> Self:
        """The same kind of error with the same attributes, each of its texts rewritten."""
        other = copy.copy(self)
        other.message = rewrite(self.message)
        other.place = self.place and rewrite(self.place)
        other.hint = self.hint and rewrite(self.hint)
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
    retry_after: seconds that the system asks to wait; None where it says nothing.
    """

    def __init__(
        self,
        message: str,
        place: str | None = None,
        hint: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
    ):
        super().__init__(message, place, hint)
        self.status = status
        self.retry_after = retry_after


def unforeseen(error: Exception, place: str | None = None) -> HrisError:
    """What a person is told about an exception that the code did not foresee for one record."""
    message = f"a value cannot be used ({reason(error)})"
    return HrisError(message, place, "Look at this record in HR: a value has an unusual form")


def reason(error: Exception) -> str:
    """The kind and the text of an exception."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    try:
        text = " ".join(str(error).split())
    except (ValueError, RecursionError):  # Python writes no number of thousands of digits
        return type(error).__name__
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


# The star of Python 3.11 for Unpack is no syntax for older ones, which sanity tests compile with
def foreseen(
    work: Callable[[Unpack[Arguments]], Value],
    *args: Unpack[Arguments],  # noqa: UP044
) -> Value:
    """work(*args), for one record: whatever it raises is an HrisError."""
    try:
        return work(*args)
    except HrisError:
        raise
    except Exception as error:
        raise unforeseen(error) from error


def _bounded(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({len(text):,} characters)"


def suggestion(word: str) -> str:
    """The hint that somebody may have meant another word."""
    return f"Did you mean '{word}'?"


def as_sentence(hint: str) -> str:
    """A hint as it stands in a text: with a full stop, unless it ends with a question mark."""
    return hint if hint.endswith("?") else f"{hint}."


def did_you_mean(word: str, known: Iterable[object]) -> str | None:
    """A hint that names the most similar known word, or all of them when they are few.

    None when there is nothing to suggest. word: what was written, which is never suggested.
    known: words that are valid or often are.
    """
    if len(word) > LONGEST_WORD:
        return None
    texts = {str(item) for item in known} - {word}
    words = sorted(text for text in texts if len(text) <= LONGEST_WORD)
    folded = {item.casefold(): item for item in words}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return suggestion(folded[close[0]])
    if words and len(words) <= 25:
        return "Known are: " + ", ".join(words)
    return None


def shortened(value: object, most: int = 80) -> str:
    """A value of a record in quotes, as a message shows it: a long text loses its end.

    Control characters are escaped, so that no value can add a line. Nested values are objects or
    lists of any size, so only their kind is shown.
    """
    if isinstance(value, str):
        if len(value) <= most:
            return repr(value)
        return f"{value[:most]!r}… ({len(value)} characters)"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    return repr(value)[:most]


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
