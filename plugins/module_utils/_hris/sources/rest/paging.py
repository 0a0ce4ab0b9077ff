# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which servers give a list in pages: by number, by offset, by cursor, by a link to the next page, or whole.

Each is a function page(number) as paging.read_whole takes it, which adds the guards: repeated pages, the stated total, pages
that shift while they are read, and an end.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from urllib.parse import urljoin

from ...errors import HrisError
from ...web import urls
from ...web.client import Client
from ..paging import read_whole
from .endpoints import Endpoint
from .requests_made import ask, has, key_of, records_of

_FIRST = {"page": 1, "offset": 0}


def read_list(
    client: Client,
    endpoint: Endpoint,
    variables: dict,
    most_pages: int,
    note,
    warn,
    tell=lambda *_figures: None,
) -> tuple[list[dict], int]:
    """(all records of the endpoint, pages read). Raises HrisError.

    most_pages: stop after so many pages without asking whether that is all; 0 for the whole list.
    note: callable(answer), for each answer that came. warn: callable(text).
    tell: as of read_whole.
    """
    paging, what = endpoint.paging, f"endpoint {endpoint.name}"
    state = {"next": None, "seen": set(), "came": 0, "keys": Counter()}

    def page(number: int) -> dict:
        if number == 1:
            state.update(next=None, seen=set(), came=0, keys=Counter())
        answer = ask(
            client,
            endpoint,
            variables,
            _parameters(endpoint, number, state),
            state["next"] if paging["type"] == "link" else None,
        )
        note(answer)
        value = client.decode(answer)
        records = records_of(value, endpoint, what)
        state["came"] += len(records)
        last = _last(endpoint, answer, value, state, number)
        if number == 1 and last:
            _doubt(endpoint, value, len(records), warn)
        if most_pages:
            return {"records": records, "total": None, "last": bool(last) or number >= most_pages}
        return {"records": records, "total": _total(endpoint, value, number), "last": last}

    # Pages by number shift when HR is edited in between; a cursor or a link knows where it was.
    confirm = paging["type"] in ("page", "offset") and not most_pages
    return read_whole(
        page,
        what,
        identity=_identity(endpoint, state),
        confirm=confirm,
        most=paging["max_pages"],
        tell=tell,
        concurrency=1 if most_pages else paging["concurrency"],
    )


def _parameters(endpoint: Endpoint, number: int, state: dict) -> dict:
    """What the request for this page has besides the endpoint's own parameters."""
    paging, kind = endpoint.paging, endpoint.paging["type"]
    found = {}
    if paging["size_parameter"]:
        found[paging["size_parameter"]] = paging["size"]
    first = _FIRST.get(kind, 0) if paging["first"] is None else paging["first"]
    if kind in ("page", "offset"):
        found[paging["parameter"] or kind] = first + (
            number - 1 if kind == "page" else state["came"]
        )
    if kind == "cursor" and state["next"] is not None:
        found[paging["parameter"] or "cursor"] = state["next"]
    return {paging["location"]: found}


def _last(endpoint: Endpoint, answer: dict, value, state: dict, number: int) -> bool | None:
    """Whether this page is the last, None where only its emptiness or the total will tell. Keeps where the next one is."""
    paging, kind = endpoint.paging, endpoint.paging["type"]
    if kind == "none":
        return True
    stopped = bool(paging["stop"].evaluate(value)) if paging["stop"] else None
    if kind in ("page", "offset"):
        return stopped
    found = (
        _link(answer, paging["next"])
        if kind == "link" and not paging["next"]
        else paging["next"].evaluate(value)
    )
    if stopped or found in (None, "", False):
        return True
    if isinstance(found, (dict, list)) or found is True:
        raise HrisError(
            f"what is said to lead to the page after {number} is no text",
            f"{endpoint.place}.paging.next",
        )
    state["next"] = _next_address(endpoint, answer, str(found)) if kind == "link" else found
    if str(state["next"]) in state["seen"]:
        raise HrisError(
            f"page {number} leads back to a page that was read already",
            f"endpoint {endpoint.name}",
            "Nothing was done with what came: its cursor or link goes in a circle",
        )
    state["seen"].add(str(state["next"]))
    return False


def _doubt(endpoint: Endpoint, value, came: int, warn) -> None:
    """A list that ends on its first page because nobody knows the name of what leads on is a typing error, or looks like one."""
    rule, paging = endpoint.paging["next"], endpoint.paging
    if rule is None or paging["total"] or all(has(value, path) for path in rule.paths):
        return
    if came == paging["size"]:
        raise HrisError(
            f"the first page is full, and the answer has no '{rule.source}' that leads to the next",
            rule.place,
            "Correct it, or give total, so that a list of just one page can be told from the half of one",
        )
    warn(
        f"Endpoint {endpoint.name}: the answer has no '{rule.source}', so that its first page is taken for all of it."
    )


def _link(answer: dict, _next) -> str | None:
    """The address of rel=next in the Link header (RFC 8288)."""
    for target, parameters in re.findall(
        r"<([^>]*)>((?:\s*;\s*[^,;\"]+(?:\"[^\"]*\")?)*)", answer.headers.get("link", "")
    ):
        if re.search(r";\s*rel\s*=\s*(\"[^\"]*\bnext\b[^\"]*\"|next\b)", parameters, re.IGNORECASE):
            return target
    return None


def _next_address(endpoint: Endpoint, answer: dict, target: str) -> str:
    """The whole address of the next page. Raises HrisError for one on another server: the credentials are not for it."""
    address = urljoin(answer.url, target)
    if urls.origin(address) != urls.origin(answer.url):
        raise HrisError(
            f"the next page is on another server, {urls.shown(address)}",
            f"endpoint {endpoint.name}",
            "The credentials are not sent there. If that is the right one, make it base_url",
        )
    return address


def _total(endpoint: Endpoint, value, number: int) -> int | None:
    rule = endpoint.paging["total"]
    if rule is None:
        return None
    total = rule.evaluate(value)
    try:
        return int(total) if not isinstance(total, bool) else int("")
    except (TypeError, ValueError):
        raise HrisError(
            f"page {number} of endpoint {endpoint.name} states no total there",
            f"{endpoint.place}.paging.total",
            "Leave it out if the server states none",
        ) from None


def _identity(endpoint: Endpoint, state: dict):
    """What tells one record from another while pages are read: its key, else all of it. On one page a key may come twice."""

    def identity(record: dict, _what: str, number: int) -> str:
        name = (
            key_of(record, endpoint.key) if endpoint.key and not endpoint.settings["many"] else None
        )
        if name is None:
            name = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        state["keys"][number, name] += 1
        times = state["keys"][number, name]
        return name if times == 1 else f"{name}\0{times}"

    return identity
