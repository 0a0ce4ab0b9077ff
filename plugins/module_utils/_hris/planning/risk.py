# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Risk: which changes a human should see first. All changes of one account carry the same risk."""

from __future__ import annotations

from collections import defaultdict

from ..ad_values.dn import normal, object_of
from ..rules.risk import Risk
from .dependencies import rest_on

LOW, HIGH = "low", "high"


def assessed(changes: list[dict], people: list[dict], risk: Risk, groups: list[dict]) -> list[dict]:
    """The changes, each with "risk" and, where that is high, "risks": why, in a few words.

    people: of people_of; groups: of the snapshot, for groups that the rules name by logon name.
    """
    guarded = {name.casefold() for name in risk.groups}
    sensitive = {
        normal(group["dn"])
        for group in groups
        if group["name"].casefold() in guarded or group["dn"].casefold() in guarded
    }
    accounts = defaultdict(set)
    for change in changes:
        accounts[change["action"]].add(object_of(change))
    many = {action for action, most in risk.more_than.items() if len(accounts[action]) > most}
    employees = {person["key"]: person["employee"] for person in people} if risk.people else {}
    reasons = defaultdict(dict)
    for change in changes:
        found = reasons[object_of(change)]
        if change["action"] in risk.actions:
            found[f"action {change['action']}"] = None
        if change["action"] in many:
            found[
                f"many: {len(accounts[change['action']])} {change['action']}, more than {risk.more_than[change['action']]}"
            ] = None
        if "group" in change and normal(change["group"]) in sensitive:
            found["a group that is guarded"] = None
        for rule in risk.people:
            if change["key"] in employees and rule.evaluate(employees[change["key"]]):
                found[f"a person for whom {rule.source}"] = None
    return [
        change
        | (
            {"risk": HIGH, "risks": list(found)}
            if (found := reasons[object_of(change)])
            else {"risk": LOW}
        )
        for change in changes
    ]


def divided(changes: list[dict]) -> tuple[list[dict], list[dict]]:
    """(the changes of low risk, without values that rest on the others; the changes of high risk)."""
    high = [change for change in changes if change["risk"] == HIGH]
    low, _waiting = rest_on(
        [change for change in changes if change["risk"] == LOW], high, lambda change: change["dn"]
    )
    return low, high
