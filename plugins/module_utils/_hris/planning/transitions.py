# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state machine: what is done to an account, given the state of its person (docs/lifecycle.md has the table in words)."""

from __future__ import annotations

from dataclasses import dataclass

from ..rules import lifecycle_state
from . import ownership

# How an account is seen.
NONE, ENABLED, WAITING, PAUSED, LOCKED, BY_HAND = (
    "none",
    "enabled",
    "waiting",
    "paused",
    "locked",
    "disabled by hand",
)
VIEWS = (NONE, ENABLED, WAITING, PAUSED, LOCKED, BY_HAND)
# The states of a person, with the policies that decide among rows, and the two of an account that no employee has.
LEAVE_PAUSED, ABSENT, ABSENT_TOO_LONG = "leave, paused", "absent", "absent too long"


@dataclass(frozen=True)
class Step:
    """What is done. switch: create, create_waiting, create_paused, enable, pause or lock. care: ``line`` keeps the account
    in line with its person, ``leave`` does what the leaver rules say. due: whether it is deleted once its time has come."""

    switch: str | None = None
    care: str | None = None
    due: bool = False
    finding: str | None = None


NOTHING, LINE = Step(), Step(care="line")
START_MOVED, DISABLED_BY_HAND = "start_moved", "disabled_by_hand"
_PRESENT = {
    NONE: Step("create", "line"),
    ENABLED: LINE,
    WAITING: Step("enable", "line"),
    PAUSED: Step("enable", "line"),
    LOCKED: Step("enable", "line"),
    BY_HAND: Step(care="line", finding=DISABLED_BY_HAND),
}
_LOCK = Step("lock", "leave")

TABLE: dict[str, dict[str, Step]] = {
    lifecycle_state.NOT_DUE: {ENABLED: Step(finding=START_MOVED)},
    lifecycle_state.PREPARED: {
        NONE: Step("create_waiting", "line"),
        ENABLED: Step(care="line", finding=START_MOVED),
        WAITING: LINE,
        PAUSED: LINE,
        LOCKED: LINE,
        BY_HAND: LINE,
    },
    lifecycle_state.ACTIVE: _PRESENT,
    lifecycle_state.LEAVE: _PRESENT,
    LEAVE_PAUSED: {
        NONE: Step("create_paused", "line"),
        ENABLED: Step("pause", "line"),
        WAITING: LINE,
        PAUSED: LINE,
        LOCKED: LINE,
        BY_HAND: LINE,
    },
    lifecycle_state.LEAVER: {
        ENABLED: _LOCK,
        WAITING: _LOCK,
        PAUSED: _LOCK,
        LOCKED: Step(care="leave", due=True),
        BY_HAND: Step(care="leave"),
    },
    ABSENT: {LOCKED: Step(due=True)},
    ABSENT_TOO_LONG: {ENABLED: _LOCK, WAITING: _LOCK, PAUSED: _LOCK, LOCKED: Step(due=True)},
    lifecycle_state.HELD: {},
}


def step(row: str, view: str) -> Step:
    """What is done for a row and a view; cells that are not in the table are left alone."""
    return TABLE[row].get(view, NOTHING)


def view_of(account: dict | None, mark: dict | None) -> str:
    """How an account is seen, given its mark."""
    if account is None:
        return NONE
    if account["enabled"]:
        return ENABLED
    states = {ownership.PREPARED: WAITING, ownership.LEAVE: PAUSED, ownership.DISABLED: LOCKED}
    return states.get(mark["state"], BY_HAND) if mark else BY_HAND


def row_of(person: dict, leave: dict) -> str:
    """The row of a person's state, given the policy for leave."""
    return (
        LEAVE_PAUSED
        if person["state"] == lifecycle_state.LEAVE and leave["account"] == "disable"
        else person["state"]
    )
