"""The scenario's checker and people who move between the companies: whose account it is, its groups, its keys, and its lock. No domain is needed."""
import copy
from datetime import datetime

import pytest
import yaml

from lab import day, moves, population
from lab.scenario import expect, persons, rules
from lab.scenario.runs import INVENTORY


def played(people=40, days=20):
    """[{name of a move: (company that is left, the human)} so far, the accounts] of each day."""
    companies, accounts, history, begun = {kind: population.generate(people, 1, kind) for kind in population.KINDS}, [], [], {}
    for number in range(days):
        if number:
            happened = {kind: day.pass_day(company) for kind, company in companies.items()}
            for kind, events in moves.pass_day(companies, happened).items():
                humans = {person["number"]: person["human"] for person in companies[kind]["people"]}
                begun |= {event["kind"]: humans[event["number"]] for event in events}
        as_of = datetime.fromisoformat(f"{companies['elmo']['date']}T06:00:00+00:00")
        expect.run(accounts, {kind: (company["people"], company["date"]) for kind, company in companies.items()}, as_of)
        history.append(copy.deepcopy(accounts))
    return begun, history


@pytest.fixture(scope="module")
def lives():
    """lives(name of a move) -> [(owner, state of the mark)] of the account on each day, without repetitions; the human has one account."""
    begun, history = played()

    def of(name):
        accounts = [[one for one in accounts if one["human"] == begun[name]] for accounts in history]
        assert all(len(found) <= 1 for found in accounts), "never a second account"
        seen = [(found[0]["source"], found[0]["mark"]) for found in accounts if found]
        return [one for number, one in enumerate(seen) if number == 0 or seen[number - 1] != one]
    return of


@pytest.mark.parametrize(("name", "life"), [
    ("move_next_day", [("elmo", "active"), ("icehrm", "active")]),
    ("move_overlap", [("elmo", "active"), ("icehrm", "active")]),
    ("move_removed", [("elmo", "active"), ("icehrm", "active")]),
    ("both_removed", [("elmo", "active"), ("icehrm", "active")]),
    ("move_gap", [("icehrm", "active"), ("elmo", "disabled"), ("elmo", "active")]),
    ("move_late", [("icehrm", "active"), ("icehrm", "disabled"), ("elmo", "active")]),
    ("move_back", [("icehrm", "active"), ("elmo", "active"), ("icehrm", "active")]),
    ("move_undone", [("icehrm", "active"), ("elmo", "active"), ("elmo", "disabled")]),
])
def test_whose_the_account_is(lives, name, life):
    assert lives(name)[: len(life)] == life, "and other things happen later"


def reading(kind, **fields):
    person = next(one for one in population.generate(40, 1, kind)["people"] if one["end"] is None and one["first"].isascii() and one["location"] == "Sydney")
    fields = {"human": "G1", "employment": "FULLTIME", "start": "2025-01-01", "leave": None, "location": "Sydney", "department": "Sales", "first": "Ann", "last": "Lee",
              "preferred": None, "title": "Clerk"} | fields
    return rules.reading(kind, person | fields, "2026-03-02", datetime.fromisoformat("2026-03-02T00:00:00+00:00"))


@pytest.mark.parametrize(("elmo", "icehrm", "source", "state"), [
    ({}, {}, "elmo", "active"),  # the order of the inventory
    ({}, {"start": "2020-01-01"}, "elmo", "active"),
    ({}, {"employment": "CONTRACTOR"}, "icehrm", "active"),  # a preference comes before the order
    ({"end": "2026-03-01"}, {}, "icehrm", "active"),
    ({"end": "2026-03-01"}, {"start": "2026-03-03"}, "icehrm", "returning"),  # the smaller one of the bridges, 0 days
    ({"end": "2026-03-01"}, {"start": "2026-04-03"}, "elmo", "leaver"),
    ({"end": "2026-02-20"}, {"end": "2026-02-25"}, "icehrm", "leaver"),  # the one that ended last
    ({"end": "2026-02-26"}, {"end": "2026-02-25"}, "elmo", "leaver"),
    ({"human": "G2"}, {"end": "2026-02-25"}, "elmo", "active"),  # two people
])
def test_the_primary_record(elmo, icehrm, source, state):
    found = persons.persons([reading("elmo", **elmo), reading("icehrm", **icehrm)])
    assert (found[0]["source"], found[0]["state"]) == (source, state) and len(found) == (2 if elmo.get("human") else 1)


def test_groups_of_somebody_who_works_in_both():
    """A group of the other company that its current record wants stays; nobody gets it for that. What is left when it has ended is taken."""
    accounts, elmo = [], reading("elmo", department="Finance")
    icehrm = reading("icehrm", employment="CONTRACTOR", department="Sales")
    seen = []
    for readings in ([elmo], [elmo, icehrm], [reading("elmo", end="2026-02-28", department="Finance"), icehrm]):
        (who,) = persons.persons(readings)
        expect._person(who, accounts[0] if accounts else None, accounts)
        seen.append((accounts[0]["source"], sorted(accounts[0]["contributors"]), sorted(accounts[0]["groups"])))
    assert seen == [("elmo", [], ["All Staff", "ERP Users", "Finance"]), ("icehrm", ["elmo"], ["All Staff", "Contractors", "ERP Users", "Finance"]),
                    ("icehrm", [], ["All Staff", "Contractors"])]


def test_a_group_that_every_current_record_of_a_company_gives():
    given = [persons.persons([reading("elmo"), reading("icehrm", department="Finance", **fields)])[0]["groups"] for fields in ({}, {"end": "2026-02-28"})]
    assert [sorted(groups) for groups in given] == [["All Staff", "ERP Users", "Finance", "Sales"], ["All Staff", "Sales"]]


def test_the_inventory_says_the_same():
    hosts = yaml.safe_load(INVENTORY.read_text(encoding="utf-8"))["hr"]["hosts"]
    assert tuple(hosts) == rules.SOURCES == population.KINDS
    for kind in hosts:
        given = yaml.safe_load((INVENTORY.parent / f"host_vars/{kind}.yml").read_text(encoding="utf-8"))
        assert list(given["lifecycle_identity"]["same"]) == list(reading(kind)["same"])
        assert given["lifecycle_leaver"].get("bridge_days", 0) == rules.POLICY[kind]["bridge_days"]
        assert {group for rule in given["lifecycle_groups"] if rule.get("records") == "current" for group in rule["groups"]} == rules.ALWAYS[kind]
