# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client of a webhook: one server, its credentials, and the secrets to hide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import HrisError, Warn
from ..model.records import Record
from ..web import urls
from ..web.authentication import authenticate
from ..web.client import Client
from ..web.options import HttpOptions
from .options import Params
from .webhook_options import WebhookOptions


def connect_client(params: Params, options: WebhookOptions, secrets: Record, warn: Warn) -> Client:
    """The client for base_url, or for the server that url names.

    params: the options of the HTTP connection, and auth. secrets: the option; none of its texts
    is in a message. Raises HrisError.
    """
    base_url = options.base_url or _server(options.url)
    client = Client(base_url, HttpOptions.from_params(params), warn)
    client.secrets += _texts(secrets)
    authenticate(client, params["auth"], warn)
    if client.authentication:
        _check_server(options.url, base_url, "url")
        if options.compare and options.compare.url:
            _check_server(options.compare.url, base_url, "compare.url")
    return client


def _server(url: str) -> str:
    """The address of the server in an address with ``{…}``."""
    scheme, host, port = urls.origin(url.partition("{")[0])
    address = f"{scheme}://{host}"
    if ":" in host:
        address = f"{scheme}://[{host}]"
    return address if port in (80, 443) else f"{address}:{port}"


def _check_server(url: str, base_url: str, option: str) -> None:
    """Raise HrisError for an address at another server than base_url."""
    if url.startswith("http") and urls.origin(url.partition("{")[0]) != urls.origin(base_url):
        raise HrisError(
            "the credentials of one server would be sent to another server",
            option,
            "All addresses must name the server of base_url",
        )


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of the option secrets, at any depth."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif value not in (None, ""):
        yield str(value)
