# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that a plan can have: one row for each. Everything that lists actions or events takes
them from here.

Documentation and the choices of roles repeat the names; tests/unit/collection compares them with
this table.
"""

from __future__ import annotations

from ..data_class import frozen


@frozen
class Action:
    """One action."""

    name: str  # as in plans, limits and options
    event: str | None  # what an account outcome says about it; None: it is no event
    undone_by: str | None  # the action that undoes it; None: it is not undone
    done: str  # what was done to one account, for people
    done_several: str  # what was done to several
    tone: str  # its colour in a report
    configurable: bool = True  # whether rules, limits and risks can name it
    decides_access: bool = False  # where it is not allowed, nothing else is done to the account


GOOD, WARN, BAD, NEUTRAL = "good", "warn", "bad", "info"  # tones of a report
CREATE_OU, CREATE, RESTORE = "create_ou", "create", "restore"
ENABLE, DISABLE, DELETE = "enable", "disable", "delete"
UPDATE, MOVE, RENAME = "update", "move", "rename"
TAKE_OVER, RELINK = "take_over", "relink"
GROUP_ADD, GROUP_REMOVE = "group_add", "group_remove"

# In the order in which an undo makes them and a report shows them
TABLE = (
    Action(CREATE_OU, None, None, "OU created", "OUs created", GOOD),
    Action(
        CREATE, "created", DELETE, "account created", "accounts created", GOOD, decides_access=True
    ),
    Action(RESTORE, None, None, "account restored", "accounts restored", GOOD, configurable=False),
    Action(ENABLE, "enabled", DISABLE, "enabled", "enabled", GOOD, decides_access=True),
    Action(
        TAKE_OVER,
        "taken_over",
        TAKE_OVER,
        "taken over from another source",
        "taken over from other sources",
        WARN,
        decides_access=True,
    ),
    Action(
        RELINK,
        "relinked",
        RELINK,
        "linked to another key",
        "linked to other keys",
        WARN,
        decides_access=True,
    ),
    Action(UPDATE, "updated", UPDATE, "updated", "updated", NEUTRAL),
    Action(DISABLE, "disabled", ENABLE, "disabled", "disabled", BAD, decides_access=True),
    Action(MOVE, "moved", MOVE, "moved", "moved", NEUTRAL),
    Action(RENAME, "renamed", RENAME, "renamed", "renamed", NEUTRAL),
    Action(GROUP_ADD, "group_added", GROUP_REMOVE, "membership given", "memberships given", GOOD),
    Action(GROUP_REMOVE, "group_removed", GROUP_ADD, "membership taken", "memberships taken", WARN),
    Action(DELETE, "deleted", RESTORE, "deleted", "deleted", BAD, decides_access=True),
)
BY_NAME = {action.name: action for action in TABLE}
NAMES = tuple(BY_NAME)
CONFIGURABLE = tuple(action.name for action in TABLE if action.configurable)
EVENTS = tuple(action.event for action in TABLE if action.event)
DECIDES_ACCESS = frozenset(action.name for action in TABLE if action.decides_access)
