# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of one endpoint.

They come from a file, from one list, or from one call for each value of another endpoint.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from ...data_class import frozen
from ...errors import HrisError
from ...model.records import Record
from ...web.client import Client
from ..tables import read_file
from .endpoint_requests import WHOLE, send
from .endpoints import DEPENDENT, Endpoint
from .figures import Figures, FiguresRow
from .identifiers import check_identifiers
from .longer_lists import check_whole
from .options import DependentOptions
from .paging import ListReader
from .records import key_texts, records_of

FEW_VALUES = 5  # calls of a dependent endpoint when only some pages are read

# callable(how many records, or calls of a dependent endpoint, came; of how many or None)
CountProgress = Callable[[int, "int | None"], None]


@frozen
class FoundRecord:
    """A record of an endpoint."""

    record: Record
    value: str | None  # what a dependent endpoint was called with


@frozen
class Reading:
    """What came of one endpoint."""

    records: Sequence[FoundRecord]
    figures: FiguresRow
    warnings: Sequence[str]


@frozen
class Reader:
    """Reads endpoints of one system."""

    client: Client | None  # None if all endpoints are files
    variables: Record  # of macros
    most_pages: int  # as of ListReader; a dependent endpoint is then called for a few values only

    def read(
        self,
        endpoint: Endpoint,
        parents: Sequence[Record],
        progress: CountProgress,
        is_first: bool,
    ) -> Reading:
        """Read an endpoint whole. Raises HrisError.

        parents: the records of the endpoint that a dependent one depends on. is_first: whether the
        endpoint says who there is.
        """
        figures, began = Figures(), time.monotonic()
        if endpoint.file is not None:
            found = self._read_file(endpoint, str(endpoint.file(self.variables)))
        elif endpoint.options.dependent is not None:
            found = self._read_dependent(endpoint, parents, figures, progress)
        else:
            whole = self._list_reader(endpoint, self.variables, figures).read(progress)
            found, figures.pages = _found(whole.records), whole.pages
        check_identifiers(endpoint, [one.record for one in found], is_first)
        row = figures.row(len(found), time.monotonic() - began)
        return Reading(found, row, list(figures.warnings))

    def _read_file(self, endpoint: Endpoint, path: str) -> list[FoundRecord]:
        options = endpoint.options
        value = read_file(path, options.format, options.table)
        records = records_of(value, endpoint, path)
        check_whole(endpoint, value, {}, len(records))
        return _found(records)

    def _read_dependent(
        self,
        endpoint: Endpoint,
        parents: Iterable[Record],
        figures: Figures,
        progress: CountProgress,
    ) -> list[FoundRecord]:
        """One call for each different value, several at a time.

        The records are in the order of the values.
        """
        values: dict[str, None] = {}
        for parent in parents:
            values.update(dict.fromkeys(values_of(endpoint, parent)))
        chosen = list(values)
        if self.most_pages:
            chosen = chosen[:FEW_VALUES]
        answers = self._call_each(endpoint, chosen, figures, progress)
        found: list[FoundRecord] = []
        for value in chosen:
            records, pages = answers[value]
            found += _found(records, value)
            figures.pages += pages
        return found

    def _call_each(
        self,
        endpoint: Endpoint,
        values: Sequence[str],
        figures: Figures,
        progress: CountProgress,
    ) -> dict[str, tuple[list[Record], int]]:
        """{value: (its records, pages read)}."""
        answers = {}
        with ThreadPoolExecutor(max_workers=_dependent(endpoint).concurrency) as pool:
            calls = {pool.submit(self._call, endpoint, value, figures): value for value in values}
            try:
                for call in as_completed(calls):
                    answers[calls[call]] = call.result()
                    progress(len(answers), len(values))
            except HrisError as error:
                pool.shutdown(wait=True, cancel_futures=True)
                raise error.at(f"endpoint {endpoint.name}, {error.place}") from None
        return answers

    def _call(self, endpoint: Endpoint, value: str, figures: Figures) -> tuple[list[Record], int]:
        """(the records of one value, pages read)."""
        variables = {**self.variables, DEPENDENT: value}
        if endpoint.paging.options.type != "none":
            whole = self._list_reader(endpoint, variables, figures).read(_no_progress)
            return whole.records, whole.pages
        client = self._connected()
        response = send(client, endpoint, variables, WHOLE)
        figures.note(response)
        if response.status in _dependent(endpoint).missing_status:
            return [], 1
        value = client.decode(response)
        records = records_of(value, endpoint, f"endpoint {endpoint.name}")
        check_whole(endpoint, value, response.headers, len(records))
        return records, 1

    def _list_reader(self, endpoint: Endpoint, variables: Record, figures: Figures) -> ListReader:
        return ListReader(self._connected(), endpoint, variables, self.most_pages, figures)

    def _connected(self) -> Client:
        if self.client is None:
            raise AssertionError("an endpoint with an address has a client")
        return self.client


def values_of(endpoint: Endpoint, parent: Record) -> list[str]:
    """The values of one parent record that a dependent endpoint is called with, each once."""
    if endpoint.value is None:
        return []
    texts = key_texts(endpoint.value.evaluate(parent), endpoint.value.place)
    return list(dict.fromkeys(texts))


def _dependent(endpoint: Endpoint) -> DependentOptions:
    if endpoint.options.dependent is None:
        raise AssertionError(f"endpoint {endpoint.name} does not depend on another one")
    return endpoint.options.dependent


def _found(records: Iterable[Record], value: str | None = None) -> list[FoundRecord]:
    return [FoundRecord(record, value) for record in records]


def _no_progress(_count: int, _total: int | None) -> None:
    """Show nothing."""
