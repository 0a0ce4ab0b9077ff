# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of recent writes: limits over a rolling day, several runs at once, killed runs, and one domain controller."""
from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    APPLIED,
    REFUSED,
    SKIPPED,
    Outcome,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import digest_of
from ansible_collections.hris.ad.plugins.module_utils._hris.run import recent_writes
from ansible_collections.hris.ad.plugins.module_utils._hris.run.recent_file import RecentOptions
from ansible_collections.hris.ad.plugins.module_utils._hris.run.recent_writes import RecentWrites

DC1, DC2 = "ldaps://dc1.corp.example:636", "ldaps://dc2.corp.example:636"
DOMAIN = "DC=corp,DC=example"
SERVERS = {"servers": ["dc1.corp.example", "dc2.corp.example"], "tls_mode": "ldaps", "validate_certs": True, "auth_protocol": "simple",
           "username": "u", "password": "p", "timeout": 5,
           "cloud_governed": {"attribute": "msDS-ObjectSoa", "marks": ["Cloud"]}}


@pytest.fixture
def clock(monkeypatch):
    """clock["now"]: the time of the runs."""
    given = {"now": datetime(2026, 3, 2, 12, tzinfo=timezone.utc)}
    monkeypatch.setattr(recent_writes, "_now", lambda: given["now"])
    return given


@pytest.fixture
def writes(tmp_path):
    """writes(**options) -> the file as one run uses it."""
    def made(domain=DOMAIN, **options):
        given = {"recent": str(tmp_path / "recent.json"), "recent_hours": 24, "replication_minutes": 15, "plan_key": None} | options
        recent = RecentWrites(RecentOptions.from_params(given))
        recent.use_for(domain)
        return recent
    made.file = tmp_path / "recent.json"
    return made


@pytest.fixture
def leavers(company):
    """leavers(numbers, **limits) -> the plan of a run that locks these people, of 100."""
    def planned(numbers, **limits):
        feed = [company.employee(str(number), last=f"Lee{number}", end="2026-01-31" if number in numbers else None) for number in range(100)]
        accounts = [company.account(str(number), f"u{number}", f"Ann Lee{number}", rid=1100 + number, groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"],
                                    givenName="Ann", sn=f"Lee{number}", displayName=f"Ann Lee{number}", title="Clerk") for number in range(100)]
        plan = company.plan(feed, company.snapshot(*accounts), limits={"disable": {"count": 10}, **limits})
        plan.digest = digest_of(plan)
        return plan
    return planned


def run(recent, plan, server=DC1, approved=None, status=APPLIED, code=""):
    """What a run does: the refusal, or None after it has written."""
    refused = recent.count(plan, plan.changes, server, approved)
    if not refused:
        recent.settle(plan, plan.changes, [Outcome(status, code=code)] * len(plan.changes), server)
    return refused


def test_one_by_one_stops_where_one_run_would(writes, leavers, clock):
    for number in range(10):
        clock["now"] += timedelta(hours=1)
        assert run(writes(), leavers([number])) is None
    refused = run(writes(), leavers([10]))
    assert refused and "11 of 100 accounts would get the action 'disable' (11.0 %; 10 of them by other runs of the last 24 hours)" in refused.message
    assert "at most 10 are allowed" in refused.message and "undo it" in refused.message and "approved_digest=sha256:" in refused.message
    assert run(writes(), leavers([])) is None and run(writes(), leavers([3])) is None, "nobody more is locked"
    clock["now"] += timedelta(hours=15, minutes=1)  # the first one was more than a day ago
    assert run(writes(), leavers([10])) is None and run(writes(), leavers([11])) is not None


def test_a_full_run_of_eight_and_three_one_by_one(writes, leavers):
    assert run(writes(), leavers(range(8))) is None
    assert [bool(run(writes(), leavers([number]))) for number in (20, 21, 22)] == [False, False, True]
    plan = leavers([22])
    writes().judge(plan)
    assert [(one.action, one.changes, one.recent, one.exceeded) for one in plan.limits if one.action == "disable"] == [("disable", 1, 10, True)]


def test_an_approved_plan_passes_and_counts(writes, leavers):
    plan = leavers(range(12))
    assert run(writes(), plan) is not None and run(writes(), plan, approved=plan.digest) is None
    assert run(writes(), leavers([50])) is not None, "what was approved was not this"


def test_the_window_is_an_option(writes, leavers, clock):
    assert run(writes(recent_hours=2), leavers(range(10))) is None
    clock["now"] += timedelta(hours=3)
    assert run(writes(recent_hours=2), leavers([50])) is None
    assert run(writes(recent_hours=24), leavers([51])) is not None, "a run with a longer window finds them all the same"


@pytest.mark.parametrize(("status", "code", "counts"), [
    (APPLIED, "", True), (SKIPPED, "", False), (REFUSED, "insufficientAccessRights", False), (REFUSED, "connectionLost", True)])
def test_what_was_not_done_does_not_count(writes, leavers, status, code, counts):
    assert run(writes(), leavers(range(10)), status=status, code=code) is None
    assert bool(run(writes(), leavers([50]))) is counts


def test_a_killed_run_has_counted_what_it_was_to_write(writes, leavers):
    plan = leavers(range(9))
    assert writes().count(plan, plan.changes, DC1, None) is None  # and it is killed
    assert run(writes(), leavers(range(9))) is None, "the next run locks the same people, who count once"
    assert [bool(run(writes(), leavers([number]))) for number in (20, 21)] == [False, True]


def test_a_run_that_wrote_nothing_leaves_no_trace(writes, leavers):
    first = writes()
    run(first, leavers([1]), DC1)
    before = json.loads(writes.file.read_text(encoding="utf-8"))
    second, plan = writes(), leavers(range(20, 29))
    assert second.count(plan, plan.changes, DC2, None) is None and writes().waits_for(DC1)
    second.release(DC2)
    after = json.loads(writes.file.read_text(encoding="utf-8"))
    assert after == before and writes().waits_for(DC1) is None


def test_nobody_is_named(writes, leavers):
    run(writes(), leavers(range(5)))
    text = writes.file.read_text(encoding="utf-8")
    assert not any(word in text for word in ("Lee", "Ann", '"1"', "guid", "CN=")) and stat.S_IMODE(os.stat(writes.file).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(f"{writes.file}.lock").st_mode) == 0o600
    assert text.count('"disable"') == 1 and '"move"' not in text, "what has no limit is not kept"


def test_check_mode_reads_and_writes_nothing(writes, leavers):
    plan = leavers([1])
    writes().judge(plan)
    assert writes().waits_for(DC1) is None and os.listdir(writes.file.parent) == []


def test_without_the_option_nothing_is_kept(writes, leavers):
    for number in range(12):
        assert run(writes(recent=None), leavers([number])) is None
    assert os.listdir(writes.file.parent) == []
    assert writes(recent=None).preferred(SERVERS)["servers"] == SERVERS["servers"]


PROCESS = """
import sys
sys.path[:0] = sys.argv[1].split(":")
from conftest import Company as company
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Outcome
from ansible_collections.hris.ad.plugins.module_utils._hris.run.recent_file import RecentOptions
from ansible_collections.hris.ad.plugins.module_utils._hris.run.recent_writes import RecentWrites
first = int(sys.argv[3])
feed = [company.employee(str(n), last=f"Lee{n}", end="2026-01-31" if first <= n < first + 3 else None) for n in range(40)]
accounts = [company.account(str(n), f"u{n}", f"Ann Lee{n}", rid=1100 + n) for n in range(40)]
plan = company.plan(feed, company.snapshot(*accounts), limits={"disable": {"count": 10}})
recent = RecentWrites(RecentOptions.from_params({"recent": sys.argv[2], "recent_hours": 24, "replication_minutes": 15, "plan_key": "key"}))
recent.use_for("DC=corp,DC=example")
recent.judge(plan)
print("ready", flush=True)
sys.stdin.readline()
refused = recent.count(plan, plan.changes, "ldaps://dc1:636", None)
if not refused:
    recent.settle(plan, plan.changes, [Outcome("applied")] * len(plan.changes), "ldaps://dc1:636")
print("refused" if refused else "written")
"""


def test_several_processes_at_once(writes):
    """Each of them saw no other one when it planned: three times three are allowed, of eight."""
    unit = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = ":".join([unit, *filter(None, sys.path)])
    processes = [subprocess.Popen([sys.executable, "-c", PROCESS, path, str(writes.file), str(3 * number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  text=True) for number in range(6)]
    for one in processes:
        assert one.stdout.readline() == "ready\n"
    for one in processes:
        one.stdin.write("\n")
        one.stdin.flush()
    ends = sorted(one.communicate()[0].strip() for one in processes)
    assert ends == ["refused"] * 3 + ["written"] * 3
    assert len(json.loads(writes.file.read_text(encoding="utf-8"))["runs"]) == 3


def damaged(data, **changes):
    return json.dumps(data | changes)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "hris.ad recent 1"}', "null", "\0"])
def test_a_damaged_file_stops_the_run(writes, text):
    writes.file.write_text(text, encoding="utf-8")
    with pytest.raises(HrisError, match=r"recent\.json.*remove it") as raised:
        writes()
    assert "Traceback" not in str(raised.value)


@pytest.mark.parametrize("change", [{"runs": []}, {"runs": None}, {"servers": {DC2: "never"}}, {"more": 1}, {"domain": 5}, {"salt": "other"}])
@pytest.mark.parametrize("key", [None, "secret"])
def test_a_changed_file_stops_the_run(writes, leavers, change, key):
    run(writes(plan_key=key), leavers([1]))
    data = json.loads(writes.file.read_text(encoding="utf-8"))
    writes.file.write_text(json.dumps(data | change), encoding="utf-8")
    with pytest.raises(HrisError, match="changed after it was made"):
        writes(plan_key=key)


@pytest.mark.parametrize("change", [{"runs": [{"id": "1", "at": "yesterday", "marks": {}}]}, {"servers": {DC2: "2026-03-02T10:00:00"}}, {"alerts": {"x": ""}},
                                    {"runs": [{"id": "1"}]}, {"runs": {"a": 1}}])
def test_a_file_with_a_right_seal_and_wrong_content_stops_the_run(writes, leavers, change):
    run(writes(), leavers([1]))
    data = json.loads(writes.file.read_text(encoding="utf-8")) | change
    data["seal"] = recent_writes.seal_of({name: value for name, value in data.items() if name != "seal"}, None)
    writes.file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(HrisError, match="damaged"):
        writes()


def test_signed_with_a_key(writes, leavers):
    run(writes(plan_key="secret"), leavers([1]))
    for key, words in ((None, "the key is not given"), ("other", "changed after")):
        with pytest.raises(HrisError, match=words):
            writes(plan_key=key)
    writes.file.unlink()
    run(writes(), leavers([1]))
    with pytest.raises(HrisError, match="not signed"):
        writes(plan_key="secret")


def test_what_others_may_write_is_not_believed(writes, leavers):
    run(writes(), leavers([1]))
    writes.file.chmod(0o666)
    with pytest.raises(HrisError, match="others may write"):
        writes()


def test_a_file_of_another_domain(writes, leavers):
    run(writes(), leavers([1]))
    with pytest.raises(HrisError, match="DC=other,DC=example.*file of its own"):
        writes("DC=other,DC=example")
    writes("dc=CORP, dc=example")


@pytest.mark.parametrize("wrong", [{"recent_hours": 0}, {"recent_hours": -1}, {"replication_minutes": -1}, {"recent_hours": 1e9}])
def test_values_that_cannot_be(writes, wrong):
    with pytest.raises(HrisError, match="it must"):
        writes(**wrong)


def test_people_are_told_once(writes, leavers, clock):
    run(writes(), leavers(range(10)))
    first, again = leavers([20]), leavers([21])
    assert run(writes(), first) and writes().alert(first) is None
    clock["now"] += timedelta(hours=1)
    assert run(writes(), again) and writes().alert(again) == "2026-03-02T12:00:00.000+00:00"
    assert run(writes(), leavers([3])) is None, "somebody who counts already"
    assert run(writes(), again) and writes().alert(again) is None, "the limit was free between them"


def test_people_are_told_again_after_a_day_and_of_another_limit(writes, leavers, clock):
    move = {"move": {"count": 10}}
    run(writes(recent_hours=100), leavers(range(10), **move))
    disable = leavers([20])
    assert run(writes(recent_hours=100), disable) and writes(recent_hours=100).alert(disable) is None
    both = leavers([21], **move)
    assert run(writes(recent_hours=100), both) and writes(recent_hours=100).alert(both) is None, "the other limit is new"
    clock["now"] += timedelta(hours=30)
    writes(recent_hours=100).judge(disable)
    assert writes(recent_hours=24).alert(disable) is None, "a day later"


def test_a_run_that_is_over_its_limits_alone_says_so_each_time(writes, leavers):
    for _time in range(2):
        plan = leavers(range(11))
        assert run(writes(), plan) and writes().alert(plan) is None


def test_the_server_that_was_written_last_is_preferred(writes, leavers, clock):
    assert writes().preferred(SERVERS)["servers"] == SERVERS["servers"]
    run(writes(), leavers([1]), DC2)
    assert writes().preferred(SERVERS)["servers"] == ["dc2.corp.example", "dc1.corp.example"]
    assert writes().preferred(SERVERS | {"servers": ["dc1.corp.example", "DC9", "dc2.corp.example:636"]})["servers"][0] == "dc2.corp.example:636"
    clock["now"] += timedelta(minutes=1)
    run(writes(), leavers([2]), DC1)
    assert writes().preferred(SERVERS)["servers"] == SERVERS["servers"]


def test_on_another_server_nothing_is_created_until_replication_had_its_time(writes, leavers, clock):
    run(writes(), leavers([1]), DC1)
    assert writes().waits_for(DC1) is None
    clock["now"] += timedelta(minutes=14)
    words = writes().waits_for(DC2).why
    assert DC1 in words and DC2 in words and "2026-03-02T12:15:00+00:00" in words and "replication_minutes" in words
    run(writes(), leavers([2]), DC2)  # a lock goes on
    assert writes().waits_for(DC2) and writes().waits_for(DC1), "each of them was written while the other one did not know"
    clock["now"] += timedelta(minutes=1)
    assert writes().waits_for(DC2) is None, "what the first one wrote has arrived"
    assert writes(replication_minutes=0).waits_for(DC1) is None


def test_two_runs_that_begin_at_once_on_two_servers(writes, company):
    """Neither saw the other one when it planned: the second creates nothing, or the same account would be there twice."""
    joiner = company.plan([company.employee("1")], company.snapshot())
    first, second = writes(), writes()
    assert first.waits_for(DC1) is None and second.waits_for(DC2) is None
    assert first.count(joiner, joiner.changes, DC1, None) is None
    refused = second.count(joiner, joiner.changes, DC2, None)
    assert refused and DC1 in refused.message and "Run it again" in refused.message
    assert second.count(joiner, joiner.changes, DC1, None) is None, "on the same server, that one refuses the second account"


def test_two_servers_do_not_stop_a_lock(writes, leavers):
    run(writes(), leavers([1]), DC1)
    assert run(writes(), leavers([2]), DC2) is None


@pytest.fixture
def lock_out(writes):
    """lock_out(guid, server): what a lock-out does before it writes."""
    def noted(guid, server=DC1):
        recent = RecentWrites(RecentOptions.of_lock_out({"recent": str(writes.file), "plan_key": None}))
        recent.use_for(DOMAIN)
        recent.note_lock_out(guid, server)
    return noted


def test_a_lock_out_is_remembered_and_uses_up_no_limit(writes, leavers, lock_out, clock):
    assert run(writes(), leavers(range(9)), DC2) is None
    clock["now"] += timedelta(minutes=1)
    for number in range(50):
        lock_out(f"guid-{number}")
    assert writes().preferred(SERVERS)["servers"][0] == "dc1.corp.example" and "guid-" not in writes.file.read_text(encoding="utf-8")
    assert run(writes(), leavers([20])) is None, "the tenth by runs"
    assert run(writes(), leavers([21])) is not None, "and the runs before the lock-outs are still counted"
    lock_out("guid-99")  # over the limit of the runs: nothing refuses it
    waits = writes().waits_for(DC2)
    assert waits.is_locked_out("guid-7") and waits.is_locked_out("guid-99") and not waits.is_locked_out("guid-51")
    lock_out("guid-7", DC2)  # lifted there
    assert not writes().waits_for(DC2).is_locked_out("guid-7") and writes().waits_for(DC1).is_locked_out("guid-7")
    clock["now"] += timedelta(minutes=15)
    assert writes().waits_for(DC1) is None
    clock["now"] += timedelta(days=400)
    lock_out("guid-1")
    assert len(json.loads(writes.file.read_text(encoding="utf-8"))["lock_outs"]) == 1, "what is old is forgotten"


def test_a_lock_out_forgets_nothing_that_a_run_counts(writes, leavers, lock_out, clock):
    month = {"recent_hours": 24 * 30}
    assert run(writes(**month), leavers(range(10))) is None
    clock["now"] += timedelta(days=20)
    lock_out("guid-1")
    assert run(writes(**month), leavers([50])) is not None


def test_a_run_that_planned_before_the_lock_out_writes_nothing_to_the_account_elsewhere(writes, company, lock_out):
    account = company.account("1", "u1", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    plan = company.plan([company.employee("1", title="Head")], company.snapshot(account))
    assert plan.changes
    late = writes()
    lock_out(account.guid)
    refused = late.count(plan, plan.changes, DC2, None)
    assert refused and DC1 in refused.message and "Run it again" in refused.message
    assert late.count(plan, plan.changes, DC1, None) is None
