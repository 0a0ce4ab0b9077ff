# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions for dates. They know no today: a rule gives the same on every day, and states are computed from the dates rules.

Dates are ISO text, 2026-03-02 or 2026-03-02T18:00:00+10:00; other forms are read with a format. Empty text and IceHrm's
0000-00-00 are no date and give null.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timezone as offset

from ...ad_values import filetime as ad_time
from ..times import NO_DATE
from . import formats, moments
from .calling import RuleError, as_text, as_whole, rule_function


def _moment(text, pattern=None):
    if pattern is None or not text.strip() or text.strip().startswith(NO_DATE):
        return moments.moment(text)
    return formats.read(text, pattern)


@rule_function(as_text, formats.as_readable_form, optional=1, entra="CDate")
def date(text, format=None):
    """The ISO date of a date in another form; a time of day is left out.

    >>> rule("date(hired, '%d/%m/%Y')", hired="2/3/2026")
    '2026-03-02'
    >>> rule("date(hired, '%m/%d/%Y %I:%M:%S %p')", hired="03/02/2026 12:00:00 AM")
    '2026-03-02'
    >>> rule("date(hired)", hired="2026-03-02T00:00:00")
    '2026-03-02'
    """
    value = _moment(text, format)
    return value and moments.shown(value)[:10]


@rule_function(as_text, formats.as_readable_form, optional=1, entra="CDate")
def datetime_(text, format=None):
    """The ISO date and time of a time in another form; a date is its midnight.

    >>> rule("datetime(finished, '%d %b %Y %H:%M %z')", finished="30 Jun 2026 17:30 +1000")
    '2026-06-30T17:30:00+10:00'
    >>> rule("datetime(hired)", hired="2026-03-02")
    '2026-03-02T00:00:00'
    """
    value = _moment(text, format)
    return value and moments.shown(moments.with_time(value))


@rule_function(as_text, formats.as_form, entra="FormatDateTime")
def date_format(text, format):
    """A date in the form that the format says, with English names; %-d writes a number without its leading zero.

    The codes are %Y %y (year), %m %B %b (month: 03, March, Mar), %d (day), %A %a (weekday), %H %I %p %M %S (time), %z (offset), %%.

    >>> rule("date_format(startDate, '%d/%m/%Y')", startDate="2026-03-02")
    '02/03/2026'
    >>> rule("Started {date_format(startDate, '%A, %-d %B %Y')}", startDate="2026-03-02")
    'Started Monday, 2 March 2026'
    >>> rule("date_format(date(hired, '%d.%m.%y'), '%b %Y')", hired="02.03.26")
    'Mar 2026'
    """
    value = moments.moment(text)
    return value and formats.write(moments.with_time(value), format)


@rule_function(as_text, as_whole, moments.as_unit, entra="DateAdd")
def date_add(text, amount, unit):
    """The date so many years, months, weeks, days, hours, minutes or seconds later; earlier for a negative amount.

    A month later than 31 January is the last day of February.

    >>> rule("date_add(startDate, 3, 'months')", startDate="2026-11-30")
    '2027-02-28'
    >>> rule("date_add(endDate, -1, 'day')", endDate="2026-03-01")
    '2026-02-28'
    >>> rule("date_add(startDate, 9, 'hours')", startDate="2026-03-02")
    '2026-03-02T09:00:00'
    """
    value = moments.moment(text)
    return value and moments.shown(moments.moved(value, amount, unit))


@rule_function(as_text, as_text, moments.as_unit, entra="DateDiff")
def date_diff(first, second, unit):
    """How many whole years, months, weeks, days, hours, minutes or seconds lie between two dates.

    It is negative when the second date is the earlier one, which is how dates are compared in a condition.

    >>> rule("date_diff(startDate, endDate, 'days')", startDate="2026-03-02", endDate="2026-03-09")
    7
    >>> rule("date_diff(startDate, endDate, 'years')", startDate="2024-03-02", endDate="2026-03-01")
    1
    >>> rule("date_diff(endDate, extendedTo, 'days') > 0", endDate="2026-06-30", extendedTo="2026-06-01")
    False
    """
    first, second = moments.moment(first), moments.moment(second)
    return None if first is None or second is None else moments.apart(first, second, unit)


@rule_function(as_text, moments.as_zone)
def local_date(text, timezone):
    """The date in a time zone at a moment; a moment without an offset is UTC, and a date alone stays as it is.

    >>> rule("local_date(startDate, 'Australia/Sydney')", startDate="2026-03-01T13:00:00Z")
    '2026-03-02'
    >>> rule("local_date(startDate, 'Australia/Sydney')", startDate="2026-03-02")
    '2026-03-02'
    """
    value = moments.moment(text)
    if isinstance(value, datetime):
        value = _aware(value, offset.utc).astimezone(timezone).date()
    return value and moments.shown(value)


@rule_function(as_text, moments.as_zone, optional=1, entra="NumFromDate")
def filetime(text, timezone=None):
    """The moment as Active Directory counts it (100-nanosecond steps since 1601, UTC), as text: for accountExpires.

    A date is its midnight in the time zone, or in UTC without one. An account expires when the moment comes: for an
    account that works through the last day, add a day.

    >>> rule("filetime(date_add(endDate, 1, 'day'), 'Australia/Sydney')", endDate="2026-06-30")
    '134273016000000000'
    >>> rule("filetime(endDate)", endDate="1601-01-02")
    '864000000000'
    """
    value = moments.moment(text)
    if value is None:
        return None
    steps = ad_time.filetime(_aware(moments.with_time(value), timezone or offset.utc))
    if steps < 0:
        raise RuleError(f"{text!r} is before 1601")
    return str(steps)


@rule_function(as_whole, moments.as_zone, optional=1, entra="DateFromNum")
def from_filetime(number, timezone=None):
    """The date and time of a number such as accountExpires holds, in the time zone, or in UTC; null for never.

    >>> rule("from_filetime(expires, 'Australia/Sydney')", expires="134273016000000000")
    '2026-07-01T00:00:00+10:00'
    >>> rule("date(from_filetime(expires))", expires=864000000000)
    '1601-01-02'
    >>> rule("from_filetime(expires)", expires="9223372036854775807")
    """
    if str(number) in ad_time.NEVER:
        return None
    if number < 0:
        raise RuleError(f"{number} is not a moment")
    return moments.shown(ad_time.from_filetime(number).astimezone(timezone or offset.utc))


def _aware(value, there):
    return value if value.tzinfo else value.replace(tzinfo=there)
