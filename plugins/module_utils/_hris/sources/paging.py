# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages into one complete list, or an error: an incomplete feed is never a shorter list.

Someone may edit HR while it is read, and numbered pages then shift: a record comes twice, or
is missed between two pages. So a reading is trusted only when it is consistent:
- no identifier came with two different records; identical ones count once;
- with a stated total, exactly that many different records came, and the total was the same on
  every page;
- without one (IceHrm before v33.5), two readings in a row gave the same identifiers, none on two
  pages.
Otherwise everything is read again, and after some attempts it is an error.

What cannot be known: as many records removed as added between two pages leave the total as it
was, and may hide a record from this run; and, without a total, that a server cuts every reading
at the same place. One page that holds the whole list is one query of the server, and has none of
these doubts.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from ..data_class import field, mutable
from ..errors import HrisError, quoted
from ..model.records import Record

ATTEMPTS = 3
# What goes on beyond has no end. A total bounds a list by itself, if it is one.
MOST_PAGES, MOST_PAGES_OF_TOTAL = 1_000, 10_000
MOST_RECORDS = 2_000_000
_NOT_CONFIRMED = "no second reading confirmed the first"


@mutable
class Page:
    """One page of a list."""

    records: list[Record]
    total: int | None  # how many records the whole list has; None when the server states none
    last: bool | None  # None: the list ends at its total, or at an empty page


# callable(number from 1) -> page
FetchPage = Callable[[int], Page]
# callable(record, number of the page) -> text that no other record has; None for a record without
# an identifier
Identity = Callable[[Record, int], "str | None"]


def id_of(record: Record, _number: int = 0) -> str | None:
    """The record's "id" as text."""
    value = record.get("id")
    if not isinstance(value, (str, int)) or isinstance(value, bool) or value == "":
        return None
    return str(value)


def stated_total(value: object, place: str) -> int | None:
    """How many records a list has, as its server states; None where it states nothing.

    Raises HrisError for what is no such number.
    """
    if value is None:
        return None
    total: object = value
    is_whole = isinstance(value, float) and value.is_integer()
    is_text = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20
    if is_whole or is_text:
        total = int(value)  # type: ignore[call-overload]
    if not isinstance(total, int) or isinstance(total, bool) or not 0 <= total <= MOST_RECORDS:
        raise HrisError(
            f"the stated total is not a number of records from 0 to {MOST_RECORDS}", place
        )
    return total


def content_id(record: Record) -> str:
    """A text that only records with the same content have."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _no_progress(_count: int, _total: int | None) -> None:
    """Show nothing."""


@mutable
class ReadOptions:
    """How a list is read."""

    identity: Identity = id_of
    attempts: int = ATTEMPTS  # readings of the whole list
    confirm: bool = True  # whether a list without a total is read until two readings agree
    most: int | None = None  # pages in one reading; None for the usual ones
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
    repeated: int = 0  # records that came again on another page
    # Records without an identifier by their content, in all and on the page that came last
    nameless: Counter[str] = field(default_factory=Counter)
    nameless_on_page: Counter[str] = field(default_factory=Counter)


@mutable
class WholeList:
    """A list that was read whole."""

    records: list[Record]  # in the order of their first appearance
    pages: int  # how many were read, in all readings
    nameless: int  # how many of the records have no identifier


def read_whole(fetch: FetchPage, what: str, options: ReadOptions | None = None) -> WholeList:
    """Read a list until a reading can be trusted.

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
            nameless = reading.nameless.total()
            if nameless and nameless == len(reading.records):
                raise HrisError(
                    "no record has an id",
                    what,
                    "The list does not have the form that this source knows",
                )
            return WholeList(list(reading.records.values()), pages, nameless)
    raise HrisError(
        f"the list did not arrive complete in {options.attempts} readings; in the last one {doubt}",
        what,
        "Nothing was done with the part that came. Run it again when HR is quieter, or with larger"
        " pages; if it stays so, the HR system states a wrong total, loses pages or gives an"
        " identifier twice",
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
        most = options.most or (MOST_PAGES_OF_TOTAL if reading.total else MOST_PAGES)
        if number > most:
            raise HrisError(
                f"the list has no end: {most} pages came",
                what,
                "Are there more, let a page hold more records. Else check how the list ends",
            )
        reading.pages = number
        if number == 1:
            reading.total = page.total
        elif page.total != reading.total:
            reading.doubt = (
                f"the stated total changed from {reading.total} to {page.total} on page {number}"
            )
            break
        is_fresh = _add(reading, page, number, options.identity)
        if len(reading.records) > MOST_RECORDS:
            raise HrisError(f"the list has no end: {MOST_RECORDS} records came", what)
        options.progress(len(reading.records), reading.total)
        if reading.doubt or _is_end(page, reading):
            break
        if not is_fresh:
            reading.doubt = f"page {number} repeats what came before"
            break
    pages.close()  # pages that are still requested are not waited for later
    reading.doubt = reading.doubt or _wrong_count(reading)
    return reading


def _add(reading: _Reading, page: Page, number: int, identity_of: Identity) -> bool:
    """Add a page's records. Whether it is more than one that came before."""
    fresh = 0
    nameless: Counter[str] = Counter()
    on_page: set[str] = set()
    for record in page.records:
        identity = identity_of(record, number)
        if identity is None:
            content = content_id(record)
            nameless[content] += 1
            reading.nameless[content] += 1
            # Equal records without an identifier may be several people
            reading.records[f"{content}\0\0{reading.nameless[content]}"] = record
        elif identity not in reading.records:
            fresh += 1
            reading.records[identity] = record
        else:
            if reading.records[identity] != record:
                reading.doubt = f"two different records have the identifier {quoted(identity)}"
            reading.repeated += identity not in on_page
        on_page.add(identity or "")
    if reading.total is not None and len(reading.records) > reading.total:
        reading.doubt = (
            f"{len(reading.records)} records came until page {number}, and the stated total is"
            f" {reading.total}"
        )
    repeats = nameless == reading.nameless_on_page
    reading.nameless_on_page = nameless
    return fresh > 0 or (nameless.total() == len(page.records) and not repeats)


def _is_end(page: Page, reading: _Reading) -> bool:
    if not page.records or page.last:
        return True
    if page.last is None and reading.total is not None:
        return len(reading.records) >= reading.total
    return False


def _wrong_count(reading: _Reading) -> str | None:
    if reading.total is None:
        if reading.repeated:
            return f"{reading.repeated} records came on two pages"
        return None
    if len(reading.records) != reading.total:
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
