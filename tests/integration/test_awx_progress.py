"""Progress in a job of AWX: the job ends, and its lines are events, with each ansible-runner."""
from __future__ import annotations

import json
import re

import awx_jobs
import pytest
from awx_inventory import inventory_of
from slow_pages import fetching, serving


@pytest.fixture
def slow_hr():
    """The address of a list whose pages take a second each: more than six for all of them."""
    with serving(7, 1) as url:
        yield url


@pytest.mark.awx
def test_a_long_task_shows_its_progress_and_the_job_ends(slow_hr, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    options = fetching(slow_hr, "{{ lookup('env', 'TMPDIR') }}/feed.jsonl")
    tasks = [{"name": "Fetch", "hris.ad.endpoint_info": options}, {"name": "Go on", "ansible.builtin.debug": {"msg": "went on"}}]
    # Two hosts at the same time: more than one worker shows lines
    play = {"name": "Test", "hosts": "all", "gather_facts": False, "tasks": tasks}
    (project / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
    (tmp_path / "hosts.yml").write_text(
        "all: {hosts: {one: {}, two: {}}, vars: {ansible_connection: local, ansible_python_interpreter: '{{ ansible_playbook_python }}'}}", encoding="utf-8")
    template = awx_jobs.Template(project, "play.yml", inventory_of(tmp_path / "hosts.yml"), {"hris_progress_seconds": 1})
    started = {name: awx_jobs.start(template, tmp_path, runner=name) for name in awx_jobs.RUNNERS}
    for name, running in started.items():
        job = running.wait(120)
        assert job.status == "successful", f"{name}: {job.output}"
        for host in ("one", "two"):
            lines = re.findall(rf"endpoint_info {host}: fetch people \d+/70, .*", job.output)
            assert len(lines) >= 3, f"{name}: {job.output}"
            assert job.output.index(lines[0]) < job.output.index("went on"), "shown while the task runs"
            shown = [event for event in job.events if f"endpoint_info {host}: fetch people" in event["stdout"]]
            assert {event["event"] for event in shown} == {"verbose"} and len(shown) >= 3, "each line is an event of its own"
        assert "errantly sent data" not in job.output and "p1-0" not in job.output
