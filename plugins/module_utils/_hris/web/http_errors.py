# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP's ways to fail, in words. No message holds a query, more of a body than its words, or a library's repr."""

from __future__ import annotations

import ssl

from ..errors import HrisError
from . import responses, urls

try:
    import requests
except ImportError:  # the edge reports the missing library
    requests = None


def refused(answer: dict, retries: int, hint=None) -> HrisError:
    """The error for an answer that is not a success.

    answer: {"status", "body", "location", "place"}. retries: how often it was sent again before giving up.
    """
    status, place = answer["status"], answer["place"]
    if 300 <= status < 400:
        target = urls.shown(answer["location"] or "nowhere")
        return HrisError(
            f"the server redirects to {target} instead of answering",
            place,
            "Redirects are not followed. Is that a login page, or the address to use as base_url",
        )
    said = responses.words(answer["body"])
    advice = (hint and hint(status, said)) or _ADVICE.get(status)
    after = f", {retries + 1} times in a row" if retries else ""
    return HrisError(
        f"HTTP {status}{after}{': ' + said if said else ', with an empty body'}", place, advice
    )


_ADVICE = {
    401: "The credentials are wrong, revoked or expired",
    403: "The credentials are valid but may not read this, or are not accepted",
    404: "Is the address right",
    429: "The server limits the number of requests: try later, or raise retries and retry_after_max",
}


def pause_too_long(seconds: float, longest: float, place: str) -> HrisError:
    return HrisError(
        f"the server asks to come back in {seconds:.0f} seconds",
        place,
        f"That is more than retry_after_max ({longest:.0f} seconds): try later or raise it",
    )


def unreachable(error, place: str, options: dict) -> HrisError:
    """The error for a request that got no whole answer. error: a requests.RequestException."""
    reason = _deepest(error)
    kind = requests.exceptions
    if isinstance(error, kind.InvalidJSONError):
        return HrisError("the request's body holds a value that JSON has no way to write", place)
    if isinstance(error, kind.InvalidURL):
        return HrisError("this is not an address that a request can be sent to", place)
    if isinstance(error, kind.ProxyError):
        return HrisError(
            f"the proxy does not let us through: {reason}",
            place,
            "Check the option proxy or HTTPS_PROXY",
        )
    if isinstance(error, kind.SSLError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error) or "doesn't match" in reason:
            return HrisError(
                f"the server's certificate is not trusted: {reason}",
                place,
                _certificate_advice(reason),
            )
        return HrisError(
            f"no TLS connection: {reason}", place, "Does the server speak https on this port"
        )
    if isinstance(error, kind.ConnectTimeout):
        return HrisError(
            f"no connection within {options['connect_timeout']:g} seconds",
            place,
            "Is the address right, and does a firewall or proxy stand between",
        )
    if isinstance(error, kind.Timeout) or "timed out" in reason:
        return HrisError(
            f"no answer within {options['timeout']:g} seconds",
            place,
            "Raise timeout if the server is that slow",
        )
    if isinstance(error, (kind.ChunkedEncodingError, kind.ContentDecodingError)):
        return HrisError(f"the connection broke in the middle of the answer: {reason}", place)
    if isinstance(error, kind.ConnectionError):
        return HrisError(
            f"no connection: {reason}", place, "Is the address right, and does the server run"
        )
    return HrisError(f"the request failed: {reason}", place)


def _certificate_advice(reason: str) -> str:
    if "mismatch" in reason or "doesn't match" in reason:
        return "Use the name that the certificate is made for"
    if "expired" in reason or "not yet valid" in reason:
        return "The server needs a new certificate, unless the clock of this machine is wrong"
    return "Set ca_cert to the certificate of the authority that signed it"


def _deepest(error) -> str:
    """The innermost cause in the system's words; the outer ones repeat the whole URL and a memory address."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        parts = (getattr(error, "reason", None), *getattr(error, "args", ()))
        inner = [part for part in parts if isinstance(part, Exception)]
        error = inner[0] if inner else error.__cause__ or error.__context__
    for item in reversed(seen):
        if isinstance(item, ssl.SSLCertVerificationError):
            return item.verify_message.rstrip(".")
        if (
            isinstance(item, OSError)
            and item.strerror
            and not isinstance(item, requests.RequestException)
        ):
            return item.strerror
    return _PLAIN.get(type(seen[-1]).__name__, type(seen[-1]).__name__)


_PLAIN = {
    "IncompleteRead": "fewer bytes came than were announced",
    "InvalidChunkLength": "fewer bytes came than were announced",
    "RemoteDisconnected": "the server closed the connection without an answer",
    "BadStatusLine": "the server does not speak HTTP",
    "ReadTimeoutError": "timed out",
    "TimeoutError": "timed out",
}
