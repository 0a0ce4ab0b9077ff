# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication: right after writes to another domain controller, nothing is created, and no account
is changed that was locked out there.

This one may not know yet what the other one has created: the same account, or its name, would be
there twice. It may not know of the lock-out either. Other changes of accounts, and locks, do no
harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..ad_values.dn import is_below, object_of
from ..model import actions
from ..model.findings import WARNING, Finding
from ..model.plan import Change
from .dependencies import independent_of

_CREATES = (actions.CREATE, actions.CREATE_OU, actions.RESTORE)


class Waits(NamedTuple):
    """That the last writes went to another server."""

    server: str  # the other one
    why: str  # a sentence
    # (objectGUID) -> whether the account was locked out there, or that was lifted
    is_locked_out: Callable[[str], bool]


class Waiting(NamedTuple):
    """What is made now, and what is said about those who wait."""

    changes: list[Change]
    waiting: int  # changes that wait
    findings: list[Finding]


def objects_that_wait(changes: Sequence[Change], waits: Waits) -> set[str]:
    """The objects of changes (object_of) that are left to a later run. A lock never is."""
    locked = {object_of(change) for change in changes if change.action == actions.DISABLE}
    unsure = {change.guid for change in changes if change.guid and waits.is_locked_out(change.guid)}
    new = {object_of(change) for change in changes if change.action in _CREATES}
    return new | (unsure - locked)


def without_waiting(changes: Sequence[Change], waits: Waits) -> Waiting:
    """The changes without those of objects that wait, and without what rests on them."""
    objects = objects_that_wait(changes, waits)
    if not objects:
        return Waiting(list(changes), 0, [])
    ous = [change.dn for change in changes if change.action == actions.CREATE_OU]
    others: list[Change] = []
    for change in changes:
        if object_of(change) in objects or _is_in(change, ous):
            others.append(change)
    ids = {id(change) for change in others}
    rest = [change for change in changes if id(change) not in ids]
    kept = independent_of(rest, others, lambda change: change.dn).changes
    return Waiting(kept, len(others), list(_findings(others, waits)))


def _is_in(change: Change, ous: Iterable[str]) -> bool:
    """Whether a change puts an account into one of the OUs that are not created."""
    place = change.to
    return place is not None and any(is_below(place, dn) for dn in ous)


def _findings(waiting: Iterable[Change], waits: Waits) -> Iterable[Finding]:
    people = {(change.source, change.key): change for change in waiting if change.key}
    for (source, key), change in people.items():
        yield Finding(
            "replication",
            f"{_what(change, waits)} by this run: {waits.why}",
            key=key,
            severity=WARNING,
            name=change.name,
            source=source,
        )


def _what(change: Change, waits: Waits) -> str:
    if change.guid is None or change.action in _CREATES:
        return "the account is not created"
    if waits.is_locked_out(change.guid):
        return "the account was locked out there, or that was lifted, so it is not changed"
    return "the account is not moved"
