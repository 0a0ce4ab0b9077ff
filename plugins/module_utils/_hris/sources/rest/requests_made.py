# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One endpoint's requests and answers: macros filled in, sent, and the records found in what came."""

from __future__ import annotations

from ...errors import HrisError
from ...web import responses, urls
from ...web.client import Client
from .endpoints import Endpoint
from .macros import as_text, as_texts


def ask(
    client: Client, endpoint: Endpoint, variables: dict, more: dict, url: str | None = None
) -> dict:
    """Send the endpoint's request. Returns web.client's answer. Raises HrisError.

    more: what paging adds, {"params": {…}} or {"body": {…}}. url: of the next page, as the server gave it; then nothing else
    of the query is ours. Repeating is harmless, since an endpoint only reads.
    """
    place = endpoint.place
    headers = {
        name: as_text(text, f"{place}.headers.{name}")
        for name, text in endpoint.headers(variables).items()
    }
    params = (
        {}
        if url
        else {**as_texts(endpoint.params(variables), f"{place}.params"), **more.get("params", {})}
    )
    body = endpoint.body(variables)
    if isinstance(body, dict):
        body = {**body, **more.get("body", {})}
    url = url or address(endpoint, variables)
    check_server(client, url, endpoint)
    return client.request(
        endpoint.settings["method"], url, params, headers, repeat=True, **_body(endpoint, body)
    )


def address(endpoint: Endpoint, variables: dict) -> str:
    """The address or path, each macro's value one part of it. Raises HrisError for one that carries a query."""
    place = f"{endpoint.place}.url"
    url = endpoint.url(variables, lambda text: urls.path_part(text, place))
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
            "The credentials are not for it. Read it with a task of its own, and join the file that this one writes",
        )


def _body(endpoint: Endpoint, body) -> dict:
    place = f"{endpoint.place}.body"
    if body is None:
        return {}
    kind = endpoint.settings["body_format"]
    if kind == "json":
        return {"json": body}
    if kind == "form":
        if not isinstance(body, dict):
            raise HrisError("a form is an object of names and values", place)
        return {"data": as_texts(body, place)}
    return {"data": as_text(body, place)}


def records_of(value, endpoint: Endpoint, what: str) -> list[dict]:
    """The records in an answer or a file. Raises HrisError when there is no list of objects where they should be."""
    place = f"{endpoint.place}.records"
    found = value if endpoint.records is None else endpoint.records.evaluate(value)
    if found is None and endpoint.records and _is_there(value, endpoint.records):
        return []
    if endpoint.records is not None and isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        said = responses.error_inside(value)
        if said is not None:
            raise HrisError(
                f"the answer is an error{': ' + said if said else ' without a word'}", what
            )
        why = (
            f"there are no records at '{endpoint.records.source}' in"
            if endpoint.records
            else "one object, not a list of records, is"
        )
        raise HrisError(f"{why} the answer of {what}", place, _where(value))
    for number, record in enumerate(found, start=1):
        if not isinstance(record, dict):
            raise HrisError(f"record {number} of {what} is not an object", place)
    return found


def _is_there(value, expression) -> bool:
    """Whether a plain path ends at a null, as some servers write an empty list."""
    path = next(iter(expression.paths)) if len(expression.paths) == 1 else ()
    return ".".join(path) == expression.source.strip() and has(value, path)


def has(value, path: tuple) -> bool:
    """Whether an answer has a field there, whatever it holds."""
    for name in path[:-1]:
        value = value.get(name) if isinstance(value, dict) else None
    return isinstance(value, dict) and path[-1] in value


def _where(value) -> str | None:
    """The lists that the answer has, to be copied."""
    if isinstance(value, list):
        return "The answer itself is the list: leave records out"
    lists = [
        f"{name}.{inner}" if inner else name
        for name, item in (value.items() if isinstance(value, dict) else ())
        for inner, part in ([("", item)] + (list(item.items()) if isinstance(item, dict) else []))
        if isinstance(part, list)
    ]
    if lists:
        return f"Lists in it are: {', '.join(lists[:10])}"
    return "It has: " + ", ".join(list(value)[:20]) if isinstance(value, dict) and value else None


def key_of(record: dict, expression) -> str | None:
    """The record's key as text, so that "7" and 7 are one; None without one. Raises HrisError for an object or a list."""
    return normal(expression.evaluate(record), expression.place)


def normal(value, place: str) -> str | None:
    """A key's value as text."""
    if value is None or isinstance(value, bool):
        return None
    return as_text(value, place).strip() or None
