# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle states, computed from the dates and the status of a record for a given moment.

They never depend on remembered events. docs/lifecycle.md has the table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..data_class import frozen, mutable
from ..errors import HrisError, foreseen
from ..model.people import ACTIVE, LEAVE, LEAVER, NOT_DUE, PREPARED
from ..model.records import Record
from ..option_names import option_name
from .days import (
    FIRST_TIMEZONE,
    LAST_TIMEZONE,
    DayRule,
    day_of,
    last_day,
    timezone_of,
    utc,
)
from .expressions import Expression, compile_condition, compile_rule
from .policies import Joiner, Leaver, Options
from .times import AUTO, days_later


@frozen
class DateRules:
    """Where the dates and the status are; None for a rule that is not given."""

    start: DayRule | None
    end: DayRule | None
    timezone: Expression | None
    leave_start: DayRule | None
    leave_end: DayRule | None
    terminated: Expression | None
    on_leave: Expression | None

    @property
    def days(self) -> list[DayRule]:
        """The rules that are given and that give a day."""
        rules = (self.start, self.end, self.leave_start, self.leave_end)
        return [rule for rule in rules if rule]

    @property
    def expressions(self) -> list[Expression]:
        """The rules that are given."""
        others = [rule for rule in (self.timezone, self.terminated, self.on_leave) if rule]
        return [*(rule.expression for rule in self.days), *others]


@mutable
class LifecycleState:
    """The state of a record at a moment, and the days that decided it."""

    state: str  # one of people.STATES, never HELD
    today: date
    timezone: ZoneInfo
    start: date | None
    end: date | None
    first_day_without_access: date | None  # where HR gives a last day


def compile_dates(options: Options) -> DateRules:
    """The rules of the option dates. Raises HrisError naming the rule."""

    read_as = options.get("read_as") or {}

    def value(name: str) -> Expression | None:
        if not options.get(name):
            return None
        return compile_rule(options[name], option_name(f"dates.{name}"))

    def day(name: str) -> DayRule | None:
        expression = value(name)
        return DayRule(expression, read_as.get(name) or AUTO) if expression else None

    def condition(name: str) -> Expression | None:
        if not options.get(name):
            return None
        return compile_condition(options[name], option_name(f"dates.{name}"))

    return DateRules(
        start=day("start"),
        end=day("end"),
        timezone=value("timezone"),
        leave_start=day("leave_start"),
        leave_end=day("leave_end"),
        terminated=condition("terminated"),
        on_leave=condition("on_leave"),
    )


def lifecycle_state(
    record: Record, dates: DateRules, joiner: Joiner, leaver: Leaver, as_of: datetime
) -> LifecycleState:
    """The state of a record at the moment as_of.

    as_of: an aware datetime. Days begin at midnight in the time zone of the record. Raises
    HrisError for dates that cannot be read and for an end before the start.
    """
    known_zone = timezone_of(record, dates.timezone)
    start = day_of(record, dates.start, known_zone)
    end = last_day(record, dates.end, known_zone)
    if dates.start and start is None:
        fallback = f"{dates.start.source} || '2000-01-01'"
        hint = f"Enter it in HR, or give the rule a fallback: {fallback}"
        raise HrisError("there is no start date", place=dates.start.place, hint=hint)
    if dates.end and start and end and end < start:
        message = f"the end date {end} is before the start date {start}"
        raise HrisError(message, place=dates.end.place, hint="Correct the dates in HR")
    zone_info = known_zone or utc()
    found = LifecycleState(ACTIVE, _today(as_of, zone_info), zone_info, start, end, None)
    if end:
        found.first_day_without_access = first_day_without_access(end, leaver)
    found.state = _state(record, dates, joiner, found, known_zone)
    if found.state == LEAVER and not _is_over(found):
        found.first_day_without_access = None  # a leaver before the last day: HR's day is too late
    return found


def first_day_without_access(end: date, leaver: Leaver) -> date:
    """The day on which the account is disabled, given the last day of work."""
    return days_later(end, 1) if leaver.disable == "end_of_day" else end


def state_if_ended(
    record: Record, dates: DateRules, leaver: Leaver, as_of: datetime
) -> LifecycleState | None:
    """The state of a record that has ended for certain, whatever else of it cannot be read: it is
    terminated, or its last day is over in every time zone. None for any other record.

    The state has what can be read. Of two days that contradict one another neither is used.
    """
    known_zone, ahead = _readable_zone(record, dates)
    start = _readable(record, dates.start, ahead, day_of)
    end = _readable(record, dates.end, ahead, last_day)
    is_contradictory = bool(start and end and end < start)
    if not _is_terminated(record, dates) and (
        is_contradictory or not _is_over_everywhere(end, leaver, as_of)
    ):
        return None
    zone_info = known_zone or utc()
    today = _today(as_of, zone_info)
    found = LifecycleState(LEAVER, today, zone_info, start, end, None)
    if end and not is_contradictory:
        first = first_day_without_access(end, leaver)
        if first <= today:
            found.first_day_without_access = first
    return found


def may_have_ended(record: Record, dates: DateRules, leaver: Leaver, as_of: datetime) -> bool:
    """Whether the last day of a record that cannot be read is over."""
    _known_zone, ahead = _readable_zone(record, dates)
    return _is_over_everywhere(_readable(record, dates.end, ahead, last_day), leaver, as_of)


def _is_over_everywhere(end: date | None, leaver: Leaver, as_of: datetime) -> bool:
    if end is None:
        return False
    return first_day_without_access(end, leaver) <= _today(as_of, LAST_TIMEZONE)


def _readable_zone(record: Record, dates: DateRules) -> tuple[ZoneInfo | None, tzinfo | None]:
    """(the time zone, the one in which moments are read). Where HR's cannot be read, moments are
    read where they belong to the latest day, so that nobody loses a day.
    """
    try:
        known_zone = timezone_of(record, dates.timezone)
    except HrisError:
        return None, FIRST_TIMEZONE
    return known_zone, known_zone


def _readable(
    record: Record,
    rule: DayRule | None,
    zone_info: tzinfo | None,
    read: Callable[[Record, DayRule | None, tzinfo | None], date | None],
) -> date | None:
    """What is read, None where it cannot be."""
    try:
        return foreseen(read, record, rule, zone_info)
    except HrisError:
        return None


def _is_terminated(record: Record, dates: DateRules) -> bool:
    """Whether the rule says so; a rule that cannot be evaluated does not."""
    try:
        return bool(dates.terminated and foreseen(dates.terminated.evaluate, record))
    except HrisError:
        return False


def _state(
    record: Record,
    dates: DateRules,
    joiner: Joiner,
    found: LifecycleState,
    known_zone: ZoneInfo | None,
) -> str:
    if dates.terminated and dates.terminated.evaluate(record):
        return LEAVER
    if _is_over(found):
        return LEAVER
    if found.start and found.today < found.start:
        soon = (found.start - found.today).days <= joiner.create_days_before
        return PREPARED if soon else NOT_DUE
    return LEAVE if _on_leave(record, dates, found.today, known_zone) else ACTIVE


def _is_over(found: LifecycleState) -> bool:
    first = found.first_day_without_access
    return first is not None and first <= found.today


def _on_leave(record: Record, dates: DateRules, today: date, known_zone: ZoneInfo | None) -> bool:
    if dates.on_leave and dates.on_leave.evaluate(record):
        return True
    if dates.leave_start is None and dates.leave_end is None:
        return False
    first = day_of(record, dates.leave_start, known_zone)
    last = day_of(record, dates.leave_end, known_zone)
    if dates.leave_start and first is None:
        return False
    if dates.leave_start is None and last is None:
        return False
    return (first is None or first <= today) and (last is None or today <= last)


@lru_cache(1 << 10)
def _today(as_of: datetime, zone_info: tzinfo) -> date:
    return as_of.astimezone(zone_info).date()
