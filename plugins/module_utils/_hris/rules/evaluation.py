# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Syntax trees as Python functions, so that no interpreter walks a tree for each employee.

Paths, constants, comparisons, and, or, not and function calls become functions here. What is rarer
(projections, slices, multi-selects) is left to JMESPath's own interpreter. The meaning is that of
JMESPath (its specification, "Grammar"), with two differences: what decides (a condition, what !
negates, the condition of a filter) must be true, false or null (functions/truth.py), and what is
ordered must have an order (functions/order.py).
"""

from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller
from typing import Any

from ..model.records import Record
from .functions.order import have_order
from .functions.registry import RULE_FUNCTIONS, LibraryFunctions
from .functions.truth import presence, truth
from .interpreter import Interpreter
from .jmespath_library import Options, TreeInterpreter
from .syntax_trees import Node, Path, plain_path
from .values import is_falsy

Evaluator = Callable[[Record], Any]

_GIVES_TRUTH = frozenset(("comparator", "not_expression"))  # kinds of nodes: true, false or null
# Kinds of nodes whose functions raise nothing, whatever the record holds.
_NEVER_FAILS = frozenset(
    (
        "field",
        "subexpression",
        "literal",
        "or_expression",
        "current",
    )
)


def may_fail(node: Node) -> bool:
    """Whether the function of this node, without those below it, can raise for some record."""
    if node.kind == "comparator":  # two values that are nested too deeply cannot be compared
        if node.value not in ("eq", "ne"):
            return True  # two values may have no order
        return not any(child.kind == "literal" for child in node.children)
    return node.kind not in _NEVER_FAILS


def function_of(node: Node) -> Evaluator:
    """The function from a record to the node's value. It raises what JMESPath's functions raise."""
    path = plain_path(node)
    if path:
        return reader(path)
    build = _BUILDERS.get(node.kind)
    if build is None or any(child.kind == "expref" for child in node.children):
        return interpreted(node)
    return build(node)


def condition_of(node: Node) -> Evaluator:
    """The function from a record to true, false or None. It raises RuleError for other values."""
    if node.kind == "and_expression":
        return _both(*map(condition_of, node.children))
    if node.kind == "or_expression":
        return _either(*map(condition_of, node.children))
    value = function_of(node)
    if node.kind in _GIVES_TRUTH:
        return value
    name = _name(node)
    return lambda record: truth(value(record), name)


def _name(node: Node) -> str | None:
    path = plain_path(node)
    return ".".join(path) if path else None


def interpreted(node: Node) -> Evaluator:
    """The same, by JMESPath's own interpreter: slower, and for values that are no objects, too."""
    tree = node.tree
    visit = Interpreter(Options(custom_functions=LibraryFunctions())).visit
    return lambda record: visit(tree, record)


def reader(path: Path) -> Evaluator:
    """The function from a record to what is at a path, None where nothing is. A record is always an
    object; what it holds may be anything.
    """
    if len(path) == 1:
        return methodcaller("get", path[0])
    if len(path) == 2:
        return _path_of_two(*path)

    def follow(record: Record) -> Any:
        value: Any = record
        for name in path:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return follow


def _path_of_two(first: str, second: str) -> Evaluator:
    def follow(record: Record) -> Any:
        try:
            return record[first][second]
        except (KeyError, TypeError):  # a field is missing, or is no object
            return None

    return follow


def _literal(node: Node) -> Evaluator:
    value = node.value
    return lambda record: value


def _comparison(node: Node) -> Evaluator:
    operator = node.value
    left, right = map(function_of, node.children)
    other = node.children[1]
    if operator not in ("eq", "ne"):
        return _order(operator, left, right, (_name(node.children[0]), _name(other)))
    if other.kind == "literal" and isinstance(other.value, str):
        return _equality_with_text(operator, left, other.value)
    compare = TreeInterpreter.COMPARATOR_FUNC[operator]
    return lambda record: compare(left(record), right(record))


def _equality_with_text(operator: str, left: Evaluator, text: str) -> Evaluator:
    """Python's own comparison: only numbers and booleans differ in JMESPath (Python: True == 1)."""
    if operator == "eq":
        return lambda record: left(record) == text
    return lambda record: left(record) != text


def _order(
    operator: str, left: Evaluator, right: Evaluator, names: tuple[str | None, str | None]
) -> Evaluator:
    compare = TreeInterpreter.COMPARATOR_FUNC[operator]

    def ordered(record: Record) -> bool | None:
        one, other = left(record), right(record)
        return compare(one, other) if have_order(one, other, names) else None

    return ordered


def _or(node: Node) -> Evaluator:
    return _either(*map(function_of, node.children))


def _either(first: Evaluator, second: Evaluator) -> Evaluator:
    def either(record: Record) -> Any:
        value = first(record)
        if is_falsy(value):
            return second(record)
        return value

    return either


def _and(node: Node) -> Evaluator:
    """The second value, where the first one is there and not false."""
    left, right = node.children
    first, name = function_of(left), _name(left)
    return _both(lambda record: presence(first(record), name), function_of(right))


def _both(first: Evaluator, second: Evaluator) -> Evaluator:
    def both(record: Record) -> Any:
        return first(record) and second(record)

    return both


def _not(node: Node) -> Evaluator:
    inner = condition_of(node.children[0])
    return lambda record: not inner(record)


def _call(node: Node) -> Evaluator:
    arguments = [function_of(child) for child in node.children]
    rule_function = RULE_FUNCTIONS.get(node.value)
    if rule_function is None:
        name, call_by_name = node.value, LibraryFunctions().call_function
        return lambda record: call_by_name(name, [argument(record) for argument in arguments])
    call = rule_function.call
    return lambda record: call([argument(record) for argument in arguments])


_BUILDERS: dict[str, Callable[[Node], Evaluator]] = {
    "literal": _literal,
    "comparator": _comparison,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "function_expression": _call,
    "current": lambda node: lambda record: record,
}
