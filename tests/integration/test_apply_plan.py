"""Plans as files: applied as they are and no other way, left out where the directory has moved on, undone."""
from __future__ import annotations

import csv
import json
from pathlib import Path

import ldap3
import pytest
from alone import run_module
from test_sync_module import LEAVERS, RULES, STAFF, employee


@pytest.fixture
def site(clean, module, service, directory, tmp_path):
    """sync(employees, …) and apply(…) -> results with "writes", as the domain controller saw them; files in sync.folder."""
    class Site:
        folder = tmp_path
        plan, undo, journal = (str(tmp_path / name) for name in ("plan.json", "undo.json", "journal.jsonl"))

        administrator = {name: value for name, value in directory.items() if value is not None}
        reading = service | {"username": "reader9@corp.example", "password": "Only-Reads-42"}

        @staticmethod
        def by_hand(dn, **values):
            server = ldap3.Server(f"ldaps://{clean.address}", tls=ldap3.Tls(ca_certs_file=clean.ca_file))
            with ldap3.Connection(server, directory["username"], directory["password"], auto_bind=True) as connection:
                assert connection.modify(dn, {name: [(ldap3.MODIFY_REPLACE, [value])] for name, value in values.items()}), connection.result

        @staticmethod
        def run(module_name, check=False, **options):
            mark = clean.mark()
            result = module(module_name, check=check, **({"directory": service} | options))
            return result | {"writes": clean.writes_since(mark)}

        def sync(self, employees, check=False, **options):
            return self.run("sync", check, **(RULES | {"source": "plans", "employees": employees} | options))

        def apply(self, check=False, **options):
            return self.run("apply_plan", check, **({"src": self.plan} | options))

        def report(self, **options):
            """(the result of plan_report on the files of a run, {(key, action): state}), the states as its CSV has them."""
            given = {"src": self.plan, "journal": self.journal, "dest": str(tmp_path / "report"), "format": ["markdown", "csv"]}
            result = run_module(tmp_path, "plan_report", **(given | options))
            if result.get("failed"):
                return result, {}
            with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
                return result, {(row["key"], row["action"]): row["state"] for row in csv.DictReader(file)}

    return Site()


def people(prefix, count=3, **more):
    return [employee(f"{prefix}{number}", "Plan", f"{prefix}{number}", manager=f"{prefix}0" if number else None, **more) for number in range(count)]


def test_exactly_the_plan_is_applied_and_once(clean, site, read):
    staff = people("a")
    planned = site.sync(staff, check=True, plan_dest=site.plan)
    assert site.apply(check=True)["writes"] == [] and read("(employeeID=a1)") is None
    wrong = site.apply(approved_digest="sha256:other")
    assert wrong["failed"] and "this is not the approved plan" in wrong["msg"] and wrong["writes"] == []
    done = site.apply(approved_digest=planned["digest"], journal=site.journal, undo_dest=site.undo)
    assert not done.get("failed") and done["digest"] == planned["digest"] and done["applied"] == 6
    assert read("(employeeID=a1)")["manager"] == [f"CN=Plan a0,{STAFF}"]
    assert site.sync(staff)["writes"] == [], "what the plan did is what the rules want"
    again = site.apply()
    assert again["writes"] == [] and again["left_out_total"] == 6 and "exists already" in again["left_out"][0]["message"]
    lines = [json.loads(line) for line in (site.folder / "journal.jsonl").read_text().splitlines()]
    assert lines[0]["plan"]["digest"] == planned["digest"] and oct((site.folder / "journal.jsonl").stat().st_mode & 0o777) == "0o600"
    assert sorted(line["index"] for line in lines[1:] if line["event"] == "result") == list(range(6))
    shown, states = site.report()
    assert not shown.get("failed") and "6 of 6 changes were applied." in shown["msg"] and set(states.values()) == {"applied"}, shown
    other = str(site.folder / "other.json")
    site.sync(people("b"), check=True, plan_dest=other)
    wrong, _states = site.report(src=other)
    assert wrong["failed"] and "this is the journal of another plan" in wrong["msg"] and len(wrong["msg"]) < 250
    assert "Plan" not in wrong["msg"].replace("plan", ""), "no value of the plan is in the message"
    taken = site.apply(journal=site.journal)
    assert "left_out" in taken or "there is a journal" in taken["msg"]
    undone = site.apply(src=site.undo)
    assert not undone.get("failed") and {write["operation"] for write in undone["writes"]} == {"delete"} and read("(employeeID=a1)") is None


@pytest.mark.parametrize(("change", "words"), [
    (lambda plan: plan["changes"][0]["attributes"]["sn"].update(after=["Mallory"]), "changed after it was made"),
    (lambda plan: plan.update(expires="2001-01-01T00:00:00+00:00"), "changed after it was made"),
    (lambda plan: plan.update(format="hris.ad plan 99"), "not a plan of the format"),
])
def test_a_plan_that_was_touched_is_refused(site, change, words):
    site.sync(people("t"), check=True, plan_dest=site.plan)
    plan = json.loads((site.folder / "plan.json").read_text())
    change(plan)
    (site.folder / "plan.json").write_text(json.dumps(plan))
    refused = site.apply()
    assert refused["failed"] and words in refused["msg"] and refused["writes"] == []


def test_signed_expired_and_foreign_plans(site):
    site.sync(people("s"), check=True, plan_dest=site.plan, plan_key="one")
    assert "the key is not given" in site.apply()["msg"] and "changed after it was made" in site.apply(plan_key="two")["msg"]
    assert not site.apply(check=True, plan_key="one").get("failed")
    site.sync(people("s"), check=True, plan_dest=site.plan)
    assert "not signed" in site.apply(plan_key="one")["msg"]
    site.sync(people("s"), check=True, plan_dest=site.plan, plan_valid_hours=0)
    assert "expired" in site.apply()["msg"]
    assert "cannot be read" in site.apply(src="/nowhere")["msg"]


def test_who_has_changed_since_is_left_out(clean, site, read):
    staff = people("d", 4)
    site.sync(staff)
    moved_on = [person | {"title": "Head"} for person in staff]
    site.sync(moved_on, check=True, plan_dest=site.plan)
    site.by_hand(read("(employeeID=d1)")["dn"][0], title="By hand")
    stopped = site.apply(on_drift="stop")
    assert stopped["failed"] and stopped["writes"] == [] and "title has changed since" in stopped["msg"]
    done = site.apply(journal=site.journal)
    assert not done.get("failed") and {entry["key"] for entry in done["left_out"]} == {"d1"}
    shown, states = site.report()
    assert "6 of 8 changes were applied: 2 not attempted." in shown["msg"] and "the run left it out" in shown["markdown"], shown
    assert {key for key, _action in states} == {"d0", "d1", "d2", "d3"}
    assert all(state == ("not attempted" if key == "d1" else "applied") for (key, _action), state in states.items()), states
    assert read("(employeeID=d1)")["title"] == ["By hand"] and read("(employeeID=d2)")["title"] == ["Head"]


def test_undo_puts_back_what_still_stands(clean, site, read):
    staff = people("u", 3)
    site.sync(staff)
    before = {key: read(f"(employeeID={key})") for key in ("u0", "u1", "u2")}
    changed = [staff[0] | {"title": "Head"}, staff[1] | {"end": "2026-01-01"}, staff[2] | {"last": "Married"}]
    done = site.sync(changed, undo_dest=site.undo, journal=site.journal, plan_dest=site.plan, redact=["title"])
    shown, states = site.report()
    assert not shown.get("failed") and "7 of 7 changes were applied." in shown["msg"] and set(states.values()) == {"applied"}, shown
    files = [shown["markdown"], (site.folder / "report.csv").read_text()]
    assert all("Head" not in text and "(hidden)" in text for text in files), "the rules hide it, and so does the report"
    assert done["summary"]["changes"] == {"disable": 1, "group_add": 1, "group_remove": 1, "move": 1, "rename": 1, "update": 2}
    assert read("(employeeID=u1)")["dn"] == [f"CN=Plan u1,{LEAVERS}"]
    site.by_hand(read("(employeeID=u2)")["dn"][0], sn="Elsewhere")
    of_journal = site.run("apply_plan", check=True, undo_journal=site.journal)
    assert of_journal["failed"] and "2 changes are not undone. First: u2 (Plan Married)" in of_journal["msg"], of_journal["msg"]
    of_plan = site.apply(check=True, src=site.undo)
    assert {name: of_journal[name] for name in ("digest", "left_out", "diff")} == {name: of_plan[name] for name in ("digest", "left_out", "diff")}
    undone = site.apply(src=site.undo)
    assert undone["failed"] and {entry["key"] for entry in undone["left_out"]} == {"u2"}, "what is left out is a failure to be read"
    kept = ("dn", "userAccountControl", "title", "memberOf", "sn", "displayName", "adminDescription", "extensionName")
    for key in ("u0", "u1"):
        now = read(f"(employeeID={key})")
        assert {name: now.get(name) for name in kept} == {name: before[key].get(name) for name in kept}
    assert read("(employeeID=u2)")["sn"] == ["Elsewhere"], "what changed since is left alone"


def test_a_journal_that_was_touched_is_not_undone(site, read):
    staff = people("j", 1)
    site.sync(staff)
    site.sync([staff[0] | {"title": "Head"}], journal=site.journal, plan_key="one")
    path = Path(site.journal)
    path.write_text(path.read_text(encoding="utf-8").replace('"Clerk"', '"Domain Admin"'), encoding="utf-8")
    assert "Domain Admin" in path.read_text(encoding="utf-8")
    refused = site.run("apply_plan", undo_journal=site.journal, plan_key="one")
    assert "line 1: the journal was changed after it was made" in refused["msg"] and not refused["writes"]
    assert "the key is not given" in site.run("apply_plan", undo_journal=site.journal)["msg"]
    assert read("(employeeID=j0)")["title"] == ["Head"]
    path.write_text(path.read_text(encoding="utf-8").replace('"Domain Admin"', '"Clerk"'), encoding="utf-8")
    assert not site.run("apply_plan", undo_journal=site.journal, plan_key="one").get("failed")
    assert read("(employeeID=j0)")["title"] == ["Clerk"]


def test_a_deleted_account_comes_back(clean, site, read):
    staff = people("g", 1)
    site.sync(staff)
    gone = [staff[0] | {"end": "2026-01-01"}]
    leaver = RULES["leaver"] | {"delete_after_days": 30}
    site.sync(gone, as_of="2026-01-10")
    account = read("(employeeID=g0)")
    deleted = site.sync(gone, as_of="2026-04-01", leaver=leaver, undo_dest=site.undo)
    assert deleted["summary"]["changes"] == {"delete": 1} and read("(employeeID=g0)") is None
    refused = site.apply(src=site.undo)
    assert refused["writes"] == [], "the account of the run may not bring deleted objects back"
    undone = site.apply(src=site.undo, directory=site.administrator)
    assert not undone.get("failed"), undone["msg"]
    back = read("(employeeID=g0)")
    for name in ("dn", "objectGUID", "sAMAccountName", "title", "displayName", "adminDescription", "extensionName"):
        assert back[name] == account[name], name


def test_risk_waits_in_a_plan_of_its_own(clean, site, read):
    staff = people("r", 4)
    site.sync(staff)
    changed = [staff[0] | {"title": "Head"}, *(person | {"end": "2026-01-01"} for person in staff[1:])]
    held = str(site.folder / "held.json")
    done = site.sync(changed, risk={"more_than": {"disable": 2}, "hold": True}, held_plan_dest=held, plan_dest=site.plan, journal=site.journal)
    shown, states = site.report()
    assert "changes were applied: 9 not attempted." in shown["msg"] and states[("r0", "update")] == "applied", shown
    assert states[("r1", "disable")] == states[("r2", "move")] == "not attempted"
    assert done["held"] == 9 and read("(employeeID=r0)")["title"] == ["Head"] and read("(employeeID=r1)")["userAccountControl"] == ["512"]
    assert all(change["risks"] == ["many: 3 disable, more than 2"] for change in json.loads((site.folder / "held.json").read_text())["changes"])
    applied = site.apply(src=held, approved_digest=done["held_digest"])
    assert not applied.get("failed") and read("(employeeID=r1)")["userAccountControl"] == ["514"]
    assert site.sync(changed, risk={"more_than": {"disable": 2}, "hold": True})["writes"] == []


def test_the_approved_plan_goes_through_its_limits_and_no_other(site, read):
    staff = people("l", 5)
    stopped = site.sync(staff, limits={"create": {"count": 2}})
    assert stopped["failed"] and stopped["writes"] == [] and f"approved_digest={stopped['digest']}" in stopped["msg"]
    other = site.sync(staff[:4], limits={"create": {"count": 2}}, approved_digest=stopped["digest"])
    assert other["failed"] and other["writes"] == [] and "not the approved plan" in other["msg"]
    assert not site.sync(staff, limits={"create": {"count": 2}}, approved_digest=stopped["digest"]).get("failed")
    assert read("(employeeID=l4)")
    churn = site.sync([person | {"title": "All New"} for person in staff], limits={"attributes": {"title": {"count": 3}}})
    assert churn["failed"] and "accounts would get another title" in churn["msg"] and churn["writes"] == []


def test_a_feed_that_is_not_like_the_last_one(site):
    guard = {"file": str(site.folder / "shape.json"), "fewer": 10}
    staff = people("f", 10)
    assert not site.sync(staff, guard=guard).get("failed")
    for odd, words in ((staff[:8], "8 employees, the last time 10"), ([{**person, "title": 7} for person in staff], "'title' is number"),
                       ([{name: value for name, value in person.items() if name != "manager"} for person in staff], "no employee has the field"),
                       ([person | {"title": None} for person in staff], "'title' is empty for 100%")):
        for check in (True, False):
            stopped = site.sync(odd, check=check, guard=guard)
            assert stopped["failed"] and words in stopped["msg"] and stopped["writes"] == []
    assert not site.sync(staff[:8], guard=guard | {"accept": True}).get("failed")
    assert not site.sync(staff[:8], guard=guard).get("failed"), "the shape was learnt"


def test_canaries_and_faults_of_the_whole(clean, site, read):
    staff = people("c", 30)
    done = site.sync(staff, canary=3)
    assert not done.get("failed") and done["applied"] == 60
    forbidden = [person | {"title": "Head"} for person in staff]
    reader = {"name": "reader9", "sam_account_name": "reader9", "path": STAFF, "password": "Only-Reads-42", "upn": "reader9@corp.example"}
    made = site.run("user", directory=site.administrator, **reader)
    assert made.get("changed"), made
    stopped = site.sync(forbidden, stop={"first": 5}, directory=site.reading, plan_dest=site.plan, journal=site.journal)
    assert stopped["failed"] and stopped["refused_total"] == 60 and "were all refused alike" in json.dumps(stopped["refused"])
    assert len([entry for entry in stopped["refused"] if entry["status"] == "refused"]) <= 5 + 16, "no more than were under way"
    shown, states = site.report()
    assert set(states.values()) == {"refused", "skipped"} and "unknown" not in shown["msg"], shown
    assert all(states[(entry["key"], entry["action"])] == entry["status"] for entry in stopped["refused"])


def test_the_audit_names_no_value(site):
    audit = site.folder / "audit.jsonl"
    site.sync([employee("w1", "Sec", "Ret", title="Spy Master")], audit=str(audit))
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    assert [line.get("action") for line in lines] == [None, "create", "group_add"] and {line["result"] for line in lines[1:]} == {"applied"}
    assert "Spy Master" not in audit.read_text() and all(line["who"] and line["plan"].startswith("sha256:") for line in lines)


def test_evidence_of_who_approved_and_how_long_a_leaver_had_access(site):
    audit = str(site.folder / "evidence.jsonl")
    staff = [employee("x1", "Evi", "Dence"), employee("x2", "Evi", "Stays")]
    site.sync(staff, audit=audit)
    left = [staff[0] | {"end": "2026-01-31"}, staff[1]]
    planned = site.sync(left, check=True, plan_dest=site.plan)
    given = {"approved_digest": planned["digest"], "approved_by": "Grace Hopper", "approval_ticket": "CHG-42", "audit": audit, "journal": site.journal}
    assert "approval" not in site.apply(check=True, **given) and planned["digest"] not in (site.folder / "evidence.jsonl").read_text()
    done = site.apply(**given)
    assert not done.get("failed") and done["approval"] == {"digest": planned["digest"], "by": "Grace Hopper", "ticket": "CHG-42"}, done
    page = run_module(site.folder, "plan_report", src=site.plan, journal=site.journal, dest=str(site.folder / "page.html"))
    assert not page.get("failed") and "Grace Hopper" in (site.folder / "page.html").read_text() and "CHG-42" in (site.folder / "page.html").read_text()
    report = run_module(site.folder, "audit_info", src=audit, dest=str(site.folder / "access.html"))
    assert not report.get("failed") and [(one["by"], one["digest"]) for one in report["approvals"]] == [("Grace Hopper", planned["digest"])], report
    (leaver,) = report["leavers"]
    assert leaver["key"] == "x1" and leaver["access_ends"] == "2026-02-01T00:00:00+00:00" and leaver["minutes"] > 0
    with open(audit, "r+", encoding="utf-8") as file:
        text = file.read().replace("Grace Hopper", "Ada Lovelace")
        file.seek(0)
        file.write(text)
    changed = run_module(site.folder, "audit_info", src=audit)
    assert changed["failed"] and "was changed" in changed["msg"] and len(changed["problems"]) == 1
