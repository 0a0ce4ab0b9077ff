# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields an expression reads, at every depth: also inside of filters, projections, indexes
and functions over lists.

The tree is followed with places in the record instead of values. ``channels[?kind == 'mobile']``
reads ``channels``, and of each item of it ``kind``. Where the value of a field can come from
several places, as in ``(manager || mentor).id``, one of them must have the field.
"""

from __future__ import annotations

from collections.abc import Callable

from ..data_class import frozen
from ..model.record_fields import EACH
from .syntax_trees import Node, walk

VALUES = "*"  # in a place: each value of an object
WRAPPED = "[]"  # in a place: a list that was made of the value
_UNKNOWN = "?"  # begins a place that cannot be told, such as the result of a function

Place = tuple[str, ...]  # from the record downwards: names of fields, EACH, VALUES, WRAPPED
Places = frozenset[Place]

RECORD: Places = frozenset({()})
NOWHERE: Places = frozenset()  # of a constant, a truth value, a number or a text
ANYWHERE: Places = frozenset({(_UNKNOWN,)})

# Functions whose result is, or holds, one of their arguments
_SAME_LIST = frozenset(("sort", "reverse", "unique", "sort_by"))
_ONE_OF_THE_LIST = frozenset(("max_by", "min_by"))
_ONE_OF_THE_ARGUMENTS = frozenset(("coalesce", "not_null", "merge"))
_FOR_EACH = frozenset(("sort_by", "max_by", "min_by"))  # the second argument is an expression
_TYPE_TESTS = frozenset(("is_text", "type"))


@frozen
class FieldRead:
    """Something that an expression reads: a field, or the items of a list."""

    places: Places  # where it can be: one of them must have it
    types_differ: bool  # the rule asks for the type, so a text may stand where an object can be


def fields_read(tree: Node) -> frozenset[FieldRead]:
    """Everything that the expression reads from the record."""
    found: set[Places] = set()
    _follow(tree, RECORD, found)
    types_differ = any(
        node.kind == "function_expression" and node.value in _TYPE_TESTS for node in walk(tree)
    )
    return frozenset(FieldRead(places, types_differ) for places in found)


def below(read: FieldRead, name: str) -> FieldRead | None:
    """What is read of the object in the field ``name``; None for a read of something else."""
    inside = frozenset(place[1:] for place in read.places if len(place) > 1 and place[0] == name)
    return FieldRead(inside, read.types_differ) if inside else None


def outside(read: FieldRead, name: str) -> FieldRead | None:
    """What is read of the record, but not in the field ``name``; None for a read of that field."""
    others = frozenset(place for place in read.places if place[:1] != (name,))
    return FieldRead(others, read.types_differ) if others else None


def _step(places: Places, step: str) -> Places:
    """The places one step further down."""
    found = set()
    for place in places:
        if place[:1] == (_UNKNOWN,):
            found.add(place)
        elif step == EACH and place[-1:] == (WRAPPED,):
            found.add(place[:-1])
        else:
            found.add((*place, step))
    return frozenset(found)


def _read(places: Places, step: str, found: set[Places]) -> Places:
    """As _step, and the step is noted as read."""
    inner = _step(places, step)
    if inner and not any(place[:1] == (_UNKNOWN,) for place in inner):
        found.add(inner)
    return inner


def _follow(node: Node, at: Places, found: set[Places]) -> Places:
    """Where the value of the node is, when its input is at these places."""
    follow = _FOLLOWERS.get(node.kind)
    if follow is not None:
        return follow(node, at, found)
    for child in node.children:
        _follow(child, at, found)
    return NOWHERE  # comparisons, not, constants


def _field(node: Node, at: Places, found: set[Places]) -> Places:
    return _read(at, node.value, found)


def _here(_node: Node, at: Places, _found: set[Places]) -> Places:
    return at


def _one_after_another(node: Node, at: Places, found: set[Places]) -> Places:
    for child in node.children:
        at = _follow(child, at, found)
    return at


def _index(_node: Node, at: Places, found: set[Places]) -> Places:
    return _read(at, EACH, found)


def _slice(_node: Node, at: Places, found: set[Places]) -> Places:
    _read(at, EACH, found)
    return at


def _projection(node: Node, at: Places, found: set[Places]) -> Places:
    """Also a filter, whose third child is the condition."""
    left, right, *condition = node.children
    step = VALUES if node.kind == "value_projection" else EACH
    items = _read(_follow(left, at, found), step, found)
    for child in condition:
        _follow(child, items, found)
    return _step(_follow(right, items, found), WRAPPED)


def _flatten(node: Node, at: Places, found: set[Places]) -> Places:
    """A list of the items, and of the items of those that are lists."""
    outer = _follow(node.children[0], at, found)
    return outer | _step(outer, EACH)


def _or(node: Node, at: Places, found: set[Places]) -> Places:
    first, second = node.children
    return _follow(first, at, found) | _follow(second, at, found)


def _and(node: Node, at: Places, found: set[Places]) -> Places:
    first, second = node.children
    _follow(first, at, found)
    return _follow(second, at, found)


def _list_of(node: Node, at: Places, found: set[Places]) -> Places:
    values = [_step(_follow(child, at, found), WRAPPED) for child in node.children]
    return NOWHERE.union(*values)


def _object_of(node: Node, at: Places, found: set[Places]) -> Places:
    for child in node.children:
        _follow(child, at, found)
    return ANYWHERE


def _call(node: Node, at: Places, found: set[Places]) -> Places:
    name, children = node.value, node.children
    if name == "map" and len(children) == 2:
        items = _read(_follow(children[1], at, found), EACH, found)
        return _step(_applied(children[0], items, found), WRAPPED)
    arguments = [_follow(child, at, found) for child in children if child.kind != "expref"]
    if name in _FOR_EACH and len(children) == 2 and arguments:
        _applied(children[1], _step(arguments[0], EACH), found)
    return _result_of(name, arguments)


def _result_of(name: str, arguments: list[Places]) -> Places:
    if not arguments:
        return ANYWHERE
    if name in _SAME_LIST:
        return arguments[0]
    if name in _ONE_OF_THE_LIST:
        return _step(arguments[0], EACH)
    if name in _ONE_OF_THE_ARGUMENTS:
        return NOWHERE.union(*arguments)
    if name == "iif":
        return NOWHERE.union(*arguments[1:])
    if name == "to_array":
        return arguments[0] | _step(arguments[0], WRAPPED)
    if name == "item":  # one value counts as a list of one
        return arguments[0] | _step(arguments[0], EACH)
    if name == "values":
        return _step(_step(arguments[0], VALUES), WRAPPED)
    return ANYWHERE


def _applied(node: Node, items: Places, found: set[Places]) -> Places:
    """The expression behind ``&``, over each item."""
    return _follow(node.children[0] if node.kind == "expref" else node, items, found)


def _unapplied(node: Node, _at: Places, found: set[Places]) -> Places:
    _follow(node.children[0], ANYWHERE, found)
    return ANYWHERE


_FOLLOWERS: dict[str, Callable[[Node, Places, set[Places]], Places]] = {
    "field": _field,
    "current": _here,
    "identity": _here,
    "subexpression": _one_after_another,
    "index_expression": _one_after_another,
    "pipe": _one_after_another,
    "index": _index,
    "slice": _slice,
    "projection": _projection,
    "filter_projection": _projection,
    "value_projection": _projection,
    "flatten": _flatten,
    "or_expression": _or,
    "and_expression": _and,
    "multi_select_list": _list_of,
    "multi_select_dict": _object_of,
    "function_expression": _call,
    "expref": _unapplied,
}
