# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Macros: texts of an endpoint in which ``{…}`` stands for the value of an expression over variables.

Without braces a text is what it says. A text that is one ``{…}`` and nothing else keeps the value's type, so that a number in a
JSON body stays one. An unknown name is an error, and so is a value that is missing: neither may become an empty parameter.
"""

from __future__ import annotations

from ...errors import HrisError, did_you_mean
from ...rules.expressions import compile_condition
from ...rules.text_templates import pieces


def compile_macros(value, place: str, known):
    """callable(variables, escape=None) -> the value with its macros replaced; dicts and lists go all the way down.

    known: the names that variables will have. escape: callable(text) -> text, for each value that goes into a text.
    Raises HrisError naming an unknown macro, and on its call one without a value.
    """
    if isinstance(value, dict):
        inner = {
            name: compile_macros(item, f"{place}.{name}", known) for name, item in value.items()
        }
        return lambda variables, escape=None: {
            name: render(variables, escape) for name, render in inner.items()
        }
    if isinstance(value, list):
        items = [
            compile_macros(item, f"{place}[{index}]", known) for index, item in enumerate(value)
        ]
        return lambda variables, escape=None: [render(variables, escape) for render in items]
    if not isinstance(value, str) or not set("{}") & set(value):
        return lambda variables, escape=None: value
    return _text(list(_compiled(value, place, known)), place)


def _compiled(source: str, place: str, known):
    for literal, inner in pieces(source, place):
        if literal:
            yield literal
        if inner is not None:
            expression = compile_condition(
                inner.strip(), place
            )  # which takes an expression and no text: its braces are its own
            for path in sorted(expression.paths):
                if path[0] not in known:
                    raise HrisError(
                        f"unknown macro '{{{path[0]}}}'", place, did_you_mean(path[0], known)
                    )
            yield expression


def _text(parts: list, place: str):
    def render(variables, escape=None):
        values = [
            part if isinstance(part, str) else _value(part, variables, place) for part in parts
        ]
        if len(parts) == 1 and escape is None:
            return values[0]
        return "".join(
            value if isinstance(part, str) else (escape or str)(as_text(value, place))
            for part, value in zip(parts, values, strict=True)
        )

    return render


def _value(expression, variables: dict, place: str):
    value = expression.evaluate(variables)
    if value is None:
        raise HrisError(
            f"the macro '{{{expression.source}}}' has no value",
            place,
            f"Write {{{expression.source} || ''}} if it may be missing",
        )
    return value


def as_text(value, place: str) -> str:
    """A scalar as it is written in an address, a header or a form. Raises HrisError for an object or a list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    raise HrisError(
        "a text or a number is needed here, not "
        + ("nothing" if value is None else "an object or a list"),
        place,
    )


def as_texts(values: dict, place: str) -> dict:
    """The same for each parameter of a query or field of a form. A list is sent as several, a null is left out."""
    return {
        name: [as_text(item, f"{place}.{name}") for item in value]
        if isinstance(value, list)
        else as_text(value, f"{place}.{name}")
        for name, value in values.items()
        if value is not None
    }
