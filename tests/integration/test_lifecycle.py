"""What only a real domain controller can tell of the lifecycle: records, scrambling, deletion, expiry, aliases; with few rights."""
from __future__ import annotations

import base64
import copy
import json
import os
import subprocess
from datetime import date

import pytest

STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"
ALL_STAFF, CHESS = (f"CN={name},OU=Groups,DC=corp,DC=example" for name in ("All Staff", "ERP Users"))
RULES = {
    "source": "test",
    "mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}"},
    "naming": {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "rename": ["cn", "sAMAccountName", "mail"],
               "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}},
    "placement": [{"ou": STAFF}],
    "groups": [{"groups": ["All Staff"]}],
    "dates": {"start": "start", "end": "end", "leave_start": "away", "leave_end": "back"},
    "joiner": {"create_days_before": 5},
    "leave": {"account": "disable"},
    "leaver": {"groups": "remove_all", "move_to": LEAVERS, "attributes": {"description": "Left {end}"}, "scramble_password": True,
               "account_expires": True, "delete_after_days": 30},
    "rehire": {"restore": [{"within_days": 10, "what": "groups"}]},
    "absent": {"grace_days": 3, "action": "disable"},
}


def employee(number="1", last="Lee", **more):
    return {"number": number, "first": "Ann", "last": last, "start": "2020-01-01", "end": None, "away": None, "back": None} | more


@pytest.fixture
def sync(clean, module, service):
    """sync(as_of, employee, …) -> the actions of a run, which a second run follows with no write at all."""
    def run(as_of, *employees, **options):
        given = {"directory": service, "as_of": as_of, "employees": list(employees), "allow_empty": True} | copy.deepcopy(RULES) | options
        result = module("sync", **given)
        assert not result.get("failed"), result["msg"]
        mark = clean.mark()
        again = module("sync", **given)
        assert not again["changed"] and clean.writes_since(mark) == [], again["diff"]
        return result["summary"]["changes"]
    return run


def binds(domain, name, password):
    """Whether somebody can log on with the password."""
    command = ["ldapsearch", "-x", "-H", domain.url, "-D", name, "-w", password, "-s", "base", "-b", "", "1.1"]
    return subprocess.run(command, env={**os.environ, **domain.environment()}, capture_output=True, check=False).returncode == 0


def test_a_life(clean, sync, module, read):
    def account():
        return read("(employeeID=1)")

    assert sync("2026-03-01", employee(start="2026-03-10")) == {}
    assert sync("2026-03-05", employee(start="2026-03-10")) == {"create": 1, "group_add": 1}
    assert account()["userAccountControl"] == ["514"] and account()["adminDescription"] == ["hris.ad source=test state=prepared"]
    assert sync("2026-03-10", employee(start="2026-03-10")) == {"enable": 1}
    guid = account()["objectGUID"]
    module("user", identity="ann.lee", groups={"add": ["ERP Users"]}, password="Known-Before-1!", update_password="always")
    assert binds(clean, "CORP\\ann.lee", "Known-Before-1!")
    assert sync("2026-04-01", employee(away="2026-04-01", back="2026-04-10")) == {"disable": 1}
    assert account()["adminDescription"] == ["hris.ad source=test state=leave"]
    assert sync("2026-04-11", employee(away="2026-04-01", back="2026-04-10")) == {"enable": 1}
    assert sync("2026-05-01", employee(last="Moe")) == {"rename": 1, "update": 1}
    assert account()["proxyAddresses"] and set(account()["proxyAddresses"]) == {"SMTP:ann.moe@example.com", "smtp:ann.lee@example.com"}
    assert account()["dn"] == [f"CN=Ann Moe,{STAFF}"] and account()["sAMAccountName"] == ["ann.moe"]
    leaving = employee(last="Moe", end="2026-06-30")
    assert sync("2026-06-01", leaving) == {"update": 1}
    assert account()["accountExpires"] == [str((date(2026, 7, 1) - date(1601, 1, 1)).days * 864_000_000_000)]
    known = account()["pwdLastSet"]
    changed = sync("2026-07-05", leaving)
    assert changed == {"disable": 1, "group_remove": 2, "move": 1, "update": 1}
    gone = account()
    assert gone["adminDescription"] == ["hris.ad source=test state=disabled since=2026-07-01"] and gone["description"] == ["Left 2026-06-30"]
    assert gone["pwdLastSet"] > known, "scrambled"
    assert "memberOf" not in gone and sum("group=" in text for text in gone["extensionName"]) == 2 and gone["dn"] == [f"CN=Ann Moe,{LEAVERS}"]
    back = employee(last="Moe", start="2026-07-08")
    assert sync("2026-07-08", back) == {"enable": 1, "group_add": 2, "move": 1, "update": 2}
    here = account()
    assert sorted(here["memberOf"]) == [ALL_STAFF, CHESS] and here["objectGUID"] == guid and "description" not in here
    assert [text.partition("=")[0] for text in here["extensionName"]] == ["hris.ad given"]
    assert here["accountExpires"] in (["9223372036854775807"], ["0"])
    last = employee(last="Moe", end="2026-08-31")
    sync("2026-09-01", last)
    assert sync("2026-09-30", last) == {}
    assert sync("2026-10-01", last) == {"delete": 1}
    assert account() is None


def test_the_former_password_is_worth_nothing_after_an_enabling(clean, sync, module, read):
    """A domain controller takes the last password but one for an hour (OldPasswordAllowedPeriod)."""
    person, known = employee("7", "Former"), "Known-Before-1!"
    sync("2026-03-01", person)
    module("user", identity="7", identity_attribute="employeeID", password=known, update_password="always")
    dn = read("(employeeID=7)")["dn"][0]
    assert binds(clean, dn, known)
    mark = clean.mark()
    assert sync("2026-03-10", person | {"end": "2026-03-05"})["disable"] == 1
    of_account = [write["operation"] for write in clean.writes_since(mark) if write["operation"] == "modify" and "unicodePwd" in write["attributes"]]
    assert len(of_account) == 2, "the mark and the first one in one write, then the second one"
    gone = read("(employeeID=7)")["dn"][0]
    module("user", identity=gone, enabled=True, state="updated")
    assert read("(employeeID=7)")["userAccountControl"] == ["512"] and not binds(clean, gone, known)
    module("user", identity=gone, state="absent")


def test_who_gave_a_group(clean, sync, module, read):
    """By hand, then by a rule, then a move: it stays. By a rule, then a move: it is taken. A leaver loses both, and a rehire gets both sorts back."""
    def groups():
        return sorted(dn.partition(",")[0][3:] for dn in read("(employeeID=1)").get("memberOf", ()))

    def notes():
        return {text.partition("=")[0].removeprefix("hris.ad "): text.count(",") + 1 for text in read("(employeeID=1)")["extensionName"] if "group=" not in text}

    def rules(*more):
        return {"groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "team == 'Finance'"}, *more], "leaver": {"groups": "remove_managed"}}

    before, after = rules(), rules({"groups": ["ERP Users"], "when": "team == 'Finance'"}, {"groups": ["Sales"], "when": "team == 'Sales'"})
    sync("2026-03-01", employee(team="Finance"), **before)
    module("user", identity="ann.lee", groups={"add": ["ERP Users"]})
    assert sync("2026-03-02", employee(team="Finance"), **before) == {}
    assert sync("2026-03-03", employee(team="Finance"), **after) == {"update": 1} and notes() == {"given": 2, "found": 1}
    moved = sync("2026-03-04", employee(team="Sales"), **after)
    assert moved == {"update": 1, "group_add": 1, "group_remove": 1}
    assert groups() == ["All Staff", "ERP Users", "Sales"] and notes() == {"given": 2, "found": 1}
    sync("2026-03-06", employee(team="Sales", end="2026-03-05"), **after)
    assert groups() == [], "a leaver loses them, whoever gave them"
    sync("2026-03-08", employee(team="Finance", start="2026-03-08"), **after)
    assert groups() == ["All Staff", "ERP Users", "Finance"] and notes() == {"given": 2, "found": 1}
    module("user", identity="ann.lee", state="absent")


def test_who_gave_a_group_and_the_undo(clean, sync, module, read, tmp_path):
    names = {"All Staff", "Finance", "Sales", "ERP Users"}
    rules = {"groups": [{"groups": ["All Staff"]}, {"groups": ["Finance", "ERP Users"], "when": "team == 'Finance'"}, {"groups": ["Sales"], "when": "team == 'Sales'"}]}
    sync("2026-03-01", employee(team=None), **rules)
    module("user", identity="ann.lee", groups={"add": ["ERP Users"]})
    sync("2026-03-02", employee(team="Finance"), **rules)
    before = read("(employeeID=1)")
    undo = str(tmp_path / "undo.json")
    given = {"as_of": "2026-03-03", "employees": [employee(team="Sales")]} | copy.deepcopy(RULES) | rules
    assert module("sync", **given, undo_dest=undo)["changed"]
    assert {name for name in names if any(name in dn for dn in read("(employeeID=1)")["memberOf"])} == {"All Staff", "ERP Users", "Sales"}
    assert module("apply_plan", src=undo)["changed"]
    again = read("(employeeID=1)")
    for name in ("memberOf", "extensionName"):
        assert sorted(again[name]) == sorted(before[name])
    assert sync("2026-03-04", employee(team="Finance"), **rules) == {}
    module("user", identity="ann.lee", state="absent")


def test_absent_then_locked_then_deleted_and_never_before(clean, sync, read):
    stays = employee("3", "Stay")
    sync("2026-03-01", stays, employee("2", "Gone"))
    assert sync("2026-03-02", stays) == {"update": 1}
    assert read("(employeeID=2)")["adminDescription"] == ["hris.ad source=test state=active absent=2026-03-02"]
    assert sync("2026-03-04", stays) == {}
    assert sync("2026-03-05", stays) == {"disable": 1, "group_remove": 1, "move": 1}
    assert sync("2026-04-03", stays) == {}
    assert sync("2026-04-04", stays) == {"delete": 1}
    assert read("(employeeID=2)") is None


def test_a_new_number_finds_the_former_account(clean, sync, read):
    ways = {"key": "employeeID", "relink": True, "fallbacks": [{"attribute": "displayName", "value": "{first} {last}"}]}
    sync("2026-03-01", employee("10", "Turn"), correlation=ways)
    guid = read("(employeeID=10)")["objectGUID"]
    sync("2026-03-10", employee("10", "Turn", end="2026-03-05"), correlation=ways)
    changes = sync("2026-03-12", employee("10", "Turn", end="2026-03-05"), employee("11", "Turn", start="2026-03-12"), correlation=ways)
    assert changes["enable"] == 1 and "create" not in changes
    assert read("(employeeID=11)")["objectGUID"] == guid and read("(employeeID=10)") is None


def test_a_missing_ou_is_created_by_who_may(clean, module, read):
    ou = "OU=Melbourne,OU=Cities,OU=Staff,DC=corp,DC=example"
    options = {"employees": [employee("40", "Ou")], "placement": [{"ou": ou, "create": True}]}
    rules = RULES | {"naming": RULES["naming"] | {"rename": ["cn"]}, "absent": {"action": "report"}}
    assert module("sync", **(rules | options | {"as_of": "2026-03-01"}))["summary"]["changes"] == {"create": 1, "create_ou": 2, "group_add": 1}
    assert read("(employeeID=40)")["dn"] == [f"CN=Ann Ou,{ou}"]
    assert not module("sync", **(rules | options | {"as_of": "2026-03-01"}))["changed"]


@pytest.fixture
def recipient(tmp_path):
    """(certificate, key) of whoever hands passwords over."""
    certificate, key = tmp_path / "recipient.pem", tmp_path / "recipient.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Service desk", "-keyout", str(key),
                    "-out", str(certificate)], check=True, capture_output=True)
    return str(certificate), str(key)


def opened(entry, key):
    done = subprocess.run(["openssl", "cms", "-decrypt", "-inform", "DER", "-inkey", key], input=base64.b64decode(entry["password"]),
                          capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("must_change", [False, True])
def test_a_rehire_gets_a_new_password_like_a_joiner(clean, sync, module, service, read, recipient, tmp_path, must_change):
    """Its lock has scrambled the old one."""
    certificate, key = recipient
    dest, number = tmp_path / "passwords.jsonl", f"6{int(must_change)}"
    options = {"passwords": {"certificate": certificate, "dest": str(dest)}, "joiner": {"must_change_password": must_change}, "absent": {"action": "report"},
               "kept_state": {"lasting": [str(tmp_path)]}}
    person = employee(number, f"Back{number}")
    sync("2026-03-01", person, **options)
    (first,) = map(json.loads, dest.read_text().splitlines())
    sync("2026-03-10", person | {"end": "2026-03-05"}, **options)
    assert len(dest.read_text().splitlines()) == 1, "the password of a lock is for nobody"
    changes = sync("2026-03-12", person | {"start": "2026-03-12"}, **options)
    assert changes["enable"] == 1
    again = json.loads(dest.read_text().splitlines()[1])
    account = read(f"(employeeID={number})")
    assert again["dn"] == account["dn"][0] and again["sAMAccountName"] == account["sAMAccountName"][0] == first["sAMAccountName"]
    assert again["key"] == number and opened(again, key) != opened(first, key)
    if must_change:
        assert account["pwdLastSet"] == ["0"] and account["userAccountControl"] == ["512"]
    else:
        assert binds(clean, f"CORP\\{again['sAMAccountName']}", opened(again, key))
        assert not binds(clean, f"CORP\\{again['sAMAccountName']}", opened(first, key))
    assert len(dest.read_text().splitlines()) == 2, "a second run makes none"


def test_initial_passwords_are_delivered_encrypted(clean, sync, read, recipient, tmp_path):
    certificate, key = recipient
    dest = tmp_path / "passwords.jsonl"
    delivery = {"length": 20, "classes": ["lower", "upper", "digits"], "certificate": certificate, "dest": str(dest)}
    lasting = {"lasting": [str(tmp_path)]}
    sync("2026-03-01", employee("20", "First"), employee("21", "Second"), passwords=delivery, kept_state=lasting)
    entries = {entry["key"]: entry for entry in map(json.loads, dest.read_text(encoding="utf-8").splitlines())}
    assert oct(dest.stat().st_mode & 0o777) == "0o600" and set(entries) == {"20", "21"}
    password = opened(entries["20"], key)
    assert len(password) == 20 and password.isalnum()
    assert entries["20"]["sAMAccountName"] == "ann.first" and binds(clean, "CORP\\ann.first", password)
    sync("2026-03-01", employee("20", "First"), employee("21", "Second"), employee("22", "Third"), passwords=delivery, kept_state=lasting,
         joiner={"must_change_password": True})
    assert len(dest.read_text(encoding="utf-8").splitlines()) == 3
    assert read("(employeeID=22)")["pwdLastSet"] == ["0"] and not binds(clean, "CORP\\ann.third", opened(entries["21"], key))


@pytest.mark.parametrize(("passwords", "words"), [
    ({"length": 8}, ["passwords.length"]),
    ({"classes": ["lower"]}, ["passwords.classes"]),
    ({"dest": "/tmp/x"}, ["passwords", "only one of certificate and dest"]),
    ({"certificate": "/nowhere", "dest": "/tmp/x"}, ["passwords.certificate", "/nowhere"]),
])
def test_wrong_delivery_stops_before_anything(clean, module, directory, passwords, words):
    mark = clean.mark()
    result = module("sync", employees=[employee("30", "No")], passwords=passwords, **RULES)
    assert result["failed"] and clean.writes_since(mark) == [] and all(word in result["msg"] for word in words), result["msg"]


def test_passwords_that_cannot_be_kept_stop_before_the_first_write(clean, module, recipient):
    mark = clean.mark()
    result = module("sync", employees=[employee("31", "No")], passwords={"certificate": recipient[0], "dest": "/nowhere/passwords"}, **RULES)
    assert result["failed"] and "/nowhere/passwords" in result["msg"] and clean.writes_since(mark) == []
