"""A list arrives whole, or not at all, however HR is edited while it is read."""
from __future__ import annotations

import threading
import time

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.paging import (
    Page,
    ReadOptions,
    read_whole,
    stated_total,
)


class Book:
    """A list of ids in pages of three, with the total stated or not; ``edits`` maps the how-manieth page read to an edit before it."""

    def __init__(self, ids, edits=None, stated=True, says_last=False, size=3):
        self.ids, self.edits, self.stated, self.says_last, self.size = list(ids), edits or {}, stated, says_last, size
        self.read = 0

    def __call__(self, number):
        self.read += 1
        if self.read in self.edits:
            self.edits[self.read](self.ids)
        rows = [{"id": identity} for identity in self.ids[(number - 1) * self.size:number * self.size]]
        last = number * self.size >= len(self.ids) if self.says_last else None
        return Page(rows, len(self.ids) if self.stated else None, last)


def ids_of(book):
    found = read_whole(book, "the list")
    assert found.pages == book.read
    return [record["id"] for record in found.records]


def remove_first(ids):
    del ids[0]


def insert_first(ids):
    ids.insert(0, 99)


def move_first_to_end(ids):
    ids.append(ids.pop(0))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize(("stated", "says_last"), [(True, True), (True, False), (False, True), (False, False)])
def test_every_record_once(count, stated, says_last):
    assert ids_of(Book(range(count), stated=stated, says_last=says_last)) == list(range(count))


@pytest.mark.parametrize(("count", "pages"), [(6, 2), (7, 3)])
def test_a_stated_total_needs_no_page_beyond_it(count, pages):
    book = Book(range(count))
    ids_of(book)
    assert book.read == pages


def test_without_a_total_two_readings_agree():
    book = Book(range(6), stated=False)
    ids_of(book)
    assert book.read == 2 * 3  # two full pages and an empty one, twice


@pytest.mark.parametrize("stated", [True, False], ids=["total", "no total"])
@pytest.mark.parametrize("says_last", [True, False], ids=["last", "no last"])
@pytest.mark.parametrize("edit", [remove_first, insert_first, move_first_to_end])
@pytest.mark.parametrize("page", [2, 3])
def test_an_edit_while_reading_neither_doubles_nor_loses(edit, page, stated, says_last):
    book = Book(range(9), {page: edit}, stated, says_last)
    found = ids_of(book)
    assert sorted(found) == sorted(book.ids)
    assert book.read > 3


@pytest.mark.parametrize(("pages", "expected"), [
    ([Page([{"id": 1}], 2, True)], "in 3 readings; in the last one 1 of the stated 2 records came"),
    ([Page([{"id": 1}], 2, None), Page([], 2, None)], "1 of the stated 2 records came"),
    ([Page([{"id": 1}, {"id": 2}, {"id": 3}], 2, True)], "3 records came until page 1, and the stated total is 2"),
    ([Page([{"id": 1}, {"id": 1}], 2, True)], "1 of the stated 2 records came"),
    ([Page([{"id": 1}], 3, None), Page([{"id": 1}], 3, None)],
     "page 2 repeats what came before"),
    ([Page([{"id": 1}], 2, None), Page([{"id": 2}], 3, None)],
     "the stated total changed from 2 to 3 on page 2"),
    ([Page([{"id": 1}, {"id": 1, "n": 2}], 1, True)], "two different records have the identifier '1'"),
    ([Page([{"id": 1}, {"id": 1, "n": 2}], 2, True)], "two different records have the identifier '1'"),
    ([Page([{"id": 1}, {"id": 1, "n": 2}], None, True)], "two different records have the identifier '1'"),
    ([Page([{"id": 1}], 2, None), Page([{"id": 1, "n": 2}, {"id": 2}], 2, None)], "two different records have the identifier '1'"),
    ([Page([{"id": 1}, {"id": 2}], None, None), Page([{"id": 2}, {"id": 3}], None, True)], "1 records came on two pages"),
    ([Page([{"id": 1}], None, None)] * 2, "page 2 repeats what came before"),
])
def test_a_list_that_stays_odd_is_an_error(pages, expected):
    with pytest.raises(HrisError) as error:
        read_whole(lambda number: pages[number - 1], "the list")
    assert str(error.value).startswith("the list: the list did not arrive complete")
    assert expected in str(error.value)


def test_a_list_without_total_that_never_settles_is_an_error():
    counter = iter(range(100))
    with pytest.raises(HrisError, match="two readings in a row differ"):
        read_whole(lambda number: Page([{"id": next(counter)}], None, True), "the list")


NAMELESS = [{}, {"id": None}, {"id": ""}, {"id": True}, {"id": [1]}, {"name": "Ann"}]


@pytest.mark.parametrize("record", NAMELESS)
@pytest.mark.parametrize("total", [3, None])
def test_a_record_without_id_costs_no_other(record, total):
    found = read_whole(lambda number: Page([{"id": 1}, record, {"id": 2}], total, True), "the list")
    assert (found.records, found.nameless) == ([{"id": 1}, record, {"id": 2}], 1)


def test_equal_records_without_id_count_as_often_as_they_come():
    found = read_whole(lambda number: Page([{"id": 1}, {}, {}], 3, True), "the list")
    assert (found.records, found.nameless) == ([{"id": 1}, {}, {}], 2)


@pytest.mark.parametrize("record", NAMELESS)
def test_a_list_without_any_id_is_not_the_one_that_is_known(record):
    with pytest.raises(HrisError, match="the list: no record has an id"):
        read_whole(lambda number: Page([record, record], 2, True), "the list")


@pytest.mark.parametrize("total", [2, None])
def test_identical_rows_count_once(total):
    found = read_whole(lambda number: Page([{"id": 1}, {"id": 2}, {"id": 2}], total, True), "the list")
    assert found.records == [{"id": 1}, {"id": 2}]


def test_a_record_that_changes_while_it_is_read_is_read_again():
    pages = iter([[{"id": 1, "name": "old"}, {"id": 2}], [{"id": 1, "name": "new"}, {"id": 3}],
                  [{"id": 2}, {"id": 1, "name": "new"}], [{"id": 3}]])
    found = read_whole(lambda number: Page(next(pages), 3, number == 2), "the list")
    assert found.records == [{"id": 2}, {"id": 1, "name": "new"}, {"id": 3}]
    assert found.pages == 4


@pytest.mark.parametrize(("total", "most"), [(None, 1_000), (2_000_000, 10_000)])
def test_pages_that_never_end(total, most):
    with pytest.raises(HrisError, match=f"the list has no end: {most} pages came"):
        read_whole(lambda number: Page([{"id": number}], total, None), "the list")


def test_more_records_than_stated_are_not_waited_for():
    read = []

    def fetch(number):
        read.append(number)
        return Page([{"id": number}], 2, False)
    with pytest.raises(HrisError, match="3 records came until page 3, and the stated total is 2"):
        read_whole(fetch, "the list")
    assert read == [1, 2, 3] * 3


@pytest.mark.parametrize(("value", "expected"), [(None, None), (0, 0), (7, 7), ("7", 7), (7.0, 7)])
def test_a_stated_total(value, expected):
    assert stated_total(value, "the list") == expected


@pytest.mark.parametrize("value", [True, -1, 1.5, 1e308, 10**90, "", "many", "-1", "1_0", "٣", "9" * 5000, [], {}, [7], 2_000_001])
def test_a_stated_total_that_is_none(value):
    with pytest.raises(HrisError, match="the list: the stated total is not a number of records from 0 to 2000000"):
        stated_total(value, "the list")


class Shelf:
    """Pages that come at their own pace: what is asked for while another page is still to come is counted."""

    def __init__(self, book, late=()):
        self.book, self.late, self.asked, self.at_once, self.most = book, set(late), [], 0, 0
        self.lock = threading.Lock()

    def __call__(self, number):
        with self.lock:
            self.asked.append(number)
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        time.sleep(0.05 if number in self.late else 0.01)
        with self.lock:
            self.at_once -= 1
            return self.book(number)


@pytest.mark.parametrize("concurrency", [2, 4])
@pytest.mark.parametrize("says_last", [True, False])
def test_several_pages_at_a_time_arrive_in_their_order_and_none_is_asked_for_twice(concurrency, says_last):
    shelf = Shelf(Book(range(40), says_last=says_last), late=(2, 5, 6))
    found = read_whole(shelf, "the list", ReadOptions(concurrency=concurrency))
    assert [record["id"] for record in found.records] == list(range(40)) and found.pages == 14
    assert sorted(shelf.asked) == list(range(1, 15)) and 1 < shelf.most <= concurrency


def test_without_a_total_one_page_after_the_other():
    shelf = Shelf(Book(range(12), stated=False))
    read_whole(shelf, "the list", ReadOptions(concurrency=4))
    assert shelf.most == 1 and shelf.book.read == 2 * 5


def test_a_page_that_fails_fails_the_list_and_the_rest_is_not_asked_for():
    def fetch(number):
        asked.append(number)
        if number == 3:
            raise HrisError("it broke")
        return book(number)
    asked, book = [], Book(range(90))
    with pytest.raises(HrisError, match="it broke"):
        read_whole(fetch, "the list", ReadOptions(concurrency=3))
    assert max(asked) <= 7


def test_a_list_that_shifts_while_pages_come_side_by_side_is_read_again():
    shelf = Shelf(Book(range(30), edits={5: remove_first}))
    found = read_whole(shelf, "the list", ReadOptions(concurrency=3))
    assert [record["id"] for record in found.records] == list(range(1, 30)) and found.pages > 10
