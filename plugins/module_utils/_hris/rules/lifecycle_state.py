# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle states, computed from the dates and the status of a record for a given moment.

They never depend on remembered events. docs/lifecycle.md has the table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from ..data_class import frozen, mutable
from ..errors import HrisError, did_you_mean, foreseen
from ..model.people import ACTIVE, LEAVE, LEAVER, NOT_DUE, PREPARED
from ..model.records import Record
from .expressions import Expression, compile_condition, compile_rule
from .policies import Joiner, Leaver, Options
from .times import NO_DATE, OPEN_ENDED, days_later, zone
from .values import to_text

Value = TypeVar("Value")
# The last time zone in which a day ends
LAST_TIMEZONE = timezone(timedelta(hours=-12))


@frozen
class DateRules:
    """Where the dates and the status are; None for a rule that is not given."""

    start: Expression | None
    end: Expression | None
    timezone: Expression | None
    leave_start: Expression | None
    leave_end: Expression | None
    terminated: Expression | None
    on_leave: Expression | None

    @property
    def expressions(self) -> list[Expression]:
        """The rules that are given."""
        rules = (self.start, self.end, self.timezone, self.leave_start, self.leave_end)
        return [rule for rule in (*rules, self.terminated, self.on_leave) if rule]


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

    def value(name: str) -> Expression | None:
        return compile_rule(options[name], f"dates.{name}") if options.get(name) else None

    def condition(name: str) -> Expression | None:
        return compile_condition(options[name], f"dates.{name}") if options.get(name) else None

    return DateRules(
        start=value("start"),
        end=value("end"),
        timezone=value("timezone"),
        leave_start=value("leave_start"),
        leave_end=value("leave_end"),
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
    start, end = _date(record, dates.start), _last_day(record, dates.end)
    if dates.start and start is None:
        fallback = f"{dates.start.source} || '2000-01-01'"
        hint = f"Enter it in HR, or give the rule a fallback: {fallback}"
        raise HrisError("there is no start date", place=dates.start.place, hint=hint)
    if dates.end and start and end and end < start:
        message = f"the end date {end} is before the start date {start}"
        raise HrisError(message, place=dates.end.place, hint="Correct the dates in HR")
    zone_info = _timezone(record, dates.timezone)
    found = LifecycleState(ACTIVE, _today(as_of, zone_info), zone_info, start, end, None)
    if end:
        found.first_day_without_access = first_day_without_access(end, leaver)
    found.state = _state(record, dates, joiner, found)
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
    start, end = _readable(record, dates.start, _date), _readable(record, dates.end, _last_day)
    is_contradictory = bool(start and end and end < start)
    if not _is_terminated(record, dates) and (
        is_contradictory or not _is_over_everywhere(end, leaver, as_of)
    ):
        return None
    zone_info = _readable(record, dates.timezone, _timezone) or _utc()
    today = _today(as_of, zone_info)
    found = LifecycleState(LEAVER, today, zone_info, start, end, None)
    if end and not is_contradictory:
        first = first_day_without_access(end, leaver)
        found.first_day_without_access = first if first <= today else None
    return found


def may_have_ended(record: Record, dates: DateRules, leaver: Leaver, as_of: datetime) -> bool:
    """Whether the last day of a record that cannot be read is over."""
    return _is_over_everywhere(_readable(record, dates.end, _last_day), leaver, as_of)


def _is_over_everywhere(end: date | None, leaver: Leaver, as_of: datetime) -> bool:
    if end is None:
        return False
    return first_day_without_access(end, leaver) <= _today(as_of, LAST_TIMEZONE)


def _readable(
    record: Record,
    rule: Expression | None,
    read: Callable[[Record, Expression | None], Value | None],
) -> Value | None:
    """What is read, None where it cannot be."""
    try:
        return foreseen(read, record, rule)
    except HrisError:
        return None


def _is_terminated(record: Record, dates: DateRules) -> bool:
    """Whether the rule says so; a rule that cannot be evaluated does not."""
    try:
        return bool(dates.terminated and foreseen(dates.terminated.evaluate, record))
    except HrisError:
        return False


def _state(record: Record, dates: DateRules, joiner: Joiner, found: LifecycleState) -> str:
    if dates.terminated and dates.terminated.evaluate(record):
        return LEAVER
    if _is_over(found):
        return LEAVER
    if found.start and found.today < found.start:
        soon = (found.start - found.today).days <= joiner.create_days_before
        return PREPARED if soon else NOT_DUE
    return LEAVE if _on_leave(record, dates, found.today) else ACTIVE


def _is_over(found: LifecycleState) -> bool:
    first = found.first_day_without_access
    return first is not None and first <= found.today


def _on_leave(record: Record, dates: DateRules, today: date) -> bool:
    if dates.on_leave and dates.on_leave.evaluate(record):
        return True
    first, last = _date(record, dates.leave_start), _date(record, dates.leave_end)
    if dates.leave_start and first is None:
        return False
    if dates.leave_start is None and last is None:
        return False
    return (first is None or first <= today) and (last is None or today <= last)


def _last_day(record: Record, rule: Expression | None) -> date | None:
    """As _date; a day in the year 9999 means that there is no last day."""
    day = _date(record, rule)
    return None if day is None or day.year == OPEN_ENDED else day


def _date(record: Record, rule: Expression | None) -> date | None:
    if rule is None:
        return None
    text = to_text(rule.evaluate(record))
    if text is None or text.startswith(NO_DATE):
        return None
    try:
        return _day(text[:10])  # a time of day after the date is not used
    except ValueError:
        raise HrisError(
            f"{text!r} is not a date", place=rule.place, hint="Write it as YYYY-MM-DD"
        ) from None


_day = lru_cache(1 << 16)(date.fromisoformat)  # few days for many people


@lru_cache(1 << 10)
def _today(as_of: datetime, zone_info: tzinfo) -> date:
    return as_of.astimezone(zone_info).date()


def _timezone(record: Record, rule: Expression | None) -> ZoneInfo:
    if rule is None:
        return _utc()
    name = to_text(rule.evaluate(record))
    if name is None:
        return _utc()
    found = zone(name)
    if found is None:
        hint = did_you_mean(name, _known_timezones()) or "Use an IANA name such as Australia/Sydney"
        raise HrisError(f"{name!r} is not a time zone", place=rule.place, hint=hint)
    return found


def _utc() -> ZoneInfo:
    found = zone("UTC")
    if found is None:
        raise HrisError("there is no time zone data here", hint="Install the Python library tzdata")
    return found


def _known_timezones() -> set[str]:
    from zoneinfo import available_timezones  # reads a directory: only a wrong name needs it

    return available_timezones()
