# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changes of all people, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Sequence

from ..ad_values.dn import normal
from ..errors import HrisError, foreseen
from ..model import actions
from ..model.directory import Account, Snapshot
from ..model.findings import held
from ..model.people import LEAVER, Person, precedence
from ..model.plan import Change
from ..rules.mapping import references_of
from .account_changes import changes_of
from .allocations import Allocations
from .deciding import PlannedSource
from .decisions import lock_only
from .dependencies import independent_of
from .handed_on import Decided
from .missing_sources import without_taking
from .places import KnownObjects, PeopleByAccount, Places, ReferredAccounts


def all_changes(
    planned: Sequence[PlannedSource],
    decided: Sequence[Decided],
    allocations: Allocations,
    snapshot: Snapshot,
) -> list[Change]:
    """The OUs to create, and the changes of all people. The findings about those whose changes
    cannot be planned are added to the sources.
    """
    changes = _container_changes(allocations)
    return changes + _changes_of_people(planned, _places(snapshot, planned, allocations), decided)


def _container_changes(allocations: Allocations) -> list[Change]:
    """The OUs to create, the upper ones first."""
    wanted = allocations.new_containers
    return [
        Change(actions.CREATE_OU, wanted[dn], None, None, dn, "placement")
        for dn in sorted(wanted, key=_depth_and_name)
    ]


def _depth_and_name(dn: str) -> tuple[int, str]:
    name = normal(dn)
    return name.count(","), name


def _changes_of_people(
    planned: Sequence[PlannedSource], places: Places, decided: Sequence[Decided]
) -> list[Change]:
    """The changes of all people, leavers first, otherwise by precedence: the same for any order of
    the feeds.
    """
    sources = {one.name: one for one in planned}
    changing = []
    left: list[Change] = []
    for person, account, decision in decided:
        one = sources[person.source]
        try:
            changes, findings = foreseen(changes_of, one.context, places, person, account, decision)
        except HrisError as error:
            findings = [held(error, person.key)]
            one.held.add(person.key)
            changes = _lock(one, places, person, account)
            left += _not_created(person, account, decision.dn)
        one.findings += findings
        if changes and account:
            changes, taking = without_taking(changes, account, one.context)
            left += taking
        if changes:
            changing.append((person, changes))
    changing.sort(key=lambda pair: (pair[0].state != LEAVER, precedence(pair[0])))
    kept = [change for _person, changes in changing for change in changes]
    return independent_of(kept, left, lambda change: change.dn).changes if left else kept


def _lock(
    one: PlannedSource, places: Places, person: Person, account: Account | None
) -> list[Change]:
    """The lock of somebody for whom nothing else can be planned; nothing for others. Where it
    cannot be planned either, open_access says so.
    """
    if account is None or not person.has_left:
        return []
    try:
        decision = lock_only(person, account, one.context)
        return foreseen(changes_of, one.context, places, person, account, decision)[0]
    except HrisError:
        return []


def _not_created(person: Person, account: Account | None, dn: str) -> list[Change]:
    """The account that others may name, and that this run does not create."""
    if account:
        return []
    return [Change(actions.CREATE, person.source, person.key, None, dn, "held")]


def _places(
    snapshot: Snapshot, planned: Sequence[PlannedSource], allocations: Allocations
) -> Places:
    links = {one.name: one.correlation.referable for one in planned}
    moved = allocations.places
    lines = [line for one in planned for line in references_of(one.context.rules.mapping)]
    attributes = [line.account for line in lines if line.account]
    referred = ReferredAccounts(snapshot, attributes, links, moved)
    known = KnownObjects(snapshot, links, moved)
    people = PeopleByAccount([(one.people, one.name, one.held) for one in planned], links)
    return Places(links, moved, referred, known, people)
