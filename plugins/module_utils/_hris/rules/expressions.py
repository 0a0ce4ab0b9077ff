# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions and texts of rules: compiled once, evaluated for each record.

A plain string is a JMESPath expression. A string with ``{`` is text in which each ``{…}`` is an
expression: JMESPath's own use of braces, building objects, is not needed in a rule. Braces in the
quotes of a function's argument do not count. When an expression of a text has no value, the whole
text has none; ``{x || ''}`` is for a part that may be missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import HrisError
from .definitions import callable_names
from .field_reads import below, outside
from .single_expressions import Expression, compile_expression, compile_truth
from .text_templates import TextPolicy, all_quoted, compile_text
from .values import to_text

__all__ = [
    "Expression",
    "compile_answer_rule",
    "compile_condition",
    "compile_rule",
    "inside",
    "without",
]


def _inside_text(value: object) -> str:
    """A value inside a text: as AD stores it; empty text is allowed."""
    return to_text(value) or ""


RULE_TEXTS = TextPolicy(to_text=_inside_text, ascii_is_only_trimmed=True, single_spaces=True)


def compile_rule(
    source: object, place: str, escape: Callable[[str], str] | None = None
) -> Expression:
    """Compile an expression or a text with ``{…}``.

    source: the string from the inventory. place: where it is written there. escape: for the values
    inside a text (an OU's name in a DN). Raises HrisError for what is not a string, does not parse,
    or calls an unknown function.
    """
    if not isinstance(source, str) or not source.strip():
        raise HrisError(f"an expression or a text is needed, not {source!r}", place=place)
    if "{" in source and (escape or not all_quoted(source, callable_names())):
        return compile_text(source, place, RULE_TEXTS, escape)
    return compile_expression(source, place)


def compile_answer_rule(source: str, place: str) -> Expression:
    """Compile an expression over the answer of a server, which may be any JSON value.

    Raises HrisError for what does not parse, or calls an unknown function.
    """
    if "{" not in source or all_quoted(source, callable_names()):
        return compile_expression(source, place, of_records=False)
    text = compile_rule(source, place)

    def evaluate(value: object) -> object:
        return text.evaluate(value) if isinstance(value, dict) else None

    return Expression(source, place, evaluate, text.paths, text.whole)


def inside(expression: Expression, name: str) -> Expression:
    """The expression as one over the object in the field ``name``: what it reads of it."""
    paths = {path[1:] for path in expression.paths if path[0] == name and len(path) > 1}
    reads = (below(read, name) for read in expression.reads)
    return replace(
        expression,
        paths=frozenset(paths),
        whole=expression.whole or (name,) in expression.paths,
        reads=frozenset(read for read in reads if read is not None),
    )


def without(expression: Expression, name: str) -> Expression:
    """The expression as one that does not read the field ``name``."""
    reads = (outside(read, name) for read in expression.reads)
    return replace(
        expression,
        paths=frozenset(path for path in expression.paths if path[0] != name),
        reads=frozenset(read for read in reads if read is not None),
    )


def compile_condition(source: object, place: str) -> Expression:
    """Compile an expression whose value is true or false; null counts as false.

    source: a string, or true or false. Raises HrisError; ``evaluate`` raises it for a text, a
    number, a list or an object.
    """
    if isinstance(source, bool):
        return Expression(str(source), place, lambda record: source, frozenset())
    if isinstance(source, str) and source.strip():
        return compile_truth(source, place)
    raise HrisError(f"a condition is needed, not {source!r}", place=place)
