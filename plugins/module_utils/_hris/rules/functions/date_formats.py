# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates in other forms than ISO: the % codes of strftime, with English names on every machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from ...data_class import frozen
from ...errors import shortened
from ...model.blank_texts import trimmed
from .declaration import RuleError, WrongArgumentError, as_nonempty_text

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TWO_DIGITS = r"\d{1,2}"  # a code of two digits also reads one
_WORD = r"[A-Za-z]+"
_FIRST_YEAR_OF_1900 = 69  # POSIX reads %y from 69 as 1969, below as 2000 and later


@frozen
class Code:
    """One % code: the regular expression of its text, and how a moment is written with it."""

    pattern: str
    write: Callable[[datetime], str]


def _half_of_day(moment: datetime) -> str:
    if moment.hour < 12:
        return "AM"
    return "PM"


CODES = {
    "Y": Code(r"\d{4}", lambda moment: f"{moment.year:04d}"),
    "y": Code(r"\d{2}", lambda moment: f"{moment.year % 100:02d}"),
    "m": Code(_TWO_DIGITS, lambda moment: f"{moment.month:02d}"),
    "B": Code(_WORD, lambda moment: MONTHS[moment.month - 1]),
    "b": Code(_WORD, lambda moment: MONTHS[moment.month - 1][:3]),
    "d": Code(_TWO_DIGITS, lambda moment: f"{moment.day:02d}"),
    "A": Code(_WORD, lambda moment: DAYS[moment.weekday()]),
    "a": Code(_WORD, lambda moment: DAYS[moment.weekday()][:3]),
    "H": Code(_TWO_DIGITS, lambda moment: f"{moment.hour:02d}"),
    "I": Code(_TWO_DIGITS, lambda moment: f"{(moment.hour - 1) % 12 + 1:02d}"),
    "p": Code(r"[AaPp]\.?[Mm]\.?", _half_of_day),
    "M": Code(_TWO_DIGITS, lambda moment: f"{moment.minute:02d}"),
    "S": Code(_TWO_DIGITS, lambda moment: f"{moment.second:02d}"),
    "z": Code(r"Z|[+-]\d{2}:?\d{2}", lambda moment: moment.strftime("%z")),
}


def as_output_format(value: object) -> str:
    """A format that a date can be written in."""
    format_text = as_nonempty_text(value)
    list(_pieces(format_text))
    return format_text


def as_input_format(value: object) -> str:
    """A format that a date can be read from: it has a year, a month and a day."""
    format_text = as_nonempty_text(value)
    _regular_expression(format_text)
    return format_text


def write(moment: datetime, format_text: str) -> str:
    """The moment in the format."""
    written = []
    for literal, code, short in _pieces(format_text):
        text = literal
        if code:
            text = CODES[code].write(moment)
        if short:
            text = text.lstrip("0") or "0"
        written.append(text)
    return "".join(written)


def read(text: str, format_text: str) -> datetime:
    """The moment that a text in the format means. Raises RuleError for any other text."""
    match = re.fullmatch(_regular_expression(format_text), trimmed(text))
    if match:
        try:
            return _moment(match.groupdict())
        except ValueError:
            pass  # 31 February, 13 PM
    raise RuleError(f"{shortened(text)} is not a date of the form {shortened(format_text)}")


def _pieces(format_text: str) -> Iterator[tuple[str, str | None, bool]]:
    """Yield (literal, code or None, whether without leading zero)."""
    for match in re.finditer(r"%(-?)(.?)|[^%]+", format_text, re.DOTALL):
        short, code = match[1], match[2]
        if code is None:
            yield match[0], None, False
        elif code == "%" and not short:
            yield "%", None, False
        elif code in CODES:
            yield "", code, bool(short)
        else:
            known = " ".join(f"%{name}" for name in CODES)
            raise WrongArgumentError(f"a date format with the codes {known}")


def _regular_expression(format_text: str) -> str:
    """The regular expression of texts in the format, with a group for each code."""
    expression = ""
    codes: set[str] = set()
    for literal, code, _short in _pieces(format_text):
        if code is None:
            expression += re.escape(literal)
            continue
        if code in codes:
            raise WrongArgumentError(f"a date format with %{code} once")
        codes.add(code)
        expression += f"(?P<{code}>{CODES[code].pattern})"
    if not all(codes & set(alternatives) for alternatives in ("Yy", "mBb", "d")):
        raise WrongArgumentError("a date format with a year, a month and a day")
    if "I" in codes and "p" not in codes:
        raise WrongArgumentError("a date format with %p beside %I")
    return expression


def _moment(parts: dict[str, str]) -> datetime:
    """The moment of the texts behind each code. Raises ValueError for one that does not exist."""
    return datetime(
        _year(parts),
        _month(parts),
        int(parts["d"]),
        _hour(parts),
        int(parts.get("M", "0")),
        int(parts.get("S", "0")),
        tzinfo=_offset(parts.get("z", "")),
    )


def _year(parts: dict[str, str]) -> int:
    if "Y" in parts:
        return int(parts["Y"])
    year = int(parts["y"])
    if year >= _FIRST_YEAR_OF_1900:
        return 1900 + year
    return 2000 + year


def _month(parts: dict[str, str]) -> int:
    if "m" in parts:
        return int(parts["m"])
    name = (parts.get("B") or parts["b"]).capitalize()
    for number, month in enumerate(MONTHS, start=1):
        if name in (month, month[:3]):
            return number
    raise ValueError(name)


def _hour(parts: dict[str, str]) -> int:
    if "I" not in parts:
        return int(parts.get("H", "0"))
    hour = int(parts["I"])
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    hour %= 12
    if parts["p"].upper().startswith("P"):
        hour += 12
    return hour


def _offset(text: str) -> timezone | None:
    """The time zone of +10:00, +1000 or Z; None for no text."""
    if not text:
        return None
    if text == "Z":
        return timezone.utc
    distance = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if text.startswith("-"):
        distance = -distance
    return timezone(distance)
