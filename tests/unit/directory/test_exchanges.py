"""Accounts that hand on names: directory/exchanges.py orders their operations, so that no two have a name at once."""
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import exchanges, operations
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.encoding import Encoder
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.operations import Operation
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change, ValueChange

OU = "OU=Staff,DC=corp"


def update(guid, name="userPrincipalName", before=None, after=None):
    return Change("update", "elmo", guid, guid, f"CN={guid},{OU}", "", {name: ValueChange([before] if before else [], [after] if after else [])})


def rename(guid, before, after):
    return Change("rename", "elmo", guid, guid, f"CN={before},{OU}", "", to=f"CN={after},{OU}")


def apply(changes, is_dn=False):
    """Send the operations to a directory that refuses a name which somebody has; the names at the end."""
    names = {one.guid or one.dn: one.dn if one.to else next(iter(one.attributes.values())).before for one in changes}
    arranged = exchanges.in_order(operations.arrange(changes, {}).accounts, changes)
    for steps in arranged.values():
        for step in steps:
            owner = step.target.removeprefix("<GUID=").removesuffix(">")
            wanted = f"{step.rdn},{step.parent}" if step.kind == "rename" else [values for key, values in step.attributes.items() if key != "objectClass"][0]
            if wanted:
                assert all(wanted != name for other, name in names.items() if other != owner), f"{owner} cannot have {wanted}"
            names[owner] = wanted
    return {name: found if isinstance(found, str) else found[0] for name, found in names.items()}


@pytest.mark.parametrize("pairs", [
    {"a": ("1", "2"), "b": ("2", "1")}, {"a": ("1", "2"), "b": ("2", "3"), "c": ("3", "1")}, {"a": ("1", "2"), "b": ("2", "3")}, {"b": ("2", "3"), "a": ("1", "2")},
    {"a": ("1", "2"), "b": ("2", "1"), "c": ("3", "4"), "d": ("4", "3"), "e": ("5", "6")}, {"a": ("1", "2"), "b": ("2", "1"), "c": (None, "9")},
])
@pytest.mark.parametrize("name", ["userPrincipalName", "sAMAccountName", "servicePrincipalName", "cn"])
def test_names_are_never_at_two_accounts(pairs, name):
    for order in (list(pairs.items()), list(pairs.items())[::-1]):
        if name == "cn":
            changes = [rename(guid, before or "0", after) for guid, (before, after) in order]
            assert apply(changes) == {guid: f"CN={after},{OU}" for guid, (_before, after) in pairs.items()}
        else:
            changes = [update(guid, name, before, after) for guid, (before, after) in order]
            assert apply(changes) == {guid: after for guid, (_before, after) in pairs.items()}


def test_a_new_account_waits_for_the_name():
    created = Change("create", "elmo", "n", None, f"CN=n,{OU}", "", {"userPrincipalName": ValueChange([], ["1"])})
    changes = [created, update("a", before="1", after="2")]
    (steps,) = exchanges.in_order(operations.arrange(changes, {}).accounts, changes).values()
    assert [step.kind for step in steps] == ["modify", "add"]


def test_without_names_that_are_handed_on_nothing_changes():
    changes = [update("a", before="1", after="2"), update("b", "title", "x", "y"), update("c", "mail", "m", "n"), update("d", "mail", "n", "m")]
    arranged = operations.arrange(changes, {}).accounts
    assert exchanges.in_order(arranged, changes) == arranged


def test_what_is_given_up_at_first_is_taken_back_where_the_change_is_refused():
    changes = [update("a", before="1", after="2"), update("b", before="2", after="1")]
    (steps,) = exchanges.in_order(operations.arrange(changes, {}).accounts, changes).values()
    first, *others = steps
    assert first.is_preparation and first.attributes == {"userPrincipalName": []}
    (refused,) = [step for step in others if step.on_refusal]
    assert refused.target == first.target and refused.on_refusal[0].attributes == {"userPrincipalName": [changes[refused.changes[0]].attributes["userPrincipalName"].before[0]]}


def test_a_long_chain():
    changes = [update(f"g{number}", before=str(number), after=str(number + 1)) for number in range(3000)]
    (steps,) = exchanges.in_order(operations.arrange(changes, {}).accounts, changes).values()
    assert [step.target for step in steps] == [f"<GUID=g{number}>" for number in reversed(range(3000))]


def test_a_user_principal_name_is_deleted_to_clear_it():
    """Samba refuses to replace it by nothing."""
    request, _controls, secrets = Encoder({}, {}).request(Operation("modify", "<GUID=a>", [0], {"userPrincipalName": [], "title": []}))
    assert secrets == ()
    assert b"\x0a\x01\x01\x30\x15\x04\x11userPrincipalName" in request and b"\x0a\x01\x02\x30\x09\x04\x05title" in request
