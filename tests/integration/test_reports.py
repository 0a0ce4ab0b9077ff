"""Modules plan_report and data_report through their real main(), on what a real run left behind and on files that are wrong."""
from __future__ import annotations

import csv
import hashlib
import json
import stat
import sys
from pathlib import Path

import ldap3
import pytest
from alone import run_module

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/unit/reporting"))

import plans  # noqa: E402  (samples that the unit tests use, too)

STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"
RULES = {
    "source": "test",
    "as_of": "2026-03-02",
    "mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": "title"},
    "naming": {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}},
    "placement": [{"ou": STAFF}],
    "groups": [{"groups": ["All Staff"]}],
    "dates": {"start": "start", "end": "end"},
    "leaver": {"groups": "remove_managed", "move_to": LEAVERS},
}


def employee(number, first="Ann", last="Lee", **more):
    return {"number": str(number), "first": first, "last": last, "title": "Clerk", "start": "2020-01-01", "end": None} | more


@pytest.fixture
def staff(tmp_path):
    """staff([employee, …]) -> the feed file."""
    def write(employees) -> str:
        path = tmp_path / "feed.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in employees), encoding="utf-8")
        return str(path)
    return write


def test_a_real_run(clean, module, service, staff, tmp_path):
    def run(employees, name, check=False):
        files = {option: str(tmp_path / f"{name}-{option}") for option in ("plan_dest", "outcome_dest")}
        result = module("sync", check=check, directory=service, src=staff(employees), **RULES, **files)
        assert not result.get("failed"), result
        return files

    first = run([employee(1), employee(2, "Bo", "Ek"), employee(3, "Cy", "Oh", start="31.02.2026")], "first")
    server = ldap3.Server(f"ldaps://{clean.address}", tls=ldap3.Tls(ca_certs_file=clean.ca_file))
    with ldap3.Connection(server, clean.admin_name, clean.admin_password, auto_bind=True) as connection:
        assert connection.modify(f"CN=Ann Lee,{STAFF}", {"title": [(ldap3.MODIFY_REPLACE, ["Boss"])]}), connection.result
    second = run([employee(1), employee(2, "Bo", "Ek", end="2026-01-31"), employee(3, "Cy", "Oh", start="31.02.2026")], "second")

    shown = run_module(tmp_path, "plan_report", src=second["plan_dest"], dest=str(tmp_path / "report"), format=["html", "markdown", "csv"], redact=["cn"])
    assert not shown.get("failed") and not shown["changed"] and shown["findings"] == {"error": 1, "warning": 0, "info": 0}, shown
    assert shown["dest"] == {"html": f"{tmp_path}/report.html", "markdown": f"{tmp_path}/report.md", "csv": f"{tmp_path}/report.csv"}
    assert "`Boss` | `Clerk`" in shown["markdown"] and f"`CN=(hidden),{LEAVERS}`" in shown["markdown"] and "Bo Ek" not in shown["markdown"]
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == shown["markdown"]
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["action"] for row in rows if row["key"] == "2"} == {"disable", "group_remove", "move"}
    for path in shown["dest"].values():
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600

    named = run_module(tmp_path, "plan_report", src=second["plan_dest"], dest=str(tmp_path / "named"), format=["markdown"])
    assert "### 2 (Bo Ek)" in named["markdown"] and "`3 (Cy Oh)`: " in named["markdown"]

    data = run_module(tmp_path, "data_report", source="test", plan=second["plan_dest"], outcome=second["outcome_dest"], last_outcome=first["outcome_dest"],
                      dest=str(tmp_path / "data.json"), format=["json"])
    assert not data.get("failed"), data
    found = [(entry["kind"], entry["key"], entry["name"], entry["place"]) for entry in data["findings"] if entry["key"]]
    assert found == [("no_account", "3", "Cy Oh", "dates.start"), ("changed_outside", "1", "Ann Lee", "title")], found
    assert data["counts"]["wrongly_enabled"] == 0 and data["counts"]["unowned"] == 1, "the seed's own accounts, counted once"


def test_the_same_again_and_in_check_mode(tmp_path):
    source = tmp_path / "plan.json"
    source.write_text(json.dumps(plans.sealed(plans.plan_of(100))), encoding="utf-8")
    texts = []
    for check in (False, True, False):
        result = run_module(tmp_path, "plan_report", check, src=str(source), dest=str(tmp_path / "page.html"))
        assert not result["changed"] and "markdown" not in result
        texts.append((tmp_path / "page.html").read_text(encoding="utf-8"))
        (tmp_path / "page.html").unlink()
    assert texts[0] == texts[1] == texts[2]


def test_a_journal_whose_last_line_is_torn(tmp_path):
    plan = plans.plan_of(10)
    (tmp_path / "plan.json").write_text(json.dumps(plans.sealed(plan)), encoding="utf-8")
    journal = tmp_path / "journal.jsonl"
    plans.journal_of(plan, journal)
    journal.write_text(journal.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    options = {"src": str(tmp_path / "plan.json"), "journal": str(journal), "dest": str(tmp_path / "page.html")}
    assert "changes were applied" in run_module(tmp_path, "plan_report", **options)["msg"]
    journal.write_text("{\n" + journal.read_text(encoding="utf-8"), encoding="utf-8")
    failed = run_module(tmp_path, "plan_report", **options)
    assert failed["failed"] and "journal.jsonl, line 1: this is not JSON" in failed["msg"]


def resealed(bare: dict) -> str:
    """A file whose seal is right, whatever it holds."""
    canonical = json.dumps(bare, sort_keys=True, separators=(",", ":")).encode()
    return json.dumps(bare | {"seal": {"kind": "sha256", "value": hashlib.sha256(canonical).hexdigest()}})


@pytest.mark.parametrize(("content", "words"), [
    (None, "cannot be read: No such file"),
    ("{", "the file is not one object of JSON"),
    ("[]", "the file is not one object of JSON"),
    ('{"changes": {}}', "the file is not a plan of the format 'hris.ad plan 2'"),
    ('{"changes": [], "format": "hris.ad plan 9"}', "the file is not a plan of the format 'hris.ad plan 2'"),
    (resealed({"changes": [{"key": 1}], "format": "hris.ad plan 2"}), "the plan is not complete"),
    ('{"changes": [], "format": "hris.ad plan 2"}', "the plan has no seal"),
    ('{"changes": [], "format": "hris.ad plan 2", "seal": {"kind": "sha256", "value": "00"}}', "the plan was changed after it was made"),
])
def test_what_is_no_plan(tmp_path, content, words):
    source = tmp_path / "plan.json"
    if content is not None:
        source.write_text(content, encoding="utf-8")
    for name, option in (("plan_report", "src"), ("data_report", "plan")):
        failed = run_module(tmp_path, name, dest=str(tmp_path / "page.html"), **{option: str(source)}, **({"source": "x"} if name == "data_report" else {}))
        assert failed["failed"] and words in failed["msg"] and "Traceback" not in str(failed), failed
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(("made", "given", "harm", "words"), [
    (None, None, {}, None),
    ("key", "key", {}, None),
    (None, None, {"source": "icehrm"}, "the plan was changed after it was made"),
    (None, None, {"limits": []}, "the plan was changed after it was made"),
    ("key", "key", {"findings": []}, "the plan was changed after it was made"),
    ("key", "other", {}, "the plan was changed after it was made"),
    ("key", None, {}, "the plan is signed, and the key is not given"),
    (None, "key", {}, "the plan is not signed"),
    (None, None, {"seal": None}, "the plan has no seal"),
])
def test_no_page_of_a_plan_that_is_not_as_it_was_made(tmp_path, made, given, harm, words):
    source = tmp_path / "plan.json"
    source.write_text(json.dumps(plans.sealed(plans.plan_of(20), made) | harm), encoding="utf-8")
    for name, option in (("plan_report", "src"), ("data_report", "plan")):
        more = {"source": "x"} if name == "data_report" else {"format": ["html", "markdown"]}
        result = run_module(tmp_path, name, dest=str(tmp_path / f"{name}-page"), plan_key=given, **{option: str(source)}, **more)
        if words:
            assert result["failed"] and words in result["msg"] and not list(tmp_path.glob("*-page*")), result
        else:
            assert not result.get("failed"), result
    if not words:
        seal = "unbroken, made with the key" if made else "unbroken"
        assert seal in (tmp_path / "plan_report-page.html").read_text(encoding="utf-8") and f"- Seal: `{seal}`" in (tmp_path / "plan_report-page.md").read_text(encoding="utf-8")


def test_digest_and_seal_are_in_the_result(tmp_path):
    plan = plans.sealed(plans.plan_of(20))
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    result = run_module(tmp_path, "plan_report", src=str(tmp_path / "plan.json"), dest=str(tmp_path / "page.html"))
    assert result["digest"] == plan["digest"] and result["seal"] == "sha256"


def test_the_first_report_has_no_last_one(tmp_path, staff):
    feed = staff([employee(number) for number in range(3)])
    options = {"source": "test", "src": feed, "key": "number", "dest": str(tmp_path / "data"), "last_report": str(tmp_path / "data.json"), "as_of": "2026-03-02"}
    first = run_module(tmp_path, "data_report", **options)
    assert first["counts"] == {"employees": 3, "missing": 0, "duplicate": 0, "unusual": 0} and "no last report yet" in str(first["warnings"])
    second = run_module(tmp_path, "data_report", **options | {"as_of": "2026-03-03"})
    assert "warnings" not in second and len(json.loads((tmp_path / "data.json").read_text(encoding="utf-8"))["history"]) == 2
    wrong = run_module(tmp_path, "data_report", **options | {"last_report": feed})
    assert wrong["failed"] and "the file is not JSON" in wrong["msg"]
