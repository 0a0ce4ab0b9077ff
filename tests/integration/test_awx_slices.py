"""Parts of a plan as AWX writes them: each slice is a job of its own, at the same time, with an inventory of its hosts; the next node finishes."""
from __future__ import annotations

import json
from dataclasses import replace

import awx_jobs
import pytest
from awx_inventory import inventory_of
from few import few
from hr_playbook import run
from test_sync_module import RULES, STAFF, employee

PARTS, PEOPLE = 2, 40


def site(folder, service, employees, **options):
    """A project with both playbooks, and the inventory of the parts and of the whole."""
    project = folder / "project"
    project.mkdir()
    for name in ("sync", "sync_in_parts"):
        (project / f"{name}.yml").write_text(f"- import_playbook: hris.ad.{name}\n", encoding="utf-8")
    (folder / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in employees), encoding="utf-8")
    common = {f"lifecycle_{name}": value for name, value in (RULES | {"source": "sliced"} | options).items()} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": str(folder / "feed.jsonl"), "lifecycle_directory": service}
    hosts = {f"part{number}": {"lifecycle_shard": {"part": number, "of": PARTS}} for number in range(1, PARTS + 1)}
    (folder / "hosts.json").write_text(json.dumps({"hr_parts": {"hosts": hosts, "vars": common}, "hr": {"hosts": {"whole": {}}, "vars": common}}),
                                       encoding="utf-8")
    return awx_jobs.Template(project, "sync_in_parts.yml", inventory_of(folder / "hosts.json"), slices=PARTS)


def told(job):
    return {name: json.loads(value) for name, value in job.artifacts.items()}


@pytest.mark.long
@pytest.mark.awx
def test_slices_write_the_whole_and_the_next_node_finishes(clean, directory, tmp_path):
    """All have one name and one candidate more, and each has a manager, mostly of another part; some of a new OU."""
    new_ou = f"OU=New,{STAFF}"
    staff = [employee(number, "Xenia", "Same", manager=str(number // 2) if number else None) for number in range(PEOPLE)]
    administrator = {name: value for name, value in directory.items() if value is not None}  # the account of the run makes no OUs
    template = site(tmp_path, administrator, staff, placement=[{"when": "title == 'Clerk'", "ou": new_ou, "create": True}])
    jobs = awx_jobs.run_slices(template, tmp_path)
    assert [job.status for job in jobs] == ["successful"] * PARTS, "\n".join(job.output[-3000:] for job in jobs)
    parts = [figures for job in jobs for figures in told(job).values()]
    assert len(parts) == PARTS and all(part["refused"] == 0 and part["applied"] > 0 for part in parts), "each slice wrote its part, and nothing was refused"
    assert all(len(job.results("Make the domain follow")) == len(job.results("Say who writes the rest")) == 1 for job in jobs), "no slice wrote the rest"
    assert sorted(awx_jobs.passed_on(jobs)) == [f"hris_sliced_part_{number}_of_{PARTS}" for number in range(1, PARTS + 1)], "no slice overwrites another's"
    waiting = sum(part["waiting"] for part in parts)
    after = awx_jobs.run(replace(template, playbook="sync.yml", slices=1), tmp_path, given=awx_jobs.passed_on(jobs))
    (rest,) = told(after).values()
    assert after.status == "successful" and (rest["applied"], rest["refused"]) == (waiting, 0) and waiting > 0, after.output[-3000:]
    found = [entry["attributes"] for entry in clean.search("(adminDescription=hris.ad source=sliced*)", ["sAMAccountName", "employeeID", "manager", "memberOf"])]
    assert len(found) == len({entry["employeeID"][0] for entry in found}) == len({entry["sAMAccountName"][0] for entry in found}) == PEOPLE
    assert sum("manager" in entry for entry in found) == PEOPLE - 1 and all(entry["memberOf"] for entry in found)
    assert len(clean.search("(ou=New)", ["ou"])) == 1
    mark = clean.mark()
    again = [*awx_jobs.run_slices(template, tmp_path), awx_jobs.run(replace(template, playbook="sync.yml", slices=1), tmp_path)]
    assert [job.status for job in again] == ["successful"] * (PARTS + 1) and clean.writes_since(mark) == []


@pytest.mark.long
def test_a_part_that_failed_leaves_the_rest_to_a_later_run(clean, service, tmp_path):
    """Without slices: the last play does nothing either, when not all parts were written."""
    site(tmp_path, service, [employee(f"f{number}", "Fay", f"Led{number}", manager="f0") for number in range(12)], source="failed")
    hosts = json.loads((tmp_path / "hosts.json").read_text(encoding="utf-8"))
    hosts["hr_parts"]["hosts"]["part2"]["lifecycle_outcome_file"] = "/proc/none/outcome.jsonl"
    (tmp_path / "hosts.json").write_text(json.dumps(hosts), encoding="utf-8")
    found = run(tmp_path, ["-i", "hosts.json", "--forks", "2", "hris.ad.sync_in_parts"], {})
    assert found["stats"]["failures"] == 1, found["output"]
    assert "This play did not write all 2 parts." in found["output"]
    assert 0 < len(clean.search("(adminDescription=hris.ad source=failed*)", ["cn"])) < 12, found["output"]


REFUSED = {
    "different domain controllers": ({"part2": {"lifecycle_directory": {"servers": ["dc2.corp.example"]}}}, {},
                                     "part1, part2 have different values of lifecycle_directory"),
    "different numbers of parts": ({"part2": {"lifecycle_shard": {"part": 2, "of": 3}}}, {}, "part1, part2 have lifecycle_shard with different numbers"),
    "an approved digest": ({}, {"lifecycle_approved_digest": "sha256:" + 64 * "0"}, "in parts cannot be the approved one"),
    "a policy that asks for an approval": ({}, {"lifecycle_approval_required": True}, "in parts cannot be the approved one"),
}


@pytest.mark.parametrize(("hosts", "variables", "message"), few(REFUSED.values()), ids=REFUSED)
def test_what_parts_cannot_do_safely_is_refused(clean, service, tmp_path, hosts, variables, message):
    site(tmp_path, service, [employee(f"u{number}", "Not", f"Safe{number}") for number in range(6)], source="unsafe")
    given = json.loads((tmp_path / "hosts.json").read_text(encoding="utf-8"))
    for name, more in hosts.items():
        given["hr_parts"]["hosts"][name].update(more)
    given["hr_parts"]["vars"].update(variables)
    (tmp_path / "hosts.json").write_text(json.dumps(given), encoding="utf-8")
    mark = clean.mark()
    found = run(tmp_path, ["-i", "hosts.json", "--forks", "2", "hris.ad.sync_in_parts"], {})
    assert found["stats"]["failures"] >= 1 and message in " ".join(found["output"].split()), found["output"]
    assert clean.writes_since(mark) == []
