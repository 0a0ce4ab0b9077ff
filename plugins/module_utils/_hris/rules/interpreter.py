# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath's interpreter, with conditions that are true, false or null (functions/truth.py)."""

from __future__ import annotations

from typing import Any

from .functions.order import have_order
from .functions.truth import presence, truth
from .jmespath_library import Tree, TreeInterpreter


class Interpreter(TreeInterpreter):
    """Walks the syntax tree of what is not made a function (evaluation.py)."""

    def visit_filter_projection(self, node: Tree, value: Any) -> list[Any] | None:
        """The items for which the condition holds. Raises RuleError for one that is no truth."""
        items, projected, condition = node["children"]
        found = self.visit(items, value)
        if not isinstance(found, list):
            return None
        chosen = (item for item in found if self._holds(condition, item))
        values = (self.visit(projected, item) for item in chosen)
        return [one for one in values if one is not None]

    def visit_not_expression(self, node: Tree, value: Any) -> bool:
        """The opposite. Raises RuleError for what is neither true, false nor null."""
        return not self._holds(node["children"][0], value)

    def visit_and_expression(self, node: Tree, value: Any) -> Any:
        """The second value, where the first one is there and not false."""
        first, second = node["children"]
        return presence(self.visit(first, value), _name(first)) and self.visit(second, value)

    def visit_comparator(self, node: Tree, value: Any) -> Any:
        """The result of a comparison. Raises RuleError for two values that have no order."""
        if node["value"] in ("eq", "ne"):
            return super().visit_comparator(node, value)
        one, other = (self.visit(child, value) for child in node["children"])
        first, second = map(_name, node["children"])
        if not have_order(one, other, (first, second)):
            return None
        return self.COMPARATOR_FUNC[node["value"]](one, other)

    def _holds(self, node: Tree, value: Any) -> bool | None:
        kind, children = node["type"], node["children"]
        if kind == "and_expression":
            return self._holds(children[0], value) and self._holds(children[1], value)
        if kind == "or_expression":
            return self._holds(children[0], value) or self._holds(children[1], value)
        return truth(self.visit(node, value), _name(node))


def _name(node: Tree) -> str | None:
    return node["value"] if node["type"] == "field" else None
