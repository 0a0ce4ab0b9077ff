# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error that every room raises and only the edge turns into a module failure."""

from __future__ import annotations

import difflib


class HrisError(Exception):
    """Something a person must mend before the run can go on.

    message: what is wrong, as a sentence without its full stop.
    place: where it is: a variable and the position in it, an employee, a file and line, a URL without secrets.
    hint: what to do about it, as a sentence without its full stop.
    """

    def __init__(self, message: str, place: str | None = None, hint: str | None = None):
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}. {self.hint}." if self.hint else f"{text}."


def did_you_mean(word: str, known) -> str | None:
    """A hint that offers the nearest known word, or lists them all when they are few; None when there is nothing to offer.

    word: what was written. known: iterable of the words that would have been right.
    """
    known = sorted({str(item) for item in known})
    folded = {item.casefold(): item for item in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{folded[close[0]]}'"
    if known and len(known) <= 25:
        return "Known are: " + ", ".join(known)
    return None


def quoted(value, most: int = 40) -> str:
    """What a file holds, as a message may show it: a short text or a whole number, of anything else only the kind."""
    if value is None:
        return "nothing"
    if isinstance(value, str) and len(value) <= most:
        return f"'{value}'"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12:
        return str(value)
    kinds = {str: "a long text", dict: "an object", list: "a list", bool: "a truth value"}
    return kinds.get(type(value), "a number")
