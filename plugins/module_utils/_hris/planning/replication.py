# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication: right after writes to another domain controller, nothing is created.

This one may not know yet what the other one has created: the same account, or its name, would be
there twice. Changes of accounts, and locks, do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..ad_values.dn import is_below, object_of
from ..model import actions
from ..model.findings import WARNING, Finding
from ..model.plan import Change
from .dependencies import independent_of

CREATES = (actions.CREATE, actions.CREATE_OU, actions.RESTORE)


class Waiting(NamedTuple):
    """What is made now, and what is said about those who wait."""

    changes: list[Change]
    waiting: int  # changes that wait
    findings: list[Finding]


def without_creation(changes: Sequence[Change], why: str) -> Waiting:
    """The changes without those that create, and without what rests on them. why: a sentence."""
    left = [change for change in changes if change.action in CREATES]
    if not left:
        return Waiting(list(changes), 0, [])
    new = {object_of(change) for change in left}
    ous = [change.dn for change in left if change.action == actions.CREATE_OU]
    others: list[Change] = []
    for change in changes:
        if object_of(change) in new or _is_in(change, ous):
            others.append(change)
    waits = {id(change) for change in others}
    rest = [change for change in changes if id(change) not in waits]
    kept = independent_of(rest, others, lambda change: change.dn).changes
    return Waiting(kept, len(others), list(_findings(others, why)))


def _is_in(change: Change, ous: Iterable[str]) -> bool:
    """Whether a change puts an account into one of the OUs that are not created."""
    place = change.to
    return place is not None and any(is_below(place, dn) for dn in ous)


def _findings(waiting: Iterable[Change], why: str) -> Iterable[Finding]:
    people = {(change.source, change.key): change for change in waiting if change.key}
    for (source, key), change in people.items():
        what = "the account is not created" if change.guid is None else "the account is not moved"
        yield Finding(
            "replication",
            f"{what} by this run: {why}",
            key=key,
            severity=WARNING,
            name=change.name,
            source=source,
        )
