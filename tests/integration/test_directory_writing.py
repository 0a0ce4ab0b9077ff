"""Changes applied to a real domain and read back with ldapsearch: directory/writing.py."""
from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    ldap_messages,
    pipeline,
    writing,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.reading import read_snapshot
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Change,
    Outcome,
    ValueChange,
)

BASE = "DC=corp,DC=example"
OU = f"OU=Sales,OU=Staff,{BASE}"
LEAVERS = f"OU=Leavers,{BASE}"
GROUP = f"CN=Sales,OU=Groups,{BASE}"


def apply(connection, changes, **more):
    """Without checks of what may be written: commands make those."""
    return writing.apply(connection, changes, lambda _changes, _indexes: {}, **more)


@pytest.fixture(scope="module")
def connection(directory):
    with connect(directory) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(connection):
    """No user is left in the two OUs by the test before."""
    yield
    found = [account for account in read_snapshot(connection, []).accounts if account.dn.endswith((OU, LEAVERS))]
    outcomes = apply(connection, [change("delete", account) for account in found])
    assert {outcome.status for outcome in outcomes} <= {"applied"}


def change(action, account=None, **more):
    if "attributes" in more:
        more["attributes"] = {name: ValueChange([], after) for name, after in more["attributes"].items()}
    who = {"guid": account.guid, "dn": account.dn} if account else {"guid": None}
    return Change(**{"action": action, "source": None, "key": None, "reason": "", **who, **more})


def create(name, **attributes):
    attributes = {"sAMAccountName": [name], "userAccountControl": ["512"], **attributes}
    return change("create", dn=f"CN={name},{OU}", attributes=attributes)


def account(connection, name):
    return next(found for found in read_snapshot(connection, []).accounts if found.attributes["sAMAccountName"] == [name])


def statuses(outcomes):
    return [outcome.status for outcome in outcomes]


def make(connection, *names):
    assert statuses(apply(connection, [create(name) for name in names])) == ["applied"] * len(names)
    return [account(connection, name) for name in names]


def test_create_with_a_password_nobody_knows(connection, domain, read):
    mark = domain.mark()
    said = []
    outcomes = apply(connection, [create("w1", givenName=["Jané"], title=[], proxyAddresses=["SMTP:a@x", "smtp:b@x"])],
                             progress=lambda index, outcome: said.append((index, outcome.status)))
    assert outcomes == [Outcome("applied")]
    assert said == [(0, "applied")]
    assert [event["operation"].lower() for event in domain.writes_since(mark)] == ["add"], "one operation, the password in it"
    found = read(f"CN=w1,{OU}")
    assert found["userAccountControl"] == ["512"]
    assert found["givenName"] == ["Jané"]
    assert found["pwdLastSet"] != ["0"], "it has a password"


def test_managers_in_any_order_and_memberships_of_new_accounts(connection, read):
    outcomes = apply(connection, [
        create("w1", manager=[f"CN=w2,{OU}"]), create("w2", manager=[f"CN=w3,{OU}"]), create("w3", manager=[f"cn=W1,{OU}"]),
        *[change("group_add", dn=f"CN={name},{OU}", group=GROUP) for name in ("w1", "w2", "w3")]])
    assert statuses(outcomes) == ["applied"] * 6
    assert [read(f"CN={name},{OU}")["manager"] for name in ("w1", "w2", "w3")] == [[f"CN=w2,{OU}"], [f"CN=w3,{OU}"], [f"CN=w1,{OU}"]]
    assert set(read(GROUP)["member"]) >= {f"CN={name},{OU}" for name in ("w1", "w2", "w3")}


def test_what_the_server_has_answered_is_told_at_once(connection):
    """An account exists before its manager does, and the journal and the progress know it."""
    told = []

    class Noted:
        @staticmethod
        def intent(index):
            pass

        @staticmethod
        def part(index, message):
            told.append((index, "part", message))

        @staticmethod
        def result(index, outcome):
            told.append((index, outcome.status, outcome.message))

    counted = []
    apply(connection, [create("w1", manager=[f"CN=w2,{OU}"]), create("w2", manager=[f"CN=w1,{OU}"])], journal=Noted(),
                  progress=lambda index, _outcome: counted.append((index, len(told))))
    assert sorted(told[:2]) == [(0, "part", "manager not written yet"), (1, "part", "manager not written yet")]
    assert sorted(told[2:]) == [(0, "applied", ""), (1, "applied", "")]
    assert [number for _index, number in counted] == [1, 2], "each counts once, as soon as it is answered"


def test_a_refused_create_takes_what_depends_on_it_along_and_nothing_else(connection, read):
    outcomes = apply(connection, [
        create("w1", employeeID=["1" * 17]), change("group_add", dn=f"CN=w1,{OU}", group=GROUP), create("w2", manager=[f"CN=w1,{OU}"]),
        create("w3")])
    assert statuses(outcomes) == ["refused", "skipped", "applied", "applied"]
    assert outcomes[0].code == "invalidAttributeSyntax"
    assert "employeeID" in outcomes[0].message
    assert outcomes[2].incomplete == ["manager"]
    assert "manager not written" in outcomes[2].message
    assert read(f"CN=w1,{OU}") is None
    assert "manager" not in read(f"CN=w2,{OU}")


def test_update_clear_disable_enable(connection, read):
    [one] = make(connection, "w1")
    outcomes = apply(connection, [change("update", one, attributes={"title": ["Clerk"], "l": ["Bonn"], "thumbnailPhoto": ["AP8="]}),
                                          change("disable", one, attributes={"userAccountControl": ["514"]})])
    assert statuses(outcomes) == ["applied"] * 2
    found = read(one.dn)
    assert (found["title"], found["l"], found["userAccountControl"]) == (["Clerk"], ["Bonn"], ["514"])
    assert statuses(apply(connection, [change("update", one, attributes={"title": [], "l": [], "mobile": []}),
                                               change("enable", one, attributes={"userAccountControl": ["512"]})])) == ["applied"] * 2
    found = read(one.dn)
    assert ("title" in found, "l" in found, found["userAccountControl"]) == (False, False, ["512"])


def test_move_and_rename_keep_the_account(connection, read):
    one, two, three = make(connection, "w1", "w2", "w3")
    outcomes = apply(connection, [
        change("update", three, attributes={"manager": [f"CN=Roe\\, w1,{LEAVERS}"]}),  # its DN at the end of the run
        change("move", one, to=f"CN=w1,{LEAVERS}"), change("rename", one, to=f"CN=Roe\\, w1,{LEAVERS}"),
        change("rename", two, to=f"CN=W2,{OU}"), change("move", three, to=f"CN=w3,{LEAVERS}"),
        change("group_add", one, group=GROUP)])
    assert statuses(outcomes) == ["applied"] * 6
    moved = account(connection, "w1")
    assert (moved.dn, moved.guid) == (f"CN=Roe\\, w1,{LEAVERS}", one.guid)
    assert moved.groups == [GROUP]
    assert read(f"CN=w3,{LEAVERS}")["manager"] == [moved.dn]
    assert read(f"CN=W2,{OU}")["cn"] == ["W2"]


def test_refusals_of_a_move_and_a_rename_and_the_rest_goes_on(connection, read):
    one, two = make(connection, "w1", "w2")
    outcomes = apply(connection, [change("move", one, to=f"CN=w1,OU=Nowhere,{BASE}"), change("rename", two, to=f"CN=w1,{OU}"),
                                          change("update", one, attributes={"title": ["T"]}),
                                          change("update", two, attributes={"title": ["T"], "noSuchAttributeAtAll": ["x"]})])
    assert statuses(outcomes) == ["refused", "refused", "applied", "applied"]
    assert "the OU of the new DN does not exist" in outcomes[0].message
    assert "in use already" in outcomes[1].message
    assert outcomes[3].code == "noSuchAttribute" and outcomes[3].incomplete == ["noSuchAttributeAtAll"]
    assert read(one.dn)["title"] == read(two.dn)["title"] == ["T"]


def test_memberships_already_so_inside_a_batch(connection, read):
    names = [f"w{number}" for number in range(8)]
    accounts = make(connection, *names)
    assert statuses(apply(connection, [change("group_add", accounts[3], group=GROUP)])) == ["applied"]
    outcomes = apply(connection, [change("group_add", one, group=GROUP) for one in accounts])
    assert statuses(outcomes) == ["applied"] * 8
    assert {one.dn for one in accounts} <= set(read(GROUP)["member"])
    assert statuses(apply(connection, [change("group_remove", accounts[5], group=GROUP)])) == ["applied"]
    gone = dataclasses.replace(accounts[0], guid="00000000-0000-0000-0000-00000000dead", dn=f"CN=gone,{OU}")
    outcomes = apply(connection, [*[change("group_remove", one, group=GROUP) for one in accounts],
                                          change("group_add", gone, group=GROUP)])
    assert statuses(outcomes) == ["applied"] * 8 + ["refused"]
    assert not {one.dn for one in accounts} & set(read(GROUP).get("member", []))


def test_many_memberships_are_few_operations(connection, domain):
    accounts = make(connection, *[f"w{number}" for number in range(20)])
    mark = domain.mark()
    assert set(statuses(apply(connection, [change("group_add", one, group=GROUP) for one in accounts]))) == {"applied"}
    assert len(domain.writes_since(mark)) == 1


def test_delete_and_a_delete_that_is_refused(connection, read):
    one, two = make(connection, "w1", "w2")
    assert connection.stream.request(ldap_messages.add(f"CN=below,{two.dn}", {"objectClass": [b"nTFRSSubscriptions"]})).code == 0
    outcomes = apply(connection, [change("delete", one), change("delete", two)])
    assert statuses(outcomes) == ["applied", "refused"]
    assert "has objects below it" in outcomes[1].message
    assert read(one.dn) is None and read(two.dn)
    assert connection.stream.request(ldap_messages.delete(f"CN=below,{two.dn}")).code == 0


def test_nothing_to_do_writes_nothing(connection, domain):
    mark = domain.mark()
    assert apply(connection, []) == []
    assert not domain.writes_since(mark)


def test_a_value_that_cannot_be_encoded_is_that_changes_outcome(connection):
    [one, two] = make(connection, "w1", "w2")
    outcomes = apply(connection, [change("update", one, attributes={"thumbnailPhoto": ["no base64!"]}),
                                          change("update", two, attributes={"title": ["\udcff"]}),
                                          change("update", two, attributes={"title": ["T"]})])
    assert statuses(outcomes) == ["refused", "refused", "applied"]


def test_a_lost_connection(directory, connection, monkeypatch, read):
    accounts = make(connection, *[f"w{number}" for number in range(40)])
    with connect(directory) as other:
        receive, seen = other.stream.receive, []

        def cut(number=None):
            seen.append(number)
            if len(seen) == 12:  # the first two searches for the schema count too
                other.stream._socket.close()
            return receive(number)
        monkeypatch.setattr(other.stream, "receive", cut)
        outcomes = apply(other, [change("update", one, attributes={"title": ["T"]}) for one in accounts])
    found = {status: statuses(outcomes).count(status) for status in ("applied", "refused", "skipped")}
    assert found["applied"] and found["refused"] and found["skipped"] and sum(found.values()) == 40
    assert found["refused"] <= pipeline.WINDOW
    unknown = next(outcome for outcome in outcomes if outcome.status == "refused")
    assert unknown.code == "connectionLost"
    assert "it is not known whether this was done" in unknown.message
    for one, outcome in zip(accounts, outcomes, strict=True):
        if outcome.status != "refused":
            assert ("title" in read(one.dn)) == (outcome.status == "applied")


def test_password_of_ones_own(connection, directory):
    password = "Chosen!Passw0rd-2"
    [outcome] = apply(connection, [create("w1")], passwords={f"cn=w1,{OU}".lower(): password})
    assert outcome.status == "applied"
    with connect({**directory, "username": f"CN=w1,{OU}", "password": password}) as other:
        assert other.bound_sid == account(connection, "w1").sid


def test_the_delegated_service_account_can_do_all_of_it(directory, domain, connection, read):
    """Nobody needs an administrator for this: lab/seed.py tells the rights."""
    with connect({**directory, "username": domain.service_name, "password": domain.service_password}) as service:
        outcomes = apply(service, [create("w1", title=["T"]), create("w2", manager=[f"CN=w1,{OU}"]),
                                           change("group_add", dn=f"CN=w1,{OU}", group=GROUP)])
        assert statuses(outcomes) == ["applied"] * 3, outcomes
        one, two = account(service, "w1"), account(service, "w2")
        outcomes = apply(service, [
            change("disable", one, attributes={"userAccountControl": ["514"]}), change("update", one, attributes={"title": []}),
            change("move", one, to=f"CN=w1,{LEAVERS}"), change("rename", two, to=f"CN=W Two,{OU}"), change("group_remove", one, group=GROUP),
            change("group_add", two, group=f"CN=Domain Admins,CN=Users,{BASE}")])
        assert statuses(outcomes) == ["applied"] * 5 + ["refused"], outcomes
        assert outcomes[5].code == "insufficientAccessRights"
        assert "does not have the right to do it" in outcomes[5].message
        assert statuses(apply(service, [change("delete", account(service, "w2"))])) == ["applied"]
    assert read(f"CN=w1,{LEAVERS}")["userAccountControl"] == ["514"]


def test_one_refused_value_costs_no_other(connection, read):
    """What only the server knows: everything else of the change is written, and the message says what is not."""
    (one,) = make(connection, "w1")
    (outcome,) = apply(connection, [change("update", one, attributes={"title": ["T"], "manager": [f"CN=nobody,{OU}"], "department": ["D"], "info": ["x" * 1025]})])
    assert (outcome.status, outcome.incomplete) == ("applied", ["manager", "info"])
    assert outcome.message.startswith("manager not written: ") and "; info not written: " in outcome.message
    found = read(one.dn)
    assert (found["title"], found["department"]) == (["T"], ["D"]) and "manager" not in found
    (outcome,) = apply(connection, [change("update", one, attributes={"info": ["x" * 1025], "manager": [f"CN=nobody,{OU}"]})])
    assert outcome.status == "refused" and outcome.incomplete == ()


def test_a_lock_is_made_whatever_else_is_refused(connection, read):
    (one,) = make(connection, "w1")
    lock = change("disable", one, attributes={"userAccountControl": ["514"], "info": ["x" * 1025], "adminDescription": ["mark"]})
    (outcome,) = apply(connection, [dataclasses.replace(lock, random_password=True)])
    assert (outcome.status, outcome.incomplete) == ("applied", ["info"])
    found = read(one.dn)
    assert (found["userAccountControl"], found["adminDescription"]) == (["514"], ["mark"])
    (outcome,) = apply(connection, [change("enable", one, attributes={"userAccountControl": ["512"], "info": ["x" * 1025]})])
    assert outcome.status == "refused" and read(one.dn)["userAccountControl"] == ["514"], "nobody gets access without everything else"


def test_a_refused_exchange_leaves_the_names_as_they_were(connection, read):
    one, two = make(connection, "w1", "w2")
    first = [change("update", one, attributes={"userPrincipalName": ["one@x.y"]}), change("update", two, attributes={"userPrincipalName": ["two@x.y"]})]
    assert statuses(apply(connection, first)) == ["applied", "applied"]
    swapped = [change("update", one), change("update", two), change("create", dn=f"CN=w1,{OU}", attributes={"sAMAccountName": ["w3"]})]
    swapped[0].attributes = {"userPrincipalName": ValueChange(["one@x.y"], ["two@x.y"])}
    swapped[1].attributes = {"userPrincipalName": ValueChange(["two@x.y"], ["one@x.y"])}
    assert statuses(apply(connection, swapped)) == ["applied", "applied", "refused"]
    assert (read(one.dn)["userPrincipalName"], read(two.dn)["userPrincipalName"]) == (["two@x.y"], ["one@x.y"])
    for first, second in ((one, two), (two, one)):  # which of them gives up its name first depends on their objectGUIDs
        had, wanted = read(first.dn)["userPrincipalName"][0], read(second.dn)["userPrincipalName"][0]
        blocked = [change("update", first), change("update", second)]
        blocked[0].attributes = {"userPrincipalName": ValueChange([had], [wanted])}
        blocked[1].attributes = {"userPrincipalName": ValueChange([wanted], [had]), "userAccountControl": ValueChange([], ["512"]), "info": ValueChange([], ["x" * 1025])}
        assert "refused" in statuses(apply(connection, blocked))
        names = {read(one.dn)["userPrincipalName"][0], read(two.dn)["userPrincipalName"][0]}
        assert names == {"one@x.y", "two@x.y"}, "nobody lost a name, whoever of them had to give it up first"
