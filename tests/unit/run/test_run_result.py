"""What a run says after it: what happened, not what was planned."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    APPLIED,
    REFUSED,
    SKIPPED,
    UNKNOWN,
    Change,
    Outcome,
    Plan,
    PlanDomain,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run import result as results
from ansible_collections.hris.ad.plugins.module_utils._hris.run.execution import Executed

CHANGES = [Change(action, "elmo", f"E{number}", None, f"CN=E{number}", "", {}) for number, action in enumerate(["create"] * 5 + ["update"] * 8)]
PLAN = Plan(["elmo"], "2026-03-02", PlanDomain("", "", ""), CHANGES, [], [], {"active": 13}, {"create": 5, "update": 8}, {}, digest="sha256:12345678")
DENIED = Outcome(REFUSED, "insufficientAccessRights")


def run(*outcomes):
    executed = Executed(CHANGES, [*outcomes])
    found = results.executed_result(PLAN, executed, 100, lambda text: None) | results.happened_result(PLAN, executed.made, 100)
    return results.add_brief(found, PLAN, executed.made, False)


def test_a_run_of_which_everything_was_refused():
    found = run(*[DENIED] * 13)
    assert found["failed"] and not found["changed"] and (found["applied"], found["refused_total"]) == (0, 13)
    assert found["summary"]["changes"] == found["brief"]["changes"] == {} and found["summary"]["accounts"] == found["brief"]["accounts"] == 0
    assert found["msg"] == "elmo: 13 of 13 changes were not or not wholly made. Nothing was changed. First: E0: create: insufficientAccessRights"
    assert found["report"] == ["elmo: nothing was changed"]
    told = str(found)
    for words in ("5 create", "8 update", "5 accounts created", "8 updated", "the others were"):
        assert words not in told, words
    assert "13 changes were not wholly made" in found["chat"] and "nothing was made" in found["chat"]


@pytest.mark.parametrize("other", [DENIED, Outcome(SKIPPED, "not tried"), Outcome(UNKNOWN, "no answer")])
def test_a_run_of_which_a_part_was_made(other):
    found = run(*[Outcome(APPLIED)] * 3, other, other, *[Outcome(APPLIED)] * 7, Outcome(APPLIED, "only a part"))
    assert found["summary"]["changes"] == found["brief"]["changes"] == {"create": 3, "update": 8}
    assert found["msg"].startswith("elmo: 3 of 13 changes were not or not wholly made. What was made: 3 accounts created, 8 updated. First: E3: create: ")
    assert found["report"] == ["elmo: 3 accounts created, 8 updated"] and "3 accounts created, 8 updated was made" in found["chat"]


def test_a_run_of_which_everything_was_made():
    found = run(*[Outcome(APPLIED)] * 13)
    assert found["msg"] == found["report"][0] == "elmo: 5 accounts created, 8 updated" and found["summary"]["changes"] == PLAN.counts
    assert found["chat"] == "elmo, 2026-03-02: 5 accounts created, 8 updated. Plan 12345678."


def test_in_check_mode_it_says_what_would_be_made():
    found = results.plan_result(PLAN, CHANGES[:2], 100)
    assert found["msg"] == "elmo: 2 create"
