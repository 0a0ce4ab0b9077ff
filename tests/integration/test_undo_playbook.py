"""The playbook hris.ad.undo: what a run over two sources has written is undone, once, and what became of it is said."""
from __future__ import annotations

import json

import pytest
from hr_playbook import run
from test_sync_module import RULES, employee

UNDO = "Undo with {}"


@pytest.fixture
def site(clean, service, tmp_path):
    """site(playbook, *options) -> what hr_playbook.run gives, with "writes"; site.feed(source, employees) before."""
    class Site:
        undo, journal = str(tmp_path / "undo.json"), str(tmp_path / "run.jsonl")

        @staticmethod
        def feed(source, employees):
            (tmp_path / f"{source}.jsonl").write_text("".join(json.dumps(person) + "\n" for person in employees), encoding="utf-8")

        def __call__(self, playbook, *options):
            common = {f"lifecycle_{name}": value for name, value in RULES.items() if name != "source"} | {
                "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
                "lifecycle_directory": service, "lifecycle_employees_file": str(tmp_path / "{{ inventory_hostname }}.jsonl"),
                "lifecycle_undo_dest": self.undo, "lifecycle_limits": {}}
            (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"payroll": {}, "interns": {}}, "vars": common}}), encoding="utf-8")
            mark = clean.mark()
            found = run(tmp_path, ["-i", "hosts.json", f"hris.ad.{playbook}", *options], {})
            return found | {"writes": clean.writes_since(mark)}
    return Site()


def person(key, **more):
    return employee(key, "Undone", key, **more)


def test_check_undo_and_again(site, read):
    site.feed("payroll", [person("u1"), person("u2")])
    site.feed("interns", [person("u3")])
    assert site("sync")["stats"]["failures"] == 0
    before = {key: read(f"(employeeID={key})") for key in ("u1", "u2", "u3")}
    site.feed("payroll", [person("u1", title="Wrong"), person("u2", title="Wrong")])
    site.feed("interns", [person("u3", title="Wrong"), person("u4")])
    wrong = site("sync", "-e", f"lifecycle_journal={site.journal}")
    assert wrong["stats"]["failures"] == 0, wrong["output"]
    assert read("(employeeID=u3)")["title"] == ["Wrong"] and read("(employeeID=u4)")

    checked = site("undo", "--check", "--diff")
    assert (checked["stats"]["failures"], checked["stats"]["changed"], checked["writes"]) == (0, 1, []), checked["output"]
    (figures,) = checked["custom"]["_run"].values() if "_run" in checked["custom"] else checked["custom"].values()
    digest = json.loads(figures)["digest"]
    for options, words in (
        (["-e", f"lifecycle_approved_digest=sha256:{'0' * 64}"], "not the approved plan"),
        (["-e", "lifecycle_approved_digest=none"], "is not the digest of a plan"),
        (["-e", "{lifecycle_approval_required: true}"], "lifecycle_approved_digest is missing")):
        refused = site("undo", *options)
        assert refused["stats"]["failures"] == 1 and refused["writes"] == [] and words in refused["output"], refused["output"]
    done = site("undo", "-e", f"lifecycle_approved_digest={digest}")
    assert (done["stats"]["failures"], done["stats"]["changed"]) == (0, 1) and done["writes"], done["output"]
    assert "3 updated, 1 deleted" in done["results"]["payroll", "Show what was undone, and what was not"]["msg"][0], done["output"]
    assert [host for host, task in done["results"] if task == UNDO.format(site.undo) and not done["results"][host, task].get("skipped")] == ["payroll"]
    ignored = {"whenChanged", "uSNChanged", "dSCorePropagationData"}
    for key, account in before.items():
        now = read(f"(employeeID={key})")
        assert {name: text for name, text in now.items() if name not in ignored} == {name: text for name, text in account.items() if name not in ignored}
    assert read("(employeeID=u4)") is None
    again = site("undo")
    assert again["stats"]["failures"] == 1 and again["writes"] == [] and "title" in again["output"], "everything has changed since, so nothing is undone"


def test_by_the_journal_of_a_run(site, read):
    site.feed("payroll", [person("j1")])
    site.feed("interns", [])
    options = ["-e", f"lifecycle_journal={site.journal}", "-e", "lifecycle_undo_dest=", "-e", "lifecycle_allow_empty=true"]
    assert site("sync", *options)["stats"]["failures"] == 0 and read("(employeeID=j1)")
    unnamed = site("undo", "-e", "lifecycle_undo_dest=")
    assert unnamed["stats"]["failures"] == 1 and "Nothing says what to undo. Set lifecycle_undo_dest" in unnamed["output"]
    done = site("undo", "-e", "lifecycle_undo_dest=", "-e", f"lifecycle_undo_journal={site.journal}")
    assert done["stats"]["failures"] == 0 and done["writes"], done["output"]
    assert read("(employeeID=j1)") is None


@pytest.mark.long
def test_the_last_file_in_a_folder(site, read, tmp_path):
    folder = tmp_path / "undo"
    folder.mkdir()
    empty = site("undo", "-e", f"lifecycle_undo_file={folder}/")
    assert empty["stats"]["failures"] == 1 and f"There is no *-undo.json in {folder}/" in empty["output"]
    site.feed("interns", [])
    for day, title in ((1, "First"), (2, "Second")):
        site.feed("payroll", [person("f1", title=title)])
        done = site("sync", "-e", "lifecycle_allow_empty=true", "-e", f"lifecycle_undo_dest={folder}/2026010{day}-payroll-undo.json")
        assert done["stats"]["failures"] == 0, done["output"]
    done = site("undo", "-e", f"lifecycle_undo_file={folder}/")
    assert done["stats"]["failures"] == 0 and read("(employeeID=f1)")["title"] == ["First"], done["output"]


def test_a_file_that_is_not_there(site):
    found = site("undo", "-e", "lifecycle_undo_file=/nowhere/undo.json")
    assert found["stats"]["failures"] == 1 and "/nowhere/undo.json" in found["output"] and found["writes"] == []
