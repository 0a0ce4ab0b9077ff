# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state machine: what is done to an account, given the state of its person
(docs/lifecycle.md).
"""

from __future__ import annotations

from ..data_class import frozen
from ..model import findings, people
from ..model.directory import Account
from ..model.people import Person
from ..rules.policies import Leave
from . import ownership
from .ownership import Mark

# How an account is seen
NONE, ENABLED, WAITING, PAUSED = "none", "enabled", "waiting", "paused"
LOCKED, BY_HAND, LOCKED_OUT = "locked", "disabled by hand", "locked out"
VIEWS = (NONE, ENABLED, WAITING, PAUSED, LOCKED, BY_HAND, LOCKED_OUT)
# Rows beside the states of a person: a leave under the policy "disable", and accounts without a
# person
LEAVE_PAUSED, ABSENT, ABSENT_TOO_LONG = "leave, paused", "absent", "absent too long"
# The row of people in a gap between two records that is bridged
BRIDGED = "bridged"
# Rows of people all of whose earlier records have ended
PREPARED_AGAIN, HELD_LEAVER = "prepared, has left", "held, has left"
# Step.switch
CREATE, CREATE_WAITING, CREATE_PAUSED = "create", "create_waiting", "create_paused"
ENABLE, PAUSE, LOCK, DELETE, UNSTART = "enable", "pause", "lock", "delete", "unstart"
STAY_OUT = "stay_out"  # a lock-out goes on: the account is disabled, if somebody enabled it
# Step.care
FOLLOW, LEAVE_CARE = "follow", "leave"
# Step.finding
START_MOVED, DISABLED_BY_HAND, REENABLED = "start_moved", "disabled_by_hand", "reenabled"


@frozen
class Step:
    """What is done to an account."""

    switch: str | None = None  # create…, enable, pause, lock, delete, unstart or stay_out
    care: str | None = None  # FOLLOW: the rules decide its values; LEAVE_CARE: the leaver rules do
    due: bool = False  # it is deleted when the retention is over
    finding: str | None = None


NOTHING, FOLLOWING = Step(), Step(care=FOLLOW)
_PRESENT = {
    NONE: Step(CREATE, FOLLOW),
    ENABLED: FOLLOWING,
    WAITING: Step(ENABLE, FOLLOW),
    PAUSED: Step(ENABLE, FOLLOW),
    LOCKED: Step(ENABLE, FOLLOW),
    BY_HAND: Step(care=FOLLOW, finding=DISABLED_BY_HAND),
}
_LOCK = Step(LOCK, LEAVE_CARE)
_STAY_OUT = Step(STAY_OUT)
# The rows in which HR has the leaving of somebody who is locked out: they become ordinary leavers
_LEAVING = (people.LEAVER, ABSENT_TOO_LONG)

# {state of the person: {view of the account: step}}; where there is no entry, nothing is done
TABLE: dict[str, dict[str, Step]] = {
    people.NOT_DUE: {ENABLED: Step(finding=START_MOVED)},
    people.PREPARED: {
        NONE: Step(CREATE_WAITING, FOLLOW),
        ENABLED: Step(care=FOLLOW, finding=START_MOVED),
        WAITING: FOLLOWING,
        PAUSED: FOLLOWING,
        LOCKED: FOLLOWING,
        BY_HAND: FOLLOWING,
    },
    PREPARED_AGAIN: {
        NONE: Step(CREATE_WAITING, FOLLOW),
        ENABLED: Step(LOCK, FOLLOW),
        WAITING: FOLLOWING,
        PAUSED: FOLLOWING,
        LOCKED: FOLLOWING,
        BY_HAND: FOLLOWING,
    },
    people.ACTIVE: _PRESENT,
    people.LEAVE: _PRESENT,
    BRIDGED: {
        NONE: Step(CREATE_WAITING, FOLLOW),
        ENABLED: FOLLOWING,
        WAITING: FOLLOWING,
        PAUSED: FOLLOWING,
        LOCKED: FOLLOWING,
        BY_HAND: FOLLOWING,
    },
    LEAVE_PAUSED: {
        NONE: Step(CREATE_PAUSED, FOLLOW),
        ENABLED: Step(PAUSE, FOLLOW),
        WAITING: FOLLOWING,
        PAUSED: FOLLOWING,
        LOCKED: FOLLOWING,
        BY_HAND: FOLLOWING,
    },
    people.LEAVER: {
        ENABLED: _LOCK,
        WAITING: _LOCK,
        PAUSED: _LOCK,
        LOCKED: Step(care=LEAVE_CARE, due=True),
        BY_HAND: Step(care=LEAVE_CARE),
    },
    ABSENT: {LOCKED: Step(due=True)},
    ABSENT_TOO_LONG: {ENABLED: _LOCK, WAITING: _LOCK, PAUSED: _LOCK, LOCKED: Step(due=True)},
    people.OUT_OF_SCOPE: {ENABLED: Step(finding=findings.OUT_OF_SCOPE)},
    people.HELD: {},
    HELD_LEAVER: {ENABLED: Step(LOCK)},
}
_VIEW_OF_MARK = {
    ownership.PREPARED: WAITING,
    ownership.LEAVE: PAUSED,
    ownership.DISABLED: LOCKED,
}


def step(row: str, view: str) -> Step:
    """What is done for a row and a view of the table."""
    if view == LOCKED_OUT:
        return _LOCK if row in _LEAVING else _STAY_OUT
    return TABLE[row].get(view, NOTHING)


def view_of(account: Account | None, mark: Mark | None) -> str:
    """How an account is seen, given its mark."""
    if account is None:
        return NONE
    if mark is not None and mark.locked_out:
        return LOCKED_OUT
    if account.enabled:
        return ENABLED
    if mark is None:
        return BY_HAND
    return _VIEW_OF_MARK.get(mark.state, BY_HAND)


def row_of(person: Person, leave: Leave) -> str:
    """The row of a person, given the policy for leave."""
    if person.state == people.LEAVE and leave.account == "disable":
        return LEAVE_PAUSED
    if person.employment and person.employment.is_bridged:
        return BRIDGED
    if person.has_left and person.state == people.PREPARED:
        return PREPARED_AGAIN
    if person.has_left and person.state == people.HELD:
        return HELD_LEAVER
    return person.state
