"""Values of HR and of the directory cannot forge lines, hide characters or fill the output, wherever people see them."""
from __future__ import annotations

import base64
import csv
import io
import json
import unicodedata
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import Finding
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Approval,
    Change,
    Outcome,
    Plan,
    PlanDomain,
    ValueChange,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import finding_to_json
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import Refusal
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import (
    diffs,
    finding_line,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.brief import brief, chat
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.csv_table import (
    changes_sheet,
    findings_sheet,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.markdown import plan_markdown
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_page import plan_page
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_view import view_of
from ansible_collections.hris.ad.plugins.module_utils._hris.run.audit import AuditLog
from ansible_collections.hris.ad.plugins.module_utils._hris.run.execution import Executed
from ansible_collections.hris.ad.plugins.module_utils._hris.run.result import executed_result
from ansible_collections.hris.ad.plugins.module_utils._hris.visible_text import (
    LONGEST,
    bounded_data,
    shown_value,
    visible,
)
from ansible_collections.hris.ad.plugins.plugin_utils._progress import Seen
from unpacking import unpacked

# Line breaks of every kind, colours, the end of a title, directions, what is not seen, half a pair
BREAKS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
OTHERS = ["\x00", "\x08", "\x1b[2K", "\x7f", "\x9b", "\u200b", "\u200e", "\u200f", "\u061c", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\u00ad",
          "\u2060", "\U000e0041", "\ud800", "\ufffe"]
HOSTILE = [f"Clerk{between}memberOf: CN=Domain Admins" for between in BREAKS + OTHERS]


def is_clean(text: str, lines: int | None = None) -> bool:
    """Whether nothing hidden is in a text but the line breaks that belong to it."""
    hidden = [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs") and char != "\n"]
    return not hidden and (lines is None or len(text.splitlines()) == lines)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_seen_becomes_an_escape(text):
    assert is_clean(visible(text), 1) and visible(text).startswith("Clerk\\")
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize("text", ["", "Ann Lee", "Zo\u00eb", "\u674e\u56db", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f468\u200d\U0001f469", "a\u00a0b",
                                  "CN=Lee\\, Ann,DC=x", "\\n"])
def test_what_is_seen_stays(text):
    assert visible(text) == text


@pytest.mark.parametrize("value", HOSTILE)
def test_no_line_of_a_diff_is_forged(value):
    changes = [Change("update", "elmo", value, "g", f"CN={value},DC=x", "title", {"title": ValueChange([value], [value, value])}, name=value),
               Change("move", "elmo", "2", "h", f"CN={value},DC=x", "", {"userAccountControl": ValueChange([value], [])}, to=f"CN={value},DC=y", group=value)]
    shown = diffs(changes, frozenset(), 10, ["elmo", "icehrm"])
    assert [len(one["after"].splitlines()) for one in shown] == [2, 1]
    assert [len(one["before"].splitlines()) for one in shown] == [1, 3]
    assert all(is_clean(text) for one in shown for text in one.values())
    assert all(is_clean(one[name], 1) for one in shown for name in ("before_header", "after_header"))


def hostile_plan(value: str) -> Plan:
    change = Change("update", "elmo", "E1", "g", f"CN={value},DC=x", value, {"title": ValueChange([value], [value, "two"])}, name=value, risks=[value])
    finding = Finding("held", f"'{value}' is no date", key=value, name=value, source="elmo")
    return Plan(["elmo"], "2026-03-02", PlanDomain("x", "DC=x", "dc1"), [change], [finding], [], {}, {"update": 1}, {}, digest="sha256:" + "0" * 64)


def page_seen(view) -> str:
    return unpacked(plan_page(view))


@pytest.mark.parametrize("value", HOSTILE)
def test_no_line_of_a_report_is_forged(value):
    plan, tame = hostile_plan(value), hostile_plan("Clerk")
    view, tame_view = view_of(plan, None, []), view_of(tame, None, [])
    for make in (page_seen, lambda shown: plan_markdown(shown, 10), changes_sheet, lambda shown: findings_sheet(shown.findings)):
        text, expected = make(view).lstrip("\ufeff").replace("\r\n", "\n"), make(tame_view).lstrip("\ufeff").replace("\r\n", "\n")
        assert is_clean(text) and len(text.splitlines()) == len(expected.splitlines())
    (row,) = list(csv.DictReader(io.StringIO(changes_sheet(view).lstrip("\ufeff"))))
    assert len(row["before"].splitlines()) == 1 and len(row["after"].splitlines()) == 2


@pytest.mark.parametrize("value", HOSTILE)
def test_no_line_of_a_message_is_forged(value, tmp_path):
    plan = hostile_plan(value)
    (finding,) = plan.findings
    assert is_clean(finding_line(finding, ["a", "b"]), 1) and is_clean(finding_to_json(finding)["message"], 1)
    assert is_clean(str(HrisError(value, value, value)), 1)
    told: list[str] = []
    result = executed_result(plan, Executed(plan.changes, [Outcome("refused", value)]), 10, told.append)
    assert all(is_clean(text, 1) for text in (result["refused"][0]["message"], *told))
    result |= {"changed": False, "failed": True}
    assert is_clean(chat(brief(plan, [], result, False)), 1) and is_clean(chat(brief(plan, [], result, False, Refusal(value, value))), 1)
    audit = tmp_path / "audit"
    plan.approval = Approval("sha256:1", value, value)
    AuditLog(str(audit), None, SimpleNamespace(bound_as="svc", server="dc1"), plan).close([Outcome("refused", value)])
    of_run, of_change = map(json.loads, audit.read_text(encoding="utf-8").splitlines())
    texts = [*of_run.values(), *of_run["approval"].values(), *of_change.values()]
    assert all(is_clean(text, 1) for text in texts if isinstance(text, str) and text)
    seen = Seen()
    seen.add(json.dumps({"at": "2026-03-02T08:00:00+00:00", "phase": value, "done": 1, "total": 2}) + "\n")
    assert is_clean(seen.text(datetime(2026, 3, 2, 8, tzinfo=timezone.utc), 10), 1)


@pytest.mark.parametrize("failed", [False, True])
def test_the_edge_lets_no_line_pass(monkeypatch, failed):
    ended, told = [], []

    class Module:
        params, check_mode = {}, False
        warn = staticmethod(told.append)

        def __init__(self, *_names, **spec):
            pass

        @staticmethod
        def variables():
            return {}

        @staticmethod
        def exit_json(**result):
            ended.append(result)

        fail_json = exit_json

    def work(params, check_mode, warn):
        warn(HOSTILE[0])
        return {"msg": HOSTILE[0], "chat": HOSTILE[0], "report": [HOSTILE[0]], "failed": failed}

    monkeypatch.setattr(module_runner, "HrisModule", Module)
    module_runner.run_module(work, argument_spec={})
    assert all(is_clean(text, 1) for text in (ended[0]["msg"], ended[0]["chat"], *ended[0]["report"], *told)) and len(ended[0]["report"]) == 1


def test_binary_values_are_a_size_and_a_digest():
    photo, other = (base64.b64encode(bytes([number]) * 60_249).decode() for number in (1, 2))
    assert len(photo) == 80_332 and shown_value(photo).startswith("(60,249 bytes, sha256 ") and shown_value(photo) != shown_value(other)
    (shown,) = diffs([Change("update", "elmo", "E1", "g", "CN=x", "", {"thumbnailPhoto": ValueChange([photo], [other])})], frozenset(), 10)
    assert len(shown["before"]) < 100 and shown["before"] != shown["after"]
    plan = hostile_plan("x")
    plan.changes[0].attributes = {"thumbnailPhoto": ValueChange([photo], [other])}
    view = view_of(plan, None, [])
    assert all(photo[:200] not in make(view) for make in (page_seen, lambda shown: plan_markdown(shown, 10), changes_sheet))


def test_long_values_are_cut_and_still_differ():
    long = "a long text " * 1000
    assert len(shown_value(long)) < LONGEST + 60 and shown_value(long) != shown_value(long + "x") and "12,000 characters" in shown_value(long)
    assert shown_value("short") == "short"
    data = {"a": ["x y " * 100_000, 5, None], "b": {"c": "x"}}
    assert len(json.dumps(bounded_data(data))) < 1200 and bounded_data({"b": ["x", 5]}) == {"b": ["x", 5]}
