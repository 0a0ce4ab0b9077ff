# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two kinds of data class: `frozen` and `mutable`.

Both are dataclasses with slots. Ansible starts a new process for each module, and every process
pays for the classes that it imports: Python's own frozen dataclass compiles seven methods, which
takes five times as long as these. So equality, hash and text are functions shared by all classes,
and the type checker, not the running program, refuses a change to a frozen one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

Class = TypeVar("Class")
Value = TypeVar("Value")


def field(*, default_factory: Callable[[], Value]) -> Value:
    """A field whose value is made anew for each object, such as an empty list."""
    # pylint sees a field of dataclasses outside of one, because it knows only their own decorator
    made: Any = dataclasses.field(  # pylint: disable=invalid-field-call
        default_factory=default_factory
    )
    return made


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[Class]) -> type[Class]:
    """A class of values that never change. Equal values have equal hashes."""
    made = mutable(cls)
    made.__hash__ = _hash  # type: ignore[method-assign]
    return made


@dataclass_transform(field_specifiers=(field,))
def mutable(cls: type[Class]) -> type[Class]:
    """A class of values that are changed while they are worked on. They have no hash."""
    made = dataclasses.dataclass(slots=True, eq=False, repr=False)(cls)
    made.__repr__ = _text  # type: ignore[method-assign]
    made.__eq__ = _equal  # type: ignore[method-assign]
    made.__hash__ = None  # type: ignore[assignment]
    return made


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self, "compare") == _values(other, "compare")


def _hash(self: Any) -> int:
    return hash(_values(self, "compare"))


def _text(self: Any) -> str:
    shown = [one.name for one in dataclasses.fields(self) if one.repr]
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({values})"


def _values(self: Any, purpose: str) -> tuple[Any, ...]:
    fields = dataclasses.fields(self)
    return tuple(getattr(self, one.name) for one in fields if getattr(one, purpose))
