# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with ``{…}``: where the braces are, and which of them count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..errors import HrisError

QUOTES = "'\"`"


def pieces(source: str, place: str) -> Iterator[tuple[str, str | None]]:
    """Yield (literal, expression or None) for each ``{…}``; braces inside quotes belong to the expression."""
    position = 0
    while position < len(source):
        opening = source.find("{", position)
        stray = source.find("}", position, opening if opening >= 0 else len(source))
        if stray >= 0:
            raise HrisError(f"'}}' without '{{' in {source!r}", place=place)
        if opening < 0:
            yield source[position:], None
            return
        closing = _closing(source, opening, place)
        inner = source[opening + 1 : closing]
        if not inner.strip():
            raise HrisError(
                f"empty '{{}}' in {source!r}",
                place=place,
                hint="Write an expression between the braces",
            )
        yield source[position:opening], inner
        position = closing + 1


def all_quoted(source: str, functions: Iterable[str]) -> bool:
    """Whether this is an expression whose braces all stand in quotes: ``match(title, '[0-9]{4}')``.

    functions: the names that make it one; a text such as ``'{sn}'`` calls none of them outside its quotes.
    """
    outside = re.sub(
        r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`""", "''", source, flags=re.DOTALL
    )
    known = set(functions)
    return not set("{}") & set(outside) and any(
        name in known for name in re.findall(r"(\w+)\(", outside)
    )


def _closing(source: str, opening: int, place: str) -> int:
    quote, depth, position = None, 0, opening
    while position < len(source):
        character = source[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = None
        elif character in QUOTES:
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    raise HrisError(f"'{{' without '}}' in {source!r}", place=place)
