# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of requests: which requests are sent again, when and how often, and what certificates
are verified with.

urllib3's Retry sends them again, on the adapters of requests.
"""

from __future__ import annotations

from collections.abc import Mapping

from .. import tls
from ..errors import Warn
from ..option_names import option_name
from .bounded_responses import bounded_adapter
from .options import HttpOptions

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import InvalidHeader
    from urllib3.util.retry import Retry
except ImportError:  # the module reports the missing library before anything here is called
    pass

# Responses after which a request is sent again
STATUSES = (429, 500, 502, 503, 504)
_EVER = 10**9  # seconds: any longer pause; a number of hundreds of digits fits into no float


class RetryAfterTooLongError(Exception):
    """The server asks for a longer pause than the administrator allows.

    seconds: the pause that it asks for. status: the HTTP status of its response.
    """

    def __init__(self, seconds: float, status: int):
        super().__init__(seconds, status)
        self.seconds = seconds
        self.status = status


def new_session(
    options: HttpOptions, repeatable: bool, statuses: tuple[int, ...]
) -> requests.Session:
    """A session that follows no redirect and sends requests again as the options say.

    repeatable: whether requests may be sent twice. If not, only a request that never reached the
        server is sent again.
    statuses: the responses after which a repeatable request is sent again.
    """

    class Session(requests.Session):
        def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
            """None: requests would prepare the next request even where it is not to follow."""
            return None

    session = Session()
    for prefix in ("https://", "http://"):
        session.mount(prefix, _adapter(options, repeatable, statuses))
    return session


def verification(options: HttpOptions, warn: Warn) -> bool | str:
    """What requests verifies certificates with: True, False or a file.

    It is passed with each request: REQUESTS_CA_BUNDLE would take precedence over the session's.
    """
    if not options.validate_certs:
        warn(
            f"{option_name('validate_certs')} is false: the identity of the server is not verified."
        )
        return False
    if not options.ca_cert:
        return True
    tls.check_ca_cert(options.ca_cert)
    return options.ca_cert


class HeaderAuth:
    """Sets the headers of a request, even none at all.

    Without an auth of our own, requests takes a password for the host from ~/.netrc.
    """

    def __init__(self, headers: Mapping[str, str]):
        self._headers = headers

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Accept"] = "application/json"
        request.headers.update(self._headers)
        return request


def count_retries(answer: requests.Response) -> int:
    """How often urllib3 sent the request again."""
    retry = answer.raw.retries
    return len(retry.history) if retry else 0


def _adapter(options: HttpOptions, repeatable: bool, statuses: tuple[int, ...]) -> HTTPAdapter:
    methods = None  # any
    if not repeatable:
        methods = frozenset({"NONE"})  # an empty set would mean any
    retry = _bounded_retry(options.retry_after_max)(
        total=options.retries,
        other=0,  # a certificate that is not trusted will not be trusted a second later
        redirect=0,
        allowed_methods=methods,
        status_forcelist=statuses,
        backoff_factor=options.retry_backoff,
        raise_on_status=False,  # the last response is read for the server's words
    )
    return bounded_adapter(options, retry)


def _bounded_retry(longest: float) -> type[Retry]:
    """urllib3's Retry, which sleeps as long as the server says, with a limit in seconds.

    A class of its own for each limit, since urllib3 creates each next Retry as
    type(self)(**its own arguments).
    """

    class BoundedRetry(Retry):
        def get_retry_after(self, response: urllib3.BaseHTTPResponse) -> float | None:
            try:
                seconds = super().get_retry_after(response)
            except (InvalidHeader, ValueError, OverflowError):
                # Such as "soon", thousands of digits, the year 99999: the usual pause then
                return None
            if seconds is not None and seconds > longest:
                raise RetryAfterTooLongError(min(seconds, _EVER), response.status)
            return seconds

    return BoundedRetry
