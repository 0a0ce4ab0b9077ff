# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan that undoes another one has everything, or says what it does not put back."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model import actions
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Change,
    Owner,
    Plan,
    PlanDomain,
    PlanOwnership,
    Referrer,
    ValueChange,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import (
    plan_from_json,
    plan_to_json,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of

DN = "CN=Ann Lee,OU=Staff,DC=corp,DC=example"
MARK = "adminDescription"


def plan_of(*changes, owner=None):
    return Plan(["elmo"], "", PlanDomain("", "", ""), list(changes), [], [], {}, {}, {}, mark=MARK,
                ownership={"elmo": PlanOwnership([], "employeeID", [])}, owners={"g": owner or Owner("elmo", "1")})


def change(action, **more):
    return Change(**{"action": action, "source": "elmo", "key": "1", "guid": None if action in ("create", "create_ou") else "g", "dn": DN, "reason": "",
                     "name": "Ann Lee"} | more)


def undone(*changes, status="applied", owner=None):
    return undo_of(plan_of(*changes, owner=owner), dict.fromkeys(range(len(changes)), status))


def test_values_that_changed_twice_are_undone_in_one_step():
    """Before an undo, all of its changes are compared with the directory."""
    first = change("enable", attributes={"extensionName": ValueChange(["a"], ["a", "b"]), "title": ValueChange([], ["Clerk"])})
    last = change("update", attributes={"extensionName": ValueChange(["a", "b"], ["b"])}, last=True)
    (undo,) = undone(first, last).changes
    assert undo.attributes == {"extensionName": ValueChange(["b"], ["a"]), "title": ValueChange(["Clerk"], [])}
    unknown = undo_of(plan_of(first, last), {0: "applied", 1: "unknown"}).changes
    assert len(unknown) == 2, "nobody knows whether the second one was made"


@pytest.mark.parametrize("action", actions.NAMES)
def test_each_action_is_undone_or_is_said(action):
    more = {"to": "CN=A,OU=B,DC=corp,DC=example"} if action in ("move", "rename") else {}
    undo = undone(change(action, group="CN=G,DC=corp,DC=example" if "group" in action else None, **more))
    expected = actions.BY_NAME[action].undone_by
    assert [one.action for one in undo.changes] == ([expected] if expected else [])
    said = [finding.message for finding in undo.findings]
    assert len(said) == (expected is None or action == "delete"), said


def test_a_deletion_brings_back_groups_and_the_accounts_that_named_it():
    report = Referrer("r", "CN=Bo,DC=corp,DC=example", "manager")
    deletion = change("delete", attributes={"title": ValueChange(["Head"], [])}, groups=["CN=G", "CN=H"],
                      referrers=[report, Referrer("r", report.dn, "assistant"), Referrer("s", "CN=Cy", "manager")])
    undo = undone(deletion)
    assert [(one.action, one.guid, one.group) for one in undo.changes] == [
        ("restore", "g", None), ("update", "r", None), ("update", "s", None), ("group_add", "g", "CN=G"), ("group_add", "g", "CN=H")]
    assert undo.changes[0].attributes == {"title": ValueChange([], ["Head"])}
    assert undo.changes[1].attributes == {"manager": ValueChange([], [DN]), "assistant": ValueChange([], [DN])}
    assert [finding.kind for finding in undo.findings] == ["not_undone"] and "new password" in undo.findings[0].message
    again = plan_from_json(plan_to_json(plan_of(deletion)), "", "", "")
    assert again.changes == [deletion]


def test_what_is_not_put_back_is_said():
    scrambled = change("disable", random_password=True, attributes={"userAccountControl": ValueChange(["512"], ["514"])})
    logon = change("enable", attributes={"pwdLastSet": ValueChange(["1"], ["0"]), "title": ValueChange([], ["x"])})
    undo = undone(scrambled, logon, change("create_ou", dn="OU=New,DC=corp,DC=example", key=None, name=None))
    assert ["former password" in undo.findings[0].message, "pwdLastSet" in undo.findings[1].message, "OU=New" in undo.findings[2].message] == [True] * 3
    assert undone(scrambled, status="refused").findings == [], "what was not made needs no undo"


def test_the_owner_and_the_key_are_those_after_the_plan():
    taken = change("take_over", attributes={MARK: ValueChange(["hris.ad source=payroll state=active"], ["hris.ad source=elmo state=active"])})
    linked = change("relink", attributes={"employeeID": ValueChange(["old"], ["1"])})
    assert undone(taken, linked, owner=Owner("payroll", "old")).owners == {"g": Owner("elmo", "1")}
    assert undone(taken, linked, owner=Owner("payroll", "old"), status="refused").owners == {"g": Owner("payroll", "old")}
