# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships that a rule gives between two days: what a plan says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ad_values.dn import normal
from ..errors import HrisError
from ..model import actions
from ..model.people import LEAVER, Person
from ..model.plan import Change
from ..rules.group_rules import GroupRule
from .context import Context


def say_days(context: Context, person: Person, changes: Iterable[Change]) -> None:
    """Say in the reasons of changes of membership until when a rule gives the group, or that it
    gave it until then.
    """
    timed = [rule for rule in context.rules.groups if rule.days]
    if not timed or person.state == LEAVER:
        return
    for change in changes:
        if change.group:
            rules = _rules_of(context, timed, normal(change.group))
            change.reason = _reason(change, person, rules) or change.reason


def _rules_of(context: Context, timed: Iterable[GroupRule], dn: str) -> Iterator[GroupRule]:
    """The rules that name a group. dn: normal."""
    named = context.memberships.named
    return (rule for rule in timed if any(named.get(name) == dn for name in rule.groups))


def _reason(change: Change, person: Person, rules: Iterable[GroupRule]) -> str | None:
    """The reason that one of the rules gives; None where none of them is about this person."""
    for rule in rules:
        last = _last_day(rule, person)
        if change.action == actions.GROUP_ADD and last and person.today <= last:
            return f"{change.reason} until {last} ({rule.place})"
        if change.action == actions.GROUP_REMOVE and last and last < person.today:
            return f"the last day of this membership was {last} ({rule.place})"
    return None


def _last_day(rule: GroupRule, person: Person) -> str | None:
    """The last day of a rule whose condition holds; a rule that cannot be evaluated says nothing
    here, since it holds the person.
    """
    try:
        if rule.days and (rule.when is None or rule.when.evaluate(person.record)):
            return rule.days.of(person.record, person.timezone)[1]
    except HrisError:
        return None
    return None
