# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an event source meets ansible-rulebook: its arguments, its libraries and its log."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .errors import HrisError
from .libraries import how_to_install, not_loaded, what_is_missing
from .visible_text import visible

# What ansible-rulebook itself adds to the arguments
_ADDED = ("eda_feedback_queue",)


def checked(
    name: str,
    args: Mapping[str, Any],
    argument_spec: Mapping[str, Any],
    libraries: Iterable[str] = (),
    required_one_of: Collection[Collection[str]] = (),
    mutually_exclusive: Collection[Collection[str]] = (),
) -> dict[str, Any]:
    """The arguments of a source with their defaults. name: of the source, for messages.

    Raises HrisError for a wrong argument, and for libraries that are missing.
    """
    if missing := not_loaded(libraries):
        hint = f"Install what is missing: {how_to_install(missing)}"
        raise HrisError(what_is_missing(missing), name, hint)
    validator = ArgumentSpecValidator(
        dict(argument_spec),
        required_one_of=list(required_one_of),
        mutually_exclusive=list(mutually_exclusive),
    )
    given = {option: value for option, value in args.items() if option not in _ADDED}
    found = validator.validate(given)
    if found.errors.errors:
        raise HrisError("; ".join(map(_words, found.errors.errors)), name)
    return dict(found.validated_parameters)


def _words(error: Exception) -> str:
    text = str(error).rstrip(".")
    return f"unknown argument {text}" if isinstance(error, UnsupportedError) else text


def log_of(name: str) -> logging.Logger:
    """The log of a source. name: of the source."""
    return logging.getLogger(name)


class Teller:
    """Shows warnings in the log, those of the last time not again."""

    def __init__(self, logger: logging.Logger):
        self._logger = logger
        self._last: set[str] = set()
        self._now: set[str] = set()

    def begin(self) -> None:
        """Another reading begins."""
        self._last, self._now = self._now, set()

    def __call__(self, text: str) -> None:
        """Show a warning."""
        self._now.add(text)
        if text not in self._last:
            self._logger.warning("%s", visible(text))
