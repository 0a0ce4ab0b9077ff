"""Promises that a whole run keeps: what it leaves alone, who may read its files, and what it does not say."""
from __future__ import annotations

import json
import subprocess

import hr_playbook
import ldap3
import pytest
from alone import run_module
from module_process import one_source
from test_sync_module import RULES, STAFF, employee

# What is ours beside what the rules name: the mark, the leaver's record, the password and the switch, the RDN, the class of a new object
OWN = {"adminDescription", "extensionName", "userAccountControl", "unicodePwd", "pwdLastSet", "clearTextPassword", "cn", "name", "objectClass"}
NAMED = {*RULES["mapping"], *RULES["naming"]["attributes"]}


@pytest.fixture
def by_hand(clean, directory):
    """by_hand(dn, {attribute: value}) writes as an administrator does."""
    def write(dn, values):
        server = ldap3.Server(f"ldaps://{clean.address}", tls=ldap3.Tls(ca_certs_file=clean.ca_file))
        with ldap3.Connection(server, directory["username"], directory["password"], auto_bind=True) as connection:
            assert connection.modify(dn, {name: [(ldap3.MODIFY_ADD, [value])] for name, value in values.items()}), connection.result
    return write


@pytest.fixture
def recipient(tmp_path):
    path = tmp_path / "recipient.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Service desk", "-keyout",
                    str(tmp_path / "recipient.key"), "-out", str(path)], check=True, capture_output=True)
    return str(path)


def test_nothing_is_written_that_the_rules_do_not_name(clean, module, service, read, by_hand):
    """A joiner, a mover, a leaver and a return, with what an administrator has added: the server's own log tells what was written."""
    options = RULES | {"source": "ours", "directory": service}
    ann, bo = employee("o1", "Ours", "Ann"), employee("o2", "Ours", "Bo")
    mark = clean.mark()
    assert not module("sync", employees=[ann, bo], **options).get("failed")
    kept = {"description": "by hand", "info": "a note", "telephoneNumber": "1234", "url": "https://example.com"}
    by_hand(f"CN=Ours Ann,{STAFF}", kept)
    group = "CN=ERP Users,OU=Groups,DC=corp,DC=example"
    by_hand(group, {"member": f"CN=Ours Ann,{STAFF}"})
    hand = clean.writes_since(mark)[-2:]
    for feed in ([ann | {"title": "Head", "last": "Smith"}, bo], [ann | {"end": "2026-02-01"}, bo], [ann, bo | {"title": None}]):
        assert not module("sync", employees=feed, **options).get("failed")
    found = read("(employeeID=o1)")
    assert {name: found[name] for name in kept} == {name: [value] for name, value in kept.items()}
    assert group in found["memberOf"], "a group that no rule names is nobody's to take, from a leaver neither"
    writes = [write for write in clean.writes_since(mark) if write not in hand]
    assert {write["operation"] for write in writes} >= {"add", "modify"}
    people = {name for write in writes if write["dn"] and "OU=Groups" not in write["dn"] for name in write["attributes"]}
    assert {name.lower() for name in people} <= {name.lower() for name in NAMED | OWN}, people
    groups = {(write["dn"], name) for write in writes if write["dn"] and "OU=Groups" in write["dn"] for name in write["attributes"]}
    assert {name for _dn, name in groups} == {"member"}
    assert {dn for dn, _name in groups} <= {f"CN={name},OU=Groups,DC=corp,DC=example" for name in ("All Staff", "Managers")}
    assert read("(employeeID=o2)")["dn"] == [f"CN=Ours Bo,{STAFF}"] and found["dn"][0].endswith(STAFF)


def test_every_file_is_its_owners_alone(clean, module, service, tmp_path, recipient, tmp_path_factory):
    folder = tmp_path_factory.mktemp("arguments")
    names = ("plan_dest", "held_plan_dest", "journal", "audit", "undo_dest", "outcome_dest", "progress_file")
    files = {name: str(tmp_path / name) for name in names}
    result = module("sync", employees=[employee("f1", "File", "One"), employee("f2", "File", "Two", title="Head")], directory=service,
                    **RULES | {"source": "files"}, **files, guard={"file": str(tmp_path / "shape")},
                    passwords={"certificate": recipient, "dest": str(tmp_path / "passwords")}, kept_state={"lasting": [str(tmp_path)]},
                    risk={"hold": True, "people": ["title == 'Head'"]})
    assert not result.get("failed"), result
    report = run_module(folder, "plan_report", src=files["plan_dest"], dest=str(tmp_path / "report"), format=["html", "markdown", "csv"])
    assert not report.get("failed"), report
    expected = {*names, "shape", "passwords", "report.html", "report.md", "report.csv"}
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir() if not path.name.startswith("recipient")}
    assert modes == dict.fromkeys(expected, "0o600")


@pytest.mark.parametrize("check", [True, False])
def test_no_secret_and_nothing_redacted_in_the_output(clean, service, tmp_path, recipient, check):
    """All that ansible-playbook prints with -vvv and --diff, and the task's result as a callback gets it."""
    task = {"name": "Sync", "hris.ad.sync": one_source(RULES | {
        "source": "quiet", "src": str(tmp_path / "feed.jsonl"), "directory": service, "plan_key": "sealing-wax-5", "redact": ["title", "manager"],
        "plan_dest": str(tmp_path / "plan.json"), "journal": str(tmp_path / "journal.jsonl"),
        "kept_state": {"lasting": [str(tmp_path)]},
        "passwords": {"certificate": recipient, "dest": str(tmp_path / "passwords.jsonl")}}), "diff": True}
    (tmp_path / "feed.jsonl").write_text(json.dumps(employee("q1", "Quiet", "One", title="Spy Master")) + "\n", encoding="utf-8")
    found = hr_playbook.play(tmp_path, [task], {}, check=check)
    result = found["results"]["Sync"]
    assert result["changed"] and result["diff"] and "(hidden)" in json.dumps(result["diff"])
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert "Spy Master" in json.dumps(plan), "it is hidden from the output, and there to be written"
    for text in (found["output"], json.dumps(result)):
        for secret in (clean.service_password, "sealing-wax-5", "Spy Master"):
            assert secret not in text
    handed = (tmp_path / "passwords.jsonl").read_text(encoding="utf-8") if not check else ""
    assert check or json.loads(handed)["password"] not in found["output"]
