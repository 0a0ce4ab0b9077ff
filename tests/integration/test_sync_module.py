"""The module sync through its real main(): what stops it, what stops one person, and what the domain controller saw."""
from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
import sys
import time

import ldap3
import pytest
from module_process import one_source

STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"
RULES = {
    "source": "test",
    "as_of": "2026-03-02",
    "mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}", "title": "title",
                "manager": {"employee": "manager", "field": "number"}},
    "naming": {"candidates": ["{ascii(givenName)}.{ascii(sn)}", "{ascii(givenName)}"],
               "attributes": {"sAMAccountName": "{lower(name)}", "userPrincipalName": "{lower(name)}@corp.example", "cn": "{displayName}"}},
    "placement": [{"ou": STAFF}],
    "groups": [{"groups": ["All Staff"]}, {"groups": ["Managers"], "when": "title == 'Head'"}],
    "dates": {"start": "start", "end": "end"},
    "leaver": {"groups": "remove_managed", "move_to": LEAVERS},
}


def employee(number, first="Ann", last="Lee", **more):
    return {"number": str(number), "first": first, "last": last, "title": "Clerk", "manager": None, "start": "2020-01-01", "end": None} | more


@pytest.fixture
def sync(clean, module, service):
    """sync(employees, **options) -> the module's result, with "writes" as the domain controller saw them."""
    def run(employees, check=False, **options):
        mark = clean.mark()
        result = module("sync", check=check, employees=employees, **({"directory": service} | copy.deepcopy(RULES) | options))
        return result | {"writes": clean.writes_since(mark)}
    return run


def test_check_do_again(clean, sync, read):
    staff = [employee(1, manager="2"), employee(2, "Bo", "Ek", title="Head", manager="3"), employee(3, "Cy", "Oh")]
    checked = sync(staff, check=True)
    assert checked["changed"] and checked["writes"] == [] and read("(employeeID=1)") is None
    done = sync(staff)
    assert done["changed"] and done["diff"] == checked["diff"] and done["summary"] == checked["summary"]
    ann = read("(employeeID=1)")
    assert ann["dn"] == [f"CN=Ann Lee,{STAFF}"] and ann["sAMAccountName"] == ["ann.lee"] and ann["userPrincipalName"] == ["ann.lee@corp.example"]
    assert ann["manager"] == [f"CN=Bo Ek,{STAFF}"] and read("(employeeID=2)")["manager"] == [f"CN=Cy Oh,{STAFF}"]
    assert sorted(read("(employeeID=2)")["memberOf"]) == [f"CN={name},OU=Groups,DC=corp,DC=example" for name in ("All Staff", "Managers")]
    assert int(ann["pwdLastSet"][0]) > 0, "the account has a password"
    again = sync(staff)
    assert not again["changed"] and again["writes"] == [] and again["diff"] == []
    gone = [employee(1, manager="2", end="2026-03-01"), *staff[1:]]
    assert sync(gone)["summary"]["changes"] == {"disable": 1, "group_remove": 1, "move": 1}
    ann = read("(employeeID=1)")
    assert ann["dn"] == [f"CN=Ann Lee,{LEAVERS}"] and ann["userAccountControl"] == ["514"] and "memberOf" not in ann
    assert sync(gone)["writes"] == []
    assert sync(staff)["summary"]["changes"] == {"enable": 1, "group_add": 1, "move": 1}
    assert read("(employeeID=1)")["userAccountControl"] == ["512"]


@pytest.mark.parametrize("check", [True, False])
def test_limits_stop_the_run_before_the_first_write(clean, sync, read, check):
    staff = [employee(number, "Lim", f"It{number}") for number in range(100, 110)]
    sync(staff)
    gone = [person | {"end": "2026-01-01"} for person in staff]
    stopped = sync(gone, check=check, limits={"disable": {"count": 9}})
    assert stopped["failed"] and not stopped["changed"] and stopped["writes"] == []
    assert "nothing was written" in stopped["msg"] and "10 of 1" in stopped["msg"] and "at most 9 are allowed" in stopped["msg"]
    assert len(stopped["diff"]) >= 10, "what would have been done is still shown"
    halved = sync(staff[:5], check=check, limits={"absent": {"percent": 10}})
    assert halved["failed"] and "absent from the feed" in halved["msg"] and halved["writes"] == []
    assert read("(employeeID=109)")["userAccountControl"] == ["512"]


@pytest.mark.parametrize(("change", "words"), [
    ({"mapping": RULES["mapping"] | {"title": "titel"}}, ["mapping.title", "no employee has the field 'titel'", "Did you mean 'title'"]),
    ({"mapping": RULES["mapping"] | {"title": "lowre(title)"}}, ["mapping.title", "unknown function 'lowre'", "Did you mean 'lower'"]),
    ({"mapping": RULES["mapping"] | {"title": {"from": "title", "tabel": {}}}}, ["mapping.title", "unknown option 'tabel'", "Did you mean 'table'"]),
    ({"mapping": RULES["mapping"] | {"title": "title ||"}}, ["mapping.title", "does not parse"]),
    ({"mapping": RULES["mapping"] | {"extensionAttribute1": "title"}}, ["mapping.extensionAttribute1", "no attribute", "Exchange"]),
    ({"mapping": RULES["mapping"] | {"whenChanged": "title"}}, ["mapping.whenChanged", "the directory itself writes"]),
    ({"naming": RULES["naming"] | {"candidats": []}}, ["candidats", "naming"]),
    ({"limits": {"disabel": {"count": 1}}}, ["disabel", "limits"]),
    ({"groups": [{"groups": ["All Stuff"]}]}, ["groups[0].groups", "'All Stuff' does not exist", "All Staff"]),
    ({"groups": [{"groups": ["Domain Admins"]}]}, ["groups[0].groups", "is privileged"]),
    ({"placement": [{"ou": "OU=Nowhere,DC=corp,DC=example"}]}, ["placement[0].ou", "OU=Nowhere,DC=corp,DC=example does not exist"]),
    ({"leaver": {"move_to": "OU=Nowhere,DC=corp,DC=example"}}, ["leaver.move_to", "does not exist"]),
    ({"as_of": "yesterday"}, ["as_of", "'yesterday'"]),
])
def test_wrong_rules_are_one_clear_message(sync, change, words):
    result = sync([employee(200, "Bad", "Rule")], **change)
    assert result["failed"] and result["writes"] == [] and "Traceback" not in json.dumps(result)
    assert all(word in result["msg"] for word in words), result["msg"]


@pytest.mark.parametrize(("change", "words"), [
    ({"password": "Not-It-1!"}, ["svc-hris@corp.example", "refused", "password"]),
    ({"username": "nobody@corp.example"}, ["nobody@corp.example"]),
    ({"ca_cert": "/etc/ssl/certs/ca-certificates.crt"}, ["certificate"]),
    ({"servers": ["127.0.0.99"]}, ["127.0.0.99"]),
    ({"base": "nonsense"}, ["nonsense"]),
])
def test_a_directory_that_cannot_be_used(clean, module, service, change, words):
    result = module("sync", employees=[employee(201)], directory=service | change, **RULES)
    assert result["failed"] and clean.service_password not in json.dumps(result) and "Traceback" not in json.dumps(result)
    assert all(word.lower() in result["msg"].lower() for word in words), result["msg"]


def test_an_empty_feed_is_a_broken_one(sync, module, service, tmp_path):
    assert "has no employee" in sync([])["msg"]
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"number": "1"}\n{"number"', encoding="utf-8")
    result = module("sync", src=str(feed), directory=service, **RULES)
    assert result["failed"] and "feed.jsonl, line 2" in result["msg"]
    assert sync([], allow_empty=True)["writes"] == []


def test_bad_records_stop_one_person_each(clean, sync, read, module):
    module("user", name="Twin One", path=STAFF, sam_account_name="twin.one", attributes={"set": {"employeeID": ["305"]}})
    module("user", name="Twin Two", path=STAFF, sam_account_name="twin.two", attributes={"set": {"employeeID": ["305"]}})
    result = sync([
        employee(300, "Good", "One"), employee("", "No", "Key"), employee(301, "Same", "Key"), employee(301, "Other", "Kee"),
        employee(302, "Long", "Title", title="x" * 129), employee(303, "Bad", "Date", start="1.2.2020"), employee(304, "Late", "End", end="2019-01-01"),
        employee(305, "Two", "Accounts"), employee("3" * 17, "Long", "Key"),
    ], limits={"held": {"percent": 100}})
    assert not result.get("failed") and result["changed"] and read("(employeeID=300)")
    found = {(entry["kind"], entry["key"]): entry["message"] for entry in result["findings"]}
    assert "record 2" in found["missing_key", None]
    assert "different given and family names" in found["held", "301"]
    assert "mapping.title: title takes at most 128 characters, not 129" in found["value_refused", "302"] and "title" not in read("(employeeID=302)")
    assert "'1.2.2020' is not a date" in found["held", "303"]
    assert "end date 2019-01-01 is before the start date" in found["held", "304"]
    assert "CN=Twin One" in found["duplicate_account", "305"] and "CN=Twin Two" in found["duplicate_account", "305"]
    assert "mapping.employeeID: employeeID takes at most 16" in found["held", "3" * 17]
    assert all(read(f"(employeeID={number})") is None for number in (301, 303, 304))
    assert "userPrincipalName" not in read("(sAMAccountName=twin.one)")


def test_a_refused_write_is_one_persons_and_the_task_fails_at_the_end(clean, sync, read, service, directory):
    tls = ldap3.Tls(ca_certs_file=clean.ca_file)
    admin = ldap3.Connection(ldap3.Server(f"ldaps://{clean.address}", tls=tls), clean.admin_name, clean.admin_password, auto_bind=True)
    # an object that no rule can know of has the name: a computer in the same OU
    assert admin.add(f"CN=Taken Name,{STAFF}", ["top", "computer"], {"sAMAccountName": "TAKENNAME$"}), admin.result
    admin.unbind()
    result = sync([employee(400, "Taken", "Name"), employee(401, "Free", "Name", manager="400")])
    assert result["failed"] and result["changed"] and read("(employeeID=401)") and read("(employeeID=400)") is None
    assert "changes were not or not wholly made" in result["msg"]
    refused = {(entry["key"], entry["action"]): entry for entry in result["refused"]}
    assert refused["400", "create"]["status"] == "refused" and "exists" in refused["400", "create"]["message"]
    assert refused["400", "group_add"]["status"] == "skipped"
    assert "manager not written" in refused["401", "create"]["message"]


def test_accounts_that_are_nobodys_to_touch(clean, sync, read, module):
    module("user", name="Boss Admin", path=STAFF, sam_account_name="boss.admin", attributes={"set": {"employeeID": ["500"]}})
    with ldap3.Connection(ldap3.Server(f"ldaps://{clean.address}", tls=ldap3.Tls(ca_certs_file=clean.ca_file)), clean.admin_name,
                          clean.admin_password, auto_bind=True) as connection:
        assert connection.modify("CN=Domain Admins,CN=Users,DC=corp,DC=example", {"member": [(ldap3.MODIFY_ADD, [f"CN=Boss Admin,{STAFF}"])]})
    module("user", name="Other Source", path=STAFF, sam_account_name="other.source", enabled=True, password="Other-Source-1!",
           attributes={"set": {"employeeID": ["501"], "adminDescription": ["hris.ad source=other state=active"]}})
    module("user", name="By Hand", path=STAFF, sam_account_name="by.hand", enabled=False,
           attributes={"set": {"employeeID": ["502"], "adminDescription": ["hris.ad source=test state=active"], "givenName": ["By"], "sn": ["Hand"],
                               "displayName": ["By Hand"], "title": ["Clerk"]}}, groups={"add": ["All Staff"]})
    result = sync([employee(500, "Boss", "Admin", end="2021-01-01"), employee(501, "Other", "Source", end="2021-01-01"), employee(502, "By", "Hand")])
    assert result["writes"] == [] and not result["changed"]
    assert {(entry["key"], entry["kind"]) for entry in result["findings"] if entry["kind"] != "absent"} == {
        ("500", "protected"), ("500", "has_left"), ("501", "other_source"), ("501", "has_left"), ("502", "disabled_by_hand")}


def test_plan_file_and_bounded_result(module, service, tmp_path):
    staff = [employee(number, "Plan", f"File{number}", title="t" * 120) for number in range(2000, 4000)]
    plan = tmp_path / "plan.json"
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps(person) + "\n" for person in staff), encoding="utf-8")
    result = module("sync", check=True, src=str(feed), plan_dest=str(plan), report_limit=5000, directory=service, **RULES)
    assert oct(os.stat(plan).st_mode & 0o777) == "0o600"
    written = json.loads(plan.read_text(encoding="utf-8"))
    assert sum(entry["action"] == "create" for entry in written["changes"]) == 2000 and written["domain"]["name"] == "corp.example"
    assert len(json.dumps(result)) < 500_000 and "more accounts" in result["diff"][-1]["after"]
    assert "password" not in json.dumps(written).lower().replace("userpassword", "")


def binds(domain, mark):
    return sum(bind["account"] == "svc-hris" for bind in domain.binds_since(mark))


def test_a_thousand_people_in_one_task_with_one_bind(clean, sync, service):
    clean.reset()
    staff = [employee(10_000 + number, f"First{number % 40}", f"Last{number}", manager="10000" if number else None) for number in range(1000)]
    mark = clean.mark()
    done = sync(staff)
    assert not done.get("failed") and done["summary"]["changes"] == {"create": 1000, "group_add": 1000}
    assert binds(clean, mark) == 1
    assert len(clean.search("(adminDescription=hris.ad source=test*)", ["cn"])) == 1000
    assert len(done["writes"]) <= 2 * 1000 + 2, "at most two writes a person and one a batch of members"
    mark = clean.mark()
    again = sync(staff)
    assert not again["changed"] and again["writes"] == [] and binds(clean, mark) == 1
    assert len(clean.searches_since(mark)) < 20, "pages, never one search a person"


def test_a_run_that_is_killed_is_finished_by_the_next(clean, sync, service, tmp_path):
    clean.reset()
    staff = [employee(20_000 + number, "Kill", f"Me{number}", manager="20000" if number else None) for number in range(150)]
    arguments = tmp_path / "arguments.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": one_source(RULES | {"employees": staff, "directory": service})}), encoding="utf-8")
    running = subprocess.Popen([sys.executable, "-m", "ansible_collections.hris.ad.plugins.modules.sync", str(arguments)],
                               env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not 20 <= len(clean.search("(employeeID=20*)", ["cn"])) < 150 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 20 <= len(clean.search("(employeeID=20*)", ["cn"])) < 150, "it was killed in the middle"
    assert not sync(staff).get("failed")
    found = clean.search("(employeeID=20*)", ["employeeID", "manager", "memberOf", "pwdLastSet"])
    assert len(found) == len({entry["attributes"]["employeeID"][0] for entry in found}) == 150
    assert all(entry["attributes"]["memberOf"] and entry["attributes"]["pwdLastSet"] != ["0"] for entry in found)
    assert sum("manager" in entry["attributes"] for entry in found) == 149
    assert sync(staff)["writes"] == []


def test_named_expressions_the_day_and_silenced_findings(clean, sync, read):
    """A group for the first two weeks: given and taken by the day of the run, although nothing changes in HR."""
    rules = {"source": "named", "definitions": {"known_as": "nick || first", "day": "date_diff(date(start), today('Australia/Sydney'), 'days')", "is_new": "day() >= `0` && day() < `14`"},
             "mapping": {**RULES["mapping"], "givenName": "known_as()", "displayName": "{known_as()} {last || ''}"},
             "groups": [{"groups": ["All Staff"]}, {"groups": ["Managers"], "when": "is_new()"}],
             "silenced": [{"kind": "reference", "only": ["n1"], "until": "2026-03-31", "reason": "external manager"}]}
    staff = [employee("n1", nick="Annie", start="2026-03-02", manager="99"), employee("n2", "Bo", "Ek", nick=None)]
    groups = lambda key: sorted(dn.split(",")[0] for dn in read(f"(employeeID={key})").get("memberOf", []))  # noqa: E731
    checked = sync(staff, check=True, **rules)
    done = sync(staff, **rules)
    assert checked["writes"] == [] and done["diff"] == checked["diff"]
    assert read("(employeeID=n1)")["dn"] == [f"CN=Annie Lee,{STAFF}"] and groups("n1") == ["CN=All Staff", "CN=Managers"] and groups("n2") == ["CN=All Staff"]
    assert [(one["kind"], one["severity"]) for one in done["findings"]] == [("silenced", "info")]
    explained = sync(staff, explain="n1", **rules)["explanation"]
    assert {one["definition"]: one["value"] for one in explained["definitions"]} == {"known_as": "Annie", "day": 0, "is_new": True}
    assert not (again := sync(staff, **rules))["changed"] and again["writes"] == []
    later = sync(staff, as_of="2026-03-16", **rules)
    assert later["summary"]["changes"] == {"group_remove": 1} and groups("n1") == ["CN=All Staff"]
