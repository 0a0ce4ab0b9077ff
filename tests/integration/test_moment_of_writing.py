"""What became forbidden after it was planned is not written: by apply_plan, by sync itself, by an undo, and by module user."""
from __future__ import annotations

import json

import ldap3
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import writing
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.reading import read_snapshot
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change, ValueChange
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import plan_from_json
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import (
    digest_of,
    sealed_text,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.write_checks import (
    Allowed,
    WriteChecks,
)
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_sync_module import STAFF, employee

DOMAIN = "DC=corp,DC=example"
MANAGERS, ADMINS = f"CN=Managers,OU=Groups,{DOMAIN}", f"CN=Domain Admins,CN=Users,{DOMAIN}"


@pytest.fixture
def ldap(clean, directory):
    server = ldap3.Server(f"ldaps://{clean.address}", tls=ldap3.Tls(ca_certs_file=clean.ca_file))
    with ldap3.Connection(server, directory["username"], directory["password"], auto_bind=True) as connection:
        yield connection


def change_values(ldap, dn, operation, **values):
    assert ldap.modify(dn, {name: [(operation, value if isinstance(value, list) else [value])] for name, value in values.items()}), ldap.result


@pytest.fixture
def managers_are_admins(ldap):
    """Call it: Managers is nested into Domain Admins, until the test ends."""
    done = []

    def nest():
        change_values(ldap, ADMINS, ldap3.MODIFY_ADD, member=MANAGERS)
        done.append(True)
    yield nest
    if done:
        change_values(ldap, ADMINS, ldap3.MODIFY_DELETE, member=MANAGERS)


def test_a_group_that_became_privileged_after_planning(site, read, managers_are_admins):  # noqa: F811
    staff = [employee("p1", "Pri", "One"), employee("p2", "Pri", "Two")]
    site.sync(staff)
    promoted = [staff[0] | {"title": "Head"}, staff[1] | {"title": "Boss"}]
    site.sync(promoted, check=True, plan_dest=site.plan)
    managers_are_admins()
    checked, done = site.apply(check=True), site.apply()
    for result in (checked, done):
        assert [(entry["key"], entry["action"]) for entry in result["left_out"]] == [("p1", "group_add")], result
        assert "privileged" in result["left_out"][0]["message"]
    assert read("(employeeID=p1)")["memberOf"] == [f"CN=All Staff,OU=Groups,{DOMAIN}"] and read("(employeeID=p2)")["title"] == ["Boss"]


def test_an_account_that_became_privileged_after_planning(site, read, ldap):  # noqa: F811
    staff = [employee(f"q{number}", "Qui", f"No{number}") for number in range(5)]
    site.sync(staff)
    site.sync([person | {"title": "Boss"} for person in staff], check=True, plan_dest=site.plan)
    dns = [read(f"(employeeID=q{number})")["dn"][0] for number in range(4)]
    change_values(ldap, dns[0], ldap3.MODIFY_REPLACE, adminCount="1")
    change_values(ldap, dns[1], ldap3.MODIFY_REPLACE, adminDescription="hris.ad source=other state=active")
    change_values(ldap, dns[2], ldap3.MODIFY_REPLACE, employeeID="q99")
    change_values(ldap, ADMINS, ldap3.MODIFY_ADD, member=dns[3])
    change_values(ldap, dns[3], ldap3.MODIFY_REPLACE, primaryGroupID="512")
    assert "memberOf" not in read("(employeeID=q3)") or ADMINS not in read("(employeeID=q3)")["memberOf"]
    done = site.apply()
    words = {entry["key"]: entry["message"] for entry in done["left_out"]}
    assert words.keys() == {"q0", "q1", "q2", "q3"}, done
    assert "adminCount" in words["q0"] and "'other'" in words["q1"] and "'q99'" in words["q2"] and "primary group" in words["q3"]
    assert read("(employeeID=q4)")["title"] == ["Boss"]
    assert all(read(f"(employeeID={key})")["title"] == ["Clerk"] for key in ("q0", "q1", "q99", "q3"))
    change_values(ldap, read("(employeeID=q99)")["dn"][0], ldap3.MODIFY_REPLACE, employeeID="q2")


def test_a_plan_with_a_new_seal_is_no_way_into_the_domain(site, read):  # noqa: F811
    site.sync([employee("z1", "Zoe", "Ito")], check=True, plan_dest=site.plan)
    data = json.loads((site.folder / "plan.json").read_text())
    create, member = data["changes"][0], data["changes"][1]
    member["group"] = ADMINS
    away = json.loads(json.dumps(create))
    away["dn"] = f"CN=Evil,OU=Domain Controllers,{DOMAIN}"
    away["attributes"] |= {"sAMAccountName": {"before": [], "after": ["evil"]}, "userPrincipalName": {"before": [], "after": ["evil@corp.example"]}}
    data["changes"].append(away)
    plan = plan_from_json(data, "", "", "")
    plan.ownership, plan.owners = {}, {}
    plan.digest = digest_of(plan)
    (site.folder / "plan.json").write_text("".join(sealed_text(plan, None)))
    done = site.apply()
    assert sorted(entry["action"] for entry in done["left_out"]) == ["create", "group_add"], done
    assert read("(sAMAccountName=evil)") is None and "memberOf" not in read("(employeeID=z1)")
    (site.folder / "plan.json").write_text("".join(sealed_text(plan, None)))
    outside = site.apply(bases=[f"OU=Leavers,{DOMAIN}"], check=True)
    assert outside["left_out_total"] == 3, "the bases of whoever applies the plan"


def test_privilege_is_seen_through_a_narrow_base_and_a_primary_group(site, read, ldap, managers_are_admins, service):  # noqa: F811
    """The privileged groups are outside of the base; a primary group is not in memberOf."""
    staff = [employee("n1", "Nar", "One"), employee("n2", "Nar", "Two")]
    site.sync(staff)
    for number in (1, 2):
        change_values(ldap, MANAGERS, ldap3.MODIFY_ADD, member=read(f"(employeeID=n{number})")["dn"][0])
    rid = read(MANAGERS)["objectSid"][0].rpartition("-")[2] if read(MANAGERS)["objectSid"][0].startswith("S-") else None
    if rid is None:
        ldap.search(MANAGERS, "(objectClass=*)", ldap3.BASE, attributes=["objectSid"])
        rid = str(ldap.entries[0].objectSid.value).rpartition("-")[2]
    change_values(ldap, read("(employeeID=n2)")["dn"][0], ldap3.MODIFY_REPLACE, primaryGroupID=rid)
    managers_are_admins()
    gone = [person | {"end": "2026-01-01"} for person in staff]
    done = site.sync(gone, directory=service | {"base": f"OU=Staff,{DOMAIN}"}, leaver={}, groups=[])
    kinds = sorted((finding["key"], finding["kind"], finding["severity"]) for finding in done["findings"] if finding["key"] in ("n1", "n2"))
    assert kinds == [(key, kind, severity) for key in ("n1", "n2") for kind, severity in (("has_left", "error"), ("protected", "info"))], done
    assert done["writes"] == [] and "2 people have left and can still log on" in done["msg"]


def test_an_undo_is_checked_too(site, read, ldap, managers_are_admins):  # noqa: F811
    staff = [employee("v1", "Und", "One", title="Head"), employee("v2", "Und", "Two")]
    site.sync(staff)
    site.sync([staff[0] | {"title": "Clerk"}, staff[1] | {"title": "Boss"}], undo_dest=site.undo, journal=site.journal)
    managers_are_admins()
    change_values(ldap, read("(employeeID=v2)")["dn"][0], ldap3.MODIFY_REPLACE, adminCount="1")
    for given in ({"src": site.undo}, {"src": None, "undo_journal": site.journal}):
        checked = site.run("apply_plan", check=True, **{name: value for name, value in given.items() if value})
        assert sorted((entry["key"], entry["action"]) for entry in checked["left_out"]) == [("v1", "group_add"), ("v2", "update")], checked
    undone = site.apply(src=site.undo)
    assert undone["left_out_total"] == 2 and read("(employeeID=v1)")["title"] == ["Head"]
    assert MANAGERS not in read("(employeeID=v1)")["memberOf"] and read("(employeeID=v2)")["title"] == ["Boss"]


@pytest.mark.parametrize("options", [
    {"identity": "Administrator", "title": "Owned"},
    {"identity": "Administrator", "enabled": False},
    {"identity": "Administrator", "password": "New!Pass-Word-77", "update_password": "always"},
    {"identity": "Administrator", "state": "absent"},
    {"identity": "m.new", "path": f"OU=Domain Controllers,{DOMAIN}"},
    {"identity": "m.new", "path": STAFF, "groups": {"add": ["Domain Admins"]}},
    {"identity": "m.new", "path": STAFF, "groups": {"add": ["Sales"]}, "protected": ["sales"]},
    {"identity": "m.new", "path": STAFF, "protected": [STAFF]},
])
def test_module_user_leaves_privileged_things_alone(site, read, options):  # noqa: F811
    for check in (True, False):
        result = site.run("user", check, directory=site.administrator, **options)
        assert result["failed"] and result["writes"] == [], result
        assert any(words in result["msg"] for words in ("never changed", "privileged", "protected")), result["msg"]
    assert read("(sAMAccountName=m.new)") is None


def test_a_lock_that_is_not_made_any_more_fails_the_task(site, read, ldap):  # noqa: F811
    staff = [employee("k1", "Kim", "One"), employee("k2", "Kim", "Two")]
    site.sync(staff)
    site.sync([person | {"end": "2026-01-01"} for person in staff], check=True, plan_dest=site.plan)
    change_values(ldap, read("(employeeID=k1)")["dn"][0], ldap3.MODIFY_REPLACE, adminCount="1")
    for check in (True, False):
        done = site.apply(check=check)
        assert done["failed"] and done["not_disabled"] == 1 and "1 account is not disabled, and can still log on" in done["msg"], done
        assert done["brief"]["not_disabled"] == 1 and "1 account is not disabled, and can still log on!" in done["chat"]
    assert read("(employeeID=k2)")["userAccountControl"] == ["514"] and read("(employeeID=k1)")["userAccountControl"] == ["512"]


def test_memberships_are_checked_again_when_they_are_written(site, read, ldap, directory, managers_are_admins):  # noqa: F811
    """A first load takes minutes: the group has become privileged meanwhile, and an account has been given away."""
    staff = [employee(f"y{number}", "Yet", f"No{number}") for number in range(3)]
    site.sync(staff)
    dns = [read(f"(employeeID=y{number})")["dn"][0] for number in range(3)]
    with connect(directory) as connection:
        accounts = {one.dn: one for one in read_snapshot(connection, ["employeeID"]).accounts}
        mine = [Change("update", "plans", f"y{number}", accounts[dn].guid, dn, "", {"title": ValueChange(["Clerk"], ["Boss"])}) for number, dn in enumerate(dns)]
        mine += [Change("group_add", "plans", f"y{number}", accounts[dn].guid, dn, "", group=MANAGERS) for number, dn in enumerate(dns[:2])]
        mine += [Change("group_add", "plans", "y2", accounts[dns[2]].guid, dns[2], "", group=f"CN=Sales,OU=Groups,{DOMAIN}"),
                 Change("delete", "plans", "y1", accounts[dns[1]].guid, dns[1], "")]
        checks, asked = WriteChecks(connection, Allowed(mark="adminDescription")), []

        def racing(changes, indexes):
            found = checks(changes, indexes)
            if not asked:
                managers_are_admins()
                change_values(ldap, dns[1], ldap3.MODIFY_REPLACE, adminDescription="hris.ad source=other state=active")
            asked.append(list(indexes))
            return found
        outcomes = writing.apply(connection, mine, racing)
    assert [outcome.status for outcome in outcomes] == ["applied"] * 3 + ["skipped", "skipped", "applied", "skipped"], outcomes
    assert "privileged" in outcomes[3].message and "'other'" in outcomes[6].message and len(asked) == 2
    assert read("(employeeID=y1)")["title"] == ["Boss"] and MANAGERS not in read("(employeeID=y0)")["memberOf"]
