# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dependencies: changes whose values name accounts that this run does not create or move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from ..ad_values.dn import is_below, normal
from ..ad_values.unique_names import DN, UniqueName, given_up, space_of, taken
from ..model import actions
from ..model.plan import Change, ValueChange
from .canary import WITH_PLACE


class Independent(NamedTuple):
    """Changes that can be made without the others of their plan."""

    changes: list[Change]
    waiting: int  # how many values cannot be written yet


def independent_of(
    changes: list[Change], left_out: Iterable[Change], name_of: Callable[[Change], str]
) -> Independent:
    """The changes without the values that depend on changes which are left out.

    A value that names an account which they create is left out. One which they move or rename is
    written as name_of(change), the name that it has meanwhile. A name that they would give up is
    not taken. An update without values is left out.
    """
    left = list(left_out)
    changes, waiting = _without_names_of(left, changes)
    created = {normal(change.dn) for change in left if change.action == actions.CREATE}
    moved = {normal(change.to): name_of(change) for change in left if change.to}
    if not created and not moved:
        return Independent(changes, waiting)
    kept = []
    for change in changes:
        attributes = {
            name: _renamed(values, moved)
            for name, values in change.attributes.items()
            if not created.intersection(_named(values))
        }
        waiting += len(change.attributes) - len(attributes)
        if attributes or not change.attributes or change.action != actions.UPDATE:
            kept.append(replace(change, attributes=attributes))
    return Independent(kept, waiting)


def containers_of(changes: Iterable[Change], kept: Iterable[Change]) -> list[Change]:
    """Those of the changes that create OUs in which the kept ones put accounts."""
    places = [change.to or change.dn for change in kept if change.action in WITH_PLACE]
    return [
        change
        for change in changes
        if change.action == actions.CREATE_OU
        and any(is_below(place, change.dn) for place in places)
    ]


def _without_names_of(
    left_out: Iterable[Change], changes: list[Change]
) -> tuple[list[Change], int]:
    """(the changes without names that accounts only give up in changes which are left out, how many
    were left out).
    """
    blocked = {one for change in left_out for one in given_up(change)}
    waiting = 0
    while blocked:
        more: set[UniqueName] = set()
        kept: list[Change] = []
        for change in changes:
            part = _without_taken(change, blocked)
            if part is not change:
                waiting += 1
                more |= given_up(change) - (given_up(part) if part else set())
            if part:
                kept.append(part)
        changes, blocked = kept, more
    return changes, waiting


def _without_taken(change: Change, blocked: set[UniqueName]) -> Change | None:
    """The change without the names in blocked; None where nothing of it is left."""
    found = taken(change) & blocked
    if not found:
        return change
    if any(one.space == DN for one in found):
        return None
    spaces = {one.space for one in found}
    attributes = {
        name: values for name, values in change.attributes.items() if space_of(name) not in spaces
    }
    if not attributes and change.action == actions.UPDATE:
        return None
    return replace(change, attributes=attributes)


def _named(values: ValueChange) -> list[str]:
    """The normal DN of each value that names an account, "" for other values."""
    return [normal(text) if text.startswith("CN=") else "" for text in values.after]


def _renamed(values: ValueChange, moved: Mapping[str, str]) -> ValueChange:
    names = _named(values)
    if not any(name in moved for name in names):
        return values
    pairs = zip(names, values.after, strict=True)
    return ValueChange(values.before, [moved.get(name, text) for name, text in pairs])
