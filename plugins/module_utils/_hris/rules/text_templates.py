# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with ``{…}``: which braces count, and the compiler for all of them.

Rules, sources and outbound calls differ in three things, which are parameters of the compiler: what
a missing value does, how a value is written and which values are allowed (both TextPolicy), and how
a written value is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ..data_class import frozen
from ..errors import HrisError
from ..model.records import Record
from .evaluation import Evaluator
from .single_expressions import Expression, compile_expression

_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`""", re.DOTALL)
_CALLED = re.compile(r"(\w+)\(")
# What counts as one token while the end of an expression is looked for
_TOKEN = re.compile(_QUOTED.pattern + r"|[{}]", re.DOTALL)


@frozen
class TextPolicy:
    """How the values of ``{…}`` become parts of a text."""

    # Writes a value that is not null. Raises HrisError without a place for one that is not allowed.
    to_text: Callable[[object], str]
    # A value of null is an error; otherwise the whole text is null then.
    missing_is_error: bool = False
    # to_text only trims text of ASCII letters: it is not called for them, which is faster.
    ascii_is_only_trimmed: bool = False
    # Several spaces in the finished text become one, and none stay at its ends.
    single_spaces: bool = False


def compile_text(
    source: str, place: str, policy: TextPolicy, escape: Callable[[str], str] | None = None
) -> Expression:
    """Compile a text: ``evaluate(record)`` gives the text, or None where a value is missing.

    escape: for each value after it is written as text. Raises HrisError for a text that does not
    compile; ``evaluate`` raises it for a value that the policy does not allow.
    """
    parts: list[str] = []  # what the text consists of; "" where a value goes
    expressions: dict[int, Expression] = {}  # by the index of their value in parts
    for literal, inner in pieces(source, place):
        if literal:
            parts.append(literal)
        if inner is not None:
            expressions[len(parts)] = compile_expression(inner, place)
            parts.append("")
    evaluate = _text_evaluator(parts, expressions, place, policy, escape)
    paths = frozenset(path for expression in expressions.values() for path in expression.paths)
    whole = any(expression.whole for expression in expressions.values())
    reads = frozenset(read for expression in expressions.values() for read in expression.reads)
    return Expression(source, place, evaluate, paths, whole, reads)


def _text_evaluator(
    parts: list[str],
    expressions: dict[int, Expression],
    place: str,
    policy: TextPolicy,
    escape: Callable[[str], str] | None,
) -> Evaluator:
    """The function from a record to the text: the parts, with a value at each index."""
    evaluators = [(index, expression.evaluate) for index, expression in expressions.items()]
    to_text, single_spaces = policy.to_text, policy.single_spaces
    only_trimmed = policy.ascii_is_only_trimmed and escape is None

    def fill(record: Record) -> str | None:
        texts = parts.copy()
        for index, evaluate in evaluators:
            value = evaluate(record)
            if value is None:
                if policy.missing_is_error:
                    raise _missing(expressions[index])
                return None
            if only_trimmed and isinstance(value, str) and value.isascii():
                texts[index] = value.strip()
                continue
            try:
                text = to_text(value)
            except HrisError as error:
                raise HrisError(error.message, place, error.hint) from None
            if escape:
                text = escape(text)
            texts[index] = text
        whole = "".join(texts)
        if not single_spaces:
            return whole
        if "  " in whole:
            whole = re.sub(" {2,}", " ", whole)
        return whole.strip()

    return fill


def _missing(expression: Expression) -> HrisError:
    """The error about a value of null."""
    source = expression.source.strip()
    return HrisError(
        f"'{{{source}}}' has no value",
        expression.place,
        f"Write {{{source} || ''}} if it may be missing",
    )


def compile_value(
    source: str, place: str, policy: TextPolicy, escape: Callable[[str], str] | None = None
) -> Expression:
    """As compile_text, but a text that is one ``{…}`` and nothing else keeps its value's type.

    Then a number stays a number and a list a list; null stays null, or is the policy's error.
    """
    inner = _lone_expression(source, place)
    if inner is None:
        return compile_text(source, place, policy, escape)
    expression = compile_expression(inner, place)
    if not policy.missing_is_error:
        return expression

    def evaluate(record: Record) -> object:
        value = expression.evaluate(record)
        if value is None:
            raise _missing(expression)
        return value

    return replace(expression, source=source, place=place, evaluate=evaluate)


def _lone_expression(source: str, place: str) -> str | None:
    """The expression of a text that is one ``{…}`` and nothing else; None for any other text."""
    parts = list(pieces(source, place))
    if len(parts) == 1 and not parts[0][0]:
        return parts[0][1]
    return None


def pieces(source: str, place: str) -> Iterator[tuple[str, str | None]]:
    """Yield (literal, expression or None) for each ``{…}``.

    Braces inside quotes belong to the expression. Raises HrisError for braces that do not match.
    """
    position = 0
    while position < len(source):
        opening = source.find("{", position)
        literal = source[position:]
        if opening >= 0:
            literal = source[position:opening]
        if "}" in literal:
            raise HrisError(f"'}}' without '{{' in {source!r}", place=place)
        if opening < 0:
            yield literal, None
            return
        closing = _closing_brace(source, opening, place)
        inner = source[opening + 1 : closing]
        if not inner.strip():
            raise HrisError(
                f"empty '{{}}' in {source!r}",
                place=place,
                hint="Write an expression between the braces",
            )
        yield literal, inner
        position = closing + 1


def all_quoted(source: str, functions: Iterable[str]) -> bool:
    """Whether this is an expression whose braces are all in quotes: ``match(title, '[0-9]{4}')``.

    functions: the names that make it one. A text such as ``'{sn}'`` calls none of them outside its
    quotes.
    """
    outside = _QUOTED.sub("''", source)
    if "{" in outside or "}" in outside:
        return False
    return not set(functions).isdisjoint(_CALLED.findall(outside))


def _closing_brace(source: str, opening: int, place: str) -> int:
    """The position of the brace that closes the one at ``opening``. Raises HrisError for none."""
    depth = 0
    for token in _TOKEN.finditer(source, opening):
        if token[0] == "{":
            depth += 1
        elif token[0] == "}":
            depth -= 1
        if depth == 0:
            return token.start()
    raise HrisError(f"'{{' without '}}' in {source!r}", place=place)
