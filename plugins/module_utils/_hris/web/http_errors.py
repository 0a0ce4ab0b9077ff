# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of HTTP, explained.

No message holds a query, more of a body than its words, or the text of a library's exception.
"""

from __future__ import annotations

import contextlib
import http.client

from .. import connection_errors
from ..errors import RefusedError, RequestFailedError
from ..option_names import option_name, with_options
from . import responses, urls
from .bounded_responses import ResponseLimitError
from .options import HttpOptions

with contextlib.suppress(ImportError):  # the module reports the missing library
    import requests

_ADVICE = {
    401: "The credentials are wrong, revoked or expired",
    403: "The credentials are valid but may not read this, or are not accepted",
    404: "Is the address right",
    429: "The server limits the number of requests: try later, or raise {retries} and"
    " {retry_after_max}",
}
# The first one that fits counts: RemoteDisconnected is a BadStatusLine, too.
_HTTP_REASONS = (
    (http.client.IncompleteRead, "fewer bytes came than were announced"),
    (http.client.RemoteDisconnected, "the server closed the connection without an answer"),
    (http.client.BadStatusLine, "the server does not speak HTTP"),
)


def refused(
    response: responses.Response, retries: int, hint: responses.Hint | None = None
) -> RefusedError:
    """The error for a response that is not a success.

    retries: how often the request was sent again before giving up.
    """
    status, place = response.status, response.place
    if 300 <= status < 400:
        target = responses.one_line(urls.shown(response.location or "nowhere"))
        return RefusedError(
            f"the server redirects to {target} instead of answering",
            place,
            "Redirects are not followed. Is that a login page, or the address to use as "
            + option_name("base_url"),
            status,
        )
    words = responses.error_words(response.body)
    advice = with_options(_ADVICE.get(status, "")) or None
    if hint is not None:
        advice = hint(status, words) or advice
    times = f", {retries + 1} times in a row" if retries else ""
    detail = f": {words}" if words else ", with an empty body"
    message = f"HTTP {status}{times}{detail}"
    return RefusedError(message, place, advice, status, _retry_after(response))


def pause_too_long(seconds: float, longest: float, place: str, status: int) -> RefusedError:
    """The error for a server that asks for a longer pause than retry_after_max."""
    return RefusedError(
        f"the server asks to come back in {seconds:.0f} seconds",
        place,
        f"That is more than {option_name('retry_after_max')} ({longest:.0f} seconds): try later or "
        "raise it",
        status,
        seconds,
    )


def over_limit(error: ResponseLimitError, place: str) -> RequestFailedError:
    """The error for a response that exceeds a limit."""
    return RequestFailedError(error.message, place, error.hint)


def unreachable(
    error: requests.RequestException, place: str, options: HttpOptions
) -> RequestFailedError:
    """The error for a request that got no whole response."""
    kind = requests.exceptions
    cause = connection_errors.root_cause(error)
    if isinstance(error, kind.InvalidJSONError):
        message = "the request's body holds a value that JSON cannot represent"
        return RequestFailedError(message, place, sent=False)
    if isinstance(error, kind.InvalidURL):
        message = "this is not an address that a request can be sent to"
        return RequestFailedError(message, place, sent=False)
    if isinstance(error, kind.ProxyError):
        message = f"the proxy does not accept the request: {_reason(cause)}"
        hint = f"Check the option {option_name('proxy')} or HTTPS_PROXY"
        return RequestFailedError(message, place, hint, sent=False)
    if isinstance(error, kind.ConnectTimeout):
        message = f"no connection within {options.connect_timeout:g} seconds"
        hint = "Is the address right, and does a firewall or proxy stand between"
        return RequestFailedError(message, place, hint, sent=False)
    if isinstance(cause, TimeoutError) or isinstance(error, kind.SSLError):
        failure = connection_errors.explain(cause, options.timeout)
        return RequestFailedError(failure.message, place, failure.hint, failure.sent)
    if isinstance(error, (kind.ChunkedEncodingError, kind.ContentDecodingError)):
        message = f"the connection broke in the middle of the answer: {_reason(cause)}"
        return RequestFailedError(message, place)
    if isinstance(error, kind.ConnectionError):
        failure = connection_errors.explain(cause, options.timeout)
        message = f"no connection: {_reason(cause)}"
        return RequestFailedError(message, place, failure.hint, failure.sent)
    return RequestFailedError(f"the request failed: {_reason(cause)}", place)


def _retry_after(response: responses.Response) -> float | None:
    """The Retry-After of a response in seconds; None for a date or anything else."""
    text = response.headers.get("retry-after", "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _reason(cause: BaseException) -> str:
    for kind, words in _HTTP_REASONS:
        if isinstance(cause, kind):
            return words
    return connection_errors.reason(cause)
