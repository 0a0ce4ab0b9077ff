# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a record: the only walk through what is inside of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from .records import Record

EACH = "[*]"  # in a path: each item of a list
DEEPEST = 40  # levels of a record: no HR system has as many, and no rule reads them
Path = tuple[str, ...]  # names of fields from the outermost to the innermost, and EACH
# Which fields of a record are kept: {name: the same of the object in it; None: all that is in it}
FieldTree: TypeAlias = "dict[str, FieldTree | None]"


def leaves(
    record: Record, into_lists: bool = True, depth: int | None = None
) -> Iterator[tuple[Path, Any]]:
    """Yield (path, value) of each field that holds no further fields, in the record's order.

    Lists and objects without fields are values. into_lists: whether the objects in a list have
    fields of the record; else a list is a value. depth: how many steps a path may have.
    """
    return _leaves(record, (), into_lists, depth)


def _leaves(
    value: Any, path: Path, into_lists: bool, depth: int | None
) -> Iterator[tuple[Path, Any]]:
    if depth is None or len(path) < depth:
        if isinstance(value, dict) and (value or not path):
            for name, item in value.items():
                # Most values are scalars: no generator for them
                if isinstance(item, (dict, list)):
                    yield from _leaves(item, (*path, name), into_lists, depth)
                else:
                    yield (*path, name), item
            return
        if into_lists and isinstance(value, list) and _holds_fields(value):
            for item in value:
                yield from _leaves(item, (*path, EACH), into_lists, depth)
            return
    yield path, value


def without_deep_values(record: Record) -> Record:
    """The record, in which null stands for everything below the level DEEPEST.

    Python ends the work on values that are nested much deeper (RecursionError): one record of this
    kind would stop all others. Changes the record.
    """
    for name, value in record.items():
        if isinstance(value, (dict, list)):
            record[name] = without_deep_value(value, 1)
    return record


def without_deep_value(value: Any, level: int) -> Any:
    """The same for an object or a list that stands at a level below the record."""
    if level == DEEPEST:
        return None
    places = value.items() if isinstance(value, dict) else enumerate(value)
    for place, inner in places:
        if isinstance(inner, (dict, list)):
            value[place] = without_deep_value(inner, level + 1)
    return value


def _holds_fields(items: list[Any]) -> bool:
    for item in items:
        if isinstance(item, dict) and item:
            return True
        if isinstance(item, list) and _holds_fields(item):
            return True
    return False


def mapped(record: Record, change: Callable[[Path, Any], Any]) -> Record:
    """A copy of the record with change(path, scalar) in the place of each scalar.

    Paths lack EACH.
    """
    return _mapped(record, (), change)


def _mapped(value: Any, path: Path, change: Callable[[Path, Any], Any]) -> Any:
    if isinstance(value, dict):
        return {name: _mapped(item, (*path, name), change) for name, item in value.items()}
    if isinstance(value, list):
        return [_mapped(item, path, change) for item in value]
    return change(path, value)


def tree_of(paths: Iterable[Path]) -> FieldTree:
    """The tree of the fields at these paths, with all that is in them. Paths lack EACH."""
    tree: FieldTree = {}
    for path in sorted(paths, key=len):  # a field as a whole comes before what is inside of it
        here = tree
        for name in path[:-1]:
            inner = here.setdefault(name, {})
            if inner is None:
                break
            here = inner
        else:
            here[path[-1]] = None
    return tree


def kept_part(
    record: Record, tree: FieldTree, left_out: dict[Path, None], above: Path = ()
) -> Record:
    """A copy of the record with the fields of the tree. The paths of others go into left_out.

    Where the tree goes on and the record has no object, the value stays: a rule about the object
    tells what is wrong.
    """
    kept = {}
    for name, value in record.items():
        if name not in tree:
            left_out[(*above, name)] = None
            continue
        inner = tree[name]
        if inner is not None and isinstance(value, dict):
            value = kept_part(value, inner, left_out, (*above, name))
        kept[name] = value
    return kept
