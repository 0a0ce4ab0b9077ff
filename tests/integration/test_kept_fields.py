"""The file of employees of a run: it has what rules, webhooks, steps and write-back read, and nothing else of HR. Each HR system through its own role."""
from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from hr_playbook import play, run
from receiver import receiving, said

from lab import hr, population

IBAN = "GB29NWBK60161331926819"
STAFF = "OU=Staff,DC=corp,DC=example"
# What each system's rules read; and an odd field each for a webhook, the condition of a step, a change of an account, tasks and write-back
SYSTEMS = {
    "elmo": {"key": "employeeNumber", "first": "firstName", "last": "lastName", "start": "startDate", "webhook": "customData.customField_costCentre", "when": "state",
             "user": "legalEntity.title", "tasks": "serviceStartDate", "back": "country"},
    "icehrm": {"key": "employee_id", "first": "first_name", "last": "last_name", "start": "joined_date", "webhook": "custom.\"Cost Centre\"",
               "when": "marital_status", "user": "job_title.display", "tasks": "nationality.id", "back": "gender"},
    "rest": {"key": "no", "first": "name.first", "last": "name.last", "start": "starts", "webhook": "desk.room", "when": "site", "user": "motto",
             "tasks": "badge", "back": ""},
}
PEOPLE = [{"no": f"R{number}", "name": {"first": first, "last": "Kept", "maiden": "Lost"}, "starts": "2020-01-01", "desk": {"room": f"D{number}", "safe": "1234"},
           "site": "North", "motto": "Onwards", "badge": number, "bank_iban": IBAN, "tax": "123456782"}
          for number, first in enumerate(["Ada", "Ben", "Cyd", "Dot", "Eli", "Fay"], 1)]
COPY = [{"name": "Copy what there is", "ansible.builtin.copy": {"src": "{{ item.src }}", "dest": "{{ item.dest }}", "remote_src": True, "mode": "0600"},
         "loop": [{"src": "{{ lifecycle_employees_file }}", "dest": "{{ copies }}/feed.jsonl"},
                  {"src": "{{ orchestration_accounts_file }}", "dest": "{{ copies }}/accounts.jsonl"}]}]

READ = {"elmo": "Read the employees from ELMO", "icehrm": "Read the employees from IceHrm", "rest": "Read the employees from the source"}
GONE = {"elmo": ["customData", "customField_iban"], "icehrm": ["custom7"], "rest": ["bank_iban"]}


@contextmanager
def system(kind):
    """(the variables of its role, the day of the run)."""
    if kind == "rest":
        with receiving(lambda request: said(PEOPLE)) as server:
            yield {"rest_base_url": server.url, "rest_endpoints": [{"name": "people", "url": "/people", "key": "no"}]}, "2026-03-02"
        return
    company = population.generate(12, company=kind)
    for person in company["people"]:
        person.setdefault("custom_data", {})["customField_iban"] = IBAN
        person.setdefault("columns", {})["custom7"] = IBAN
    with hr.serve(kind, company, **({"writes": True} if kind == "elmo" else {})) as server:
        own = {"elmo_base_url": server.url, "elmo_client_id": "lab-client", "elmo_client_secret": "lab-secret"} if kind == "elmo" else \
            {"icehrm_base_url": server.url, "icehrm_token": server.token()}
        yield own, company["date"]


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def paths(value, above=()):
    """The names of all fields, with dots; what is inside of lists is not looked at."""
    if not isinstance(value, dict):
        return {".".join(above)}
    return {path for name, inner in value.items() for path in paths(inner, (*above, name))} or {".".join(above)}


class Site:
    """An inventory of one source, with everything that reads an odd field."""

    def __init__(self, kind, folder, own, desk, **common):
        names = SYSTEMS[kind]
        self.kind, self.folder, self.desk, self.copies = kind, folder, desk, folder / "copies"
        self.copies.mkdir()
        (folder / "copy.yml").write_text(json.dumps(COPY), encoding="utf-8")
        steps = [
            {"name": "tell", "webhook": "tell"},
            {"name": "info", "when": f"is_present(employee.{names['when']})", "user": {"attributes": {"set": {"info": f"{{employee.{names['user']}}}"}}}},
            {"name": "copy", "tasks": "copy.yml", "fields": [names["tasks"]]},
        ]
        if kind == "elmo":
            own |= {"elmo_writeback": {"url": "/core/v1/users/{employee.id}", "body": {"email": "{mail}"}},
                    "elmo_writeback_when": f"is_present(employee.{names['back']})"}
        if kind == "icehrm":
            steps.append({"name": "back", "writeback": {"icehrm": {"work_email": {"from": f"employee.{names['back']} && mail"}}}})
        variables = own | common | {
            "hr_system": kind, "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "copies": str(self.copies),
            "lifecycle_limits": {}, "lifecycle_placement": [{"ou": STAFF}], "lifecycle_ownership": {"bases": [STAFF]},
            "lifecycle_mapping": {"employeeID": names["key"], "givenName": names["first"], "sn": names["last"],
                                  "displayName": f"{{{names['first']}}} {{{names['last']}}}"},
            "lifecycle_naming": {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "attributes": {
                "sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@corp.example", "cn": "{displayName}"}},
            "lifecycle_dates": {"start": names["start"]}, "lifecycle_outcome_file": str(folder / "outcome.jsonl"),
            "lifecycle_guard": {"file": str(folder / "guard.json")},
            "orchestration_webhooks": {"tell": {"url": f"{desk.url}/tell", "body": {"who": "{key}", "odd": f"{{employee.{names['webhook']}}}"},
                                                "auth": {"type": "bearer", "token": "t0p-s3cret"}}},
            "orchestration_steps": steps}
        (folder / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"one": variables}}}), encoding="utf-8")

    def run(self, kept, *more, playbook="sync", **variables):
        """kept: the name of the file of employees; None for a temporary one."""
        if kept:
            variables[f"{self.kind}_employees_file"] = str(self.folder / kept)
        found = run(self.folder, ["-i", "hosts.json", "-e", json.dumps(variables), *more, f"hris.ad.{playbook}"], {})
        assert "t0p-s3cret" not in found["output"] and not list((self.folder / "tmp").glob("hris.ad-*"))
        return found

    def text(self, name):
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(SYSTEMS))
def test_what_nothing_reads_is_not_kept(clean, service, tmp_path, kind):
    clean.reset()
    with system(kind) as (own, day), receiving() as desk:
        site = Site(kind, tmp_path, own, desk, lifecycle_directory=service, lifecycle_as_of=day)
        check_a_run(site, clean)
        check_a_kept_file(site, clean)
        check_what_needs_whole_employees(site)


def check_a_run(site, domain):
    found = site.run(None)
    assert found["stats"]["failures"] == 0 and "All fields of HR stay" not in found["output"], found["output"]
    seen = [request["json"] for request in site.desk.seen]
    feed = lines(site.copies / "feed.jsonl")
    assert len(feed) >= len(seen) == len(lines(site.copies / "accounts.jsonl")) > 4
    assert [line["odd"] for line in seen if line["odd"]], "the webhook has the value of the odd field"
    about = feed[0].pop("hris.ad")
    allowed = {path.replace('"', "") for path in SYSTEMS[site.kind].values() if path} | {"id", "employee_id", "employeeNumber", "email", "work_email"}
    assert {path for record in feed for path in paths(record)} - {path.split(".")[0] for path in allowed} <= allowed
    assert not [name for name in ("copies/feed.jsonl", "copies/accounts.jsonl", "outcome.jsonl") if IBAN in site.text(name)]
    assert GONE[site.kind] in about["left_out"] and ".".join(GONE[site.kind]) in found["results"]["one", READ[site.kind]]["fields_unread"]
    # The guard knows the field all the same
    profile = json.loads(site.text("guard.json"))["fields"][".".join(GONE[site.kind])]
    assert profile["empty"] == 0 and profile["types"] and not profile["values"]
    entries = [entry for entry in domain.search("(employeeID=*)", ["employeeID", "info"]) if "info" in entry["attributes"]]
    assert len(entries) > 4, "the step has the value of the odd field"


def check_a_kept_file(site, domain):
    mark = domain.mark()
    again = site.run("kept.jsonl")
    assert again["stats"]["failures"] == 0 and domain.writes_since(mark) == [], again["output"]
    assert IBAN not in site.text("kept.jsonl") and len(lines(site.folder / "kept.jsonl")) == len(lines(site.copies / "feed.jsonl"))
    # A rule that has a typing error is told the name of a field that is not in the file
    wrong, right = {"elmo": ("dateOfBrith", "dateOfBirth"), "icehrm": ("birthdayy", "birthday"), "rest": ("taxx", "tax")}[site.kind]
    found = site.run(None, lifecycle_required=[wrong])
    assert found["stats"]["failures"] == 1 and f"Did you mean '{right}'" in found["output"], found["output"]


def check_what_needs_whole_employees(site):
    before, gone = site.text("kept.jsonl"), ".".join(GONE[site.kind])
    looked = site.run("kept.jsonl", playbook="test_endpoint")
    described = looked["results"]["one", "Describe the fields and check the rules"]
    assert looked["stats"]["failures"] == 0 and gone in {row["path"] for row in described["fields"]}, looked["output"]
    assert GONE[site.kind][0] in described["fields_unread"], "the rules alone read nothing around it"
    assert site.text("kept.jsonl") == before, "a test of the endpoints leaves the kept file as it is"
    everything = site.run("all.jsonl", lifecycle_keep_all_fields=True)
    assert everything["stats"]["failures"] == 0 and IBAN in site.text("all.jsonl")
    # An expression over the whole employee costs that, and is named
    whole = site.run("whole.jsonl", "--check", lifecycle_required=["to_string(@)"])
    assert "lifecycle_required[0] (to_string(@)) may read any field" in whole["output"] and "lifecycle_keep_all_fields" in whole["output"]
    assert IBAN in site.text("whole.jsonl")



@pytest.mark.compat
def test_a_variable_that_is_not_there_yet_costs_all_fields(tmp_path):
    """What Ansible makes of variables differs between its versions: texts with quotes, and a variable that only a later task sets."""
    fetch = [{"name": "Fetch", "ansible.builtin.include_role": {"name": "hris.ad.rest", "tasks_from": "fetch"}, "vars": {"__lifecycle_is_run": True}}]
    read = {"name": {"first": "Ada", "last": "Kept"}, "starts": "2020-01-01", "desk": {"room": "D1"}, "badge": 1, "motto": "Onwards"}
    steps = [{"name": "one", "webhook": {"url": "https://desk.example", "when": "employee.name.last != 'Roe'", "secrets": {"a": "t0p-s3cret"}}},
             {"name": "two", "tasks": "own.yml", "fields": ["badge"]}]
    with receiving(lambda request: said(PEOPLE)) as server:
        variables = {
            "rest_base_url": server.url, "rest_endpoints": [{"name": "people", "url": "/people", "key": "no"}], "rest_employees_file": str(tmp_path / "feed.jsonl"),
            "lifecycle_mapping": {"employeeID": "no", "givenName": "name.first"}, "lifecycle_placement": [{"ou": STAFF}], "lifecycle_dates": {"start": "starts"},
            "lifecycle_naming": {"candidates": ["{givenName}"], "attributes": {"sAMAccountName": "{name}", "cn": "{name}"}},
            "orchestration_webhooks": {"w": {"url": "https://desk.example/{employee.desk.room}", "headers": {"X": "it's \"{employee.motto}\""},
                                             "body": {"t": True, "n": None, "x": ["{key}", 1.5]}, "auth": {"type": "bearer", "token": "t0p-s3cret"}}},
            "orchestration_steps": steps}
        found = play(tmp_path, fetch, variables)
        assert found["stats"]["failures"] == 0, found["output"]
        assert all(record == read | {"no": record["no"], "name": {**read["name"], "first": record["name"]["first"]}, "desk": record["desk"], "badge": record["badge"]}
                   for record in lines(tmp_path / "feed.jsonl")[1:])
        assert "may read any field" not in found["output"] and "is not known yet" not in found["output"]
        later = play(tmp_path, fetch, variables | {"orchestration_steps": [*steps, {"name": "late", "user": {"path": "{{ only_later }}"}}]})
        assert later["stats"]["failures"] == 0 and lines(tmp_path / "feed.jsonl") == PEOPLE
        assert "what webhooks and steps read is not known yet" in later["output"] and "only_later" in later["output"]
        alone = play(tmp_path, [{**fetch[0], "vars": {}}], variables)
        assert alone["stats"]["failures"] == 0 and lines(tmp_path / "feed.jsonl") == PEOPLE, "what reads the file of a fetch of one's own is not known"
