# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Syntax trees of JMESPath expressions: how text becomes a tree, and which fields a tree reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from ..data_class import frozen
from ..errors import reason
from .jmespath_library import JMESPathError, Parser, Tree, literal

LONGEST_REASON = 400  # characters
Path = tuple[str, ...]  # names of fields from the record downwards: ("position", "title")

# Of these nodes only the first child reads the record. The others read what the first one gives.
_FIRST_CHILD_READS = frozenset(
    (
        "projection",
        "value_projection",
        "filter_projection",
        "flatten",
        "subexpression",
        "pipe",
        "index_expression",
    )
)


class RuleParser(Parser):
    """JMESPath's parser that also takes plain numbers: ``left(sn, 1)`` and ``left(sn, `1`)``."""

    _CACHE: ClassVar[dict[str, Any]] = {}  # not shared with JMESPath: its grammar differs

    def _token_nud_number(self, token: dict[str, Any]) -> Any:
        return literal(token["value"])


@frozen
class Node:
    """One node of a syntax tree."""

    kind: str  # JMESPath's node type: "field", "comparator", …
    value: Any  # the name, operator or constant of the node; None where its kind has none
    children: tuple[Node, ...]  # without the bounds of a slice, which are numbers
    tree: Tree  # the same node as JMESPath's interpreter takes it


def parsed(source: str) -> Tree:
    """The tree of an expression. Raises JMESPathError for text that does not parse."""
    tree: Tree = RuleParser().parse(source).parsed
    return tree


def call_of(name: str, arguments: Sequence[Tree]) -> Tree:
    """The tree of a call of a function."""
    return {"type": "function_expression", "value": name, "children": [*arguments]}


def text_constant(text: str) -> Tree:
    """The tree of a text."""
    return {"type": "literal", "value": text, "children": []}


def record_only(tree: Tree, child: int) -> bool:
    """Whether this child reads what the node itself reads: not so in a filter, behind a pipe."""
    kind = tree["type"]
    return kind != "expref" and (child == 0 or kind not in _FIRST_CHILD_READS)


def why(error: Exception) -> str:
    """What is wrong with an expression. The text of JMESPath's own errors is made for people, and
    quotes the value; other errors are named by kind.
    """
    text = reason(error)[:LONGEST_REASON]
    if isinstance(error, JMESPathError):
        return text.removeprefix(f"{type(error).__name__}: ")
    return text


def node_of(tree: Tree) -> Node:
    """The nodes of a tree."""
    children = tuple(node_of(child) for child in tree["children"] if isinstance(child, dict))
    return Node(tree["type"], tree.get("value"), children, tree)


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and all nodes below it."""
    yield node
    for child in node.children:
        yield from walk(child)


def plain_path(node: Node) -> Path | None:
    """('position', 'title') for position.title; None for a node that is not only a path."""
    if node.kind == "field":
        return (node.value,)
    if node.kind != "subexpression":
        return None
    path: Path = ()
    for child in node.children:
        part = plain_path(child)
        if part is None:
            return None
        path += part
    return path


def paths_read(node: Node) -> set[Path]:
    """The paths that the node reads from the record itself."""
    path = plain_path(node)
    if path:
        return {path}
    if node.kind in _FIRST_CHILD_READS:
        return paths_read(node.children[0])
    if node.kind == "expref":
        return set()
    return {path for child in node.children for path in paths_read(child)}


def reads_any_field(node: Node) -> bool:
    """Whether the node reads the record as a whole, by ``@`` or ``*``.

    The ``@`` of a filter, of a projection or behind ``&`` is an item, not the record.
    """
    if node.kind == "current":
        return True
    if node.kind == "expref":
        return False
    if node.kind in _FIRST_CHILD_READS:
        first = node.children[0]
        if node.kind == "value_projection" and first.kind == "identity":
            return True
        return reads_any_field(first)
    return any(map(reads_any_field, node.children))
