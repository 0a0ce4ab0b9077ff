# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each change of a plan, by the journal of its application."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..errors import HrisError, quoted
from ..model.actions import BAD, DELETE, GOOD, WARN
from ..model.journal import Application, ChangeState
from ..model.plan import APPLIED, REFUSED, SKIPPED, UNKNOWN, Change, Plan
from ..option_names import option_name

PLANNED = "planned"  # of a plan that was not applied
NOT_ATTEMPTED = "not attempted"
LEFT_OUT = "the run left it out: it was held, it is in another shard, or the account had changed"
TONES = {APPLIED: GOOD, REFUSED: BAD, SKIPPED: WARN, UNKNOWN: BAD, NOT_ATTEMPTED: WARN}
FAILED = (REFUSED, SKIPPED, UNKNOWN, NOT_ATTEMPTED)  # not applied, in the order of a report

# What identifies a change in a plan. A run may leave attributes out and add the GUID.
_Identity = tuple[str, str, "str | None", "str | None", bool]


def states_of(plan: Plan, application: Application | None) -> list[ChangeState]:
    """The state of each change, in the order of the plan.

    application: None when the plan was not applied. Raises HrisError when it belongs to another
    plan.
    """
    changes = plan.changes
    if application is None:
        return [ChangeState(PLANNED, "")] * len(changes)
    if application.plan.digest != plan.digest:
        raise _other_plan(f"Its plan has the digest {quoted(application.plan.digest, 80)}")
    states = [ChangeState(NOT_ATTEMPTED, LEFT_OUT)] * len(changes)
    for index, number in enumerate(_numbers(changes, application.plan.changes)):
        states[number] = application.states.get(index, ChangeState(NOT_ATTEMPTED, ""))
    return states


def _numbers(changes: Sequence[Change], applied: Sequence[Change]) -> Iterator[int]:
    """Yield the number in the plan of each change of the journal, which may hold only some."""
    waiting: dict[_Identity, list[int]] = defaultdict(list)
    for number, change in enumerate(changes):
        waiting[_identity(change)].append(number)
    for index, change in enumerate(applied):
        candidates = waiting[_identity(change)]
        names = change.attributes.keys()
        is_whole = change.action == DELETE  # the journal has more of the account than the plan
        fitting = (one for one in candidates if is_whole or names <= changes[one].attributes.keys())
        position = next(fitting, None)
        if position is None:
            raise _other_plan(f"The plan lacks the journal's change number {index}")
        candidates.remove(position)
        yield position


def _identity(change: Change) -> _Identity:
    return change.action, change.dn, change.to, change.group, change.last


def _other_plan(hint: str) -> HrisError:
    return HrisError("this is the journal of another plan", option_name("journal"), hint)
