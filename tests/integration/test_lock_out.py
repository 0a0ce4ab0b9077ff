"""Lock out before HR, on accounts that have everything: what is taken is saved, HR's runs leave it so, and lifting gives all of it back."""
from __future__ import annotations

import json
import re

import ldap3
import pytest
from module_process import one_source
from test_apply_plan import site  # noqa: F401  (the fixture)
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
    assert read(f"(employeeID=o1r)")["manager"] == found["dn"]
    audit = [json.loads(line) for line in (site.folder / "audit.jsonl").read_text().splitlines()]
    assert all("grace" in line["why"] and "SEC-1" in line["why"] for line in audit) and PASSWORD not in str(audit)

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
