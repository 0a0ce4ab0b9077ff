# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages into one complete list, or an error: an incomplete feed is never a shorter list.

Someone may edit HR while it is read, and numbered pages then shift: a record comes twice, or
is missed between two pages. So a reading is trusted only when it is consistent:
- with a stated total, exactly that many different ids came, and the total was the same on every
  page;
- without one (IceHrm before v33.5), two readings in a row gave the same ids, none twice.
Otherwise everything is read again, and after some attempts it is an error.

What cannot be known: as many records removed as added between two pages leave the total as it
was, and may hide a record from this run; and, without a total, that a server cuts every reading
at the same place.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from ..data_class import field, mutable
from ..errors import HrisError
from ..model.records import Record

ATTEMPTS = 3
MOST_PAGES = 10_000
_NOT_CONFIRMED = "no second reading confirmed the first"


@mutable
class Page:
    """One page of a list."""

    records: list[Record]
    total: int | None  # how many records the whole list has; None when the server states none
    last: bool | None  # None: the list ends at its total, or at an empty page


# callable(number from 1) -> page
FetchPage = Callable[[int], Page]
# callable(record, the list's name, number of the page) -> text that no other record has
Identity = Callable[[Record, str, int], str]


def id_of(record: Record, what: str, number: int) -> str:
    """The record's "id" as text. Raises HrisError for a record without one."""
    value = record.get("id") if isinstance(record, dict) else None
    if not isinstance(value, (str, int)) or isinstance(value, bool) or value == "":
        raise HrisError(
            "a record has no id",
            f"{what}, page {number}",
            "The list does not have the form that this source knows",
        )
    return str(value)


def _no_progress(_count: int, _total: int | None) -> None:
    """Show nothing."""


@mutable
class ReadOptions:
    """How a list is read."""

    identity: Identity = id_of
    attempts: int = ATTEMPTS  # readings of the whole list
    confirm: bool = True  # whether a list without a total is read until two readings agree
    most: int = MOST_PAGES  # pages in one reading
    # callable(how many records came, the stated total or None), before the first page and after
    # each
    progress: Callable[[int, int | None], None] = _no_progress
    # How many pages are requested at a time once the first one has stated how many there are;
    # the pages are then fetched from several threads.
    concurrency: int = 1


@mutable
class _Reading:
    """One reading of the list."""

    records: dict[str, Record] = field(default_factory=dict)  # by identity
    pages: int = 0
    total: int | None = None
    doubt: str | None = None  # why it cannot be trusted
    repeated: int = 0  # records that came twice


def read_whole(
    fetch: FetchPage, what: str, options: ReadOptions | None = None
) -> tuple[list[Record], int]:
    """(records in the order of their first appearance, how many pages were read in all).

    what: the list's name for messages. Raises HrisError.
    """
    options = options or ReadOptions()
    pages = 0
    previous: set[str] | None = None
    doubt: str | None = None
    for _attempt in range(options.attempts):
        reading = _read_once(fetch, what, options)
        pages += reading.pages
        doubt = reading.doubt
        if doubt is None and reading.total is None and options.confirm:
            identities = set(reading.records)
            doubt = _difference(identities, previous)
            if doubt is not None:
                previous = identities
        if doubt is None:
            return list(reading.records.values()), pages
    raise HrisError(
        f"the list did not arrive complete in {options.attempts} readings; in the last one {doubt}",
        what,
        "Nothing was done with the part that came. Run it again when HR is quieter; if it stays so,"
        " the HR system states a wrong total or loses pages",
    )


def _difference(identities: set[str], previous: set[str] | None) -> str | None:
    if previous is None:
        return _NOT_CONFIRMED
    if identities != previous:
        return "two readings in a row differ, and the server states no total"
    return None


def _read_once(fetch: FetchPage, what: str, options: ReadOptions) -> _Reading:
    reading = _Reading()
    options.progress(0, None)
    pages = _pages(fetch, options.concurrency)
    for number, page in enumerate(pages, 1):
        if number > options.most:
            raise HrisError(
                f"the list has no end: {options.most} pages came",
                what,
                "Check that its stop rule is true at its end",
            )
        reading.pages = number
        if number == 1:
            reading.total = page.total
        elif page.total != reading.total:
            reading.doubt = (
                f"the stated total changed from {reading.total} to {page.total} on page {number}"
            )
            break
        fresh = _add(reading, page, what, number, options.identity)
        options.progress(len(reading.records), reading.total)
        if _is_end(page, reading):
            break
        if not fresh:
            reading.doubt = f"page {number} repeats what came before"
            break
    pages.close()  # pages that are still requested are not waited for later
    reading.doubt = reading.doubt or _wrong_count(reading)
    return reading


def _add(reading: _Reading, page: Page, what: str, number: int, identity_of: Identity) -> int:
    """Add a page's records; how many were new."""
    before = len(reading.records)
    for record in page.records:
        identity = identity_of(record, what, number)
        reading.repeated += identity in reading.records
        reading.records[identity] = record
    return len(reading.records) - before


def _is_end(page: Page, reading: _Reading) -> bool:
    if not page.records or page.last:
        return True
    if page.last is None and reading.total is not None:
        return len(reading.records) >= reading.total
    return False


def _wrong_count(reading: _Reading) -> str | None:
    if reading.total is None:
        if reading.repeated:
            return f"{reading.repeated} records came twice"
    elif len(reading.records) != reading.total:
        return f"{len(reading.records)} of the stated {reading.total} records came"
    return None


def _pages(fetch: FetchPage, concurrency: int) -> Generator[Page, None, None]:
    """Yield page 1, 2, 3, … for as long as the caller takes them.

    Raises what fetch raises, at the page that it is about.
    """
    first = fetch(1)
    yield first
    number, last = 1, math.ceil((first.total or 0) / (len(first.records) or 1))
    if concurrency > 1 and last > 2:
        yield from _pages_at_once(fetch, last, concurrency)
        number = last
    while True:
        number += 1
        yield fetch(number)


def _pages_at_once(fetch: FetchPage, last: int, concurrency: int) -> Iterator[Page]:
    """Yield page 2 to the last one, in order; so many are requested at a time."""
    with ThreadPoolExecutor(concurrency) as pool:
        requested: deque[Future[Page]] = deque()
        try:
            for number in range(2, last + 1):
                requested.append(pool.submit(fetch, number))
                if len(requested) == concurrency:
                    yield requested.popleft().result()
            while requested:
                yield requested.popleft().result()
        finally:
            for call in requested:
                call.cancel()
