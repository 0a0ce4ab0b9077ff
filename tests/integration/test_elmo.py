"""The module and the role for ELMO, as ansible-playbook runs them, against the lab's ELMO over TLS."""
from __future__ import annotations

import json
import os

import pytest
from few import few
from hr_playbook import play, run

from lab import hr, population

FETCH = [{"name": "Fetch", "ansible.builtin.include_role": {"name": "hris.ad.elmo", "tasks_from": "fetch"}},
         {"name": "Show", "ansible.builtin.debug": {"var": "lifecycle_employees_file"}}]
SYNC = [{"name": "Sync", "ansible.builtin.include_role": {"name": "hris.ad.elmo"}}]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with hr.serve("elmo", population.generate(60), tls=tmp_path_factory.mktemp("tls")) as running:
        yield running


@pytest.fixture
def variables(server) -> dict:
    server.faults.clear()
    server.requests.clear()
    return {"elmo_base_url": server.url, "elmo_ca_cert": server.ca_file, "elmo_client_id": "lab-client", "elmo_client_secret": "lab-secret"}


def test_fetch_hands_a_private_file_over(variables, tmp_path):
    feed = tmp_path / "feed.jsonl"
    outcome = play(tmp_path, FETCH, {**variables, "elmo_employees_file": str(feed)})
    assert (outcome["stats"]["failures"], outcome["stats"]["changed"]) == (0, 0)
    assert outcome["results"]["Show"]["lifecycle_employees_file"] == str(feed)
    employees = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    counts = outcome["results"]["Read the employees from ELMO"]["counts"]
    assert (counts["employees"], counts["unresolved"]) == (len(employees), 0)
    assert len(employees) > 50
    assert oct(feed.stat().st_mode & 0o777) == "0o600"
    assert "lab-secret" not in outcome["output"]
    assert not [person["email"] for person in employees if person["email"] and person["email"] in outcome["output"]]


@pytest.mark.long
def test_fetch_makes_a_temporary_file_in_check_mode_too(variables, tmp_path):
    outcome = play(tmp_path, FETCH, variables, check=True)
    path = outcome["results"]["Show"]["lifecycle_employees_file"]
    assert path.startswith(str(tmp_path / "tmp"))
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"
    assert os.path.getsize(path) > 10_000
    assert (outcome["stats"]["failures"], outcome["stats"]["changed"]) == (0, 0)


def test_main_removes_its_temporary_file_when_reading_fails(server, variables, tmp_path):
    server.faults.append({"kind": "error", "status": 404, "times": 0, "path": "/positions"})
    outcome = play(tmp_path, SYNC, variables)
    assert outcome["stats"]["failures"] == 1
    assert outcome["results"]["Read the employees from ELMO"]["msg"] == (
        f"{server.url}/core/v1/positions?page=1&itemsPerPage=100: HTTP 404: Internal Server Error. Is the address right.")
    assert not [name for name in os.listdir(tmp_path / "tmp") if name.startswith("hris.ad-")]


def test_wrong_variable_is_refused_before_anything_is_read(server, variables, tmp_path):
    outcome = play(tmp_path, SYNC, {**variables, "elmo_deleted": "none"})
    assert "value of elmo_deleted must be one of: both, only, exclude, got: none" in outcome["output"]
    assert server.requests == []


def test_module_with_credentials_of_the_environment(server, variables, tmp_path):
    options = {"base_url": server.url, "ca_cert": server.ca_file, "deleted": "exclude", "fields": ["employeeNumber", "manager"]}
    outcome = play(tmp_path, [{"name": "Read", "hris.ad.elmo_employee_info": options}], {},
                   environment={"HRIS_ELMO_CLIENT_ID": "lab-client", "HRIS_ELMO_CLIENT_SECRET": "lab-secret"})
    result = outcome["results"]["Read"]
    assert result["changed"] is False
    assert len(result["employees"]) == result["counts"]["employees"] > 50
    assert set(result["employees"][0]) == {"id", "employeeNumber", "manager"}


def test_wrong_secret_is_told_without_naming_it(server, variables, tmp_path):
    options = {"base_url": server.url, "ca_cert": server.ca_file, "client_id": "lab-client", "client_secret": "not-the-secret"}
    outcome = play(tmp_path, [{"name": "Read", "hris.ad.elmo_employee_info": options}], {})
    assert outcome["results"]["Read"]["msg"] == (
        f"{server.url}/oauth/token: HTTP 401: Client authentication failed. "
        "No token was given: check client_id and client_secret, and whether token_encoding suits the server.")
    assert "not-the-secret" not in outcome["output"].replace((tmp_path / "play.yml").read_text(), "")


ENDPOINTS = [
    {"name": "employment", "url": "/core/v1/employees", "records": "data", "key": "id", "fields": ["employmentType"],
     "paging": {"type": "page", "size_parameter": "itemsPerPage", "size": 50, "stop": "metadata.page >= metadata.lastPage", "total": "metadata.totalItems"}},
    {"name": "desks", "key": "number", "match": "employeeNumber", "into": "desk"},
]


@pytest.mark.parametrize("kept", few([True, False]))
def test_further_endpoints_are_joined(server, variables, tmp_path, kept):
    """The same token reads another list, and a spreadsheet gives the desks."""
    numbers = [f"E{10000 + person['number']}" for person in server.company["people"]]
    (tmp_path / "desks.csv").write_text("number,desk\n" + "".join(f"{number},D{index}\n" for index, number in enumerate(numbers)), encoding="utf-8")
    endpoints = [ENDPOINTS[0], {**ENDPOINTS[1], "file": str(tmp_path / "desks.csv")}]
    feed = tmp_path / "feed.jsonl"
    outcome = play(tmp_path, FETCH, {**variables, "elmo_endpoints": endpoints, **({"elmo_employees_file": str(feed)} if kept else {})})
    assert (outcome["stats"]["failures"], outcome["stats"]["changed"]) == (0, 0), outcome["output"]
    path = outcome["results"]["Show"]["lifecycle_employees_file"]
    assert (path == str(feed)) is kept
    with open(path, encoding="utf-8") as file:
        employees = [json.loads(line) for line in file]
    assert {person["employmentType"] for person in employees if not person["onboarding"]} >= {"FULLTIME"}
    assert not [person for person in employees if person["employeeNumber"] and person["desk"]["number"] != person["employeeNumber"]]
    assert [name for name in os.listdir(tmp_path / "tmp") if name.startswith("hris.ad-")] == ([] if kept else [os.path.basename(path)])
    report = {line["endpoint"]: line for line in outcome["results"]["Join the further endpoints"]["join"]["endpoints"]}
    assert (report["employment"]["unmatched"], report["desks"]["missing"]) == (0, 0)
    assert len([request for request in server.requests if request["path"] == "/oauth/token"]) == 2, "one token for each of the two modules"
    assert "lab-secret" not in outcome["output"]


@pytest.mark.long
def test_a_further_endpoint_that_fails_leaves_no_feed(server, variables, tmp_path):
    feed = tmp_path / "feed.jsonl"
    outcome = play(tmp_path, FETCH, {**variables, "elmo_employees_file": str(feed), "elmo_endpoints": [{**ENDPOINTS[0], "url": "/core/v1/nothing"}]})
    assert outcome["stats"]["failures"] == 1
    assert "HTTP 404" in outcome["results"]["Join the further endpoints"]["msg"]
    assert not feed.exists()
    assert not [name for name in os.listdir(tmp_path / "tmp") if name.startswith("hris.ad-")]


def test_the_entry_point_test(variables, tmp_path):
    rules = {"lifecycle_mapping": {"employeeID": "employeeNumber", "title": "position.titel"}, "lifecycle_placement": [{"ou": "OU=Staff,DC=corp,DC=example"}],
             "lifecycle_naming": {"candidates": ["{employeeID}"], "attributes": {"sAMAccountName": "{name}", "cn": "{name}"}}}
    tasks = [{"name": "Test", "ansible.builtin.include_role": {"name": "hris.ad.elmo", "tasks_from": "test"}}]
    outcome = play(tmp_path, tasks, {**variables, **rules, "elmo_endpoints": ENDPOINTS[:1]})
    assert (outcome["stats"]["failures"], outcome["stats"]["changed"]) == (0, 0), outcome["output"]
    tested = outcome["results"]["Keep what was found"]["ansible_facts"]["hris_test"]
    assert "position.title" in {field["path"] for field in tested["fields"]}
    assert [problem["message"] for problem in tested["problems"]] == ["no employee has the field 'position.titel'"]
    assert tested["endpoints"]["employment"]["status"] == 200
    assert "The rules do not fit:" in outcome["results"]["Show what came"]["msg"]
    assert not os.listdir(tmp_path / "tmp") or not [name for name in os.listdir(tmp_path / "tmp") if name.startswith("hris.ad-")]


TENANTS = """
hr:
  hosts:
    elmo_a: {elmo_environment: HRIS_ELMO_A}
    elmo_b: {elmo_environment: HRIS_ELMO_B}
  vars: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}", hr_system: elmo}
"""
READ = """
- hosts: hr
  gather_facts: false
  tasks:
    - {name: Fetch, ansible.builtin.include_role: {name: hris.ad.elmo, tasks_from: fetch}, vars: {elmo_employees_file: "{{ playbook_dir }}/{{ inventory_hostname }}.jsonl"}}
"""


@pytest.mark.compat
def test_two_tenants_in_one_run_each_with_its_own_credentials_and_authority(server, tmp_path):
    """And none of them gets what is another's, also where its own are missing."""
    (tmp_path / "hosts.yml").write_text(TENANTS, encoding="utf-8")
    (tmp_path / "read.yml").write_text(READ, encoding="utf-8")
    server.faults.clear()
    with hr.serve("elmo", population.generate(30, seed=7), tls=tmp_path / "tls-b") as other:
        first = {"HRIS_ELMO_A_BASE_URL": server.url, "HRIS_ELMO_A_CLIENT_ID": "lab-client", "HRIS_ELMO_A_CLIENT_SECRET": "lab-secret",
                 "HRIS_ELMO_A_CA_CERT": server.ca_file}
        second = {"HRIS_ELMO_B_BASE_URL": other.url, "HRIS_ELMO_B_CLIENT_ID": "lab-client", "HRIS_ELMO_B_CLIENT_SECRET": "lab-secret",
                  "HRIS_ELMO_B_CA_CERT": other.ca_file}
        done = run(tmp_path, ["-i", "hosts.yml", "read.yml"], {**first, **second})
        assert done["stats"]["failures"] == 0, done["output"]
        read = [(tmp_path / f"{host}.jsonl").read_text(encoding="utf-8") for host in ("elmo_a", "elmo_b")]
        assert len(read[0].splitlines()) != len(read[1].splitlines()) and all(read)

        default = {"HRIS_ELMO_CLIENT_ID": "lab-client", "HRIS_ELMO_CLIENT_SECRET": "of another tenant"}
        for missing in ("HRIS_ELMO_B_BASE_URL", "HRIS_ELMO_B_CLIENT_ID", "HRIS_ELMO_B_CLIENT_SECRET"):
            other.requests.clear()
            found = run(tmp_path, ["-i", "hosts.yml", "read.yml"], {**first, **second, **default, missing: ""})
            assert found["stats"]["failures"] == 1 and missing in found["results"]["elmo_b", "Read the employees from ELMO"]["msg"]
            assert not other.requests, "nothing of another tenant was sent"
        swapped = run(tmp_path, ["-i", "hosts.yml", "read.yml"], {**first, **second, "HRIS_ELMO_B_CA_CERT": server.ca_file})
        assert swapped["stats"]["failures"] == 1 and "certificate" in swapped["results"]["elmo_b", "Read the employees from ELMO"]["msg"]
