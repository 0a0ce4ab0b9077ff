"""Lock out before HR, on accounts that have everything: what is taken is saved, HR's runs leave it so, and lifting gives all of it back."""
from __future__ import annotations

import json
import re

import ldap3
import pytest
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_failover import dying  # noqa: F401  (the fixture)
from test_lifecycle import opened, recipient  # noqa: F401  (a fixture)
from test_moment_of_writing import ldap  # noqa: F401  (the fixture)
from test_sync_module import LEAVERS, RULES, STAFF, employee
from test_undo_of_actions import ERP, SALES, rich, state  # noqa: F401  (the fixtures)

PASSWORD = "Known-To-Ann-42!"
RULES_OF_LEAVERS = {"groups": "remove_all", "move_to": LEAVERS, "delete_after_days": 30}
WHO = {"reason": "Dismissed\ntoday, 100% + key=x", "ticket": "SEC-1", "asked_by": "grace"}


@pytest.fixture
def out(site):  # noqa: F811
    """out(who, check=…, lift=…, **more) -> the result of lock_out, or of lift_lock_out; the rules of the source can be replaced by `rules`."""
    def run(who, check=False, lift=False, rules=None, **more):
        source = {"source": "plans", "leaver": RULES_OF_LEAVERS, "groups": RULES["groups"]} | (rules or {})
        return site.run("lift_lock_out" if lift else "lock_out", check, **({"who": who, "sources": [source]} | WHO | more))
    return run


@pytest.fixture
def logs_on(clean):
    """logs_on(dn, password) -> whether an independent client can bind so, over TLS."""
    def bind(dn, password=PASSWORD):
        server = ldap3.Server(f"ldaps://{clean.address}", tls=ldap3.Tls(ca_certs_file=clean.ca_file))
        connection = ldap3.Connection(server, dn, password)
        try:
            return connection.bind()
        finally:
            connection.unbind()
    return bind


@pytest.fixture
def ann(rich, site, ldap, read):  # noqa: F811
    """ann(key) -> (her record, the records of others, her DN): a rich account with a password that she knows."""
    def make(key, **more):
        person, others = rich(key, title="Head", **more)
        dn = read(f"(employeeID={key})")["dn"][0]
        assert ldap.extend.microsoft.modify_password(dn, PASSWORD), ldap.result
        return person, others, dn
    return make


def follow(site, people, check=False, **more):  # noqa: F811
    return site.sync(people, check, leaver=RULES_OF_LEAVERS, limits={}, **more)


def timeless(diff):
    """A diff without the moment of the lock-out."""
    return re.sub(r"\d\d:\d\d:\d\dZ", "", json.dumps(diff))


def test_out_and_back(site, ann, out, logs_on, state, read):  # noqa: F811
    person, others, dn = ann("o1")
    staff, before = [person, *others], state("o1")
    assert follow(site, staff)["writes"] == [] and logs_on(dn) and len(before["memberOf"]) == 4
    predicted = out("o1", check=True)
    assert predicted["changed"] and predicted["writes"] == [] and logs_on(dn)

    done = out("o1", journal=site.journal, audit=str(site.folder / "audit.jsonl"))
    assert not done.get("failed") and timeless(done["diff"]) == timeless(predicted["diff"]) and done["not_done"] == [], done
    assert [write["operation"] for write in done["writes"]][0] == "modify" and "is locked out by grace since" in done["msg"]
    found = read("(employeeID=o1)")
    assert found["userAccountControl"] == ["66050"] and found["dn"] == [dn.replace(STAFF, LEAVERS)] and "memberOf" not in found
    assert not logs_on(found["dn"][0]), "the old password is worth nothing"
    assert "reason=Dismissed+today,+100%25+%2B+key=x ticket=SEC-1" in found["adminDescription"][0]
    saved = [text for text in found["extensionName"] if text.startswith("hris.ad group=")]
    assert len(saved) == 4 and {"one", "two"} < set(found["extensionName"])
    kept = {name: values for name, values in state("o1").items() if name not in ("memberOf", "dn")}
    changed = {name for name in kept if kept[name] != before.get(name)}
    assert changed == {"userAccountControl", "adminDescription", "extensionName", "distinguishedName"}, "all else is as it was"
    assert read("(employeeID=o1r)")["manager"] == found["dn"]
    audit = [json.loads(line) for line in (site.folder / "audit.jsonl").read_text().splitlines()]
    assert all("grace" in line["why"] and "SEC-1" in line["why"] for line in audit if line["event"] == "change") and PASSWORD not in str(audit)

    again = out("o1", reason="Another")
    assert not again["changed"] and again["writes"] == [] and again["locked_out"]["reason"].startswith("Dismissed"), again
    for people in (staff, [person | {"last": "Married", "title": "Boss"}, *others]):
        left = follow(site, people)
        assert left["writes"] == [] and left["summary"]["findings"]["locked_out"] == 1, left["findings"]
    (finding,) = [one for one in left["findings"] if one["kind"] == "locked_out"]
    assert "locked out by grace since 20" in finding["message"] and "Dismissed today" in finding["message"] and finding["key"] == "o1"

    assert out("o1", check=True, lift=True)["writes"] == []
    lifted = out("o1", lift=True, reason="It was Bo")
    assert not lifted.get("failed") and "a help desk has to reset it" in lifted["msg"], lifted
    assert out("o1", lift=True)["writes"] == []
    assert follow(site, staff)["summary"]["changes"] == {"move": 1}
    assert state("o1") == before
    assert follow(site, staff)["writes"] == []


def test_the_password_is_worth_nothing_and_nobody_enables_it_again(site, ann, out, logs_on, read):  # noqa: F811
    person, others, _dn = ann("p1")
    assert not out("p1")["not_done"]
    dn = read("(employeeID=p1)")["dn"][0]
    site.by_hand(dn, userAccountControl="512")
    assert not logs_on(dn), "the password was scrambled twice: a domain controller takes the last but one for an hour"
    site.run("user", identity="p1", identity_attribute="employeeID", state="updated", password=PASSWORD, update_password="always")
    assert logs_on(dn), "somebody has enabled it, with a password that is known"
    found = follow(site, [person, *others])
    assert found["summary"]["changes"] == {"disable": 1} and found["summary"]["findings"]["locked_out"] == 1 and not logs_on(dn)
    assert "open_access" not in found["summary"] or not found["summary"]["open_access"]
    refused = site.run("user", identity=dn, state="updated", enabled=True)
    assert refused["failed"] and "locked out by grace" in refused["msg"] and "lift_lock_out" in refused["msg"] and not refused["writes"]
    refused = site.run("user", identity=dn, state="updated", attributes={"set": {"userAccountControl": "512"}})
    assert refused["failed"] and not refused["writes"]
    assert not site.run("user", identity=dn, state="updated", title="Gone").get("failed"), "all else is possible"
    site.by_hand(dn, userAccountControl="512")
    kept = follow(site, [person, *others], actions=["update"])
    assert kept["summary"]["open_access"] == {"locked_out_enabled": 1} and "1 person is locked out and can still log on" in str(kept["warnings"]), kept


def test_a_new_password_is_delivered(site, ann, out, logs_on, read, recipient):  # noqa: F811
    certificate, key = recipient
    dest = site.folder / "passwords.jsonl"
    delivery = {"passwords": {"certificate": certificate, "dest": str(dest)}}
    _person, _others, _dn = ann("d1")
    out("d1")
    dn = read("(employeeID=d1)")["dn"][0]
    assert out("d1", check=True, lift=True, **delivery)["changed"] and not dest.exists()
    lifted = out("d1", lift=True, **delivery)
    assert not lifted.get("failed") and str(dest) in lifted["msg"], lifted
    (line,) = map(json.loads, dest.read_text().splitlines())
    assert line["key"] == "d1" and line["dn"] == dn and logs_on(dn, opened(line, key)) and not logs_on(dn)
    out("d1")
    out("d1", lift=True, rules={"joiner": {"must_change_password": True}}, **delivery)
    assert read(dn)["pwdLastSet"] == ["0"] and len(dest.read_text().splitlines()) == 2


def test_the_leaving_takes_over(site, ann, out, logs_on, read):  # noqa: F811
    """HR has the leaving weeks later: what is saved stays saved, and the days count from HR's last day."""
    person, others, _dn = ann("h1")
    out("h1")
    before = read("(employeeID=h1)")
    gone = [person | {"end": "2026-04-10"}, *others]
    assert follow(site, gone, as_of="2026-04-10")["writes"] == [], "the last day is still to come"
    taken = follow(site, gone, as_of="2026-04-20")
    assert taken["summary"]["changes"] == {"update": 1} and [one["kind"] for one in taken["findings"] if one["key"] == "h1"] == ["reports"]
    after = read("(employeeID=h1)")
    assert after["adminDescription"] == ["hris.ad source=plans state=disabled since=2026-04-11 password=scrambled"]
    assert after["extensionName"] == before["extensionName"] and after["dn"] == before["dn"]
    assert follow(site, gone, as_of="2026-05-10")["writes"] == []
    assert follow(site, gone, check=True, as_of="2026-05-11")["summary"]["changes"] == {"delete": 1}, "30 days after HR's last day"
    refused = out("h1", lift=True)
    assert not refused["changed"] and not refused["writes"] and "HR has the leaving" in refused["msg"]
    back = follow(site, [person, *others], as_of="2026-04-25", rehire={"restore": [{"within_days": 400, "what": "groups"}]})
    assert back["summary"]["changes"]["enable"] == 1 and back["summary"]["changes"]["group_add"] == 4
    assert not logs_on(read("(employeeID=h1)")["dn"][0]), "the scrambled password was replaced"
    assert "password: (random" in json.dumps(back["diff"])


def test_who_is_meant(site, ann, out, read):  # noqa: F811
    person, others, dn = ann("w1")
    account = read(dn)
    names = ["W1", account["sAMAccountName"][0], f"CORP\\{account['sAMAccountName'][0]}", account["userPrincipalName"][0], f" {account['userPrincipalName'][0]} "]
    site.by_hand(dn, mail="w1@mail.example")
    names += ["W1@mail.example"]
    for name in names:
        assert out(name, check=True)["account"]["key"] == "w1", name
    for name, words in {"w1x": "no account has", "*": "no account has", "w1)(objectClass=*": "no account has", "": "nobody is named", " ": "nobody"}.items():
        refused = out(name)
        assert refused["failed"] and words in refused["msg"] and refused["writes"] == [], refused
    site.by_hand(read("(employeeID=w1b)")["dn"][0], mail="w1@mail.example")
    refused = out("w1@mail.example")
    assert refused["failed"] and "2 accounts have" in refused["msg"] and refused["writes"] == []
    assert "Rich" not in refused["msg"] and "CN=" not in refused["msg"], "nothing of the others is told"


def test_who_is_never_changed(site, ann, out, ldap, read, directory):  # noqa: F811
    _person, _others, dn = ann("n1")
    site.by_hand(dn, adminCount="1")
    for check in (True, False):
        refused = out("n1", check=check)
        assert refused["failed"] and "adminCount" in refused["msg"] and "domain administrator" in refused["msg"] and refused["writes"] == []
    site.by_hand(dn, adminCount="0")
    for rules, words in (({"ownership": {"protected": [read(dn)["sAMAccountName"][0]]}}, "ownership.protected"),
                         ({"ownership": {"protected": ["ERP Users"]}}, "privileged group")):
        refused = out("n1", rules=rules)
        assert refused["failed"] and words in refused["msg"] and refused["writes"] == [], refused
    assert "domain administrator" in out("Administrator")["msg"] and "bound with it" in out("svc-hris")["msg"]
    other = out("n1", rules={"ownership": {"bases": ["OU=Contractors,DC=corp,DC=example"]}})
    assert other["failed"] and "ownership.bases" in other["msg"] and other["writes"] == []


def test_an_account_that_is_not_ours(site, out, read, logs_on):  # noqa: F811
    made = site.run("user", identity="stranger", path=STAFF, password=PASSWORD, groups={"add": ["Sales"]}, attributes={"set": {"employeeID": "s1"}})
    dn = made["distinguished_name"]
    assert logs_on(dn)
    refused = out("s1")
    assert refused["failed"] and "no mark" in refused["msg"] and "unowned" in refused["msg"] and refused["writes"] == []
    done = out("s1", unowned=True)
    assert not done.get("failed") and not logs_on(dn) and read(dn)["memberOf"] and "adminDescription" not in read(dn), done
    stays = follow(site, [employee("s1", "Str", "Anger")])
    assert read("(employeeID=s1)")["userAccountControl"] == ["514"] and stays["summary"]["findings"]["disabled_by_hand"] == 1
    assert not site.run("user", identity="stranger", state="absent").get("failed")


BROKEN = {
    "leaver": ({"leaver": {"groups": "remove_everything"}}, ["remove_everything", "groups", "move"]),
    "type": ({"leaver": "nonsense"}, ["leaver"]),
    "ou": ({"leaver": {"move_to": "OU=Nowhere,DC=corp,DC=example"}}, ["OU=Nowhere", "the move"]),
    "group": ({"groups": [{"groups": ["No Such Group"]}]}, ["No Such Group"]),
    "read": ({"failed": "'nothing' is undefined"}, ["'nothing' is undefined"]),
    "record": ({"leaver": {"record": "noSuchAttribute"}}, ["noSuchAttribute"]),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_rule_does_not_keep_access_open(ann, out, logs_on, read, fault):
    rules, words = BROKEN[fault]
    key = f"b{list(BROKEN).index(fault)}"
    _person, _others, dn = ann(key)
    assert out(key, check=True, rules=rules)["failed"] and logs_on(dn)
    done = out(key, rules=rules)
    found = read(f"(employeeID={key})")
    assert done["failed"] and done["changed"] and "But this was not done" in done["msg"] and all(word in done["msg"] for word in words), done["msg"]
    assert found["userAccountControl"] == ["66050"] and not logs_on(found["dn"][0]) and "locked_out=" in found["adminDescription"][0]
    completed = out(key)
    assert not completed.get("failed") and "disable" not in completed["changes"], completed
    assert read(f"(employeeID={key})")["dn"] == [f"CN=Rich {key},{LEAVERS}"] and "memberOf" not in read(f"(employeeID={key})")


def test_a_journal_that_cannot_be_written_does_not_keep_access_open(site, ann, out, logs_on):  # noqa: F811
    _person, _others, dn = ann("j1")
    journal = site.folder / "used.jsonl"
    journal.write_text("not this one")
    done = out("j1", journal=str(journal))
    assert done["failed"] and "exists already" in done["msg"] and not logs_on(dn) and journal.read_text() == "not this one"
    _person, _others, dn = ann("j2")
    done = out("j2", audit="/nowhere/audit.jsonl")
    assert done["failed"] and "/nowhere" in done["msg"] and not logs_on(dn)


def test_what_the_directory_refuses_is_said(site, ann, out, ldap, logs_on, read):  # noqa: F811
    """The account of the run may only disable: no password, no group, no place."""
    _person, _others, dn = ann("r9")
    reader = site.run("user", identity="reader-lo", path="CN=Users,DC=corp,DC=example", password=PASSWORD, directory=site.administrator)
    assert not reader.get("failed"), reader
    limited = site.administrator | {"username": "reader-lo@corp.example", "password": PASSWORD}
    done = out("r9", directory=limited)
    assert done["failed"] and "CAN STILL LOG ON" in done["msg"] and not done["changed"] and logs_on(dn), done


def test_older_plans_and_undo_do_not_enable(site, ann, out, read, state):  # noqa: F811
    person, others, _dn = ann("u1")
    follow(site, [person | {"end": "2026-01-01"}, *others])
    plan = follow(site, [person, *others], check=True, plan_dest=site.plan)
    assert plan["summary"]["changes"]["enable"] == 1
    out("u1")
    locked = state("u1")
    applied = site.apply()
    assert applied["writes"] == [] and applied["left_out_total"] and state("u1") == locked, applied
    assert "locked out since" in json.dumps(applied["left_out"])

    person, others, _dn = ann("u2")
    follow(site, [person | {"title": "Other"}, *others], undo_dest=site.undo)
    journal = str(site.folder / "lock-out.jsonl")
    out("u2", journal=journal)
    locked = state("u2")
    for options in ({"src": site.undo}, {"undo_journal": journal}):
        undone = site.run("apply_plan", **options)
        assert undone["failed"] and undone["writes"] == [] and "lift that with hris.ad.lift_lock_out" in undone["msg"], undone
    assert state("u2") == locked


def test_the_lifting_is_undone(site, ann, out, state):  # noqa: F811
    ann("u3")
    out("u3")
    locked, journal = state("u3"), str(site.folder / "lifting.jsonl")
    assert not out("u3", lift=True, journal=journal).get("failed")
    undone = site.run("apply_plan", undo_journal=journal)
    assert not undone.get("failed") and state("u3") == locked, undone["msg"]


def test_who_was_disabled_by_hand_stays_so(site, ann, out, read):  # noqa: F811
    person, others, dn = ann("y1")
    site.by_hand(dn, userAccountControl="514")
    out("y1")
    lifted = out("y1", lift=True)
    assert "It stays disabled" in lifted["msg"], lifted
    follow(site, [person, *others])
    found = read("(employeeID=y1)")
    assert found["userAccountControl"] == ["514"] and found["dn"] == [dn] and len(found["memberOf"]) == 4


def test_it_is_remembered_where_it_was_written(site, clean, ann, out, read, dying, service):  # noqa: F811
    """The next run prefers that domain controller, and changes the account on no other one; no limit counts it."""
    person, others, dn = ann("r1")
    kept = {"recent": str(site.folder / "recent.json")}
    first, second = dying.name, clean.address
    there = {"directory": service | {"servers": [first]}}
    here = {"directory": service | {"servers": [second, first]}}
    checked = out("r1", check=True, **there, **kept)
    assert checked["changed"] and not (site.folder / "recent.json").exists()
    assert not out("r1", **there, **kept)["not_done"]
    recent = json.loads((site.folder / "recent.json").read_text(encoding="utf-8"))
    assert [one["server"] for one in recent["lock_outs"]] == [url for url in recent["servers"] if first in url] and recent["runs"] == []
    used = dying.connections
    left = site.sync([person | {"title": "Boss"}, *others], leaver=RULES_OF_LEAVERS, limits={"disable": {"count": 0}}, **here, **kept)
    assert not left.get("failed") and left["writes"] == [] and dying.connections == used + 1, left
    dying.close()
    dying.left = 0
    # The other domain controller, as it is before replication: it has the account as it was
    site.by_hand(read("(employeeID=r1)")["dn"][0], adminDescription="hris.ad source=plans state=active", userAccountControl="512")
    waits = site.sync([person | {"title": "Boss"}, *others], leaver=RULES_OF_LEAVERS, limits={}, **here, **kept)
    (finding,) = [one for one in waits["findings"] if one["kind"] == "replication"]
    assert finding["key"] == "r1" and "locked out there" in finding["message"] and first in finding["message"]
    assert waits["writes"] == [] and waits["not_created"] > 0, waits
    later = site.sync([person | {"title": "Boss"}, *others], leaver=RULES_OF_LEAVERS, limits={}, replication_minutes=0, **here, **kept)
    assert later["changed"] and read("(employeeID=r1)")["title"] == ["Boss"]


@pytest.mark.parametrize(("key", "content"), [("r2", "{"), ("r3", "folder")])
def test_a_damaged_file_of_recent_writes_keeps_nobody_in(site, ann, out, logs_on, key, content):  # noqa: F811
    _person, _others, dn = ann(key)
    path = site.folder / "recent.json"
    if content == "folder":
        path.mkdir()
    else:
        path.write_text(content, encoding="utf-8")
    for check in (True, False):
        done = out(key, check=check, recent=str(path))
        assert done["failed"] and "remembering the domain controller: " in done["msg"] and str(path) in done["msg"], done
        assert logs_on(dn) is check
    lifted = out(key, lift=True, recent=str(path))
    assert lifted["failed"] and lifted["writes"] == [] and str(path) in lifted["msg"], "nobody is let in by a file that is wrong"
    assert out(key, lift=True)["changed"]
