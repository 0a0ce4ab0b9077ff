"""One page of a longer list is never taken for all of it, and no identifier for two people."""
from __future__ import annotations

import json

import pytest
from hr_server import answer
from test_source_endpoint import PEOPLE, failure, fetched, ids

LONGER = {
    "ELMO": ({"data": PEOPLE, "metadata": {"itemsPerPage": 5, "page": 1, "totalItems": 244, "lastPage": 49}}, "totalItems is 244"),
    "IceHrm": ({"data": PEOPLE, "total": 200, "nextPage": 2}, "total is 200"),
    "IceHrm before it had a total": ({"data": PEOPLE, "nextPage": 2}, "there is a nextPage"),
    "API Platform": ({"data": PEOPLE, "hydra:totalItems": 6}, "hydra:totalItems is 6"),
    "API Platform's view": ({"data": PEOPLE, "hydra:view": {"hydra:next": "/people?page=2"}}, "there is a hydra:next"),
    "OData": ({"data": PEOPLE, "@odata.nextLink": "https://hr.example.com/x"}, "there is a @odata.nextLink"),
    "Django": ({"count": 6, "next": None, "data": PEOPLE}, "count is 6"),
    "Laravel": ({"data": PEOPLE, "meta": {"current_page": 1, "last_page": 2}}, "last_page is 2"),
    "Spring": ({"data": PEOPLE, "page": {"size": 5, "totalElements": 6, "totalPages": 2}}, "totalElements is 6"),
    "HAL": ({"data": PEOPLE, "_links": {"next": {"href": "/people?page=2"}}}, "there is a next"),
    "a cursor": ({"data": PEOPLE, "response_metadata": {"next_cursor": "dXNlcjpVMDYx"}}, "there is a next_cursor"),
    "GraphQL": ({"data": PEOPLE, "pageInfo": {"hasNextPage": True}}, "there is a hasNextPage"),
    "a total as a text": ({"data": PEOPLE, "meta": {"total_count": "6"}}, "total_count is 6"),
    "deeper": ({"data": PEOPLE, "response": {"meta": {"paging": 1, "totalResults": 6.0}}}, "totalResults is 6"),
}
WHOLE = {
    "nothing said": {"data": PEOPLE},
    "all of the total": {"data": PEOPLE, "total": 5, "nextPage": 2, "lastPage": 9},
    "the number on this page": {"data": PEOPLE, "count": 5},
    "no next page": {"data": PEOPLE, "next": None, "nextLink": "", "hasMore": False, "next_cursor": "false", "links": {"next": {}}, "last_page": 1},
    "a total of something else": {"data": PEOPLE, "total": "5 people", "totalRecords": None, "pages": 7},
    "fields of records": {"data": [{**one, "total": 99, "next": "x"} for one in PEOPLE]},
}


@pytest.mark.parametrize("name", LONGER)
@pytest.mark.parametrize("way", ["endpoint", "file", "dependent"])
def test_one_page_of_a_longer_list(name, way, tmp_path):
    said, expected = LONGER[name]
    if way == "file":
        (tmp_path / "page.json").write_text(json.dumps(said))
        text = failure(lambda request: answer([]), {"file": str(tmp_path / "page.json"), "records": "data"})
    elif way == "endpoint":
        text = failure(lambda request: answer(said), {"records": "data"})
    else:
        text = failure(lambda request: answer([{"id": 1}] if request["path"] == "/people" else said), {"key": "id"},
                       {"name": "more", "url": "/more/{value}", "records": "data", "into": "more", "many": True,
                        "dependent": {"of": "people", "value": "id"}})
    assert f"this is a part of a longer list: 5 records came, and {expected}" in text
    assert "Describe its paging, or correct it. If this is the whole list, say so with paging.total, such as length(data)." in text


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_list(name):
    assert ids(fetched(lambda request: answer(WHOLE[name]), {"records": "data"})) == [1, 2, 3, 4, 5]


def test_more_records_than_the_stated_total():
    said = {"data": TWICE, "metadata": {"totalItems": 2}}
    assert "endpoint people: 3 records came, and totalItems is 2. Does a record come twice" in failure(lambda request: answer(said), {"records": "data"})
    assert len(fetched(lambda request: answer({"data": TWICE, "count": 2, "total": 2}), {"records": "data"})["employees"]) == 3


def test_a_next_page_in_a_header():
    said = answer(PEOPLE, Link='</p?page=1>; rel=prev, </p?page=2>; title="a;b"; rel="x next"')
    assert "5 records came, and the header Link names a next page" in failure(lambda request: said, {})
    assert len(ids(fetched(lambda request: said, {"paging": {"total": "length(@)"}}))) == 5


@pytest.mark.parametrize("name", LONGER)
def test_whoever_knows_better_says_so(name):
    assert len(ids(fetched(lambda request: answer(LONGER[name][0]), {"records": "data", "paging": {"total": "length(data)"}}))) == 5


def test_records_that_an_expression_leaves_out_count():
    found = fetched(lambda request: answer({"data": PEOPLE, "total": 5}), {"records": "data[?unit == `10`]"})
    assert ids(found) == [2, 4]


def test_a_single_object_is_no_list():
    assert len(fetched(lambda request: answer({"id": 1, "total": 7, "next": "x"}), {"records": "@"})["employees"]) == 1


@pytest.mark.parametrize("paging", [{"type": "page"}, {"type": "page", "stop": "last"}, {"type": "offset", "stop": "last"},
                                    {"type": "cursor", "next": "nothing.here"}, {"type": "link"}])
def test_paging_that_ends_too_early(paging):
    """The server gives the same first page and then nothing, as one does that knows other parameters."""
    def respond(request):
        more = any(int(value) > 1 for value in request["query"].values())
        return answer({"data": [] if more else PEOPLE, "last": True, "total": 244})
    text = failure(respond, {"records": "data", "paging": paging})
    assert "total is 244" in text


def test_a_file_with_a_described_total(tmp_path):
    (tmp_path / "page.json").write_text(json.dumps({"data": PEOPLE, "meta": {"all": 6}}))
    text = failure(lambda request: answer([]), {"file": str(tmp_path / "page.json"), "records": "data", "paging": {"total": "meta.all"}})
    assert "endpoints[0] (people).paging.total: 5 of the stated 6 records came" in text


TWICE = [{"id": "p1", "number": "7001"}, {"id": "p2", "number": "7002"}, {"id": "p2", "number": "7003"}]


@pytest.mark.parametrize(("given", "expected"), [
    ({"key": "number"}, "endpoint people: the identifier 'p2' belongs to two keys, 7002 and 7003. Correct it in HR."),
    ({"identifier": "id"}, "two different records have the identifier 'p2'"),
    ({"key": "number", "identifier": "id"}, "two different records have the identifier 'p2'"),
    ({"key": "number", "identifier": "id", "paging": {"total": "total"}}, "two different records have the identifier 'p2'"),
])
@pytest.mark.parametrize("total", [2, 3])
def test_an_identifier_of_two_records(given, expected, total):
    given = {**given, "paging": given.get("paging", {"total": "length(data)"})}
    text = failure(lambda request: answer({"data": TWICE, "total": total}), {"records": "data", **given})
    assert expected in text or (total == 2 and "3 records came until page 1, and the stated total is 2" in text)


def test_an_identifier_of_two_records_in_a_file(tmp_path):
    (tmp_path / "people.json").write_text(json.dumps(TWICE))
    text = failure(lambda request: answer([]), {"file": str(tmp_path / "people.json"), "identifier": "id"})
    assert "endpoint people: the identifier 'p2' belongs to two different records." in text


@pytest.mark.parametrize(("given", "rows", "number"), [
    ({"key": "number"}, [*TWICE[:2], {"id": "p2", "number": "7002", "contract": 2}], 3),  # two contracts of one person
    ({"key": "id"}, TWICE, 3),  # here id may be the person's key
    ({}, TWICE, 3),
    ({"identifier": "id"}, [*TWICE[:2], TWICE[1]], 2),  # identical rows count once
    ({"identifier": "id"}, [{"number": "1"}, {"number": "2", "id": None}], 2),
])
def test_what_is_no_identifier_of_two_people(given, rows, number):
    assert len(fetched(lambda request: answer(rows), given)["employees"]) == number


def test_two_records_of_one_key_on_two_pages_are_both_kept():
    rows = [{"number": "1", "contract": 1}, {"number": "2", "contract": 1}, {"number": "2", "contract": 2}]

    def respond(request):
        page = int(request["query"]["page"])
        return answer({"data": rows[2 * page - 2:2 * page], "total": 3})
    found = fetched(respond, {"records": "data", "key": "number", "paging": {"type": "page", "total": "total"}})
    assert found["employees"] == rows


def test_a_null_record_costs_no_other(tmp_path):
    for given in ({}, {"file": str(tmp_path / "people.json")}):
        (tmp_path / "people.json").write_text(json.dumps([PEOPLE[0], None, PEOPLE[1], 7]))
        found = fetched(lambda request: answer([PEOPLE[0], None, PEOPLE[1], 7]), given)
        assert ids(found) == [1, None, 2, None]


def test_identical_records_of_a_further_endpoint_count_once():
    def respond(request):
        return answer(PEOPLE[:2] if request["path"] == "/people" else [{"of": 1, "desk": "A"}, {"of": 1, "desk": "A"}, {"of": 2, "desk": "B"}])
    found = fetched(respond, {"key": "id"}, {"name": "desks", "url": "/desks", "key": "of"})
    assert [one["desk"] for one in found["employees"]] == ["A", "B"]


def test_records_with_fields_of_their_own():
    text = failure(lambda request: answer([{f"f{number}": number} for number in range(2_001)]), {})
    assert "the records: 2001 records have 2001 different fields. Does each record have fields of its own" in text
