"""From changes to operations and their order: directory/operations.py."""
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import operations
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.operations import (
    Member,
    Operation,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change, ValueChange

SYNTAXES = {"title": "text", "manager": "dn", "useraccountcontrol": "integer", "secretary": "dn"}
OU = "OU=Staff,DC=corp"


def change(action, guid=None, dn=f"CN=a,{OU}", **more):
    if "attributes" in more:
        more["attributes"] = {name: ValueChange([], after) for name, after in more["attributes"].items()}
    return Change(action, "elmo", "E1", guid, dn, "", **more)


def arrange(*changes):
    return operations.arrange(list(changes), SYNTAXES)


def accounts(found):
    """The operations of each account."""
    return list(found.accounts.values())


def test_create():
    found = arrange(change("create", attributes={"cn": ["a"], "title": ["T"], "sn": [], "userAccountControl": ["512"]}))
    assert accounts(found) == [[Operation("add", f"CN=a,{OU}", [0], {
        "objectClass": ["top", "person", "organizationalPerson", "user"], "title": ["T"], "userAccountControl": ["512"]})]]
    assert not found.references and not found.memberships and not found.last


def test_a_create_without_user_account_control_is_disabled():
    assert accounts(arrange(change("create", attributes={})))[0][0].attributes["userAccountControl"] == ["514"]


def test_one_account_is_one_line_in_order():
    found = arrange(change("update", "g1", attributes={"title": []}), change("update", "g2", attributes={"title": ["x"]}),
                    change("disable", "g1", attributes={"userAccountControl": ["514"]}))
    assert accounts(found) == [
        [Operation("modify", "<GUID=g1>", [0], {"title": []}), Operation("modify", "<GUID=g1>", [2], {"userAccountControl": ["514"]})],
        [Operation("modify", "<GUID=g2>", [1], {"title": ["x"]})]]


def test_move_and_rename_are_one_operation():
    found = arrange(change("move", "g1", to="CN=a,OU=New,DC=corp"), change("rename", "g1", to=f"CN=b\\, c,{OU}"))
    assert accounts(found) == [[Operation("rename", "<GUID=g1>", [0, 1], rdn="CN=b\\, c", parent="OU=New,DC=corp")]]


def test_a_move_alone_and_a_rename_alone():
    found = arrange(change("move", "g1", to="CN=a,OU=New,DC=corp"), change("rename", "g2", to=f"CN=b,{OU.lower()}"))
    assert [steps[0].rdn for steps in accounts(found)] == ["CN=a", "CN=b"]
    assert [steps[0].parent for steps in accounts(found)] == ["OU=New,DC=corp", OU.lower()]


def test_a_reference_to_a_moved_account_is_its_guid():
    found = arrange(change("update", "g1", attributes={"manager": [f"cn=B,{OU}"]}),
                    change("rename", "g2", dn=f"CN=old,{OU}", to=f"CN=b,{OU}"))
    assert accounts(found)[0][0].attributes == {"manager": ["<GUID=g2>"]}
    assert not found.references


def test_a_reference_to_a_new_account_waits():
    found = arrange(change("create", attributes={"manager": [f"CN=boss,{OU}"], "title": ["t"]}),
                    change("create", dn=f"CN=Boss,{OU}", attributes={}),
                    change("update", "g1", attributes={"manager": [f"CN=boss,{OU}"], "secretary": [f"CN=other,{OU}"]}),
                    change("update", "g2", attributes={"manager": [f"CN=boss,{OU}"]}))
    assert "manager" not in accounts(found)[0][0].attributes
    assert accounts(found)[2][0].attributes == {"secretary": [f"CN=other,{OU}"]}
    assert len(accounts(found)) == 3, "an update with nothing but the reference has no operation of its own before"
    assert [(step.target, step.changes, step.attributes) for step in found.references] == [
        (f"CN=a,{OU}", [0], {"manager": [f"CN=boss,{OU}"]}), ("<GUID=g1>", [2], {"manager": [f"CN=boss,{OU}"]}),
        ("<GUID=g2>", [3], {"manager": [f"CN=boss,{OU}"]})]
    assert found.references[0].needs == {"manager": ["cn=boss,ou=staff,dc=corp"]}


def test_memberships_are_batched_by_group_and_direction():
    changes = [change("create", dn=f"CN=new,{OU}", attributes={})]
    changes += [change("group_add", f"g{number}", group="CN=G,DC=corp") for number in range(1200)]
    changes += [change("group_add", dn=f"CN=New,{OU}", group="cn=g,dc=corp"), change("group_remove", "g1", group="CN=G,DC=corp")]
    batches = arrange(*changes).memberships
    assert [(batch.adding, len(batch.members)) for batch in batches] == [(True, 500), (True, 500), (True, 201), (False, 1)]
    assert batches[0].members[0] == Member(1, "<GUID=g0>", None)
    assert batches[2].members[-1] == Member(1201, f"CN=New,{OU}", "cn=new,ou=staff,dc=corp")


def test_deletes_come_apart():
    found = arrange(change("group_remove", "g1", group="CN=G,DC=corp"), change("delete", "g1"))
    assert not found.accounts
    assert found.last == [Operation("delete", "<GUID=g1>", [1])]
