"""The state of a domain between jobs: one folder, what is lost, what would be lost, and what check mode leaves alone."""
from __future__ import annotations

import json
import shutil
import stat
import subprocess
import uuid
from pathlib import Path

import pytest
from hr_playbook import run
from mail_server import PASSWORD, USER, certificate, mailing
from test_sync_module import RULES, employee
from unpacking import unpacked

IN_JOB = {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}  # a sign of a container; /dev/shm is then its memory
MEMORY = Path("/dev/shm")


@pytest.fixture
def site(service, tmp_path):
    """site(hosts, *arguments, environment, **variables) -> run() of the playbook sync. hosts: {name: employees, or (employees, variables)}."""
    def play(hosts, *arguments, environment=None, **common):
        variables = {f"lifecycle_{name}": value for name, value in RULES.items() if name != "source"} | {
            "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
            "lifecycle_employees_file": str(tmp_path / "{{ inventory_hostname }}.jsonl"), "lifecycle_directory": service, "lifecycle_limits": {}} | common
        inventory = {"hr": {"hosts": {}, "vars": variables}}
        for name, given in hosts.items():
            employees, more = given if isinstance(given, tuple) else (given, {})
            (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(person) + "\n" for person in employees), encoding="utf-8")
            inventory["hr"]["hosts"][name] = more
        (tmp_path / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        found = run(tmp_path, ["-i", "hosts.json", "hris.ad.sync", *arguments], environment or {})
        assert service["password"] not in found["output"]
        assert not list((tmp_path / "tmp").glob("hris.ad-*")), "what only the report needed was left behind"
        sync = next((result for (_host, task), result in found["results"].items() if task.startswith("Make the domain follow")), {})
        return found | {"sync": sync, "told": "\n".join(sync.get("report") or [sync.get("msg", "")])}
    return play


def people(prefix, count=2, **more):
    return [employee(f"{prefix}{number}", "Hand", f"{prefix}on{number}", **more) for number in range(count)]


def state(folder, **more):
    """A state that lasts, also where the tests themselves run in a container."""
    return {"dir": f"{folder}/", "must_exist": False, "lasting": [str(folder.parent)], **more}


def tree(folder):
    """{path below the folder: content}; the moments in names are left out."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def kinds(folder):
    """What is in the folder, without the moments of the runs."""
    return sorted({name.split("Z-")[-1] if "Z-" in name else name for name in tree(folder)})


@pytest.mark.compat
def test_two_jobs_with_a_folder_that_lasts(clean, site, tmp_path):
    folder = tmp_path / "state"
    given = {"lifecycle_state": state(folder, must_exist=True)}
    missing = site({"hr1": people("a")}, "--check", **given)
    assert f"{folder}/: the folder of the state is not there. Nothing was written. Mount the folder" in missing["told"] and not folder.exists()
    folder.mkdir(mode=0o700)
    checked = site({"hr1": people("a")}, "--check", **given)
    assert checked["stats"]["failures"] == 0, checked["output"]
    assert kinds(folder) == ["hr1.html", "hr1.json"] and {path.name for path in folder.iterdir()} == {"plans"}, "check mode writes the plan, and no state"
    first = site({"hr1": people("a")}, **given)
    assert first["stats"] | {"ok": 0} == {"ok": 0, "changed": 1, "failures": 0}, first["output"]
    assert kinds(folder) == ["audit.jsonl", "hr1-journal.jsonl", "hr1-undo.json", "hr1.html", "hr1.json", "hr1/guard.json", "hr1/outcome.jsonl",
                             "recent.json", "recent.json.lock", "state.json", "state.json.lock"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")} == {0o700, 0o600}
    listed = json.loads((folder / "state.json").read_text("utf-8"))
    assert list(listed["sources"]) == ["hr1", ""] and list(listed["sources"][""]["files"]) == ["recent"]  # that of the domain
    assert list(listed["sources"]["hr1"]["files"]) == ["guard"]
    assert "new_state" not in str(first["sync"]) and "vanishing_state" not in str(first["sync"])
    assert first["sync"]["plan_dest"] == first["sync"]["whole_plan"] and Path(first["sync"]["journal"]).parent == folder / "journal"
    before = tree(folder)
    mark = clean.mark()
    again = site({"hr1": people("a")}, **given)
    assert (again["stats"]["changed"], again["stats"]["failures"], clean.writes_since(mark)) == (0, 0, []), again["output"]
    added = {name: content for name, content in tree(folder).items() if before.get(name) != content}
    assert all(name.startswith("plans/") or name in ("hr1/outcome.jsonl", "hr1/guard.json") for name in added), sorted(added)
    assert "new_state" not in str(again["sync"]["findings"])
    kept = {name: content for name, content in tree(folder).items() if not name.startswith("plans/")}
    site({"hr1": people("a", 3)}, "--check", **given)
    assert {name: content for name, content in tree(folder).items() if not name.startswith("plans/")} == kept, "check mode writes no state"


@pytest.mark.long
@pytest.mark.compat
def test_a_folder_that_is_lost_in_between(clean, site, tmp_path):
    folder = tmp_path / "state"
    given = {"lifecycle_state": state(folder)}
    assert site({"hr2": people("b")}, **given)["stats"]["failures"] == 0
    shutil.rmtree(folder)
    checked = site({"hr2": people("b", 3)}, "--check", **given)
    message = f"{folder}/ has no state of earlier runs. But 2 accounts have the mark of hr2: earlier runs kept it elsewhere, or it is lost"
    assert checked["stats"]["failures"] == 0 and message in checked["told"] and message in checked["output"], "a finding and a warning"
    assert [one["kind"] for one in checked["sync"]["findings"]] == ["new_state"]
    shutil.rmtree(folder)
    strict = {"lifecycle_state": state(folder, must_exist=True)}
    mark = clean.mark()
    for made in (False, True):
        if made:
            folder.mkdir()
        for arguments in (["--check"], []):
            refused = site({"hr2": people("b", 3)}, *arguments, **strict)
            assert refused["stats"]["failures"] == 1 and ("the folder of the state is not there" in refused["told"]) is not made, refused["output"]
            assert "set" not in refused["sync"] and "lifecycle_state.accept_new" in refused["told"] and "Mount the folder" in refused["told"]
            assert (message in refused["told"]) is made
            assert not (folder / "state.json").exists() and not (folder / "hr2").exists()
    assert clean.writes_since(mark) == []
    accepted = site({"hr2": people("b", 3)}, lifecycle_state=state(folder, must_exist=True, accept_new=True))
    assert accepted["stats"]["failures"] == 0 and message in accepted["told"], "what is accepted is said all the same"
    assert site({"hr2": people("b", 3)}, **strict)["told"] == "hr2: nothing to change"


@pytest.mark.long
def test_single_files_that_are_lost(clean, site, tmp_path):
    folder = tmp_path / "state"
    steps = {"orchestration_steps": [{"name": "note", "events": ["created"], "tasks": str(tmp_path / "step.yml")}]}
    (tmp_path / "step.yml").write_text("- ansible.builtin.debug: {msg: '{{ orchestration_accounts_count }}'}\n", encoding="utf-8")
    given = {"lifecycle_state": state(folder), **steps}
    assert site({"hr3": people("c")}, **given)["stats"]["failures"] == 0
    assert sorted(json.loads((folder / "state.json").read_text("utf-8"))["sources"]["hr3"]["files"]) == ["guard", "ledger"]
    for name, words in (("guard.json", "the profile of its last good feed is not there any more"), ("ledger.jsonl", "its step ledger is not there any more")):
        kept = (folder / "hr3" / name).read_bytes()
        (folder / "hr3" / name).unlink()
        checked = site({"hr3": people("c")}, "--check", **given)
        assert checked["stats"]["failures"] == 0 and words in checked["told"] and words in checked["output"], checked["output"]
        refused = site({"hr3": people("c", 3)}, lifecycle_state=state(folder, must_exist=True), **steps)
        assert refused["stats"]["failures"] == 1 and words in refused["output"] and "lifecycle_state.accept_new" in refused["output"], refused["output"]
        assert not (folder / "hr3" / name).exists() and clean.search("(employeeID=c2)", ["cn"]) == []
        (folder / "hr3" / name).write_bytes(kept)
        (folder / "hr3" / name).chmod(0o600)
    done = site({"hr3": people("c", 3)}, lifecycle_state=state(folder, must_exist=True), **steps)
    assert done["stats"]["failures"] == 0 and len(clean.search("(employeeID=c2)", ["cn"])) == 1, done["output"]
    off = site({"hr3": people("c", 3)}, lifecycle_state=state(folder, must_exist=True), lifecycle_guard={"file": ""}, orchestration_ledger="", **steps)
    assert off["stats"]["failures"] == 0, off["output"]
    assert json.loads((folder / "state.json").read_text("utf-8"))["sources"]["hr3"]["files"] == {}, "what is switched off is not missed"


@pytest.mark.long
def test_without_a_folder_the_variable_of_a_file_is_believed_as_much(clean, site, tmp_path):
    guard = {"lifecycle_guard": {"file": str(tmp_path / "guard.json")}}
    assert "new_state" not in str(site({"hr4": people("d")}, **guard)["sync"]), "the first run"
    (tmp_path / "guard.json").unlink()
    found = site({"hr4": people("d")}, "--check", **guard)
    assert f"the profile of its last good feed is not in {tmp_path}/guard.json" in found["told"] and "2 accounts have the mark of hr4" in found["told"]
    refused = site({"hr4": people("d")}, lifecycle_state={"must_exist": True, "lasting": [str(tmp_path)]}, **guard)
    assert refused["stats"]["failures"] == 1 and "is not in" in refused["told"] and not (tmp_path / "guard.json").exists()


@pytest.mark.long
def test_several_sources_and_hosts_have_one_folder(clean, site, tmp_path):
    folder = tmp_path / "state"
    given = {"lifecycle_state": state(folder, must_exist=True)}
    folder.mkdir()
    first = site({"hr5": people("e"), "hr6": people("f")}, **given)
    assert first["stats"]["failures"] == 0, first["output"]
    assert {"hr5/guard.json", "hr6/guard.json", "hr5/outcome.jsonl", "hr6/outcome.jsonl", "hr5-hr6-journal.jsonl", "hr5-hr6.html"} <= set(kinds(folder))
    later = site({"hr5": people("e"), "hr6": people("f"), "odd": (people("g"), {"lifecycle_source": "new/one"})}, **given)
    assert later["stats"]["failures"] == 0 and "new_state" not in str(later["sync"]), "a source without accounts is new"
    assert (folder / "new%2Fone/guard.json").exists() and not (folder / "new").exists()
    (folder / "hr5/guard.json").unlink()
    alone = site({"hr6": people("f")}, "--limit", "hr6", **given)
    assert alone["stats"]["failures"] == 0, "another source's loss is not its own"
    both = site({"hr5": people("e"), "hr6": people("f"), "odd": (people("g"), {"lifecycle_source": "new/one"})}, "--check", **given)
    assert both["stats"]["failures"] > 0 and "hr5: the profile of its last good feed is not there any more" in both["output"]
    differing = site({"hr5": (people("e"), {"lifecycle_state": state(tmp_path / "other")}), "hr6": people("f")}, "--check", **given)
    assert "different values of lifecycle_state" in differing["output"]


def test_state_that_would_be_lost(clean, site, tmp_path):
    folder = MEMORY / f"hris-{uuid.uuid4().hex}"
    try:
        given = {"lifecycle_state": {"dir": str(folder)}}
        words = "with the job, the audit log, the file of what runs have written lately, the journal, the list of the state, the plan of the changes that wait for approval"
        found = site({"hr7": people("h")}, "--check", environment=IN_JOB, **given)
        assert found["stats"]["failures"] == 0 and f"{folder} is in the memory of the container (tmpfs): {words}" in found["told"], found["output"]
        assert "whole_plan" not in found["sync"] and "plan_dest" in found["sync"]
        strict = {"dir": str(folder), "must_exist": True}
        mark = clean.mark()
        refused = site({"hr7": people("h")}, environment=IN_JOB, lifecycle_state=strict)
        assert refused["stats"]["failures"] == 1 and "Nothing was written. Name a place that is mounted into the job" in refused["told"]
        own = site({"hr7": people("h")}, environment=IN_JOB, lifecycle_state={"must_exist": True}, lifecycle_journal=f"{MEMORY}/journal.jsonl")
        assert "journal.jsonl is in the memory of the container (tmpfs): with the job, the journal will be lost" in own["told"]
        assert clean.writes_since(mark) == []
        lasting = site({"hr7": people("h")}, environment=IN_JOB, lifecycle_state=strict | {"lasting": [str(folder)]})
        assert lasting["stats"]["failures"] == 0 and "vanishing_state" not in str(lasting["sync"]["findings"]), lasting["output"]
        runner = site({"hr7": people("h")}, "--check", environment={"AWX_ISOLATED_DATA_DIR": str(tmp_path / "artifacts/7")},
                      lifecycle_state={"dir": str(tmp_path / "project/state")})
        assert f"is below {tmp_path}, the folder of ansible-runner, which AWX removes: with the job" in runner["told"], runner["output"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
def test_initial_passwords_are_not_written_where_the_job_takes_them_along(clean, site, tmp_path):
    key, pem = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem, "-days", "9", "-subj", "/CN=Desk"],
                   check=True, capture_output=True)
    lost = MEMORY / f"hris-{uuid.uuid4().hex}"
    folder = tmp_path / "state"
    try:
        mark = clean.mark()
        for given in ({"lifecycle_passwords": {"certificate": str(pem), "dest": str(lost)}},
                      {"lifecycle_passwords": {"certificate": str(pem)}, "lifecycle_state": {"dir": str(lost)}}):
            for arguments in (["--check"], []):
                refused = site({"hr8": people("i")}, *arguments, environment=IN_JOB, **given)
                assert refused["stats"]["failures"] == 1 and f"lifecycle_passwords.dest {lost}" in refused["told"], refused["output"]
                assert "initial passwords are not written here, because it is in the memory of the container (tmpfs)" in refused["told"]
        assert clean.writes_since(mark) == [] and not lost.exists()
        done = site({"hr8": people("i")}, lifecycle_passwords={"certificate": str(pem)}, lifecycle_state=state(folder))
        assert done["stats"]["failures"] == 0, done["output"]
        handed = [json.loads(line) for line in (folder / "passwords/initial.jsonl").read_text("utf-8").splitlines()]
        assert sorted(line["key"] for line in handed) == ["i0", "i1"] and stat.S_IMODE((folder / "passwords").stat().st_mode) == 0o700
        known = site({"hr8": people("i", 3)}, environment=IN_JOB, lifecycle_passwords={"certificate": str(pem), "dest": str(lost)},
                     lifecycle_state={"lasting": [str(lost)]})
        assert known["stats"]["failures"] == 0 and lost.exists(), "a human says that it lasts"
    finally:
        lost.unlink(missing_ok=True)


@pytest.mark.long
def test_the_list_is_believed_only_with_its_seal(clean, site, tmp_path):
    folder = tmp_path / "state"
    given = {"lifecycle_state": state(folder), "lifecycle_plan_key": "s3cr3t-of-plans"}
    assert site({"hr9": people("j")}, **given)["stats"]["failures"] == 0
    listed = folder / "state.json"
    whole = listed.read_text("utf-8")
    assert json.loads(whole)["seal"]["kind"] == "hmac-sha256"
    for text, words in ((whole.replace('"guard"', '"other"'), "the list of the state was changed after it was made"), ("{}", "has no seal"),
                        ("[1]", "has no seal"), ("torn", "is not JSON")):
        listed.write_text(text, encoding="utf-8")
        refused = site({"hr9": people("j", 3)}, **given)
        assert refused["stats"]["failures"] == 1 and f"{listed}: " in refused["told"] and words in refused["told"], refused["output"]
        assert "s3cr3t-of-plans" not in refused["output"] and clean.search("(employeeID=j2)", ["cn"]) == []
    accepted = site({"hr9": people("j", 3)}, lifecycle_state=state(folder, accept_new=True), lifecycle_plan_key="s3cr3t-of-plans")
    assert accepted["stats"]["failures"] == 0 and json.loads(listed.read_text("utf-8"))["sources"]["hr9"]["files"].keys() == {"guard"}
    unsigned = site({"hr9": people("j", 3)}, lifecycle_state=state(folder))
    assert unsigned["stats"]["failures"] == 1 and "is signed, and the key is not given" in unsigned["told"]


@pytest.mark.long
def test_each_variable_wins_over_the_folder_and_an_empty_one_switches_off(clean, site, tmp_path):
    folder, own = tmp_path / "state", tmp_path / "own"
    own.mkdir()
    names = {"lifecycle_journal": "journal.jsonl", "lifecycle_audit": "audit.jsonl", "lifecycle_undo_dest": "undo.json", "lifecycle_plan_dest": "plan.json",
             "lifecycle_outcome_file": "outcome.jsonl", "lifecycle_report_file": "report.html", "lifecycle_recent": "recent.json"}
    apart = site({"hr10": people("k")}, lifecycle_state=state(folder), lifecycle_guard={"file": str(own / "guard.json")},
                 **{name: str(own / file) for name, file in names.items()})
    assert apart["stats"]["failures"] == 0, apart["output"]
    assert sorted(path.name for path in own.iterdir()) == sorted([*names.values(), "guard.json", "recent.json.lock"]) and kinds(folder) == ["state.json", "state.json.lock"]
    off = site({"hr10": people("k", 3)}, lifecycle_state=state(folder), lifecycle_guard={"file": ""}, **dict.fromkeys(names, ""))
    assert off["stats"]["failures"] == 0 and off["sync"]["changed"] and kinds(folder) == ["state.json", "state.json.lock"], off["output"]


@pytest.mark.long
@pytest.mark.compat
def test_the_whole_plan_reaches_who_approves(clean, site, tmp_path):
    folder, hosts = tmp_path / "state", {"hr11": [*people("l", 7), employee("lx", "{{ evil", "{% evil")]}
    small = {"lifecycle_report_limit": 2}
    nowhere = site(hosts, "--check", "--diff", **small)
    assert "and 6 more accounts; no plan file that lasts has them: set lifecycle_plan_dest, or raise lifecycle_report_limit" in nowhere["output"]
    assert "has them all" not in nowhere["output"]
    kept = site(hosts, "--check", "--diff", lifecycle_state=state(folder), lifecycle_plans_url="https://files.example.com/plans", **small)
    plan = kept["sync"]["plan_dest"]
    assert f"and 6 more accounts; the plan file {plan} has them all" in kept["output"] and Path(plan).parent == folder / "plans"
    link = json.loads(kept["custom"]["hris_hr11"])["report_url"]
    assert link == f"https://files.example.com/plans/{Path(plan).stem}.html" and (folder / "plans" / link.rsplit("/", 1)[1]).exists()
    with mailing(tmp_path) as post:
        mail = {"mail": {"host": "127.0.0.1", "port": post.port, "username": USER, "password": PASSWORD, "from": "hr@example.com",
                         "to": ["desk@example.com"]}, "ca_cert": str(certificate(tmp_path)), "attach_report": True, "check_mode": True}
        handed = site(hosts, "--check", lifecycle_notify=mail, lifecycle_stats_report=True, lifecycle_redact=["title"], **small)
        (page,) = post.seen.pop()["message"].iter_attachments()
    assert handed["stats"]["failures"] == 0, handed["output"]
    text = unpacked(page.get_content())
    assert page.get_filename() == "plan.html" and all(f"l{number}" in text for number in range(7)), "a page for the mail, although no file is kept"
    lines = handed["custom"]["hris_hr11_report"]
    assert isinstance(lines, list) and sum(line.startswith("### ") for line in lines) == 8 and "left out" not in "\n".join(lines)
    assert not any(pair in line for line in lines for pair in ("{{", "{%", "{#")) and "{ { evil" in "\n".join(lines)
    with mailing(tmp_path) as post:
        mail["mail"]["port"] = post.port
        told = site(hosts, lifecycle_notify=mail, lifecycle_state=state(folder), lifecycle_plans_url="https://files.example.com/plans/", **small)
        message = post.seen.pop()["message"]
    assert f"https://files.example.com/plans/{Path(told['sync']['plan_dest']).stem}.html" in message.get_body().get_content()
    assert "16 of 16 changes were applied" in next(message.iter_attachments()).get_content()
