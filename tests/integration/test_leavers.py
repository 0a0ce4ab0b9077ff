"""Leavers on the real domain, with accounts that have everything: what is saved, what comes back in which band, an undo of both; who gets the reports, and a
group until a day."""
from __future__ import annotations

import ldap3
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_moment_of_writing import ldap  # noqa: F401  (the fixture)
from test_sync_module import LEAVERS, RULES, STAFF, employee
from test_undo_of_actions import ERP, SALES, rich, state  # noqa: F401  (the fixtures)

DESK = f"OU=Engineering,{STAFF}"
MANAGERS = "CN=Managers,OU=Groups,DC=corp,DC=example"
LEAVER = {
    "groups": "remove_all", "move_to": LEAVERS,
    "attributes": {"homePhone": {"constant": ""}, "otherTelephone": {"constant": ""}, "proxyAddresses": {"constant": ["SMTP:gone@example.com"]},
                   "info": {"constant": "gone"}, "description": "Left {end}", "assistant": {"constant": ""}, "msNPAllowDialin": {"constant": False},
                   "accountExpires": {"constant": "134172288000000000"}, "countryCode": {"constant": "0"}},
}
FOLLOWING = {
    "leaver": LEAVER, "rehire": {"restore": [{"within_days": 30, "what": "all"}, {"within_days": 365, "what": "groups"}]}, "limits": {},
    "placement": [{"ou": STAFF, "apply": "on_create"}],
    "mapping": RULES["mapping"] | {"manager": {"employee": "manager", "field": "number", "successor": "successor"}}, "optional_fields": ["successor"],
}
OURS = {"extensionName", "adminDescription"}


def follow(site, people, as_of, **more):  # noqa: F811
    """A run; the second one writes nothing."""
    done = site.sync(people, as_of=as_of, **(FOLLOWING | more))
    assert not done.get("failed"), done["msg"]
    again = site.sync(people, as_of=as_of, **(FOLLOWING | {name: value for name, value in more.items() if not name.endswith("_dest")}))
    assert again["writes"] == [] and not again["changed"], again["diff"]
    return done


def but_ours(found):
    return {name: values for name, values in found.items() if name not in OURS}


def test_everything_groups_and_nothing(site, rich, ldap, state):  # noqa: F811
    person, others = rich("l1")
    boss = state("l1b")["dn"]
    assert ldap.modify_dn(state("l1")["dn"], "CN=Rich l1", new_superior=DESK), ldap.result
    dn = f"CN=Rich l1,{DESK}"
    by_hand = {"assistant": [boss], "msNPAllowDialin": ["TRUE"]}
    assert ldap.modify(dn, {name: [(ldap3.MODIFY_REPLACE, values)] for name, values in by_hand.items()}), ldap.result
    follow(site, [person, *others], "2026-03-01")
    before, gone = state("l1"), person | {"end": "2026-03-01"}

    checked = site.sync([gone, *others], check=True, as_of="2026-03-02", **FOLLOWING)
    done = follow(site, [gone, *others], "2026-03-02", undo_dest=site.undo)
    assert checked["writes"] == [] and checked["diff"] == done["diff"]
    saved = [line for one in done["diff"] for line in one["after"].splitlines() if "saved=homePhone" in line]
    assert saved == ["extensionName: hris.ad saved=homePhone since=2026-03-02 1/1 …"], "the value is shown once, where it is cleared"
    locked = state("l1")
    assert locked["dn"] == f"CN=Rich l1,{LEAVERS}" and "memberOf" not in locked and "homePhone" not in locked and locked["info"] == [b"gone"]
    assert {b"one", b"two"} < set(locked["extensionName"])
    undone = site.apply(src=site.undo)
    assert not undone.get("failed") and state("l1") == before, undone["msg"]
    follow(site, [gone, *others], "2026-03-02")

    # The account that a value names is renamed meanwhile
    assert ldap.modify_dn(boss, "CN=Boss by hand"), ldap.result
    back = follow(site, [person, *others], "2026-04-01", naming=RULES["naming"] | {"rename": []}, undo_dest=site.undo)
    assert back["summary"]["changes"] == {"enable": 1, "move": 1, "group_add": 3, "update": 1}
    renamed = boss.replace("CN=Boss l1", "CN=Boss by hand").encode()
    assert but_ours(state("l1")) == but_ours(before) | {"assistant": [renamed], "manager": [renamed]}
    assert {text for text in state("l1")["extensionName"] if not text.startswith(b"hris.ad given=")} == {b"one", b"two"}
    undone = site.apply(src=site.undo)
    assert not undone.get("failed") and but_ours(state("l1")) == but_ours(locked) | {"manager": [renamed]}, undone["msg"]
    assert state("l1")["extensionName"] == locked["extensionName"]

    # The second band, and after it
    shown = site.sync([person, *others], check=True, as_of="2026-04-02", explain="l1", **FOLLOWING)["explanation"]["saved"]
    assert ("homePhone", "2026-04-01") in {(one["what"], one["given_back_until"]) for one in shown} and "+49 30 1" not in str(shown)
    follow(site, [person, *others], "2026-04-02")
    groups_only = state("l1")
    assert {ERP.encode(), SALES.encode()} < set(groups_only["memberOf"]) and "homePhone" not in groups_only and "assistant" not in groups_only
    follow(site, [gone, *others], "2026-04-03")
    late = person | {"start": "2027-05-01"}
    held = site.sync([late, *others], as_of="2027-05-01", **FOLLOWING)
    assert held["writes"] == [] and [one["kind"] for one in held["findings"] if one["key"] == "l1"] == ["identity_changed"]
    follow(site, [late, *others], "2027-05-01", exceptions=[{"key": "l1", "action": "confirm", "reason": "it is she"}])
    assert set(state("l1")["memberOf"]) == {b"CN=All Staff,OU=Groups,DC=corp,DC=example"} and "homePhone" not in state("l1")


def test_reports_and_a_group_until_a_day(site, state):  # noqa: F811
    """One report is HR's, the other one only the directory's."""
    staff = [employee("m1", "Max", "Boss", successor="m2"), employee("m2", "Sue", "Heir"), employee("m3", "Rob", "Named", manager="m1"), employee("m4", "Tim", "Silent")]
    groups = [*RULES["groups"], {"groups": ["Managers"], "when": "number == 'm4'", "until": "2026-03-02"}]
    follow(site, staff, "2026-03-01", groups=groups)
    assert MANAGERS.encode() in state("m4")["memberOf"]
    boss, heir = state("m1")["dn"], state("m2")["dn"]
    site.by_hand(state("m4")["dn"], manager=boss)
    left = [staff[0] | {"end": "2026-03-02"}, *staff[1:]]
    done = follow(site, left, "2026-03-03", groups=groups, undo_dest=site.undo)
    assert state("m3")["manager"] == state("m4")["manager"] == [heir.encode()]
    assert MANAGERS.encode() not in state("m4")["memberOf"] and done["summary"]["changes"]["group_remove"] == 2
    told = {one["key"]: one["message"] for one in done["findings"] if one["kind"] in ("reports", "reference")}
    assert told.keys() == {"m1", "m3", "m4"} and "1 employee refers to this leaver: m3" in told["m1"] and "HR names nobody" in told["m4"]
    undone = site.apply(src=site.undo)
    assert not undone.get("failed") and state("m3")["manager"] == state("m4")["manager"] == [boss.encode()], undone["msg"]
    assert MANAGERS.encode() in state("m4")["memberOf"]
    follow(site, left, "2026-03-03", groups=groups)
    follow(site, staff, "2026-03-20", groups=groups)
    assert state("m3")["manager"] == state("m4")["manager"] == [boss.encode()]
