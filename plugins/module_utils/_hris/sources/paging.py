# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages into one whole list, or an error: a feed that did not arrive whole is never a shorter list.

Someone may edit HR while it is read, and numbered pages then shift: a record comes twice, or slips through between two
pages. So one reading is believed only when it agrees with itself:
- with a stated total, exactly that many different ids came, and the total was the same on every page;
- without one (IceHrm before v33.5), two readings in a row gave the same ids, none twice.
Otherwise everything is read again, and after some attempts it is an error.

What cannot be known: as many records removed as added between two pages leaves the total as it was, and may hide a
record from this run; and, without a total, that a server cuts every reading at the same place.
"""

from __future__ import annotations

import math
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from ..errors import HrisError

ATTEMPTS = 3
MOST_PAGES = 10_000


def read_whole(
    fetch,
    what: str,
    attempts: int = ATTEMPTS,
    identity=None,
    confirm: bool = True,
    most: int = MOST_PAGES,
    tell=lambda *_figures: None,
    concurrency: int = 1,
) -> tuple[list[dict], int]:
    """(records in the order of their first appearance, how many pages were read in all).

    fetch: callable(number from 1) -> {"records": [dict with "id"], "total": int or None, "last": True, False or None}.
        ``last`` None: the server does not say; then the list ends at its total, or at an empty page.
    what: the list's name for messages. identity: callable(record, what, number of the page) -> text that no other record has;
        its "id", by default. confirm: whether a list without a total is read until two readings agree. most: pages in one reading.
    tell: callable(how many records came, the stated total or None), before the first page and after each.
    concurrency: how many pages are asked for at a time once the first one has told how many there are; fetch is then called
        from several threads.
    Raises HrisError.
    """
    pages, previous, odd = 0, None, None
    for _attempt in range(attempts):
        reading = _read_once(fetch, what, identity or _identity, most, tell, concurrency)
        pages += reading["pages"]
        odd = reading["odd"]
        if odd is None and reading["total"] is None and confirm:
            ids = set(reading["records"])
            if ids != previous:
                odd = (
                    "two readings in a row differ, and the server states no total"
                    if previous is not None
                    else _ONCE
                )
                previous = ids
        if odd is None:
            return list(reading["records"].values()), pages
    raise HrisError(
        f"the list did not arrive whole in {attempts} readings; in the last one {odd}",
        what,
        "Nothing was done with the part that came. Run it again when HR is quieter; if it stays so, "
        "the HR system states a wrong total or loses pages",
    )


_ONCE = "no second reading confirmed the first"


def _read_once(fetch, what: str, identity_of, most: int, tell, concurrency: int) -> dict:
    """{"records": {id: record}, "pages", "total", "odd": why it cannot be believed, or None}."""
    records, total, odd, twice = {}, None, None, 0
    tell(0, None)
    coming = _pages(fetch, concurrency)
    for number, page in enumerate(coming, 1):
        if number > most:
            raise HrisError(
                f"the list has no end: {most} pages came",
                what,
                "Does its stop rule hold at its end",
            )
        if number == 1:
            total = page["total"]
        elif page["total"] != total:
            odd = f"the stated total changed from {total} to {page['total']} on page {number}"
            break
        fresh = 0
        for record in page["records"]:
            identity = identity_of(record, what, number)
            fresh += identity not in records
            twice += identity in records
            records[identity] = record
        tell(len(records), total)
        if not page["records"] or page["last"]:
            break
        if page["last"] is None and total is not None and len(records) >= total:
            break
        if not fresh:
            odd = f"page {number} repeats what came before"
            break
    coming.close()  # what is still under way is not waited for later
    if odd is None and total is not None and len(records) != total:
        odd = f"{len(records)} of the stated {total} records came"
    if odd is None and total is None and twice:
        odd = f"{twice} records came twice"
    return {"records": records, "pages": number, "total": total, "odd": odd}


def _pages(fetch, concurrency: int):
    """Yield page 1, 2, 3, … for as long as somebody takes them. Raises what fetch raises, at the page that it is about."""
    first = fetch(1)
    yield first
    number, last = 1, math.ceil((first["total"] or 0) / (len(first["records"]) or 1))
    if concurrency > 1 and last > 2:
        with ThreadPoolExecutor(concurrency) as pool:
            under_way = deque()
            try:
                for number in range(2, last + 1):
                    under_way.append(pool.submit(fetch, number))
                    if len(under_way) == concurrency:
                        yield under_way.popleft().result()
                while under_way:
                    yield under_way.popleft().result()
            finally:
                for call in under_way:
                    call.cancel()
    while True:
        number += 1
        yield fetch(number)


def _identity(record, what: str, number: int) -> str:
    value = record.get("id") if isinstance(record, dict) else None
    if not isinstance(value, (str, int)) or isinstance(value, bool) or value == "":
        raise HrisError(
            "a record has no id",
            f"{what}, page {number}",
            "The list is not of the shape that this source knows",
        )
    return str(value)
