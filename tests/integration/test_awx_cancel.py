"""A job of AWX that is cancelled while it writes: its artifacts are lost, and the next job completes the work."""
from __future__ import annotations

import json
import re
import time
from dataclasses import replace

import awx_jobs
import pytest
from awx_inventory import inventory_of
from test_sync_module import RULES, employee

from lab.delay import Delay

PEOPLE = 300
FOUND = "(adminDescription=hris.ad source=cancelled*)"


@pytest.fixture
def site(clean, service, tmp_path):
    """(a template that writes slowly, the same one at full speed), for a source of PEOPLE."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "sync.yml").write_text("- import_playbook: hris.ad.sync\n", encoding="utf-8")
    staff = [employee(number, "Can", f"Cel{number}", manager=str(number // 3) if number else None) for number in range(PEOPLE)]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in staff), encoding="utf-8")

    def template(server):
        variables = {f"lifecycle_{name}": value for name, value in (RULES | {"source": "cancelled"}).items()} | {
            "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
            "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service | {"servers": [server]}}
        (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"hr1": variables}}}), encoding="utf-8")
        return awx_jobs.Template(project, "sync.yml", inventory_of(tmp_path / "hosts.json"), {"hris_progress_seconds": 1})

    with Delay(clean.address, (clean.address, 636), 1000) as slow:
        yield template(slow.address), template(clean.address)


def settled(clean) -> int:
    """How many accounts there are when there become no more: the server still makes what it had received. A job that goes on makes all of them."""
    before, now = -1, len(clean.search(FOUND, ["cn"]))
    while now != before:
        time.sleep(3)
        before, now = now, len(clean.search(FOUND, ["cn"]))
    return now


@pytest.mark.long
@pytest.mark.awx
def test_the_next_job_completes_what_a_cancelled_one_began(clean, site, service, tmp_path):
    slow, fast = site
    running = awx_jobs.start(slow, tmp_path)
    until = time.monotonic() + 120
    while len(clean.search(FOUND, ["cn"])) < 10:
        assert running.process.poll() is None and time.monotonic() < until, running.output()
        time.sleep(0.1)
    began = time.monotonic()
    cancelled = running.cancel()
    assert cancelled.status == "canceled" and cancelled.artifacts == {} and time.monotonic() - began < 60
    assert settled(clean) < PEOPLE, "it was cancelled while it wrote, and nothing of it goes on"
    assert re.search(r"sync hr1: write \d+/\d+", cancelled.output), "and had shown how far it was"

    done = awx_jobs.run(fast, tmp_path)
    assert done.status == "successful", done.output[-3000:]
    found = [entry["attributes"] for entry in clean.search(FOUND, ["employeeID", "sAMAccountName", "manager", "memberOf", "userAccountControl"])]
    assert len(found) == len({entry["employeeID"][0] for entry in found}) == len({entry["sAMAccountName"][0] for entry in found}) == PEOPLE
    assert sum("manager" in entry for entry in found) == PEOPLE - 1
    assert all(entry["memberOf"] and entry["userAccountControl"] == ["512"] for entry in found), "no account is half made"
    mark = clean.mark()
    again = awx_jobs.run(fast, tmp_path)
    assert again.status == "successful" and clean.writes_since(mark) == []
    for job in (cancelled, done, again):
        assert not [name for name, text in job.stored() if service["password"] in text]


@pytest.mark.awx
def test_a_cancelled_dry_run_has_no_artifact_to_approve(clean, site, tmp_path):
    slow, _fast = site
    running = awx_jobs.start(replace(slow, job_type="check"), tmp_path)
    until = time.monotonic() + 120
    while "Make the domain follow" not in running.output():
        assert running.process.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    assert running.cancel().artifacts == {}
