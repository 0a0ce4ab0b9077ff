# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One JMESPath expression, compiled once and evaluated for each record."""

from __future__ import annotations

from ..data_class import frozen
from ..errors import HrisError
from ..model.records import Record
from .definitions import callable_names, syntax_tree
from .evaluation import Evaluator, condition_of, function_of, interpreted, may_fail
from .field_reads import FieldRead, fields_read
from .functions.declaration import WrongValueError
from .functions.registry import check_call
from .syntax_trees import Node, Path, node_of, paths_read, reads_any_field, walk, why


@frozen
class Expression:
    """A compiled expression or text. ``evaluate(record)`` raises HrisError naming ``place``."""

    source: str  # as it is written in the inventory
    place: str  # where it is written: "mapping.title"
    evaluate: Evaluator  # from a record to the value, plain JSON
    paths: frozenset[Path]  # the fields that it reads from the record
    whole: bool = False  # whether it may read any field, by ``@`` or ``*``
    reads: frozenset[FieldRead] = frozenset()  # the fields that it reads, at every depth

    def uses(self, name: str) -> bool:
        """Whether the expression is known to read the top-level field ``name``."""
        return any(path[0] == name for path in self.paths)


def compile_expression(source: str, place: str, of_records: bool = True) -> Expression:
    """Compile an expression. Raises HrisError for one that does not parse or cannot be called.

    of_records: whether it is evaluated for objects only; else for any value.
    """
    tree = _parsed(source, place)
    return _compiled(tree, function_of(tree) if of_records else interpreted(tree), source, place)


def compile_truth(source: str, place: str) -> Expression:
    """As compile_expression, for a condition: its value is true, false or None, and ``evaluate``
    raises HrisError for any other.
    """
    tree = _parsed(source, place)
    return _compiled(tree, condition_of(tree), source, place, tree.kind == "comparator")


def _parsed(source: str, place: str) -> Node:
    tree = node_of(syntax_tree(source, place))
    for node in walk(tree):
        if node.kind == "function_expression":
            check_call(node.value, node.children, place, callable_names)
    return tree


def _compiled(
    tree: Node, evaluate: Evaluator, source: str, place: str, never_fails: bool = True
) -> Expression:
    if not never_fails or any(may_fail(node) for node in walk(tree)):
        evaluate = _with_place(evaluate, source, place)
    return Expression(
        source,
        place,
        evaluate,
        frozenset(paths_read(tree)),
        reads_any_field(tree),
        fields_read(tree),
    )


def _with_place(function: Evaluator, source: str, place: str) -> Evaluator:
    """The function, with every error as HrisError: those of JMESPath, and those that only a very
    unusual record can cause (one that is nested too deeply, a number of 5,000 digits).
    """

    def evaluate(record: Record) -> object:
        try:
            return function(record)
        except WrongValueError as error:
            raise HrisError(error.message, place, error.hint) from None
        except Exception as error:
            raise HrisError(f"{source!r} cannot be evaluated ({why(error)})", place) from error

    return evaluate
