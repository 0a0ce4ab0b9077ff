"""The company whose pages are fetched."""
from bench import fetching


def test_a_company_may_be_larger_than_the_lab_makes_them():
    people = fetching.company(50, block=20)["people"]
    numbers = {person["number"] for person in people}
    assert numbers == set(range(1, 51)) and len({person["id"] for person in people}) == 50
    managers = {person["manager"] for person in people} - {None}
    assert managers & set(range(21, 41)) and managers <= numbers | set(range(41, 61)), "each block has its own managers"
