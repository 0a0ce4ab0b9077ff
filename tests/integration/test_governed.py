"""Accounts and groups that Entra governs (msDS-ObjectSoa), on a directory whose schema has the attribute."""
from __future__ import annotations

import pytest
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_sync_module import employee

SOA = "msDS-ObjectSoa"
MANAGERS = "CN=Managers,OU=Groups,DC=corp,DC=example"


def findings(result, *kinds):
    return {(one["kind"], one["key"]) for one in result["findings"] if one["kind"] in kinds}


@pytest.fixture
def mark(site):  # noqa: F811
    """mark(dn): Entra governs it. Groups are given back afterwards."""
    done = []

    def govern(dn, value="cloud"):
        site.by_hand(dn, **{SOA: value})
        done.append(dn)
    yield govern
    for dn in done:
        if dn == MANAGERS:
            site.by_hand(dn, **{SOA: "OnPremises"})


def test_a_governed_account_is_told_and_left_alone(site, read, mark):  # noqa: F811
    staff = [employee("g1", "Gov", "One"), employee("g2", "Gov", "Two"), employee("g3", "Gov", "Three", manager="g1")]
    site.sync(staff)
    mark(read("(employeeID=g1)")["dn"][0])
    changed = [staff[0] | {"title": "Boss", "end": "2026-01-01"}, staff[1] | {"title": "Boss", "manager": "g1"}, staff[2]]
    for check in (True, False):
        done = site.sync(changed, check=check)
        assert not done.get("failed") and findings(done, "governed", "has_left") == {("governed", "g1"), ("has_left", "g1")}, done
        assert "governed by Entra (msDS-ObjectSoa is cloud)" in str(done["findings"])
    assert "title" not in read("(employeeID=g1)") or read("(employeeID=g1)")["title"] != ["Boss"]
    assert read("(employeeID=g1)")["userAccountControl"] == ["512"] and read("(employeeID=g2)")["title"] == ["Boss"]
    assert site.sync(changed)["writes"] == []
    allowed = site.sync(changed, directory=site.administrator | {"cloud_governed": {"marks": []}})
    assert not allowed.get("failed") and read("(employeeID=g1)")["userAccountControl"] == ["514"], "the setting says that it may be written"


def test_a_governed_group_is_neither_given_nor_taken(site, read, mark):  # noqa: F811
    boss = employee("h1", "Gro", "One", title="Head")
    mark(MANAGERS)
    checked = site.sync([boss], check=True)
    done = site.sync([boss])
    for result in (checked, done):
        assert not result.get("failed") and findings(result, "governed_group") == {("governed_group", None)}, result
    assert checked["diff"] == done["diff"] and MANAGERS not in read("(employeeID=h1)")["memberOf"]
    assert site.sync([boss])["writes"] == []
    refused = site.run("user", identity=read("(employeeID=h1)")["dn"][0], state="updated", groups={"add": ["Managers"]})
    assert refused["failed"] and f"{MANAGERS} is governed by Entra" in refused["msg"] and refused["writes"] == [], refused


def test_what_became_governed_after_planning(site, read, mark):  # noqa: F811
    staff = [employee("i1", "Lat", "One"), employee("i2", "Lat", "Two"), employee("i3", "Lat", "Three")]
    site.sync(staff)
    site.sync([staff[0] | {"title": "Boss"}, staff[1] | {"title": "Head"}, staff[2] | {"title": "Boss"}], check=True, plan_dest=site.plan)
    mark(read("(employeeID=i1)")["dn"][0], "Cloud")
    mark(MANAGERS)
    done = site.apply()
    left_out = {(one["key"], one["action"]) for one in done["left_out"]}
    assert left_out == {("i1", "update"), ("i2", "group_add")} and "governed by Entra" in done["left_out"][0]["message"], done
    assert read("(employeeID=i3)")["title"] == ["Boss"] and read("(employeeID=i2)")["title"] == ["Head"]


def test_module_user_refuses_one(site, read, mark):  # noqa: F811
    site.sync([employee("j1", "Usr", "One")])
    dn = read("(employeeID=j1)")["dn"][0]
    mark(dn)
    for check in (True, False):
        done = site.run("user", check, identity=dn, state="updated", title="Boss")
        assert done["failed"] and "governed by Entra" in done["msg"] and done["writes"] == [], done
