"""A variable that nobody reads, because its name is misspelled, is no silence: with the playbooks, and with a role in a playbook of one's own."""
from __future__ import annotations

import json

import pytest
from hr_playbook import run

SECRET = "s3cret-value"
HOST = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle", "lifecycle_employees": [],
        "lifecycle_allow_empty": True, "lifecycle_mapping": {"employeeID": "id"}, "lifecycle_placement": [{"ou": "OU=Staff,DC=corp,DC=example"}],
        "lifecycle_naming": {"candidates": ["{employeeID}"], "attributes": {"sAMAccountName": "{name}", "cn": "{name}"}},
        "lifecycle_directory": {"servers": ["127.0.0.1"], "port": 1, "username": "nobody", "password": SECRET}}
MISSING = "The inventory has no host in the group hr, so there is nothing to do"


def inventory(folder, **hosts):
    (folder / "hosts.json").write_text(json.dumps({"hr": {"hosts": hosts, "vars": HOST}, "web": {"hosts": {"web1": {}}}}), encoding="utf-8")
    return ["-i", "hosts.json"]


@pytest.mark.compat
def test_the_playbooks_fail_before_anything_is_read(tmp_path):
    """One run for several names: a host with a wrong one fails alone, and what is only unknown is a warning with all hosts that have it."""
    given = inventory(tmp_path, limit={"lifecycle_limit": SECRET}, digest={"lifecycle_aproved_digest": ""}, redact={"lifecyle_redact": [SECRET]},
                      own={"lifecycle_limit": SECRET, "elmo_tenant": SECRET, "lifecycle_own_variables": ["lifecycle_limit", "elmo_*"]}, other={"rest_login": SECRET})
    found = run(tmp_path, [*given, "hris.ad.sync", "--check"], {})
    said = {host: result["msg"] for (host, task), result in found["results"].items() if task == "Check the variables" and "msg" in result}
    assert set(said) == {"limit", "digest", "redact"}
    for host, words in (("limit", "lifecycle_limit. Did you mean 'lifecycle_limits'?"), ("digest", "lifecycle_aproved_digest. Did you mean 'lifecycle_approved_digest'?"),
                        ("redact", "lifecyle_redact. Did you mean 'lifecycle_redact'?")):
        assert said[host].startswith(f"No role has the variable {words}"), said[host]
    flat = " ".join(found["output"].split())
    assert flat.count("reads these variables: rest_login. Correct their names") == 1 and "elmo_tenant" not in flat and SECRET not in flat
    assert "these hosts failed before the plan was made" in flat and found["stats"]["failures"] >= 3


def test_a_role_in_ones_own_playbook(tmp_path):
    given = inventory(tmp_path, one={})
    (tmp_path / "own.yml").write_text(json.dumps([{"hosts": "hr", "gather_facts": False, "tasks": [
        {"name": "Run it", "ansible.builtin.include_role": {"name": "hris.ad.lifecycle"}}]}]), encoding="utf-8")
    found = run(tmp_path, [*given, "own.yml", "-e", "lifecycle_leavr={}"], {})
    assert "No role has the variable lifecycle_leavr. Did you mean 'lifecycle_leave" in found["output"] and found["stats"]["failures"] == 1
    found = run(tmp_path, [*given, "own.yml"], {})
    assert "No role" not in found["output"] and "127.0.0.1" in found["output"], "the directory is asked"


@pytest.mark.parametrize(("playbook", "more"), [("sync", []), ("lock_out", ["-e", "hris_lock_out_who=x", "--limit", "web1"])])
def test_an_inventory_without_sources(tmp_path, playbook, more):
    given = inventory(tmp_path)
    found = run(tmp_path, [*given, f"hris.ad.{playbook}", *more], {})
    assert MISSING in found["output"] and found["stats"]["failures"] == 1


def test_a_lock_out_does_not_wait_for_a_name(tmp_path):
    given = inventory(tmp_path, one={"lifecycle_limit": 1})
    found = run(tmp_path, [*given, "hris.ad.lock_out", "-e", "hris_lock_out_who=x"], {})
    flat = " ".join(found["output"].split())
    assert "[WARNING]: No role has the variable lifecycle_limit. Did you mean" in flat
    assert "127.0.0.1" in flat, "it went on to the directory"
    found = run(tmp_path, [*given, "hris.ad.lock_out", "-e", "hris_lock_out_who=x", "-e", "hris_lock_out_unownd=true", "-e", "hris_forecast_dst=x"], {})
    assert found["results"]["one", "Check the variables"]["msg"].startswith(
        "No playbook has the variable hris_lock_out_unownd. Did you mean 'hris_lock_out_unowned'?"), "what was typed for the lock-out itself"


def test_variables_of_playbooks(tmp_path):
    """One run for several, each of a host of its own."""
    given = inventory(tmp_path, dest={"hris_forecast_dst": "x"}, forgotten={"rules_before": "x"}, value={"hris_forecast_days": "many"})
    found = run(tmp_path, [*given, "hris.ad.forecast"], {})["results"]
    for host, words in (("dest", "No playbook has the variable hris_forecast_dst. Did you mean 'hris_forecast_dest'?"),
                        ("forgotten", "No playbook has the variable rules_before. Did you mean 'hris_rules_before'?"), ("value", "hris_forecast_days")):
        assert words in found[host, "Check the variables"]["msg"]
