# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unusual values of a field: those that are unlike nearly all others, or look like placeholders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..planning.summary import HIDDEN
from ..rules.feed_profile import KINDS

USUAL = 95  # percent of the employees or values that make a rule, which the others break
FEWEST = 20  # employees or values that make a rule
LONGEST = 60  # characters of a value that are shown
FIRST_YEAR, LAST_YEAR = 1900, 2100
DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_PLACEHOLDER = re.compile(
    r"(?:n/?a|none|null|nil|unknown|undefined|tb[acd]|to be (?:advised|confirmed)|test|dummy"
    r"|x{2,}|\?+|-+|\.+|_+|0000-00-00.*)",
    re.IGNORECASE,
)
# A byte order mark, the sign for an unreadable character, controls, UTF-8 that was read as Latin-1,
# and HTML entities
_BROKEN = re.compile(
    "[\ufeff\ufffd\x00-\x08\x0b-\x1f\x7f]|\u00c3[\u0080-\u00bf]|\u00e2\u20ac"
    r"|&(?:amp|lt|gt|quot|#\d+);"
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")

Problems = dict[int, str]  # {position of the employee in the feed: what is unusual}


def is_usual(count: int, total: int) -> bool:
    """Whether so many of all make a rule."""
    return total >= FEWEST and 100 * count >= USUAL * total


def text_of(value: Any) -> str:
    """A value as text, for comparing and showing it."""
    return value if isinstance(value, str) else repr(value)


def shown(value: Any, is_hidden: bool) -> str:
    """A value in a message."""
    if is_hidden:
        return HIDDEN
    text = text_of(value)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}..."
    return f"'{text}'"


def type_of(value: Any) -> str:
    """The type of a value of JSON, for people."""
    return KINDS.get(type(value).__name__, "other")


def usual_type(values: Iterable[Any]) -> str:
    """The type of most values; empty without values."""
    counts = Counter(map(type_of, values))
    return max(counts, key=lambda kind: counts[kind], default="")


def unusual(values: Mapping[int, Any], is_hidden: bool) -> list[tuple[int, str]]:
    """[(position, sentence)] of the unusual values of a field, in the order of the feed."""
    texts = {number: value for number, value in values.items() if isinstance(value, str)}
    problems = _of_another_form(texts) | _of_another_type(values)
    for number, text in texts.items():
        problem = _problem_of(text)
        if problem:
            problems[number] = problem
    return [
        (number, f"{shown(values[number], is_hidden)} {problem}.")
        for number, problem in sorted(problems.items())
    ]


def _problem_of(text: str) -> str | None:
    """What is wrong with a text, whatever the others are."""
    if _BROKEN.search(text):
        return "has characters that were damaged on the way"
    bare = text.strip()
    if _PLACEHOLDER.fullmatch(bare):
        return "looks like a placeholder"
    if text != bare or "  " in text:
        return "has superfluous spaces"
    return None


def _of_another_type(values: Mapping[int, Any]) -> Problems:
    types = {number: type_of(value) for number, value in values.items()}
    usual = usual_type(values.values())
    if not is_usual(sum(one == usual for one in types.values()), len(values)):
        return {}
    return {
        number: f"is of the type {one}, but this field usually has the type {usual}"
        for number, one in types.items()
        if one != usual
    }


def _of_another_form(texts: Mapping[int, str]) -> Problems:
    """Texts that break the form which nearly all others have."""
    total = len(texts)
    if total < FEWEST:
        return {}
    if is_usual(sum(1 for text in texts.values() if DATE.fullmatch(text)), total):
        return {n: "is not a valid date" for n, text in texts.items() if not _is_date(text)}
    addresses = {number for number, text in texts.items() if _ADDRESS.fullmatch(text)}
    if is_usual(len(addresses), total):
        return {number: "is not an e-mail address" for number in texts.keys() - addresses}
    forms = {number: _form(text) for number, text in texts.items()}
    form, count = Counter(forms.values()).most_common(1)[0]
    if "9" not in form or not is_usual(count, total):
        return {}
    problem = f"does not have the form of the others ({form})"
    return {number: problem for number, other in forms.items() if other != form}


def _is_date(text: str) -> bool:
    match = DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    try:
        return FIRST_YEAR <= date(year, month, day).year <= LAST_YEAR
    except ValueError:
        return False


def _form(text: str) -> str:
    """The form of a text: 'E1001' is 'A9999'; letters that follow each other are one."""
    return _LETTERS.sub("A", _DIGIT.sub("9", text))
