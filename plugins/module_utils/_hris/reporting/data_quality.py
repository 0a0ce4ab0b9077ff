# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quality of HR data: what is missing, double or odd in a feed, by field. The feed itself tells what is odd: most values agree."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from ..errors import HrisError, did_you_mean
from ..model.findings import ERROR, WARNING, finding
from ..model.record_fields import leaves
from ..planning.summary import HIDDEN

USUAL = 95  # percent of the employees or values that make a rule which the others break
FEWEST = 20  # values that it takes to speak of a rule
LONGEST = 60  # characters of a value that are shown
FIRST_YEAR, LAST_YEAR = 1900, 2100
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_STAND_IN = re.compile(
    r"(?:n/?a|none|null|nil|unknown|undefined|tb[acd]|to be (?:advised|confirmed)|test|dummy|x{2,}|\?+|-+|\.+|_+|0000-00-00.*)",
    re.IGNORECASE,
)
# A byte order mark, the sign for what could not be read, controls, and UTF-8 that was read as Latin-1
_BROKEN = re.compile(
    "[\ufeff\ufffd\x00-\x08\x0b-\x1f\x7f]|\u00c3[\u0080-\u00bf]|\u00e2\u20ac|&(?:amp|lt|gt|quot|#\\d+);"
)


def quality_of(
    employees: list[dict], key: str, required: list[str], unique: list[str], redact: list[str]
) -> dict:
    """{"employees": count, "fields": {field: {"filled", "missing", "double", "odd", "distinct", "type"}}, "findings": [finding, …]}.

    Fields are dotted paths. key: the field that identifies an employee. required, unique: fields that must have a value, and
    one that nobody else has; others are judged by what is usual. redact: fields whose values are not shown (a path, or its
    last name). Raises HrisError for a key or field that no employee has.
    """
    columns: dict[str, dict[int, object]] = {}
    for number, employee in enumerate(employees):
        for path, value in leaves(employee, into_lists=False):
            columns.setdefault(".".join(path), {})[number] = value
    _forget_empty_parents(columns)
    if employees:
        for place, names in (("key", [key]), ("required", required), ("unique", unique)):
            for name in names:
                if name not in columns:
                    raise HrisError(
                        f"no employee has the field '{name}'",
                        place=place,
                        hint=did_you_mean(name, columns),
                    )
    keys = [
        str(columns.get(key, {}).get(number) or f"record {number + 1}")
        for number in range(len(employees))
    ]
    hidden = {name.casefold() for name in redact}
    filled_of = {
        path: {number: value for number, value in column.items() if not _empty(value)}
        for path, column in columns.items()
    }
    fields, findings, told = {}, [], set()
    for path, filled in filled_of.items():
        secret = bool({path.casefold(), path.rpartition(".")[2].casefold()} & hidden)
        missing = _missing(path, filled_of, len(employees), path in required or path == key)
        double = _double(path, filled, path in unique or path == key, secret)
        odd = _odd(filled, secret)
        fields[path] = {
            "filled": len(filled), "missing": len(employees) - len(filled), "double": len(double), "odd": len(odd),
            "distinct": len({_text(value) for value in filled.values()}), "type": _usual_type(filled),
        }  # fmt: skip
        for number, place, message, level in missing:
            if (
                number,
                place,
            ) not in told:  # a reference without any of its fields is one thing that is missing
                told.add((number, place))
                findings.append(
                    finding("missing", message, key=keys[number], place=place, severity=level)
                )
        for kind, entries in (("double", double), ("odd", odd)):
            findings += [
                finding(kind, message, key=keys[number], place=path, severity=level)
                for number, message, level in entries
            ]
    return {"employees": len(employees), "fields": fields, "findings": findings}


def _forget_empty_parents(columns: dict) -> None:
    """A reference that is null for some has fields for the others: those tell what is missing."""
    parents = {path[:dot] for path in columns for dot, char in enumerate(path) if char == "."}
    for path in parents & set(columns):
        if all(_empty(value) for value in columns[path].values()):
            del columns[path]


def _empty(value) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def _text(value) -> str:
    return value if isinstance(value, str) else repr(value)


def _shown(value, secret: bool) -> str:
    if secret:
        return HIDDEN
    text = _text(value)
    return f"'{text[:LONGEST]}...'" if len(text) > LONGEST else f"'{text}'"


def _missing(path: str, filled_of: dict, employees: int, required: bool) -> list[tuple]:
    """(position, place, message, severity) of those without a value."""
    without = [number for number in range(employees) if number not in filled_of[path]]
    if required:
        return [(number, path, f"{path} is missing. Enter it in HR.", ERROR) for number in without]
    filled = employees - len(without)
    if employees < FEWEST or 100 * filled < USUAL * employees:
        return []
    share = int(1000 * filled / employees) / 10  # 1,999 of 2,000 are not 100 %
    places = [(number, _widest(path, number, filled_of)) for number in without]
    return [
        (number, place, f"{place} is missing; {share} % of the employees have it.", WARNING)
        for number, place in places
    ]


def _widest(path: str, number: int, filled_of: dict) -> str:
    """The outermost object around path of which this employee has nothing; path itself where there is none."""
    parent = path.rpartition(".")[0]
    while parent and not any(
        number in filled for other, filled in filled_of.items() if other.startswith(parent + ".")
    ):
        path, parent = parent, parent.rpartition(".")[0]
    return path


def _double(path: str, filled: dict, unique: bool, secret: bool) -> list[tuple]:
    """Values that several employees have, where the field is one that tells employees apart."""
    holders: dict[str, list[int]] = {}
    for number, value in filled.items():
        holders.setdefault(_text(value).strip().casefold(), []).append(number)
    if not unique:
        telling = sum(1 for value in filled.values() if _tells(value))
        if (
            len(filled) < FEWEST
            or 100 * telling < USUAL * len(filled)
            or 100 * len(holders) < USUAL * len(filled)
        ):
            return []
    level, found = ERROR if unique else WARNING, []
    for numbers in holders.values():
        if len(numbers) > 1:
            others = "1 other has it" if len(numbers) == 2 else f"{len(numbers) - 1} others have it"
            found += [
                (number, f"{path} is {_shown(filled[number], secret)}, and {others}, too.", level)
                for number in numbers
            ]
    return found


def _tells(value) -> bool:
    """Whether a value may be one that tells people apart: a number or an address, and no date."""
    return (
        isinstance(value, str) and bool(re.search(r"[\d@]", value)) and not _DATE.fullmatch(value)
    )


def _usual_type(filled: dict) -> str:
    kinds = Counter(_kind(value) for value in filled.values())
    return kinds.most_common(1)[0][0] if kinds else ""


def _kind(value) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = ((str, "text"), ((int, float), "number"), (list, "list"), (dict, "object"))
    return next(word for kind, word in kinds if isinstance(value, kind))


def _odd(filled: dict, secret: bool) -> list[tuple]:
    kind, texts = (
        _usual_type(filled),
        {number: value for number, value in filled.items() if isinstance(value, str)},
    )
    found = {}
    if len(filled) >= FEWEST and sum(
        1 for value in filled.values() if _kind(value) == kind
    ) * 100 >= USUAL * len(filled):
        found |= {
            number: f"is a {_kind(value)}, and usually it is a {kind}"
            for number, value in filled.items()
            if _kind(value) != kind
        }
    for number, text in texts.items():
        if _BROKEN.search(text):
            found[number] = "holds characters that were damaged on their way"
        elif _STAND_IN.fullmatch(text.strip()):
            found[number] = "looks like a stand-in for a value that nobody knew"
        elif text != text.strip() or "  " in text:
            found[number] = "has blanks too many"
    for number, words in _unlike(texts).items():
        found.setdefault(number, words)
    return [
        (number, f"{_shown(filled[number], secret)} {words}.", WARNING)
        for number, words in sorted(found.items())
    ]


def _unlike(texts: dict[int, str]) -> dict[int, str]:
    """{position: what is wrong} of texts that break the form which nearly all others have."""
    if len(texts) < FEWEST:
        return {}

    def usual(count: int) -> bool:
        return 100 * count >= USUAL * len(texts)

    if usual(sum(1 for text in texts.values() if _DATE.fullmatch(text))):
        return {
            number: "is no date that can be" for number, text in texts.items() if not _is_date(text)
        }
    if usual(sum(1 for text in texts.values() if _ADDRESS.fullmatch(text))):
        return {
            number: "is no e-mail address"
            for number, text in texts.items()
            if not _ADDRESS.fullmatch(text)
        }
    shapes = {number: _shape(text) for number, text in texts.items()}
    shape, count = Counter(shapes.values()).most_common(1)[0]
    if "9" not in shape or not usual(count):
        return {}
    return {
        number: f"has not the form of the others ({shape})"
        for number, other in shapes.items()
        if other != shape
    }


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    try:
        return (
            bool(match)
            and FIRST_YEAR <= date(int(match[1]), int(match[2]), int(match[3])).year <= LAST_YEAR
        )
    except ValueError:
        return False


def _shape(text: str) -> str:
    """The form of a text: 'E1001' is 'A9999'; letters that follow one another are one."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d", "9", text))
