# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Macros: texts of an endpoint in which ``{…}`` stands for the value of an expression.

Without braces a text is what it says. A text that is one ``{…}`` and nothing else keeps the
value's type, so that a number in a JSON body stays one. An unknown name is an error, and so is a
value that is missing: neither may become an empty parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ...errors import HrisError, did_you_mean
from ...model.records import Record
from ...rules.text_templates import TextPolicy, compile_text, compile_value
from ...rules.values import JSON_BOOLEANS, scalar_text

# callable(variables) -> the value with its macros replaced. Raises HrisError for a macro without a
# value.
Macro = Callable[[Record], Any]


def compile_macros(
    value: Any, place: str, known: Collection[str], escape: Callable[[str], str] | None = None
) -> Macro:
    """Compile the texts of a value; objects and lists are compiled down to their texts.

    known: the names that the variables will have. escape: for each value that is inserted; the
    result is then always a text. Raises HrisError naming an unknown macro.
    """
    if isinstance(value, dict):
        members = {
            name: compile_macros(item, f"{place}.{name}", known, escape)
            for name, item in value.items()
        }
        return lambda variables: {name: macro(variables) for name, macro in members.items()}
    if isinstance(value, list):
        items = [
            compile_macros(item, f"{place}[{index}]", known, escape)
            for index, item in enumerate(value)
        ]
        return lambda variables: [macro(variables) for macro in items]
    if not isinstance(value, str) or not set("{}") & set(value):
        return lambda _variables: value
    return _compile(value, place, known, escape)


def _compile(
    source: str, place: str, known: Collection[str], escape: Callable[[str], str] | None
) -> Macro:
    if escape is None:
        expression = compile_value(source, place, _MACROS)
    else:
        expression = compile_text(source, place, _MACROS, escape)
    for path in sorted(expression.paths):
        if path[0] not in known:
            raise HrisError(f"unknown macro '{{{path[0]}}}'", place, did_you_mean(path[0], known))
    return expression.evaluate


def _inside_text(value: object) -> str:
    """A value inside a text, with its blanks. Raises HrisError for an object or a list."""
    return scalar_text(value, JSON_BOOLEANS) or ""


_MACROS = TextPolicy(to_text=_inside_text, missing_is_error=True)


def as_text(value: Any, place: str) -> str:
    """A scalar as an address, a header or a form contains it. Raises HrisError for other values."""
    try:
        text = scalar_text(value, JSON_BOOLEANS)
    except HrisError as error:
        raise error.at(place) from None
    if text is None:
        raise HrisError("a text or a number is needed here, not null", place)
    return text


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
