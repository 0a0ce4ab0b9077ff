"""What a report tells of a plan and of its application."""
from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import plans
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.journal import Journal
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model import actions
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Outcome
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.dependencies import (
    independent_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.change_views import ValueView
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.markdown import plan_markdown
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.page_data import report_data
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_page import plan_page
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_view import (
    Verdict,
    view_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.journals import read_journal

SCHEMA = Path(__file__).resolve().parents[3] / "docs/plan.schema.json"


@pytest.mark.parametrize("options", [{}, {"evil": True}, {"exceeded": True}])
def test_the_samples_are_plans(options):
    plan = plans.sealed(plans.plan_of(50, **options))
    jsonschema.validate(plan, json.loads(SCHEMA.read_text(encoding="utf-8")), jsonschema.Draft202012Validator)


def test_accounts_in_the_order_of_the_plan():
    view = view_of(plans.plan_of(10), None, [])
    assert [(account.key, account.name, len(account.changes)) for account in view.accounts] == [
        ("E1000", "Ann Lee", 3), ("E1001", "Bo Lee", 3), ("E1002", "Chloé Lee", 2), ("E1003", "Dmitri O'Brien", 1), ("E1004", "Eun-ji O'Brien", 1)]
    assert view.accounts[0].label == "E1000 (Ann Lee)"
    assert view.changes == 10 and list(view.actions) == [name for name in actions.NAMES if name in view.actions], "in the order of the table, not of the alphabet"
    assert [finding.severity for finding in view.findings] == ["error", "warning", "warning", "info"]
    assert [change.index for change in shown(view)] == list(range(10))


def test_a_bare_plan_is_enough():
    view = view_of(plans.bare(plans.change("update", dn="CN=Ann,OU=x", reason="", attributes=plans.values(title=([], "x")))), None, [])
    (account,) = report_data(view)["accounts"]
    assert account["changes"] == [{"index": 0, "action": "update", "state": "planned", "dn": "CN=Ann,OU=x", "values": [["title", [], ["x"]]]}]
    assert view.verdict == Verdict("warn", "1 change is planned. No limits are set") and view.facts == []
    assert view_of(plans.bare(), None, []).verdict.text == "Nothing to change"


@pytest.mark.parametrize(("name", "value", "shown"), [
    ("userAccountControl", "512", ["account", ["enabled"]]),
    ("userAccountControl", "66050", ["account", ["disabled"]]),
    ("accountExpires", "0", ["accountExpires", ["never"]]),
    ("accountExpires", "9223372036854775807", ["accountExpires", ["never"]]),
    ("accountExpires", "134168256000000000", ["accountExpires", ["2026-03-01 08:00 UTC"]]),
    ("accountExpires", "soon", ["accountExpires", ["soon"]]),
])
def test_values_in_words(name, value, shown):
    view = view_of(plans.bare(plans.change("update", attributes=plans.values(**{name: (value, [])}))), None, [])
    assert view.accounts[0].changes[0].values == [ValueView(*shown, [])]


def test_limits_stop_the_plan():
    view = view_of(plans.plan_of(10, exceeded=True), None, [])
    assert view.verdict == Verdict("bad", "Over its limits: disable. Nothing was written")


def shown(view) -> list:
    return [change for account in view.accounts for change in account.changes]


def written(path, plan, *answers):
    """The journal of the real writer, read. answers: (index, outcome), or an index alone for a change without an answer."""
    journal = Journal(str(path), plan)
    for answer in answers:
        index, outcome = answer if isinstance(answer, tuple) else (answer, None)
        journal.intent(index)
        if outcome:
            journal.result(index, outcome)
    journal.close()
    return read_journal(str(path), None)


def test_what_became_of_each_change(tmp_path):
    plan = plans.plan_of(100)
    view = view_of(plan, read_journal(plans.journal_of(plan, tmp_path / "journal.jsonl"), None), [])
    states = [change.state for change in shown(view)]
    assert states[38:41] == ["applied", "refused", "applied"] and states[63] == "unknown" and states[64:] == ["not attempted"] * 36
    assert view.states == {"applied": 62, "refused": 1, "unknown": 1, "not attempted": 36}
    assert view.verdict == Verdict("bad", "62 of 100 changes were applied: 1 refused, 1 unknown, 36 not attempted")
    assert sum(view.made.values()) == 62 and all(view.made.get(name, 0) <= count for name, count in view.actions.items())
    refused = next(change for change in shown(view) if change.state == "refused")
    assert refused.message.startswith("insufficientAccessRights")


def test_the_last_result_of_a_change_counts(tmp_path):
    plan = plans.plan_of(2)
    journal = written(tmp_path / "journal.jsonl", plan, 0, (0, plans.APPLIED), (1, plans.REFUSED), (1, plans.APPLIED))
    assert view_of(plan, journal, []).verdict == Verdict("good", "2 of 2 changes were applied")


def test_a_change_whose_answer_was_lost_is_unknown_and_undone(tmp_path):
    plan = plans.plan_of(10)
    lost = Outcome("refused", "it is not known whether this was done: the server went away", "connectionLost")
    journal = written(tmp_path / "journal.jsonl", plan, (3, lost), (4, plans.REFUSED))
    states = [(change.state, change.message) for change in shown(view_of(plan, journal, []))]
    assert states[3] == ("unknown", lost.message) and states[4][0] == "refused"
    undone = undo_of(journal.plan, {index: state.status for index, state in journal.states.items()}).changes
    assert [change.action for change in undone].count("enable") == 1, "change 3 disables an account"
    assert plan.changes[4].action == "group_remove" and "group_add" not in [change.action for change in undone]


def test_a_run_that_makes_a_part_of_the_plan(tmp_path):
    plan = plans.plan_of(30)
    names_new = plans.change("update", "E1", "g1", f"CN=Boss,{plans.STAFF}", "differs from HR",
                             attributes=plans.values(title=([], "Boss"), manager=([], plan.changes[0].dn)))
    plan = plans.named(replace(plan, changes=[*plan.changes, names_new]))
    left, others = plan.changes[:3], plan.changes[3:]
    part, waiting = independent_of(others, left, lambda change: change.dn)
    assert waiting == 1 and len(part) == 28, "the manager is not created by this run, so the value waits"
    part[0] = replace(part[0], guid="found when it was applied")
    journal = written(tmp_path / "journal.jsonl", replace(plan, changes=part), *((index, plans.APPLIED) for index in range(28)))
    changes = shown(view_of(plan, journal, []))
    states = {change.index: change.state for change in changes}
    assert [states[index] for index in range(31)] == ["not attempted"] * 3 + ["applied"] * 28
    assert all("the run left it out" in change.message for change in changes if change.index < 3)


@pytest.mark.parametrize(("other", "hint"), [
    (plans.plan_of(11), "has the digest 'sha256:"),
    (replace(plans.plan_of(10), changes=plans.plan_of(11).changes), "lacks the journal's change number 10"),
])
def test_the_journal_of_another_plan(tmp_path, other, hint):
    with pytest.raises(HrisError, match="another plan") as caught:
        view_of(plans.plan_of(10), written(tmp_path / "journal.jsonl", other), [])
    text = str(caught.value)
    assert hint in text and len(text) < 250 and "Ann" not in text and "Clerk" not in text


@pytest.mark.parametrize(("harm", "words"), [
    ({"plan": "sha256:other"}, "line 2: the line belongs to another plan"),
    ({"plan": plans.sealed(plans.plan_of(10))}, "line 2: the line belongs to another plan"),
    ({"index": 10}, "no change number 10"),
    ({"index": -1}, "no change number -1"),
    ({"index": True}, "no change number a truth value"),
    ({"index": "Ann Lee" * 10}, "no change number a long text"),
    ({"event": plans.sealed(plans.plan_of(10))}, "a journal has no event an object"),
    ({"event": "result", "status": "done"}, "a change has no result 'done'"),
    ({"event": "result", "status": [plans.sealed(plans.plan_of(10))]}, "a change has no result a list"),
])
def test_a_line_of_a_journal_that_was_altered(tmp_path, harm, words):
    path = tmp_path / "journal.jsonl"
    written(path, plans.plan_of(10), 0)
    lines = path.read_text().splitlines()
    lines[1] = json.dumps(json.loads(lines[1]) | harm)
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(HrisError, match=words) as caught:
        read_journal(str(path), None)
    assert len(str(caught.value)) < len(str(path)) + 150 and "Ann" not in str(caught.value).replace(str(path), "")


@pytest.mark.parametrize(("take", "words"), [
    (lambda text: "", "line 1: this is not JSON"),
    (lambda text: text[:500], "the journal ends in its first line"),
    (lambda text: text.split("\n", 1)[1], "its first line has no plan"),
    (lambda text: "[]\n", "line 1: this is not a JSON object"),
    (lambda text: '{"event": "plan", "plan": "sha256:0"}\n', "its first line has no plan"),
    (lambda text: text.replace('"digest":', '"name":', 1), "its first line has no plan"),
])
def test_what_is_no_journal(tmp_path, take, words):
    path = tmp_path / "journal.jsonl"
    written(path, plans.plan_of(10), 0)
    path.write_text(take(path.read_text()))
    with pytest.raises(HrisError, match=words) as caught:
        read_journal(str(path), None)
    assert "Ann" not in str(caught.value).replace(str(path), "")


def test_a_line_that_was_cut_off_is_not_read(tmp_path):
    plan, path = plans.plan_of(10), tmp_path / "journal.jsonl"
    whole = read_journal(plans.journal_of(plan, path), None)
    lines = path.read_text().splitlines(keepends=True)
    for length in (0, 1, 50, len(lines[-1]) - 1):
        path.write_text("".join(lines[:-1]) + lines[-1][:length])
        _plan, states = read_journal(str(path), None)
        assert states == whole[1] | {6: ("unknown", states[6][1])}, "the last line is the result of change 6"


def everything(view) -> str:
    return repr(view)


def test_hidden_values_are_nowhere():
    plan = plans.plan_of(10)
    plan.changes[0].reason = "starts as Clerk"
    plan.findings.append(plans.finding("error", "held", "E1000", "naming", "Clerk is what somebody wrote"))
    before = copy.deepcopy(plan)
    view = view_of(plan, None, ["TITLE", "sn"])
    assert plan == before, "the plan itself stays as it is"
    (created,) = [change for change in view.accounts[0].changes if change.action == "create"]
    assert ValueView("title", [], ["(hidden)"]) in created.values and ValueView("givenName", [], ["Ann"]) in created.values
    assert created.reason == "starts as (hidden)"
    assert "Clerk" not in everything(view) and "Head of Finance" not in everything(view), "neither in the finding about mapping.title, nor in that of the employee"
    about = next(finding for finding in view.findings if finding.kind == "drift")
    assert (about.key, about.name, about.place) == ("E1001", "Bo Lee", "mapping.title") and "(hidden)" in about.message


@pytest.mark.parametrize("name", ["cn", "displayName", "distinguishedName"])
def test_hidden_names_are_in_no_dn(name):
    plan = plans.plan_of(100)
    plan.changes[0].attributes.pop("givenName")
    plan.changes[0].attributes.pop("displayName")
    view = view_of(plan, None, [name])
    shown = everything(view.accounts) + everything(view.findings)
    assert "CN=(hidden),OU=Staff,DC=corp,DC=example" in shown and "CN=Bo Lee" not in shown and "CN=Mia Chen" not in shown and "Old Hand" not in shown
    assert all(account.name == "(hidden)" and account.label == account.key for account in view.accounts)
    assert "Old Boy" not in shown and not any(finding.name for finding in view.findings)
    assert "CN=Finance,OU=Groups" in shown, "a group is nobody's name"


def test_hidden_groups():
    shown = everything(view_of(plans.plan_of(10), None, ["memberOf"]).accounts)
    assert "CN=Finance" not in shown and "(hidden)" in shown and "CN=Bo Lee" in shown


def test_what_is_no_dn_is_hidden_whole():
    plan = plans.bare(plans.change("update", dn="Ann Lee"))
    assert "Ann" not in everything(view_of(plan, None, ["cn"]))


def test_what_the_plan_hides_is_hidden_too():
    plan = replace(plans.plan_of(10), redact=["title"])
    text = everything(view_of(plan, None, ["sn"]))
    assert "Clerk" not in text and "(hidden)" in text and "Nguyễn" not in text


def test_names_of_people_are_hidden_with_the_attribute_that_gives_them():
    plan = replace(plans.bare(plans.change("disable", dn="CN=u1,OU=x", name="Ann Lee"), findings=[plans.finding("info", "drift", "1", None, "m", "Ann Lee")]), labels=["sn"])
    assert view_of(plan, None, ["title"]).accounts[0].label == "1 (Ann Lee)"
    assert "Ann" not in everything(view_of(plan, None, ["SN"])) and view_of(plan, None, ["SN"]).accounts[0].label == "1 (u1)"


def test_a_run_whose_changes_were_all_refused_made_nothing(tmp_path):
    """Neither the page nor the Markdown says that five accounts were created."""
    plan = plans.plan_of(13)
    journal = Journal(str(tmp_path / "journal.jsonl"), plan)
    for index in range(13):
        journal.intent(index)
        journal.result(index, plans.REFUSED)
    journal.close()
    view = view_of(plan, read_journal(journal.path, None), [])
    assert view.verdict.text == "0 of 13 changes were applied: 13 refused" and view.made == {}
    page, text = plan_page(view), plan_markdown(view, 10)
    assert "Changes by action" not in page and "Changes made, by action" not in page and "are planned" not in page
    assert "<dt>changes made</dt><dd>0</dd>" in page and "<dt>changes planned</dt><dd>13</dd>" in page and "<dt>accounts changed</dt><dd>0</dd>" in page
    assert "| Action | Made | Planned |" in text and f"| create | 0 | {view.actions['create']} |" in text


def test_a_tone_for_every_action_severity_and_state():
    data = report_data(view_of(plans.plan_of(10), None, []))
    assert set(data["tones"]["actions"]) == set(actions.NAMES) and set(data["tones"]["severities"]) == {"error", "warning", "info"}
    assert set(data["tones"]["states"]) == {"applied", "refused", "skipped", "unknown", "not attempted"}


def test_access_that_stays_open_is_said_first():
    findings = [plans.finding("error", kind, key, None, "m") for kind, key in (("has_left", "1"), ("has_left", "2"), ("out_of_scope", "3"))]
    plan = replace(plans.bare(), findings=findings)
    words = "2 people have left and can still log on. 1 person is out of scope and can still log on"
    assert view_of(plan, None, []).verdict == Verdict("bad", f"Nothing to change. {words}")
    assert words in plan_markdown(view_of(plan, None, []), 10) and "can still log on" in plan_page(view_of(plan, None, []))
