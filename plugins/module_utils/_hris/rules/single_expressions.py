# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One JMESPath expression, compiled once and evaluated for each record."""

from __future__ import annotations

from ..data_class import frozen
from ..errors import HrisError
from ..model.records import Record
from .evaluation import NEVER_FAILS, Evaluator, condition_of, function_of
from .field_reads import FieldRead, fields_read
from .functions.registry import check_call
from .functions.truth import NoTruthError
from .jmespath_library import JMESPathError
from .syntax_trees import Node, Path, parse, paths_read, walk

LONGEST_REASON = 400  # characters


@frozen
class Expression:
    """A compiled expression or text. ``evaluate(record)`` raises HrisError naming ``place``."""

    source: str  # as it is written in the inventory
    place: str  # where it is written: "mapping.title"
    evaluate: Evaluator  # from a record to the value, plain JSON
    paths: frozenset[Path]  # the fields that it reads from the record
    whole: bool = False  # whether it may read any field, by ``@``
    reads: frozenset[FieldRead] = frozenset()  # the fields that it reads, at every depth

    def uses(self, name: str) -> bool:
        """Whether the expression is known to read the top-level field ``name``."""
        return any(path[0] == name for path in self.paths)


def compile_expression(source: str, place: str) -> Expression:
    """Compile an expression. Raises HrisError for one that does not parse or cannot be called."""
    tree = _parsed(source, place)
    return _compiled(tree, function_of(tree), source, place)


def compile_truth(source: str, place: str) -> Expression:
    """As compile_expression, for a condition: its value is true, false or None, and ``evaluate``
    raises HrisError for any other.
    """
    tree = _parsed(source, place)
    return _compiled(tree, condition_of(tree), source, place, tree.kind == "comparator")


def _parsed(source: str, place: str) -> Node:
    try:
        tree = parse(source)
    except JMESPathError as error:
        reason = " ".join(str(error).split())
        raise HrisError(
            f"the expression does not parse: {source!r} ({reason})", place=place
        ) from None
    for node in walk(tree):
        if node.kind == "function_expression":
            check_call(node.value, node.children, place)
    return tree


def _compiled(
    tree: Node, evaluate: Evaluator, source: str, place: str, never_fails: bool = True
) -> Expression:
    kinds = {node.kind for node in walk(tree)}
    if not never_fails or not kinds <= NEVER_FAILS:
        evaluate = _with_place(evaluate, source, place)
    return Expression(
        source,
        place,
        evaluate,
        frozenset(paths_read(tree)),
        "current" in kinds,
        fields_read(tree),
    )


def _with_place(function: Evaluator, source: str, place: str) -> Evaluator:
    """The function, with JMESPath's errors as HrisError."""

    def evaluate(record: Record) -> object:
        try:
            return function(record)
        except NoTruthError as error:
            raise HrisError(error.message, place, error.hint) from None
        except JMESPathError as error:
            reason = str(error)[:LONGEST_REASON]  # JMESPath's own errors quote the value
            raise HrisError(f"{source!r} cannot be evaluated ({reason})", place=place) from None

    return evaluate
