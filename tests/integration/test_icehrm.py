"""The module and the role for IceHrm, as ansible-playbook runs them, against the lab's IceHrm over TLS."""
from __future__ import annotations

import json
import os

import pytest
from hr_playbook import play

from lab import hr, population

FETCH = [{"name": "Fetch", "ansible.builtin.include_role": {"name": "hris.ad.icehrm", "tasks_from": "fetch"}},
         {"name": "Show", "ansible.builtin.debug": {"var": "lifecycle_employees_file"}}]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with hr.serve("icehrm", population.generate(60), tls=tmp_path_factory.mktemp("tls")) as running:
        yield running


@pytest.fixture
def variables(server) -> dict:
    server.faults.clear()
    server.requests.clear()
    return {"icehrm_base_url": server.url, "icehrm_ca_cert": server.ca_file, "icehrm_token": server.token()}


def test_fetch_while_hr_is_edited(server, variables, tmp_path):
    server.faults.append({"kind": "edit", "page": 2, "times": 1})
    feed = tmp_path / "feed.jsonl"
    outcome = play(tmp_path, FETCH, {**variables, "icehrm_employees_file": str(feed), "icehrm_page_size": 20}, check=True)
    assert (outcome["stats"]["failures"], outcome["stats"]["changed"]) == (0, 0)
    assert outcome["results"]["Show"]["lifecycle_employees_file"] == str(feed)
    employees = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    assert len({person["id"] for person in employees}) == len(employees) > 50
    assert oct(feed.stat().st_mode & 0o777) == "0o600"
    assert variables["icehrm_token"] not in outcome["output"]


def test_main_removes_its_temporary_file_when_reading_fails(server, variables, tmp_path):
    server.faults.append({"kind": "short", "times": 0})
    outcome = play(tmp_path, [{"name": "Sync", "ansible.builtin.include_role": {"name": "hris.ad.icehrm"}}], variables)
    assert outcome["stats"]["failures"] == 1
    assert "the list did not arrive complete in 3 readings" in outcome["results"]["Read the employees from IceHrm"]["msg"]
    assert not [name for name in os.listdir(tmp_path / "tmp") if name.startswith("hris.ad-")]


def test_module_warns_of_a_token_that_ends_soon(server, variables, tmp_path):
    options = {"base_url": server.url, "ca_cert": server.ca_file, "fields": ["employee_id", "department"]}
    outcome = play(tmp_path, [{"name": "Read", "hris.ad.icehrm_employee_info": options}], {},
                   environment={"HRIS_ICEHRM_TOKEN": server.token(days=5)})
    result = outcome["results"]["Read"]
    assert result["changed"] is False
    assert len(result["employees"]) == result["counts"]["employees"] > 50
    assert set(result["employees"][0]) == {"id", "employee_id", "department"}
    assert [text for text in result["warnings"] if text.startswith("The IceHrm token expires in 5.0 days, on ")]


def test_module_refuses_an_expired_token_before_any_request(server, variables, tmp_path):
    options = {"base_url": server.url, "ca_cert": server.ca_file, "token": server.token(days=-1)}
    outcome = play(tmp_path, [{"name": "Read", "hris.ad.icehrm_employee_info": options}], {})
    assert outcome["results"]["Read"]["msg"].startswith("token: it expired on ")
    assert server.requests == []


def test_a_further_endpoint_for_each_employee(server, variables, tmp_path):
    """With the role's own token, and an address in which macros stand."""
    endpoint = {"name": "details", "url": "{list}/{value}", "records": "@", "into": "details", "fields": ["id", "work_email"],
                "dependent": {"of": "icehrm", "value": "id", "concurrency": 3}}
    feed = tmp_path / "feed.jsonl"
    outcome = play(tmp_path, FETCH, {**variables, "icehrm_employees_file": str(feed), "icehrm_endpoints": [endpoint],
                                     "icehrm_variables": {"list": "employees"}})
    assert (outcome["stats"]["failures"], outcome["stats"]["changed"]) == (0, 0), outcome["output"]
    employees = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    assert len(employees) > 50
    assert all(person["details"]["id"] == int(person["id"]) and person["details"]["work_email"] == person["work_email"] for person in employees)
    assert variables["icehrm_token"] not in outcome["output"]


def test_the_entry_point_test(server, variables, tmp_path):
    tasks = [{"name": "Test", "ansible.builtin.include_role": {"name": "hris.ad.icehrm", "tasks_from": "test"}}]
    outcome = play(tmp_path, tasks, variables)
    assert (outcome["stats"]["failures"], outcome["stats"]["changed"]) == (0, 0), outcome["output"]
    tested = outcome["results"]["Keep what was found"]["ansible_facts"]["hris_test"]
    fields = {field["path"]: field for field in tested["fields"]}
    assert fields["job_title.display"]["share"] > 80 and fields["employee_id"]["sample"] == "xxx9999"
    assert 'custom."Cost Centre"' in fields
    assert outcome["results"]["Show what came"]["msg"][-1] == "No mapping is configured yet."
    assert not [name for name in os.listdir(tmp_path / "tmp") if name.startswith("hris.ad-")]


def test_a_tenant_gets_nothing_of_another_one(server, variables, tmp_path):
    """A host with its own icehrm_environment reads these variables only, and fails where one is missing."""
    base, token = variables["icehrm_base_url"], variables["icehrm_token"]
    mine = {"icehrm_environment": "HRIS_ICEHRM_B", "icehrm_employees_file": str(tmp_path / "feed.jsonl")}
    own = {"HRIS_ICEHRM_B_BASE_URL": base, "HRIS_ICEHRM_B_TOKEN": token, "HRIS_ICEHRM_B_CA_CERT": server.ca_file}
    outcome = play(tmp_path, FETCH, mine, environment=own)
    assert outcome["stats"]["failures"] == 0 and (tmp_path / "feed.jsonl").stat().st_size, outcome["output"]
    others = {"HRIS_ICEHRM_BASE_URL": base, "HRIS_ICEHRM_TOKEN": token, "HRIS_ICEHRM_CA_CERT": server.ca_file}
    for missing, words in (
            ("HRIS_ICEHRM_B_BASE_URL", "Set icehrm_base_url or icehrm_company_name, or HRIS_ICEHRM_B_BASE_URL in the environment."),
            ("HRIS_ICEHRM_B_TOKEN", "Set icehrm_token, or HRIS_ICEHRM_B_TOKEN in the environment.")):
        server.requests.clear()
        found = play(tmp_path, FETCH, mine, environment={**others, **own, missing: ""})
        assert found["stats"]["failures"] == 1 and words in found["results"]["Read the employees from IceHrm"]["msg"], found["output"]
        assert not server.requests, "nothing of another tenant was sent"
