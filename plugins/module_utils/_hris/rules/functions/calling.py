# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a function of the rules is declared and called: what it takes, and what becomes of null.

A function is declared with ``@rule_function(as_text, as_whole)``: one converter for each argument. Null in any argument gives
null, so that a missing field stays missing instead of becoming an error or the text "None"; ``nulls=True`` is for the
functions whose job is to handle null.
"""

from __future__ import annotations

import re

try:
    from jmespath.exceptions import JMESPathError
except ImportError:  # edge.run says which library is missing before any rule is compiled
    JMESPathError = ValueError

LONGEST = 1024  # characters that padding may make; AD's own limits are below that


class RuleError(JMESPathError):
    """An argument is nonsense; expressions.py turns it into HrisError with the place of the rule."""


class WrongKindError(Exception):
    """Raised by a converter: its text says what would have been right."""


def rule_function(
    *takes,
    optional: int = 0,
    repeats: int = 0,
    nulls: bool = False,
    entra: str = "",
    library: str | None = None,
):
    """Declare a function of the rules.

    takes: a converter for each argument. optional: how many of the last ones may be left out. repeats: how many of the last
    ones may be given again and again, together. nulls: whether the function sees null. entra: what Microsoft Entra
    provisioning calls it. library: the third-party package that it needs.
    """

    def declare(function):
        function.rule = {
            "takes": takes,
            "least": len(takes) - optional,
            "repeats": repeats,
            "nulls": nulls,
            "entra": entra,
            "library": library,
        }
        return function

    return declare


def call(name: str, function, given: list):
    """Convert the arguments and call. Raises RuleError naming the function and what is wrong."""
    rule = function.rule
    if not rule["nulls"] and any(value is None for value in given):
        return None
    arguments = [convert(name, function, index, value) for index, value in enumerate(given)]
    try:
        return function(*arguments)
    except RuleError as error:
        raise RuleError(f"{name}(): {error}") from None
    except OverflowError:
        raise RuleError(f"{name}(): the result is out of range") from None


def convert(name: str, function, index: int, value):
    """One argument as the function takes it. Raises RuleError that says what it takes."""
    takes, repeats = function.rule["takes"], function.rule["repeats"]
    try:
        return takes[
            index if index < len(takes) else len(takes) - repeats + (index - len(takes)) % repeats
        ](value)
    except WrongKindError as wanted:
        raise RuleError(
            f"{name}() takes {wanted} as argument {index + 1}, not {_shown(value)}"
        ) from None


def _shown(value) -> str:
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    return "null" if value is None else repr(value)


def as_text(value) -> str:
    """Text, and numbers as their text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongKindError("a text or a number")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def as_whole(value) -> int:
    """A whole number, or its text."""
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,30}\s*", value):
        return int(value)
    if isinstance(value, bool) or not (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    ):
        raise WrongKindError("a whole number")
    return int(value)


def as_list(value) -> list:
    """A list; one value is a list of one."""
    return value if isinstance(value, list) else [value]


def as_character(value) -> str:
    """One character."""
    text = as_text(value)
    if len(text) != 1:
        raise WrongKindError("one character")
    return text


def as_some_text(value) -> str:
    """Text that is not empty."""
    text = as_text(value)
    if not text:
        raise WrongKindError("a text that is not empty")
    return text


def anything(value):
    """Any value, null included where the function takes nulls."""
    return value
