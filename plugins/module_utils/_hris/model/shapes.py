# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data of JSON as the data class that it must be: the types of its fields are its shape.

A document that others have written, or that was damaged, gets one error that names the field. It
quotes nothing of the document but the names of fields.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import is_
from typing import Any, TypeVar

from ..errors import HrisError, quoted

Class = TypeVar("Class")
Reader = Callable[[Any], Any]  # data -> the value; raises _MisfitError
_WORDS: Mapping[Any, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
    types.NoneType: "null",
}


class _MisfitError(Exception):
    """What does not fit, and the steps to its place, the innermost first."""

    def __init__(self, message: str, *steps: str):
        super().__init__(message)
        self.message, self.steps = message, list(steps)


def shaped(
    kind: Callable[..., Class], data: Any, fault: str, place: str, hint: str | None = None
) -> Class:
    """The data as an object of a data class. A list may be an iterator of its entries.

    Raises HrisError naming the place and the field that is missing, of another type or unknown.
    fault: what the document is then, such as ``the plan is not complete``. place: the file, and the
    line where it has several documents. hint: what to do about it.
    """
    try:
        made: Class = _reader(kind)(data)
    except _MisfitError as error:
        path = "".join(reversed(error.steps)).lstrip(".")
        message = ": ".join(filter(None, (fault, path, error.message)))
        raise HrisError(message, place, hint) from None
    return made


def check_field(kind: Callable[..., Any], name: str, value: Any, place: str) -> None:
    """Raise HrisError for a value that is none of the field of a data class."""
    try:
        _reader(_types(kind)[name])(value)
    except _MisfitError as error:
        path = name + "".join(reversed(error.steps))
        raise HrisError(f"{path}: {error.message}", place) from None


@cache
def _types(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@cache
def _reader(kind: Any) -> Reader:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return lambda data: data
    if origin in (types.UnionType, typing.Union):
        return _optional(inner)
    if origin in (list, Sequence):
        return _list(_reader(inner[0]))
    if origin is dict:
        return _dict(_reader(inner[1]))
    if dataclasses.is_dataclass(kind):
        return _object(kind)
    return _scalar(kind)


def _misfit(data: Any, wanted: str) -> _MisfitError:
    return _MisfitError(
        f"it must be {wanted}, and it is {_WORDS.get(type(data), 'something else')}"
    )


def _scalar(kind: Any) -> Reader:
    fitting = (int, float) if kind is float else (kind,)

    def read(data: Any) -> Any:
        if type(data) in fitting:
            return data
        raise _misfit(data, _WORDS[kind])

    return read


def _optional(kinds: Sequence[Any]) -> Reader:
    (some,) = (kind for kind in kinds if kind is not types.NoneType)
    inner = _reader(some)
    return lambda data: None if data is None else inner(data)


def _list(inner: Reader) -> Reader:
    def read(data: Any) -> Any:
        if not isinstance(data, (list, Iterator)):
            raise _misfit(data, "a list")
        found = []
        try:
            for entry in data:
                found.append(inner(entry))
        except _MisfitError as error:
            error.steps.append(f"[{len(found)}]")
            raise
        if isinstance(data, list) and all(map(is_, found, data)):
            return data  # one list in memory, not two
        return found

    return read


def _dict(inner: Reader) -> Reader:
    def read(data: Any) -> Any:
        if not isinstance(data, dict):
            raise _misfit(data, "an object")
        found = {}
        for name, value in data.items():
            try:
                found[name] = inner(value)
            except _MisfitError as error:
                error.steps.append(f".{name[:40]}")
                raise
        return found

    return read


def _object(kind: Any) -> Reader:
    hints = _types(kind)
    fields = dataclasses.fields(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields}
    missing = dataclasses.MISSING
    needed = [
        field.name
        for field in fields
        if field.default is missing and field.default_factory is missing
    ]

    def read(data: Any) -> Any:
        if not isinstance(data, dict):
            raise _misfit(data, "an object")
        values = {}
        for name, value in data.items():
            reader = readers.get(name)
            if reader is None:
                raise _MisfitError(f"it has no field {quoted(name)}")
            try:
                values[name] = reader(value)
            except _MisfitError as error:
                error.steps.append(f".{name}")
                raise
        for name in needed:
            if name not in values:
                raise _MisfitError("it is missing", f".{name}")
        return kind(**values)

    return read
