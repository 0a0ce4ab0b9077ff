# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which servers give a list in pages.

By number, by offset, by cursor, by a link to the next page, or whole. sources/paging.py adds the
guards: repeated pages, the stated total, pages that shift while they are read, and an end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin

from ...data_class import field, mutable
from ...errors import HrisError
from ...model.records import Record
from ...option_names import option_name
from ...web import urls
from ...web.client import Client
from ...web.responses import Response
from ..paging import Page, ReadOptions, WholeList, content_id, read_whole
from .endpoint_requests import PageParameters, send
from .endpoints import Endpoint
from .figures import Figures
from .links import next_link
from .longer_lists import check_whole, rows_of, stated_more, total_of
from .records import has, key_of, records_of

_FIRST = {"page": 1, "offset": 0}
_NUMBERED = ("page", "offset")
_LONGEST_TARGET = 8192  # characters of a cursor or an address


@mutable
class _State:
    """Where one reading of the list is."""

    next: Any = None  # cursor or address of the next page
    seen: set[str] = field(default_factory=set)  # cursors or addresses that were read
    count: int = 0  # records that came
    rows: int = 0  # the same, with those that are not taken as records
    known: dict[str, Record] = field(default_factory=dict)  # by key, the first one that came
    # (number of the page, identity): how many records of the page have it
    times: Counter[tuple[int, str]] = field(default_factory=Counter)


class ListReader:
    """Reads the list of one endpoint.

    most_pages: stop after so many pages without asking whether that is all; 0 for the whole list.
    """

    def __init__(
        self,
        client: Client,
        endpoint: Endpoint,
        variables: Record,
        most_pages: int,
        figures: Figures,
    ):
        self._client = client
        self._endpoint = endpoint
        self._variables = variables
        self._most_pages = most_pages
        self._figures = figures
        self._paging = endpoint.paging
        self._options = endpoint.paging.options
        self._what = f"endpoint {endpoint.name}"
        self._state = _State()

    def read(self, progress: Callable[[int, int | None], None]) -> WholeList:
        """All records of the endpoint. Raises HrisError."""
        # Pages by number shift when HR is edited in between; a cursor or a link knows its place.
        confirm = self._options.type in _NUMBERED and not self._most_pages
        concurrency = 1 if self._most_pages else self._options.concurrency
        options = ReadOptions(
            identity=self._identity,
            confirm=confirm,
            most=self._options.max_pages,
            progress=progress,
            concurrency=concurrency,
        )
        return read_whole(self._page, self._what, options)

    def _page(self, number: int) -> Page:
        if number == 1:
            self._state = _State()
        response = send(self._client, self._endpoint, self._variables, self._parameters(number))
        self._figures.note(response)
        value = self._client.decode(response)
        records = records_of(value, self._endpoint, self._what)
        last = self._is_last(response, value, number, len(records))
        if self._most_pages:
            return Page(records, total=None, last=bool(last) or number >= self._most_pages)
        if last or not records:
            self._check_end(response, value, number, len(records))
        return Page(records, total=self._total(value, number), last=last)

    def _parameters(self, number: int) -> PageParameters:
        """What the request for this page has besides the endpoint's own parameters."""
        options, state = self._options, self._state
        found: dict[str, Any] = {}
        if options.size_parameter:
            found[options.size_parameter] = options.size
        if options.type in _NUMBERED:
            first = options.first
            if first is None:
                first = _FIRST[options.type]
            step = number - 1 if options.type == "page" else state.count
            found[options.parameter or options.type] = first + step
        elif options.type == "cursor" and state.next is not None:
            found[options.parameter or "cursor"] = state.next
        return PageParameters(
            params=self._located("params", found),
            body=self._located("body", found),
            url=state.next if options.type == "link" else None,
        )

    def _located(self, location: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parameters, if this is where they belong."""
        if self._options.location == location:
            return parameters
        return {}

    def _is_last(self, response: Response, value: Any, number: int, count: int) -> bool | None:
        """Whether this page is the last; None where only its emptiness or the total will tell.

        Keeps where the next page is. count: records of this page.
        """
        self._state.count += count
        self._state.rows += rows_of(value, count)
        kind, stop = self._options.type, self._paging.stop
        if kind == "none":
            return True
        stopped = bool(stop.evaluate(value)) if stop else None
        if kind in _NUMBERED:
            return stopped
        target = self._next_target(response, value)
        if stopped or target in (None, "", False):
            return True
        if isinstance(target, (dict, list)) or target is True:
            raise HrisError(
                f"what should lead to the page after {number} is not a text",
                f"{self._endpoint.place}.paging.next",
            )
        if len(str(target)) > _LONGEST_TARGET:
            raise HrisError(
                f"what should lead to the page after {number} is longer than {_LONGEST_TARGET}"
                " characters",
                self._what,
            )
        if kind == "link":
            target = self._next_address(response, str(target))
        if str(target) in self._state.seen:
            raise HrisError(
                f"page {number} leads back to a page that was read already",
                self._what,
                "Nothing was done with what came: its cursor or link goes in a circle",
            )
        self._state.next = target
        self._state.seen.add(str(target))
        return False

    def _next_target(self, response: Response, value: Any) -> Any:
        """The cursor, or the address of the next page as the server writes it."""
        if self._paging.next is not None:
            return self._paging.next.evaluate(value)
        return next_link(response.headers)

    def _next_address(self, response: Response, target: str) -> str:
        """The whole address of the next page.

        Raises HrisError for one on another server: the credentials are not for it.
        """
        try:
            address = urljoin(response.url, target)
            is_elsewhere = urls.origin(address) != urls.origin(response.url)
        except ValueError:
            raise HrisError(
                "what should lead to the next page is not an address", self._what
            ) from None
        if is_elsewhere:
            raise HrisError(
                f"the next page is on another server, {urls.shown(address)}",
                self._what,
                "The credentials are not sent there. If that is the right one, make it "
                + option_name("base_url"),
            )
        return address

    def _check_end(self, response: Response, value: Any, number: int, count: int) -> None:
        """Refuse a list that ends here although it is said to be longer.

        Where a total is described, that decides.
        """
        if number == 1:
            self._check_single_page(value, count)
        if self._paging.total is not None:
            return
        if number == 1 and self._options.type not in _NUMBERED:
            check_whole(self._endpoint, value, response.headers, count)
            return
        sign = stated_more(value, self._state.rows)
        if sign is not None:
            raise HrisError(
                f"the list ends after {self._state.rows} records, and {sign} in the answer",
                f"{self._endpoint.place}.paging",
                "Correct its rules, or give total, the number of records to expect",
            )

    def _check_single_page(self, value: Any, count: int) -> None:
        """Refuse, or warn of, a list that ends on its first page because paging.next is unknown."""
        rule = self._paging.next
        if rule is None or self._paging.total or all(has(value, path) for path in rule.paths):
            return
        if count == self._options.size:
            raise HrisError(
                f"the first page is full, and the answer has no '{rule.source}' that leads to the"
                " next",
                rule.place,
                "Correct it, or give total, so that a list of one page can be told from an"
                " incomplete one",
            )
        self._figures.warn(
            f"Endpoint {self._endpoint.name}: the answer has no '{rule.source}', so that its first"
            " page is taken for all of it."
        )

    def _total(self, value: Any, number: int) -> int | None:
        return total_of(self._endpoint, value, f"page {number} of {self._what}")

    def _identity(self, record: Record, number: int) -> str:
        """What distinguishes records while pages are read.

        That is the identifier. Else all of the record, for which the key stands where it has only
        one: what comes again on another page has come because pages shift.
        """
        rule = self._endpoint.identifier
        identity = key_of(record, rule) if rule else None
        if identity is not None:
            return identity
        key = None
        if self._endpoint.key and not self._endpoint.options.many:
            key = key_of(record, self._endpoint.key)
        if key is None:
            identity = content_id(record)
        elif self._state.known.setdefault(key, record) == record:
            identity = key
        else:
            identity = f"{key}\0{content_id(record)}"
        self._state.times[number, identity] += 1
        times = self._state.times[number, identity]
        return identity if times == 1 else f"{identity}\0{times}"
