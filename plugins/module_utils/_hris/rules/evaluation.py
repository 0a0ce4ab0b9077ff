# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath's syntax trees as Python functions: what rules are made of needs no interpreter walking a tree for each employee.

Paths, literals, comparisons, and, or, not and function calls are functions here; what is rarer (projections, slices,
multi-selects) is left to JMESPath's own interpreter. The meaning is JMESPath's throughout (its specification, "Grammar").
"""

from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller

try:
    import jmespath
    from jmespath.visitor import TreeInterpreter
except ImportError:  # edge.run says which library is missing before any rule is compiled
    jmespath = TreeInterpreter = None

from .functions.table import RuleFunctions

# Kinds of nodes whose functions raise nothing, whatever the record.
NEVER_FAILS = {
    "field",
    "subexpression",
    "literal",
    "comparator",
    "or_expression",
    "and_expression",
    "not_expression",
    "current",
}


def function_of(node: dict) -> Callable:
    """callable(record) -> value, for a node of JMESPath's parser. It raises what JMESPath's functions raise."""
    path = plain_path(node)
    if path:
        return _following(path)
    build = _BUILT.get(node["type"])
    if build is None or any(
        isinstance(child, dict) and child["type"] == "expref" for child in node["children"]
    ):
        interpreter = TreeInterpreter(jmespath.Options(custom_functions=RuleFunctions()))
        return lambda record: interpreter.visit(node, record)
    return build(node)


def plain_path(node: dict) -> tuple | None:
    """('position', 'title') for position.title; None for anything richer."""
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] == "subexpression":
        parts = [plain_path(child) for child in node["children"]]
        if all(parts):
            return sum(parts, ())
    return None


def _following(path: tuple) -> Callable:
    """A record is an object always, what is inside of it need not be."""
    if len(path) == 1:
        return methodcaller("get", path[0])
    first, second = path[:2]

    def two(record):
        inner = record.get(first)
        return inner.get(second) if isinstance(inner, dict) else None

    def many(record):
        for name in path:
            if not isinstance(record, dict):
                return None
            record = record.get(name)
        return record

    return two if len(path) == 2 else many


def _literal(node: dict) -> Callable:
    value = node["value"]
    return lambda record: value


def _comparison(node: dict) -> Callable:
    left, right = map(function_of, node["children"])
    text = node["children"][1]
    if (
        node["value"] in ("eq", "ne")
        and text["type"] == "literal"
        and isinstance(text["value"], str)
    ):
        wanted = text[
            "value"
        ]  # only numbers and booleans need JMESPath's care, because Python takes True for 1
        return (
            (lambda record: left(record) == wanted)
            if node["value"] == "eq"
            else (lambda record: left(record) != wanted)
        )
    compare = TreeInterpreter.COMPARATOR_FUNC[node["value"]]
    if node["value"] in ("eq", "ne"):
        return lambda record: compare(left(record), right(record))

    def ordered(record):
        one, other = left(record), right(record)
        return compare(one, other) if _have_order(one, other) else None

    return ordered


def _either(node: dict) -> Callable:
    first, second = map(function_of, node["children"])

    def either(record):
        value = first(record)
        return second(record) if is_no(value) else value

    return either


def _both(node: dict) -> Callable:
    first, second = map(function_of, node["children"])

    def both(record):
        value = first(record)
        return value if is_no(value) else second(record)

    return both


def _negation(node: dict) -> Callable:
    inner = function_of(node["children"][0])
    return lambda record: is_no(inner(record))


def _call(node: dict) -> Callable:
    name, functions = node["value"], RuleFunctions()
    arguments = [function_of(child) for child in node["children"]]
    return lambda record: functions.call_function(
        name, [argument(record) for argument in arguments]
    )


def is_no(value) -> bool:
    """JMESPath's falsehood: null, false, and the empty text, list and object; 0 is none."""
    return value is None or value is False or (isinstance(value, (str, list, dict)) and not value)


def _have_order(one, other) -> bool:
    """Whether both are numbers or both texts; of anything else JMESPath gives null."""
    if isinstance(one, str):
        return isinstance(other, str)
    return all(
        isinstance(value, (int, float)) and not isinstance(value, bool) for value in (one, other)
    )


_BUILT = {
    "literal": _literal,
    "comparator": _comparison,
    "or_expression": _either,
    "and_expression": _both,
    "not_expression": _negation,
    "function_expression": _call,
    "current": lambda node: lambda record: record,
}
