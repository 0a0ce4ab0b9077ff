"""The module endpoint_info as ansible-playbook runs it, against a server over TLS: what it returns, what it writes, what it never shows."""
from __future__ import annotations

import json
import re

import pytest
import yaml
from hr_playbook import ROOT, play

from lab import hr, population

PEOPLE = 60
PAGING = {"type": "cursor", "parameter": "after", "next": "page.next", "total": "page.total"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with hr.serve("crew", population.generate(PEOPLE), tls=tmp_path_factory.mktemp("tls"), key="crew-s3cr3t", links=True) as running:
        yield running


@pytest.fixture
def read(server, tmp_path):
    """read(endpoints, check=False, environment=None, **options) -> (the module's result, all that was printed)"""
    server.requests.clear()
    server.faults.clear()

    def run(endpoints, check=False, environment=None, **options):
        given = {"base_url": server.url, "ca_cert": server.ca_file, "endpoints": endpoints, "retries": 0, **options}
        if environment is None:
            given["auth"] = {"type": "api_key", "key_name": "X-Crew-Key", "key": "crew-s3cr3t"}
        outcome = play(tmp_path, [{"name": "Read", "hris.ad.endpoint_info": given}], {}, check=check, environment=environment)
        printed = outcome["output"].replace((tmp_path / "play.yml").read_text(encoding="utf-8"), "")
        assert "crew-s3cr3t" not in printed and "crew-s3cr3t" not in json.dumps(outcome["results"])
        return outcome["results"]["Read"] | {"failed": outcome["stats"]["failures"] == 1}, printed
    return run


def test_returned_or_written(read, tmp_path):
    endpoints = [{"name": "people", "url": "people", "records": "items", "key": "ref", "paging": PAGING}]
    result, _printed = read(endpoints)
    assert (result["changed"], len(result["employees"]), result["counts"]["requests"]) == (False, PEOPLE, 3)
    dest = tmp_path / "crew.jsonl"
    written, _printed = read(endpoints, check=True, dest=str(dest))
    assert "employees" not in written and (written["changed"], written["dest"]) == (False, str(dest))
    assert [json.loads(line) for line in dest.read_text(encoding="utf-8").splitlines()] == result["employees"]
    assert oct(dest.stat().st_mode & 0o777) == "0o600"


def test_the_link_header_and_the_key_of_the_environment(read, server):
    result, _printed = read([{"name": "people", "url": "people", "records": "items", "key": "ref", "paging": {"type": "link", "total": "page.total"}}],
                            environment={"HRIS_AUTH_KEY": "crew-s3cr3t"}, auth={"type": "api_key", "key_name": "X-Crew-Key"})
    assert len(result["employees"]) == PEOPLE
    assert {request["status"] for request in server.requests} == {200}


def test_described(read, server):
    result, printed = read([{"name": "people", "url": "people", "records": "items", "key": "ref", "paging": PAGING}], describe=True, describe_pages=1,
                           redact_samples=True)
    assert "employees" not in result
    assert len(server.requests) == 1
    fields = {field["path"]: field for field in result["fields"]}
    assert (fields["ref"]["sample"], fields["job.contract.from"]["type"], result["fields_left_out"]) == ("x-9999", "date", 0)
    assert result["endpoints"]["people"] | {"seconds": 0} == {"records": 25, "pages": 1, "requests": 1, "seconds": 0, "status": 200}
    assert not [person["mobile"] for person in server.company["people"] if person["mobile"] and person["mobile"] in printed]


def test_requests_with_macros(read, server):
    result, _printed = read([{"name": "one", "url": "people/{who}/passes", "records": "passes", "params": {"since": "{date_add(today, -1, 'month')}"}}],
                            variables={"who": "C-7001"}, as_of="2026-03-31")
    assert [found["serial"] for found in result["employees"]] == ["D00001", "G00001"]
    assert [(request["path"], request["query"]) for request in server.requests] == [("/v2/people/C-7001/passes", {"since": "2026-02-28"})]


WRONG = [
    ({"url": "peple"}, "/v2/peple: HTTP 404: Nothing is at /v2/peple. Is the address right."),
    ({"url": "people/{whoo}"}, "endpoints[0] (people).url: unknown macro '{whoo}'. Did you mean 'who'?"),
    ({"records": "itmes"}, "there are no records at 'itmes' in the answer of endpoint people. Lists in it are: items."),
    ({"key": "reff"}, "endpoints[0] (people).key: no record has a key at 'reff'. Did you mean 'ref'?"),
    ({"paging": {"type": "cursr"}}, "value of type must be one of: none, page, offset, cursor, link, got: cursr"),
    ({"paging": {**PAGING, "max_pages": 2}}, "endpoint people: the list has no end: 2 pages came."),
]


def test_one_clear_error(server, tmp_path):
    server.faults.clear()
    tasks = [{"name": str(number), "ignore_errors": True, "hris.ad.endpoint_info": {
        "base_url": server.url, "ca_cert": server.ca_file, "retries": 0, "variables": {"who": "x"},
        "auth": {"type": "api_key", "key_name": "X-Crew-Key", "key": "crew-s3cr3t"},
        "endpoints": [{"name": "people", "url": "people", "records": "items", "key": "ref", "paging": PAGING, **change}],
    }} for number, (change, _expected) in enumerate(WRONG)]
    results = play(tmp_path, tasks, {})["results"]
    for number, (_change, expected) in enumerate(WRONG):
        assert expected in results[str(number)]["msg"]
        assert "employees" not in results[str(number)] and "Traceback" not in str(results[str(number)])


@pytest.mark.parametrize(("fault", "expected"), [
    ({"kind": "unauthorised", "times": 0}, "HTTP 401: This key is not known"),
    ({"kind": "total", "by": 2}, f"in the last one {PEOPLE} of the stated {PEOPLE + 2} records came"),
    ({"kind": "cut", "times": 0}, "the connection broke in the middle of the answer"),
])
def test_faults(read, server, fault, expected):
    server.faults.append(fault)
    result, _printed = read([{"name": "people", "url": "people", "records": "items", "key": "ref", "paging": PAGING}])
    assert result["failed"] and expected in result["msg"]


def documented(kind) -> dict:
    """The variables that docs/endpoints.md shows for a system's own authentication, as options of the module."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/endpoints.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    variables = next(found for found in map(yaml.safe_load, blocks) if found.get("rest_auth") == {"type": kind})
    return {name.removeprefix("rest_"): value for name, value in variables.items() if name.startswith("rest_")}


@pytest.mark.parametrize("kind", ["elmo", "icehrm"])
def test_the_ready_made_systems_as_endpoints(kind, tmp_path):
    """As the documentation shows it; but for the address, and IceHrm's company is the lab's."""
    with hr.serve(kind, population.generate(PEOPLE), tls=tmp_path / "tls") as running:
        options = documented(kind)
        options |= {"ca_cert": running.ca_file, "base_url": running.origin + ("" if kind == "elmo" else "/api/{company_name}")}
        if kind == "icehrm":
            assert options["variables"] == {"company_name": "test1"}
            options["variables"] = {"company_name": "lab"}
        environment = {"HRIS_ELMO_CLIENT_ID": "lab-client", "HRIS_ELMO_CLIENT_SECRET": "lab-secret"} if kind == "elmo" else {
            "HRIS_ICEHRM_TOKEN": running.token()}
        outcome = play(tmp_path, [{"name": "Read", "hris.ad.endpoint_info": options}], {}, environment=environment)
        result = outcome["results"]["Read"]
        assert outcome["stats"]["failures"] == 0, result
        assert len(result["employees"]) > 50
        if kind == "elmo":
            assert {employee["departmentRecord"]["title"] for employee in result["employees"] if employee["department"]} >= {"Finance", "Sales"}
    assert not [secret for name, secret in environment.items() if name != "HRIS_ELMO_CLIENT_ID" and secret in outcome["output"]]
