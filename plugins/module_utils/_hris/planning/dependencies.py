# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes whose values name accounts that are not created, or not moved, by the same run."""

from __future__ import annotations

from ..ad_values.dn import normal


def rest_on(changes: list[dict], left_out: list[dict], called) -> tuple[list[dict], int]:
    """(the changes without what cannot be written yet, how many values that is).

    left_out: the plan's changes that this run does not make. A value that names an account which they create is left out;
    one which they move or rename is written as called(change), the name that holds for it. An update without values is gone.
    """
    created = {normal(change["dn"]) for change in left_out if change["action"] == "create"}
    moved = {normal(change["to"]): called(change) for change in left_out if "to" in change}
    if not created and not moved:
        return changes, 0
    kept, waiting = [], 0
    for change in changes:
        if "attributes" in change:
            attributes = {
                name: values
                for name, values in change["attributes"].items()
                if not created.intersection(_named(values))
            }
            waiting += len(change["attributes"]) - len(attributes)
            if not attributes and change["action"] == "update":
                continue
            change = {
                **change,
                "attributes": {
                    name: _renamed(values, moved) for name, values in attributes.items()
                },
            }
        kept.append(change)
    return kept, waiting


def _named(values: dict) -> list[str | None]:
    """The normal DN of each value that names an account, None for the others."""
    return [normal(text) if text.startswith("CN=") else None for text in values["after"]]


def _renamed(values: dict, moved: dict[str, str]) -> dict:
    named = _named(values)
    if not any(dn in moved for dn in named):
        return values
    return {
        **values,
        "after": [moved.get(dn, text) for dn, text in zip(named, values["after"], strict=True)],
    }
