# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All functions of the rules in one table: JMESPath's own and ours."""

from __future__ import annotations

import importlib.util

try:
    from jmespath.functions import Functions
except ImportError:  # edge.run says which library is missing before any rule is compiled
    Functions = object

from ...errors import HrisError, did_you_mean
from . import choices, dates, figures, letters, lists, parts, patterns, phones
from .calling import RuleError, call, convert

SUBJECTS = (letters, parts, patterns, lists, choices, figures, dates, phones)


def _named(function) -> str:
    """The name in a rule: Python's, without the underscore that keeps it from hiding a builtin."""
    return function.__name__.rstrip("_")


OURS = {
    _named(function): function
    for subject in SUBJECTS
    for function in vars(subject).values()
    if hasattr(function, "rule") and function.__module__ == subject.__name__
}


class RuleFunctions(Functions):
    """What JMESPath's interpreter calls; ours come before JMESPath's own."""

    def call_function(self, function_name, resolved_args):
        """The function's value. Raises JMESPathError for arguments that it does not take."""
        if function_name in OURS:
            return call(function_name, OURS[function_name], resolved_args)
        return super().call_function(function_name, resolved_args)


def function_names() -> list[str]:
    """Every function that an expression may call."""
    return sorted({*RuleFunctions.FUNCTION_TABLE, *OURS})


def check_call(name: str, arguments: list[dict], place: str) -> None:
    """Judge a call when the rule is compiled: the function, the number of arguments, and those that are constants.

    arguments: JMESPath's nodes. Raises HrisError for what cannot work, and when the function's library is missing.
    """
    given = len(arguments)
    if name not in OURS and name not in RuleFunctions.FUNCTION_TABLE:
        raise HrisError(
            f"unknown function '{name}'", place=place, hint=did_you_mean(name, function_names())
        )
    least, most, step = _arity(name)
    if (
        given < least
        or (most is not None and given > most)
        or (given > least and (given - least) % step)
    ):
        wanted = (
            str(least) if least == most else f"{least} to {most}" if most else f"{least} or more"
        )
        steps = f" (each time {step} more)" if given > least and step > 1 else ""
        raise HrisError(
            f"the function '{name}' takes {wanted} argument(s){steps}, not {given}", place=place
        )
    if name in OURS:
        _check_library(name, OURS[name].rule["library"], place)
        _check_constants(name, arguments, place)


def _check_library(name: str, library: str | None, place: str) -> None:
    if library and importlib.util.find_spec(library) is None:
        raise HrisError(
            f"the function '{name}' needs the Python library {library}, which is missing",
            place=place,
            hint=f"Install it where the module runs: pip install {library}",
        )


def _check_constants(name: str, arguments: list[dict], place: str) -> None:
    for index, node in enumerate(arguments):
        if node["type"] == "literal" and node["value"] is not None:
            try:
                convert(name, OURS[name], index, node["value"])
            except RuleError as error:
                raise HrisError(str(error), place=place) from None


def _arity(name: str) -> tuple[int, int | None, int]:
    """The least and the most arguments (None: any number), and in which steps they grow."""
    if name not in OURS:
        signature = RuleFunctions.FUNCTION_TABLE[name]["signature"]
        variadic = bool(signature) and signature[-1].get("variadic")
        return len(signature), None if variadic else len(signature), 1
    rule = OURS[name].rule
    return rule["least"], None if rule["repeats"] else len(rule["takes"]), rule["repeats"] or 1
