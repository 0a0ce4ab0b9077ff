"""A domain with accounts of another tool: the report, the file of links, adoption in two steps, and a shadow, on a real domain controller."""
from __future__ import annotations

import csv
import json

import ldap3
import pytest
import yaml
from hr_playbook import run
from module_process import run_module
from test_sync_module import RULES, STAFF, employee
from unpacking import unpacked

GROUPS = "OU=Groups,DC=corp,DC=example"
# Keys of no other test; the other tool has kept its own numbers
PEOPLE = [employee("f0", "Hed", "Contact", title="Head", mail="hed@corp.example"), employee("f1", "Ann", "Contact", manager="f0", mail="ann@corp.example"),
          employee("f2", "Bo", "Contact", manager="f0", mail="bo@corp.example"), employee("f3", "Cy", "Newcomer", mail="cy@corp.example"),
          employee("f4", "Lea", "Ver", end="2026-01-31", mail="lea@corp.example")]
KEPT = ("sAMAccountName", "objectGUID", "objectSid", "manager", "mail", "userAccountControl", "description")


def unwritten(account):
    """An account without what the server itself counts."""
    return {name: values for name, values in account.items() if name not in ("uSNChanged", "whenChanged", "dSCorePropagationData")}


@pytest.fixture(scope="module")
def accounts(clean, directory):
    """What the other tool left: groups, a manager, addresses, a leaver who is still enabled; one key, one number in another attribute, one name only."""
    tls = ldap3.Tls(ca_certs_file=clean.ca_file)
    with ldap3.Connection(ldap3.Server(f"ldaps://{clean.address}", tls=tls), directory["username"], directory["password"], auto_bind=True) as ldap:
        def add(cn, sam, ou=STAFF, **values):
            dn = f"CN={cn},{ou}"
            assert ldap.add(dn, ["user"], {"sAMAccountName": sam, "unicodePwd": '"Former-Tool-42"'.encode("utf-16-le"), "userAccountControl": 512,
                                           "description": "former tool"} | values), ldap.result
            return dn
        head = add("Hed Contact", "hcontact", employeeID="f0", givenName="Hed", sn="Contact", displayName="Hed Contact", title="Head", mail="hed@corp.example")
        ann = add("Ann Contact", "acontact", employeeNumber="F-1", givenName="Ann", sn="Contact", mail="ann@corp.example", title="Old", manager=head)
        add("Contact Bo", "bcontact", displayName="Contact, Bo", manager=head)
        add("Lea Ver", "lver", employeeID="f4", givenName="Lea", sn="Ver")
        add("Backup Job", "backup-job")
        assert ldap.modify(f"CN=Finance,{GROUPS}", {"member": [(ldap3.MODIFY_ADD, [ann])]}), ldap.result


OPTIONS = RULES | {
    "source": "contact", "limits": {}, "naming": RULES["naming"] | {"rename": []},
    "actions": ["update", "relink", "rename", "move", "disable", "group_add", "group_remove"],  # creates nobody yet
    "correlation": {"proposals": [
        {"name": "number", "any": ["employeeNumber"], "value": "number", "compare": "number", "weight": 60},
        {"name": "name", "all": ["givenName", "sn"], "any": ["displayName"], "weight": 40},
        {"name": "mail", "any": ["mail"], "value": "mail", "compare": "address", "weight": 50}]},
}


@pytest.fixture
def play(service, tmp_path, clean):
    """play(playbook, extra variables) -> {task: its result}, with "stats", "output", and "writes", as the domain controller saw them."""
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in PEOPLE), encoding="utf-8")
    common = {f"lifecycle_{name}": value for name, value in OPTIONS.items()} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"payroll": {}}, "vars": common}}), encoding="utf-8")

    def play(playbook, **variables):
        mark = clean.mark()
        found = run(tmp_path, ["-i", "hosts.json", "-e", json.dumps(variables), playbook], {})
        return found | {task: result for (_host, task), result in found["results"].items()} | {"writes": clean.writes_since(mark)}
    return play


@pytest.fixture
def sync(clean, module, service):
    """sync(**options) -> the result of the module, with "writes"."""
    def sync(check=False, **options):
        mark = clean.mark()
        result = module("sync", check=check, **(OPTIONS | {"employees": PEOPLE, "directory": service} | options))
        return result | {"writes": clean.writes_since(mark)}
    return sync


def test_a_shadow_writes_nothing(clean, accounts, service, module, read, tmp_path):
    """Not the directory, whatever the mode is, and nothing that a later run believes."""
    state = tmp_path / "state"
    state.mkdir()
    shadow = RULES | {
        "source": "contact", "employees": [employee("f0", "Hed", "Contact", title="Boss")],
        "limits": {"update": {"count": 0}}, "guard": {"file": str(state / "guard.json")}, "outcome_dest": str(state / "outcome.jsonl"),
        "recent": str(state / "recent.json"), "journal": str(state / "journal/"), "undo_dest": str(state / "undo/"), "audit": str(state / "audit.jsonl"),
        "names": {"ledger": str(state / "names.ledger"), "reuse_after_days": "never", "key": "k" * 32}, "plan_dest": str(state / "plan.json"), "directory": service}
    before, mark = read("(employeeID=f0)"), clean.mark()
    assert before is not None
    for check in (False, True):
        found = module("sync", check=check, shadow=True, **shadow)
        assert not found.get("failed") and not found["changed"] and found["shadow"] and found["brief"]["shadow"], found
        assert found["attributes"]["title"] == 1 and "a run would write nothing" in found["msg"] and ", shadow" in found["chat"]
        assert sorted(one.name for one in state.iterdir()) == ["plan.json"]
    assert clean.writes_since(mark) == [] and read("(employeeID=f0)") == before
    page = run_module(tmp_path, "plan_report", {"src": str(state / "plan.json"), "dest": str(tmp_path / "page"), "format": ["markdown", "html"]})
    assert "Attribute that differs" in page["markdown"] and "Accounts by attribute that differs" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_playbook_of_a_shadow_runs_no_step(accounts, play, tmp_path):
    step = {"name": "tell", "events": ["updated", "created"], "webhook": {"url": "http://127.0.0.1:1/never"}}
    found = play("hris.ad.sync", lifecycle_shadow=True, lifecycle_actions=[], orchestration_steps=[step], lifecycle_approval_required=True,
                 lifecycle_state={"dir": str(tmp_path / "state"), "lasting": [str(tmp_path)]})
    assert found["stats"]["failures"] == found["stats"]["changed"] == 0 and found["writes"] == [], found["output"]
    result = found["Make the domain follow contact"]
    assert result["shadow"] and result["brief"]["changes"]["create"] == 3 and "only compared" in found["output"]
    kept = sorted(one.name for one in (tmp_path / "state").rglob("*") if one.is_file())
    assert len(kept) == 2 and [name.rpartition(".")[2] for name in kept] == ["html", "json"], "the plan and its page"


def test_from_the_report_to_adoption(clean, accounts, play, sync, module, service, read, tmp_path):
    # The report: nothing is written
    links = tmp_path / "links.yml"
    found = play("hris.ad.first_contact", hris_contact_dest=str(tmp_path / "contact"), hris_links_dest=str(links))
    assert found["stats"]["failures"] == found["stats"]["changed"] == 0 and found["writes"] == [], found["output"]
    counts = found["Compare accounts with the employees of contact"]["counts"]
    assert (counts["matched"], counts["no_account"], counts["proposals"], counts["by_key"]) == (2, 3, 2, 2) and counts["unowned"] >= 3
    assert "the person has left, and a run disables it" in found["output"]
    with (tmp_path / "contact.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file) if row["key"]}
    assert {key: (row["kind"], row["how"], row["confidence"], row["agree"]) for key, row in rows.items()} == {
        "f0": ("matched", "by_key", "", ""), "f1": ("no_account", "", "100", "number, name, mail"), "f2": ("no_account", "", "40", "name"),
        "f3": ("no_account", "", "", ""), "f4": ("matched", "by_key", "", "")}
    assert "Ann Contact" in unpacked((tmp_path / "contact.html").read_text(encoding="utf-8")) and links.stat().st_mode & 0o777 == 0o600
    source = {name: value for name, value in OPTIONS.items() if name != "as_of"} | {"employees": PEOPLE}
    again = module("first_contact_info", sources=[source], links_dest=str(links), directory=service)
    assert again["failed"] and "may have decisions" in again["msg"]

    # Somebody edits the file: the one that is not sure is right
    text = links.read_text(encoding="utf-8")
    assert [one["key"] for one in yaml.safe_load(text)["lifecycle_exceptions"]] == ["f1"]
    decided = yaml.safe_load("\n".join(line.replace("# ", "", 1) if line.startswith(("  # - ", "  #   ")) else line for line in text.splitlines()))
    assert [(one["key"], one["action"]) for one in decided["lifecycle_exceptions"]] == [("f1", "link"), ("f2", "link")]

    # In check mode the first step: one account; the leaver who is not adopted yet is an error
    before = {key: read(f"(sAMAccountName={key})") for key in ("hcontact", "acontact", "bcontact", "lver")}
    links = {"exceptions": decided["lifecycle_exceptions"]}
    step = links | {"ownership": {"adopt_when": "employee.title == 'Head'"}}
    checked = sync(check=True, **step)
    assert checked["writes"] == [] and checked["summary"]["matched"]["not_adopted_yet"] == 3
    assert checked["summary"]["open_access"] == {"has_left": 1} and "3 accounts not adopted yet" in checked["msg"]
    first = sync(**step)
    assert first["digest"] == checked["digest"] and first["summary"]["matched"]["adopted"] == 1
    assert read("(sAMAccountName=hcontact)")["adminDescription"] == ["hris.ad source=contact state=active"]
    assert all(unwritten(read(f"(sAMAccountName={key})")) == unwritten(before[key]) for key in ("acontact", "bcontact", "lver"))
    assert sync(**step)["writes"] == []

    # The second step: everybody. Accounts stay themselves, with all that no rule is about
    second = sync(**links)
    matched = second["summary"]["matched"]
    assert (matched["adopted"], matched["by_link"], matched.get("not_adopted_yet")) == (3, 2, None) and not second.get("failed"), second
    ann = read("(employeeID=f1)")
    assert {name: ann[name] for name in KEPT} == {name: before["acontact"][name] for name in KEPT}
    assert ann["title"] == ["Clerk"] and sorted(ann["memberOf"]) == [f"CN=All Staff,{GROUPS}", f"CN=Finance,{GROUPS}"]
    assert read("(employeeID=f2)")["sAMAccountName"] == ["bcontact"] and read("(employeeID=f4)")["userAccountControl"] == ["514"]
    assert read("(employeeID=f3)") is None and read("(sAMAccountName=backup-job)")["description"] == ["former tool"]
    again = sync(**links)
    assert not again["changed"] and again["writes"] == []
