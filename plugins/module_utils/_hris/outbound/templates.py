# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts and structures with `{…}`, compiled once and rendered for each object.

Everything outside of the braces is meant literally, so that a body may hold any text. In a structure, a string that is one `{…}` and
nothing else gives the value as it is (a list, a number, null); in a text, a part without a value leaves the whole text without one.
"""

from __future__ import annotations

import re

from ..errors import HrisError
from ..rules.expressions import Expression, compile_condition
from ..rules.text_templates import pieces
from ..rules.values import to_text
from ..web import urls


def compile_text(source, place: str, escape=None) -> Expression:
    """A text: evaluate(object) gives it, or None when one of its parts has no value. Raises HrisError for what does not compile.

    escape: callable(text) -> text, for each value that goes in.
    """
    if isinstance(source, bool) or not isinstance(source, (str, int, float)):
        raise HrisError(f"a text is needed, not {source!r}", place)
    parts = []
    for literal, inner in pieces(str(source), place):
        parts += [literal] if literal else []
        parts += [compile_condition(inner, place)] if inner is not None else []
    paths = frozenset().union(*(part.paths for part in parts if isinstance(part, Expression)))

    def evaluate(record):
        done = []
        for part in parts:
            if isinstance(part, Expression):
                value = part.evaluate(record)
                if value is None:
                    return None
                part = written(value, place)
                part = escape(part) if escape else part
            done.append(part)
        return "".join(done)

    return Expression(str(source), place, evaluate, paths)


def compile_url(source, place: str, relative: bool) -> Expression:
    """An address in which each value stays one part of the path. relative: whether it may be a path below a base address.

    Where it leads is written out and not rendered: the credentials go there, whatever an attribute holds.
    """
    text = str(source or "").strip()
    if not re.match(r"https?://[^/{}?#]+(/|$)", text) and not (
        relative and re.match(r"/[^/]", text + "x")
    ):
        raise HrisError(
            "the address does not begin with https:// and the name of a server, written out",
            place,
            "Give base_url and a path that begins with /, or the whole address"
            if not relative
            else None,
        )
    if any(sign in literal for literal, _inner in pieces(text, place) for sign in "?#@"):
        raise HrisError(
            "the address carries a query, a fragment or a user name",
            place,
            "Give what stands behind the question mark as params, and credentials as auth",
        )
    return compile_text(text, place, lambda value: urls.path_part(value, place))


def compile_tree(node, place: str, leaves: list) -> Expression:
    """A structure of dicts and lists whose texts are rendered, keys are not. leaves: gets every compiled text, for the check of names."""
    if isinstance(node, dict):
        children = {
            str(name): compile_tree(value, f"{place}.{name}", leaves)
            for name, value in node.items()
        }
        return Expression(
            "",
            place,
            lambda record: {name: child.evaluate(record) for name, child in children.items()},
            frozenset(),
        )
    if isinstance(node, list):
        items = [
            compile_tree(value, f"{place}[{number}]", leaves) for number, value in enumerate(node)
        ]
        return Expression(
            "", place, lambda record: [item.evaluate(record) for item in items], frozenset()
        )
    if not isinstance(node, str):
        return Expression(str(node), place, lambda record: node, frozenset())
    leaf = compile_leaf(node, place)
    leaves.append(leaf)
    return leaf


def compile_leaf(source: str, place: str) -> Expression:
    """One text of a structure: a lone `{…}` keeps its value's type."""
    found = list(pieces(source, place))
    if len(found) == 1 and not found[0][0] and found[0][1] is not None:
        return compile_condition(found[0][1], place)
    return compile_text(source, place)


def compile_texts(given, place: str, leaves: list) -> dict:
    """{name: compiled text} of headers or parameters. Their names are taken as they are."""
    found = {
        str(name): compile_text(value, f"{place}.{name}")
        for name, value in (given or {}).items()
        if value is not None
    }
    leaves.extend(found.values())
    return found


def written(value, place: str) -> str:
    """A value inside of a text. Booleans are written as JSON does. Raises HrisError for an object or a list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return to_text(value) or ""
    except HrisError as error:
        raise HrisError(error.message, place, error.hint) from None
