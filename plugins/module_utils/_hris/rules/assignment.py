# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that choose by condition: the organisational unit (first match) and the groups (all matches)."""

from __future__ import annotations

from dataclasses import dataclass

from ..ad_values.dn import escape_value, normal
from ..errors import HrisError
from .expressions import Expression, compile_condition, compile_rule


@dataclass(frozen=True)
class Assignment:
    """One rule: what it gives to the people that its condition holds for."""

    place: str
    when: Expression | None
    groups: tuple[str, ...] = ()
    ou: Expression | None = None
    on_create: bool = False
    create: bool = False

    def holds(self, employee: dict) -> bool:
        """Whether the rule is for this employee."""
        return self.when is None or bool(self.when.evaluate(employee))


def compile_placement(rules: list[dict]) -> list[Assignment]:
    """The placement rules, compiled; values that go into a DN are escaped. Raises HrisError."""
    if not rules:
        raise HrisError(
            "no placement rule",
            place="placement",
            hint="Give at least {ou: 'OU=Staff,DC=corp,DC=example'}",
        )
    compiled = []
    for index, rule in enumerate(rules):
        place = f"placement[{index}]"
        ou = literal_or_text(rule["ou"], f"{place}.ou")
        compiled.append(
            Assignment(
                place,
                _when(rule, place),
                ou=ou,
                on_create=rule.get("apply") == "on_create",
                create=bool(rule.get("create")),
            )
        )
    return compiled


def literal_or_text(source: str, place: str) -> Expression:
    """A DN: plain text, unless it holds ``{…}``. Raises HrisError for what is no DN."""
    if "{" in source:
        return compile_rule(source, place, escape=escape_value)
    try:
        normal(source)
    except HrisError:
        raise HrisError(
            f"{source!r} is not a distinguished name",
            place=place,
            hint="Such as OU=Staff,DC=corp,DC=example",
        ) from None
    return Expression(source, place, lambda employee: source, frozenset())


def compile_groups(rules: list[dict]) -> list[Assignment]:
    """The group rules, compiled. Raises HrisError."""
    compiled = []
    for index, rule in enumerate(rules or []):
        place = f"groups[{index}]"
        for name in rule["groups"]:
            if not name.strip() or "{" in name:
                raise HrisError(
                    f"{name!r} is not the name of a group",
                    place=f"{place}.groups",
                    hint="Groups are named as they are (logon name or DN), so that what is managed can be read in one place",
                )
        compiled.append(Assignment(place, _when(rule, place), groups=tuple(rule["groups"])))
    return compiled


def _when(rule: dict, place: str) -> Expression | None:
    return None if rule.get("when") is None else compile_condition(rule["when"], f"{place}.when")


def place_of(rules: list[Assignment], employee: dict) -> tuple[str, Assignment]:
    """The OU of the first rule that holds, and that rule. Raises HrisError when none does or its text has no value."""
    for rule in rules:
        if rule.holds(employee):
            ou = rule.ou.evaluate(employee)
            if not ou:
                raise HrisError(
                    f"{rule.ou.source!r} has no value",
                    place=rule.ou.place,
                    hint="Enter it in HR, or put a rule without it behind",
                )
            return ou, rule
    raise HrisError(
        "no placement rule holds", place="placement", hint="End the list with a rule without 'when'"
    )


def groups_of(rules: list[Assignment], employee: dict) -> tuple[str, ...]:
    """The groups of all rules that hold, as they are named there."""
    return tuple(
        dict.fromkeys(
            [
                name
                for rule in rules
                if rule.when is None or rule.when.evaluate(employee)
                for name in rule.groups
            ]
        )
    )
