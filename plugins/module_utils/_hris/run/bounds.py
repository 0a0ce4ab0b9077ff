# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and names of a bounded size, for results and messages."""

from __future__ import annotations

from ..planning.account_outcomes import CHARACTERS


def bounded(entries: list, most: int | None, what: str | None = None) -> list:
    """The first entries, at most ``most`` and of CHARACTERS in all; what: how a last line calls
    those that are left out.
    """
    shown, room = [], CHARACTERS
    for entry in entries[:most]:
        room -= len(str(entry))
        if room < 0:
            break
        shown.append(entry)
    left = len(entries) - len(shown)
    return [*shown, f"… and {left} more {what}"] if left and what else shown


def bounded_text(names: list[str]) -> str:
    """A few names for a message."""
    return "; ".join(names[:5]) + (f"; and {len(names) - 5} more" if len(names) > 5 else "")
