# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard of a source: its feed beside the last good one, whose shape is kept in a file or handed from run to run."""

from __future__ import annotations

import json
import os

from ..errors import HrisError
from ..private_file import write_private
from ..rules.feed_profile import FORMAT, judged, shape_of
from ..rules.records import keys_of
from ..rules.ruleset import Ruleset

ARGUMENTS = dict(
    type="dict",
    options=dict(
        file=dict(type="path"),
        last=dict(type="dict"),
        fewer=dict(type="float", default=10),
        empty=dict(type="float", default=20),
        double_keys=dict(type="int", default=0, no_log=False),
        new_values=dict(type="str", choices=["report", "stop", "ignore"], default="report"),
        accept=dict(type="bool", default=False),
    ),
)


def compared_with_last(
    employees: list[dict], rules: Ruleset, guard: dict | None
) -> tuple[dict | None, list[dict]]:
    """(the feed's shape, findings); (None, []) without a guard. Raises HrisError for a feed that is not believed."""
    if not guard:
        return None, []
    shape = shape_of(employees, keys_of(employees, rules))
    last = guard["last"] or _read(guard["file"])
    if last is None:
        return shape, []
    stops, findings = judged(shape, last, guard)
    if stops and not guard["accept"]:
        raise HrisError(
            "the feed is not like the last good one: " + "; ".join(stops),
            place="guard",
            hint="Nothing was written. When the feed is right, say guard.accept for one run",
        )
    return shape, findings


def remember(guard: dict | None, shape: dict | None) -> dict:
    """The feed was good: keep its shape. Returns what the module's result says of it."""
    if not guard:
        return {}
    if guard["file"]:
        write_private(guard["file"], [json.dumps(shape, indent=1), "\n"])
    return {"feed_shape": shape}


def _read(path: str | None) -> dict | None:
    if not path or not os.path.exists(path):
        return None
    try:
        with open(path, encoding="utf-8") as file:
            shape = json.load(file)
    except (OSError, ValueError) as error:
        raise HrisError(
            f"the shape of the last feed cannot be read ({error})",
            place=path,
            hint="Remove the file to begin anew",
        ) from None
    if not isinstance(shape, dict) or shape.get("format") != FORMAT:
        raise HrisError(
            "the file does not hold the shape of a feed",
            place=path,
            hint="Remove it to begin anew, or name another",
        )
    return shape
