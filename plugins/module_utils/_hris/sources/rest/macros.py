# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Macros: texts of an endpoint in which ``{…}`` stands for the value of an expression.

Without braces a text is what it says. A text that is one ``{…}`` and nothing else keeps the
value's type, so that a number in a JSON body stays one. An unknown name is an error, and so is a
value that is missing: neither may become an empty parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ...errors import HrisError, did_you_mean
from ...model.scalars import scalar_text
from ...rules.expressions import Expression, compile_condition
from ...rules.text_templates import pieces

Escape = Callable[[str], str]  # for each value that goes into a text


class Macro(Protocol):
    """What compile_macros returns."""

    def __call__(self, variables: Mapping[str, Any], escape: Escape | None = None, /) -> Any:
        """The value with its macros replaced. Raises HrisError for a macro without a value."""


def compile_macros(value: Any, place: str, known: Collection[str]) -> Macro:
    """Compile the texts of a value; objects and lists are compiled down to their texts.

    known: the names that the variables will have. Raises HrisError naming an unknown macro.
    """
    if isinstance(value, dict):
        return _object(value, place, known)
    if isinstance(value, list):
        return _list(value, place, known)
    if not isinstance(value, str) or not set("{}") & set(value):
        return _constant(value)
    return _text(list(_parts(value, place, known)), place)


def _constant(value: Any) -> Macro:
    def render(_variables: Mapping[str, Any], _escape: Escape | None = None) -> Any:
        return value

    return render


def _object(value: Mapping[str, Any], place: str, known: Collection[str]) -> Macro:
    inner = {name: compile_macros(item, f"{place}.{name}", known) for name, item in value.items()}

    def render(variables: Mapping[str, Any], escape: Escape | None = None) -> dict[str, Any]:
        return {name: macro(variables, escape) for name, macro in inner.items()}

    return render


def _list(value: Sequence[Any], place: str, known: Collection[str]) -> Macro:
    inner = [compile_macros(item, f"{place}[{index}]", known) for index, item in enumerate(value)]

    def render(variables: Mapping[str, Any], escape: Escape | None = None) -> list[Any]:
        return [macro(variables, escape) for macro in inner]

    return render


def _parts(source: str, place: str, known: Collection[str]) -> Iterator[str | Expression]:
    for literal, inner in pieces(source, place):
        if literal:
            yield literal
        if inner is None:
            continue
        # A condition is an expression and never a text, so braces inside belong to the expression
        expression = compile_condition(inner.strip(), place)
        for path in sorted(expression.paths):
            if path[0] not in known:
                raise HrisError(
                    f"unknown macro '{{{path[0]}}}'", place, did_you_mean(path[0], known)
                )
        yield expression


def _text(parts: Sequence[str | Expression], place: str) -> Macro:
    def render(variables: Mapping[str, Any], escape: Escape | None = None) -> Any:
        if len(parts) == 1 and escape is None:
            return _value(parts[0], variables, place)
        texts = []
        for part in parts:
            text = as_text(_value(part, variables, place), place)
            if escape is not None and isinstance(part, Expression):
                text = escape(text)
            texts.append(text)
        return "".join(texts)

    return render


def _value(part: str | Expression, variables: Mapping[str, Any], place: str) -> Any:
    if isinstance(part, str):
        return part
    value = part.evaluate(dict(variables))
    if value is None:
        raise HrisError(
            f"the macro '{{{part.source}}}' has no value",
            place,
            f"Write {{{part.source} || ''}} if it may be missing",
        )
    return value


def as_text(value: Any, place: str) -> str:
    """A scalar as an address, a header or a form contains it. Raises HrisError for other values."""
    text = scalar_text(value)
    if text is not None:
        return text
    kind = "nothing" if value is None else "an object or a list"
    raise HrisError(f"a text or a number is needed here, not {kind}", place)


def as_texts(values: Mapping[str, Any], place: str) -> dict[str, str | list[str]]:
    """The same for each parameter of a query or field of a form.

    A list is sent as several parameters, a null is left out.
    """
    texts: dict[str, str | list[str]] = {}
    for name, value in values.items():
        if isinstance(value, list):
            texts[name] = [as_text(item, f"{place}.{name}") for item in value]
        elif value is not None:
            texts[name] = as_text(value, f"{place}.{name}")
    return texts
