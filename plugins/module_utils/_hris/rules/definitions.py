# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an expression may call beside functions: named expressions, and the day of the run.

Both are put into the syntax tree when a rule is compiled: ``start_day()`` becomes the tree of the
definition, and ``today('Australia/Sydney')`` a date. So they cost nothing when the rule is
evaluated, and everything that looks at a tree (which fields are read, whether they exist) sees what
they stand for.

Which definitions there are is a matter of the whole set of rules, and most of the code between the
options and a syntax tree has nothing to do with it. So they are set around the compilation
(``defined``) instead of being a parameter of every function in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from ..data_class import mutable
from ..errors import HrisError
from .functions.registry import function_names
from .jmespath_library import JMESPathError, Tree
from .syntax_trees import call_of, parsed, record_only, text_constant, why

TODAY = "today"  # the function whose value is the day of the run
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CALL = "function_expression"


@mutable
class Scope:
    """What the rules that are compiled now may call."""

    trees: Mapping[str, Tree]  # {name of a definition: its syntax tree}
    moment: datetime | None  # of the run; None where it is not known yet
    below: str | None = None  # the field that has the record, in rules over another object
    asks_for_day: bool = False  # whether one of the rules calls today()


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


@contextmanager
def defined(trees: Mapping[str, Tree], moment: datetime | None) -> Iterator[Scope]:
    """Rules that are compiled inside may call these definitions, and today()."""
    scope = Scope(trees, moment)
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


@contextmanager
def record_in(name: str) -> Iterator[None]:
    """Rules that are compiled inside read another object, which has the record in this field."""
    scope = _scope.get()
    if scope is None:
        yield
        return
    scope.below = name
    try:
        yield
    finally:
        scope.below = None


def callable_names() -> list[str]:
    """Everything that an expression may call here."""
    scope = _scope.get()
    return sorted({*function_names(), *(scope.trees if scope else ())})


def syntax_tree(source: str, place: str) -> Tree:
    """The tree of an expression, with what its calls of definitions stand for.

    Raises HrisError for text that does not parse, and for a call that is not possible there.
    """
    tree = _parsed(source, place)
    scope = _scope.get()
    return tree if scope is None else _expanded(tree, scope, place, True)


def definition_trees(given: Mapping[str, object], place: str) -> dict[str, Tree]:
    """The definitions as syntax trees. given: {name: expression}; one may call others.

    Raises HrisError for a name or an expression that cannot be used, and for definitions that call
    each other in a circle.
    """
    trees = {name: _definition(name, source, f"{place}.{name}") for name, source in given.items()}
    checked: set[str] = set()

    def check(name: str, callers: Sequence[str]) -> None:
        if name in callers:
            circle = " → ".join((*callers[callers.index(name) :], name))
            raise HrisError(
                f"definitions call each other in a circle: {circle}",
                f"{place}.{name}",
                "Write one of them without the others",
            )
        if name not in checked:
            for called in _called(trees[name]):
                if called in trees:
                    check(called, (*callers, name))
            checked.add(name)

    for name in trees:
        check(name, ())
    return trees


def _definition(name: str, source: object, place: str) -> Tree:
    if not _NAME.fullmatch(name):
        raise HrisError(
            f"{name!r} cannot be called in an expression",
            place,
            "Use letters, digits and _, such as start_day",
        )
    if name in function_names():
        raise HrisError(f"there is a function '{name}' already", place, "Choose another name")
    if not isinstance(source, str) or not source.strip():
        raise HrisError(f"an expression is needed, not {source!r}", place)
    return _parsed(source, place)


def _parsed(source: str, place: str) -> Tree:
    try:
        return parsed(source)
    except JMESPathError as error:
        message = f"the expression does not parse: {source!r} ({why(error)})"
        raise HrisError(message, place) from None


def _called(tree: Tree) -> Iterator[str]:
    if tree["type"] == _CALL:
        yield tree["value"]
    for child in tree["children"]:
        if isinstance(child, dict):
            yield from _called(child)


def _expanded(tree: Tree, scope: Scope, place: str, of_record: bool) -> Tree:
    """The tree with what its calls stand for. of_record: whether it reads the record itself, and
    not something in it, as the condition of a filter does.
    """
    children = [
        _expanded(child, scope, place, of_record and record_only(tree, number))
        if isinstance(child, dict)
        else child
        for number, child in enumerate(tree["children"])
    ]
    if tree["type"] == _CALL:
        name = tree["value"]
        if name in scope.trees:
            return _meaning(name, children, scope, place, of_record)
        if name == TODAY and len(children) == 1:
            return _day(children[0], scope)
    return {**tree, "children": children}


def _meaning(
    name: str, arguments: Sequence[Tree], scope: Scope, place: str, of_record: bool
) -> Tree:
    if arguments:
        raise HrisError(f"{name}() takes no arguments", place, "It always reads the employee")
    if not of_record:
        raise HrisError(
            f"{name}() is called where an expression reads something inside of the employee: in a "
            "filter, in a projection or behind a pipe",
            place,
            f"Call {name}() outside of it",
        )
    tree = _expanded(scope.trees[name], scope, place, of_record)
    return tree if scope.below is None else _of_field(tree, scope.below)


def _of_field(tree: Tree, name: str) -> Tree:
    """The tree as one that reads the object in a field instead of the record."""
    record: Tree = {"type": "field", "children": [], "value": name}
    if tree["type"] == "field":
        return {"type": "subexpression", "value": None, "children": [record, tree]}
    if tree["type"] in ("current", "identity"):
        return record
    children = [
        _of_field(child, name) if isinstance(child, dict) and record_only(tree, number) else child
        for number, child in enumerate(tree["children"])
    ]
    return {**tree, "children": children}


def _day(timezone: Tree, scope: Scope) -> Tree:
    scope.asks_for_day = True
    if scope.moment is None:
        return call_of(TODAY, [timezone])
    moment = text_constant(scope.moment.isoformat(timespec="seconds"))
    return call_of("local_date", [moment, timezone])
