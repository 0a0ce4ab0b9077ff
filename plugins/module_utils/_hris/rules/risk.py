# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of risk, compiled."""

from __future__ import annotations

from collections.abc import Sequence

from ..data_class import frozen
from ..errors import HrisError, did_you_mean
from ..option_names import option_name
from .expressions import Expression, compile_condition
from .policies import Options


@frozen
class Risk:
    """What makes a change one of high risk."""

    actions: tuple[str, ...]
    more_than: dict[str, int]  # action: accounts that are still few
    groups: tuple[str, ...]  # logon names or DNs
    people: tuple[Expression, ...]  # conditions over the employee
    hold: bool


def compile_risk(options: Options, actions: Sequence[str]) -> Risk:
    """Compile the option risk. actions: those that there are. Raises HrisError naming the place."""
    for action, most in (options["more_than"] or {}).items():
        if action not in actions:
            raise HrisError(
                f"unknown action '{action}'",
                place=option_name("risk.more_than"),
                hint=did_you_mean(action, actions),
            )
        if isinstance(most, bool) or not isinstance(most, int) or most < 0:
            raise HrisError(
                f"{most!r} is not a number of accounts",
                place=option_name(f"risk.more_than.{action}"),
            )
    people = tuple(
        compile_condition(text, option_name(f"risk.people[{index}]"))
        for index, text in enumerate(options["people"])
    )
    return Risk(
        tuple(options["actions"]),
        dict(options["more_than"] or {}),
        tuple(options["groups"]),
        people,
        options["hold"],
    )
