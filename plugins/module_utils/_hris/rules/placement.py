# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement rules: the organisational unit of an account. The first rule that holds decides."""

from __future__ import annotations

from functools import lru_cache

from ..ad_values.dn import escape_value, normal
from ..ad_values.texts import object_name
from ..data_class import frozen
from ..errors import HrisError
from ..model.records import Record
from ..option_names import option_name
from .expressions import Expression, compile_condition, compile_rule
from .policies import Options


@frozen
class PlacementRule:
    """One rule."""

    place: str  # the rule, for messages
    when: Expression | None  # None: it holds for everybody
    ou: Expression  # gives a DN
    on_create: bool  # only new accounts are put there
    create: bool  # an OU that does not exist is created


def compile_placement(rules: list[Options]) -> list[PlacementRule]:
    """The placement rules. Values that go into a DN are escaped. Raises HrisError for the first
    wrong rule.
    """
    if not rules:
        raise HrisError(
            "there is no placement rule",
            place=option_name("placement"),
            hint="Give at least {ou: 'OU=Staff,DC=corp,DC=example'}",
        )
    compiled = []
    for index, rule in enumerate(rules):
        place = option_name(f"placement[{index}]")
        compiled.append(
            PlacementRule(
                place,
                compile_when(rule.get("when"), place),
                compile_dn(rule["ou"], f"{place}.ou"),
                on_create=rule.get("apply") == "on_create",
                create=bool(rule.get("create")),
            )
        )
    return compiled


def compile_dn(source: str, place: str) -> Expression:
    """A DN: plain text, or text with ``{…}``. Raises HrisError for text that is not a DN."""
    if "{" in source:
        return compile_rule(source, place, escape=_escaped)
    try:
        normal(source)
    except HrisError:
        raise HrisError(
            f"{source!r} is not a distinguished name",
            place=place,
            hint="Write it as OU=Staff,DC=corp,DC=example",
        ) from None
    return Expression(source, place, lambda _record: source, frozenset())


@lru_cache(1 << 12)  # many people share the name of an OU
def _escaped(text: str) -> str:
    """A value of HR as the name of an OU, escaped. Raises HrisError where nothing is left."""
    return escape_value(object_name(text))


def compile_when(condition: str | None, place: str) -> Expression | None:
    """The condition of a rule; None where the rule has none."""
    return None if condition is None else compile_condition(condition, f"{place}.when")


def place_of(rules: list[PlacementRule], record: Record) -> tuple[str, PlacementRule]:
    """The OU from the first rule that holds, and that rule.

    Raises HrisError when no rule holds and when the text of the OU has no value.
    """
    for rule in rules:
        if rule.when is None or rule.when.evaluate(record):
            ou = rule.ou.evaluate(record)
            if not ou:
                raise HrisError(
                    f"{rule.ou.source!r} has no value",
                    place=rule.ou.place,
                    hint="Enter it in HR, or add a rule without it at the end",
                )
            return ou, rule
    raise HrisError(
        "no placement rule holds",
        place=option_name("placement"),
        hint="End the list with a rule without 'when'",
    )
