# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account remembers of the values and the place that the leaver rules change, so that a
rehire can get them back.

The attribute ``leaver.record`` holds texts such as ``hris.ad saved=mobile since=2026-03-02 1/1
["+61"]``: the values as JSON, in as many parts as its 255 characters need. An account is named by
its objectGUID, since it may have moved when the values are given back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..rules.times import is_day

PREFIX = "hris.ad saved="
PLACE = "distinguishedName"  # stands for the place of the account
GUID, END_OF_GUID = "<GUID=", ">"  # an account as a value, as Active Directory writes it
_TEXT = re.compile(
    r"hris\.ad saved=(?P<name>[\w;-]+) since=(?P<since>\S+) (?P<part>\d+)/(?P<of>\d+) (?P<json>.*)",
    re.ASCII,
)
_CHARACTERS = 150  # of a part: with what stands before it, it fits into 255 characters
MOST_PARTS = 30  # of one attribute: a list of addresses fits, a photo does not


class SavedValues(NamedTuple):
    """The values of one attribute before the leaver rules changed it."""

    name: str  # the attribute, as the directory spells it, or PLACE
    since: str  # the first day without access, ISO 8601
    values: tuple[str, ...]  # () where it had none


Saved = dict[str, SavedValues]  # {attribute in lower case: its values}
NOTHING_SAVED: Saved = {}


def saved_in(texts: Iterable[str]) -> Saved:
    """What the values of ``leaver.record`` remember. What was edited by hand says nothing."""
    parts: dict[tuple[str, str, int], dict[int, str]] = {}
    for text in texts:
        found = _TEXT.fullmatch(text) if text.startswith(PREFIX) else None
        if found and is_day(found["since"]) and len(found["of"]) <= 2:
            whole = (found["name"], found["since"], int(found["of"]))
            parts.setdefault(whole, {})[int(found["part"])] = found["json"]
    saved: Saved = {}
    for (name, since, count), texts_of in parts.items():
        if set(texts_of) == set(range(1, count + 1)):
            values = _values("".join(texts_of[number] for number in range(1, count + 1)))
            if values is not None:
                saved[name.casefold()] = SavedValues(name, since, values)
    return saved


def _values(text: str) -> tuple[str, ...] | None:
    try:
        values = json.loads(text)
    except ValueError:
        return None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return None
    return tuple(values)


def with_values(
    texts: Sequence[str], values: Mapping[str, Sequence[str]], since: str
) -> tuple[list[str], list[str]]:
    """(the values of ``leaver.record`` with these, attributes whose values are too long for it).

    What is remembered already stays as it is: those are the values of before the leaving.
    """
    known, after, too_long = saved_in(texts), list(texts), []
    for name, before in values.items():
        if name.casefold() in known:
            continue
        # A blank at the end of a part could get lost on the way
        text = json.dumps(list(before), separators=(",", ":")).replace(" ", "\\u0020")
        parts = [text[start : start + _CHARACTERS] for start in range(0, len(text), _CHARACTERS)]
        if len(parts) > MOST_PARTS:
            too_long.append(name)
            continue
        after += [
            f"{PREFIX}{name} since={since} {number}/{len(parts)} {part}"
            for number, part in enumerate(parts, 1)
        ]
    return after, too_long


def saves_place(texts: Iterable[str]) -> bool:
    """Whether these values of ``leaver.record`` remember a place."""
    return any(text.startswith(f"{PREFIX}{PLACE} ") for text in texts)


def as_guids(values: Iterable[str], guid_of: Callable[[str], str | None]) -> list[str]:
    """DNs as they are remembered: by objectGUID, where it is known."""
    return [f"{GUID}{guid}{END_OF_GUID}" if (guid := guid_of(dn)) else dn for dn in values]


def guid_in(value: str) -> str | None:
    """The objectGUID in a value; None for a value that names no account."""
    if value.startswith(GUID) and value.endswith(END_OF_GUID):
        return value.removeprefix(GUID).removesuffix(END_OF_GUID)
    return None


def without_saved(text: str) -> str:
    """A value of any attribute for people: saved values may be those of an attribute that is hidden
    from them.
    """
    found = _TEXT.fullmatch(text) if text.startswith(PREFIX) else None
    return text[: found.start("json")] + "…" if found else text
