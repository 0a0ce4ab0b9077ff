"""Write-back and steps, as ansible-playbook runs them: against a real domain, the lab's HR systems and a receiver of webhooks."""
from __future__ import annotations

import json
import os
import re

import outcomes
import pytest
from few import few
from hr_playbook import play, run
from receiver import receiving, said

from lab import hr, icehrm_shapes, population

MAPPING = {"employeeID": "employee_id", "givenName": "name_preferred || first_name", "sn": "last_name",
           "displayName": "{name_preferred || first_name} {last_name || ''}", "title": {"from": "job_title.display", "empty": "clear"}}
ELMO_MAPPING = {"employeeID": "employeeNumber", "givenName": "firstName", "sn": "lastName", "displayName": "{firstName} {lastName || ''}",
                "title": {"from": "position.title", "empty": "clear"}}
NAMING = {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}"],
          "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@corp.example", "cn": "{displayName}"}}
STAFF = "OU=Staff,DC=corp,DC=example"


def role(name, entry=None, **variables):
    return {"name": f"Run {name} {entry or ''}".strip(), "ansible.builtin.include_role": {"name": f"hris.ad.{name}", **({"tasks_from": entry} if entry else {})},
            **({"vars": variables} if variables else {})}


@pytest.fixture
def site(clean, service, tmp_path):
    """Variables that all plays share, and a run of tasks with "writes", as the domain controller counts them."""
    clean.reset()

    class Site:
        variables = {"lifecycle_directory": service, "lifecycle_source": "hr", "lifecycle_placement": [{"ou": STAFF}], "lifecycle_naming": NAMING,
                     "lifecycle_limits": {}, "lifecycle_ownership": {"bases": [STAFF]}}
        folder = tmp_path

        def run(self, *tasks, check=False, **variables):
            mark = clean.mark()
            found = play(tmp_path, list(tasks), {**self.variables, **variables}, check=check)
            assert "Traceback" not in found["output"] and clean.service_password not in found["output"], found["output"]
            assert not [name for name in os.listdir(tmp_path / "tmp") if name.startswith("hris.ad-")], "a file with accounts was left behind"
            return found | {"writes": clean.writes_since(mark), "ok": not found["stats"]["failures"]}
    return Site()


@pytest.fixture
def icehrm(site):
    with hr.serve("icehrm", population.generate(12, company="icehrm")) as server:
        site.variables |= {"icehrm_base_url": server.url, "icehrm_token": server.token(), "lifecycle_mapping": MAPPING,
                           "lifecycle_as_of": server.company["date"], "lifecycle_dates": {"start": "joined_date", "end": "termination_date"}}
        yield server


def sent(server):
    """The requests since the last look that were no GET and no question for a token."""
    found = [request for request in server.requests if request["method"] != "GET" and "token" not in request["path"]]
    server.requests.clear()
    return found


def lines_in(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.long
def test_icehrm_sync_writeback_sync(site, icehrm, tmp_path):
    outcome = tmp_path / "outcome.jsonl"
    site.variables |= {"lifecycle_outcome_file": str(outcome), "icehrm_writeback_custom_fields": {"ad_username": "AD Username"},
                       "icehrm_writeback": {"work_email": "mail", "custom": {"ad_username": "sAMAccountName"}}}
    assert site.run(role("icehrm"))["ok"]
    lines = lines_in(outcome)
    assert len(lines) > 5 and all("created" in line["events"] for line in lines)
    icehrm.requests.clear()
    checked = site.run(role("icehrm", "writeback"), check=True)
    assert checked["ok"] and checked["stats"]["changed"] == 1 and sent(icehrm) == []
    done = site.run(role("icehrm", "writeback"))
    assert done["ok"] and done["stats"]["changed"] == 1 and len(sent(icehrm)) == len(lines)
    rows = {icehrm_shapes.number(person): icehrm_shapes.row(person, icehrm.company["date"]) | icehrm_shapes.custom_values(person)
            for person in icehrm.company["people"]}
    for line in lines:
        assert [rows[line["key"]]["work_email"]] == line["attributes"]["mail"]
        assert [rows[line["key"]]["ad_username"]] == line["attributes"]["sAMAccountName"]
    again = site.run(role("icehrm"))
    assert again["ok"] and again["writes"] == [] and again["stats"]["changed"] == 0, "the value does not come round as a change"
    second = site.run(role("icehrm", "writeback"), icehrm_writeback_unchanged=True)
    assert second["ok"] and sent(icehrm) == [] and second["stats"]["changed"] == 0
    both_ways = site.run(role("icehrm", "writeback"), lifecycle_mapping={**MAPPING, "mail": "work_email"})
    assert not both_ways["ok"] and "mail is mapped from work_email and written back to work_email" in both_ways["output"] and sent(icehrm) == []


def test_elmo_sync_writeback_sync(site, tmp_path):
    outcome = tmp_path / "outcome.jsonl"
    with hr.serve("elmo", population.generate(12, company="elmo"), writes=True) as elmo:
        writeback = {"url": "/core/v1/users/{employee.id}", "body": {"email": "{mail}", "mobile": "{telephoneNumber}", "customData": {
            "customField_login": "{sAMAccountName}"}}, "concurrency": 2}
        site.variables |= {"elmo_base_url": elmo.url, "elmo_client_id": "lab-client", "elmo_client_secret": "lab-secret", "lifecycle_mapping": ELMO_MAPPING,
                           "lifecycle_as_of": elmo.company["date"], "lifecycle_dates": {"start": "startDate", "end": "endDate"},
                           "lifecycle_outcome_file": str(outcome), "elmo_writeback": writeback, "elmo_writeback_when": "is_present(employee.username)"}
        assert site.run(role("elmo"))["ok"]
        lines = [line for line in lines_in(outcome) if line["employee"]["username"]]
        assert len(lines) > 5
        elmo.requests.clear()
        checked = site.run(role("elmo", "writeback"), check=True)
        assert checked["ok"] and checked["stats"]["changed"] == 1 and sent(elmo) == []
        phones = {person["id"]: person["mobile"] for person in elmo.company["people"]}
        done = site.run(role("elmo", "writeback"))
        assert done["ok"] and len(sent(elmo)) == len(lines) and "lab-secret" not in done["output"].replace((tmp_path / "play.yml").read_text(), "")
        people = {person["id"]: person for person in elmo.company["people"]}
        for line in lines:
            person = people[line["employee"]["id"]]
            assert [person["email"]] == line["attributes"]["mail"] and [person["custom_data"]["customField_login"]] == line["attributes"]["sAMAccountName"]
            assert person["mobile"] == phones[person["id"]], "what the account has not is left alone"
        again = site.run(role("elmo"))
        assert again["ok"] and again["writes"] == [] and again["stats"]["changed"] == 0
        second = site.run(role("elmo", "writeback"), elmo_writeback_unchanged=True)
        assert second["ok"] and sent(elmo) == [] and second["stats"]["changed"] == 0
        both_ways = site.run(role("elmo", "writeback"), lifecycle_mapping={**ELMO_MAPPING, "mail": "email"})
        assert not both_ways["ok"] and "mail is mapped from email and written back to email" in both_ways["output"] and sent(elmo) == []


@pytest.mark.long
def test_an_onboarding_of_several_roles(site, icehrm, tmp_path):
    """What docs/orchestration.md shows: HR into the directory, then steps, then the site's own by the facts that the roles leave."""
    with receiving() as server:
        steps = [{"name": "welcome", "events": ["created"], "webhook": {"url": f"{server.url}/welcome", "body": {"who": "{displayName}", "hr": "{employee.employee_id}"}}},
                 {"name": "address", "events": ["created"], "writeback": {"icehrm": {"work_email": "mail"}}}]
        tasks = [role("icehrm"), role("orchestration"),
                 {"name": "Mailboxes", "ansible.builtin.debug": {"msg": "{{ lifecycle_outcome.accounts.created | map(attribute='sAMAccountName') | join(',') }}"}}]
        given = {"orchestration_steps": steps, "lifecycle_outcome_file": str(tmp_path / "outcome.jsonl"), "orchestration_ledger": str(tmp_path / "ledger.jsonl"),
                 "lifecycle_plan_key": "sealing-wax-7"}
        checked = site.run(*tasks, check=True, **given)
        assert checked["writes"] == [] == server.seen and sent(icehrm) == [] and checked["ok"], checked["output"]
        done = site.run(*tasks, **given)
        assert done["ok"], done["output"]
        created = done["results"]["Mailboxes"]["msg"].split(",")
        assert len(created) == len(server.seen) == len(sent(icehrm)) > 5
        again = site.run(*tasks, **given)
        assert again["ok"] and again["writes"] == [] and sent(icehrm) == [] and len(server.seen) == len(created) and again["results"]["Mailboxes"]["msg"] == ""
        ledger = tmp_path / "ledger.jsonl"
        assert all('"seal"' in line for line in ledger.read_text(encoding="utf-8").splitlines())
        ledger.write_text("".join(ledger.read_text(encoding="utf-8").splitlines(keepends=True)[1:]), encoding="utf-8")
        forged = site.run(*tasks, **given)
        assert not forged["ok"] and "the ledger was changed after it was made" in forged["output"]


@pytest.fixture
def accounts(site, module, tmp_path):
    """Three accounts in the directory; `write(events by name, **more)` writes the outcome of a run about them and returns its path."""
    for name in ("ann", "bo", "cy"):
        module("user", name=f"{name} X", sam_account_name=name, path=STAFF, display_name=f"{name} X", email=f"{name}@corp.example",
               attributes={"set": {"employeeID": [name], "adminDescription": ["hris.ad source=hr state=active"]}})
    made = outcomes.lines_of(module, "hr")
    path = tmp_path / "outcome.jsonl"

    def write(events, **more):
        return outcomes.write(path, [{**line, "events": list(events.get(line["key"], ())), **more.get(line["key"], {})} for line in made])
    return write


def step_results(found):
    return {step["name"]: step for step in found["results"]["Show"]["orchestration_outcome"]}


SHOW = {"name": "Show", "ansible.builtin.debug": {"var": "orchestration_outcome"}}


def orchestrate(site, check=False, **variables):
    """The role, with its outcome shown even if it fails."""
    tasks = [{"name": "All", "block": [role("orchestration")], "always": [SHOW]}]
    return site.run(*tasks, check=check, **variables)


def test_steps_of_every_kind(site, accounts, icehrm, read, tmp_path):
    numbers = [f"EMP{person['number']:04d}" for person in icehrm.company["people"] if not person["archived"]]
    (tmp_path / "badge.yml").write_text(json.dumps([
        {"name": "Order a badge", "ansible.builtin.copy": {"dest": str(tmp_path / "badges.txt"), "mode": "0600",
         "content": "{{ orchestration_step }} {{ orchestration_accounts_count }} {{ orchestration_accounts | map(attribute='sAMAccountName') | join(',') }} "
                    "{{ lookup('ansible.builtin.file', orchestration_accounts_file).splitlines() | length }}"}}]))
    path = accounts({"ann": ["created", "enabled"], "bo": ["moved"], "cy": ["created"]}, ann={"employee": {"number": numbers[0]}},
                    cy={"employee": {"number": numbers[1]}}, bo={"employee": {"number": numbers[2]}})
    with receiving() as server:
        steps = [
            {"name": "tell", "events": ["created"], "webhook": "welcome"},
            {"name": "hr", "events": ["created"], "when": "sAMAccountName == 'ann'", "writeback": {"icehrm": {"work_email": "mail"}}},
            {"name": "vpn", "events": ["created"], "user": {"groups": {"add": ["All Staff"]}, "attributes": {"set": {"description": "new {displayName}"}}}},
            {"name": "badge", "events": ["created", "moved"], "tasks": str(tmp_path / "badge.yml")},
            {"name": "inline", "events": ["moved"], "webhook": {"url": f"{server.url}/moved", "body": {"who": "{dn}"}}},
        ]
        given = {"orchestration_steps": steps, "lifecycle_outcome_file": path, "icehrm_writeback_key": "employee.number",
                 "orchestration_ledger": str(tmp_path / "ledger.jsonl"),
                 "orchestration_webhooks": {"welcome": {"url": f"{server.url}/welcome", "body": {"who": "{displayName}", "on": "{events}"}, "idempotency": {}}}}
        checked = orchestrate(site, check=True, **given)
        assert checked["ok"] and checked["writes"] == [] and server.seen == [] and sent(icehrm) == [] and not (tmp_path / "ledger.jsonl").exists(), checked["output"]
        assert {name: (step["count"], step["failed"]) for name, step in step_results(checked).items()} == {
            "tell": (2, False), "hr": (1, False), "vpn": (2, False), "badge": (3, False), "inline": (1, False)}
        assert not (tmp_path / "badges.txt").exists()
        done = orchestrate(site, **given)
        assert done["ok"], done["output"]
        assert sorted((request["path"], request["json"]["who"]) for request in server.seen) == [
            ("/moved", f"CN=bo X,{STAFF}"), ("/welcome", "ann X"), ("/welcome", "cy X")]
        assert len(sent(icehrm)) == 1 and "ann@corp.example" in [icehrm_shapes.row(person, icehrm.company["date"])["work_email"] for person in icehrm.company["people"]]
        for name in ("ann", "cy"):
            entry = read(f"(sAMAccountName={name})")
            assert entry["description"] == [f"new {name} X"] and entry["memberOf"] == ["CN=All Staff,OU=Groups,DC=corp,DC=example"]
        assert "description" not in read("(sAMAccountName=bo)")
        assert (tmp_path / "badges.txt").read_text() == "badge 3 ann,bo,cy 3"
        assert oct((tmp_path / "ledger.jsonl").stat().st_mode & 0o777) == "0o600"
        server.seen.clear()
        given["lifecycle_outcome_file"] = accounts({})
        again = orchestrate(site, **given)
        assert again["ok"] and again["writes"] == [] and server.seen == [] and sent(icehrm) == []
        assert {step["count"] for step in step_results(again).values()} == {0}


def test_check_mode_looks_at_the_groups_and_ous_of_accounts_that_are_not_made_yet(site, accounts, tmp_path):
    path = accounts({name: ["created"] for name in ("ann", "bo", "cy", "dee")},
                    **{name: {"guid": None, "attributes": {"sAMAccountName": [f"{name}.new"], "department": [department]}}
                       for name, department in (("ann", "Sales"), ("bo", "Finance"), ("cy", "Sales"))},
                    dee={"guid": None, "attributes": {"department": ["IT"]}})  # gets no account now
    steps = [{"name": "there", "events": ["created"], "user": {"groups": {"add": ["{department}"]}, "path": STAFF, "enabled": True}},
             {"name": "attributes", "events": ["created"], "user": {"attributes": {"set": {"description": "{department}"}}}},
             {"name": "group", "events": ["created"], "user": {"groups": {"add": ["VPN {department}"]}}, "on_failure": "continue"},
             {"name": "ou", "events": ["created"], "user": {"path": f"OU=None,{STAFF}"}, "on_failure": "continue"}]
    found = orchestrate(site, check=True, orchestration_steps=steps, lifecycle_outcome_file=path)
    results = step_results(found)
    assert not found["ok"] and found["writes"] == []
    assert [(name, step["failed"]) for name, step in results.items()] == [("there", False), ("attributes", False), ("group", True), ("ou", True)]
    assert "user.groups.add: there is no group 'VPN Sales'" in found["output"] and f"path: there is no 'OU=None,{STAFF}'" in found["output"]
    assert len(found["results"]["Look at the groups and OUs of accounts that are not made yet"]["results"]) == 1, "one look for all that would get the same"
    assert "VPN IT" not in found["output"]


@pytest.mark.long
def test_a_failure_is_made_up_for_by_the_next_run_and_for_no_other_account(site, accounts, tmp_path):
    down = {"bo"}
    with receiving(lambda request: said({"detail": "no"}, 422 if request["json"]["k"] in down else 200)) as server:
        call = {"url": f"{server.url}/x", "body": {"k": "{key}"}, "retries": 0}
        steps = [{"name": "absent", "events": ["created"], "tasks": "absent.yml", "fields": [], "on_failure": "continue"},
                 {"name": "first", "events": ["created"], "webhook": call}, {"name": "second", "events": ["created"], "webhook": call | {"url": f"{server.url}/y"}}]
        given = {"orchestration_steps": steps, "orchestration_ledger": str(tmp_path / "ledger.jsonl"),
                 "lifecycle_outcome_file": accounts({"ann": ["created"], "bo": ["created"]}), "orchestration_as_of": "2026-03-02"}
        failed = orchestrate(site, **given)
        assert not failed["ok"] and "first: 1 of 2 calls were not delivered. First: bo:" in failed["output"]
        assert re.search(r"2 of 3 steps failed\. First: absent: there is no file \S+/absent\.yml", failed["output"])
        assert [(request["path"], request["json"]["k"]) for request in server.seen] == [("/x", "ann"), ("/x", "bo")], "stop: the second step is not begun"
        server.seen.clear()
        del steps[0]
        steps[0]["on_failure"] = "continue"
        given |= {"lifecycle_outcome_file": accounts({}), "orchestration_as_of": "2026-03-03"}
        went_on = orchestrate(site, **given)
        assert not went_on["ok"] and [(request["path"], request["json"]["k"]) for request in server.seen] == [("/x", "bo")]
        server.seen.clear()
        down.clear()
        # The step that was never begun did not meet the ledger before today: what was due before is not made up for.
        given["orchestration_as_of"] = "2026-03-04"
        last = orchestrate(site, **given)
        assert last["ok"] and [(request["path"], request["json"]["k"]) for request in server.seen] == [("/x", "bo")]


@pytest.mark.long
def test_a_call_that_may_have_arrived_is_repeated_by_no_run(site, accounts, tmp_path):
    """A ticket that was opened although the answer was 500 is not opened a second time."""
    kept, answers = tmp_path / "kept.jsonl", {"ann": 200, "bo": 500, "cy": 422}
    with receiving(lambda request: said({}, answers[request["json"]["k"]])) as server:
        steps = [{"name": "ticket", "events": ["created"], "webhook": {"url": f"{server.url}/x", "body": {"k": "{key}"}, "undelivered_dest": str(kept)}}]
        given = {"orchestration_steps": steps, "orchestration_ledger": str(tmp_path / "ledger.jsonl"),
                 "lifecycle_outcome_file": accounts({name: ["created"] for name in answers}), "orchestration_as_of": "2026-03-02"}
        failed = orchestrate(site, **given)
        assert not failed["ok"] and "The receiver may have 1 of them" in failed["output"]
        server.seen.clear()
        answers |= {"bo": 200, "cy": 200}
        again = orchestrate(site, **given | {"lifecycle_outcome_file": accounts({}), "orchestration_as_of": "2026-03-03"})
        assert again["ok"] and [request["json"]["k"] for request in server.seen] == ["cy"]
    assert [(line["object"]["key"], line["possibly_delivered"]) for line in lines_in(kept)] == [("bo", True)]


@pytest.mark.long
def test_days_without_sleeping(site, accounts, tmp_path):
    with receiving() as server:
        steps = [{"name": "laptop", "events": ["created"], "after_days": {"days": 2}, "webhook": {"url": f"{server.url}/laptop", "body": {"k": "{key}"}}},
                 {"name": "mailbox", "after_days": {"days": 30, "of": "first_day_without_access"}, "webhook": {"url": f"{server.url}/mailbox", "body": {"k": "{key}", "l": "{first_day_without_access}"}}}]
        given = {"orchestration_steps": steps, "orchestration_ledger": str(tmp_path / "ledger.jsonl")}
        dates = {"cy": {"first_day_without_access": "2026-03-03"}, "bo": {"first_day_without_access": "2020-01-01"}}

        def day(text, events):
            server.seen.clear()
            found = orchestrate(site, lifecycle_outcome_file=accounts(events, **dates), orchestration_as_of=text, **given)
            assert found["ok"], found["output"]
            return [(request["path"], request["json"]["k"]) for request in server.seen]
        assert day("2026-03-02", {"ann": ["created"]}) == [] == day("2026-03-03", {})
        assert day("2026-03-20", {}) == [("/laptop", "ann")], "a fortnight without a run"
        assert day("2026-04-01", {}) == [] and day("2026-04-02", {}) == [("/mailbox", "cy")] and day("2026-04-03", {}) == []


@pytest.mark.long
def test_an_outcome_that_a_killed_run_left_is_recorded_first(site, accounts, tmp_path):
    with receiving() as server:
        given = {"orchestration_steps": [{"name": "tell", "events": ["created"], "webhook": {"url": f"{server.url}/x", "body": {"k": "{key}"}}}],
                 "orchestration_ledger": str(tmp_path / "ledger.jsonl")}
        assert orchestrate(site, lifecycle_outcome_file=accounts({}), **given)["ok"]
        left = accounts({"ann": ["created"]})  # and here the run was killed
        recorded = site.run(role("orchestration", "record"), lifecycle_outcome_file=left, **given)
        assert recorded["ok"] and recorded["results"]["Record its events in the ledger"]["count"] == 1
        assert site.run(role("orchestration", "record"), lifecycle_outcome_file=left, **given)["results"]["Record its events in the ledger"]["count"] == 0
        assert orchestrate(site, lifecycle_outcome_file=accounts({}), **given)["ok"]
        assert [request["json"]["k"] for request in server.seen] == ["ann"]


@pytest.mark.parametrize(("step", "words"), few([
    ({"events": ["craeted"], "tasks": "x.yml"}, "craeted"),
    ({"events": ["created"]}, "exactly one of webhook, writeback, user, mail and tasks"),
    ({"tasks": "x.yml", "user": {}}, "exactly one of webhook, writeback, user, mail and tasks"),
    ({"after_days": {"days": 3}, "tasks": "x.yml"}, "the day of an event is known from a ledger only"),
    ({"when": "mial", "tasks": "x.yml"}, "no object has the field 'mial'"),
    ({"webhook": "welcom"}, "a webhook that is not among orchestration_webhooks (welcome)"),
    ({"webhook": {"url": "https://x.example/", "bdy": {}}}, "the webhook bad has no bdy"),
    ({"user": {"password": "x"}}, "may have attributes, groups, enabled and path"),
    ({"writeback": {"payroll": {}}}, "names one system, elmo or icehrm"),
    ({"limit": 1, "tasks": "x.yml"}, "the step is due for 2 accounts, and at most 1 are allowed"),
], 2))
def test_a_wrong_step_is_one_clear_error(site, accounts, step, words):
    outcome = accounts({"ann": ["created"], "bo": ["moved"]})
    found = site.run(role("orchestration"), orchestration_steps=[{"name": "bad", **step}], lifecycle_outcome_file=outcome,
                     orchestration_webhooks={"welcome": {"url": "https://x.example"}})
    assert not found["ok"] and found["writes"] == [] and words in " ".join(found["output"].split()), found["output"]


@pytest.mark.long
def test_one_account_that_refuses_does_not_stop_the_others(site, accounts, read, tmp_path):
    path = accounts({"ann": ["created"], "bo": ["created"], "cy": ["created"]}, bo={"guid": "00000000-0000-0000-0000-000000000001"})
    step = {"name": "mark", "events": ["created"], "user": {"attributes": {"set": {"description": "{key}"}}}}
    given = {"orchestration_steps": [step], "orchestration_ledger": str(tmp_path / "ledger.jsonl")}
    found = orchestrate(site, lifecycle_outcome_file=path, **given)
    assert not found["ok"] and "1 of 3 accounts could not be changed. First: bo: identity: there is no user" in " ".join(found["output"].split())
    assert read("(sAMAccountName=ann)")["description"] == ["ann"] and read("(sAMAccountName=cy)")["description"] == ["cy"]
    again = orchestrate(site, lifecycle_outcome_file=accounts({}, bo={"guid": "00000000-0000-0000-0000-000000000001"}), **given)
    assert again["writes"] == [] and step_results(again)["mark"]["count"] == 1, "bo alone is due again"


@pytest.mark.long
def test_the_playbook_test_webhook(clean, service, accounts, tmp_path):
    path = accounts({"ann": ["created"]}, ann={"start": "2026-04-01"})
    with receiving(lambda request: said({"ticket": 7, "secret_token": "abc"}, X_Token="hide-me")) as server:
        hooks = {"desk": {"url": f"{server.url}/desk", "auth": {"type": "bearer", "token": "s3cr3t-0815"}, "when": "key == 'nobody'",
                          "body": {"who": "{displayName}", "starts": "{start}"}}}
        inventory = {"hr": {"hosts": {"hr": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                                             "orchestration_webhooks": hooks, "lifecycle_directory": service, "lifecycle_outcome_file": path}}}}
        (tmp_path / "inventory.yml").write_text(json.dumps(inventory))

        def test(*options, **variables):
            server.seen.clear()
            found = run(tmp_path, ["hris.ad.test_webhook", "-i", "inventory.yml", "-e", json.dumps({"orchestration_test_webhook": "desk", **variables}), *options], {})
            assert "s3cr3t-0815" not in found["output"] and "hide-me" not in found["output"]
            return found
        checked = test("--check", orchestration_test_users=["ann", "bo"])
        shown = checked["results"]["hr", "Show the requests and the responses"]["msg"]
        assert server.seen == [] and [call["request"]["body"]["who"] for call in shown] == ["ann X", "bo X"], checked["output"]
        real = test(orchestration_test_users=["ann"])
        shown = real["results"]["hr", "Show the requests and the responses"]["msg"]
        assert server.seen[0]["json"] == {"who": "ann X", "starts": None} and shown[0]["response"]["body"]["ticket"] == 7 and shown[0]["response"]["status"] == 200
        assert shown[0]["request"]["url"].endswith("/desk")
        test(orchestration_test_keys=["ann"])
        assert server.seen[0]["json"] == {"who": "ann X", "starts": "2026-04-01"}
        test(orchestration_test_keys=["ANN"])
        assert server.seen[0]["json"] == {"who": "ann X", "starts": "2026-04-01"}
        for keys in (["nobody"], ["ann", "nobody"]):
            unknown = test(orchestration_test_keys=keys)
            assert unknown["stats"]["failures"] == 1 and "no account of the file has the key 'nobody'" in unknown["output"] and server.seen == []
        hooks["desk"]["body"]["who"] = "{displayName || sAMAccountName}"
        (tmp_path / "inventory.yml").write_text(json.dumps(inventory))
        test(orchestration_test_groups=["All Staff"])
        assert server.seen[0]["json"] == {"who": "All Staff", "starts": None}
        wrong = test(orchestration_test_webhook="dsek", orchestration_test_users=["ann"])
        assert wrong["stats"]["failures"] == 1 and "orchestration_webhooks has desk" in wrong["output"] and server.seen == []
