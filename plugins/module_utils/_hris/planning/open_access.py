# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People who have left, but whose accounts stay enabled after the run: access that is open, and
must be said loudly.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from ..model import actions
from ..model.directory import Account
from ..model.findings import GOVERNED, HAS_LEFT, MAY_HAVE_LEFT, Finding
from ..model.people import Person, PersonId
from ..model.plan import HIGH, Change
from ..option_names import with_options
from .adoption import NOT_ADOPTED, NOT_ADOPTED_YET
from .correlation import Correlation

_LOCKS = (actions.DISABLE, actions.DELETE)


def open_access(
    people: Iterable[Person], correlation: Correlation, locked: Container[str | None]
) -> Iterator[Finding]:
    """A finding for each enabled account of somebody who has left, or may have left, which is not
    locked. locked: objectGUIDs of the accounts that the plan locks.
    """
    for person in people:
        if person.has_left is False:
            continue
        accounts = {one.guid: one for one in _accounts_of(person, correlation)}
        for account in accounts.values():
            if account.enabled and account.guid not in locked:
                yield _finding(person, account, _reason(person, correlation))
        for account in correlation.outside.get(person.key, ()):
            if account.enabled and account.guid not in accounts:
                yield _finding(person, account, _REASONS["outside_bases"])


def locked_by(changes: Iterable[Change]) -> set[str | None]:
    """The objectGUIDs of the accounts that the changes lock."""
    return {change.guid for change in changes if change.action in _LOCKS}


def waiting_locks(people: Iterable[Person], changes: Iterable[Change]) -> Iterator[Finding]:
    """A finding for each account of somebody who has left whose lock has a high risk, and so waits
    for approval.
    """
    left = {PersonId(person.source, person.key) for person in people if person.has_left}
    for change in changes:
        is_lock = change.action in _LOCKS and _disables(change)
        who = PersonId(change.source or "", change.key or "")
        if is_lock and change.risk == HIGH and who in left:
            message = (
                f"has left and can still log on with {change.dn}: the lock has a high risk, and "
                "waits for approval."
            )
            yield Finding(HAS_LEFT, message, key=change.key, name=change.name, source=change.source)


def _disables(change: Change) -> bool:
    return change.action == actions.DELETE or "userAccountControl" in change.attributes


def _accounts_of(person: Person, correlation: Correlation) -> Iterable[Account]:
    blocked = correlation.blocked.get(person.key)
    if blocked:
        return blocked.accounts
    account = correlation.links.get(person.key)
    return [account] if account else []


def _reason(person: Person, correlation: Correlation) -> str:
    blocked = correlation.blocked.get(person.key)
    if blocked is None:
        return "see the other findings about this person"
    reason = _REASONS.get(blocked.kind, f"see the finding {blocked.kind}")
    return with_options(reason)


_REASONS: Mapping[str, str] = {
    "protected": "it is protected, so a run never changes it",
    GOVERNED: "it is governed by Entra, where the access has to be ended",
    "excluded": "an exception excludes the employee",
    "other_source": "it belongs to another source",
    "outside_bases": "it is outside of {ownership.bases}",
    NOT_ADOPTED: "it has no mark of this source",
    NOT_ADOPTED_YET: "it is not adopted yet, because {ownership.adopt_when} is not true for it",
    "duplicate_account": "several accounts were found for the person",
    "duplicate_person": "it was found for several people",
}


def _finding(person: Person, account: Account, reason: str) -> Finding:
    if person.has_left:
        message = f"has left and can still log on with {account.dn}: {reason}. Lock it by hand."
        return Finding(HAS_LEFT, message, key=person.key)
    message = (
        f"may have left and can still log on with {account.dn}: a record that may keep access "
        "cannot be read, or may be that of somebody else. Correct it in HR, or lock the account by "
        "hand."
    )
    return Finding(MAY_HAVE_LEFT, message, key=person.key)
