# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shards: several runs at a time that write one part of the same plan each. Every one of them plans, and judges, the whole."""

from __future__ import annotations

from zlib import crc32

from ..ad_values.dn import is_below
from ..errors import HrisError
from .dependencies import rest_on


def check_shard(shard: dict | None) -> None:
    """Raise HrisError for a part that there cannot be. shard: {"part": from 1, "of": how many} or None."""
    if shard and not 1 <= shard["part"] <= shard["of"]:
        raise HrisError(
            f"part {shard['part']} of {shard['of']} does not exist",
            place="shard",
            hint="Parts are counted from 1",
        )


def part_of(changes: list[dict], part: int, of: int) -> tuple[list[dict], int]:
    """(the changes of one part, how many values of them wait for a run after all parts).

    All changes of one account are in one part, by a hash of the employee's key that is the same on every machine. A value
    that names an account which another part creates waits; one which another part moves is named by its GUID, which holds
    before and after. New OUs are created by every part that needs them; the second to try finds them there.
    """
    mine = [
        change
        for change in changes
        if change["action"] != "create_ou" and _part(change, of) == part - 1
    ]
    theirs = [
        change
        for change in changes
        if change["action"] != "create_ou" and _part(change, of) != part - 1
    ]
    kept, waiting = rest_on(mine, theirs, lambda change: f"<GUID={change['guid']}>")
    places = [
        change.get("to", change["dn"])
        for change in kept
        if change["action"] in ("create", "move", "rename")
    ]
    containers = [
        change
        for change in changes
        if change["action"] == "create_ou"
        and any(is_below(place, change["dn"]) for place in places)
    ]
    return containers + kept, waiting


def _part(change: dict, of: int) -> int:
    return crc32((change["key"] or change["guid"]).casefold().encode()) % of
