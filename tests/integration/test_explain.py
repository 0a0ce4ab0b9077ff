"""The playbook hris.ad.explain, and configurations of one source that may do some things only."""
from __future__ import annotations

import json

import pytest
from hr_playbook import run
from test_sync_module import RULES, employee


@pytest.fixture
def inventory(service, tmp_path):
    def write(employees, **hosts):
        (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in employees), encoding="utf-8")
        common = {f"lifecycle_{name}": value for name, value in (RULES | {"source": "explained"}).items()} | {
            "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
            "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service, "lifecycle_limits": {}}
        (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": hosts or {"payroll": {}}, "vars": common}}), encoding="utf-8")
        return tmp_path
    return write


def test_an_employee_is_explained_and_nothing_written(clean, inventory):
    folder = inventory([employee("x1", "Exa", "Plain", manager="x2"), employee("x2", "Bo", "Ss", title=None)])
    mark = clean.mark()
    found = run(folder, ["-i", "hosts.json", "-e", "hris_explain_employee=X1", "hris.ad.explain"], {})
    assert found["stats"]["failures"] == found["stats"]["changed"] == 0 and clean.writes_since(mark) == []
    explained = found["results"]["payroll", "Make the domain follow explained"]["explanation"]
    assert explained["state"] == "active" and explained["account"] is None
    assert "title = Clerk from title (lifecycle_mapping.title); is (empty): written with create" in found["output"]
    wrong = run(folder, ["-i", "hosts.json", "-e", "hris_explain_employee=x3", "hris.ad.explain"], {})
    assert wrong["stats"]["failures"] == 1 and "no employee has the key 'x3'" in wrong["output"], wrong["output"]
    missing = run(folder, ["-i", "hosts.json", "hris.ad.explain"], {})
    assert missing["stats"]["failures"] == 1 and "Give the key" in missing["output"]


@pytest.mark.long
def test_two_configurations_of_one_source(clean, inventory):
    joiners = {"lifecycle_description": "joiners only", "lifecycle_actions": ["create", "group_add"]}
    movers = {"lifecycle_description": "movers only", "lifecycle_actions": ["update", "move", "rename", "group_add", "group_remove"]}
    folder = inventory([employee("c1", "Con", "Fig")], movers=movers)
    nothing = run(folder, ["-i", "hosts.json", "hris.ad.sync"], {})
    assert nothing["stats"]["changed"] == 0 and "create of CN=Con Fig" in nothing["output"]
    folder = inventory([employee("c1", "Con", "Fig")], joiners=joiners)
    assert run(folder, ["-i", "hosts.json", "hris.ad.sync"], {})["stats"]["changed"] == 1
    folder = inventory([employee("c1", "Con", "Fig", title="Head")], joiners=joiners, movers=movers)
    mark = clean.mark()
    done = run(folder, ["-i", "hosts.json", "hris.ad.sync"], {})
    assert {host: result["changed"] for (host, task), result in done["results"].items() if "follow" in task} == {"joiners": True, "movers": True}
    assert [write["operation"] for write in clean.writes_since(mark)] == ["modify", "modify"], "the group by the one, the title by the other"
    outcomes = [result for (_host, task), result in done["results"].items() if task.startswith("Make the domain follow")]
    assert [outcome["accounts"]["updated"] for outcome in outcomes][0] == []
