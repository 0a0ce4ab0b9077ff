# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of one endpoint: macros are replaced, and each request stays on one server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...data_class import field, frozen
from ...errors import HrisError
from ...model.records import Record
from ...web import urls
from ...web.client import Client
from ...web.responses import Response
from .endpoints import Endpoint
from .macros import as_text, as_texts


@frozen
class PageParameters:
    """What paging adds to a request."""

    params: Mapping[str, Any] = field(default_factory=dict)  # of the query
    body: Mapping[str, Any] = field(default_factory=dict)
    url: str | None = None  # of the page, as the server gave it; it has the whole query


WHOLE = PageParameters()  # of a list without pages


def send(client: Client, endpoint: Endpoint, variables: Record, page: PageParameters) -> Response:
    """Send the endpoint's request. Repeating it is harmless, since an endpoint only reads.

    Raises HrisError.
    """
    place = endpoint.place
    headers = {
        name: as_text(text, f"{place}.headers.{name}")
        for name, text in endpoint.headers(variables).items()
    }
    params: dict[str, Any] = {}
    url = page.url
    if url is None:
        url = address(endpoint, variables)
        params = {**as_texts(endpoint.params(variables), f"{place}.params"), **page.params}
    check_server(client, url, endpoint)
    body = endpoint.body(variables)
    if isinstance(body, dict):
        body = {**body, **page.body}
    json, data = _body(endpoint, body)
    return client.request(
        endpoint.options.method, url, params, headers, json=json, data=data, repeat=True
    )


def address(endpoint: Endpoint, variables: Record) -> str:
    """The address or path; each macro's value is one part of it.

    Raises HrisError for one that carries a query.
    """
    if endpoint.url is None:
        raise AssertionError("an endpoint with a file has no address")
    place = f"{endpoint.place}.url"
    url = endpoint.url(variables)
    if "://" in url:
        return urls.whole(url, place)
    if "?" in url or "#" in url:
        raise HrisError(
            "the path carries a query or a fragment",
            place,
            "Give what stands behind the question mark as params",
        )
    return url


def check_server(client: Client, url: str, endpoint: Endpoint) -> None:
    """Raise HrisError for an address that is not on the client's server."""
    if "://" in url and urls.origin(url) != urls.origin(client.base_url):
        raise HrisError(
            f"{urls.shown(url)} is on another server than {urls.shown(client.base_url)}",
            f"{endpoint.place}.url",
            "The credentials are not for it. Read it with a task of its own, and join the file"
            " that this one writes",
        )


def _body(endpoint: Endpoint, body: Any) -> tuple[Any, Mapping[str, Any] | str | None]:
    """(the body as JSON or None, the body as a form or text or None)."""
    place = f"{endpoint.place}.body"
    if body is None:
        return None, None
    if endpoint.options.body_format == "json":
        return body, None
    if endpoint.options.body_format == "text":
        return None, as_text(body, place)
    if not isinstance(body, dict):
        raise HrisError("a form must be an object of names and values", place)
    return None, as_texts(body, place)
