# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations that may do some things only."""
from __future__ import annotations

import pytest

LEFT = {"end": "2026-02-01"}


def actions(plan):
    return {(change.key, change.action) for change in plan.changes}


@pytest.mark.parametrize(("allowed", "done"), [
    (None, {("1", "disable"), ("1", "group_remove"), ("1", "move"), ("2", "update"), ("3", "create"), ("3", "group_add"), ("4", "update")}),
    (["update"], {("4", "update")}),
    (["update", "create", "group_add"], {("2", "update"), ("3", "create"), ("3", "group_add"), ("4", "update")}),
    (["disable"], {("1", "disable")}),
    (["group_remove", "move"], set()),
])
def test_what_is_done(company, allowed, done):
    group = company.group("All Staff").dn
    accounts = [company.account(number, f"u{number}", f"Ann Lee{number}", rid=1100 + int(number), groups=[group], givenName="Ann", sn=f"Lee{number}",
                                displayName=f"Ann Lee{number}", title="Clerk" if number != "4" else "Boss") for number in ("1", "2", "4")]
    people = [company.employee(number, last=f"Lee{number}", **(LEFT if number == "1" else {})) for number in ("1", "2", "3", "4")]
    people[1]["manager"] = "id-3"
    plan = company.plan(people, company.snapshot(*accounts), **({"actions": allowed} if allowed else {}))
    assert actions(plan) == done
    told = {finding.key for finding in plan.findings if finding.kind == "not_allowed"}
    assert told == {key for key, action in {("1", "disable"), ("3", "create")} if (key, action) not in done} | (
        {"1"} if allowed == ["disable"] else set()) | ({"2", "4"} if allowed and "update" not in allowed else set())


def test_a_manager_who_may_not_be_created_is_not_written(company):
    account = company.account("1", "u1", "Ann Lee1", groups=[company.group("All Staff").dn], givenName="Ann", sn="Lee1", displayName="Ann Lee1")
    people = [company.employee("1", last="Lee1", manager="id-2"), company.employee("2", last="Lee2")]
    plan = company.plan(people, company.snapshot(account), actions=["update"])
    (update,) = plan.changes
    assert set(update.attributes) == {"title"}
