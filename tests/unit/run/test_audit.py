# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log: its lines are chained, written as answers come, and every change of the file is found."""
from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import audit_info
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.audit_reading import entries_of
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Approval,
    Change,
    Outcome,
    Plan,
    PlanDomain,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run import audit
from ansible_collections.hris.ad.plugins.module_utils._hris.run.audit import AuditLog

SERVER = SimpleNamespace(bound_as="svc@corp.example", server="ldaps://dc1")


def plan(*changes, approval=None):
    return Plan(["elmo"], "2026-03-02", PlanDomain("corp.example", "DC=corp,DC=example", "dc1"), list(changes), [], [], {}, {}, {},
                digest="sha256:1", approval=approval)


def leaver(key, ends="2026-03-01T13:00:00+00:00"):
    return Change("disable", "elmo", key, f"guid-{key}", f"CN={key},DC=corp,DC=example", "left", access_ends=ends)


def write(path, *keys, key=None, approval=None, outcomes=None):
    one = plan(*map(leaver, keys), approval=approval)
    log = AuditLog(str(path), key, SERVER, one)
    log.close(outcomes or [Outcome("applied")] * len(keys))


def lines(path):
    return path.read_bytes().splitlines(keepends=True)


def problems(path, key=None):
    return [(one.number, one.problem) for one in entries_of(lines(path), key) if one.problem]


@pytest.mark.parametrize("key", [None, "secret"])
def test_runs_are_one_chain(tmp_path, key):
    path = tmp_path / "audit.jsonl"
    write(path, "1", "2", key=key)
    write(path, "3", key=key, approval=Approval("sha256:1", "Grace", "CHG-7"))
    assert problems(path, key) == [] and path.stat().st_mode & 0o777 == 0o600
    read = [json.loads(line) for line in lines(path)]
    assert [line["event"] for line in read] == ["run", "change", "change", "run", "change"]
    assert read[3]["approval"] == {"digest": "sha256:1", "by": "Grace", "ticket": "CHG-7"} and "approval" not in read[0]
    assert read[1]["who"] == "svc@corp.example" and read[1]["access_ends"] == "2026-03-01T13:00:00+00:00"


CHANGES = {  # {what was done: (how, the lines that are told)}
    "a line is edited": (lambda all: [all[0], all[1].replace(b"applied", b"refused"), *all[2:]], [2]),
    "a line is taken out": (lambda all: [all[0], *all[2:]], [2]),
    "lines are exchanged": (lambda all: [all[0], all[2], all[1], *all[3:]], [2, 3, 4]),
    "a line comes twice": (lambda all: [*all[:2], all[1], *all[2:]], [3]),
    "a line has no seal": (lambda all: [all[0], b'{"event": "change"}\n', *all[1:]], [2]),
    "the first run is taken out": (lambda all: all[3:], [1]),
}


@pytest.mark.parametrize("key", [None, "secret"])
@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_is_found(tmp_path, name, key):
    path = tmp_path / "audit.jsonl"
    write(path, "1", "2", key=key)
    write(path, "3", key=key)
    change, wrong = CHANGES[name]
    path.write_bytes(b"".join(change(lines(path))))
    assert [number for number, _problem in problems(path, key)] == wrong


def test_without_the_key_nobody_makes_a_signed_log(tmp_path):
    path = tmp_path / "audit.jsonl"
    write(path, "1", key="another")
    assert [number for number, _problem in problems(path, "secret")] == [1, 2]
    write(path, "2", key="secret")
    assert [number for number, _problem in problems(path, "secret")] == [1, 2], "the chain goes on from what is there"


def test_a_line_that_a_killed_run_cut_off(tmp_path):
    path = tmp_path / "audit.jsonl"
    write(path, "1")
    path.write_bytes(path.read_bytes() + b'{"event": "chan')
    write(path, "2")
    ((number, words),) = problems(path)
    assert number == 3 and "killed" in words


def test_lines_are_there_before_the_run_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(audit, "_TOGETHER", 2)
    path = tmp_path / "audit.jsonl"
    log = AuditLog(str(path), None, SERVER, plan(*map(leaver, "123")))
    assert len(lines(path)) == 1, "the run is noted before its first write"
    log.note(0, Outcome("applied"))
    log.note(1, Outcome("refused", "no"))
    assert len(lines(path)) == 3
    log.close([Outcome("applied"), Outcome("refused", "no"), Outcome("skipped", "not tried")])
    assert [json.loads(line)["result"] for line in lines(path)[1:]] == ["applied", "refused", "skipped"]


def test_a_file_that_cannot_be_written_stops_the_run_before_its_writes(tmp_path):
    with pytest.raises(HrisError) as error:
        AuditLog(str(tmp_path / "missing" / "audit.jsonl"), None, SERVER, plan(leaver("1")))
    assert "missing" in str(error.value)


def test_a_disk_that_is_full_later_is_told_at_the_end(tmp_path, monkeypatch):
    log = AuditLog(str(tmp_path / "audit.jsonl"), None, SERVER, plan(leaver("1")))

    def full(_path, _text):
        raise HrisError("the file cannot be written: No space left on device", "audit.jsonl")
    monkeypatch.setattr(audit, "add_after", full)
    log.note(0, Outcome("applied"))
    with pytest.raises(HrisError, match="No space left"):
        log.close([Outcome("applied")])


def report(path, **options):
    warned = []
    given = {"src": str(path), "plan_key": None, "month": None, "dest": None, "format": ["html"], "report_limit": 100} | options
    return audit_info.run(given, False, warned.append), warned


def moments(path, **at):
    """Rewrite the log with these moments of the lines of keys, sealed anew."""
    seals = audit.seals_of(None)
    texts = []
    for line in map(json.loads, lines(path)):
        line.pop("seal")
        if line.get("key") in at:
            line["at"] = at[line["key"]]
        texts.append(seals.sealed(json.dumps(line) + "\n"))
    path.write_text("".join(texts))


def test_the_minutes_of_leavers(tmp_path):
    path = tmp_path / "audit.jsonl"
    write(path, "late", "soon", "early", "open", outcomes=[*[Outcome("applied")] * 3, Outcome("refused", "no rights")])
    moments(path, late="2026-03-03T13:00:01+00:00", soon="2026-03-01T13:04:00+00:00", early="2026-03-01T12:00:00+00:00",
            open="2026-03-01T14:00:00+00:00")
    result, warned = report(path, dest=str(tmp_path / "access"), format=["html", "markdown", "csv"])
    assert [(one["key"], one["minutes"]) for one in result["leavers"]] == [("open", None), ("late", 2881), ("soon", 4), ("early", 0)]
    assert result["msg"] == "4 leavers, the longest access after its end was 2,881 minutes; 1 was not locked." and warned == []
    for kind in ("html", "markdown", "csv"):
        with open(result["dest"][kind], encoding="utf-8") as file:
            text = file.read()
        assert "2881" in text and "not locked" in text, kind
    assert report(path, month="2026-02")[0]["leavers"] == [] and not result.get("failed")


def test_a_lock_that_succeeded_later(tmp_path):
    path = tmp_path / "audit.jsonl"
    write(path, "1", outcomes=[Outcome("refused", "no")])
    write(path, "1")
    write(path, "1")
    moments(path, **{"1": "2026-03-01T13:30:00+00:00"})
    result, _warned = report(path)
    assert [(one["key"], one["minutes"]) for one in result["leavers"]] == [("1", 30)]


def test_a_log_that_was_changed_fails(tmp_path):
    path = tmp_path / "audit.jsonl"
    write(path, "1", "2")
    path.write_bytes(path.read_bytes().replace(b"guid-1", b"guid-9"))
    result, warned = report(path, dest=str(tmp_path / "access.html"))
    assert result["failed"] and "line 2" in result["msg"] and result["problems"][0]["line"] == 2 and "line 2" in warned[0]
    assert "cannot be believed" in (tmp_path / "access.html").read_text()


@pytest.mark.parametrize("month", ["2026", "2026-13", "March", "2026-3"])
def test_a_month_that_is_none(tmp_path, month):
    write(tmp_path / "audit.jsonl", "1")
    with pytest.raises(HrisError, match="month"):
        report(tmp_path / "audit.jsonl", month=month)
