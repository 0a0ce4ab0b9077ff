# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The days and the time zone that a record has, as the rules of the option dates read them.

HR systems write a day as a date, as a moment at the local midnight in UTC (2026-06-29T14:00:00Z is
30 June in Sydney), or as a moment at midnight in UTC that means only the date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..data_class import frozen
from ..errors import HrisError, shortened
from ..model.blank_texts import trimmed
from ..model.findings import WARNING, Finding
from ..model.records import Record
from ..option_names import option_name
from .expressions import Expression
from .mapping_lines import ExpressionLine
from .records import keys_of
from .times import AUTO, DATE_PART, NO_DATE, OPEN_ENDED, zone, zone_hint
from .values import to_text

# The first and the last time zone in which a day ends
FIRST_TIMEZONE, LAST_TIMEZONE = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
_DATE_LENGTH = len(NO_DATE)


@frozen
class DayRule:
    """A rule that gives a day."""

    expression: Expression
    reading: str  # of moments: one of times.READINGS

    @property
    def place(self) -> str:
        """Where the rule is."""
        return self.expression.place

    @property
    def source(self) -> str:
        """How the rule is written."""
        return self.expression.source


def day_of(record: Record, rule: DayRule | None, zone_info: tzinfo | None) -> date | None:
    """The day that the rule gives; None for no day.

    zone_info: the time zone of the record; None where HR does not say it. Then a moment with an
    offset is read as it is written. Raises HrisError for what is not a day.
    """
    if rule is None:
        return None
    text = to_text(rule.expression.evaluate(record))
    if text is None or text.startswith(NO_DATE):
        return None
    try:
        return _day(text, rule.reading, zone_info)
    except ValueError:
        raise HrisError(
            f"{shortened(text)} is not a date",
            rule.place,
            "Write it as YYYY-MM-DD, or read it with date() and a format",
        ) from None


def last_day(record: Record, rule: DayRule | None, zone_info: tzinfo | None) -> date | None:
    """As day_of; a day in the year 9999 means that there is no last day."""
    day = day_of(record, rule, zone_info)
    return None if day is None or day.year == OPEN_ENDED else day


@lru_cache(1 << 16)  # few days for many people
def _day(text: str, reading: str, zone_info: tzinfo | None) -> date:
    if len(text) <= _DATE_LENGTH:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or zone_info is None or reading == DATE_PART:
        return moment.date()
    if moment.year in (date.min.year, date.max.year):  # means none, and another zone may not exist
        return moment.date()
    if reading == AUTO and _is_midnight_in_utc(moment):
        return moment.date()
    return moment.astimezone(zone_info).date()


def _is_midnight_in_utc(moment: datetime) -> bool:
    return not moment.utcoffset() and moment.time() == datetime.min.time()


def mixed_moments(
    rules: Iterable[DayRule], records: Iterable[Record], line: ExpressionLine
) -> list[Finding]:
    """A finding for each rule that reads by itself whether a moment means a date, and finds both.

    line: the mapping line of the key attribute.
    """
    found = []
    for rule in rules:
        if rule.reading == AUTO:
            found += _mixed(rule, records, line)
    return found


def _mixed(rule: DayRule, records: Iterable[Record], line: ExpressionLine) -> list[Finding]:
    first: dict[bool, tuple[str, Record]] = {}  # of the midnights in UTC, and of the other moments
    evaluate = rule.expression.evaluate
    for record in records:
        try:
            value = evaluate(record)
        except HrisError:
            continue
        if not isinstance(value, str) or len(value) <= _DATE_LENGTH:
            continue  # no moment: nearly every day of a feed
        kind = _moment_kind(value)
        if kind is not None and kind not in first:
            first[kind] = (trimmed(value)[:40], record)
            if len(first) == 2:
                break
    else:
        return []
    (midnight, one), (moment, other) = first[True], first[False]
    keys = [key or "without key" for key in keys_of([one, other], line)]
    name, option = rule.place.rpartition(".")[2], option_name("dates.read_as")
    message = (
        f"the feed has moments at midnight in UTC, which are read as dates ({midnight}, employee "
        f"{keys[0]}), and other moments, which are read as the day in the employee's time zone "
        f"({moment}, employee {keys[1]}). Set {option}.{name} to date_part or local."
    )
    return [Finding("mixed_dates", message, place=rule.place, severity=WARNING)]


@lru_cache(1 << 16)
def _moment_kind(text: str) -> bool | None:
    """True for a moment at midnight in UTC, False for another with an offset, None for others."""
    try:
        moment = datetime.fromisoformat(trimmed(text))
    except ValueError:
        return None
    return _is_midnight_in_utc(moment) if moment.tzinfo else None


def timezone_of(record: Record, rule: Expression | None) -> ZoneInfo | None:
    """The time zone of the record; None where HR does not say it. Raises HrisError."""
    name = to_text(rule.evaluate(record)) if rule else None
    if rule is None or name is None:
        return None
    found = zone(name)
    if found is None:
        raise HrisError(f"{shortened(name)} is not a time zone", rule.place, zone_hint(name))
    return found


def utc() -> ZoneInfo:
    """The time zone of those for whom HR has none. Raises HrisError."""
    found = zone("UTC")
    if found is None:
        raise HrisError("there is no time zone data here", hint="Install the Python library tzdata")
    return found
