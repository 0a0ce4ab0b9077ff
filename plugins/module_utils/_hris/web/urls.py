# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses: checked, joined, and shown in messages without what is secret."""

from __future__ import annotations

from urllib.parse import quote, quote_plus, urlencode, urlsplit, urlunsplit

from ..errors import HrisError

# The only parameters that a message shows; anything else in a query may be personal or secret.
SHOWN_PARAMETERS = ("page", "itemsPerPage", "limit", "deleted")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def checked(url: str, place: str) -> str:
    """The base URL without its trailing slash. Raises HrisError when it is not a plain http or https address."""
    return whole(url, place, "Give the address up to its path").rstrip("/")


def whole(
    url: str, place: str, query_hint: str = "Give what stands behind the question mark as params"
) -> str:
    """The address. Raises HrisError, without repeating it, when it is no http or https address or may carry a secret."""
    text = (url or "").strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:  # a port that is no number, a broken IPv6 address
        good = False
    if not good:
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


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port, by which one server is told from another."""
    parts = urlsplit(url)
    return (
        parts.scheme,
        (parts.hostname or "").lower(),
        parts.port or {"http": 80, "https": 443}.get(parts.scheme),
    )


def quoted(text: str) -> str:
    """As a form writes it."""
    return quote_plus(text)


def path_part(text: str, place: str) -> str:
    """A value as one part of a path: no slash or question mark of it changes where the address leads. Raises HrisError."""
    if not text.strip(".").strip():
        raise HrisError(f"'{text}' cannot be part of a path", place)
    return quote(text, safe="")


def join(base: str, path: str) -> str:
    """A path below the base address; a whole address (the token server may be another host) stays as it is."""
    if path.startswith(("https://", "http://")):
        return path
    return f"{base}/{path.lstrip('/')}"


def shown(url: str, params: dict | None = None) -> str:
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
    """Whether what is sent there crosses a network unencrypted."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in LOOPBACK
