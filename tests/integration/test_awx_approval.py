"""Two sources and one approval in a workflow of AWX: a dry run, its artifacts, and a node that writes exactly that plan or nothing."""
from __future__ import annotations

import json
from dataclasses import replace

import awx_jobs
import pytest
from awx_inventory import inventory_of
from awx_variables import Credential
from hr_playbook import ROOT
from test_sync import servers  # noqa: F401  (a fixture)

TASK = "Make the domain follow elmo, icehrm"
# As AWX fills it in, from the artifact of the dry run
DIGEST = "{{ (hris_run | from_json).digest | default('') }}"


def kind(prefix: str, *fields: str, **files: str) -> dict:
    """The injectors of a credential type: each field as a variable of the environment, and files."""
    environment = {f"{prefix}_{name.upper()}": f"{{{{ {name} }}}}" for name in fields}
    environment |= {f"{prefix}_{name.upper()}": f"{{{{ tower.filename.{name} }}}}" for name in files}
    return {"env": environment, "file": {f"template.{name}": text for name, text in files.items()}}


@pytest.fixture
def workflow(clean, servers, tmp_path):  # noqa: F811
    """(the template of the dry run, that of the run as approved): examples/both with a credential for each source and one for the domain."""
    clean.reset()
    project = tmp_path / "project"
    project.mkdir()
    (project / "sync.yml").write_text("- import_playbook: hris.ad.sync\n", encoding="utf-8")
    ca = clean.root.joinpath("private/tls/ca.pem").read_text(encoding="utf-8")
    credentials = (
        Credential(kind("HRIS_AD", "servers", "username", "password", ca_cert="{{ ca }}\n"),
                            {"servers": clean.address, "username": clean.service_name, "password": clean.service_password, "ca": ca}),
        Credential(kind("HRIS_ELMO", "base_url", "client_id", "client_secret"),
                            {"base_url": servers["elmo"].url, "client_id": "lab-client", "client_secret": "lab-secret"}),
        Credential({**kind("HRIS_ICEHRM", "base_url", "token"), "extra_vars": {"icehrm_about": "{{ token }}"}},
                            {"base_url": servers["icehrm"].url, "token": servers["icehrm"].token()}))
    variables = {"lifecycle_stats_key": "hris_run", "lifecycle_as_of": servers["elmo"].company["date"], "elmo_ca_cert": clean.ca_file,
                 "icehrm_ca_cert": clean.ca_file}
    dry = awx_jobs.Template(project, "sync.yml", inventory_of(ROOT / "examples/both"), variables, credentials, job_type="check", diff=True)
    approved = replace(dry, job_type="run", diff=False, extra_vars={**variables, "lifecycle_approval_required": True, "lifecycle_approved_digest": DIGEST})
    return dry, approved


def figures(job: awx_jobs.Job) -> dict:
    return json.loads(job.artifacts["hris_run"])


@pytest.mark.awx
def test_one_approval_for_both_sources_writes_exactly_the_plan_that_was_read(clean, servers, workflow, tmp_path):  # noqa: F811
    dry, approved = workflow
    mark = clean.mark()
    checked = awx_jobs.run(dry, tmp_path)
    assert checked.status == "successful" and list(checked.artifacts) == ["hris_run"] and clean.writes_since(mark) == [], checked.output[-3000:]
    plan = figures(checked)
    assert plan["sources"] == ["elmo", "icehrm"] and plan["check_mode"] and plan["changes"]["create"] > 50

    # One person more in one of the sources, between the dry run and the approval
    person = next(one for one in servers["icehrm"].company["people"] if one["last"])
    former, person["last"] = person["last"], f"{person['last']}-Changed"
    servers["icehrm"].changed()
    other = awx_jobs.run(approved, tmp_path, given=checked.artifacts)
    assert other.status == "failed" and clean.writes_since(mark) == []
    assert f"this is not the approved plan. Approved is {plan['digest']}" in figures(other)["msg"] and "\n" not in figures(other)["msg"]
    person["last"] = former
    servers["icehrm"].changed()

    done = awx_jobs.run(approved, tmp_path, given=checked.artifacts)
    made = figures(done)
    assert done.status == "successful", done.output[-3000:]
    assert (made["digest"], made["changes"]) == (plan["digest"], plan["changes"]) and (made["applied"], made["refused"]) == (sum(plan["changes"].values()), 0)
    read = {diff["before_header"] for result in checked.results(TASK) for diff in result["diff"]}
    written = clean.search("(adminDescription=hris.ad source=*)", ["sAMAccountName", "adminDescription"])
    shown = [line for result in checked.results(TASK) for diff in result["diff"] for line in diff["after"].splitlines() if line.startswith("sAMAccountName: ")]
    assert read and sorted(line.partition(": ")[2] for line in shown) == sorted(entry["attributes"]["sAMAccountName"][0] for entry in written)
    again = awx_jobs.run(dry, tmp_path)
    assert again.status == "successful" and figures(again)["changed"] is False
    secrets = (clean.service_password, "lab-secret", servers["icehrm"].token())
    for job in (checked, other, done, again):
        assert job.left == [], "nothing about people is left behind"
        for name, text in job.stored():
            assert not [secret for secret in secrets if secret in text], f"a secret in {name}"


NO_APPROVAL = {
    "no artifact: the dry run was cancelled, and the link says always": ({}, "lifecycle_approved_digest is missing"),
    "the dry run made no plan": ({"hris_run": '{"failed": true, "msg": "no"}'}, "lifecycle_approved_digest is missing"),
    "an artifact that is no JSON": ({"hris_run": "nothing"}, "lifecycle_approved_digest cannot be computed from the result of the dry run"),
    "a template that nobody fills in": ({"lifecycle_approved_digest": "{{ dry_run.digest }}"}, "lifecycle_approved_digest is a template that nobody filled in"),
    "an empty answer": ({"lifecycle_approved_digest": ""}, "lifecycle_approved_digest is missing"),
    "a digest that was cut": ({"lifecycle_approved_digest": "sha256:5f3a"}, "lifecycle_approved_digest is 'sha256:5f3a', which is not the digest of a plan"),
}


@pytest.mark.awx
def test_without_an_approval_nothing_is_read_or_written(clean, servers, workflow, tmp_path):  # noqa: F811
    _dry, approved = workflow
    mark = clean.mark()
    asked = {name: len(server.requests) for name, server in servers.items()}
    started = {}
    for name, (given, _message) in NO_APPROVAL.items():
        started[name] = awx_jobs.start(approved, tmp_path, given=given)
        if len(started) % 2 == 0:  # two at a time
            started[name].process.wait(awx_jobs.LIMIT)
    for name, (_given, message) in NO_APPROVAL.items():
        job = started[name].wait()
        assert job.status == "failed" and job.results(TASK) == [], f"{name}: {job.output}"
        assert message in figures(job)["msg"] and "nothing was read or written" in figures(job)["msg"], f"{name}: {figures(job)}"
        assert {result["msg"] for result in job.results("Refuse the run")} == {figures(job)["msg"]}, "one sentence"
        assert "digest" not in figures(job), "an approval of this failed run would have none either"
    assert {name: len(server.requests) for name, server in servers.items()} == asked, "HR was not asked"
    assert clean.writes_since(mark) == [] == clean.binds_since(mark)
