# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record on the day of the run: past, current, future, or not to be read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

from ..data_class import frozen
from ..errors import HrisError, foreseen
from ..model.people import (
    ACTIVE,
    CURRENT,
    FUTURE,
    LEAVE,
    LEAVER,
    NOT_DUE,
    PAST,
    PREPARED,
    UNREADABLE,
)
from ..model.records import Record
from .expressions import Expression
from .lifecycle_state import (
    LifecycleState,
    lifecycle_state,
    may_have_ended,
    state_if_ended,
)
from .records import KeyedRecord
from .ruleset import Ruleset

_TIMES = {
    ACTIVE: CURRENT,
    LEAVE: CURRENT,
    PREPARED: FUTURE,
    NOT_DUE: FUTURE,
    LEAVER: PAST,
}


@frozen
class JudgedRecord:
    """One record on the day of the run."""

    rules: Ruleset  # of its source
    key: str
    record: Record
    time: str  # people.PAST, CURRENT, FUTURE or UNREADABLE
    in_scope: bool
    state: LifecycleState | None  # None where it cannot be read
    error: HrisError | None = None  # why it cannot be read
    may_have_ended: bool = False  # its dates contradict one another, and the last day is over

    @property
    def start(self) -> date | None:
        """The first day of work."""
        return self.state.start if self.state else None

    @property
    def first_day_without_access(self) -> date | None:
        """The day after the last one with access."""
        return self.state.first_day_without_access if self.state else None


def judge(one: KeyedRecord, rules: Ruleset, as_of: datetime) -> JudgedRecord:
    """A record on the day of as_of.

    That it has ended is judged first: neither the scope nor what cannot be read keeps the account
    of a leaver open.
    """
    key, record, when = one.key, one.record, rules.scope.when
    try:
        return foreseen(_readable, one, rules, as_of)
    except HrisError as error:
        ended = state_if_ended(record, rules.dates, rules.leaver, as_of)
        if ended:
            return JudgedRecord(rules, key, record, PAST, True, ended, error)
        in_scope = _may_be_in_scope(record, when)
        is_over = may_have_ended(record, rules.dates, rules.leaver, as_of)
        return JudgedRecord(rules, key, record, UNREADABLE, in_scope, None, error, is_over)


def _readable(one: KeyedRecord, rules: Ruleset, as_of: datetime) -> JudgedRecord:
    record, when = one.record, rules.scope.when
    found = lifecycle_state(record, rules.dates, rules.joiner, rules.leaver, as_of)
    time = _TIMES[found.state]
    in_scope = time == PAST or when is None or bool(when.evaluate(record))
    return JudgedRecord(rules, one.key, record, time, in_scope, found)


def _may_be_in_scope(record: Record, when: Expression | None) -> bool:
    """Whether a record that cannot be read is in scope; yes, where that cannot be read either."""
    try:
        return when is None or bool(foreseen(when.evaluate, record))
    except HrisError:
        return True


def begun_of(past: Iterable[JudgedRecord]) -> list[JudgedRecord]:
    """The past records that had begun; the others are hires that were cancelled."""
    return [
        one
        for one in past
        if one.state is None or one.start is None or one.start <= one.state.today
    ]


def by_content(one: JudgedRecord) -> tuple[str, ...]:
    """What sorts records in the same way for any order of the feeds: the key, the source, and all
    it says.
    """
    try:
        content = json.dumps(one.record, sort_keys=True, default=str)
    except (RecursionError, TypeError, ValueError):  # only a record that nobody can use
        content = ""
    return one.key.casefold(), one.rules.source, content
