# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gave a group: what a rule found there stays at a move, what a rule gave is taken (docs/lifecycle.md)."""

from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import memberships
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.group_notes import (
    GroupNote,
    note_of,
    with_note,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

NAMES = {"All Staff": 2000, "Finance": 2001, "Chess": 2002, "Sales": 2003}
ALL, FINANCE, CHESS, SALES = (f"CN={name},OU=Groups,DC=corp,DC=example" for name in NAMES)
RULES = {"groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "department == 'Finance'"}, {"groups": ["Sales"], "when": "department == 'Sales'"}],
         "leaver": {"groups": "remove_managed"}, "rehire": {"restore": [{"within_days": 30, "what": "groups"}]}}
WITH_CHESS = RULES | {"groups": [*RULES["groups"], {"groups": ["Chess"], "when": "department == 'Finance'"}]}


class Town:
    """A directory that runs change, one after the other; each is followed by a second one that changes nothing."""

    def __init__(self, company, *accounts):
        self.company = company
        self.snapshot = company.snapshot(*accounts, groups=[company.group(name, rid) for name, rid in NAMES.items()])

    def run(self, rules=RULES, **employee):
        """(the actions, with the groups) of one run over the only employee."""
        feed = [self.company.employee("1", **employee)]
        plan = self.company.plan(feed, self.snapshot, **rules)
        before, self.snapshot = self.snapshot, apply_simulated(self.snapshot, plan.changes)
        again = make_plan([people_of(feed, self.company.rules(**rules), self.company.as_of)], self.snapshot, self.company.as_of).plan
        assert again.changes == [], "a second run changes nothing"
        self.plan, self.before = plan, before
        return [change.action + (f" {change.group.split(',')[0][3:]}" if change.group else "") for change in plan.changes]

    @property
    def account(self):
        (account,) = self.snapshot.accounts
        return account

    @property
    def groups(self):
        return sorted(dn.split(",")[0][3:] for dn in self.account.groups)

    @property
    def note(self):
        return note_of(self.account.attributes.get("extensionName", ()))

    def by_hand(self, *groups):
        self.account.groups = [*self.account.groups, *groups]


def settled(company, **more):
    values = {"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk"} | more
    return company.account("1", "alee", "Ann Lee", **values)


@pytest.fixture
def town(company):
    """Ann, whom a run has created in Finance."""
    found = Town(company)
    assert found.run(department="Finance") == ["create", "group_add All Staff", "group_add Finance"]
    assert found.note == GroupNote({2000, 2001}, frozenset())
    return found


def test_by_a_rule_then_a_move(town):
    assert town.run(department="Sales") == ["update", "group_add Sales", "group_remove Finance"]
    assert town.groups == ["All Staff", "Sales"] and town.note == GroupNote({2000, 2003}, frozenset())


def test_by_hand_then_a_rule_then_a_move(town):
    town.by_hand(CHESS)
    assert town.run(department="Finance") == [], "no rule names it"
    assert town.run(WITH_CHESS, department="Finance") == ["update"] and town.note == GroupNote({2000, 2001}, {2002})
    assert town.run(WITH_CHESS, department="Sales") == ["update", "group_add Sales", "group_remove Finance"]
    assert town.groups == ["All Staff", "Chess", "Sales"] and town.note == GroupNote({2000, 2003}, {2002})
    assert town.run(WITH_CHESS, department="Finance") == ["update", "group_add Finance", "group_remove Sales"] and town.note == GroupNote({2000, 2001}, {2002})


def test_by_hand_on_the_day_of_a_move(town):
    """No run in between: the rule gives it, and somebody was quicker."""
    town.by_hand(SALES)
    assert town.run(department="Sales") == ["update", "group_remove Finance"] and town.note == GroupNote({2000}, {2003})
    assert town.run(department="Finance") == ["update", "group_add Finance"] and "Sales" in town.groups


def test_a_managed_group_that_no_rule_gave_him(town):
    town.by_hand(SALES)
    assert town.run(department="Finance") == ["group_remove Sales"], "nobody but the rules gives a managed group"


def test_taken_by_hand_and_given_by_the_rule(town):
    town.by_hand(CHESS)
    town.run(WITH_CHESS, department="Finance")
    town.account.groups = [dn for dn in town.account.groups if dn != CHESS]
    assert town.run(WITH_CHESS, department="Finance") == ["update", "group_add Chess"] and town.note == GroupNote({2000, 2001, 2002}, frozenset())
    assert "group_remove Chess" in town.run(WITH_CHESS, department="Sales")


@pytest.mark.parametrize(("policy", "kept"), [("keep", ["All Staff", "Chess", "Finance"]), ("remove_managed", []), ("remove_all", [])])
def test_a_leaver_and_a_rehire(town, policy, kept):
    rules = WITH_CHESS | {"leaver": {"groups": policy}}
    town.by_hand(CHESS)
    town.run(rules, department="Finance")
    town.run(rules, department="Finance", end="2026-03-01")
    assert town.groups == kept, "a leaver loses them, whoever gave them"
    town.run(rules, department="Sales")
    assert town.groups == ["All Staff", "Chess", "Sales"], "what was given by hand comes back"
    assert town.note == GroupNote({2000, 2003}, {2002}) and not any("group=" in text for text in town.account.attributes["extensionName"])


def test_a_rehire_after_too_long(town):
    town.by_hand(CHESS)
    town.run(WITH_CHESS, department="Finance")
    town.run(WITH_CHESS, department="Finance", end="2026-01-01")
    town.run(WITH_CHESS, department="Sales")
    assert town.groups == ["All Staff", "Sales"] and town.note == GroupNote({2000, 2003}, frozenset())


def test_an_undo_puts_the_note_back(town):
    town.by_hand(CHESS)
    town.run(WITH_CHESS, department="Finance")
    town.run(WITH_CHESS, department="Sales")
    undo = undo_of(town.plan, {index: "applied" for index in range(len(town.plan.changes))})
    town.snapshot = apply_simulated(town.snapshot, undo.changes)
    assert town.groups == ["All Staff", "Chess", "Finance"] and town.note == GroupNote({2000, 2001}, {2002})
    assert town.run(WITH_CHESS, department="Finance") == []


@pytest.mark.parametrize(("policy", "actions", "after_move"), [
    ("manage", ["update", "group_remove Sales"], ["All Staff", "Sales"]),
    ("keep", ["update"], ["All Staff", "Finance", "Sales"])])
def test_an_account_that_is_adopted(company, policy, actions, after_move):
    """Nobody knows who gave its groups."""
    town = Town(company, settled(company, mark=None, groups=[ALL, FINANCE, SALES]))
    rules = RULES | {"ownership": {"adopted_groups": policy}}
    assert town.run(rules, department="Finance") == actions
    assert town.note == (GroupNote({2000, 2001}, frozenset()) if policy == "manage" else GroupNote(frozenset(), {2000, 2001, 2003}))
    town.run(rules, department="Sales")
    assert town.groups == after_move


def test_an_account_with_a_mark_and_no_note(company):
    """Rules of before gave its groups; the note begins with the next group that is given."""
    town = Town(company, settled(company, groups=[ALL, FINANCE]))
    assert town.run(department="Finance") == [] and town.note is None
    assert town.run(department="Sales") == ["update", "group_add Sales", "group_remove Finance"] and town.note == GroupNote({2000, 2003}, frozenset())


@pytest.mark.parametrize("more", [{"leaver": {"record": ""}}, {"actions": ["create", "group_add", "group_remove"]}])
def test_without_a_note_the_rules_gave_everything(company, more):
    town = Town(company, settled(company, groups=[ALL, CHESS], title="Clerk"))
    assert town.run(WITH_CHESS | more, department="Finance") == ["group_add Finance"] and town.note is None
    assert town.run(WITH_CHESS | more, department="Sales") == ["group_add Sales", "group_remove Chess", "group_remove Finance"]


def test_groups_that_runs_may_not_give_or_take(company):
    town = Town(company, settled(company, groups=[ALL], extensionName=["hris.ad given=2000"]))
    gives = RULES | {"actions": ["update", "group_remove"]}
    plan = company.plan([company.employee("1", department="Finance")], town.snapshot, **gives)
    assert plan.changes == [] and [finding.kind for finding in plan.findings] == ["not_allowed"]
    town.by_hand(FINANCE)
    assert town.run(gives, department="Finance") == ["update"] and town.note == GroupNote({2000}, {2001}), "somebody gave what no run may give"
    takes = RULES | {"actions": ["update", "group_add"]}
    moved = Town(company, settled(company, groups=[ALL, FINANCE], extensionName=["hris.ad given=2000,2001"]))
    plan = company.plan([company.employee("1", department="Sales")], moved.snapshot, **takes)
    assert plan.changes[0].attributes["extensionName"].after == ["hris.ad given=2000,2001,2003"], "Finance is still there, and the rules gave it"


def test_the_primary_group_is_in_no_note(company):
    account = settled(company, groups=[], extensionName=["hris.ad given="])
    account.primary_group = 2000
    assert Town(company, account).run(department=None) == []


def test_keep_needs_a_place_for_the_note(company):
    with pytest.raises(HrisError) as caught:
        company.rules(ownership={"adopted_groups": "keep"}, leaver={"record": ""})
    assert caught.value.place == "ownership.adopted_groups" and "leaver.record" in caught.value.hint


@pytest.mark.parametrize(("texts", "note"), [
    (["somebody else's"], None), ([], None), (["hris.ad group=x since=2026-01-01"], None),
    (["hris.ad given="], GroupNote(frozenset(), frozenset())), (["hris.ad found=7", "hris.ad given=5, 6,x,-1,²"], GroupNote({5}, {7})),
    (["hris.ad given=" + "9" * 5000], GroupNote(frozenset(), frozenset())), (["hris.ad given=1", "hris.ad given=2"], GroupNote({1, 2}, frozenset()))])
def test_reading(texts, note):
    assert note_of(texts) == note


def test_writing_keeps_what_is_not_ours_and_fits():
    note = GroupNote(frozenset(range(4294960000, 4294960040)), frozenset((1, 2)))
    texts = with_note(["theirs", "hris.ad given=9", "hris.ad group=x since=2026-01-01"], note)
    assert texts[:2] == ["theirs", "hris.ad group=x since=2026-01-01"] and note_of(texts) == note
    assert max(map(len, texts)) <= 255 and len(texts) == 2 + 3 + 1 and with_note(texts, note) == texts


def test_people_with_the_same_groups_are_compared_once(company, monkeypatch):
    """No work for each person but one look into what is remembered."""
    seen = []
    whole = memberships.Memberships._settled
    monkeypatch.setattr(memberships.Memberships, "_settled", lambda *arguments: seen.append(1) or whole(*arguments))
    accounts = [company.account(str(n), f"u{n}", f"Ann Lee{n}", rid=1100 + n, groups=[ALL], givenName="Ann", sn=f"Lee{n}", displayName=f"Ann Lee{n}", title="Clerk",
                                extensionName=["hris.ad given=2000"]) for n in range(50)]
    groups = [company.group(name, rid) for name, rid in NAMES.items()]
    plan = company.plan([company.employee(str(n), last=f"Lee{n}", department=None) for n in range(50)], company.snapshot(*accounts, groups=groups), **RULES)
    assert plan.changes == [] and len(seen) == 1
