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
    records, pages = read_whole(book, "the list")
    assert pages == book.read
    return [record["id"] for record in records]


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
    ([Page([{"id": 1}, {"id": 2}, {"id": 3}], 2, True)], "3 of the stated 2 records came"),
    ([Page([{"id": 1}, {"id": 1}], 2, True)], "1 of the stated 2 records came"),
    ([Page([{"id": 1}], 3, None), Page([{"id": 1}], 3, None)],
     "page 2 repeats what came before"),
    ([Page([{"id": 1}], 2, None), Page([{"id": 2}], 3, None)],
     "the stated total changed from 2 to 3 on page 2"),
    ([Page([{"id": 1}, {"id": 1}], None, True)], "1 records came twice"),
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


@pytest.mark.parametrize("record", [{}, {"id": None}, {"id": ""}, {"id": True}, {"id": [1]}, "text", None])
def test_a_record_without_id_is_an_error_at_once(record):
    read = []

    def fetch(number):
        read.append(number)
        return Page([{"id": 1}, record], 2, True)
    with pytest.raises(HrisError, match="the list, page 1: a record has no id"):
        read_whole(fetch, "the list")
    assert read == [1]


def test_the_newer_copy_of_a_record_is_kept():
    pages = [[{"id": 1, "name": "old"}, {"id": 2}], [{"id": 1, "name": "new"}, {"id": 3}]]
    records, _pages = read_whole(lambda number: Page(pages[number - 1], 3, number == 2), "the list")
    assert records == [{"id": 1, "name": "new"}, {"id": 2}, {"id": 3}]


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
    records, pages = read_whole(shelf, "the list", ReadOptions(concurrency=concurrency))
    assert [record["id"] for record in records] == list(range(40)) and pages == 14
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
    records, pages = read_whole(shelf, "the list", ReadOptions(concurrency=3))
    assert [record["id"] for record in records] == list(range(1, 30)) and pages > 10
