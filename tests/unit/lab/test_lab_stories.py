"""The stories: every turn of the lifecycle occurs within twenty days, the same ones for the same seed, and each does what it says."""
from collections import Counter

import pytest

from lab import day, elmo_shapes, icehrm_shapes, population, stories

TWENTY = 19  # days that pass between the first run and the twentieth


def play(company, people=40, seed=1, days=TWENTY):
    """[(date, {number: copy of the person}, events)] after each day."""
    made, found = population.generate(people, seed, company), []
    for _day in range(days):
        events = day.pass_day(made)
        found.append((made["date"], {person["number"]: dict(person) for person in made["people"]}, events))
    return found


def told(days, name):
    """[(index of the day, number of the person)] of the steps of a story."""
    return [(index, event["number"]) for index, (_date, _people, events) in enumerate(days) for event in events if event["kind"] == name]


@pytest.mark.parametrize("company", population.KINDS)
@pytest.mark.parametrize("people", (40, 60))
@pytest.mark.parametrize("seed", range(1, 6))
def test_every_story_is_told_to_its_end_within_twenty_days(company, people, seed):
    count = Counter(event["kind"] for _date, _people, events in play(company, people, seed) for event in events)
    for name, (_who, steps) in stories.STORIES.items():
        if company == "icehrm" or name not in stories.ICEHRM_ONLY:
            assert count[name] >= len(steps), name


def test_all_stories_are_in_the_programme_once():
    assert sorted(name for names in stories.PROGRAMME.values() for name in names) == sorted(stories.STORIES)


def test_in_a_hundred_and_twenty_days_every_story_comes_again_and_the_company_lives():
    days = play("icehrm", 60, 2, 119)
    count = Counter(event["kind"] for _date, _people, events in days for event in events)
    assert all(count[name] >= 5 * len(steps) for name, (_who, steps) in stories.STORIES.items())
    date, people, _events = days[-1]
    assert sum(day.employed(person, date) for person in people.values()) > 40


@pytest.mark.parametrize("company", population.KINDS)
def test_the_same_seed_tells_the_same(company):
    assert play(company, seed=9) == play(company, seed=9) != play(company, seed=10)


def test_a_small_company_waits_for_its_stories():
    made = population.generate(5, 1, "icehrm")
    for _day in range(40):
        day.pass_day(made)
    assert set(made["waiting"]) <= set(stories.STORIES) and len(set(made["waiting"])) == len(made["waiting"])


def only(days, name):
    """The records of a story's one person before it and after each of its steps, with the dates of the steps."""
    steps = told(days, name)
    number = steps[0][1]
    before = days[steps[0][0] - 1][1].get(number)
    return before, [days[index][1].get(other) for index, other in steps], [days[index][0] for index, _number in steps]


@pytest.mark.parametrize("company", population.KINDS)
def test_what_the_stories_do(company):
    days = play(company, 60, 3)
    before, after, when = only(days, "dismissed")
    assert before["end"] is None and after[0]["end"] is None and after[0]["terminated"]
    before, after, when = only(days, "later_begun")
    assert before is None and after[0]["start"] < when[1] < after[1]["start"]
    before, after, when = only(days, "no_show")
    assert after[0]["start"] == after[1]["end"] < when[1] and after[1]["terminated"]
    before, after, when = only(days, "rescinded")
    assert when[1] < after[1]["start"] and after[1]["terminated"]
    before, after, when = only(days, "back_deleted")
    assert after[0]["end"] == when[0] and after[1]["start"] == when[1] and after[1]["end"] is None and before["id"] == after[1]["id"]
    before, after, when = only(days, "end_before_start")
    assert after[0]["end"] < before["start"] and after[1]["end"] is None and not after[1]["archived"]
    before, after, when = only(days, "no_first_name")
    assert before["first"] and not after[0]["first"] and after[1]["first"] == before["first"]
    before, after, when = only(days, "boss_leaves")
    last = days[-1][1]
    assert any(person["manager"] == after[0]["number"] for person in last.values()) and after[0]["end"] == when[0]
    before, after, when = only(days, "hidden_for_good")
    assert last[after[0]["number"]]["hidden"]
    before, after, when = only(days, "marries")
    assert before["last"] != after[0]["last"] and before["email"] == after[0]["email"]
    before, after, when = only(days, "moves")
    assert before["department"] != after[0]["department"] and before["title"] != after[0]["title"]
    before, after, when = only(days, "new_boss")
    assert before["manager"] != after[0]["manager"] and before["department"] == after[0]["department"]


@pytest.mark.parametrize("company", population.KINDS)
@pytest.mark.parametrize("name", ("new_key", "new_key_archived", "new_key_deleted", "hired_over"))
def test_one_human_two_records(company, name):
    days = play(company, 60, 3)
    numbers = dict.fromkeys(number for _index, number in told(days, name))
    one, two = sorted((days[-1][1][number] for number in numbers), key=lambda person: person["number"])
    assert two["twin"] == one["number"] and two["id"] != one["id"]
    assert (one["private"], one["email"], one["birth"]) == (two["private"], two["email"], two["birth"])
    assert one["end"] is not None


def test_how_the_systems_show_it():
    days = play("icehrm", 60, 3)
    when, people, _events = days[told(days, "leave")[0][0]]
    person = people[told(days, "leave")[0][1]]
    shown = icehrm_shapes.item(person, {}, when)["customFields"]
    assert shown["Leave Start"][1:] == ["Work Details", "date"] and shown["Leave Start"][0].startswith("March ")
    assert elmo_shapes.user(person, {}, when, False)["customData"]["customField_leaveEnd"] == person["leave"]["end"]
    away = days[told(days, "leave_status")[0][0]][1][told(days, "leave_status")[0][1]]
    assert icehrm_shapes.item(away, {}, when)["employment_status"]["display"] == "On Leave"
    fired = days[-1][1][told(days, "dismissed")[0][1]]
    assert icehrm_shapes.row(fired, when)["status"] == "Terminated" and icehrm_shapes.row(fired, when)["termination_date"] in (None, "0000-00-00")
    assert elmo_shapes.user(fired, {}, when, False)["active"] is False
    index, number = told(days, "duplicate_key")[0]
    doubled = [icehrm_shapes.row(person, when)["employee_id"] for person in days[index][1].values() if not person["hidden"]]
    assert Counter(doubled).most_common(1)[0][1] == 2
    assert icehrm_shapes.row(days[-1][1][number], when)["employee_id"] == f"EMP{number:04d}"
    index, number = told(days, "missing_key")[0]
    assert icehrm_shapes.row(days[index][1][number], when)["employee_id"] is None
