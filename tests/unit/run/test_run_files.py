"""The names of a run's files in folders, and the folders that it makes."""
from __future__ import annotations

import errno
import os
import stat
from datetime import datetime, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.run.run_files import (
    name_of_run,
    run_files,
)

NOW = datetime(2026, 3, 2, 4, 5, 6, 789_000, timezone.utc)
NONE = dict.fromkeys(("plan_dest", "held_plan_dest", "journal", "undo_dest", "audit"))


@pytest.mark.parametrize("sources, shard, expected", [
    (["elmo"], None, "20260302T040506.789Z-elmo"),
    (["elmo", "icehrm"], {}, "20260302T040506.789Z-elmo-icehrm"),
    (["elmo"], {"part": 2, "of": 4}, "20260302T040506.789Z-elmo-part-2-of-4"),
    (["../../etc/x", "a b"], None, "20260302T040506.789Z-.._.._etc_x-a_b"),
    (["Ärzte"], None, "20260302T040506.789Z-_rzte"),
    (["x" * 500], None, f"20260302T040506.789Z-{'x' * 120}"),
])
def test_the_name_of_a_run(sources, shard, expected):
    assert name_of_run(sources, NOW, shard) == expected


def test_a_folder_gets_a_file_of_the_run_and_a_file_stays(tmp_path):
    given = {**NONE, "plan_dest": f"{tmp_path}/a/", "held_plan_dest": f"{tmp_path}/a/", "journal": f"{tmp_path}/a/", "undo_dest": f"{tmp_path}/undo.json"}
    files = run_files(given, "RUN", None, [])
    assert {name: files.params[name] for name in NONE} == {
        "plan_dest": f"{tmp_path}/a/RUN.json", "held_plan_dest": f"{tmp_path}/a/RUN-held.json", "journal": f"{tmp_path}/a/RUN-journal.jsonl",
        "undo_dest": f"{tmp_path}/undo.json", "audit": None}
    assert (files.own, files.made) == ({"plan_dest", "held_plan_dest", "journal"}, {f"{tmp_path}/a"})


def test_what_is_below_the_state_is_made_and_nothing_else(tmp_path):
    state, audit, guard = tmp_path / "state", tmp_path / "state/audit.jsonl", tmp_path / "state/elmo/guard.json"
    files = run_files({**NONE, "audit": str(audit)}, "RUN", f"{state}/", [str(guard), None, str(tmp_path / "state2/outcome.jsonl"), str(tmp_path / "x")])
    assert files.made == {str(state), str(state / "elmo")}
    files.check([str(guard)], [str(audit)])
    assert not state.exists(), "looking makes nothing"
    with pytest.raises(HrisError, match="state2/outcome.jsonl: the file cannot be written: No such file"):
        files.check([str(tmp_path / "state2/outcome.jsonl")])
    files.make_folders([str(guard), None])
    files.make_folders([str(guard), str(audit)])
    assert [stat.S_IMODE((state / name).stat().st_mode) for name in (".", "elmo")] == [0o700, 0o700]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    files = run_files({**NONE, "journal": f"{tmp_path}/file/journal/"}, "RUN", None, [])
    for work in (lambda: files.check([files.params["journal"]]), lambda: files.make_folders([files.params["journal"]])):
        with pytest.raises(HrisError, match="file/journal: the folder cannot be made: Not a directory"):
            work()


def test_a_folder_below_one_of_root(tmp_path, monkeypatch):
    files = run_files({**NONE, "journal": f"{tmp_path}/new/journal/"}, "RUN", None, [])

    def denied(*_given):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "mkdir", denied)
    monkeypatch.setattr(os, "access", lambda *_given: False)
    for work in (lambda: files.check([files.params["journal"]]), lambda: files.make_folders([files.params["journal"]])):
        with pytest.raises(HrisError, match="new/journal: the folder cannot be made: Permission denied. Make it as root"):
            work()


def test_a_folder_that_others_may_write_to_is_refused_for_what_is_in_it(tmp_path):
    (tmp_path / "open").mkdir(mode=0o777)
    (tmp_path / "open").chmod(0o777)
    files = run_files({**NONE, "journal": f"{tmp_path}/open/"}, "RUN", None, [])
    with pytest.raises(HrisError, match="others may write to the folder"):
        files.check([files.params["journal"]])
