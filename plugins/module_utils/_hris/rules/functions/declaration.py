# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a function of the rules is declared and called: its arguments, and what it does with null.

A function is declared with ``@rule_function(as_text, as_integer)``: a converter for each argument.
Null in any argument gives null, so that a missing field stays missing instead of becoming an error
or the text "None". ``handles_null=True`` is for the functions whose job is to handle null.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

from ...data_class import frozen
from ...errors import shortened
from ..jmespath_library import JMESPathError
from ..values import number_text

MAX_PADDED_LENGTH = 1024  # characters that padding may produce; AD's own limits are lower
LONGEST_TEXT = 1_000_000  # characters that a function takes: some need a second for so many

Converter = Callable[[Any], Any]  # from an argument to what the function takes
Function = TypeVar("Function", bound=Callable[..., Any])


class RuleError(JMESPathError):
    """A function cannot use its arguments. expressions.py makes it an HrisError with a place."""


class WrongValueError(RuleError):
    """A value of the record that a rule cannot use. message, hint: as of HrisError."""

    def __init__(self, message: str, hint: str):
        super().__init__(f"{message}. {hint}")
        self.message, self.hint = message, hint


class WrongArgumentError(Exception):
    """A converter does not take the value; the text says what it takes."""


@frozen
class RuleFunction:
    """One function that rules may call."""

    name: str  # in a rule
    function: Callable[..., Any]
    converters: tuple[Converter, ...]  # one for each argument
    least: int  # number of arguments that must be given
    repeats: int  # how many of the last arguments may be given again, together; 0 for none
    handles_null: bool  # whether the function is called with null
    entra: str  # its name in Microsoft Entra provisioning, "" where there is none
    library: str | None  # the third-party package that it needs

    @property
    def most(self) -> int | None:
        """The largest number of arguments; None for any number."""
        if self.repeats:
            return None
        return len(self.converters)

    def call(self, values: list[Any]) -> Any:
        """The function's value. Raises RuleError naming the function and what is wrong."""
        if None in values and not self.handles_null:
            return None
        converters = self.converters
        if len(values) > len(converters):
            converters = self._repeated(len(values))
        arguments = []
        for converter, value in zip(converters, values, strict=False):
            try:
                arguments.append(converter(value))
            except WrongArgumentError as error:
                raise self._refusal(len(arguments), value, error) from None
        try:
            return self.function(*arguments)
        except RuleError as error:
            raise RuleError(f"{self.name}(): {error}") from None
        except OverflowError:
            raise RuleError(f"{self.name}(): the result is out of range") from None

    def check(self, index: int, value: object) -> None:
        """Raise RuleError for an argument (counted from 0) that the function does not take."""
        try:
            self._repeated(index + 1)[index](value)
        except WrongArgumentError as error:
            raise self._refusal(index, value, error) from None

    def _repeated(self, count: int) -> tuple[Converter, ...]:
        """The converters of so many arguments, or of more."""
        converters = self.converters
        while len(converters) < count:
            converters += self.converters[-self.repeats :]
        return converters

    def _refusal(self, index: int, value: object, error: WrongArgumentError) -> RuleError:
        return RuleError(
            f"{self.name}() takes {error} as argument {index + 1}, not {shortened(value)}"
        )


DECLARED: dict[str, RuleFunction] = {}  # by name; filled as the modules of functions are imported


def rule_function(
    *converters: Converter,
    optional: int = 0,
    repeats: int = 0,
    handles_null: bool = False,
    entra: str = "",
    library: str | None = None,
) -> Callable[[Function], Function]:
    """Declare a function of the rules; the parameters are RuleFunction's.

    optional: how many of the last arguments may be left out. The function's name in a rule is its
    Python name without the underscore at the end, which keeps it from hiding a builtin.
    """

    def declare(function: Function) -> Function:
        name = function.__name__.rstrip("_")
        least = len(converters) - optional
        DECLARED[name] = RuleFunction(
            name, function, converters, least, repeats, handles_null, entra, library
        )
        return function

    return declare


def as_text(value: object) -> str:
    """Text, and numbers as their text."""
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise WrongArgumentError(f"a text of at most {LONGEST_TEXT} characters")
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return number_text(value)
    if isinstance(value, float) and math.isfinite(value):
        return number_text(value)
    raise WrongArgumentError("a text or a number")


def as_integer(value: object) -> int:
    """A whole number, or its text."""
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,30}\s*", value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise WrongArgumentError("a whole number")


def as_list(value: Any) -> list[Any]:
    """A list; one value is a list of one."""
    if isinstance(value, list):
        return value
    return [value]


def as_character(value: object) -> str:
    """One character."""
    text = as_text(value)
    if len(text) != 1:
        raise WrongArgumentError("one character")
    return text


def as_nonempty_text(value: object) -> str:
    """Text that is not empty."""
    text = as_text(value)
    if not text:
        raise WrongArgumentError("a text that is not empty")
    return text


def any_value(value: Any) -> Any:
    """Any value; null only for functions that handle null."""
    return value
