"""Accounts that are protected from accidental deletion, as the server honours it."""
from __future__ import annotations

import ldap3
import pytest
from ldap3.protocol.microsoft import security_descriptor_control
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_moment_of_writing import ldap  # noqa: F401  (the fixture)
from test_sync_module import LEAVERS, RULES, STAFF, employee

EVERYONE_MAY_NOT_DELETE = bytes.fromhex("0100140040000100" + "010100000000000100000000")  # deny, DELETE and DELETE_TREE
LIFT = {"deletion_protection": "lift"}


@pytest.fixture
def permissions(ldap):  # noqa: F811
    """permissions(dn) -> the DACL of an object; permissions(dn, new): set it."""
    def of(dn, new=None):
        controls = security_descriptor_control(sdflags=4)
        if new is not None:
            assert ldap.modify(dn, {"nTSecurityDescriptor": [(ldap3.MODIFY_REPLACE, [new])]}, controls=controls), ldap.result
        ldap.search(dn, "(objectClass=*)", ldap3.BASE, attributes=["nTSecurityDescriptor"], controls=controls)
        return ldap.response[0]["raw_attributes"]["nTSecurityDescriptor"][0]
    return of


def with_protection(descriptor):
    """The descriptor with one more entry, the first of its DACL."""
    offset = int.from_bytes(descriptor[16:20], "little")
    size, count = (int.from_bytes(descriptor[offset + at:offset + at + 2], "little") for at in (2, 4))
    acl = descriptor[offset:offset + 2] + (size + 20).to_bytes(2, "little") + (count + 1).to_bytes(2, "little") + descriptor[offset + 6:offset + 8]
    return descriptor[:4] + bytes(12) + (20).to_bytes(4, "little") + acl + EVERYONE_MAY_NOT_DELETE + descriptor[offset + 8:offset + size]


@pytest.fixture
def protected(site, read, permissions):  # noqa: F811
    """protected(key) -> the employee, whose account is protected."""
    def make(key):
        person = employee(key, "Pro", key)
        site.sync([person])
        dn = read(f"(employeeID={key})")["dn"][0]
        permissions(dn, with_protection(permissions(dn)))
        assert EVERYONE_MAY_NOT_DELETE in permissions(dn)
        return person
    return make


def findings(result, kind="deletion_protection"):
    return [finding["key"] for finding in result["findings"] if finding["kind"] == kind]


def test_it_is_kept_and_said(site, read, protected):  # noqa: F811
    gone = [protected("k1") | {"end": "2026-01-01"}]
    for check in (True, False):
        done = site.sync(gone, check=check, directory=site.administrator)
        assert not done.get("failed") and findings(done) == ["k1"] and "move" not in done["summary"]["changes"], done
    assert read("(employeeID=k1)")["dn"] == [f"CN=Pro k1,{STAFF}"] and read("(employeeID=k1)")["userAccountControl"] == ["514"]
    assert site.sync(gone, directory=site.administrator)["writes"] == []


def test_it_is_lifted_for_a_move_and_set_again(site, read, protected, permissions):  # noqa: F811
    gone = [protected("m1") | {"end": "2026-01-01"}]
    given = {"directory": site.administrator, "ownership": LIFT}
    checked = site.sync(gone, check=True, **given)
    assert "protected from accidental deletion" in str(checked["diff"]) and EVERYONE_MAY_NOT_DELETE in permissions(f"CN=Pro m1,{STAFF}")
    before = permissions(f"CN=Pro m1,{STAFF}")
    done = site.sync(gone, undo_dest=site.undo, **given)
    assert not done.get("failed") and findings(done) == [] and done["diff"] == checked["diff"], done
    moved = f"CN=Pro m1,{LEAVERS}"
    assert read("(employeeID=m1)")["dn"] == [moved] and EVERYONE_MAY_NOT_DELETE in permissions(moved) and len(permissions(moved)) >= len(before) - 400
    assert site.sync(gone, **given)["writes"] == []
    undone = site.apply(src=site.undo, directory=site.administrator)
    assert not undone.get("failed") and EVERYONE_MAY_NOT_DELETE in permissions(f"CN=Pro m1,{STAFF}"), undone


def test_it_is_lifted_for_a_deletion(site, read, protected):  # noqa: F811
    gone = [protected("d1") | {"end": "2026-01-01"}]
    given = {"directory": site.administrator, "leaver": RULES["leaver"] | {"delete_after_days": 30}}
    site.sync(gone, as_of="2026-01-10", ownership=LIFT, **given)
    kept = site.sync(gone, as_of="2026-04-01", **given)
    assert "d1" in findings(kept) and read("(employeeID=d1)") and kept["writes"] == []
    done = site.sync(gone, as_of="2026-04-01", ownership=LIFT, **given)
    assert not done.get("failed") and read("(employeeID=d1)") is None, done
    assert findings(done, "no_recycle_bin") == [None], "this directory has none"


@pytest.mark.parametrize("options", [{"state": "absent"}, {"path": LEAVERS}])
def test_module_user_says_it_in_check_mode_too(site, protected, read, options):  # noqa: F811
    if not read("(employeeID=u1)"):
        protected("u1")
    for check in (True, False):
        result = site.run("user", check, directory=site.administrator, identity="u1", identity_attribute="employeeID", **options)
        assert result["failed"] and "protected from accidental deletion" in result["msg"] and result["writes"] == []
