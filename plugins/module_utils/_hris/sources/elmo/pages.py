# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of ELMO: requests for them, and the envelopes that they come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...data_class import mutable
from ...errors import HrisError
from ...web import responses
from ...web.client import Client
from ..paging import FetchPage, Page, stated_total
from ..record_shapes import objects


def page_fetcher(client: Client, path: str, params: Mapping[str, str], page_size: int) -> FetchPage:
    """What requests one page of the list at a path. params: further parameters of the query."""

    def fetch(number: int) -> Page:
        query = {**params, "page": number, "itemsPerPage": page_size}
        return page_of(client.get(path, query), list_name(path))

    return fetch


def list_name(path: str) -> str:
    """The list's name for messages."""
    return f"ELMO's list {path}"


def page_of(value: Any, place: str) -> Page:
    """The page in ELMO's envelope, in API Platform's (with or without "hydra:") or in a bare list.

    Raises HrisError for anything else.
    """
    if isinstance(value, list):
        return Page(objects(value, place), total=None, last=None)
    words = responses.error_of_list(value)
    if words is not None:
        raise HrisError(f"the answer is an error: {words or 'no reason is given'}", place)
    if isinstance(value, dict):
        for page in (_hydra(value, "hydra:"), _hydra(value, ""), _data(value)):
            if page is not None:
                total = stated_total(page.total, place)
                return Page(objects(page.records, place), total, page.last)
    raise HrisError(
        "the answer is not a list of records",
        place,
        "Known are data with metadata, and API Platform's hydra:member",
    )


@mutable
class _Envelope:
    """A page as it stands in an envelope."""

    records: list[Any]
    total: Any
    last: bool | None


def _hydra(value: Mapping[str, Any], prefix: str) -> _Envelope | None:
    records = value.get(f"{prefix}member")
    if not isinstance(records, list):
        return None
    view = value.get(f"{prefix}view")
    last = None
    if isinstance(view, dict):
        last = not view.get(f"{prefix}next")
    return _Envelope(records, value.get(f"{prefix}totalItems"), last)


def _data(value: Mapping[str, Any]) -> _Envelope | None:
    records, metadata = value.get("data"), value.get("metadata")
    if not isinstance(records, list):
        return None
    if not isinstance(metadata, dict):
        metadata = {}
    number, last_number = _number(metadata.get("page")), _number(metadata.get("lastPage"))
    last = None
    if number is not None and last_number is not None:
        last = number >= last_number
    return _Envelope(records, metadata.get("totalItems"), last)


def _number(value: Any) -> int | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
