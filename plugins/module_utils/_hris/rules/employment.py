# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The employment of a person with several records: which of them is the primary record on a day,
and what the person's state and days are.

docs/lifecycle.md has the model. The order of records never depends on the day, so the primary
record changes only when a record begins or ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ..data_class import frozen, mutable
from ..errors import HrisError
from ..model.people import (
    ACTIVE,
    CURRENT,
    FUTURE,
    HELD,
    LEAVE,
    LEAVER,
    NOT_DUE,
    OUT_OF_SCOPE,
    PAST,
    PREPARED,
    UNREADABLE,
)
from .judged_records import JudgedRecord, begun_of, by_content
from .ruleset import Ruleset

_ORDER_OF_TIMES = {CURRENT: 0, FUTURE: 1, PAST: 2, UNREADABLE: 3}


@frozen
class EmploymentRules:
    """What decides between the records of one person, which may come from several sources."""

    order: Mapping[str, int]  # {source: its place in the order of the sources}
    preferences: int  # the most preferences that a source has
    bridge_days: int  # the longest gap between two records in which nothing changes


@mutable
class EmploymentState:
    """The employment of a person on the day of the run."""

    state: str  # one of people.STATES
    primary: JudgedRecord
    start: date | None  # of all records without a gap between them
    end: date | None
    first_day_without_access: date | None
    has_left: bool | None = False  # None: it is not known
    next_start: date | None = None
    left: date | None = None
    is_bridged: bool = False
    error: HrisError | None = None  # HELD: why


def employment_of(records: Sequence[JudgedRecord], rules: EmploymentRules) -> EmploymentState:
    """The employment of one person. records: all of the person, at least one.

    Raises HrisError for a preference that cannot be evaluated.
    """
    served = [one for one in records if one.in_scope]
    unreadable = [one for one in served if one.time == UNREADABLE]
    current = [one for one in served if one.time == CURRENT]
    future = [one for one in served if one.time == FUTURE]
    past = [one for one in served if one.time == PAST]
    if unreadable:
        found = _single(unreadable[0], HELD)
        found.error = unreadable[0].error
        found.has_left = has_left(records, rules)
        return found
    if current:
        return _employed(current, future, past, rules)
    elsewhere = [one for one in records if one.time == CURRENT]
    if elsewhere and not future:
        primary = _first(elsewhere, rules)
        return _single(primary, OUT_OF_SCOPE)
    if future:
        found = _between(future, past, rules)
        if elsewhere:
            found = _beside(elsewhere, found, rules)
        return found
    if not past:  # records that begin later, none of them in scope
        return _single(_first(records, rules), OUT_OF_SCOPE)
    return _left(past, rules)


def sorted_records(records: Iterable[JudgedRecord], primary: JudgedRecord) -> list[JudgedRecord]:
    """The primary record, then those that are current, future and past."""
    others = [one for one in records if one is not primary]
    others.sort(key=lambda one: (_ORDER_OF_TIMES[one.time], one.start or date.min, one.key))
    return [primary, *others]


def _single(one: JudgedRecord, state: str) -> EmploymentState:
    end = one.state.end if one.state else None
    return EmploymentState(state, one, one.start, end, one.first_day_without_access)


def has_left(records: Sequence[JudgedRecord], rules: EmploymentRules) -> bool | None:
    """Whether all records that have begun have ended, whatever the preferences are; None: they may
    have.
    """
    if any(one.time == CURRENT for one in records):
        return False
    served = [one for one in records if one.in_scope]
    begun = begun_of(one for one in served if one.time == PAST)
    future = [one for one in served if one.time == FUTURE]
    if _is_bridged(future, begun, rules):
        return False
    unreadable = [one for one in served if one.time == UNREADABLE]
    if unreadable:
        if begun or any(one.may_have_ended for one in unreadable):
            return None
        return False
    return bool(begun) or all(one.time == PAST for one in records)


def left_on(records: Iterable[JudgedRecord]) -> date | None:
    """The first day without access after the past records, when it is known for each of them that
    had begun.
    """
    days = [one.first_day_without_access for one in begun_of(records)]
    known = [day for day in days if day]
    if len(known) < len(days):
        return None
    return max(known, default=None)


def _employed(
    current: list[JudgedRecord],
    future: list[JudgedRecord],
    past: list[JudgedRecord],
    rules: EmploymentRules,
) -> EmploymentState:
    primary = _first(current, rules)
    is_away = all(one.state and one.state.state == LEAVE for one in current)
    found = _single(primary, LEAVE if is_away else ACTIVE)
    _extend(found, [*current, *future, *past], rules)
    return found


def _between(
    future: list[JudgedRecord], past: list[JudgedRecord], rules: EmploymentRules
) -> EmploymentState:
    """No record is current: either a gap between two records, or the first day is still to come."""
    soonest = _soonest(future)
    following = _first([one for one in future if (one.start or date.min) == soonest], rules)
    begun = begun_of(past)
    if not begun:
        return _single(following, following.state.state if following.state else NOT_DUE)
    ended = _left(begun, rules)
    if _is_bridged(future, begun, rules):
        found = _single(ended.primary, ACTIVE)
        _extend(found, [*past, *future], rules)
        found.is_bridged, found.next_start = True, soonest
        return found
    if following.state and following.state.state == PREPARED:
        found = _single(following, PREPARED)
        found.has_left, found.left = True, ended.first_day_without_access
    else:
        found = ended
    found.next_start = soonest
    return found


def _soonest(future: Iterable[JudgedRecord]) -> date:
    return min(one.start or date.min for one in future)


def _is_bridged(
    future: Sequence[JudgedRecord], begun: Sequence[JudgedRecord], rules: EmploymentRules
) -> bool:
    """Whether the next record begins so soon that nothing changes in the gap."""
    last = left_on(begun)
    return bool(last and future and (_soonest(future) - last).days <= rules.bridge_days)


def _beside(
    elsewhere: list[JudgedRecord], found: EmploymentState, rules: EmploymentRules
) -> EmploymentState:
    """The employment of somebody who has current records out of scope, and records in scope that
    begin later: nobody who has left.
    """
    if found.is_bridged:
        return found
    if found.state != PREPARED:
        return _single(_first(elsewhere, rules), OUT_OF_SCOPE)
    found.has_left, found.left = False, None
    return found


def _left(past: list[JudgedRecord], rules: EmploymentRules) -> EmploymentState:
    """All records have ended. The one that ended last is the primary record.

    The day is known only when it is known for each record that had begun.
    """
    begun = begun_of(past) or past
    last = max(_last_day_of(one) for one in begun)
    primary = _first([one for one in begun if _last_day_of(one) == last], rules)
    found = _single(primary, LEAVER)
    found.has_left = True
    if len(begun) > 1:
        if any(one.first_day_without_access is None for one in begun):
            found.first_day_without_access = None
        found.start = min((one.start for one in begun if one.start), default=None)
    return found


def _last_day_of(one: JudgedRecord) -> date:
    return one.first_day_without_access or one.start or date.min


def _extend(
    found: EmploymentState, records: Iterable[JudgedRecord], rules: EmploymentRules
) -> None:
    """Set the days to those of all records that follow one another without a gap which is not
    bridged.
    """
    bridge = rules.bridge_days
    spans = [
        (one.start or date.min, one.first_day_without_access or date.max, one.state)
        for one in records
        if one.state and not (one.time == PAST and one.first_day_without_access is None)
    ]
    first = found.start or date.min
    last = found.first_day_without_access or date.max
    end = found.end
    grown = True
    while grown:
        grown = False
        for begins, ends, state in spans:
            if (begins - last).days > bridge or (first - ends).days > bridge:
                continue  # a gap lies between
            if ends > last:
                last, end, grown = ends, state.end, True
            if begins < first:
                first, grown = begins, True
    found.start = None if first == date.min else first
    found.first_day_without_access = found.end = None
    if last < date.max:
        found.first_day_without_access, found.end = last, end


def _first(records: Sequence[JudgedRecord], rules: EmploymentRules) -> JudgedRecord:
    """The record that comes first: by the preferences, the order of the sources, the earliest
    start, the key.
    """
    if len(records) == 1:
        return records[0]
    return min(records, key=lambda one: _rank(one, rules))


def _rank(one: JudgedRecord, rules: EmploymentRules) -> tuple[object, ...]:
    own = one.rules
    preferred = [not condition.evaluate(one.record) for condition in own.primary]
    preferred += [True] * (rules.preferences - len(preferred))
    return (preferred, rules.order[own.source], one.start or date.min, *by_content(one))


def employment_rules(rulesets: Sequence[Ruleset], order: Mapping[str, int]) -> EmploymentRules:
    """What decides between records of these sources. A gap is bridged when each of them would."""
    return EmploymentRules(
        order,
        max(len(rules.primary) for rules in rulesets),
        min(rules.leaver.bridge_days for rules in rulesets),
    )
