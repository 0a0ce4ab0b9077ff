# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves and deletions of accounts that are protected from accidental deletion."""
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan as planning
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import diffs
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import (
    Feed,
    people_of_sources,
)

OVER = "2026-01-01"
STATES = ("hris.ad source=elmo state=active", "hris.ad source=elmo state=disabled since=2025-01-01")


def made(company, protections, snapshot=None, end=OVER, **rules):
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    if rules.get("leaver", {}).get("delete_after_days"):
        account = replace(account, enabled=False, uac=514, attributes=account.attributes | {"adminDescription": [STATES[1]]})
    snapshot = replace(company.snapshot(account), **(snapshot or {}))
    sources = people_of_sources([Feed(company.rules(**rules), [company.employee("1", end=end)])], company.as_of)
    return planning.make_plan(sources, snapshot, company.as_of, protections=lambda changes: {one.guid: protections for one in changes}
                              if protections is not None else {}).plan


DELETION = {"leaver": {"delete_after_days": 30}}


@pytest.mark.parametrize(("rules", "action"), [({}, "move"), (DELETION, "delete")])
@pytest.mark.parametrize("may_lift", [True, False])
@pytest.mark.parametrize("policy", ["keep", "lift"])
def test_by_policy_it_is_lifted_where_the_account_may(company, rules, action, may_lift, policy):
    plan = made(company, may_lift, **rules, ownership={"deletion_protection": policy})
    (said,) = [finding for finding in plan.findings if finding.kind == "deletion_protection"] or [None]
    planned = {change.action: change for change in plan.changes}
    if may_lift and policy == "lift":
        assert planned[action].lifts_protection and said is None and "accidental deletion is lifted" in planned[action].reason
        before = "".join(one["before"] for one in diffs(plan.changes, frozenset(), 9, ["elmo"]))
        assert "protected from accidental deletion" in before, "the plan says so"
    else:
        assert action not in planned and said.key == "1" and "protected from accidental deletion" in said.message
        assert ("may not lift" in said.message) is (policy == "lift")
    if action == "move":
        assert "disable" in planned, "the lock is made all the same"


def test_nothing_is_asked_for_what_is_not_denied(company):
    plan = made(company, True, end=None)
    assert plan.changes and not any(change.lifts_protection for change in plan.changes)


def test_the_undo_lifts_it_again_or_says_what_it_does_not_set(company):
    lift = {"ownership": {"deletion_protection": "lift"}}
    moved = made(company, True, **lift)
    undo = undo_of(moved, dict.fromkeys(range(len(moved.changes)), "applied"))
    assert [change.action for change in undo.changes if change.lifts_protection] == ["move"]
    deleted = made(company, True, **DELETION, **lift)
    undo = undo_of(deleted, {0: "applied"})
    assert not undo.changes[0].lifts_protection and "is not protected from accidental deletion again" in str(undo.findings)


@pytest.mark.parametrize(("recycle_bin", "warned"), [(False, True), (True, False), (None, False)])
@pytest.mark.parametrize("rules", [{}, DELETION])
def test_a_deletion_without_a_recycle_bin_is_warned_of(company, rules, recycle_bin, warned):
    plan = made(company, None, snapshot={"recycle_bin": recycle_bin}, **rules)
    said = [finding.severity for finding in plan.findings if finding.kind == "no_recycle_bin"]
    assert said == (["warning"] if warned and rules else [])
