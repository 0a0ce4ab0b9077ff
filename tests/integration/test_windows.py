"""Our modules against a domain controller that behaves as Windows (lab/windows.py). Each row of docs/windows.md that can be tried names its test."""
from __future__ import annotations

import contextlib
import dataclasses

import ldap3
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    ldap_messages,
    range_retrieval,
    reading,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.failover import (
    with_directory,
)
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_sync_module import LEAVERS, RULES, STAFF, employee

from lab.windows import OTHER_DOMAIN, WindowsServer
from lab.windows_answers import NO_PAGES_HERE, TOO_MANY

BASE = "DC=corp,DC=example"
GROUPS = f"OU=Groups,{BASE}"
KEYS = [f"w{number:02}" for number in range(12)]


def people(title="Clerk", keys=KEYS, **more):
    return [employee(key, "Win", f"No{key}", title=title, **more) for key in keys]


@pytest.fixture
def windows(clean):
    """windows(**behaviour) -> a running WindowsServer."""
    with contextlib.ExitStack() as running:
        yield lambda **behaviour: running.enter_context(WindowsServer(clean, **behaviour))


@pytest.fixture
def at(service):
    """at(server, …) -> the option `directory` that names these servers; a domain controller of the lab by its address."""
    return lambda *servers: service | {"servers": [getattr(one, "address", one) for one in servers]}


@pytest.fixture(scope="module")
def company(clean, module, directory):
    """Twelve accounts in All Staff; the first one is in eight more groups."""
    with connect(directory) as connection:
        staff = people()
        done = module("sync", employees=staff, **RULES | {"source": "plans"})
        assert not done.get("failed") and done["summary"]["changes"]["create"] == 12, done
        first = next(dn for dn, _raw in connection.stream.search(STAFF, ldap_messages.SUBTREE, "(employeeID=w00)", ["cn"]))
        for number in range(8):
            group = {"objectClass": [b"group"], "sAMAccountName": [f"many{number}".encode()], "member": [first.encode()]}
            assert connection.stream.request(ldap_messages.add(f"CN=Many {number},{GROUPS}", group)).code == 0
        return staff


def snapshot(options):
    with connect(options) as connection:
        found = dataclasses.asdict(reading.read_snapshot(connection, ["title", "employeeID"]))
        found["domain"].pop("server")
        for account in [*found["accounts"], *found["groups"]]:
            account["groups"].sort()
        return found


def members(options, group):
    with connect(options) as connection:
        [(_dn, raw)] = range_retrieval.search(connection.stream, f"CN={group},{GROUPS}", ldap_messages.BASE, "(objectClass=*)", ["member", "cn"])
        return raw


def test_ranges_and_pages_give_what_samba_gives(company, windows, directory):
    """Parts of attributes and small pages, references to another domain, and lengths in five bytes change nothing of what a run knows."""
    server = windows(page=7, values=3)
    options = directory | {"servers": [server.address]}
    assert snapshot(options) == snapshot(directory)
    assert server.ranges >= 2 and server.largest == 1000 and server.cut == 0, "memberOf came in parts; no search without pages was too large"
    raw = members(options, "All Staff")
    assert set(raw) == {"member", "cn"} and sorted(raw["member"]) == sorted(members(directory, "All Staff")["member"]) and len(raw["member"]) > 11
    assert not server.refused


def test_the_server_cuts_what_has_no_pages(company, windows, directory, clean):
    """That the stand-in does what this file is about: a client without pages and ranges gets less, and is told so."""
    server = windows(page=7, values=3)
    host, _colon, port = server.address.partition(":")
    tls = ldap3.Tls(ca_certs_file=clean.ca_file)
    with ldap3.Connection(ldap3.Server(host, int(port), use_ssl=True, tls=tls, get_info=ldap3.NONE), directory["username"], directory["password"],
                          auto_bind=True, auto_range=False, return_empty_attributes=False) as client:
        client.search(STAFF, "(objectClass=user)", attributes=["cn"])
        assert client.result["result"] == TOO_MANY.code and len(client.entries) == 7
        client.search(f"CN=All Staff,{GROUPS}", "(objectClass=*)", ldap3.BASE, attributes=["member"])
        shown = client.response[0]["raw_attributes"]
        assert "member" in shown and not shown["member"] and len(shown["member;range=0-2"]) == 3
        paged = ldap3.extend.standard.PagedSearch.paged_search_generator(client, "", "(objectClass=*)", ldap3.BASE, attributes=["*"], paged_size=5)
        assert not list(paged) and client.result["result"] == NO_PAGES_HERE.code
    assert server.cut == 1


def test_a_whole_life_through_it(company, site, windows, at, read):  # noqa: F811
    """create (with its password, enabled at once), update, leave, come back, without a refusal; again is nothing."""
    server = windows(page=7, values=3)
    through = {"directory": at(server)}
    staff = [*company, employee("life", "Win", "Life")]
    checked = site.sync(staff, True, **through)
    done = site.sync(staff, **through)
    assert done["changed"] and checked["diff"] == done["diff"] and done["applied"] == 2, done
    assert read("(employeeID=life)")["userAccountControl"] == ["512"]
    assert site.sync(staff, **through)["writes"] == []
    gone = [*company, employee("life", "Win", "Life", title="Head", end="2026-03-01")]
    assert site.sync(gone, **through)["summary"]["changes"] == {"disable": 1, "group_remove": 1, "move": 1}
    assert read("(employeeID=life)")["dn"] == [f"CN=Win Life,{LEAVERS}"]
    assert site.sync(gone, **through)["writes"] == []
    assert site.sync(staff, **through)["summary"]["changes"] == {"enable": 1, "group_add": 1, "move": 1}
    assert not server.refused and server.cut == 0


def test_lock_out_through_it(company, site, windows, at, read):  # noqa: F811
    server = windows(page=7, values=3)
    given = {"directory": at(server), "who": "w00", "reason": "Dismissed", "ticket": "SEC-1", "asked_by": "grace", "sources": [
        {"source": "plans", "leaver": {"groups": "remove_all", "move_to": LEAVERS}, "groups": RULES["groups"]}]}
    checked = site.run("lock_out", True, **given)
    assert checked["changed"] and checked["writes"] == [] and read("(employeeID=w00)")["userAccountControl"] == ["512"]
    done = site.run("lock_out", **given)
    assert not done.get("failed") and done["changed"], done
    ann = read("(employeeID=w00)")
    assert ann["userAccountControl"] == ["514"] and "memberOf" not in ann, "all nine groups, which came in parts"
    assert not site.run("lock_out", **given)["changed"]
    lifted = site.run("lift_lock_out", **given)
    assert not lifted.get("failed") and len(read("(employeeID=w00)")["memberOf"]) == 9, lifted
    assert not server.refused


def test_a_name_that_the_forest_has(company, site, windows, at, read):  # noqa: F811
    """Only one person is refused, in check mode nobody can know it, and the words say which name."""
    server = windows(names={"userprincipalname": ["WIN.TAKEN@corp.example"]})
    two = [*company, employee("taken", "Win", "Taken"), employee("free", "Win", "Free")]
    done = site.sync(two, directory=at(server))
    assert done["failed"] and done["applied"] and read("(employeeID=free)") and read("(employeeID=taken)") is None, done
    [refused] = [one for one in done["refused"] if one["action"] == "create"]
    assert "the userPrincipalName is in use already, attribute userPrincipalName" in refused["message"] and "000021C8" in refused["message"], refused
    own = site.run("user", directory=at(server), identity="w01", identity_attribute="employeeID", upn="win.taken@corp.example")
    assert own["failed"] and "userPrincipalName is in use already" in own["msg"] and read("(employeeID=w01)")["userPrincipalName"] != ["win.taken@corp.example"]
    spn = windows(names={"serviceprincipalname": ["http/web.other.example"]})
    own = site.run("user", directory=at(spn), identity="w01", identity_attribute="employeeID", attributes={"set": {"servicePrincipalName": ["HTTP/web.other.example"]}})
    assert own["failed"] and "a service principal name is in use already" in own["msg"], own


def test_refusals_have_the_words_of_windows(company, site, windows, at, read):  # noqa: F811
    """A logon name that somebody outside of the base has, a right that is missing, an OU that is gone, another domain."""
    server = windows(names={"samaccountname": ["wín.accent"]})
    new = {"path": STAFF, "name": "Win Accent"}
    taken = site.run("user", directory=at(server), identity="win.accent", **new)
    assert taken["failed"] and "an account with this name exists already (68 entryAlreadyExists: 00000524: UpdErr" in taken["msg"], taken
    denied = site.run("user", directory=at(server), identity="win.denied", path=f"CN=Users,{BASE}", name="Win Denied")
    assert denied["failed"] and "does not have the right" in denied["msg"] and "00000005: SecErr" in denied["msg"], denied
    elsewhere = site.run("user_info", directory=at(server), identity=f"CN=Ann,{OTHER_DOMAIN}")
    assert elsewhere["failed"] and "another server has to be asked" in elsewhere["msg"] and "other.example" in elsewhere["msg"], elsewhere
    weak = site.run("user", directory=at(server), identity="w01", identity_attribute="employeeID", password="short", update_password="always")
    assert weak["failed"] and "does not meet the domain's policy" in weak["msg"] and "0000052D: SvcErr" in weak["msg"], weak
    assert {answer.code for _tag, answer in server.refused} == {10, 50, 53, 68} and read("(|(sAMAccountName=win.accent)(sAMAccountName=win.denied))") is None


@pytest.mark.parametrize(("behaviour", "words"), [({"read_only": True}, "read-only domain controller"), ({"synchronized": False}, "not synchronized")])
def test_a_server_that_lacks_something_is_not_used(company, site, windows, at, clean, behaviour, words):  # noqa: F811
    unfit = windows(**behaviour)
    done = site.sync(people("Lead"), directory=at(unfit, clean.address))
    assert not done.get("failed") and done["changed"] and unfit.entries == 1, "only its rootDSE was read"
    site.sync(company)
    alone = site.run("user_info", directory=at(unfit))
    assert alone["failed"] and words in alone["msg"] and unfit.address in alone["msg"] and "Name " in alone["msg"], alone


def test_a_server_that_dies_in_the_middle_of_a_page(company, site, windows, at, clean):  # noqa: F811
    """Nothing of what the dead one has given is used: what it showed of everybody was old."""
    whole = windows(shown={"title": "Old"})
    stale = site.sync(company, True, directory=at(whole))
    assert stale["summary"]["changes"] == {"update": 12}, "read from the first one alone, everybody differs"
    healthy = windows()
    assert not site.sync(company, directory=at(healthy))["changed"]
    for dies_after in (healthy.entries // 2, healthy.entries - 1):
        dying, other = windows(shown={"title": "Old"}, dies_after=dies_after), windows()
        done = site.sync(company, directory=at(dying, other))
        assert not done.get("failed") and not done["changed"] and done["writes"] == [], done
        assert dying.entries == dies_after + 1 and other.entries == healthy.entries, "the next one gave everything, from the start"


def test_every_moment_of_a_reading(company, windows, directory):
    """Wherever it ends, what is read is what the next one has."""
    wanted = snapshot(directory)["accounts"]
    counting = windows(page=5)
    snapshot(directory | {"servers": [counting.address]})
    for dies_after in range(1, counting.entries, 31):
        dying, warned = windows(page=5, shown={"title": "Old"}, dies_after=dies_after), []
        options = directory | {"servers": [dying.address, directory["servers"][0]]}

        def read_all(connection):
            found = dataclasses.asdict(reading.read_snapshot(connection, ["title", "employeeID"]))["accounts"]
            for account in found:
                account["groups"].sort()
            return found
        assert with_directory(options, read_all, warned.append) == wanted, dies_after
        assert len(warned) == 1 and "lost before anything was written" in warned[0] and dying.entries == dies_after + 1
