"""Names that stay with the person who had them, on the real domain: a namesake, a return, a lost ledger, a killed run, the forest and a file."""
from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time

import ldap3
import pytest
from hr_playbook import run as playbook
from module_process import one_source
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_sync_module import RULES, STAFF, employee

KEY = "k3y-of-names-" * 4
MAIL = {"naming": RULES["naming"] | {"attributes": RULES["naming"]["attributes"] | {"mail": "{lower(name)}@example.com"}}}
DELETES = {"leaver": {"delete_after_days": 3}}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """The ledger of the domain, from one test to the next."""
    return tmp_path_factory.mktemp("state") / "names.ledger"


@pytest.fixture(scope="module")
def given(ledger):
    """given(**names): the options of a run with the names ledger."""
    def options(**names):
        return MAIL | DELETES | {"names": {"reuse_after_days": "never", "ledger": str(ledger), "key": KEY} | names}
    return options


def names_of(clean, key):
    (found,) = clean.search(f"(employeeID={key})", ["sAMAccountName", "userPrincipalName", "mail"])
    return [found["attributes"][name][0] for name in ("sAMAccountName", "userPrincipalName", "mail")]


def named(name):
    return [name, f"{name}@corp.example", f"{name}@example.com"]


def leaves(site, person, given, day):  # noqa: F811
    """The person is locked, and the account deleted some days later."""
    gone = person | {"end": f"2026-03-{day:02}"}
    for later in (1, 8):
        done = site.sync([gone], as_of=f"2026-03-{day + later:02}", **given)
        assert not done.get("failed"), done["msg"]
    assert done["summary"]["changes"] == {"delete": 1}
    return gone


def test_a_namesake_and_a_return(clean, site, given, read, ledger):  # noqa: F811
    ann = employee("a1")
    checked = site.sync([ann], check=True, **given())
    assert not ledger.exists() and [one["kind"] for one in checked["findings"]] == ["names_ledger"]
    first = site.sync([ann], **given())
    assert first["digest"] == checked["digest"] and names_of(clean, "a1") == named("ann.lee")
    text = ledger.read_text(encoding="utf-8")
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600 and "ann" not in text and "a1" not in json.loads(text.splitlines()[0]).values() and KEY not in text
    site.sync([ann], **given())  # notes that the account is there
    whole = ledger.read_bytes()
    again = site.sync([ann], **given())
    assert not again["changed"] and again["writes"] == [] and ledger.read_bytes() == whole, "nothing happened, nothing is written"
    leaves(site, ann, given(), 3)
    assert read("(employeeID=a1)") is None
    namesake = employee("a2", start="2026-03-12")
    day = {"as_of": "2026-03-12"}
    told = site.sync([namesake], explain="a2", **day, **given())
    assert "  passed over ann.lee was given to somebody until 2026-03-11" in told["report"], told["report"]
    checked = site.sync([namesake], check=True, **day, **given())
    done = site.sync([namesake], **day, **given())
    assert done["digest"] == checked["digest"] and names_of(clean, "a2") == named("ann")
    (finding,) = done["findings"]
    assert finding["kind"] == "former_name" and finding["key"] == "a2" and finding["message"] == (
        "sAMAccountName 'ann.lee' was given to somebody until 2026-03-11. The next candidate is given.")
    back = ann | {"start": "2026-04-01"}
    done = site.sync([back, namesake], as_of="2026-04-01", **given())
    assert not done.get("failed") and names_of(clean, "a1") == named("ann.lee"), "the own name again"
    assert names_of(clean, "a2") == named("ann")


def test_days_end_and_released_names(clean, site, given):  # noqa: F811
    bob = employee("b1", "Bob", "Roe")
    site.sync([bob], **given(reuse_after_days=30))
    leaves(site, bob, given(reuse_after_days=30), 3)
    other = employee("b2", "Bob", "Roe", start="2026-03-12")
    given_rules, options = given(reuse_after_days=30), ("names", "directory")
    source = {"source": "plans", "employees": [other | {"start": "2026-03-20"}], **{name: RULES[name] for name in ("mapping", "placement", "groups", "dates")},
              **{name: value for name, value in given_rules.items() if name not in options}}
    forecast = site.run("forecast_info", sources=[source], as_of="2026-03-12", days=40, **{name: given_rules[name] for name in options if name in given_rules})
    assert any("(former_name)" in line or "was given to somebody" in line for line in forecast["report"]), forecast["report"]
    for day, name in (("2026-04-09", "bob"), ("2026-04-10", "bob.roe")):
        planned = site.sync([other], check=True, as_of=day, **given(reuse_after_days=30))
        assert f"sAMAccountName: {name}" in json.dumps(planned["diff"]) or f'"{name}"' in json.dumps(planned["diff"]), (day, planned["diff"])
    done = site.sync([other], as_of="2026-03-12", **given(reuse_after_days=30, released=["bob.roe", "bob.roe@corp.example", "BOB.ROE@example.com"]))
    assert not done.get("failed") and names_of(clean, "b2") == named("bob.roe")
    former = site.sync([other, bob | {"start": "2026-03-15"}], as_of="2026-03-15", **given(reuse_after_days=30))
    assert not former.get("failed") and names_of(clean, "b1") == named("bob"), "the name is somebody else's now"


def test_a_renaming_keeps_the_former_name(clean, site, given):  # noqa: F811
    follows = {"naming": MAIL["naming"] | {"rename": ["sAMAccountName", "userPrincipalName", "mail", "cn"], "on_change": "rename"}}
    fay = employee("c1", "Fay", "Roe")
    site.sync([fay], **given() | follows)
    undo = {"undo_dest": site.undo}
    site.sync([fay | {"last": "Fox"}], **given() | follows | undo)
    assert names_of(clean, "c1") == named("fay.fox")
    other = employee("c2", "Fay", "Roe")
    planned = site.sync([fay | {"last": "Fox"}, other], check=True, **given() | follows)
    assert "sAMAccountName: fay\n" in str(planned["diff"][-1]["after"]), "the former name and its alias stay hers"
    undone = site.apply(src=site.undo, names=given()["names"])
    assert not undone.get("failed") and names_of(clean, "c1") == named("fay.roe"), "an undo gives it back"


def test_a_lost_ledger(clean, site, tmp_path):  # noqa: F811
    folder = tmp_path / "state"
    path = folder / "names.ledger"

    def run(number, check=False, key=KEY, **state):
        return site.sync([employee(f"d{one}", "Dee", f"Don{one}") for one in range(number)], check=check, source="lost",
                         kept_state={"dir": str(folder), "lasting": [str(tmp_path)]} | state,
                         names={"reuse_after_days": "never", "ledger": str(path), "key": key})
    assert not run(2).get("failed")
    assert "names" in json.loads((folder / "state.json").read_text("utf-8"))["sources"][""]["files"]
    kept = path.read_bytes()
    path.unlink()
    for check in (True, False):
        refused = run(3, check)
        assert refused["failed"] and refused["writes"] == [] and not path.exists()
        assert f"{path} is not there any more, the names ledger that runs keep since 20" in refused["msg"]
        assert "they would be given again" in refused["msg"] and "kept_state.accept_new" in refused["msg"]
    (folder / "state.json").unlink()  # the whole folder is another one
    refused = run(3)
    assert refused["failed"] and refused["writes"] == [] and "But 2 accounts have the mark of lost" in refused["msg"]
    path.write_bytes(kept[:-2] + b"9\n")
    path.chmod(0o600)
    damaged = run(3, accept_new=True)
    assert damaged["failed"] and "the names ledger is damaged" in damaged["msg"] and "Restore it from a copy" in damaged["msg"]
    path.write_bytes(kept)
    other = run(3, key="x" * 32)
    assert other["failed"] and "was made with another key" in other["msg"] and other["writes"] == damaged["writes"] == []
    path.unlink()
    accepted = run(3, accept_new=True)
    assert not accepted.get("failed") and path.exists() and {one["kind"] for one in accepted["findings"]} == {"names_ledger", "new_state"}
    again = run(3)
    assert not again["changed"] and not again.get("failed") and again["findings"] == []


def test_a_killed_run(clean, site, given, service, tmp_path):  # noqa: F811
    """Whatever it has created, the ledger has it: the next run gives the same names to the same people."""
    staff = [employee(f"k{number:03}", "Kim", "Key") for number in range(120)]
    site.sync(staff, check=True, plan_dest=site.plan, **given())
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    planned_names = {one["key"]: one["attributes"]["sAMAccountName"]["after"][0] for one in plan["changes"] if one["action"] == "create"}
    arguments = tmp_path / "killed.json"
    options = one_source(RULES | {"source": "plans", "employees": staff, "directory": service} | given())
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}), encoding="utf-8")
    running = subprocess.Popen([sys.executable, "-m", "ansible_collections.hris.ad.plugins.modules.sync", str(arguments)],
                               env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not clean.search("(employeeID=k00*)", ["cn"]) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    created = {entry["attributes"]["employeeID"][0] for entry in clean.search("(employeeID=k*)", ["employeeID"])}
    assert 0 < len(created) < 120, "it was killed in the middle"
    stranger = employee("k999", "Kim", "Key", start="2019-01-01")  # before the others, in any order
    done = site.sync([stranger, *staff], **given())
    assert not done.get("failed"), done["msg"]
    found = {one["attributes"]["employeeID"][0]: one["attributes"]["sAMAccountName"][0]
             for one in clean.search("(employeeID=k*)", ["employeeID", "sAMAccountName"])}
    assert found == planned_names | {"k999": "kim.key120"}


def test_a_stored_plan_is_checked_again(clean, site, given, tmp_path):  # noqa: F811
    eve, other = employee("e1", "Eve", "Roe"), employee("e2", "Eve", "Roe")
    site.sync([eve], check=True, plan_dest=site.plan, **given())
    site.sync([other], **given())
    gone = leaves(site, other, given(), 3)
    assert gone and clean.search("(employeeID=e2)", ["cn"]) == []
    for check in (True, False):
        result = site.apply(check=check, names=given()["names"])
        assert {entry["message"] for entry in result["left_out"]} == {"the name 'eve.roe' was given to somebody until 2026-03-11"}, result
        assert result["writes"] == []
    missing = site.apply(names=given(ledger=str(tmp_path / "no.ledger"))["names"])
    assert missing["failed"] and "the names ledger is not there" in missing["msg"] and missing["writes"] == []


def test_the_forest_and_a_file(clean, site, given, service, directory, tmp_path):  # noqa: F811
    """The lab's forest has one domain: what the run has not read stands for another one."""
    staff_only = {"directory": service | {"base": STAFF}}
    server = ldap3.Server(f"ldaps://{clean.address}", tls=ldap3.Tls(ca_certs_file=clean.ca_file))
    with ldap3.Connection(server, directory["username"], directory["password"], auto_bind=True) as ldap:
        for name, more in (("gil.roe", {}), ("elsewhere", {"mail": "gil.roe2@example.com"})):
            assert ldap.add(f"CN={name},CN=Users,DC=corp,DC=example", "user", {"sAMAccountName": name, **more}), ldap.result
    gil, hal = employee("g1", "Gil", "Roe"), employee("g2", "Hal", "Roe")
    one = {"naming": MAIL["naming"] | {"candidates": ["{ascii(givenName)}.{ascii(sn)}"]}}
    forest = MAIL | DELETES | {"names": {"forest": True}} | one
    mark = clean.mark()
    checked = site.sync([gil, hal], check=True, **staff_only, **forest)
    assert len(clean.binds_since(mark)) == 3, "the run, and the forest once for each plan"
    done = site.sync([gil, hal], **staff_only, **forest)
    assert done["digest"] == checked["digest"] and not done.get("failed"), done["msg"]
    assert names_of(clean, "g1") == named("gil.roe3") and names_of(clean, "g2") == named("hal.roe")
    assert any("gil.roe' belongs to CN=gil.roe,CN=Users,DC=corp,DC=example in the forest" in one["message"] for one in done["findings"])
    mark = clean.mark()
    again = site.sync([gil, hal], **staff_only, **forest)
    assert not again["changed"] and len(clean.binds_since(mark)) == 1, "no name is given, and nothing is asked"
    wrong = site.sync([employee("g3", "Ida", "Roe")], **staff_only, **forest | {"names": {"forest": True, "global_catalogue": ["127.0.0.99"]}})
    assert wrong["failed"] and wrong["writes"] == [] and "the global catalogue cannot be asked" in wrong["msg"]
    taken = tmp_path / "taken.txt"
    taken.write_text("# the old mail system\n\nIda.Roe@Example.com\n", encoding="utf-8")
    listed = site.sync([employee("g3", "Ida", "Roe")], **MAIL | DELETES | {"names": {"taken_file": str(taken)}})
    assert names_of(clean, "g3") == named("ida")
    assert any("'ida.roe@example.com' is taken in another system" in one["message"] for one in listed["findings"])
    missing = site.sync([], allow_empty=True, **MAIL | {"names": {"taken_file": str(tmp_path / "no.txt")}})
    assert missing["failed"] and "no.txt" in missing["msg"]


@pytest.mark.long
def test_parts_share_the_ledger(clean, service, tmp_path):
    """And the role keeps it with the state of the domain."""
    staff = [employee(f"p{number}", "Pat", "Part") for number in range(20)]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in staff), encoding="utf-8")
    common = {f"lifecycle_{name}": value for name, value in (RULES | {"source": "parts"}).items()} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service, "lifecycle_recent": "",
        "lifecycle_state": {"dir": str(tmp_path / "state"), "lasting": [str(tmp_path)]}, "lifecycle_names": {"reuse_after_days": "never", "key": KEY}}
    hosts = {f"part{number}": {"lifecycle_shard": {"part": number, "of": 2}} for number in (1, 2)}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr_parts": {"hosts": hosts, "vars": common}}), encoding="utf-8")
    done = playbook(tmp_path, ["-i", "hosts.json", "--forks", "2", "hris.ad.sync_in_parts"], {})
    assert done["stats"]["failures"] == 0, done["output"]
    found = {entry["attributes"]["sAMAccountName"][0] for entry in clean.search("(employeeID=p*)", ["sAMAccountName"])}
    assert found == {"pat.part", "pat", *(f"pat.part{number}" for number in range(2, 20))}
    assert (tmp_path / "state/names.ledger").exists()
