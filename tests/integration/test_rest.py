"""A source that nothing here was written for, and files, synchronised into the real domain by configuration only; and hris.ad.test_endpoint."""
from __future__ import annotations

import csv
import json
import shutil

import pytest
import yaml
from few import few
from hr_playbook import ROOT, run

from lab import day, hr, population

SYNC = "Make the domain follow {}"
KEY = "crew-s3cr3t"


@pytest.fixture(scope="module")
def crew(clean):
    with hr.serve("crew", population.generate(40, seed=3, company="elmo"), address=clean.address, tls=clean.root / "private/tls", key=KEY) as running:
        yield running


@pytest.fixture
def play(clean, crew, tmp_path):
    """play(playbook, inventory, *options) -> what hr_playbook.run gives, with "writes" as the domain controller saw them."""
    crew.faults.clear()
    crew.requests.clear()
    environment = {
        "HRIS_AD_SERVERS": clean.address, "HRIS_AD_USERNAME": clean.service_name, "HRIS_AD_PASSWORD": clean.service_password,
        "HRIS_AD_CA_CERT": clean.ca_file, "HRIS_REST_BASE_URL": crew.url, "HRIS_AUTH_KEY": KEY,
    }

    def run_playbook(name, inventory, *options):
        mark = clean.mark()
        found = run(tmp_path, [f"hris.ad.{name}", "-i", str(inventory), "-e", f"lifecycle_as_of={crew.company['date']}",
                               "-e", f"rest_ca_cert={clean.ca_file}", *options], environment)
        assert KEY not in found["output"] and clean.service_password not in found["output"]
        assert not list((tmp_path / "tmp").glob("hris.ad-*")), "a file with employees was left behind"
        return found | {"writes": clean.writes_since(mark)}
    return run_playbook


@pytest.fixture
def inventory(tmp_path):
    return shutil.copytree(ROOT / "examples/rest", tmp_path / "inventory")


def accounts(domain, source) -> dict:
    """{employeeID: attributes} of a source's accounts, as ldapsearch reads them."""
    found = domain.search(f"(adminDescription=hris.ad source={source} *)", ["*", "memberOf"])
    return {entry["attributes"]["employeeID"][0]: {"dn": entry["dn"], **entry["attributes"]} for entry in found}


def check(domain, company) -> None:
    """The domain against the company itself, by a simple reading of the example's rules."""
    today, now = company["date"], accounts(domain, "crew")
    assert len(now) > 25
    for person in company["people"]:
        entry = now.get(f"C-{7000 + person['number']}")
        if entry is None:
            continue
        left = bool(person["end"] and person["end"] < today) or person["archived"] or bool(person.get("terminated"))
        assert bool(int(entry["userAccountControl"][0]) & 2) is (left or person["start"] > today), person
        assert ("OU=Leavers" in entry["dn"]) is left, person
        if left:
            continue
        assert entry.get("title") == ([person["title"]] if person["title"] else None), person
        assert entry.get("department") == ([person["department"]] if person["department"] else None), person
        assert entry.get("physicalDeliveryOfficeName") == ([f"D{person['number']:05d}"] if person["number"] % 3 else None), person
        boss = now.get(f"C-{7000 + person['manager']}") if person["manager"] else None
        if boss and "OU=Leavers" not in boss["dn"]:
            assert entry.get("manager") == [boss["dn"]], person


def test_a_source_of_its_own_kind_by_configuration_only(clean, crew, play, inventory):
    checked = play("sync", inventory, "--check", "--diff")
    assert (checked["stats"]["failures"], checked["stats"]["changed"], checked["writes"]) == (0, 1, []), checked["output"]
    done = play("sync", inventory)
    assert (done["stats"]["failures"], done["stats"]["changed"]) == (0, 1), done["output"]
    planned, made = (found["results"]["crew", SYNC.format("crew")] for found in (checked, done))
    assert planned["summary"] == made["summary"] and made["refused"] == []
    check(clean, crew.company)
    read = done["results"]["crew", "Read the employees from the source"]
    assert read["endpoints"]["people"]["records"] == read["counts"]["employees"] == 40
    assert [line["missing"] for line in read["join"]["endpoints"]][1] == 13, "every third person has no passes"
    again = play("sync", inventory)
    assert (again["stats"]["failures"], again["stats"]["changed"], again["writes"]) == (0, 0, [])
    for _count in range(2):
        day.pass_day(crew.company)
        crew.changed()
        assert play("sync", inventory)["stats"] | {"ok": 0} == {"ok": 0, "changed": 1, "failures": 0}
    again = play("sync", inventory)
    assert (again["stats"]["failures"], again["stats"]["changed"], again["writes"]) == (0, 0, [])
    check(clean, crew.company)


@pytest.mark.parametrize("fault", few([
    {"kind": "total", "by": 3}, {"kind": "short", "share": 0.5}, {"kind": "unauthorised", "times": 0}, {"kind": "html", "times": 0},
    {"kind": "error", "status": 400, "path": "passes"}, {"kind": "truncate", "path": "units", "times": 0},
]))
def test_a_feed_that_did_not_arrive_whole_writes_nothing(crew, play, inventory, fault):
    crew.faults.append(fault)
    found = play("sync", inventory, "-e", '{"rest_http": {"retries": 0}}')
    assert (found["stats"]["failures"], found["writes"]) == (1, []), found["output"]


FILES = {"csv": "people.csv", "json": "people.json", "jsonl": "people.jsonl"}


@pytest.mark.parametrize("kind", FILES)
def test_files_by_configuration_only(clean, play, tmp_path, kind):
    """Exports of the same few people as CSV, JSON and JSON Lines: the first makes the accounts, the others find nothing to do."""
    people = [{"number": str(number), "first": first, "last": last, "unit": "Sales", "start": "2024-01-15", "title": title}
              for number, first, last, title in ((501, "Zo\u00eb", "Filer", "Clerk"), (502, "Bo", "Filer", None), (503, "Cy", "Filer; Jr.", "Buyer"))]
    path = tmp_path / FILES[kind]
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(people[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(people)
    else:
        path.write_text(json.dumps({"export": people}) if kind == "json" else "".join(json.dumps(person) + "\n" for person in people), encoding="utf-8")
    example = yaml.safe_load((ROOT / "examples/rest/group_vars/hr.yml").read_text(encoding="utf-8"))
    variables = {name: value for name, value in example.items() if name in ("lifecycle_directory", "lifecycle_ownership", "lifecycle_naming")} | {
        "hr_system": "rest", "rest_base_url": "", "rest_endpoints": [{"name": "export", "file": str(path), **({"records": "export"} if kind == "json" else {})}],
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "lifecycle_mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}",
                              "title": {"from": "title", "empty": "clear"}, "department": "unit"},
        "lifecycle_placement": [{"ou": "OU=Staff,DC=corp,DC=example"}], "lifecycle_dates": {"start": "start"},
    }
    inventory = tmp_path / "files.yml"
    inventory.write_text(json.dumps({"hr": {"hosts": {"files": variables}}}), encoding="utf-8")
    found = play("sync", inventory)
    assert (found["stats"]["failures"], found["stats"]["changed"]) == (0, int(kind == "csv")), found["output"]
    assert len(found["writes"]) > 0 if kind == "csv" else found["writes"] == []
    now = accounts(clean, "files")
    assert {key: (entry["displayName"][0], entry.get("title")) for key, entry in now.items()} == {
        "501": ("Zo\u00eb Filer", ["Clerk"]), "502": ("Bo Filer", None), "503": ("Cy Filer; Jr.", ["Buyer"])}


def test_an_endpoint_is_tested(crew, play, inventory):
    found = play("test_endpoint", inventory)
    assert (found["stats"]["failures"], found["stats"]["changed"], found["writes"]) == (0, 0, []), found["output"]
    tested = found["results"]["crew", "Keep what was found"]["ansible_facts"]["hris_test"]
    fields = {field["path"]: field for field in tested["fields"]}
    assert fields["job.contract.from"]["type"] == "date" and fields["job.contract.from"]["share"] == 100.0
    assert 0 < fields['name."known-as"']["share"] < 100
    assert fields["channels[*].value"]["sample"] == "+99 999999999"
    assert (tested["problems"], tested["counts"]["employees"], tested["endpoints"]["people"]["status"]) == ([], len(crew.company["people"]), 200)
    assert sum(tested["people"].values()) > 30
    shown = "\n".join(found["results"]["crew", "Show what came"]["msg"])
    assert "  people: HTTP 200, " in shown and "Every field that the rules read exists. The people: " in shown and "unit.costCentre" in shown


    assert "No rule reads these fields. Unless a webhook or a step does, do not fetch them" in shown
    assert not [person["mobile"] for person in crew.company["people"] if person["mobile"] and person["mobile"] in found["output"]]
    assert not [person["last"] for person in crew.company["people"] if person["last"] and len(person["last"]) > 4 and f" {person['last']}\"" in found["output"]]


def test_samples_are_shown_on_request(crew, play, inventory):
    found = play("test_endpoint", inventory, "-e", "hris_test_redact=false")
    fields = {field["path"]: field for field in found["results"]["crew", "Keep what was found"]["ansible_facts"]["hris_test"]["fields"]}
    assert fields["channels[*].value"]["sample"].startswith("+61 4")


def test_rules_that_read_what_is_not_there(play, inventory):
    rules = inventory / "group_vars/hr.yml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("from: job.title", "from: job.titel").replace("l: site.city", "l: site.town"), encoding="utf-8")
    found = play("test_endpoint", inventory)
    assert (found["stats"]["failures"], found["writes"]) == (1, [])
    tested = found["results"]["crew", "Keep what was found"]["ansible_facts"]["hris_test"]
    assert [(problem["place"], problem["message"]) for problem in tested["problems"]] == [
        ("lifecycle_mapping.title.from", "no employee has the field 'job.titel'"), ("lifecycle_mapping.l", "no employee has the field 'site.town'")]
    assert "Did you mean 'title'" in tested["problems"][0]["hint"]
    said = found["results"]["crew", "Fail where the rules do not fit"]["msg"]
    assert said.startswith("crew: lifecycle_mapping.title.from: no employee has the field 'job.titel'. Did you mean 'title'") and said.endswith("There are 1 more problems.")


@pytest.mark.parametrize(("wrong", "words"), few([
    ({"rest_auth": {"type": "bear"}}, "got: bear found in rest_auth"),
    ({"rest_endpoints": [{"name": "crew"}]}, "one of the following is required: url, file found in rest_endpoints")]))
def test_wrong_arguments_are_named_as_they_were_written(play, inventory, crew, wrong, words):
    found = play("test_endpoint", inventory, "-e", json.dumps(wrong))
    assert found["stats"]["failures"] == 1 and words in found["results"]["crew", "Read the employees from the source"]["msg"], found["output"]
    assert not crew.requests
