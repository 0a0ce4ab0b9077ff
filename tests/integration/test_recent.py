"""What runs remember of each other: limits over a rolling day, and one domain controller. On the real domain, as users run it."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from few import few
from hr_playbook import run as playbook
from module_process import one_source
from receiver import receiving
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_failover import dying  # noqa: F401  (the fixture)
from test_sync_module import RULES, employee

LIMITED = {"limits": {"disable": {"count": 3}}}


def people(prefix, count=8, gone=(), **more):
    return [employee(f"{prefix}{number}", "Ro", f"Ll{prefix}{number}", end="2026-01-31" if number in gone else None, **more) for number in range(count)]


def enabled(clean, prefix):
    found = clean.search(f"(employeeID={prefix}*)", ["employeeID", "userAccountControl"])
    return sorted(int(entry["attributes"]["employeeID"][0].removeprefix(prefix)) for entry in found if entry["attributes"]["userAccountControl"] == ["512"])


def test_false_terminations_one_by_one_stop(site, clean):  # noqa: F811
    """HR, or somebody who writes into it, terminates everybody, and tells it one person at a time."""
    kept = {"recent": str(site.folder / "recent.json"), "source": "recent"}
    site.sync(people("a"), **kept, **LIMITED)
    gone: set[int] = set()
    for number in range(3):
        gone.add(number)
        assert site.sync(people("a", gone=gone), only=[f"a{number}"], **kept, **LIMITED)["changed"]
    gone.add(3)
    checked = site.sync(people("a", gone=gone), check=True, only=["a3"], **kept, **LIMITED)
    stopped = site.sync(people("a", gone=gone), only=["a3"], **kept, **LIMITED)
    for one in (checked, stopped):
        assert one["failed"] and one["writes"] == [] and "4 of 8 accounts would get the action 'disable'" in one["msg"], one
        assert "3 of them by other runs of the last 24 hours" in one["msg"] and "at most 3 are allowed" in one["msg"] and "alerted" not in one
        assert [verdict["recent"] for verdict in one["limits"] if verdict["action"] == "disable"] == [3]
    again = site.sync(people("a", gone=range(8)), only=["a7"], **kept, **LIMITED)
    assert again["failed"] and again["alerted"] and enabled(clean, "a") == [3, 4, 5, 6, 7]
    whole = site.sync(people("a", gone=gone), **kept, **LIMITED)
    assert whole["failed"] and whole["writes"] == [] and whole["alerted"], "a run for everybody counts with the others"
    moved = site.sync(people("a", gone=gone, title="Head"), only=["a5"], **kept, **LIMITED)
    assert moved["changed"] and not moved.get("failed"), "what is not over a limit goes on"
    approved = site.sync(people("a", gone=gone), only=["a3"], approved_digest=stopped["digest"], **kept, **LIMITED)
    assert approved["changed"] and enabled(clean, "a") == [4, 5, 6, 7]
    forgotten = site.sync(people("a", gone=[*gone, 4]), only=["a4"], source="recent", **LIMITED)
    assert forgotten["changed"], "without the file each run counts alone"


def test_a_stored_plan_counts_as_well(site, clean):  # noqa: F811
    kept = {"recent": str(site.folder / "recent.json")}
    site.sync(people("b"), **LIMITED)
    site.sync(people("b", gone=[0, 1]), plan_dest=site.plan, check=True, **LIMITED)
    third = site.sync(people("b", gone=[2, 3]), only=["b2", "b3"], **kept, **LIMITED)
    assert third["changed"]
    for check in (True, False):
        stopped = site.apply(check=check, **kept)
        assert stopped["failed"] and stopped["writes"] == [] and "2 of them by other runs" in stopped["msg"], stopped
    digest = json.loads((site.folder / "plan.json").read_text(encoding="utf-8"))["digest"]
    assert site.apply(approved_digest=digest, **kept)["applied"] and enabled(clean, "b") == [4, 5, 6, 7]
    assert site.sync(people("b", gone=range(5)), only=["b4"], **kept, **LIMITED)["failed"], "what was approved counts too"


def test_a_killed_run_has_counted(site, clean, service, tmp_path):  # noqa: F811
    """And the next one, which locks the same people, counts them no second time."""
    clean.reset()
    limits = {"limits": {"disable": {"count": 120}}}
    kept = {"recent": str(tmp_path / "recent.json")}
    site.sync(people("k", 140), **limits)
    arguments = tmp_path / "arguments.json"
    given = one_source(RULES | {"source": "plans", "employees": people("k", 140, gone=range(110)), "directory": service} | limits | kept)
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": given}), encoding="utf-8")
    running = subprocess.Popen([sys.executable, "-m", "ansible_collections.hris.ad.plugins.modules.sync", str(arguments)],
                               env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(enabled(clean, "k")) > 135 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 30 < len(enabled(clean, "k")) < 140, "it was killed in the middle"
    (one,) = json.loads((tmp_path / "recent.json").read_text(encoding="utf-8"))["runs"]
    assert len(one["marks"]["plans"]["disable"]) == 110
    stopped = site.sync(people("k", 140, gone=range(125)), only=[f"k{number}" for number in range(110, 125)], **limits, **kept)
    assert stopped["failed"] and stopped["writes"] == [] and "110 of them by other runs" in stopped["msg"]
    done = site.sync(people("k", 140, gone=range(110)), **limits, **kept)
    assert done["changed"] and not done.get("failed") and len(enabled(clean, "k")) == 30


def test_what_stops_before_the_first_write_counts_nothing(site, clean, dying, service):  # noqa: F811
    kept = {"recent": str(site.folder / "recent.json")}
    site.sync(people("n"), **LIMITED)
    journal = site.folder / "taken.jsonl"
    journal.write_text("", encoding="utf-8")
    failed = site.sync(people("n", gone=[0, 1, 2]), journal=str(journal), **kept, **LIMITED)
    assert failed["failed"] and failed["writes"] == []
    assert site.sync(people("n", gone=[3, 4, 5]), **kept, **LIMITED)["changed"]


@pytest.mark.parametrize("text", few(["{", '{"format": "hris.ad recent 1"}']))
def test_a_damaged_file_stops_the_run(site, clean, text):  # noqa: F811
    recent = site.folder / "recent.json"
    recent.write_text(text, encoding="utf-8")
    for check in (True, False):
        failed = site.sync(people("d"), check=check, recent=str(recent), **LIMITED)
        assert failed["failed"] and failed["writes"] == [] and "recent.json" in failed["msg"] and "Traceback" not in json.dumps(failed)
    assert recent.read_text(encoding="utf-8") == text


def test_check_mode_writes_no_file(site, clean):  # noqa: F811
    site.sync(people("c"), check=True, recent=str(site.folder / "recent.json"), **LIMITED)
    assert not [name for name in os.listdir(site.folder) if "recent" in name]


def test_the_domain_controller_that_was_written_last(site, clean, dying, read, service):  # noqa: F811
    """It is preferred. When it is gone, the other one locks and changes, and creates nothing until replication had its time."""
    kept = {"recent": str(site.folder / "recent.json")}
    first, second = dying.name, clean.address
    both = {"directory": service | {"servers": [first, second]}}
    other = {"directory": service | {"servers": [second, first]}}
    site.sync(people("s", 2), **both, **kept)
    used = dying.connections
    assert used == 1
    assert site.sync(people("s", 3), **other, **kept)["changed"] and dying.connections == used + 1, "whatever the order of the option is"
    dying.close()
    dying.left = 0
    feed = people("s", 5, gone=[1], title="Head", manager="s4")
    feed[4]["manager"] = None
    checked = site.sync(feed, check=True, **both, **kept)
    done = site.sync(feed, **both, **kept)
    assert not done.get("failed"), done["msg"]
    assert read("(employeeID=s1)")["userAccountControl"] == ["514"] and read("(employeeID=s0)")["title"] == ["Head"]
    assert read("(employeeID=s3)") is None and read("(employeeID=s4)") is None and "manager" not in read("(employeeID=s0)")
    for one in (checked, done):
        waits = [finding for finding in one["findings"] if finding["kind"] == "replication"]
        assert sorted(finding["key"] for finding in waits) == ["s3", "s4"] and one["not_created"] == 6, one["findings"]
        assert all(first in finding["message"] and second in finding["message"] and "replication_minutes" in finding["message"] for finding in waits)
    assert checked["diff"] == done["diff"] and checked["digest"] == done["digest"] and "6 changes wait for replication." in done["chat"]
    site.sync(feed, check=True, plan_dest=site.plan, **both, **kept)
    stored = site.apply(directory=both["directory"], **kept)
    assert stored["not_created"] == 6 and read("(employeeID=s3)") is None and any(first in entry["message"] for entry in stored["left_out"])
    later = site.sync(feed, replication_minutes=0, **both, **kept)
    assert later["changed"] and "not_created" not in later and read("(employeeID=s3)")["manager"] == read("(employeeID=s4)")["dn"]
    assert not site.sync(feed, **both, **kept)["changed"]


@pytest.mark.long
def test_one_message_goes_out(clean, service, tmp_path):
    """The limit is used up: the first run that says so tells people, and the others fail without a message."""
    common = {f"lifecycle_{name}": value for name, value in (RULES | {"source": "told"} | LIMITED).items()} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service, "lifecycle_recent": str(tmp_path / "recent.json")}

    def play(gone, only):
        feed = people("m", gone=gone)
        (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in feed), encoding="utf-8")
        return playbook(tmp_path, ["-i", "hosts.json", "-e", json.dumps({"lifecycle_only": only} if only else {}), "hris.ad.sync"], {})

    with receiving() as chat:
        notify = {"lifecycle_notify": {"webhook": {"url": f"{chat.url}/hook"}, "when": ["failure"]}}
        (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"one": {}}, "vars": common | notify}}), encoding="utf-8")
        assert play([], None)["stats"]["failures"] == 0
        assert play([0, 1, 2], None)["stats"]["failures"] == 0 and chat.seen == []
        for number in (3, 4, 5):
            stopped = play(range(number + 1), [f"m{number}"])
            assert stopped["stats"]["failures"] == 1 and "3 of them by other runs" in stopped["output"]
        assert len(chat.seen) == 1 and "at most 3 are allowed" in chat.seen[0]["json"]["text"], chat.seen
    assert enabled(clean, "m") == [3, 4, 5, 6, 7]
