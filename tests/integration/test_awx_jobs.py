"""The harness itself: a job gets what AWX would give it, and leaves what AWX would keep."""
from __future__ import annotations

import json
from dataclasses import replace

import awx_jobs
import pytest
from awx_inventory import inventory_of, slice_of
from awx_variables import Credential

SHOWN = ("plain", "filled", "answer", "both", "listed", "inventory_hostname", "ansible_check_mode", "awx_job_id", "secret_file", "env_secret", "hosts_there", "groups_there")
PLAY = [{
    "name": "Show", "hosts": "all", "gather_facts": False, "vars": {
        "env_secret": "{{ lookup('env', 'PROBE_PASSWORD') }}", "hosts_there": "{{ ansible_play_hosts_all }}", "groups_there": "{{ groups.keys() | sort }}"},
    "tasks": [
        {"name": "Leave something", "ansible.builtin.shell": "ls $HOME $TMPDIR; cat {{ probe_file }}; touch $HOME/seen-home $TMPDIR/seen-tmp", "changed_when": False, "check_mode": False, "run_once": True},
        {"name": "Show", "ansible.builtin.debug": {"msg": {name: f"{{{{ {name} | default('none') }}}}" for name in SHOWN}}},
        {"name": "Pass on", "ansible.builtin.set_stats": {"data": "{{ {'first': 'one', 'second_' ~ inventory_hostname: {'number': 3}} }}", "per_host": False, "aggregate": False}},
    ]}]
INJECTORS = {"env": {"PROBE_PASSWORD": "{{ password }}"}, "file": {"template.keyfile": "key={{ key }}\n"},
             "extra_vars": {"both": "of the credential", "listed": ["{{ user }}"], "secret_file": "{{ password }}", "probe_file": "{{ tower.filename.keyfile }}"}}


@pytest.fixture
def template(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "play.yml").write_text(json.dumps(PLAY), encoding="utf-8")
    (tmp_path / "hosts.yml").write_text(
        "site: {hosts: {b1: {}, a1: {own: 1}, c1: {}}, vars: {plain: of the inventory, ansible_connection: local,"
        " ansible_python_interpreter: '{{ ansible_playbook_python }}'}}", encoding="utf-8")
    credential = Credential(INJECTORS, {"user": "ann", "password": "{{ not_filled }} s3cret", "key": "k3y"})
    variables = {"both": "of the template", "filled": "{{ inventory_hostname }}", "answer": "{{ inventory_hostname }}"}
    return awx_jobs.Template(project, "play.yml", inventory_of(tmp_path / "hosts.yml"), variables, (credential,), job_type="check")


def test_a_job_and_the_next_node(template, tmp_path):
    job = awx_jobs.run(template, tmp_path, given={"answer": "{{ lookup('pipe', 'id') }}"})
    assert job.status == "successful" and job.left == ["seen-tmp"], job.output
    shown = {result["msg"]["inventory_hostname"]: result["msg"] for result in job.results("Show")}
    assert sorted(shown) == ["a1", "b1", "c1"] and shown["a1"]["ansible_check_mode"] in (True, "True")
    one = shown["b1"]
    assert (one["plain"], one["filled"], one["both"], one["listed"]) == ("of the inventory", "b1", "of the template", ["ann"])
    assert one["answer"] == "{{ lookup('pipe', 'id') }}", "a value of a launch is no template, one of the job template is"
    assert one["secret_file"] == one["env_secret"] == "{{ not_filled }} s3cret"
    assert job.artifacts == {"first": "one", **{f"second_{name}": {"number": 3} for name in shown}}
    after = awx_jobs.run(template, tmp_path, given=job.artifacts)
    listed = after.results("Leave something")[0]["stdout"]
    assert "key=k3y" in listed and "seen-" not in listed, "nothing of the job before is there"


def test_slices_know_only_their_hosts_and_the_last_one_to_end_wins(template, tmp_path):
    sliced = replace(template, slices=2)
    jobs = awx_jobs.run_slices(sliced, tmp_path)
    assert [sorted(result["msg"]["inventory_hostname"] for result in job.results("Show")) for job in jobs] == [["a1", "c1"], ["b1"]]
    assert [job.results("Show")[0]["msg"]["hosts_there"] for job in jobs] == [["a1", "c1"], ["b1"]]
    assert jobs[1].results("Show")[0]["msg"]["groups_there"] == ["all", "site", "ungrouped"]
    merged = awx_jobs.passed_on(jobs)
    assert sorted(merged) == ["first", "second_a1", "second_b1", "second_c1"]
    assert len(awx_jobs.run_slices(replace(template, slices=1), tmp_path)) == 1
    assert sorted(slice_of(template.inventory, 3, 9)["_meta"]["hostvars"]) == ["c1"], "no more slices than hosts"


def test_what_fails_and_what_hangs(template, tmp_path):
    (template.project / "fail.yml").write_text(json.dumps([{"name": "Fail", "hosts": "all", "gather_facts": False, "tasks": [
        {"name": "Pass on", "ansible.builtin.set_stats": {"data": {"kept": "yes"}, "aggregate": False}}, {"name": "Sleep", "ansible.builtin.command": "sleep {{ answer }}"},
        {"name": "Stop", "ansible.builtin.fail": {"msg": "no"}}]}]), encoding="utf-8")
    failing = replace(template, playbook="fail.yml", job_type="run")
    failed = awx_jobs.run(failing, tmp_path, given={"answer": "0"})
    assert failed.status == "failed" and failed.artifacts == {"kept": "yes"}, failed.output
    with pytest.raises(AssertionError, match="the job hangs; its output: (.|\n)*Sleep"):
        awx_jobs.start(failing, tmp_path, given={"answer": "60"}).wait(8)
