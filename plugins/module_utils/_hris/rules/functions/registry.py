# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All functions that rules may call: JMESPath's own and those of this collection."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...errors import HrisError, did_you_mean
from ..jmespath_library import Functions
from ..syntax_trees import Node
from . import (
    conditions,
    dates,
    lists,
    phones,
    search_and_replace,
    substrings,
    text,
    whole_numbers,
)
from .declaration import DECLARED, RuleError, RuleFunction

# The modules in the order of docs/functions.md; importing them has declared their functions.
SUBJECTS = (
    text,
    substrings,
    search_and_replace,
    lists,
    conditions,
    whole_numbers,
    dates,
    phones,
)
RULE_FUNCTIONS: dict[str, RuleFunction] = DECLARED


class LibraryFunctions(Functions):
    """The functions as JMESPath's interpreter calls them: this collection's, then JMESPath's."""

    def call_function(self, function_name: str, resolved_args: Iterable[Any]) -> Any:
        """The function's value. Raises JMESPathError for arguments that it does not take."""
        rule_function = RULE_FUNCTIONS.get(function_name)
        if rule_function is not None:
            return rule_function.call(list(resolved_args))
        return super().call_function(function_name, resolved_args)


def function_names() -> list[str]:
    """The names of all functions that an expression may call."""
    return sorted({*LibraryFunctions.FUNCTION_TABLE, *RULE_FUNCTIONS})


def check_call(
    name: str, arguments: tuple[Node, ...], place: str, known: Callable[[], Sequence[str]]
) -> None:
    """Check a call when its rule is compiled: name, number of arguments, and constant arguments.

    known: gives what can be called here, for a name that is misspelled. Raises HrisError for a call
    that cannot work, and when the function's library is missing.
    """
    rule_function = RULE_FUNCTIONS.get(name)
    if rule_function is not None:
        step = rule_function.repeats or 1
        _check_count(name, len(arguments), rule_function.least, rule_function.most, step, place)
        _check_library(rule_function, place)
        _check_constants(rule_function, arguments, place)
    elif name in LibraryFunctions.FUNCTION_TABLE:
        least, most = _library_arity(name)
        _check_count(name, len(arguments), least, most, 1, place)
    else:
        hint = did_you_mean(name, known())
        raise HrisError(f"unknown function '{name}'", place=place, hint=hint)


def _library_arity(name: str) -> tuple[int, int | None]:
    """The smallest and largest number of arguments of a JMESPath function (None: any number)."""
    signature = LibraryFunctions.FUNCTION_TABLE[name]["signature"]
    if signature and signature[-1].get("variadic"):
        return len(signature), None
    return len(signature), len(signature)


def _check_count(
    name: str, count: int, least: int, most: int | None, step: int, place: str
) -> None:
    """Raise HrisError for a wrong number of arguments. step: how many are added together."""
    too_many = most is not None and count > most
    incomplete = count > least and (count - least) % step != 0
    if count >= least and not too_many and not incomplete:
        return
    expected = f"{least} to {most}"
    if most is None:
        expected = f"{least} or more"
    elif least == most:
        expected = str(least)
    steps = ""
    if count > least and step > 1:
        steps = f" (each time {step} more)"
    raise HrisError(
        f"the function '{name}' takes {expected} argument(s){steps}, not {count}", place=place
    )


def _check_library(rule_function: RuleFunction, place: str) -> None:
    library = rule_function.library
    if library and importlib.util.find_spec(library) is None:
        raise HrisError(
            f"the function '{rule_function.name}' needs the Python library {library}, "
            "which is missing",
            place=place,
            hint=f"Install it where the module runs: pip install {library}",
        )


def _check_constants(rule_function: RuleFunction, arguments: tuple[Node, ...], place: str) -> None:
    for index, node in enumerate(arguments):
        if node.kind != "literal" or node.value is None:
            continue
        try:
            rule_function.check(index, node.value)
        except RuleError as error:
            raise HrisError(str(error), place=place) from None
