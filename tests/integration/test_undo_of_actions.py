"""The undo of each action, on accounts that have everything: what is not put back is said."""
from __future__ import annotations

import base64

import ldap3
import pytest
from few import few
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_moment_of_writing import ldap  # noqa: F401  (the fixture)
from test_sync_module import LEAVERS, RULES, STAFF, employee

DOMAIN = "DC=corp,DC=example"
ERP, SALES = (f"CN={name},OU=Groups,{DOMAIN}" for name in ("ERP Users", "Sales"))
PHOTO = base64.b64decode("/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////2Q==")
# What only the directory knows: no rule names it
RICH = {
    "thumbnailPhoto": [PHOTO], "jpegPhoto": [PHOTO], "info": ["A note\r\nin two lines"], "homePhone": ["+49 30 1"], "otherTelephone": ["1", "2"],
    "proxyAddresses": ["SMTP:a@example.com", "smtp:b@example.com"], "url": ["https://example.com"], "logonHours": [b"\xff" * 21],
    "streetAddress": ["Wörther Str. 1"], "description": ["Key, \"quoted\""], "servicePrincipalName": ["http/rich.example.com"], "employeeNumber": ["00042"],
    "accountExpires": ["134432352000000000"], "extensionName": ["one", "two"], "countryCode": ["276"],
}
# The server computes these anew
SERVERS = {"whenChanged", "uSNChanged", "pwdLastSet", "dSCorePropagationData", "lastLogonTimestamp", "lastLogon", "logonCount", "badPwdCount",
           "badPasswordTime", "objectCategory", "adminCount", "operatorCount",  # 0 for whoever is restored
           "lastKnownParent", "msDS-LastKnownRDN", "lockoutTime"}


@pytest.fixture
def rich(site, ldap, read):  # noqa: F811
    """rich(key, **more of the employee) -> the employee, whose account has everything: with a manager, a report, groups and values of RICH."""
    def make(key, **more):
        person = employee(key, "Rich", key, manager=f"{key}b", **more)
        others = [employee(f"{key}b", "Boss", key), employee(f"{key}r", "Report", key, manager=key)]
        site.sync([person, *others], limits={})
        dn = read(f"(employeeID={key})")["dn"][0]
        assert read(f"(employeeID={key}r)")["manager"] == [dn] and read(dn)["manager"]
        values = {name: [text.encode() if isinstance(text, str) else text for text in texts] for name, texts in RICH.items()}
        values["servicePrincipalName"] = [f"http/{key}.example.com".encode()]
        values["userAccountControl"] = [b"66048"]  # the password never expires
        assert ldap.modify(dn, {name: [(ldap3.MODIFY_REPLACE, texts)] for name, texts in values.items()}), ldap.result
        for group in (ERP, SALES):
            assert ldap.modify(group, {"member": [(ldap3.MODIFY_ADD, [dn])]}), ldap.result
        return person, others
    return make


@pytest.fixture
def state(ldap):  # noqa: F811
    """state(key) -> {dn, attributes} of the account, as bytes, with its groups and reports, without what the server computes."""
    def read_state(key):
        ldap.search(DOMAIN, f"(employeeID={key})", attributes=["*", "memberOf", "directReports"])
        (entry,) = ldap.response[:1] if ldap.response and "raw_attributes" in ldap.response[0] else (None,)
        if entry is None:
            return None
        values = {name: sorted(texts) for name, texts in entry["raw_attributes"].items() if name not in SERVERS and texts}
        return {"dn": entry["dn"], **values}
    return read_state


CHANGES = {
    "update": {"title": "Boss"},
    "rename": {"last": "Other"},
    "group_add": {"title": "Head"},
    "disable": {"end": "2026-01-01"},
}


@pytest.mark.parametrize("action", CHANGES)
def test_changes_of_a_rich_account(site, rich, state, action):  # noqa: F811
    key = f"c{list(CHANGES).index(action)}"
    person, others = rich(key)
    before = state(key)
    done = site.sync([person | CHANGES[action], *others], undo_dest=site.undo, journal=site.journal)
    assert not done.get("failed") and action in done["summary"]["changes"], done
    assert state(key) != before
    undone = site.apply(src=site.undo)
    assert not undone.get("failed"), undone["msg"]
    assert state(key) == before


def test_the_undo_of_a_rehire_and_of_a_removed_group(site, rich, state):  # noqa: F811
    person, others = rich("r1", title="Head")
    site.sync([person | {"end": "2026-01-01"}, *others])
    locked = state("r1")
    site.sync([person | {"title": "Clerk"}, *others], undo_dest=site.undo)
    assert state("r1")["userAccountControl"] == [b"66048"]
    undone = site.apply(src=site.undo)
    assert not undone.get("failed") and state("r1") == locked, undone["msg"]


def test_the_undo_of_a_creation(site, state):  # noqa: F811
    staff = [employee("n1", "New", "One", manager="n2"), employee("n2", "New", "Two")]
    site.sync(staff, undo_dest=site.undo)
    undone = site.apply(src=site.undo)
    assert not undone.get("failed") and state("n1") is None and state("n2") is None, undone["msg"]


@pytest.mark.parametrize("by", ["plan", "journal"])
@pytest.mark.parametrize("with_manager", few([False, True]))
def test_a_deletion_is_undone_wholly(site, rich, state, by, with_manager):  # noqa: F811
    """The account, its groups, its manager, its reports, its photo, its aliases, its flags; with_manager: the manager is deleted as well."""
    key = f"{by[0]}{int(with_manager)}"
    person, others = rich(key)
    people = [person, others[0], others[1]]
    gone = [one | {"end": "2026-01-01"} if with_manager or one is person else one for one in people[:2]] + people[2:]
    if not with_manager:
        gone[1] = people[1]
    kept = {"leaver": {"groups": "keep", "move_to": LEAVERS}}
    site.sync(gone, as_of="2026-01-10", **kept)
    before = {one["number"]: state(one["number"]) for one in people}
    assert before[key]["directReports"] and {text.decode() for text in before[key]["memberOf"]} >= {ERP, SALES}
    kept["leaver"] |= {"delete_after_days": 30}
    deleted = site.sync(gone, as_of="2026-04-01", undo_dest=site.undo, journal=site.journal, plan_dest=site.plan, **kept)
    assert deleted["summary"]["changes"].keys() == {"delete"} and state(key) is None, deleted
    shown, states = site.report()
    assert not shown.get("failed") and set(states.values()) == {"applied"}, "the journal has more of the account than the plan"
    assert "+49 30 1" not in str(deleted), "what no rule names is in the journal and the undo plan only"
    given = {"src": site.undo} if by == "plan" else {"undo_journal": site.journal}
    refused = site.run("apply_plan", **given)
    assert refused["failed"] and "not undone" in refused["msg"] and refused["writes"] == [], "the account of the run may not bring it back"
    undone = site.run("apply_plan", directory=site.administrator, **given)
    assert not undone.get("failed"), undone["msg"]
    assert "+49 30 1" not in str(undone) and "homePhone" in str(undone["diff"]), "hidden: no rule names it"
    assert any("new password" in finding["message"] for finding in undone["findings"]), undone["findings"]
    after = {one["number"]: state(one["number"]) for one in people}
    for number, one in before.items():
        differing = {name for name in one.keys() | after[number].keys() if one.get(name) != after[number].get(name)}
        assert differing == set(), f"{number}: {differing}"


def test_what_an_undo_leaves_out_is_a_failure(site, rich, ldap, state):  # noqa: F811
    person, others = rich("f1")
    site.sync([person | {"title": "Boss"}, *others], undo_dest=site.undo)
    assert ldap.modify(state("f1")["dn"], {"title": [(ldap3.MODIFY_REPLACE, ["By hand"])]})
    for check in (True, False):
        undone = site.apply(check, src=site.undo)
        assert undone["failed"] and "1 change is not undone" in undone["msg"] and "title has changed since" in undone["msg"], undone


def test_a_password_that_was_scrambled_is_said(site, rich):  # noqa: F811
    person, others = rich("s1")
    site.sync([person | {"end": "2026-01-01"}, *others], undo_dest=site.undo, leaver=RULES["leaver"] | {"scramble_password": True})
    undone = site.apply(src=site.undo)
    assert not undone.get("failed") and [finding["kind"] for finding in undone["findings"]] == ["not_undone"]
    assert "former password" in undone["findings"][0]["message"] and STAFF
