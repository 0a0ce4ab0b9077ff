# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON of a large object in pieces, so that it is never whole in memory: neither as plain data nor
as a text.

A field that is an iterator becomes a list, whose items are made and encoded one by one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Fields = Iterable[tuple[str, Any]]  # the names of an object's fields, and their values


def compact(fields: Fields, encode: Callable[[Any], str]) -> Iterator[str]:
    """Yield the JSON of an object without white space. encode: gives that of a value."""
    before = "{"
    for name, value in fields:
        yield f"{before}{encode(name)}:"
        before = ","
        if isinstance(value, Iterator):
            yield from _listed(map(encode, value), "[", ",", "]")
        else:
            yield encode(value)
    yield "}" if before == "," else "{}"


def indented(fields: Fields) -> Iterator[str]:
    """Yield the JSON of an object as json.dumps makes it with an indent of 1."""
    before = "{"
    for name, value in fields:
        yield f"{before}\n {json.dumps(name)}: "
        before = ","
        if isinstance(value, Iterator):
            yield from _listed((_inside(item, 2) for item in value), "[\n  ", ",\n  ", "\n ]")
        else:
            yield _inside(value, 1)
    yield "\n}" if before == "," else "{}"


def _listed(texts: Iterable[str], start: str, between: str, end: str) -> Iterator[str]:
    before = start
    for text in texts:
        yield before + text
        before = between
    yield end if before is between else "[]"


def _inside(value: Any, depth: int) -> str:
    """The JSON of a value that stands this deep. In JSON a line break is never a part of a text."""
    return json.dumps(value, indent=1).replace("\n", "\n" + " " * depth)
