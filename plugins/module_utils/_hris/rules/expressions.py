# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions and texts: compiled once, evaluated for each record.

A plain string is a JMESPath expression. A string with ``{`` is text in which each ``{…}`` is an expression (JMESPath's own
use of braces, building objects, has no use in a rule; braces in the quotes of a function's argument do not count). When an
expression of a text has no value, the whole text has none: write ``{x || ''}`` for a part that may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

try:
    from jmespath import ast
    from jmespath import exceptions as jmespath_errors
    from jmespath.parser import Parser
except ImportError:  # edge.run says which library is missing before any rule is compiled
    Parser = object

from ..errors import HrisError
from .evaluation import NEVER_FAILS, function_of, plain_path
from .functions.table import check_call, function_names
from .text_templates import all_quoted, pieces
from .values import to_text


class RuleParser(Parser):
    """JMESPath that also takes numbers as they are written everywhere else: ``left(sn, 1)`` besides ``left(sn, `1`)``."""

    _CACHE: dict = {}  # its own, or the two grammars would share their results

    def _token_nud_number(self, token):
        return ast.literal(token["value"])


@dataclass(frozen=True)
class Expression:
    """A compiled rule text. ``evaluate(record)`` gives its value and raises HrisError naming ``place``."""

    source: str
    place: str
    evaluate: Callable[[dict], Any]
    paths: frozenset  # of tuples: the fields it reads from the record, ('position', 'title')
    whole: bool = False  # it may read any field, by ``@``

    def uses(self, name: str) -> bool:
        """Whether the expression reads the top-level field ``name``, as far as can be told."""
        return any(path[0] == name for path in self.paths)


def compile_rule(source, place: str, escape: Callable[[str], str] | None = None) -> Expression:
    """Compile an expression or a text with ``{…}``.

    source: the string from the inventory. place: where it stands there. escape: applied to each value that goes into a
    text (an OU's name inside a DN). Raises HrisError for what is no string, does not parse, or calls an unknown function.
    """
    if not isinstance(source, str) or not source.strip():
        raise HrisError(f"an expression or a text is needed, not {source!r}", place=place)
    if "{" in source and (escape or not all_quoted(source, function_names())):
        return _compile_text(source, place, escape)
    return _compile_expression(source, place)


def compile_condition(source, place: str) -> Expression:
    """Compile an expression that is used as yes or no (JMESPath's truth: null, false, '' and [] are no)."""
    if isinstance(source, bool):
        return Expression(str(source), place, lambda record: source, frozenset())
    expression = (
        _compile_expression(source, place) if isinstance(source, str) and source.strip() else None
    )
    if expression is None:
        raise HrisError(f"a condition is needed, not {source!r}", place=place)
    return expression


def _compile_expression(source: str, place: str) -> Expression:
    try:
        parsed = RuleParser().parse(source)
    except jmespath_errors.JMESPathError as error:
        reason = " ".join(str(error).split())
        raise HrisError(
            f"the expression does not parse: {source!r} ({reason})", place=place
        ) from None
    _check_functions(parsed.parsed, place)
    function = function_of(parsed.parsed)
    kinds = set(_kinds(parsed.parsed))
    evaluate = function if kinds <= NEVER_FAILS else _guarded(function, source, place)
    return Expression(source, place, evaluate, frozenset(_paths(parsed.parsed)), "current" in kinds)


def _guarded(function: Callable, source: str, place: str) -> Callable[[dict], Any]:
    """The function, with JMESPath's errors as HrisError."""

    def evaluate(record):
        try:
            return function(record)
        except jmespath_errors.JMESPathError as error:
            raise HrisError(f"{source!r} cannot be evaluated ({error})", place=place) from None

    return evaluate


def _check_functions(node: dict, place: str) -> None:
    if node["type"] == "function_expression":
        check_call(node["value"], node["children"], place)
    for child in node["children"]:
        if isinstance(child, dict):
            _check_functions(child, place)


def _paths(node: dict) -> set:
    """The paths that are read from the record itself; what stands behind a projection or pipe reads something else."""
    path = plain_path(node)
    if path:
        return {path}
    kind, children = node["type"], node["children"]
    if kind in (
        "projection",
        "value_projection",
        "filter_projection",
        "flatten",
        "subexpression",
        "pipe",
        "index_expression",
    ):
        return _paths(children[0])
    if kind == "expref":
        return set()
    found = set()
    for child in children:
        if isinstance(child, dict):
            found |= _paths(child)
    return found


def _kinds(node: dict):
    """Yield the kinds of all nodes of a tree."""
    yield node["type"]
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _kinds(child)


def _compile_text(source: str, place: str, escape) -> Expression:
    parts = []
    for literal, inner in pieces(source, place):
        if literal:
            parts.append(literal)
        if inner is not None:
            parts.append(_compile_expression(inner, place))
    paths = frozenset().union(*(part.paths for part in parts if isinstance(part, Expression)))

    steps = [(part, None) if isinstance(part, str) else (None, part.evaluate) for part in parts]

    def evaluate(record):
        written = []
        for literal, evaluate_part in steps:
            if evaluate_part is None:
                written.append(literal)
                continue
            value = evaluate_part(record)
            if value is None:
                return None
            if escape is None and isinstance(value, str) and value.isascii():
                written.append(value.strip())
                continue
            try:
                text = to_text(value) or ""
            except HrisError as error:
                raise HrisError(error.message, place=place, hint=error.hint) from None
            written.append(escape(text) if escape else text)
        whole = "".join(written)
        return (re.sub(" {2,}", " ", whole) if "  " in whole else whole).strip()

    return Expression(
        source,
        place,
        evaluate,
        paths,
        any(part.whole for part in parts if isinstance(part, Expression)),
    )
