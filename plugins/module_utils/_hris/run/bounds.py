# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and names of a bounded size, for results and messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..planning.account_outcomes import CHARACTERS

NAMED = 5  # names in a message
Entry = TypeVar("Entry")


def bounded(entries: Sequence[Entry], most: int | None) -> list[Entry]:
    """The first entries, at most ``most`` (None: any number) and of CHARACTERS in all."""
    shown: list[Entry] = []
    room = CHARACTERS
    for entry in entries[:most]:
        room -= len(str(entry))
        if room < 0:
            break
        shown.append(entry)
    return shown


def bounded_lines(lines: Sequence[str], most: int | None) -> list[str]:
    """As bounded, with a last line that says how many lines are left out."""
    shown = bounded(lines, most)
    left = len(lines) - len(shown)
    if left:
        shown.append(f"… and {left} more lines")
    return shown


def bounded_text(names: Sequence[str]) -> str:
    """A few names for a message."""
    text = "; ".join(names[:NAMED])
    more = len(names) - NAMED
    return f"{text}; and {more} more" if more > 0 else text
