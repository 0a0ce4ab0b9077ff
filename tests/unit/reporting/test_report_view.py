"""What a report tells of a plan and of its application."""
from __future__ import annotations

import copy

import plans
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_view import view_of


def bare(*changes) -> dict:
    """A plan with no more than it must have."""
    return {"format": "hris.ad plan 1", "source": "elmo", "changes": [{"key": "1", "guid": "g", "dn": "CN=Ann,OU=x", **change} for change in changes]}


def test_accounts_in_the_order_of_the_plan():
    view = view_of(plans.plan_of(10), None, [])
    assert [(account["key"], account["name"], len(account["changes"])) for account in view["accounts"]] == [
        ("E1000", "Ann Lee", 3), ("E1001", "Bo Lee", 3), ("E1002", "Chloé Lee", 2), ("E1003", "Dmitri O'Brien", 1), ("E1004", "Eun-ji O'Brien", 1)]
    assert view["changes"] == 10 and list(view["counts"])[:4] == ["create", "enable", "disable", "delete"], "in the order of the actions, not of the alphabet"
    assert [finding["severity"] for finding in view["findings"]] == ["error", "warning", "warning", "info"]
    assert [change["index"] for account in view["accounts"] for change in account["changes"]] == list(range(10))


def test_a_bare_plan_is_enough():
    view = view_of(bare({"action": "update", "attributes": {"title": {"before": [], "after": ["x"]}}}), None, [])
    assert view["accounts"][0]["changes"] == [{"index": 0, "action": "update", "state": "planned", "dn": "CN=Ann,OU=x", "values": [["title", [], ["x"]]]}]
    assert view["verdict"] == {"level": "warning", "text": "1 changes are planned. No limits are set"} and view["facts"] == []
    assert view_of(bare(), None, [])["verdict"]["text"] == "Nothing to change"


@pytest.mark.parametrize(("name", "value", "shown"), [
    ("userAccountControl", "512", ["account", ["enabled"]]),
    ("userAccountControl", "66050", ["account", ["disabled"]]),
    ("accountExpires", "0", ["accountExpires", ["never"]]),
    ("accountExpires", "9223372036854775807", ["accountExpires", ["never"]]),
    ("accountExpires", "134168256000000000", ["accountExpires", ["2026-03-01 08:00 UTC"]]),
    ("accountExpires", "soon", ["accountExpires", ["soon"]]),
])
def test_values_in_words(name, value, shown):
    view = view_of(bare({"action": "update", "attributes": {name: {"before": [value], "after": []}}}), None, [])
    assert view["accounts"][0]["changes"][0]["values"] == [[*shown, []]]


def test_limits_stop_the_plan():
    view = view_of(plans.plan_of(10, exceeded=True), None, [])
    assert view["verdict"] == {"level": "bad", "text": "Over its limits: disable. Nothing was written"}


def test_what_became_of_each_change():
    plan = plans.plan_of(100)
    view = view_of(plan, plans.journal_of(plan), [])
    states = [change["state"] for account in view["accounts"] for change in account["changes"]]
    assert states[38:41] == ["applied", "refused", "applied"] and states[79] == "unknown" and states[80:] == ["not attempted"] * 20
    assert view["states"] == {"applied": 78, "refused": 1, "unknown": 1, "not attempted": 20}
    assert view["verdict"]["level"] == "bad" and "78 of 100 changes were applied: 1 refused, 1 unknown, 20 not attempted" in view["verdict"]["text"]
    refused = next(change for account in view["accounts"] for change in account["changes"] if change["state"] == "refused")
    assert refused["message"].startswith("insufficientAccessRights")


def test_a_run_that_goes_on_has_the_last_word():
    plan = plans.plan_of(2)
    lines = [{"plan": plan["digest"], "index": index, **line} for index, line in (
        (0, {"event": "intent"}), (0, {"event": "intent"}), (0, {"event": "result", "status": "applied"}),
        (1, {"event": "intent"}), (1, {"event": "result", "status": "refused"}), (1, {"event": "intent"}), (1, {"event": "result", "status": "applied"}))]
    assert view_of(plan, [{"event": "start", "plan": plan["digest"]}, *lines], [])["verdict"] == {"level": "good", "text": "2 of 2 changes were applied"}


@pytest.mark.parametrize(("line", "words"), [
    ({"plan": "sha256:other", "index": 0, "event": "intent"}, "another plan"),
    ({"index": 10, "event": "intent"}, "no change number 10"),
    ({"index": -1, "event": "intent"}, "no change number -1"),
    ({"index": 0, "event": "result", "status": "done"}, "'done' is no result"),
])
def test_a_journal_that_does_not_fit(line, words):
    with pytest.raises(HrisError, match=words):
        view_of(plans.plan_of(10), [line], [])


def everything(view) -> str:
    return repr(view)


def test_hidden_values_are_nowhere():
    plan = plans.plan_of(10)
    plan["changes"][0]["reason"] = "starts as Clerk"
    plan["findings"].append(plans.finding("error", "held", "E1000", "naming", "Clerk is what somebody wrote"))
    before = copy.deepcopy(plan)
    view = view_of(plan, None, ["TITLE", "sn"])
    assert plan == before, "the plan itself stays as it is"
    (created,) = [change for change in view["accounts"][0]["changes"] if change["action"] == "create"]
    assert ["title", [], ["(hidden)"]] in created["values"] and ["givenName", [], ["Ann"]] in created["values"]
    assert created["reason"] == "starts as (hidden)"
    assert "Clerk" not in everything(view) and "Head of Finance" not in everything(view), "neither in the finding about mapping.title, nor in that of the employee"
    about = next(finding for finding in view["findings"] if finding["kind"] == "drift")
    assert (about["key"], about["place"]) == ("E1001", "mapping.title") and "(hidden)" in about["message"]


@pytest.mark.parametrize("name", ["cn", "displayName", "distinguishedName"])
def test_hidden_names_are_in_no_dn(name):
    plan = plans.plan_of(100)
    plan["changes"][0]["attributes"].pop("givenName")
    plan["changes"][0]["attributes"].pop("displayName")
    view = view_of(plan, None, [name])
    shown = everything(view["accounts"]) + everything(view["findings"])
    assert "CN=(hidden),OU=Staff,DC=corp,DC=example" in shown and "CN=Bo Lee" not in shown and "CN=Mia Chen" not in shown and "Old Hand" not in shown
    assert all(account["name"] == "(hidden)" for account in view["accounts"])
    assert "CN=Finance,OU=Groups" in shown, "a group is nobody's name"


def test_hidden_groups():
    shown = everything(view_of(plans.plan_of(10), None, ["memberOf"])["accounts"])
    assert "CN=Finance" not in shown and "(hidden)" in shown and "CN=Bo Lee" in shown


def test_what_is_no_dn_is_hidden_whole():
    plan = bare({"action": "update", "dn": "Ann Lee", "attributes": {}})
    assert "Ann" not in everything(view_of(plan, None, ["cn"]))
