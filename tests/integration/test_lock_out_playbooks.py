"""The playbooks hris.ad.lock_out and hris.ad.lift_lock_out, as an administrator or AWX starts them: with HR down, wrong rules, and empty answers of a survey."""
from __future__ import annotations

import json
import sys
import threading
import time

import ldap3
import pytest
from few import few
from hr_playbook import run
from receiver import receiving
from test_lifecycle import opened, recipient  # noqa: F401  (a fixture)
from test_sync_module import LEAVERS, RULES, employee

PASSWORD = "Known-To-Ann-42!"


@pytest.fixture
def company(clean, module, service, tmp_path):
    """company(host=variables, …) -> the folder with the inventory; the accounts p1 and p2 of the source payroll are there, with PASSWORD."""
    def write(**hosts):
        common = {f"lifecycle_{name}": value for name, value in RULES.items() if name not in ("source", "as_of")} | {
            "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "elmo",
            "elmo_base_url": "https://127.0.0.1:9", "lifecycle_source": "payroll", "lifecycle_directory": service}
        (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": hosts or {"payroll": {}}, "vars": common}}), encoding="utf-8")
        return tmp_path
    staff = [employee("p1", "Ann", "Payroll", title="Head"), employee("p2", "Bo", "Payroll", manager="p1")]
    assert not module("sync", employees=staff, directory=service, **(RULES | {"source": "payroll", "limits": {}})).get("failed")
    for key in ("p1", "p2"):
        module("lift_lock_out", who=key, sources=[{"source": "payroll"}], directory=service)
        module("user", identity=key, identity_attribute="employeeID", state="updated", password=PASSWORD, update_password="always")
    return write


@pytest.fixture
def logs_on(clean):
    """logs_on(name, password) -> whether an independent client can bind so, over TLS."""
    def bind(name, password=PASSWORD):
        server = ldap3.Server(f"ldaps://{clean.address}", tls=ldap3.Tls(ca_certs_file=clean.ca_file))
        connection = ldap3.Connection(server, f"CORP\\{name}", password)
        try:
            return connection.bind()
        finally:
            connection.unbind()
    return bind


def play(folder, name, *arguments, **variables):
    return run(folder, ["-i", "hosts.json", *arguments, "-e", json.dumps(variables), f"hris.ad.{name}"], {})


def result_of(found, task="Lock out"):
    (result,) = [result for (_host, name), result in found["results"].items() if name.startswith(task) and "invocation" in result or "account" in result]
    return result


def test_check_do_again_and_back(company, clean, logs_on, read, recipient):  # noqa: F811
    certificate, key = recipient
    folder = company()
    answers = {"hris_lock_out_who": "bo.payroll", "hris_lock_out_reason": "", "hris_lock_out_ticket": "", "hris_lock_out_unowned": "", "awx_user_name": "grace"}
    mark = clean.mark()
    checked = play(folder, "lock_out", "--check", "--diff", **answers)
    assert checked["stats"]["failures"] == 0 and clean.writes_since(mark) == [] and logs_on("bo.payroll")
    assert "+account: disabled" in checked["output"] and "would be locked out by grace" in checked["output"] and PASSWORD not in checked["output"]
    done = play(folder, "lock_out", **answers)
    assert done["stats"]["failures"] == 0 and done["stats"]["changed"] == 1 and not logs_on("bo.payroll"), done["output"]
    assert "is locked out by grace since" in done["output"] and "without a reason" in done["output"]
    found = read("(employeeID=p2)")
    assert found["dn"] == [f"CN=Bo Payroll,{LEAVERS}"] and "memberOf" not in found and found["userAccountControl"] == ["514"]
    mark = clean.mark()
    again = play(folder, "lock_out", **(answers | {"hris_lock_out_who": "p2"}))
    assert again["stats"]["changed"] == again["stats"]["failures"] == 0 and clean.writes_since(mark) == []
    delivery = {"certificate": certificate, "dest": str(folder / "passwords.jsonl")}
    back = play(folder, "lift_lock_out", **answers, lifecycle_passwords=delivery)
    assert back["stats"]["failures"] == 0 and "It can log on again" in back["output"], back["output"]
    (line,) = map(json.loads, (folder / "passwords.jsonl").read_text().splitlines())
    assert logs_on("bo.payroll", opened(line, key)) and opened(line, key) not in back["output"]
    assert read("(employeeID=p2)")["memberOf"] == ["CN=All Staff,OU=Groups,DC=corp,DC=example"]


def test_the_state_of_the_domain_has_journals_and_passwords(company, logs_on, recipient):  # noqa: F811
    certificate, key = recipient
    folder = company()
    state = folder / "state"
    answers = {"hris_lock_out_who": "p2", "hris_lock_out_reason": "Now", "lifecycle_state": {"dir": str(state), "lasting": [str(folder)]}}
    done = play(folder, "lock_out", **answers)
    assert done["stats"]["failures"] == 0 and not logs_on("bo.payroll"), done["output"]
    assert len(list((state / "journal").glob("*-lock-out-journal.jsonl"))) == 1 and (state / "audit.jsonl").exists()
    back = play(folder, "lift_lock_out", **answers, lifecycle_passwords={"certificate": certificate})
    assert back["stats"]["failures"] == 0 and len(list((state / "journal").glob("*-lift-lock-out-journal.jsonl"))) == 1, back["output"]
    (line,) = map(json.loads, (state / "passwords" / "initial.jsonl").read_text().splitlines())
    assert logs_on("bo.payroll", opened(line, key))


@pytest.mark.parametrize(("variables", "words"), few([
    ({"hris_lock_out_who": "bo.payrol"}, "hris_lock_out_who: no account has"), ({"hris_lock_out_who": ""}, "Say whose account"), ({}, "Say whose account"),
    ({"hris_lock_out_who": "krbtgt"}, "domain administrator"), ({"hris_lock_out_who": "svc-hris"}, "domain administrator")], 2))
def test_nobody_else(company, clean, variables, words):
    folder, mark = company(), clean.mark()
    for name in ("lock_out", "lift_lock_out"):
        found = play(folder, name, **variables)
        assert found["stats"]["failures"] == 1 and words in found["output"] and clean.writes_since(mark) == [], found["output"]


@pytest.mark.parametrize(("host", "words"), few([
    ({"lifecycle_leaver": "{{ nothing_of_this_name }}"}, "nothing_of_this_name"),
    ({"lifecycle_leaver": {"groups": "remove_everything"}}, "remove_everything"),
    ({"lifecycle_groups": "{{ [{'groups': [missing]}] }}"}, "missing"),
    ({"lifecycle_mapping": "{{ nothing_of_this_name }}", "lifecycle_naming": "{{ neither }}"}, None)]))
def test_wrong_rules_do_not_keep_access_open(company, clean, logs_on, read, host, words):
    folder = company(payroll=host)
    assert logs_on("bo.payroll")
    done = play(folder, "lock_out", hris_lock_out_who="p2", hris_lock_out_reason="Now")
    assert not logs_on("bo.payroll") and read("(employeeID=p2)")["userAccountControl"] == ["514"], done["output"]
    assert done["stats"]["failures"] == (1 if words else 0) and (not words or (words in done["output"] and "this was not done" in done["output"]))
    completed = play(company(), "lock_out", hris_lock_out_who="p2", hris_lock_out_reason="Now")
    assert completed["stats"]["failures"] == 0 and read("(employeeID=p2)")["dn"] == [f"CN=Bo Payroll,{LEAVERS}"], completed["output"]


@pytest.mark.long
def test_two_sources_of_a_domain_and_two_domains(company, clean, logs_on, read):
    """The groups of a second source are its own, and a host that is wrong does not keep access open."""
    folder = company(first={"lifecycle_source": "other", "lifecycle_ownership": "{{ wrong }}"}, second={}, third={"lifecycle_source": "third"})
    done = play(folder, "lock_out", hris_lock_out_who="p2", hris_lock_out_reason="Now")
    assert done["stats"]["failures"] == 1 and not logs_on("bo.payroll") and read("(employeeID=p2)")["dn"] == [f"CN=Bo Payroll,{LEAVERS}"], done["output"]
    folder = company(first={"lifecycle_domain": "a"}, second={"lifecycle_domain": "b"})
    refused = play(folder, "lift_lock_out", hris_lock_out_who="p2")
    assert "several domains" in refused["output"] and read("(employeeID=p2)")["userAccountControl"] == ["514"]
    lifted = play(folder, "lift_lock_out", "--limit", "second", hris_lock_out_who="p2")
    assert lifted["stats"]["failures"] == 0 and read("(employeeID=p2)")["userAccountControl"] == ["512"]


@pytest.mark.long
def test_how_long_it_takes(company, logs_on, clean, capsys):
    """From the start of ansible-playbook to the first bind that is refused. It is shown, not asserted."""
    folder, seconds = company(), []
    begun, ended = time.monotonic(), threading.Event()

    def watch():
        while not ended.is_set():
            if not logs_on("bo.payroll"):
                seconds.append(time.monotonic() - begun)
                return
            time.sleep(0.02)
    watcher = threading.Thread(target=watch)
    watcher.start()
    done = play(folder, "lock_out", hris_lock_out_who="p2", hris_lock_out_reason="Now")
    whole = time.monotonic() - begun
    ended.set()
    watcher.join()
    assert done["stats"]["failures"] == 0 and seconds
    with capsys.disabled():
        sys.stdout.write(f"\nlocked out after {seconds[0]:.1f} s, the playbook ended after {whole:.1f} s\n")


SESSIONS = [{"name": "Revoke the sessions in the cloud", "hris.ad.webhook": {
    "name": "revoke-sessions", "method": "POST", "url": "{{ revoking_url }}/users/{userPrincipalName}/revokeSignInSessions",
    "objects": "{{ [lifecycle_locked_out.account] }}"}}]


@pytest.mark.parametrize("rules", few([{}, {"lifecycle_leaver": "{{ nothing_of_this_name }}"}]))
def test_tasks_that_end_sessions_elsewhere(company, clean, logs_on, rules):
    folder = company(payroll=rules)
    (folder / "sessions.yml").write_text(json.dumps(SESSIONS), encoding="utf-8")
    with receiving() as cloud:
        variables = {"hris_lock_out_who": "p2", "lifecycle_lock_out_tasks": "sessions.yml", "revoking_url": cloud.url}
        mark = clean.mark()
        play(folder, "lock_out", "--check", **variables)
        assert cloud.seen == [] and clean.writes_since(mark) == []
        done = play(folder, "lock_out", **variables)
        assert [one["path"] for one in cloud.seen] == ["/users/bo.payroll%40corp.example/revokeSignInSessions"], done["output"]
        assert done["stats"]["failures"] == bool(rules) and not logs_on("bo.payroll")
        assert play(folder, "lock_out", **(variables | {"hris_lock_out_who": "nobody"}))["stats"]["failures"] == 1 and len(cloud.seen) == 1
