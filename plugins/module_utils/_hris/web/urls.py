# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses: checked, joined, and shown in messages without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import (
    SplitResult,
    quote,
    quote_plus,
    unquote,
    urlencode,
    urlsplit,
    urlunsplit,
)

from ..errors import HrisError

# The only parameters that a message shows; anything else in a query may be personal or secret.
SHOWN_PARAMETERS = ("page", "itemsPerPage", "limit", "deleted")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
DEFAULT_PORTS = {"http": 80, "https": 443}


def checked(url: str | None, place: str) -> str:
    """The base address without its trailing slash. Raises HrisError as whole() does."""
    return whole(url, place, "Give the address up to its path").rstrip("/")


def whole(
    url: str | None,
    place: str,
    query_hint: str = "Give what stands behind the question mark as params",
) -> str:
    """The address.

    Raises HrisError, without repeating it, when it is not an http or https address, or may hold
    a secret.
    """
    text = (url or "").strip()
    parts = _http_parts(text)
    if parts is None:
        raise HrisError(
            "this is not an http or https address",
            place,
            "It looks like https://hr.example.com/api",
        )
    if "@" in parts.netloc:
        raise HrisError(
            "the address carries a user name or password",
            place,
            "Give credentials in their own options",
        )
    if parts.query or parts.fragment:
        raise HrisError("the address carries a query or a fragment", place, query_hint)
    return text


def _http_parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _port = parts.port  # raises for a port that is not a number
    except ValueError:  # a broken IPv6 address, too
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    return parts


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port, which identify a server."""
    parts = urlsplit(url)
    return (
        parts.scheme,
        (parts.hostname or "").lower(),
        parts.port or DEFAULT_PORTS.get(parts.scheme),
    )


def passwords(url: str) -> list[str]:
    """The password in an address, as it is there and as it is sent; none for none."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return []
    return list({password, unquote(password)}) if password else []


def quoted(text: str) -> str:
    """A text as a form contains it (application/x-www-form-urlencoded)."""
    return quote_plus(text)


def path_part(text: str, place: str) -> str:
    """A value as one part of a path, so that its slashes and question marks stay in that part.

    Raises HrisError for a value that is empty, or only dots.
    """
    if not text.strip(".").strip():
        raise HrisError(f"'{text}' cannot be part of a path", place)
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise HrisError("the value holds half of a character", place) from None


def join(base: str, path: str) -> str:
    """A path below the base address. A whole address stays: a token server may be another host."""
    if path.startswith(("https://", "http://")):
        return path
    return f"{base}/{path.lstrip('/')}"


def shown(url: str, params: Mapping[str, object] | None = None) -> str:
    """The address for a message: no user information, no query but the page asked for."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a server's Location may be anything
        return "an address that cannot be read"
    known = {name: value for name, value in (params or {}).items() if name in SHOWN_PARAMETERS}
    return urlunsplit(
        (parts.scheme, parts.netloc.rpartition("@")[2], parts.path, urlencode(known), "")
    )


def is_clear(url: str) -> bool:
    """Whether a request to the address crosses a network unencrypted."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in LOOPBACK
