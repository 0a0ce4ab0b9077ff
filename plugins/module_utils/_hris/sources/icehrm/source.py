# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's REST API: every employee, active and terminated.

As IceHrm 35 answers, and as its documentation shows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Self

from ...data_class import frozen
from ...errors import HrisError, Warn
from ...model.records import Record
from ...option_names import option_name
from ...progress import Progress, no_progress
from ...web.client import Client
from ...web.options import check_minimum
from ...wording import counted
from .. import record_shapes
from ..delivery import Fetched
from ..paging import FetchPage, Page, ReadOptions, read_whole, stated_total
from ..record_shapes import objects
from . import record_format
from .connection import check_owner, connect, trusted

LIST = "IceHrm's list of employees"


@frozen
class Options:
    """The options of the module icehrm_employee_info beside those of the connection."""

    require_admin: bool
    page_size: int
    concurrency: int
    fields: Sequence[str] | None
    custom_fields: Sequence[str] | None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Raises HrisError for a number that is too small."""
        options = cls(**{name: params[name] for name in cls.__dataclass_fields__})
        check_minimum(option_name("concurrency"), options.concurrency, 1)
        return options


def fetch(
    params: Mapping[str, Any],
    warn: Warn,
    clock: Callable[[], float] = time.time,
    progress: Progress = no_progress,
) -> Fetched:
    """All employees that the token may see. The module's RETURN describes a record.

    params: the options of the module icehrm_employee_info. clock: callable -> Unix time.
    Raises HrisError.
    """
    began = time.monotonic()
    options = Options.from_params(params)
    client = connect(params, warn, clock)
    client.traffic.most_received = client.options.most_of_a_feed
    if options.require_admin:
        check_owner(client)
    reading = ReadOptions(
        progress=partial(progress, "fetch employees"), concurrency=options.concurrency
    )
    found = read_whole(_page_fetcher(client, options.page_size), LIST, reading)
    if found.nameless:
        records = counted(found.nameless, "record", "records")
        warn(f"{LIST}: {records} without an id. Nothing can refer to such a record.")
    employees = list(map(record_format.normalise, found.records))
    employees = record_shapes.one_shape(employees, record_format.FIELDS)
    record_shapes.one_shape_inside(employees, "custom", options.custom_fields or ())
    counts = {
        "employees": len(employees),
        "terminated": sum(record["status"] == "Terminated" for record in employees),
        "pages": found.pages,
        **client.counts,
    }
    chosen = record_format.chosen(employees, options.fields)
    return Fetched(chosen, counts, round(time.monotonic() - began, 3))


def rows(client: Client, page_size: int) -> list[Record]:
    """All employees as IceHrm gives them. For a comparison before something is written."""
    return read_whole(_page_fetcher(client, page_size), LIST).records


def _page_fetcher(client: Client, page_size: int) -> FetchPage:
    # IceHrm has no order of its own, and unordered pages would not fit together. No filters: one
    # that is not understood is ignored.
    fixed = {"limit": page_size, "sortField": "id", "sortOrder": "ascend"}

    def fetch_page(number: int) -> Page:
        value = trusted(client, client.get("/employees", {**fixed, "page": number}), "/employees")
        rows = value.get("data") if isinstance(value, dict) else None
        if not isinstance(rows, list):
            raise HrisError(
                "the answer is not a list of employees",
                LIST,
                f"Is {option_name('base_url')} the address of IceHrm's REST API",
            )
        # nextPage is page + 1 for ever, and a page shorter than requested may be the server's own
        # limit: only the total, or an empty page, ends the list.
        return Page(objects(rows, LIST), total=stated_total(value.get("total"), LIST), last=None)

    return fetch_page
