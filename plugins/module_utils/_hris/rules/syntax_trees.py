# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Syntax trees of JMESPath expressions: how text becomes a tree, and which fields a tree reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ..data_class import frozen
from .jmespath_library import Parser, Tree, literal

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


def parse(source: str) -> Node:
    """The tree of an expression. Raises JMESPathError for text that does not parse."""
    return _node(RuleParser().parse(source).parsed)


def _node(tree: Tree) -> Node:
    children = tuple(_node(child) for child in tree["children"] if isinstance(child, dict))
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
