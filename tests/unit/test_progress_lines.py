"""Progress: the lines that a run tells, and what is shown of them."""
from __future__ import annotations

import json
import os
import time
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleActionFail
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display
from ansible_collections.hris.ad.plugins.module_utils._hris import progress
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.plugin_utils._progress import (
    Seen,
    WatchedAction,
    lasting,
    paced,
    show,
    watched,
)
from full_disk import run_on_full_disk

START = datetime(2026, 3, 2, 8, 0, 0, tzinfo=timezone.utc)


def line(seconds: float, phase: str, done: int = 0, total: int | None = None) -> str:
    return json.dumps({"at": (START + timedelta(seconds=seconds)).isoformat(), "phase": phase, "done": done, "total": total}) + "\n"


SHOWN = {
    "nothing yet": ([], 1, None),
    "a phase without figures": ([line(0, "plan")], 1, "plan"),
    "figures, and no pace yet": ([line(0, "write", 0, 300)], 1, "write 0/300"),
    "pace and what remains": ([line(0, "write", 0, 300), line(3, "write", 120, 300)], 3, "write 120/300, 40 a second, 4 s left"),
    "nobody knows the total": ([line(0, "read"), line(2, "read", 4000)], 2, "read 4,000, 2,000 a second"),
    "the last one": ([line(0, "write", 0, 300), line(6, "write", 300, 300)], 6, "write 300/300, 50 a second"),
    "the pace changes, as with memberships after accounts": (
        [line(second, "write", second, 6000) for second in range(0, 1001, 10)]
        + [line(1000 + second, "write", 1000 + second * 100, 6000) for second in range(1, 31)], 1030, "write 4,000/6,000, 100 a second, 20 s left"),
    "a slow server": ([line(0, "fetch users", 0, 90), line(60, "fetch users", 30, 90)], 60, "fetch users 30/90, 30 a minute, 2 min left"),
    "only the present phase counts": ([line(0, "read"), line(9, "read", 90), line(9, "write", 0, 10), line(10, "write", 5, 10)], 10,
                                      "write 5/10, 5 a second, 1 s left"),
    "a second reading begins anew": ([line(0, "fetch users"), line(9, "fetch users", 90, 100), line(10, "fetch users"),
                                      line(12, "fetch users", 20, 100)], 12, "fetch users 20/100, 10 a second, 8 s left"),
    "a server that says nothing more": ([line(0, "write", 0, 300), line(3, "write", 120, 300)], 63,
                                        "write 120/300, 40 a second, 4 s left, nothing new for 60 s"),
    "a server that says nothing at all": ([line(0, "fetch users")], 30, "fetch users, nothing new for 30 s"),
    "a line that the disk took in part": ([line(0, "plan"), '{"at": "20\n', line(1, "write", 0, 3)], 1, "write 0/3"),
    "a line that is being written": ([line(0, "plan"), line(1, "write", 0, 3)[:20]], 1, "plan"),
    "and its end": ([line(0, "plan"), line(1, "write", 0, 3)[:20], line(1, "write", 0, 3)[20:]], 1, "write 0/3"),
}


@pytest.mark.parametrize(("lines", "now", "text"), SHOWN.values(), ids=SHOWN)
def test_what_is_shown(lines, now, text):
    seen = Seen()
    for one in lines:
        seen.add(one)
    assert seen.text(START + timedelta(seconds=now), patience=10) == text


@pytest.mark.parametrize(("rate", "text"), [(2000.4, "2,000 a second"), (41.2, "41 a second"), (1, "1 a second"), (0.5, "30 a minute"),
                                            (0.01, "36 an hour")])
def test_paces(rate, text):
    assert paced(rate) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (4.4, "4 s"), (89, "89 s"), (90, "2 min"), (3600, "60 min"), (7500, "2 h 5 min")])
def test_times(seconds, text):
    assert lasting(seconds) == text


def told(path) -> list[dict]:
    return [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_for_each_phase_and_end_and_no_line_for_each_person(tmp_path):
    path = tmp_path / "progress.jsonl"
    path.touch(0o600)
    path.write_text("what was there before\n", encoding="utf-8")
    with progress.progress_to(str(path), pytest.fail) as tell:
        tell("read")
        for number in range(1, 5001):
            tell("write", number, 5000)
    assert [(entry["phase"], entry["done"], entry["total"]) for entry in told(path)] == [("read", 0, None), ("write", 1, 5000), ("write", 5000, 5000)]
    assert path.stat().st_mode & 0o777 == 0o600
    assert all(set(entry) == {"at", "phase", "done", "total"} for entry in told(path))


def test_at_most_two_lines_a_second(tmp_path):
    path = tmp_path / "progress.jsonl"
    until = time.monotonic() + 1.2
    with progress.progress_to(str(path), pytest.fail) as tell:
        while time.monotonic() < until:
            tell("read", 1)
    assert 2 <= len(told(path)) <= 3


def test_without_a_file_nothing_is_told(tmp_path):
    with progress.progress_to(None, pytest.fail) as tell:
        tell("write", 1, 2)
    assert not list(tmp_path.iterdir())


def test_a_file_that_others_may_read_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "progress.jsonl"
    path.write_text("mine", encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(HrisError, match="others may read this file"), progress.progress_to(str(path), pytest.fail):
        pass
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(HrisError, match="cannot be written"), progress.progress_to(str(tmp_path / "none" / "file"), pytest.fail):
        pass


FULL = """
import sys
from ansible_collections.hris.ad.plugins.module_utils._hris import progress
with progress.progress_to(sys.argv[1], print) as tell:
    for phase in ("read", "plan", "write"):
        tell(phase)
"""


def test_a_full_disk_is_told_once_and_stops_no_run(tmp_path):
    path = tmp_path / "progress.jsonl"
    warnings = run_on_full_disk(0, FULL, str(path)).splitlines()
    assert len(warnings) == 1 and "The run goes on" in warnings[0]
    assert path.read_text(encoding="utf-8") == ""


def test_watching_shows_nothing_of_a_short_run_and_ends_with_it(tmp_path):
    shown, path = [], tmp_path / "progress.jsonl"
    path.touch(0o600)
    with watched(str(path), 0.4, shown.append), progress.progress_to(str(path), pytest.fail) as tell:
        tell("read")
        time.sleep(0.1)
    assert not shown
    with watched(str(path), 0.4, shown.append), progress.progress_to(str(path), pytest.fail) as tell:
        tell("write", 0, 2)
        time.sleep(0.3)
        assert shown == ["write 0/2"], "the first line comes after half of the time"
    began = time.monotonic()
    with watched(str(path), 60, shown.append):
        os.utime(path)
    assert time.monotonic() - began < 5 and len(shown) == 1


@pytest.fixture
def run_action(monkeypatch):
    """run_action(task_vars, **arguments) -> the arguments that the module is given."""
    given = []

    def kept(action, _tmp=None, _task_vars=None):
        given.append(action._task.args)
        return {}

    monkeypatch.setattr(NormalAction, "run", kept)

    def run(task_vars, **arguments) -> dict:
        task = SimpleNamespace(action="hris.ad.sync", args=arguments, async_val=0, no_log=False)
        connection = SimpleNamespace(transport="local", become=None)
        templar = SimpleNamespace(template=lambda value: value)
        action = WatchedAction(task, connection, None, None, templar, None)
        action.run(None, task_vars)
        assert task.args == arguments
        return given[-1]

    return run


def test_the_module_is_given_a_file_where_none_is_there(run_action):
    assert set(run_action({}, source="elmo")) == {"source", "progress_file"}
    assert run_action({"hris_progress_seconds": 0}, source="elmo") == {"source": "elmo"}
    own = {"source": "elmo", "progress_file": "/tmp/own.jsonl"}
    assert run_action({}, **own) == own
    with pytest.raises(AnsibleActionFail, match="hris_progress_seconds: 'often' is no number"):
        run_action({"hris_progress_seconds": "often"}, source="elmo")


def test_a_line_goes_to_the_main_process_past_what_replaces_the_display(monkeypatch):
    """As a callback does that takes locks: that of ansible-runner."""
    sent = []
    monkeypatch.setattr(Display, "display", lambda *_arguments, **_named: pytest.fail("a callback has this"))
    monkeypatch.setattr(Display(), "_final_q", SimpleNamespace(send_display=lambda *arguments: sent.append(arguments)))
    show("sync elmo: read")
    assert sent == [("display", "sync elmo: read")]
    monkeypatch.setattr(Display(), "_final_q", None)
    show("sync elmo: write")
    assert len(sent) == 1, "without the queue it is not shown"
