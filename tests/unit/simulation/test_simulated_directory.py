# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated directory: rules find in it what they name, and it becomes what a run would make of it."""
from __future__ import annotations

import copy
import json
import random
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.simulated_directory import (
    assumed_attributes,
    domain_of,
    settle,
    simulated_snapshot,
)

FIRST_DAY = date(2026, 3, 1)
FIRST = ("Ann", "Bo", "Cyé", "Dee", "Ed", "Fay, Jr", "Gus")
LAST = ("Lee", "Ek", "O'Neil", "Moe", "van der Berg", "Ünal")
DEPARTMENTS = ("Sales", "Finance", "R+D", None)
MAPPING = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}", "title": {"from": "title", "empty": "clear"},
           "department": {"from": "department", "empty": "clear"}, "manager": {"employee": "manager", "field": "id", "empty": "clear", "leaver": "next"}}
# Rules that differ in what a run does: moves, renames, records, retention, pauses, absence, merges
VARIANTS = {
    "plain": {},
    "by department": {
        "mapping": MAPPING,
        "placement": [{"when": "is_present(department)", "ou": "OU={department},OU=Staff,DC=corp,DC=example", "create": True},
                      {"ou": "OU=Staff,DC=corp,DC=example"}],
        "leaver": {"groups": "remove_all", "move_to": "OU=Leavers,DC=corp,DC=example", "attributes": {"description": "Left {end}"}, "scramble_password": True,
                   "account_expires": True, "delete_after_days": 5},
        "rehire": {"restore": [{"within_days": 30, "what": "groups"}]}, "joiner": {"create_days_before": 3, "moved_start": "disable"},
        "leave": {"account": "disable"}, "dates": {"start": "start", "end": "end", "on_leave": "away"},
        "absent": {"grace_days": 2, "action": "disable"},
    },
    "names follow": {
        "mapping": MAPPING | {"otherTelephone": {"from": "title", "values": "merge"}, "department": {"from": "department", "apply": "on_create"}},
        "naming": {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}"], "rename": ["cn", "sAMAccountName", "mail"],
                   "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}},
        "joiner": {"create_days_before": 10, "enable": "on_create"}, "leaver": {"disable": "start_of_day", "delete_after_days": 1},
    },
    "some actions": {"actions": ["update", "enable", "disable", "group_add", "group_remove"], "mapping": MAPPING},
}


def person(chance, company, number):
    start = FIRST_DAY + timedelta(days=chance.choice((-900, -2, 1, 4, 9)))
    end = start + timedelta(days=chance.randrange(0, 40)) if chance.random() < 0.3 else None
    return company.employee(str(number), chance.choice(FIRST), chance.choice(LAST), title=chance.choice(("Clerk", "Head", None)),
                            department=chance.choice(DEPARTMENTS), start=start.isoformat(), end=end and end.isoformat(), away=chance.random() < 0.1,
                            manager=f"id-{chance.randrange(1, 25)}" if chance.random() < 0.8 else None)


def next_day(chance, company, staff):
    """The feed of the day after: some marry, move, leave, come back or are missing."""
    found = []
    for employee in staff:
        luck = chance.random()
        if luck < 0.05:
            employee = employee | {"last": chance.choice(LAST), "department": chance.choice(DEPARTMENTS)}
        elif luck < 0.1:
            employee = employee | {"end": None if employee["end"] else (FIRST_DAY + timedelta(days=3)).isoformat()}
        elif luck < 0.15:
            employee = employee | {"manager": f"id-{chance.randrange(1, 25)}", "away": not employee["away"]}
        elif luck < 0.17:
            continue
        found.append(employee)
    return found + [person(chance, company, 100 + len(staff) + chance.randrange(1000))]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_second_run_after_the_first_changes_nothing(company, variant, seed):
    """For many companies over many days: the plan for what a plan leaves is empty, and no snapshot is changed."""
    chance, rules = random.Random(seed), company.rules(**VARIANTS[variant])
    staff = [person(chance, company, number) for number in range(1, 25)]
    snapshot, seen = None, set()
    for day in range(12):
        as_of = datetime.combine(FIRST_DAY + timedelta(days=day), datetime.min.time(), timezone.utc)
        if snapshot is None:
            full = company.rules(**{name: value for name, value in VARIANTS[variant].items() if name != "actions"})
            snapshot = settle(simulated_snapshot([rules], staff), [people_of(staff, full, as_of)], as_of).snapshot
        before = copy.deepcopy(snapshot)
        plan = make_plan([people_of(staff, rules, as_of)], snapshot, as_of).plan
        seen |= {change.action for change in plan.changes}
        then = apply_simulated(snapshot, plan.changes)
        assert snapshot == before
        again = make_plan([people_of(staff, rules, as_of)], then, as_of).plan
        assert again.changes == [], (day, again.changes[:2], plan.changes)
        assert len({account.guid for account in then.accounts}) == len({account.dn.casefold() for account in then.accounts}) == len(then.accounts)
        snapshot, staff = then, next_day(chance, company, staff)
    assert json.loads(json.dumps(asdict(snapshot))) == asdict(snapshot) and len(seen) >= 3, seen


def test_all_actions_come_up(company):
    """What the property is tested on has every action in it."""
    chance, seen = random.Random(1), set()
    rules = company.rules(**VARIANTS["by department"])
    staff = [person(chance, company, number) for number in range(1, 60)]
    snapshot = simulated_snapshot([rules], staff)
    for day in range(25):
        as_of = company.as_of + timedelta(days=day)
        plan = make_plan([people_of(staff, rules, as_of)], snapshot, as_of).plan
        seen |= {change.action for change in plan.changes}
        snapshot, staff = apply_simulated(snapshot, plan.changes), next_day(chance, company, staff)
    assert seen == {"create_ou", "create", "update", "enable", "disable", "delete", "move", "rename", "group_add", "group_remove"}


def settled_company(company, *employees, **options):
    rules = company.rules(**options)
    return rules, settle(simulated_snapshot([rules], employees), [people_of(employees, rules, company.as_of)], company.as_of).snapshot


def by_key(snapshot):
    return {account.attributes["employeeID"][0]: account for account in snapshot.accounts}


def test_what_rules_name_is_there(company):
    rules = company.rules(
        placement=[{"when": "is_present(department)", "ou": "OU={department},OU=Staff,DC=corp,DC=example"}, {"ou": "OU=Staff,DC=corp,DC=example"}],
        groups=[{"groups": ["All Staff", "CN=Ops,OU=Elsewhere,DC=corp,DC=example"]}], mapping=MAPPING | {"extensionAttribute1": "title"},
        ownership={"bases": ["OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example", "OU=Guests,DC=corp,DC=example"]})
    staff = [company.employee("1", department="Sales, North")]
    snapshot = simulated_snapshot([rules], staff)
    assert domain_of([rules]) == snapshot.domain.dn == "DC=corp,DC=example"
    names = {dn.casefold() for dn in snapshot.containers}
    assert {f"ou={name},dc=corp,dc=example" for name in ("staff", "leavers", "guests", "sales\\, north,ou=staff")} <= names
    plan = make_plan([people_of(staff, rules, company.as_of)], snapshot, company.as_of).plan
    assert [change.action for change in plan.changes] == ["create", "group_add", "group_add"] and plan.findings == []
    assert assumed_attributes(rules, {}) == ["extensionAttribute1"] and not snapshot.schema["extensionattribute1"].single
    described = {"extensionAttribute1": replace(snapshot.schema["title"], name="extensionAttribute1")}
    assert assumed_attributes(rules, described) == [] and simulated_snapshot([rules], staff, attributes=described).schema["extensionattribute1"].single


def test_a_privileged_group_is_no_birthright_here_either(company):
    rules = company.rules(groups=[{"groups": ["Domain Admins"]}])
    staff = [company.employee("1")]
    with pytest.raises(HrisError, match="is privileged"):
        make_plan([people_of(staff, rules, company.as_of)], simulated_snapshot([rules], staff), company.as_of)


def test_references_follow_and_go(company):
    boss, clerk = company.employee("2", "Bo", "Ek"), company.employee("1", manager="id-2")
    rules, snapshot = settled_company(company, boss, clerk)
    assert by_key(snapshot)["1"].attributes["manager"] == [f"CN=Bo Ek,{company.staff}"]
    plan = company.plan([boss | {"end": "2026-03-01"}, clerk], snapshot)
    gone = apply_simulated(snapshot, plan.changes)
    assert by_key(gone)["1"].attributes["manager"] == [f"CN=Bo Ek,{company.leavers}"]
    guid = by_key(gone)["2"].guid
    deletion = [Change("delete", "elmo", "2", guid, by_key(gone)["2"].dn, "")]
    last = apply_simulated(gone, deletion)
    assert "manager" not in by_key(last)["1"].attributes and "2" not in by_key(last)
    assert last.deleted[0].attributes["sAMAccountName"] == ["bek"] and by_key(gone)["1"].attributes["manager"], "the former one is as it was"


def test_a_name_that_is_free_again_makes_another_account(company):
    _rules, snapshot = settled_company(company, company.employee("1"))
    first = snapshot.accounts[0]
    plan = company.plan([company.employee("1", last="Moe")], snapshot)
    renamed = apply_simulated(snapshot, plan.changes)
    plan = company.plan([company.employee("1", last="Moe"), company.employee("2")], renamed)
    both = apply_simulated(renamed, plan.changes)
    assert by_key(both)["2"].dn == first.dn and by_key(both)["1"].guid == first.guid != by_key(both)["2"].guid
    assert by_key(both)["2"].sid != by_key(both)["1"].sid


@pytest.mark.parametrize(("change", "words"), [
    (Change("update", "elmo", "1", "nobody", "CN=X,DC=corp,DC=example", ""), "there is no account CN=X"),
    (Change("restore", "elmo", "1", None, "CN=X,DC=corp,DC=example", ""), "no plan for people has the action 'restore'"),
])
def test_a_change_that_cannot_be_applied(company, change, words):
    with pytest.raises(HrisError, match=words):
        apply_simulated(company.snapshot(), [change])


def test_rules_that_never_rest(company, monkeypatch):
    rules, snapshot = settled_company(company, company.employee("1"))
    source = people_of([company.employee("1", title="Head")], rules, company.as_of)
    monkeypatch.setattr("ansible_collections.hris.ad.plugins.module_utils._hris.simulation.simulated_directory.apply_simulated", lambda snapshot, _changes: snapshot)
    with pytest.raises(HrisError, match="again \\(update\\)"):
        settle(snapshot, [source], company.as_of)
