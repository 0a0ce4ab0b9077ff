# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule that says which accounts without a mark are adopted now: ownership.adopt_when."""

from __future__ import annotations

from ..errors import HrisError, did_you_mean
from ..option_names import option_name
from .definitions import record_in
from .expressions import Expression, compile_condition
from .naming import EMPLOYEE
from .policies import Options

ACCOUNT = "account"  # the word below which the rule reads the account
DN, ENABLED = "dn", "enabled"  # what an account has beside its attributes


def compile_adoption(ownership: Options) -> Expression | None:
    """The condition of the option ownership; None where there is none. Raises HrisError."""
    text = ownership["adopt_when"]
    if text is None:
        return None
    place = option_name("ownership.adopt_when")
    if not ownership["adopt"]:
        hint = f"Remove {option_name('ownership.adopt')}, or this rule"
        raise HrisError("no account is adopted, so the rule is never asked", place, hint)
    with record_in(EMPLOYEE):
        condition = compile_condition(text, place)
    if condition.whole or (condition.uses(ACCOUNT) and not _read_of_account(condition)):
        hint = "Name each attribute, as in account.department"
        raise HrisError("the rule reads the whole account or employee", place, hint)
    for path in sorted(condition.paths):
        if path[0] not in (EMPLOYEE, ACCOUNT):
            advice = did_you_mean(path[0], [EMPLOYEE, ACCOUNT])
            advice = advice or "Write employee.x for a field of HR, account.x for an attribute"
            raise HrisError(f"unknown word '{path[0]}'", place, advice)
    return condition


def account_attributes(condition: Expression | None) -> list[str]:
    """The attributes of accounts that the condition reads."""
    if condition is None:
        return []
    return sorted(_read_of_account(condition) - {DN, ENABLED})


def _read_of_account(condition: Expression) -> set[str]:
    places = (place for read in condition.reads for place in read.places)
    return {place[1] for place in places if place[0] == ACCOUNT and len(place) > 1}
