# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests are sent again, when, and how often (urllib3's Retry on requests' adapter)."""

from __future__ import annotations

try:
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import InvalidHeader
    from urllib3.util.retry import Retry
except ImportError:  # the edge reports the missing library before anything here is used
    HTTPAdapter = Retry = object
    InvalidHeader = Exception

STATUSES = (429, 500, 502, 503, 504)


class RetryAfterTooLongError(Exception):
    """The server asks for a longer pause than the administrator allows.

    seconds: the pause that it asks for. status: the HTTP status of its response.
    """

    def __init__(self, seconds: float, status: int):
        super().__init__(seconds, status)
        self.seconds = seconds
        self.status = status


class BoundedRetry(Retry):
    """urllib3's Retry sleeps as long as the server says; a job must not sit for an hour."""

    longest = 120.0  # seconds; of the class, because urllib3 makes each next Retry as type(self)(**its own arguments)

    def get_retry_after(self, response):
        try:
            seconds = super().get_retry_after(response)
        except InvalidHeader:
            return None  # "soon": the usual backoff then
        if seconds is not None and seconds > self.longest:
            raise RetryAfterTooLongError(seconds, response.status)
        return seconds


def adapter(options: dict, repeat: bool, statuses=STATUSES):
    """An adapter that sends a request again on those statuses and on connections that fail, break or time out.

    repeat: whether requests may be sent twice; if not, only what never reached the server is sent again.
    options: retries, retry_backoff (seconds; the pauses are 0, 2x, 4x, …) and retry_after_max (seconds).
    """
    kind = type("BoundedRetry", (BoundedRetry,), {"longest": options["retry_after_max"]})
    retry = kind(
        total=options["retries"],
        other=0,  # a certificate that is not trusted will not be trusted a second later
        redirect=0,
        allowed_methods=None if repeat else frozenset({"NONE"}),  # an empty set would mean any
        status_forcelist=statuses,
        backoff_factor=options["retry_backoff"],
        raise_on_status=False,  # the last answer is read for the server's words
    )
    return HTTPAdapter(max_retries=retry)
