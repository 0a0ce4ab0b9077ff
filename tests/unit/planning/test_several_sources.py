# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several sources in one domain: one plan, one set of names, people of two sources, accounts that change their owner."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.ownership import mark_of
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import digest_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import (
    Feed,
    people_of_sources,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.policies import Limit
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

TAX = {"same": {"tax_number": "tax"}}
ELMO, ICEHRM = {"identity": TAX}, {"identity": TAX, "groups": [{"groups": ["Finance"]}]}


@pytest.fixture
def planned(company):
    """planned({source: employees}, snapshot, {source: rules}) -> the plan of all sources."""
    def plan(feeds, snapshot, rules=None, as_of=company.as_of, **options):
        chosen = {"elmo": ELMO, "icehrm": ICEHRM, **(rules or {})}
        given = [Feed(company.rules(source=name, optional_fields=["tax"], **chosen.get(name, {})), employees) for name, employees in feeds.items()]
        return make_plan(people_of_sources(given, as_of), snapshot, as_of, **options).plan
    return plan


def by_action(plan):
    found = {}
    for change in plan.changes:
        found.setdefault(change.action, []).append(change)
    return found


def kinds(plan):
    return sorted((finding.source, finding.kind, finding.key) for finding in plan.findings)


def the_mark(snapshot, sam):
    return next(mark_of(one, "adminDescription") for one in snapshot.accounts if one.attributes["sAMAccountName"] == [sam])


def test_one_set_of_names(company, planned):
    """Two people with one name in two sources get two names, in one plan, for any order of the sources and the feeds."""
    feeds = {"elmo": [company.employee("1")], "icehrm": [company.employee("900", start="2019-01-01")]}
    plan = planned(feeds, company.snapshot())
    names = {change.source: change.attributes["sAMAccountName"].after for change in plan.changes if change.action == "create"}
    assert names == {"elmo": ["ann"], "icehrm": ["alee"]}, "the earlier first day has the first name, whatever the source"
    turned = planned(dict(reversed(feeds.items())), company.snapshot())
    assert {str(change) for change in turned.changes} == {str(change) for change in plan.changes}
    after = apply_simulated(company.snapshot(), plan.changes)
    assert planned(feeds, after).changes == []
    assert plan.sources == ["elmo", "icehrm"] and digest_of(plan) != digest_of(turned), "the order of the sources is part of the plan"


@pytest.mark.parametrize(("old", "new"), [("elmo", "icehrm"), ("icehrm", "elmo")])
@pytest.mark.parametrize("left", ["2026-02-27", None])
def test_hand_over(company, planned, old, new, left):
    """A person moves from one source to the other: one action; the name and the account stay."""
    groups = ["CN=All Staff,OU=Groups,DC=corp,DC=example", "CN=Finance,OU=Groups,DC=corp,DC=example", "CN=By Hand,OU=Groups,DC=corp,DC=example"]
    snapshot = company.snapshot(company.account("1", "alee", "Ann Lee", groups=groups, mark=f"hris.ad source={old} state=active", givenName="Ann", sn="Lee",
                                                displayName="Ann Lee", title="Clerk"),
                                groups=[company.group("All Staff"), company.group("Finance", 2001), company.group("By Hand", 2002)])
    before = company.employee("1", tax="T1", end=left) if left else company.employee("1", tax="T1")
    feeds = {old: [before], new: [company.employee("77", tax="T1", start="2026-03-02", title="Head")]}
    rules = {old: {"identity": TAX, "groups": [{"groups": ["Finance"]}]}, new: {"identity": TAX, "groups": [{"groups": ["All Staff"]}]}}
    plan = planned({name: feeds[name] for name in (new, old)}, snapshot, rules)
    found = by_action(plan)
    assert "disable" not in found and "create" not in found and "rename" not in found, plan.changes
    (change,) = found["take_over"]
    assert change.source == new and change.guid == "guid-alee" and list(change.attributes) == ["adminDescription"]
    contributors = f" contributors={old}" if left is None else ""
    assert change.attributes["adminDescription"].after == [f"hris.ad source={new} state=active{contributors} key=77"]
    assert found["update"][0].attributes["title"].after == ["Head"] and "relink" not in found, "the key stays while its record is there"
    taken = [change.group.partition(",")[0] for change in found.get("group_remove", ())]
    assert taken == (["CN=Finance"] if left else []), "a group that a current record wants stays, and one that was given by hand"
    then = apply_simulated(snapshot, plan.changes)
    assert planned({name: feeds[name] for name in (new, old)}, then, rules).changes == []
    gone = {new: feeds[new], old: []}
    again = planned(gone, then, rules)
    assert [change.action for change in again.changes] == ["relink"] + ["update"] * 1 + ["group_remove"] * (left is None), again.changes
    assert planned(gone, apply_simulated(then, again.changes), rules).changes == []


def test_hand_over_back_of_a_locked_account(company, planned):
    """A leaver of one source starts in the other one: the account is enabled, with its name."""
    account = company.account("1", "alee", "Ann Lee", ou=company.leavers, enabled=False, mark="hris.ad source=elmo state=disabled since=2026-02-01",
                              givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    feeds = {"elmo": [company.employee("1", tax="T1", end="2026-01-31")], "icehrm": [company.employee("77", tax="T1", start="2026-03-01")]}
    plan = planned(feeds, company.snapshot(account))
    assert [change.action for change in plan.changes][:2] == ["enable", "take_over"]
    then = apply_simulated(company.snapshot(account), plan.changes)
    assert then.accounts[0].enabled and the_mark(then, "alee").source == "icehrm" and planned(feeds, then).changes == []


def test_a_killed_hand_over_converges(company, planned):
    account = company.account("1", "alee", "Ann Lee", ou=company.leavers, enabled=False, mark="hris.ad source=elmo state=disabled since=2026-02-01",
                              givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    feeds = {"elmo": [company.employee("1", tax="T1", end="2026-01-31")], "icehrm": [company.employee("77", tax="T1", start="2026-03-01")]}
    whole = apply_simulated(company.snapshot(account), planned(feeds, company.snapshot(account)).changes)
    changes = planned(feeds, company.snapshot(account)).changes
    for number in range(len(changes)):
        killed = apply_simulated(company.snapshot(account), changes[:number])
        rest = planned(feeds, killed)
        assert apply_simulated(killed, rest.changes).accounts == whole.accounts, number


def test_everybody_has_left(company, planned):
    """All records of both sources have ended: a lock, and no new owner."""
    snapshot = company.snapshot(company.account("1", "alee", "Ann Lee", mark="hris.ad source=elmo state=active contributors=icehrm", givenName="Ann", sn="Lee",
                                                displayName="Ann Lee", title="Clerk"))
    feeds = {"elmo": [company.employee("1", tax="T1", end="2026-01-31")], "icehrm": [company.employee("77", tax="T1", start="2025-03-01", end="2026-02-10")]}
    plan = planned(feeds, snapshot)
    assert "take_over" not in by_action(plan) and "disable" in by_action(plan)
    then = apply_simulated(snapshot, plan.changes)
    assert the_mark(then, "alee").source == "elmo" and not then.accounts[0].enabled and planned(feeds, then).changes == []


def test_one_of_two_has_ended(company, planned):
    """Somebody who works on in the other source keeps access."""
    snapshot = company.snapshot(company.account("1", "alee", "Ann Lee", mark="hris.ad source=elmo state=active contributors=icehrm", givenName="Ann", sn="Lee"))
    feeds = {"elmo": [company.employee("1", tax="T1")], "icehrm": [company.employee("77", tax="T1", start="2025-03-01", end="2026-02-10")]}
    plan = planned(feeds, snapshot)
    assert "disable" not in by_action(plan) and "take_over" not in by_action(plan)
    assert the_mark(apply_simulated(snapshot, plan.changes), "alee").contributors == ()


def test_the_same_key_of_two_people(company, planned):
    """Situation 78: the account of the other source is left alone, and its person goes on."""
    snapshot = company.snapshot(company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk"))
    feeds = {"elmo": [company.employee("1", title="Head")], "icehrm": [company.employee("1", "Karim", "Osei")]}
    plan = planned(feeds, snapshot)
    assert {change.source for change in plan.changes} == {"elmo"}
    assert kinds(plan) == [("icehrm", "other_source", "1")]
    both = company.snapshot(*snapshot.accounts, company.account("1", "kosei", "Karim Osei", mark="hris.ad source=icehrm state=active", rid=1101, givenName="Karim",
                                                                sn="Osei", displayName="Karim Osei", title="Clerk"))
    assert kinds(planned(feeds, both)) == [], "each has an account with the key, and the marks say whose"


@pytest.mark.parametrize(("first", "last", "joined", "finding"), [
    ("Ann", "Lee", True, None),
    ("ann", "LEE", True, None),
    ("Ann", "Osei", False, "same_person"),
    ("Karim", "Osei", False, None),
    ("Ann", None, False, "same_person"),  # one name alone is too little
])
def test_the_same_key_joins_where_the_names_agree(company, planned, first, last, joined, finding):
    feeds = {"elmo": [company.employee("1", end="2026-02-27")], "icehrm": [company.employee("1", first, last, start="2026-03-01")]}
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee")
    plan = planned(feeds, company.snapshot(account))
    assert ("take_over" in by_action(plan)) is joined
    assert finding is None or finding in {one.kind for one in plan.findings}
    assert ("disable" in by_action(plan)) is not joined, "the leaver is locked"


def decision(action, **more):
    return {"exceptions": [{"key": "1", "action": action, "other": "77", "other_source": "icehrm", "reason": "test", **more}]}


@pytest.mark.parametrize("until", [None, "2026-03-02", "2026-03-01"])
def test_a_human_joins_or_separates(company, planned, until):
    """An exception counts until its last day; also one that separates people with the same identifier."""
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee")
    feeds = {"elmo": [company.employee("1", end="2026-02-27")], "icehrm": [company.employee("77", start="2026-03-01")]}
    counts = until != "2026-03-01"
    plan = planned(feeds, company.snapshot(account), {"elmo": ELMO | decision("join", until=until)})
    assert ("take_over" in by_action(plan)) is counts
    same = {name: [employee | {"tax": "T1"} for employee in employees] for name, employees in feeds.items()}
    plan = planned(same, company.snapshot(account), {"elmo": ELMO | decision("separate", until=until)})
    assert ("take_over" in by_action(plan)) is not counts and ("disable" in by_action(plan)) is counts


def test_two_accounts_are_never_merged(company, planned):
    """A joined person with an account in each source: neither is written, and a key that has ended is locked."""
    snapshot = company.snapshot(company.account("1", "alee", "Ann Lee"), company.account("77", "ann", "Ann Lee 2", mark="hris.ad source=icehrm state=active", rid=1101))
    feeds = {"elmo": [company.employee("1", tax="T1", end="2026-02-27")], "icehrm": [company.employee("77", tax="T1")]}
    plan = planned(feeds, snapshot)
    assert [(change.action, change.source, change.dn) for change in plan.changes] == [("disable", "elmo", f"CN=Ann Lee,{company.staff}")]
    assert "duplicate_account" in {finding.kind for finding in plan.findings}
    assert planned(feeds, apply_simulated(snapshot, plan.changes)).changes == []


def test_a_record_that_was_removed(company, planned):
    """HR of the first source removed the record; the second one has the same key and names: taken over, else left alone."""
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    plan = planned({"elmo": [], "icehrm": [company.employee("1")]}, company.snapshot(account))
    assert "take_over" in by_action(plan) and "absent" not in {finding.kind for finding in plan.findings}
    other = planned({"elmo": [], "icehrm": [company.employee("1", "Karim", "Osei")]}, company.snapshot(account))
    assert other.changes == [] and kinds(other) == [("elmo", "absent", "1"), ("icehrm", "other_source", "1")]


def test_a_new_person_like_an_account_that_nobody_has_in_the_other_source(company, planned):
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee")
    plan = planned({"elmo": [], "icehrm": [company.employee("77")]}, company.snapshot(account))
    assert plan.changes == [] and ("icehrm", "looks_absent", "77") in kinds(plan)
    link = {"exceptions": [{"key": "77", "action": "link", "account": "alee", "reason": "the same"}]}
    linked = planned({"elmo": [], "icehrm": [company.employee("77")]}, company.snapshot(account), {"icehrm": ICEHRM | link})
    assert {"take_over", "relink"} <= set(by_action(linked))


@pytest.mark.parametrize("same_names", [True, False])
def test_a_fallback_across_sources(company, planned, same_names):
    """A fallback finds the account of somebody who has left the other source, where the names are the same."""
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk", mail="ann@example.com")
    rules = {"icehrm": ICEHRM | {"correlation": {"relink": True, "fallbacks": [{"attribute": "mail", "value": "mail"}]}}}
    last = "Lee" if same_names else "Osei"
    feeds = {"elmo": [company.employee("1", end="2026-02-27")], "icehrm": [company.employee("77", "Ann" if same_names else "Karim", last, mail="ann@example.com")]}
    plan = planned(feeds, company.snapshot(account), rules)
    found = by_action(plan)
    assert ("take_over" in found and "relink" in found) is same_names
    assert ("disable" in found) is not same_names
    then = apply_simulated(company.snapshot(account), plan.changes)
    assert planned(feeds, then, rules).changes == []


def test_the_primary_record(company, planned):
    """Preferences come first, then the order of the sources, then the earliest start."""
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    elmo, icehrm = company.employee("1", tax="T1"), company.employee("77", tax="T1", start="2010-01-01", title="Head")
    assert "take_over" not in by_action(planned({"elmo": [elmo], "icehrm": [icehrm]}, company.snapshot(account)))
    assert "take_over" in by_action(planned({"icehrm": [icehrm], "elmo": [elmo]}, company.snapshot(account)))
    prefer = {"icehrm": ICEHRM | {"primary": {"prefer": ["title == 'Head'"]}}}
    assert "take_over" in by_action(planned({"elmo": [elmo], "icehrm": [icehrm]}, company.snapshot(account), prefer))


def test_groups_of_all_current_records(company, planned):
    """A rule of the other source about all current records gives its groups; another one keeps them."""
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk", groups=["CN=Finance,OU=Groups,DC=corp,DC=example"])
    feeds = {"elmo": [company.employee("1", tax="T1")], "icehrm": [company.employee("77", tax="T1", department="Finance")]}
    given = {"icehrm": ICEHRM | {"groups": [{"groups": ["Finance"], "when": "department == 'Finance'", "records": "current"}]}}
    kept = {"icehrm": ICEHRM | {"groups": [{"groups": ["Finance"], "when": "department == 'Finance'"}]}}
    member, nobody = company.snapshot(account), company.snapshot(company.account("1", "alee", "Ann Lee"))
    names = [{change.group.partition(",")[0] for change in by_action(planned(feeds, snapshot, rules)).get("group_add", ())}
             for rules in (given, kept) for snapshot in (member, nobody)]
    assert names == [{"CN=All Staff"}, {"CN=All Staff", "CN=Finance"}, {"CN=All Staff"}, {"CN=All Staff"}]
    for rules in (given, kept):
        assert "group_remove" not in by_action(planned(feeds, member, rules))
        other = feeds | {"icehrm": [company.employee("77", tax="T1")]}
        taken = by_action(planned(other, member, rules))["group_remove"]
        assert [change.group for change in taken] == ["CN=Finance,OU=Groups,DC=corp,DC=example"], "no current record wants it any more"


def test_managers_of_the_other_source(company, planned):
    """By the key; a person who is joined has one account."""
    feeds = {"elmo": [company.employee("1"), company.employee("2", "Bo", "Ek", manager="77")],
             "icehrm": [company.employee("77", "Cy", "Oh", manager="1"), company.employee("78", "Di", "Fox", manager="9")]}
    plan = planned(feeds, company.snapshot())
    managers = {change.key: change.attributes["manager"].after[0] for change in plan.changes if "manager" in change.attributes}
    assert managers == {"2": f"CN=Cy Oh,{company.staff}", "77": f"CN=Ann Lee,{company.staff}"}
    assert [(finding.source, finding.kind, finding.key) for finding in plan.findings] == [("icehrm", "reference", "78")]


def test_limits_of_a_source_and_of_the_whole(company, planned):
    accounts = [company.account(str(number), f"s{number}", f"S {number}", rid=1100 + number, mark=f"hris.ad source={source} state=active")
                for source, numbers in (("elmo", range(1, 11)), ("icehrm", range(11, 21))) for number in numbers]
    feeds = {"elmo": [company.employee(str(number), "S", str(number), end="2026-01-31" if number < 5 else None) for number in range(1, 11)],
             "icehrm": [company.employee(str(number), "S", str(number), end="2026-01-31" if number < 13 else None) for number in range(11, 21)]}
    rules = {"elmo": ELMO | {"limits": {"disable": {"percent": 30}}}, "icehrm": ICEHRM | {"limits": {"disable": {"percent": 30}}}}
    plan = planned(feeds, company.snapshot(*accounts), rules, limits={"disable": Limit(5, None)})
    assert [(one.source, one.changes, one.of, one.exceeded) for one in plan.limits if one.action == "disable"] == [
        (None, 6, 20, True), ("elmo", 4, 10, True), ("icehrm", 2, 10, False)]


@pytest.mark.parametrize("mark", ["hris.ad source=elmo state=active contributors=icehrm", "hris.ad source=icehrm state=active contributors=elmo"])
@pytest.mark.parametrize(("employee", "given"), [
    ({"end": "2026-02-27"}, set()),  # has left here, and may work there
    ({"department": "Finance", "title": None}, {"group_add"}),  # a group is given; the title is not cleared
    (None, set()),  # absent here
])
def test_a_source_that_is_left_out(company, planned, mark, employee, given):
    """Nothing is taken from an account that it owns or contributes to."""
    account = company.account("1", "alee", "Ann Lee", mark=mark, givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk",
                              groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"])
    feed = [] if employee is None else [company.employee("1", tax="T1") | employee]
    rules = {"elmo": ELMO | {"groups": [{"groups": ["Finance"], "when": "department == 'Finance'"}, {"groups": ["All Staff"], "when": "department == 'X'"}],
                             "absent": {"action": "disable", "grace_days": 0}}}
    plan = planned({"elmo": feed}, company.snapshot(account), rules, left_out={"icehrm": "the feed has no employee"})
    is_ours = "source=elmo" in mark
    assert {change.action for change in plan.changes} == (given if is_ours else set()), plan.changes
    assert plan.left_out == ["icehrm"] and ("icehrm", "left_out", None) in kinds(plan)
    open_access = {finding.kind for finding in plan.findings} & {"has_left", "may_have_left"}
    assert bool(open_access) is (employee == {"end": "2026-02-27"}), "said loudly"
    assert digest_of(plan) != digest_of(planned({"elmo": feed}, company.snapshot(account), rules))


def test_a_new_person_may_belong_to_a_source_that_is_left_out(company, planned):
    account = company.account("77", "alee", "Ann Lee", mark="hris.ad source=icehrm state=active", givenName="Ann", sn="Lee")
    plan = planned({"elmo": [company.employee("1")]}, company.snapshot(account), left_out={"icehrm": "HR could not be read"})
    assert plan.changes == [] and ("elmo", "looks_absent", "1") in kinds(plan)


def test_an_old_mark_is_read(company, planned):
    """Marks of a version without contributors."""
    account = company.account("1", "alee", "Ann Lee", mark="hris.ad source=elmo state=active", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk",
                              groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"])
    feeds = {"elmo": [company.employee("1", tax="T1")], "icehrm": [company.employee("77", tax="T1", department="X")]}
    plan = planned(feeds, company.snapshot(account))
    assert [change.attributes["adminDescription"].after for change in plan.changes if "adminDescription" in change.attributes] == [
        ["hris.ad source=elmo state=active key_source=icehrm contributors=icehrm key=77"]]
    then = apply_simulated(company.snapshot(account), plan.changes)
    assert planned(feeds, then).changes == []
    alone = planned({"elmo": feeds["elmo"], "icehrm": []}, then)
    assert [change.attributes["adminDescription"].after for change in alone.changes] == [["hris.ad source=elmo state=active"]]


def test_marks_in_different_attributes(company, planned):
    with pytest.raises(HrisError, match="keep their marks in different attributes"):
        planned({"elmo": [], "icehrm": []}, company.snapshot(), {"icehrm": {"ownership": {"attribute": "info"}}})


def test_allowed_actions_of_a_source(company, planned):
    """What one source may not do the other one may; where a take-over is not allowed, nothing else is done to the account."""
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    feeds = {"elmo": [company.employee("1", tax="T1", end="2026-02-27"), company.employee("2", "Bo", "Ek")],
             "icehrm": [company.employee("77", tax="T1", start="2026-03-01", title="Head")]}
    plan = planned(feeds, company.snapshot(account), {"icehrm": ICEHRM | {"actions": ["create", "update"]}})
    assert {change.key for change in plan.changes} == {"2"} and ("icehrm", "not_allowed", "77") in kinds(plan)


@pytest.mark.parametrize(("owner", "other"), [("elmo", "icehrm"), ("icehrm", "elmo")])
@pytest.mark.parametrize(("end", "action"), [(None, "take_over"), ("2026-01-31", "disable")])
def test_the_record_of_the_owner_was_removed(company, planned, owner, other, end, action):
    """The account is found by the key in its mark: the other source goes on with it, or locks it."""
    account = company.account("1", "alee", "Ann Lee", mark=f"hris.ad source={owner} state=active key_source={other} key=77", givenName="Ann", sn="Lee",
                              displayName="Ann Lee", title="Clerk")
    feeds = {owner: [], other: [company.employee("77", tax="T1", end=end)]}
    plan = planned(feeds, company.snapshot(account))
    assert action in by_action(plan) and kinds(plan) == []
    then = apply_simulated(company.snapshot(account), plan.changes)
    assert planned(feeds, then).changes == [] and the_mark(then, "alee").source == (other if end is None else owner)
    joined = {owner: [company.employee("1", "Bo", "Ek")], other: feeds[other]}
    assert planned(joined, company.snapshot(account)).changes == [], "somebody else has the key of the account"


REMEMBERING = {"elmo": {"identity": TAX, "groups": [{"groups": ["Finance"]}], "leaver": {"groups": "remove_all", "attributes": {"info": {"constant": "left"}}}},
               "icehrm": {"identity": TAX, "groups": [{"groups": ["All Staff"]}], "rehire": {"restore": [{"within_days": 30, "what": "groups"}]}}}


def test_who_is_back_in_the_other_source(company, planned):
    """The groups that the rules of the former owner gave are not given back, others are; and what its leaver rules wrote is cleared."""
    names = ("All Staff", "Finance", "By Hand")
    groups = [company.group(name, 2000 + number) for number, name in enumerate(names)]
    member = [f"CN={name},OU=Groups,DC=corp,DC=example" for name in names[1:]]
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk", groups=member)
    feeds = {"elmo": [company.employee("1", tax="T1", end="2026-02-27")], "icehrm": []}
    left = apply_simulated(company.snapshot(account, groups=groups), planned(feeds, company.snapshot(account, groups=groups), REMEMBERING).changes)
    assert left.accounts[0].groups == [] and left.accounts[0].attributes["info"] == ["left"]
    feeds["icehrm"] = [company.employee("77", tax="T1", start="2026-03-01")]
    plan = planned(feeds, left, REMEMBERING)
    assert {change.group.partition(",")[0] for change in by_action(plan)["group_add"]} == {"CN=All Staff", "CN=By Hand"}
    then = apply_simulated(left, plan.changes)
    assert "info" not in then.accounts[0].attributes or not then.accounts[0].attributes["info"]
    assert planned(feeds, then, REMEMBERING).changes == []
    for number in range(len(plan.changes)):
        killed = apply_simulated(left, plan.changes[:number])
        assert apply_simulated(killed, planned(feeds, killed, REMEMBERING).changes).accounts == then.accounts, number


@pytest.mark.parametrize(("before", "after", "expires"), [(True, False, "9223372036854775807"), (True, True, "9223372036854775807"), (False, False, "134172288000000000")])
def test_the_last_day_of_the_former_owner(company, planned, before, after, expires):
    """accountExpires ends together with the ownership; where the former owner does not set it, it is somebody else's."""
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk", accountExpires="134172288000000000")
    feeds = {"elmo": [company.employee("1", tax="T1", end="2026-02-28")], "icehrm": [company.employee("77", tax="T1", start="2026-03-01")]}
    rules = {name: {"identity": TAX, "leaver": {"account_expires": sets}} for name, sets in (("elmo", before), ("icehrm", after))}
    plan = planned(feeds, company.snapshot(account), rules)
    then = apply_simulated(company.snapshot(account), plan.changes)
    assert then.accounts[0].attributes["accountExpires"] == [expires]
    if before and not after:
        assert set(by_action(plan)["take_over"][0].attributes) == {"adminDescription", "accountExpires"}, "in one write"
    assert planned(feeds, then, rules).changes == []


@pytest.mark.parametrize("key", ["1", "77"])
def test_an_exception_about_a_key_of_either_source(company, planned, key):
    """Who is excluded in one source is not written, whichever source has the primary record."""
    account = company.account("1", "alee", "Ann Lee", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    feeds = {"elmo": [company.employee("1", tax="T1", title="Head")], "icehrm": [company.employee("77", tax="T1")]}
    source = {"1": "elmo", "77": "icehrm"}[key]
    exclude = {"identity": TAX, "exceptions": [{"key": key, "action": "exclude", "reason": "test"}]}
    plan = planned(feeds, company.snapshot(account), {source: exclude})
    assert plan.changes == [] and kinds(plan) == [("elmo", "excluded", "1")]
    other = {"identity": TAX, "exceptions": [{"key": key, "action": "exclude", "reason": "test"}]}
    assert planned(feeds, company.snapshot(account), {"icehrm" if source == "elmo" else "elmo": other}).changes, "a key of another source"


def test_who_was_enabled_by_hand_before_the_next_record_begins(company, planned):
    """Locked again, and what the leaver rules wrote stays until the record begins."""
    rules = {name: {"identity": TAX, "joiner": {"create_days_before": 5}, "leaver": {"attributes": {"info": {"constant": "left"}}}} for name in ("elmo", "icehrm")}
    account = company.account("1", "alee", "Ann Lee", mark="hris.ad source=elmo state=disabled since=2026-02-21", givenName="Ann", sn="Lee", info="left")
    feeds = {"elmo": [company.employee("1", tax="T1", end="2026-02-20")], "icehrm": [company.employee("77", tax="T1", start="2026-03-05")]}
    plan = planned(feeds, company.snapshot(account), rules)
    assert "disable" in by_action(plan)
    then = apply_simulated(company.snapshot(account), plan.changes)
    assert not then.accounts[0].enabled and then.accounts[0].attributes["info"] == ["left"] and planned(feeds, then, rules).changes == []
    begun = feeds | {"icehrm": [company.employee("77", tax="T1", start="2026-03-02")]}
    back = apply_simulated(then, planned(begun, then, rules).changes)
    assert back.accounts[0].enabled and not back.accounts[0].attributes.get("info")
