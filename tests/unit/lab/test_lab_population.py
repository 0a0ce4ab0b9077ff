"""The companies: the same seed gives the same people, and the people are what real feeds hold."""
import time
from datetime import date

import pytest

from lab import company_data, day, population
from lab.errors import LabError
from lab.seed import DEPARTMENTS

SIZES = (5, 17, 40, 200)


@pytest.mark.parametrize("company", population.KINDS)
@pytest.mark.parametrize("people", SIZES)
def test_same_seed_same_people(company, people):
    first, second = (population.generate(people, 7, company) for _ in range(2))
    assert first == second
    assert day.pass_day(first) == day.pass_day(second)
    assert first == second
    assert population.generate(people, 8, company)["people"] != population.generate(people, 7, company)["people"]


def test_the_two_companies_have_different_people():
    assert population.generate(40, 1, "elmo")["people"] != population.generate(40, 1, "icehrm")["people"]


@pytest.mark.parametrize("people", SIZES)
def test_records_are_unique_and_complete(people):
    made = population.generate(people, 3, "elmo")["people"]
    assert len(made) == people
    for field in ("number", "id"):
        assert len({person[field] for person in made}) == people
    addresses = [person["email"] for person in made if person["email"]]
    assert len(set(addresses)) == len(addresses)
    for person in made:
        assert person["department"] in (*DEPARTMENTS, None)
        assert person["title"] in (*company_data.ALL_TITLES, None)
        assert person["location"] in (*company_data.CITIES, None)
        assert person["employment"] in company_data.EMPLOYMENT
        for text in filter(None, (person["start"], person["end"], person["birth"])):
            date.fromisoformat(text)


def test_managers_come_after_those_who_report_to_them():
    made = population.generate(200, 1, "elmo")["people"]
    place = {person["number"]: index for index, person in enumerate(made)}
    today = company_data.FIRST_DAY
    reports = [person for person in made if person["manager"] and day.employed(person, today)]
    later = [person for person in reports if place[person["manager"]] > place[person["number"]]]
    assert len(reports) > 150
    assert len(reports) - len(later) <= 1  # the one who reports to somebody who is gone


def test_what_real_feeds_hold():
    made = population.generate(200, 1, "elmo")["people"]
    today = company_data.FIRST_DAY
    names = [(person["first"], person["last"]) for person in made]
    assert names.count(("John", "Smith")) == 10
    assert any(last == "" for _first, last in names)
    assert any(len(first) > 64 and len(last) > 64 for first, last in names)
    text = "".join(first + last for first, last in names)
    for sign in "üáŁи明ف-’',":
        assert sign in text, sign
    assert any(person["start"] > today for person in made)
    assert any(day.gone(person, today) and not person["archived"] for person in made)
    assert any(person["archived"] for person in made)
    assert any(person["end"] and person["end"] >= today for person in made)
    for field in ("department", "title", "mobile", "location", "manager", "email"):
        missing = sum(person[field] is None for person in made)
        assert 1 <= missing <= 5, field
    assert len({person["location"] for person in made} - {None}) >= 4


@pytest.mark.parametrize("people", (5, 40, 49))
def test_small_companies_have_john_smiths_too(people):
    made = population.generate(people, 1, "elmo")["people"]
    assert 2 <= sum((person["first"], person["last"]) == ("John", "Smith") for person in made) < 10


@pytest.mark.parametrize("company", population.KINDS)
@pytest.mark.parametrize("people", (20, 40, 100, 1000))
@pytest.mark.parametrize("seed", range(10))
def test_the_first_day_has_something_of_everything(company, people, seed):
    made = population.generate(people, seed, company)
    before = {person["number"]: dict(person) for person in made["people"]}
    events = day.pass_day(made)
    assert made["date"] == "2026-03-03"
    assert {event["kind"] for event in events} == {"starter", "joiner", "mover", "leaver", "marriage", "rehire"}
    after = {person["number"]: person for person in made["people"]}
    for event in events:
        old, new = before.get(event["number"]), after[event["number"]]
        if event["kind"] == "joiner":
            assert old is None and new["start"] > made["date"]
        elif event["kind"] == "marriage":
            assert old["last"] != new["last"] and old["id"] == new["id"]
        elif event["kind"] == "mover":
            assert (old["department"], old["title"]) != (new["department"], new["title"])
        elif event["kind"] == "rehire":
            assert day.gone(old, "2026-03-02") and day.employed(new, made["date"]) and old["id"] == new["id"]
    assert any(day.employed(before[number], "2026-03-02") and not day.employed(after[number], made["date"])
               for number in before), "somebody's last day has passed"


def test_many_days_pass_and_a_company_stays_sound():
    made = population.generate(60, 5, "icehrm")
    kinds = set()
    for _day in range(120):
        kinds |= {event["kind"] for event in day.pass_day(made)}
    assert kinds >= {"starter", "joiner", "mover", "leaver", "marriage", "rehire"}
    assert made["date"] == "2026-06-30"
    numbers = [person["number"] for person in made["people"]]
    assert len(set(numbers)) == len(numbers) and max(numbers) == made["last_number"]
    assert sum(day.employed(person, made["date"]) for person in made["people"]) > 20


def test_large_companies_are_made_quickly():
    began = time.process_time()
    made = population.generate(20_000, 1, "elmo")
    assert len(made["people"]) == 20_000
    assert time.process_time() - began < 3


@pytest.mark.parametrize(("people", "company"), [(4, "elmo"), (200_001, "elmo"), (40, "workday")])
def test_what_cannot_be_made_is_said(people, company):
    with pytest.raises(LabError):
        population.generate(people, 1, company)
