# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The note of an account about who gave its groups: ``hris.ad given=1105,1117`` and
``hris.ad found=1120``, in the attribute ``leaver.record`` (docs/lifecycle.md, "Who gave a group").

A group is named by the last part of its SID, which no other group of the domain ever has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

_PREFIXES = GIVEN, FOUND = ("hris.ad given=", "hris.ad found=")
_NUMBERS_OF_VALUE = 15  # of 10 digits at most: extensionName has room for 255 characters


class GroupNote(NamedTuple):
    """Groups as the last parts of their SIDs."""

    given: frozenset[int]  # by the rules: they are taken when no rule gives them any more
    found: frozenset[int]  # a rule gave them when the account had them already: they stay


class Past(NamedTuple):
    """What an account says about its groups before the run."""

    texts: tuple[str, ...] = ()  # the values of leaver.record
    adopted: bool = False  # whether this run writes the first mark
    back: frozenset[str] = frozenset()  # removed groups that a rehire may get back (normal DNs)
    returns: bool = True  # whether they are given back now
    # False: a source of the mark is not in this run, which takes nothing then
    takes: bool = True
    primary: int = 0  # the last part of the SID of the primary group, which nobody can be given


UNKNOWN, FIRST = Past(), Past(adopted=True)


def note_of(texts: Iterable[str]) -> GroupNote | None:
    """The note in the values of ``leaver.record``; None where there is none. What is no number in
    it was edited by hand, and says nothing.
    """
    numbers: dict[str, set[int]] = {}
    for text in texts:
        for prefix in _PREFIXES:
            if text.startswith(prefix):
                words = text.removeprefix(prefix).split(",")
                numbers.setdefault(prefix, set()).update(
                    int(word) for word in words if word.isdecimal() and len(word) <= 10
                )
    if not numbers:
        return None
    return GroupNote(*(frozenset(numbers.get(prefix, ())) for prefix in _PREFIXES))


def with_note(texts: Sequence[str], note: GroupNote) -> list[str]:
    """The values with this note instead of the one that is there; other values stay."""
    others = [text for text in texts if not text.startswith(_PREFIXES)]
    return [
        *others,
        *_values(GIVEN, note.given),
        *(_values(FOUND, note.found) if note.found else ()),
    ]


def _values(prefix: str, numbers: Iterable[int]) -> list[str]:
    """At least one value, because an account without a note is another thing."""
    words = [str(number) for number in sorted(numbers)]
    starts = range(0, len(words) or 1, _NUMBERS_OF_VALUE)
    return [prefix + ",".join(words[start : start + _NUMBERS_OF_VALUE]) for start in starts]
