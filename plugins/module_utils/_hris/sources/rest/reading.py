# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One endpoint's records, from a file, from one list, or from one call for each value of another endpoint."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from ...errors import HrisError
from ...web.client import Client
from ..tables import read_file
from .endpoints import DEPENDENT, Endpoint
from .paging import read_list
from .requests_made import ask, normal, records_of

FEW_VALUES = 5  # for how many values a dependent endpoint is called when only some pages are read


class Reading:
    """What came of one endpoint: records, each with the value that it was asked for (None but for dependent ones), and figures."""

    def __init__(self):
        self.records: list[tuple[str | None, dict]] = []
        self.figures = {"records": 0, "pages": 0, "requests": 0, "seconds": 0.0, "status": None}
        self.warnings: dict[str, None] = {}  # each once, in their order
        self._lock = threading.Lock()

    def note(self, answer: dict) -> None:
        with self._lock:
            self.figures["requests"] += answer.attempts
            self.figures["status"] = answer.status

    def warn(self, text: str) -> None:
        with self._lock:
            self.warnings[text] = None


def read_endpoint(
    client: Client | None,
    endpoint: Endpoint,
    variables: dict,
    parents: list[dict],
    most_pages: int = 0,
    tell=lambda *_figures: None,
) -> Reading:
    """Read an endpoint whole. Raises HrisError.

    client: None if all endpoints are files. parents: the records of the endpoint that a dependent one depends on.
    most_pages: as read_list; a dependent endpoint is then called for a few values only.
    tell: callable(how many records, or calls of a dependent endpoint, there are, of how many or None).
    """
    reading, began = Reading(), time.monotonic()
    if endpoint.file:
        settings = endpoint.settings
        path = str(endpoint.file(variables))
        value = read_file(path, settings["format"], settings["delimiter"], settings["encoding"])
        reading.records = [(None, record) for record in records_of(value, endpoint, path)]
    elif endpoint.value:
        _read_dependent(client, endpoint, variables, parents, most_pages, reading, tell)
    else:
        records, pages = read_list(
            client, endpoint, variables, most_pages, reading.note, reading.warn, tell
        )
        reading.records = [(None, record) for record in records]
        reading.figures["pages"] = pages
    reading.figures |= {
        "records": len(reading.records),
        "seconds": round(time.monotonic() - began, 3),
    }
    return reading


def values_of(endpoint: Endpoint, parent: dict) -> list[str]:
    """The values of one parent record, as text; none when it has none."""
    found = endpoint.value.evaluate(parent)
    texts = [
        normal(value, endpoint.value.place)
        for value in (found if isinstance(found, list) else [found])
    ]
    return [text for text in dict.fromkeys(texts) if text is not None]


def _read_dependent(
    client,
    endpoint: Endpoint,
    variables: dict,
    parents: list[dict],
    most_pages: int,
    reading: Reading,
    tell,
) -> None:
    """One call for each different value, several at a time, with their records in the order of the values."""
    values = list(
        dict.fromkeys(value for parent in parents for value in values_of(endpoint, parent))
    )
    if most_pages:
        values = values[:FEW_VALUES]
    found = {}
    with ThreadPoolExecutor(max_workers=endpoint.settings["dependent"]["concurrency"]) as pool:
        calls = {
            pool.submit(
                _of_value, client, endpoint, {**variables, DEPENDENT: value}, most_pages, reading
            ): value
            for value in values
        }
        try:
            for call in as_completed(calls):
                found[calls[call]] = call.result()
                tell(len(found), len(values))
        except HrisError as error:
            pool.shutdown(wait=True, cancel_futures=True)
            raise HrisError(
                error.message, f"endpoint {endpoint.name}, {error.place}", error.hint
            ) from None
    for value in values:
        records, pages = found[value]
        reading.records += [(value, record) for record in records]
        reading.figures["pages"] += pages


def _of_value(
    client, endpoint: Endpoint, variables: dict, most_pages: int, reading: Reading
) -> tuple[list[dict], int]:
    missing = endpoint.settings["dependent"]["missing_status"]
    if endpoint.paging["type"] != "none":
        return read_list(client, endpoint, variables, most_pages, reading.note, reading.warn)
    answer = ask(client, endpoint, variables, {})
    reading.note(answer)
    if answer.status in missing:
        return [], 1
    return records_of(client.decode(answer), endpoint, f"endpoint {endpoint.name}"), 1
