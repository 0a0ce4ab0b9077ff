# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates in other forms than ISO: the % codes of strftime, always with English names, whatever the machine's language."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from .calling import RuleError, WrongKindError, as_some_text

MONTHS = [
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
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# code: (what it looks like in a text, how it is written). A code of two digits also reads one; %-d writes one.
CODES = {
    "Y": (r"\d{4}", lambda moment: f"{moment.year:04d}"),
    "y": (r"\d{2}", lambda moment: f"{moment.year % 100:02d}"),
    "m": (r"\d{1,2}", lambda moment: f"{moment.month:02d}"),
    "B": (r"[A-Za-z]+", lambda moment: MONTHS[moment.month - 1]),
    "b": (r"[A-Za-z]+", lambda moment: MONTHS[moment.month - 1][:3]),
    "d": (r"\d{1,2}", lambda moment: f"{moment.day:02d}"),
    "A": (r"[A-Za-z]+", lambda moment: DAYS[moment.weekday()]),
    "a": (r"[A-Za-z]+", lambda moment: DAYS[moment.weekday()][:3]),
    "H": (r"\d{1,2}", lambda moment: f"{moment.hour:02d}"),
    "I": (r"\d{1,2}", lambda moment: f"{(moment.hour - 1) % 12 + 1:02d}"),
    "p": (r"[AaPp]\.?[Mm]\.?", lambda moment: "AM" if moment.hour < 12 else "PM"),
    "M": (r"\d{1,2}", lambda moment: f"{moment.minute:02d}"),
    "S": (r"\d{1,2}", lambda moment: f"{moment.second:02d}"),
    "z": (r"Z|[+-]\d{2}:?\d{2}", lambda moment: moment.strftime("%z")),
}


def as_form(value) -> str:
    """The form that a date is written in."""
    pattern = as_some_text(value)
    list(_pieces(pattern))
    return pattern


def as_readable_form(value) -> str:
    """The form that a date is read from: it has a year, a month and a day."""
    pattern = as_some_text(value)
    _expression(pattern)
    return pattern


def write(moment: datetime, pattern: str) -> str:
    """The moment in the form of the pattern."""
    written = []
    for literal, code, short in _pieces(pattern):
        text = CODES[code][1](moment) if code else literal
        written.append(text.lstrip("0") or "0" if short else text)
    return "".join(written)


def read(text: str, pattern: str) -> datetime:
    """The moment that a text of the pattern's form means. Raises RuleError for a text of another form or no real date."""
    found = re.fullmatch(_expression(pattern), text.strip())
    if not found:
        raise RuleError(f"{text!r} is not a date of the form {pattern!r}")
    parts = found.groupdict()
    try:
        return datetime(
            _year(parts),
            _month(parts),
            int(parts["d"]),
            *_time(parts),
            tzinfo=_offset(parts.get("z")),
        )
    except ValueError:
        raise RuleError(f"{text!r} is not a date of the form {pattern!r}") from None


def _pieces(pattern: str):
    """Yield (literal, code or None, whether without leading zero)."""
    for found in re.finditer(r"%(-?)(.?)|[^%]+", pattern, re.DOTALL):
        short, code = found[1], found[2]
        if code is None:
            yield found[0], None, False
        elif code == "%" and not short:
            yield "%", None, False
        elif code not in CODES:
            known = " ".join("%" + code for code in CODES)
            raise WrongKindError(f"a date format with the codes {known}")
        else:
            yield "", code, bool(short)


def _expression(pattern: str) -> str:
    expression, codes = "", set()
    for literal, code, _short in _pieces(pattern):
        if code is None:
            expression += re.escape(literal)
            continue
        if code in codes:
            raise WrongKindError(f"a date format with %{code} once")
        codes.add(code)
        expression += f"(?P<{code}>{CODES[code][0]})"
    for wanted in ("Yy", "mBb", "d"):
        if not codes & set(wanted):
            raise WrongKindError("a date format with a year, a month and a day")
    if "I" in codes and "p" not in codes:
        raise WrongKindError("a date format with %p beside %I")
    return expression


def _year(parts: dict) -> int:
    if "Y" in parts:
        return int(parts["Y"])
    year = int(parts["y"])
    return year + (1900 if year >= 69 else 2000)  # as POSIX reads %y


def _month(parts: dict) -> int:
    if "m" in parts:
        return int(parts["m"])
    name = (parts.get("B") or parts["b"]).capitalize()
    names = [month for month in MONTHS if name in (month, month[:3])]
    return MONTHS.index(names[0]) + 1 if names else 0  # 0 is no month: datetime refuses it


def _time(parts: dict) -> tuple[int, int, int]:
    hour = int(parts.get("H") or 0)
    if "I" in parts:
        hour = int(parts["I"])
        hour = hour % 12 + (12 if parts["p"][0] in "Pp" else 0) if 1 <= hour <= 12 else 99
    return hour, int(parts.get("M") or 0), int(parts.get("S") or 0)


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return timezone.utc
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
