"""Jobs of AWX and what must outlast them: state, initial passwords, the whole plan for who approves; credentials of two tenants, and a survey without answers."""
from __future__ import annotations

import json
import shutil
from dataclasses import replace

import awx_jobs
import pytest
from awx_inventory import inventory_of
from awx_variables import Credential
from test_awx_approval import kind
from test_lifecycle import recipient  # noqa: F401  (a fixture)
from test_sync_module import RULES, employee

from lab import hr, population

TASK = "Make the domain follow"
# A place in the folder of ansible-runner, which is gone with the job
INSIDE = "{{ lookup('env', 'AWX_ISOLATED_DATA_DIR') }}"


@pytest.fixture
def template(clean, service, tmp_path):
    """The template of a source with eight new people, whose artifact is the whole plan."""
    clean.reset()
    project = tmp_path / "project"
    project.mkdir()
    (project / "sync.yml").write_text("- import_playbook: hris.ad.sync\n", encoding="utf-8")
    staff = [employee(f"w{number}", "Wil", f"Last{number}") for number in range(8)]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in staff), encoding="utf-8")
    variables = {f"lifecycle_{name}": value for name, value in (RULES | {"source": "lasting", "limits": {}}).items()} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service, "lifecycle_report_limit": 2}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"hr1": variables}}}), encoding="utf-8")
    return awx_jobs.Template(project, "sync.yml", inventory_of(tmp_path / "hosts.json"), {"lifecycle_stats_key": "hris_run", "lifecycle_stats_report": True})


def with_variables(template, **more):
    return replace(template, extra_vars={**template.extra_vars, **more})


def figures(job):
    return json.loads(job.artifacts["hris_run"])


@pytest.mark.awx
def test_state_of_the_job_is_refused_and_state_that_is_gone_is_said(clean, template, recipient, tmp_path):  # noqa: F811
    mark = clean.mark()
    inside = {"lifecycle_state": {"must_exist": True}, "lifecycle_journal": INSIDE + "/journal.jsonl"}
    vanishing = awx_jobs.start(with_variables(template, **inside), tmp_path)
    passwords = {"certificate": recipient[0], "dest": INSIDE + "/passwords.jsonl"}
    handed = awx_jobs.start(with_variables(template, lifecycle_passwords=passwords), tmp_path).wait()
    vanishing = vanishing.wait()
    assert vanishing.status == handed.status == "failed" and clean.writes_since(mark) == [], vanishing.output
    assert f"is below {vanishing.folder}, the folder of ansible-runner, which AWX removes" in figures(vanishing)["msg"], figures(vanishing)
    assert "initial passwords are not written here" in figures(handed)["msg"] and str(handed.folder) in figures(handed)["msg"], figures(handed)

    mounted = tmp_path / "mounted"
    mounted.mkdir(mode=0o700)
    kept = with_variables(template, lifecycle_state={"dir": str(mounted), "must_exist": True, "lasting": [str(tmp_path)]})
    assert awx_jobs.run(kept, tmp_path).status == "successful"
    mark = clean.mark()
    again = awx_jobs.run(kept, tmp_path)
    assert again.status == "successful" and not figures(again)["changed"] and clean.writes_since(mark) == []
    assert (mounted / "lasting/guard.json").exists() and (mounted / "recent.json").exists()
    for entry in mounted.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    lost = awx_jobs.run(kept, tmp_path)
    assert lost.status == "failed" and "has no state of earlier runs. But 8 accounts have the mark of lasting" in figures(lost)["msg"], figures(lost)


@pytest.mark.awx
def test_the_whole_plan_reaches_who_approves(clean, template, tmp_path):
    dry = awx_jobs.run(replace(template, job_type="check", diff=True), tmp_path)
    assert dry.status == "successful" and sorted(dry.artifacts) == ["hris_run", "hris_run_report"], dry.output
    text = "\n".join(dry.artifacts["hris_run_report"])
    assert all(f"w{number}" in text for number in range(8)) and "left out" not in text
    assert "and 6 more accounts; no plan file that lasts has them" in dry.output and "has them all" not in dry.output


TENANTS = """
hr:
  hosts:
    elmo_a: {elmo_environment: HRIS_ELMO_A}
    elmo_b: {elmo_environment: HRIS_ELMO_B}
  vars: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}", hr_system: elmo}
"""


@pytest.mark.awx
def test_two_tenants_with_a_credential_and_an_authority_each_and_no_answers(tmp_path):
    """An answer that is left empty is not given, whatever the type of its variable."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "test_endpoint.yml").write_text("- import_playbook: hris.ad.test_endpoint\n", encoding="utf-8")
    (tmp_path / "hosts.yml").write_text(TENANTS, encoding="utf-8")
    with hr.serve("elmo", population.generate(20, seed=3), tls=tmp_path / "tls-a") as one, \
            hr.serve("elmo", population.generate(30, seed=7), tls=tmp_path / "tls-b") as other:
        def credential(name, server):
            with open(server.ca_file, encoding="utf-8") as file:
                inputs = {"base_url": server.url, "client_id": "lab-client", "client_secret": "lab-secret", "ca": file.read()}
            return Credential(kind(f"HRIS_ELMO_{name}", "base_url", "client_id", "client_secret", ca_cert="{{ ca }}\n"), inputs)

        both = awx_jobs.Template(project, "test_endpoint.yml", inventory_of(tmp_path / "hosts.yml"), {}, (credential("A", one), credential("B", other)))
        empty = {name: "" for name in ("elmo_http", "elmo_references", "elmo_page_size", "elmo_concurrency", "elmo_fields")}
        done = awx_jobs.run(both, tmp_path, given=empty)
        assert done.status == "successful", done.output
        read = [result["ansible_facts"]["hris_test"]["counts"]["employees"] for result in done.results("Keep what was found")]
        assert len(set(read)) == 2 and all(read), "each has its own HR"
        assert "These variables are empty, and so they are not given: " in done.output
        alone = awx_jobs.run(replace(both, credentials=both.credentials[:1]), tmp_path)
        assert alone.status == "failed" and "HRIS_ELMO_B_BASE_URL" in alone.output and len(alone.results("Keep what was found")) == 1
        assert not [name for job in (done, alone) for name, text in job.stored() if "lab-secret" in text]
