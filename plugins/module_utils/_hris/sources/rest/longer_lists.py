# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an answer says that it is only one page of a longer list.

A list that is read without paging, or whose paging is described wrongly, ends after its first page
and looks whole. Most servers say in the same answer that there is more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import HrisError
from ..paging import stated_total
from .endpoints import Endpoint
from .links import next_link
from .records import is_one_object

# Names without their separators, in lower case: total_items, totalItems and hydra:totalItems
_TOTALS = frozenset(
    (
        *("total", "count", "totalcount", "totalitems", "totalrecords", "totalresults"),
        *("totalelements", "totalrows", "totalsize", "totalnumber", "recordcount"),
        *("recordstotal", "numfound"),
    )
)
# Those that can mean nothing else than the rows of the list
_TOTALS_OF_ROWS = frozenset(
    ("totalitems", "totalrecords", "totalresults", "totalelements", "totalrows", "recordstotal")
)
_NEXT = frozenset(
    (
        *("next", "nextpage", "nextlink", "nexturl", "nexturi", "nexthref", "nextpageurl"),
        *("nextpagelink", "nextpagetoken", "nexttoken", "nextcursor", "nextoffset"),
        *("nextrecordsurl", "hasmore", "hasnext", "hasnextpage", "morerecords", "moreresults"),
        *("moreitems", "more"),
    )
)
_PAGES = frozenset(
    ("lastpage", "totalpages", "pagecount", "numpages", "numberofpages", "pagestotal")
)
_BESIDE = 3  # how deep in the envelope, such as response.metadata.totalItems


def check_whole(endpoint: Endpoint, value: Any, headers: Mapping[str, str], count: int) -> None:
    """Refuse an answer or file that was read as a whole list, and says that it is a part of one.

    count: the records in it. Where a total is described, it must be their number.
    """
    total = total_of(endpoint, value, f"endpoint {endpoint.name}")
    if total is not None and total != count:
        raise HrisError(
            f"{count} of the stated {total} records came", f"{endpoint.place}.paging.total"
        )
    if total is not None or (count == 1 and is_one_object(value, endpoint)):
        return
    rows = rows_of(value, count)
    for name, number in _numbers(value, _TOTALS_OF_ROWS):
        if number < rows and rows == count:
            raise HrisError(
                f"{count} records came, and {name} is {number}",
                f"endpoint {endpoint.name}",
                f"Does a record come twice? If these are all, say so with {_as_whole(endpoint)}",
            )
    sign = sign_of_more(value, headers, rows)
    if sign is not None:
        raise HrisError(
            f"this is a part of a longer list: {count} records came, and {sign}",
            f"endpoint {endpoint.name}",
            "Describe its paging, or correct it. If this is the whole list, say so with "
            + _as_whole(endpoint),
        )


def _as_whole(endpoint: Endpoint) -> str:
    """What tells that the records of an answer are the whole list."""
    records = endpoint.records.source if endpoint.records else "@"
    return f"paging.total, such as length({records})"


def total_of(endpoint: Endpoint, value: Any, what: str) -> int | None:
    """The total that an endpoint describes, None where it describes none. what: for messages."""
    rule = endpoint.paging.total
    if rule is None:
        return None
    place = f"{endpoint.place}.paging.total"
    total = stated_total(rule.evaluate(value), place)
    if total is None:
        raise HrisError(
            f"{what} states no total there", place, "Leave it out if the server states none"
        )
    return total


def rows_of(value: Any, count: int) -> int:
    """How many rows an answer has, of which ``count`` are taken as records: others are filtered."""
    lists = [value, *(found for _name, found in _beside(value, _BESIDE))]
    return max([count, *(len(found) for found in lists if isinstance(found, list))])


def sign_of_more(value: Any, headers: Mapping[str, str], count: int) -> str | None:
    """What says that a list has more than ``count`` rows, as words; None for nothing.

    value: the answer. headers: with names in lower case. A stated total that fits counts more than
    a next page: some servers always name one.
    """
    stated = [(name, number) for name, number in _numbers(value, _TOTALS) if number >= count]
    for name, number in stated:
        if number > count:
            return f"{name} is {number}"
    if stated:
        return None
    for name, number in _numbers(value, _PAGES):
        if number > 1:
            return f"{name} is {number}"
    for name, found in _beside(value, _BESIDE):
        if _plain(name) in _NEXT and _leads_on(found):
            return f"there is a {name}"
    if next_link(headers) is not None:
        return "the header Link names a next page"
    return None


def stated_more(value: Any, count: int) -> str | None:
    """The same for a list that was read in pages: only a total tells that some did not come."""
    for name, number in _numbers(value, _TOTALS):
        if number > count:
            return f"{name} is {number}"
    return None


def _numbers(value: Any, names: frozenset[str]) -> Iterator[tuple[str, int]]:
    for name, found in _beside(value, _BESIDE):
        if _plain(name) not in names:
            continue
        if isinstance(found, str) and found.isascii() and found.isdigit():
            yield name, int(found[:20])
        elif isinstance(found, (int, float)) and not isinstance(found, bool):
            yield name, int(found)


def _beside(value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield the fields of the envelope, but none of records, which are in lists."""
    if not isinstance(value, dict) or not depth:
        return
    for name, found in value.items():
        yield name, found
        yield from _beside(found, depth - 1)


def _plain(name: str) -> str:
    """The name as in _TOTALS: without a prefix such as hydra:, @odata. or _."""
    if len(name) > 40:
        return ""
    return re.sub(r"[^a-z]", "", re.split("[:.@]", name)[-1].lower())


def _leads_on(value: Any) -> bool:
    """Whether it is an address, a cursor, true, the number of a page, or an object with an address.

    A text that only says no is none.
    """
    if isinstance(value, str):
        return value.strip().lower() not in ("", "null", "none", "false", "0")
    if isinstance(value, dict):
        return any(isinstance(inner, str) and inner for inner in value.values())
    return isinstance(value, (int, float)) and value > 0
