# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a plan, for several runs at the same time: each person's changes are in one part."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from ..errors import HrisError
from ..model import actions
from ..model.plan import Change
from ..option_names import option_name
from .dependencies import Independent, containers_of, independent_of


def check_part(part: int, of: int) -> None:
    """Raise HrisError for a part that cannot be. part: counted from 1."""
    if not 1 <= part <= of:
        message = f"there is no part {part} of {of}"
        raise HrisError(message, place=option_name("shard"), hint="Parts are counted from 1")


def part_of(changes: Sequence[Change], part: int, of: int) -> Independent:
    """The changes of one part, and how many of their values wait for a run after all parts.

    A hash of the key, the same on every machine, decides the part of a person. A value that names
    an account which another part creates waits; one which another part moves is named by its GUID,
    which stays the same. New OUs are created by every part that needs them: the second one finds
    them there.
    """
    mine: list[Change] = []
    others: list[Change] = []
    for change in changes:
        if change.action == actions.CREATE_OU:
            continue
        if _part(change, of) == part - 1:
            mine.append(change)
        else:
            others.append(change)
    kept = independent_of(mine, others, lambda change: f"<GUID={change.guid}>")
    return Independent([*containers_of(changes, kept.changes), *kept.changes], kept.waiting)


def _part(change: Change, of: int) -> int:
    identity = change.key or change.guid or change.dn
    return crc32(identity.casefold().encode()) % of
