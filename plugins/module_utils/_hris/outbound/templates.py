# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts and structures with ``{…}``, rendered from one object.

Everything outside of the braces is literal, so that a body may hold any text. In a structure, a
string that is one ``{…}`` and nothing else gives the value as it is (a list, a number, null). In
a text, a part without a value leaves the whole text without a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import HrisError
from ..model.records import Record
from ..rules import text_templates
from ..rules.expressions import Expression
from ..rules.text_templates import TextPolicy, pieces
from ..rules.values import JSON_BOOLEANS, to_text
from ..web import urls

_WHOLE_ADDRESS = re.compile(r"https?://[^/{}?#]+(/|$)")
_PATH = re.compile(r"/([^/]|$)")


def computed(place: str, evaluate: Callable[[Record], Any], source: str = "") -> Expression:
    """An expression that a function computes. The names it reads are checked in its parts."""
    return Expression(source, place, evaluate, frozenset())


def constant(value: Any, place: str) -> Expression:
    """An expression with the same value (JSON) for every object."""
    return computed(place, lambda _record: value, str(value))


def _inside_text(value: object) -> str:
    """A value inside a text: trimmed, with booleans as JSON writes them."""
    return to_text(value, JSON_BOOLEANS) or ""


# Literals stay as they are, and a part without a value leaves the whole text without a value.
TEXTS = TextPolicy(to_text=_inside_text, ascii_is_only_trimmed=True)


def compile_text(
    source: object, place: str, escape: Callable[[str], str] | None = None
) -> Expression:
    """A text. Its evaluation gives None when one of its parts has no value.

    source: a string or number of the inventory. escape: applied to each value that is inserted.
    Raises HrisError for what does not compile.
    """
    if isinstance(source, bool) or not isinstance(source, (str, int, float)):
        raise HrisError(f"a text is needed, not {source!r}", place)
    return text_templates.compile_text(str(source), place, TEXTS, escape)


def compile_url(source: Any, place: str, relative: bool) -> Expression:
    """An address in which each inserted value stays one part of the path.

    relative: whether it may be a path below a base address. The server is always literal, because
    the credentials go there, whatever an attribute holds. Raises HrisError.
    """
    text = str(source or "").strip()
    if not _WHOLE_ADDRESS.match(text) and not (relative and _PATH.match(text)):
        hint = None
        if not relative:
            hint = "Give base_url and a path that begins with /, or the whole address"
        raise HrisError(
            "the address does not begin with https:// and the name of a server, written out",
            place,
            hint,
        )
    literals = "".join(literal for literal, _inner in pieces(text, place))
    if set("?#@") & set(literals):
        raise HrisError(
            "the address contains a query, a fragment or a user name",
            place,
            "Give the query as params, and credentials as auth",
        )
    return compile_text(text, place, lambda value: urls.path_part(value, place))


def compile_tree(node: Any, place: str, leaves: list[Expression]) -> Expression:
    """A JSON structure whose texts are rendered; the names in objects are not.

    leaves: each compiled text is added to it, so that its names can be checked.
    """
    if isinstance(node, dict):
        members = {
            str(name): compile_tree(value, f"{place}.{name}", leaves)
            for name, value in node.items()
        }
        return computed(
            place,
            lambda record: {name: member.evaluate(record) for name, member in members.items()},
        )
    if isinstance(node, list):
        items = [
            compile_tree(value, f"{place}[{index}]", leaves) for index, value in enumerate(node)
        ]
        return computed(place, lambda record: [item.evaluate(record) for item in items])
    if not isinstance(node, str):
        return constant(node, place)
    leaf = compile_leaf(node, place)
    leaves.append(leaf)
    return leaf


def compile_leaf(source: str, place: str) -> Expression:
    """One text of a structure: a single ``{…}`` keeps the type of its value."""
    return text_templates.compile_value(source, place, TEXTS)


def compile_texts(
    texts: Mapping[str, Any] | None, place: str, leaves: list[Expression]
) -> dict[str, Expression]:
    """The compiled texts of headers or query parameters, by their names, which are literal."""
    compiled = {
        str(name): compile_text(text, f"{place}.{name}")
        for name, text in (texts or {}).items()
        if text is not None
    }
    leaves.extend(compiled.values())
    return compiled


def text_of(value: object, place: str) -> str:
    """A JSON value as text, as inside of a text; null as "".

    Raises HrisError for an object or a list.
    """
    try:
        return _inside_text(value)
    except HrisError as error:
        raise error.at(place) from None
