# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a run: what was done to whom, and how the accounts stand afterwards."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import plain
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import objects
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.account_outcomes import (
    account_outcomes,
    accounts_by_event,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.manager_accounts import (
    add_managers,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

OWN = frozenset(("admindescription", "extensionname"))


@pytest.fixture
def outcomes(company):
    def run(employees, *accounts, everyone=False, made=lambda change: True, not_due=(), managers=False, **options):
        rules = company.rules(**options)
        plan, decided, _waiting = make_plan([people_of(employees, rules, company.as_of)], company.snapshot(*accounts), company.as_of)
        found = list(account_outcomes(decided, [change for change in plan.changes if made(change)], OWN, everyone, not_due))
        if managers:
            add_managers(found, decided, accounts)
        json.dumps([plain(outcome) for outcome in found])
        return {outcome.key: outcome for outcome in found}
    return run


def in_line(company, number, **more):
    return company.account(number, f"u{number}", f"Ann Lee{number}", rid=1100 + int(number), givenName="Ann", sn=f"Lee{number}",
                           displayName=f"Ann Lee{number}", **{"title": "Clerk", "groups": [company.group("All Staff").dn]} | more)


def test_a_joiner(company, outcomes):
    (joiner,) = outcomes([company.employee("1")]).values()
    assert joiner.events == ["created", "group_added"] and joiner.guid is None and joiner.dn == f"CN=Ann Lee,{company.staff}"
    assert joiner.attributes["sAMAccountName"] == ["alee"] and joiner.attributes["cn"] == ["Ann Lee"]
    assert {*plain(joiner), "occurrences"} == {*objects.FIXED, "attributes"}, "the names that outbound calls and steps read"
    assert "adminDescription" not in joiner.attributes and joiner.employee["first"] == "Ann" and joiner.state == "active"


def test_attributes_have_the_name_that_the_directory_has(company, outcomes):
    """Whatever the case in which rules spell them: a webhook that asks for {title} gets it."""
    mapping = {"givenName": "first", "sn": "last", "TITLE": "title", "EmployeeID": "id", "displayName": "{first} {last}"}
    (joiner,) = outcomes([company.employee("1", title="Clerk")], mapping=mapping).values()
    assert {name: joiner.attributes.get(name) for name in ("title", "employeeID")} == {"title": ["Clerk"], "employeeID": ["id-1"]}


def test_a_mover_and_who_stays(company, outcomes):
    staff = [company.employee("1", last="Lee1", title="Head"), company.employee("2", last="Lee2")]
    accounts = [in_line(company, "1", groups=[]), in_line(company, "2")]
    assert set(outcomes(staff, *accounts)) == {"1"}
    found = outcomes(staff, *accounts, everyone=True)
    assert found["1"].events == ["updated", "group_added"] and found["1"].before == {"title": ["Clerk"]}
    assert found["1"].attributes["title"] == ["Head"] and found["1"].groups_added == [company.group("All Staff").dn]
    assert found["2"].events == [] and found["2"].attributes["title"] == ["Clerk"]


def test_what_was_refused_is_no_event(company, outcomes):
    found = outcomes([company.employee("1", last="Lee1", title="Head")], in_line(company, "1", groups=[]), made=lambda change: change.group)
    assert found["1"].events == ["group_added"] and found["1"].attributes["title"] == ["Clerk"] and found["1"].before == {}


def test_a_leaver_who_is_moved(company, outcomes):
    found = outcomes([company.employee("1", last="Lee1", end="2026-02-01")], in_line(company, "1"))["1"]
    assert found.events == ["disabled", "moved", "group_removed"] and found.dn == f"CN=Ann Lee1,{company.leavers}"
    assert (found.state, found.end, found.first_day_without_access) == ("leaver", "2026-02-01", "2026-02-02")
    assert "extensionName" not in found.attributes and found.before == {}, "our own notes are nobody's business"


def test_a_change_of_our_mark_alone_is_no_update(company, outcomes):
    account = in_line(company, "1", mark=None)
    assert outcomes([company.employee("1", last="Lee1")], account, ownership={"adopt": True})["1"].events == []


def test_by_event(company, outcomes):
    found = accounts_by_event(list(outcomes([company.employee(str(number), last=f"Lee{number}") for number in range(5)]).values()), 3)
    assert len(found["created"]) == 3 and found["disabled"] == []
    assert set(found["created"][0]) == {"key", "guid", "dn", "sAMAccountName", "userPrincipalName", "mail", "displayName"}


def test_people_who_are_not_due_are_told_where_it_is_asked(company, outcomes):
    staff = [company.employee("1"), company.employee("2", start="2027-01-01")]
    assert set(outcomes(staff, everyone=True)) == {"1"} == set(outcomes(staff, not_due={"another"}))
    source = outcomes(staff)["1"].source
    later = outcomes(staff, not_due={source})["2"]
    assert (later.guid, later.dn, later.state, later.start, later.events, later.attributes) == (None, None, "not_due", "2027-01-01", [], {})
    assert later.employee["first"] == "Ann"


def test_the_account_of_the_manager_wherever_it_is(company, outcomes):
    boss = company.account("9", "boss", "Big Boss", ou="OU=Elsewhere,DC=corp,DC=example", mark=None, mail="boss@corp.example")
    mine = in_line(company, "1", manager=boss.dn.upper())
    staff = [company.employee("1", last="Lee1"), company.employee("2", first="Bo", last="New", manager="id-3"), company.employee("3", first="Cy", last="New")]
    found = outcomes(staff, mine, boss, everyone=True, managers=True)
    assert found["1"].manager_account["mail"] == "boss@corp.example" and found["1"].manager_account["dn"] == boss.dn
    told = found["2"].manager_account
    assert (told["key"], told["displayName"], told["dn"], told["title"]) == ("3", "Cy New", found["3"].dn, "Clerk"), "created in the same run"
    assert found["3"].manager_account == {} == outcomes(staff, mine, boss, everyone=True)["2"].manager_account
