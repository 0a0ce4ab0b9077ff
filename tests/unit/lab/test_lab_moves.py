"""People who move between the two companies: both records say who it is, and each move is told to its end within twenty days."""
from collections import Counter

import pytest

from lab import day, elmo_shapes, icehrm_shapes, moves, population, stories


def play(people=40, seed=1, days=19):
    """(the companies, [(kind, event)])."""
    companies, events = {kind: population.generate(people, seed, kind) for kind in population.KINDS}, []
    for _day in range(days):
        happened = {kind: day.pass_day(company) for kind, company in companies.items()}
        moved = moves.pass_day(companies, happened)
        events += [(kind, event) for kind in companies for event in (*happened[kind], *moved[kind])]
    return companies, events


@pytest.mark.parametrize("people", (40, 60))
@pytest.mark.parametrize("seed", range(1, 4))
def test_every_move_and_every_story_is_told_within_twenty_days(people, seed):
    count = Counter((kind, event["kind"]) for kind, event in play(people, seed)[1])
    for name, steps in moves.MOVES.items():
        assert sum(count[kind, name] for kind in population.KINDS) == len(steps), name
    for name, (_who, steps) in stories.STORIES.items():
        for kind in population.KINDS:
            assert count[kind, name] >= len(steps) or (kind == "elmo" and name in stories.ICEHRM_ONLY), name


def test_moves_go_both_ways_and_come_again():
    companies, events = play(50, 2, 60)
    assert sorted(name for names in moves.PROGRAMME.values() for name in names) == sorted(moves.MOVES)
    assert all(sum(event["kind"] == name for _kind, event in events) >= 2 * len(steps) for name, steps in moves.MOVES.items())
    humans = [{person["human"] for person in company["people"]} for company in companies.values()]
    assert len(humans[0] & humans[1]) >= 2 * len(moves.MOVES)


def test_what_both_systems_show_of_a_human():
    companies, events = play()
    kinds = ("elmo", "icehrm")
    numbers = {kind: next(event["number"] for other, event in events if other == kind and event["kind"] == "move_overlap") for kind in kinds}
    one, other = (next(person for person in companies[kind]["people"] if person["number"] == numbers[kind]) for kind in kinds)
    assert one["human"] == other["human"] and one["birth"] == other["birth"] and one["id"] != other["id"]
    assert one["start"] < other["start"] <= one["end"] and other["end"] is None and not other["hidden"]
    shown = elmo_shapes.user(one, {}, "2026-03-20", False)["customData"]["customField_groupNumber"]
    assert shown == icehrm_shapes.item(other, {}, "2026-03-20")["customFields"]["Group Number"][0] == one["human"]
