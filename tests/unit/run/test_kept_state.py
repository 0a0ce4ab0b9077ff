"""The list of the state on disk, and what is said of places."""
from __future__ import annotations

import json
import multiprocessing
import stat

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import Finding
from ansible_collections.hris.ad.plugins.module_utils._hris.model.kept_state import GUARD, LEDGER
from ansible_collections.hris.ad.plugins.module_utils._hris.run import kept_state
from ansible_collections.hris.ad.plugins.module_utils._hris.run.kept_state import (
    KeptStateOptions,
    Place,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.lasting_places import (
    Surroundings,
    parse_mounts,
)

JOB = Surroundings(parse_mounts("1 0 0:9 / / rw - overlay overlay rw\n2 1 8:2 /srv /var/lib/hris rw - xfs /dev/sda2 rw\n"
                                "3 1 0:8 / /run rw - tmpfs tmpfs rw\n"), True, "")
OLD, NOW = "2026-01-05T04:00:00+00:00", "2026-03-02T04:00:00+00:00"


def options(folder=None, **more):
    return KeptStateOptions.from_params({"dir": folder and str(folder), "must_exist": False, "accept_new": False, "lasting": []} | more)


@pytest.fixture
def job(monkeypatch):
    monkeypatch.setattr(kept_state, "surroundings", lambda: JOB)


def test_files_of_one_place_are_one_finding(job):
    places = [Place("the journal", "/opt/state/journal/x.jsonl"), Place("the audit log", "/opt/state/audit"), Place("the audit log", "/run/audit"),
              Place("the step ledger", "/var/lib/hris/elmo/ledger"), Place("the journal", "/opt/own.jsonl")]
    assert [one.message.partition(". Name")[0] for one in kept_state.vanishing(places, options("/opt/state"))] == [
        "/opt/state is on the file system of the container (overlay): with the job, the audit log and the journal will be lost",
        "/run/audit is in the memory of the container (tmpfs): with the job, the audit log will be lost",
        "/opt/own.jsonl is on the file system of the container (overlay): with the job, the journal will be lost"]
    with pytest.raises(HrisError, match="kept_state.must_exist: /opt/state is on the file system .* Nothing was written. Name a place that is mounted"):
        kept_state.vanishing(places, options("/opt/state", must_exist=True))
    assert kept_state.vanishing(places, options("/opt/state", must_exist=True, lasting=["/opt", "/run/audit"])) == []
    assert len(kept_state.vanishing(places, options("/opt/state", lasting=["/opt/stat", "/run/audit/more"]))) == 3, "whole names only"


@pytest.mark.parametrize("path, lasting, refused", [
    ("/opt/passwords", [], True), ("/run/passwords", [], True), ("/var/lib/hris/passwords", [], False), ("/opt/passwords", ["/opt"], False), (None, [], False),
])
def test_passwords(job, path, lasting, refused):
    try:
        kept_state.check_passwords(path, options(lasting=lasting))
    except HrisError as error:
        assert refused and str(error).startswith(f"passwords.dest {path}: initial passwords are not written here, because it is ")
    else:
        assert not refused


def test_passwords_in_the_memory_of_a_machine_are_written(monkeypatch):
    monkeypatch.setattr(kept_state, "surroundings", lambda: Surroundings(JOB.mounts, False, ""))
    kept_state.check_passwords("/run/passwords", options())


def files(tmp_path, **there):
    return {"elmo": [kept_state.kept_file(kind, str(tmp_path / kind)) for kind in there]}


@pytest.mark.parametrize("key", [None, "s3cret"])
def test_what_is_noted_is_read_again(tmp_path, key):
    given = options(tmp_path / "new/state")
    assert kept_state.read_state(given, key) is None
    (tmp_path / GUARD).write_text("", encoding="utf-8")
    kept_state.remember(given, key, files(tmp_path, guard=1, ledger=1), OLD)
    kept_state.remember_file(given, key, "elmo", LEDGER, NOW)
    known = kept_state.read_state(given, key)
    assert known.since == OLD and known.sources["elmo"].files == {GUARD: OLD, LEDGER: NOW}
    path = tmp_path / "new/state/state.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    written = path.stat().st_mtime_ns
    kept_state.remember_file(given, key, "elmo", LEDGER, "2027-01-01")
    assert path.stat().st_mtime_ns == written, "nothing new, nothing written"
    other = None if key else "s3cret"
    with pytest.raises(HrisError, match="state.json: the list of the state is"):
        kept_state.read_state(given, other)
    assert kept_state.read_state(options(tmp_path / "new/state", accept_new=True), other) is None


@pytest.mark.parametrize("name", ["since", "sources"])
def test_an_edited_list_is_refused(tmp_path, name):
    given = options(tmp_path)
    kept_state.remember_file(given, None, "elmo", GUARD, OLD)
    data = json.loads((tmp_path / "state.json").read_text("utf-8"))
    (tmp_path / "state.json").write_text(json.dumps(data | {name: {}}), encoding="utf-8")
    with pytest.raises(HrisError, match="was changed after it was made.*kept_state.accept_new"):
        kept_state.read_state(given, None)


def note(folder, source):
    for number in range(5):
        kept_state.remember_file(options(folder), None, source, f"file{number}", OLD)


def test_runs_at_the_same_time_lose_nothing_of_each_other(tmp_path):
    runs = [multiprocessing.get_context("fork").Process(target=note, args=(tmp_path, f"source{number}")) for number in range(6)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    known = kept_state.read_state(options(tmp_path), None)
    assert {source: len(one.files) for source, one in known.sources.items()} == {f"source{number}": 5 for number in range(6)}


def test_what_is_lost_is_refused_only_where_it_must_exist(tmp_path):
    lost = [Finding("new_state", "it is gone", severity="warning", source="elmo")]
    kept_state.refuse_lost(lost, options(tmp_path))
    kept_state.refuse_lost(lost, options(tmp_path, must_exist=True, accept_new=True))
    kept_state.refuse_lost([], options(tmp_path, must_exist=True))
    with pytest.raises(HrisError, match="kept_state.must_exist: elmo: it is gone. Nothing was written. Mount the folder .* for one run"):
        kept_state.refuse_lost(lost, options(tmp_path, must_exist=True))


def test_the_folder(tmp_path):
    kept_state.check_folder(options(tmp_path, must_exist=True))
    kept_state.check_folder(options(tmp_path / "none"))
    kept_state.check_folder(options(tmp_path / "none", must_exist=True, accept_new=True))
    with pytest.raises(HrisError, match="none: the folder of the state is not there"):
        kept_state.check_folder(options(tmp_path / "none", must_exist=True))
