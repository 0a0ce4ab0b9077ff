"""Several runs at a time, each writing its part of the plan, and the playbook that lets forks do it."""
from __future__ import annotations

import json

import pytest
from hr_playbook import run
from test_sync_module import RULES, employee

PARTS, PEOPLE = 3, 90


@pytest.fixture
def inventory(service, tmp_path):
    """write(employees, **options): an inventory whose hosts are the parts."""
    def write(employees, **options):
        (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in employees), encoding="utf-8")
        common = {f"lifecycle_{name}": value for name, value in (RULES | {"source": "parts"} | options).items()} | {
            "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
            "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service}
        hosts = {f"part{number}": {"lifecycle_shard": {"part": number, "of": PARTS}} for number in range(1, PARTS + 1)}
        (tmp_path / "hosts.json").write_text(json.dumps({"hr_parts": {"hosts": hosts, "vars": common}}), encoding="utf-8")
        return tmp_path
    return write


@pytest.mark.long
def test_parts_write_the_whole(clean, inventory):
    staff = [employee(number, "Xenia", "Same", manager=str(number // 2) if number else None) for number in range(PEOPLE)]
    folder = inventory(staff)
    checked = run(folder, ["-i", "hosts.json", "--check", "hris.ad.sync_in_parts"], {})
    assert checked["stats"]["failures"] == 0, checked["output"][-3000:]
    assert not clean.search("(adminDescription=hris.ad source=parts*)", ["cn"])
    done = run(folder, ["-i", "hosts.json", "--forks", "3", "hris.ad.sync_in_parts"], {})
    assert done["stats"]["failures"] == 0, done["output"]
    results = {host: result for (host, task), result in done["results"].items() if task.startswith("Make the domain follow") and "waiting" in result}
    assert len(results) == PARTS - 1, "the last one has run once more, without its part"
    found = clean.search("(adminDescription=hris.ad source=parts*)", ["sAMAccountName", "employeeID", "manager", "memberOf"])
    attributes = [entry["attributes"] for entry in found]
    assert len({entry["employeeID"][0] for entry in attributes}) == len({entry["sAMAccountName"][0] for entry in attributes}) == PEOPLE
    assert {entry["sAMAccountName"][0] for entry in attributes} == {"xenia.same", "xenia", *(f"xenia.same{number}" for number in range(2, PEOPLE))}
    assert sum("manager" in entry for entry in attributes) == PEOPLE - 1 and all(entry["memberOf"] for entry in attributes)
    mark = clean.mark()
    again = run(folder, ["-i", "hosts.json", "--forks", "3", "hris.ad.sync_in_parts"], {})
    assert again["stats"]["failures"] == again["stats"]["changed"] == 0 and clean.writes_since(mark) == []


@pytest.mark.long
def test_limits_hold_for_all_parts_together(clean, inventory):
    staff = [employee(1000 + number, "Too", f"Many{number}") for number in range(12)]
    mark = clean.mark()
    stopped = run(inventory(staff, limits={"create": {"count": 8}}, source="many"), ["-i", "hosts.json", "--forks", "3", "hris.ad.sync_in_parts"], {})
    assert stopped["stats"]["failures"] == PARTS and clean.writes_since(mark) == [], stopped["output"]


def test_the_outcome(clean, module, service, tmp_path):
    staff = [employee(f"o{number}", "Out", f"Come{number}") for number in range(3)]
    given = RULES | {"source": "outcome", "employees": staff, "directory": service, "outcome_dest": str(tmp_path / "outcome")}
    checked = module("sync", check=True, **given)
    assert [account["guid"] for account in checked["accounts"]["created"]] == [None] * 3
    done = module("sync", **given)
    lines = [json.loads(line) for line in (tmp_path / "outcome").read_text(encoding="utf-8").splitlines()]
    known = {entry["attributes"]["employeeID"][0]: entry for entry in clean.search("(employeeID=o*)", ["employeeID", "objectGUID", "sAMAccountName"])}
    assert [line["key"] for line in lines] == ["o0", "o1", "o2"] and oct((tmp_path / "outcome").stat().st_mode & 0o777) == "0o600"
    assert all(line["events"] == ["created", "group_added"] and line["dn"] == known[line["key"]]["dn"] for line in lines)
    assert [account["guid"] for account in done["accounts"]["created"]] == [line["guid"] for line in lines] and len(set(map(str, (
        line["guid"] for line in lines)))) == 3 and all(line["guid"] for line in lines)
    found = module("user_info", directory=service, identity=lines[0]["guid"])["users"]
    assert [user["attributes"]["sAMAccountName"] for user in found] == ["out.come0"]
    module("sync", **(given | {"employees": [staff[0] | {"title": "Head"}, *staff[1:]]}))
    lines = [json.loads(line) for line in (tmp_path / "outcome").read_text(encoding="utf-8").splitlines()]
    assert [line["events"] for line in lines] == [["updated", "group_added"], [], []] and lines[0]["before"] == {"title": ["Clerk"]}
