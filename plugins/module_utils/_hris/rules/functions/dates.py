# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions for dates. Only today() depends on the day of the run: without it, a rule gives the
same value every day.

Dates are ISO text, 2026-03-02 or 2026-03-02T18:00:00+10:00. Other forms are read with a format.
Empty text and IceHrm's 0000-00-00 are not dates and give null.
"""

from __future__ import annotations

from datetime import date as date_type
from datetime import datetime, timedelta, tzinfo
from datetime import timezone as offset
from zoneinfo import ZoneInfo

from ...ad_values import filetime as ad_filetime
from ...errors import shortened
from ...model.blank_texts import trimmed
from ..times import NO_DATE
from . import date_formats
from .date_values import add, as_timezone, as_unit, at_midnight, difference, iso_text, parse_iso
from .declaration import RuleError, as_integer, as_text, rule_function

EPOCH = datetime(1970, 1, 1, tzinfo=offset.utc)
_MILLISECOND = timedelta(milliseconds=1)


def _read(text: str, format_text: str | None) -> date_type | datetime | None:
    """The date of a text, in ISO form or in a format; None for text that is not a date."""
    if format_text is None or trimmed(text).startswith(NO_DATE) or not trimmed(text):
        return parse_iso(text)
    return date_formats.read(text, format_text)


@rule_function(as_text, date_formats.as_input_format, optional=1, entra="CDate")
def date(text: str, format: str | None = None) -> str | None:
    """The ISO date of a date in another form, without the time of day.

    >>> rule("date(hired, '%d/%m/%Y')", hired="2/3/2026")
    '2026-03-02'
    >>> rule("date(hired, '%m/%d/%Y %I:%M:%S %p')", hired="03/02/2026 12:00:00 AM")
    '2026-03-02'
    >>> rule("date(hired)", hired="2026-03-02T00:00:00")
    '2026-03-02'
    """
    value = _read(text, format)
    if value is None:
        return None
    return at_midnight(value).date().isoformat()


@rule_function(as_text, date_formats.as_input_format, optional=1, entra="CDate")
def datetime_(text: str, format: str | None = None) -> str | None:
    """The ISO date and time of a time in another form; a date becomes its midnight.

    >>> rule("datetime(finished, '%d %b %Y %H:%M %z')", finished="30 Jun 2026 17:30 +1000")
    '2026-06-30T17:30:00+10:00'
    >>> rule("datetime(hired)", hired="2026-03-02")
    '2026-03-02T00:00:00'
    """
    value = _read(text, format)
    if value is None:
        return None
    return iso_text(at_midnight(value))


@rule_function(as_text, date_formats.as_output_format, entra="FormatDateTime")
def date_format(text: str, format: str) -> str | None:
    """A date written in a format, with English names.

    The codes are %Y %y (year), %m %B %b (month: 03, March, Mar), %d (day), %A %a (weekday),
    %H %I %p %M %S (time), %z (offset) and %%. %-d writes a number without its leading zero.

    >>> rule("date_format(startDate, '%d/%m/%Y')", startDate="2026-03-02")
    '02/03/2026'
    >>> rule("Started {date_format(startDate, '%A, %-d %B %Y')}", startDate="2026-03-02")
    'Started Monday, 2 March 2026'
    >>> rule("date_format(date(hired, '%d.%m.%y'), '%b %Y')", hired="02.03.26")
    'Mar 2026'
    """
    value = parse_iso(text)
    if value is None:
        return None
    return date_formats.write(at_midnight(value), format)


@rule_function(as_timezone, entra="Now")
def today(timezone: ZoneInfo) -> str | None:
    """The date of the run in a time zone: the option as_of, or the day on which it runs.

    It is for rules about people. A rule with it can give another value on another day, and then
    the account changes although HR has not changed. The forecast shows it.

    >>> rule("today('Australia/Sydney')")
    '2026-03-02'
    >>> rule("today('America/New_York')")
    '2026-03-01'
    >>> rule("date_diff(startDate, today('UTC'), 'days') >= 0", startDate="2026-06-01")
    False
    """
    # The rules of a run never come here: see rules/definitions.py
    raise RuleError(f"the day in {timezone} is known only in the rules of a run")


@rule_function(as_text, as_integer, as_unit, entra="DateAdd")
def date_add(text: str, amount: int, unit: str) -> str | None:
    """The date so many units later: years, months, weeks, days, hours, minutes or seconds.

    A negative amount gives an earlier date. One month after 31 January is the last day of February.

    >>> rule("date_add(startDate, 3, 'months')", startDate="2026-11-30")
    '2027-02-28'
    >>> rule("date_add(endDate, -1, 'day')", endDate="2026-03-01")
    '2026-02-28'
    >>> rule("date_add(startDate, 9, 'hours')", startDate="2026-03-02")
    '2026-03-02T09:00:00'
    """
    value = parse_iso(text)
    if value is None:
        return None
    return iso_text(add(value, amount, unit))


@rule_function(as_text, as_text, as_unit, entra="DateDiff")
def date_diff(first: str, second: str, unit: str) -> int | None:
    """The number of whole units (as for date_add) between two dates.

    It is negative when the second date is the earlier one; so a condition compares dates with it.

    >>> rule("date_diff(startDate, endDate, 'days')", startDate="2026-03-02", endDate="2026-03-09")
    7
    >>> rule("date_diff(startDate, endDate, 'years')", startDate="2024-03-02", endDate="2026-03-01")
    1
    >>> rule("date_diff(endDate, until, 'days') > 0", endDate="2026-06-30", until="2026-06-01")
    False
    """
    from_date, to_date = parse_iso(first), parse_iso(second)
    if from_date is None or to_date is None:
        return None
    return difference(from_date, to_date, unit)


@rule_function(as_text, as_timezone)
def local_date(text: str, timezone: ZoneInfo) -> str | None:
    """The date of a moment in a time zone.

    A moment without an offset is UTC. A date without a time stays as it is.

    >>> rule("local_date(startDate, 'Australia/Sydney')", startDate="2026-03-01T13:00:00Z")
    '2026-03-02'
    >>> rule("local_date(startDate, 'Australia/Sydney')", startDate="2026-03-02")
    '2026-03-02'
    """
    value = parse_iso(text)
    if value is None:
        return None
    if isinstance(value, datetime):
        value = _with_offset(value, offset.utc).astimezone(timezone).date()
    return iso_text(value)


@rule_function(as_text, as_timezone, optional=1, entra="NumFromDate")
def filetime(text: str, timezone: ZoneInfo | None = None) -> str | None:
    """The moment as Active Directory stores it: 100-nanosecond steps since 1601 in UTC, as text.

    Use it for accountExpires. A date is its midnight in the time zone, or in UTC without one. An
    account expires at that moment: to let it work on the last day, add one day.

    >>> rule("filetime(date_add(endDate, 1, 'day'), 'Australia/Sydney')", endDate="2026-06-30")
    '134273016000000000'
    >>> rule("filetime(endDate)", endDate="1601-01-02")
    '864000000000'
    """
    value = parse_iso(text)
    if value is None:
        return None
    steps = ad_filetime.filetime(_with_offset(at_midnight(value), timezone or offset.utc))
    if steps < 0:
        raise RuleError(f"{shortened(text)} is before 1601")
    return str(steps)


@rule_function(as_integer, as_timezone, optional=1, entra="DateFromNum")
def from_filetime(number: int, timezone: ZoneInfo | None = None) -> str | None:
    """The date and time of a number in the form of accountExpires; null for "never".

    The result is in the time zone, or in UTC without one.

    >>> rule("from_filetime(expires, 'Australia/Sydney')", expires="134273016000000000")
    '2026-07-01T00:00:00+10:00'
    >>> rule("date(from_filetime(expires))", expires=864000000000)
    '1601-01-02'
    >>> rule("from_filetime(expires)", expires="9223372036854775807")
    """
    if str(number) in ad_filetime.NEVER:
        return None
    if number < 0:
        raise RuleError(f"{number} is not a moment")
    return iso_text(ad_filetime.from_filetime(number).astimezone(timezone or offset.utc))


@rule_function(as_text, as_timezone, optional=1)
def epoch_seconds(text: str, timezone: ZoneInfo | None = None) -> int | None:
    """The moment as whole seconds since 1970 in UTC, as many web services have it.

    A date is its midnight in the time zone, or in UTC without one.

    >>> rule("epoch_seconds(startDate)", startDate="2026-03-02")
    1772409600
    >>> rule("epoch_seconds(startDate, 'Australia/Sydney')", startDate="2026-03-02")
    1772370000
    """
    milliseconds = _epoch(text, timezone)
    return None if milliseconds is None else milliseconds // 1000


@rule_function(as_text, as_timezone, optional=1)
def epoch_milliseconds(text: str, timezone: ZoneInfo | None = None) -> int | None:
    """The moment as whole milliseconds since 1970 in UTC.

    A date is its midnight in the time zone, or in UTC without one.

    >>> rule("epoch_milliseconds(startDate)", startDate="2026-03-02")
    1772409600000
    >>> rule("epoch_milliseconds(seen)", seen="2026-03-02T01:00:00+01:00")
    1772409600000
    """
    return _epoch(text, timezone)


@rule_function(as_integer, as_timezone, optional=1)
def from_epoch_seconds(number: int, timezone: ZoneInfo | None = None) -> str:
    """The date and time of a number of seconds since 1970, in the time zone, or in UTC without one.

    >>> rule("from_epoch_seconds(hired)", hired=1772409600)
    '2026-03-02T00:00:00+00:00'
    >>> rule("date(from_epoch_seconds(hired, 'Australia/Sydney'))", hired="1772370000")
    '2026-03-02'
    """
    return _from_epoch(number * 1000, timezone)


@rule_function(as_integer, as_timezone, optional=1)
def from_epoch_milliseconds(number: int, timezone: ZoneInfo | None = None) -> str:
    """The date and time of a number of milliseconds since 1970, in the time zone, or in UTC.

    >>> rule("date(from_epoch_milliseconds(hired))", hired=1772409600000)
    '2026-03-02'
    >>> rule("from_epoch_milliseconds(hired, 'Australia/Sydney')", hired=1772370000000)
    '2026-03-02T00:00:00+11:00'
    """
    return _from_epoch(number, timezone)


def _epoch(text: str, timezone: ZoneInfo | None) -> int | None:
    value = parse_iso(text)
    if value is None:
        return None
    return (_with_offset(at_midnight(value), timezone or offset.utc) - EPOCH) // _MILLISECOND


def _from_epoch(milliseconds: int, timezone: ZoneInfo | None) -> str:
    return iso_text((EPOCH + milliseconds * _MILLISECOND).astimezone(timezone or offset.utc))


def _with_offset(value: datetime, default: tzinfo) -> datetime:
    """The moment, in the default time zone where it has no offset."""
    if value.tzinfo:
        return value
    return value.replace(tzinfo=default)
