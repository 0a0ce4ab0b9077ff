# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A large JSON object, read field by field from a text that comes in parts, so that neither its
text nor its data are ever whole in memory. json_pieces.py is the other way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def fields(parts: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield (name, value) of each field. A value that is a list is an iterator of its items, which
    is to be used before the next field is asked for.

    Raises ValueError for a text that is not one object, or that names a field twice.
    """
    window = _Window(parts)
    names: set[str] = set()
    for _place in _places(window, "{}"):
        name = window.value()
        if not isinstance(name, str) or name in names:
            raise ValueError("a field has no name, or that of another one")
        names.add(name)
        window.take(":")
        yield name, _items(window) if window.next() == "[" else window.value()
    if window.next():
        raise ValueError("the text goes on after the object")


def _items(window: _Window) -> Iterator[Any]:
    for _place in _places(window, "[]"):
        yield window.value()


def _places(window: _Window, brackets: str) -> Iterator[None]:
    """Stop at each place between the brackets where a value begins."""
    end = brackets[1]
    window.take(brackets[0])
    if window.next() == end:
        window.take(end)
        return
    yield
    while window.take(f",{end}") == ",":
        yield


class _Window:
    """What was read of the text, and is not decoded yet."""

    def __init__(self, parts: Iterable[str]):
        self._parts = iter(parts)
        self._text, self._at = "", 0

    def next(self) -> str:
        """The next character that is no white space; "" at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read():
                return ""

    def take(self, wanted: str) -> str:
        """The same, which is left behind, and must be one of these characters."""
        found = self.next()
        if not found or found not in wanted:
            raise ValueError(f"one of {wanted} is missing")
        self._at += 1
        return found

    def value(self) -> Any:
        """The next value, which is left behind."""
        self.next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._read():
                    raise
                continue
            if end < len(self._text) or not self._read():  # else it may go on, as a number does
                self._at = end
                return value

    def _read(self) -> bool:
        """Read on, as much again as there is, so that a long value is not decoded too often.
        Whether there was more.
        """
        left = self._text[self._at :]
        read, size = [], 0
        for part in self._parts:
            read.append(part)
            size += len(part)
            if size > len(left):
                break
        self._text, self._at = left + "".join(read), 0
        return size > 0
