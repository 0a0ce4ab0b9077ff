# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the names of an account come from, and which ones it does not get."""

from __future__ import annotations

from collections.abc import Iterable

from ..data_class import field, mutable
from ..model import actions
from ..model.directory import Account
from ..model.plan import Change
from ..rules.ruleset import Ruleset
from .names_of_person import PassedOver
from .summary import HIDDEN


@mutable
class ExplainedName:
    """One name of the naming rules."""

    attribute: str
    rule: str
    source: str
    why: str
    passed_over: list[str] = field(default_factory=list)  # candidates, each with the reason


def explained_name(
    name: str,
    account: Account | None,
    changes: Iterable[Change],
    rules: Ruleset,
    passed_over: Iterable[PassedOver],
) -> ExplainedName:
    """Where a name of an account comes from. passed_over: names that the person does not get."""
    rule = rules.naming.attributes[name]
    why = "kept: names are given once" if account else "not given: no account is created"
    for change in changes:
        if name == "cn" and change.action in (actions.CREATE, actions.RENAME):
            why = f"given with {change.to or change.dn}"
            break
        if name in change.attributes:
            why = "given: " + "; ".join(change.attributes[name].after)
            break
    is_hidden = name.casefold() in rules.redact
    others = [
        f"{HIDDEN if is_hidden else one.value} {one.why}"
        for one in passed_over
        if one.attribute == name
    ]
    return ExplainedName(name, rule.place, rule.source, why, others)
