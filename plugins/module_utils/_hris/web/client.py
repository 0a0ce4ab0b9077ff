# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP requests to other systems, with time limits, retries, verified TLS and clear errors.

No redirect is ever followed: it would carry the credentials elsewhere, and a login page is not a
response of an API.
"""

from __future__ import annotations

import re
import threading
import time
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from .. import secret_texts
from ..data_class import field, frozen
from ..errors import HrisError, RequestFailedError, Warn
from ..option_names import option_name
from . import http_errors, response_limits, responses, sessions, urls
from .bounded_responses import MIB, ResponseLimitError
from .options import HttpOptions
from .responses import Hint, Response
from .traffic import Traffic

try:
    import requests
    from urllib3.exceptions import InsecureRequestWarning
except ImportError:  # the module reports the missing library before anything here is called
    pass

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")  # may be sent twice
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\xa0-\xff]*")  # RFC 9110, 5.1, 5.5


@frozen
class Credentials:
    """What authenticates a request."""

    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)  # of the query


# callable(the credentials that a 401 came back for, or None) -> credentials for the next request,
# or None when there is nothing to renew
Authentication = Callable[["Credentials | None"], "Credentials | None"]


@frozen
class _Request:
    """A request without its credentials."""

    method: str
    url: str
    place: str  # the address for messages
    params: Mapping[str, Any]
    headers: Mapping[str, str]
    json: object
    data: Any  # a form (dict) or bytes
    repeatable: bool
    final: tuple[int, ...]  # statuses after which it is not sent again


class Client:
    """One system: its base address, its authentication and its counters. Threads may share it.

    hint: advice of this system for a known response.
    authentication: set by authentication.authenticate; None sends requests without credentials.
    statuses: the responses after which a request is sent again. Set before the first request.
    secrets: texts that no message may hold; scrub replaces them.
    traffic: its counters.
    """

    def __init__(
        self, base_url: str | None, options: HttpOptions, warn: Warn, hint: Hint | None = None
    ):
        self.base_url = urls.checked(base_url, option_name("base_url"))
        self.options = options
        self.hint = hint
        self.statuses: tuple[int, ...] = sessions.STATUSES
        self.authentication: Authentication | None = None
        self.secrets: list[str] = []
        self.traffic = Traffic()
        self._of_thread = threading.local()  # sessions of requests are not for several threads
        if urls.is_clear(self.base_url):
            warn(
                f"{urls.shown(self.base_url)} is not https: credentials and personal data travel"
                " unencrypted."
            )
        self._verify = sessions.verification(options, warn)
        self._proxies: dict[str, str] | None = None
        if options.proxy:
            self._proxies = {"http": options.proxy, "https": options.proxy}
            self.secrets += urls.passwords(options.proxy)

    @property
    def counts(self) -> dict[str, int]:
        """{"requests", "retries"}, as sent."""
        return self.traffic.counts

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        tolerate: Collection[int] = (),
    ) -> Any:
        """The JSON value of a GET, or None for a status that is tolerated. Raises HrisError.

        A tolerated status is an answer, so the request is not sent again after it.
        """
        response = self.request("GET", path, params, final=tuple(tolerate))
        if response.status in tolerate:
            return None
        return self.decode(response)

    def request(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        json: object = None,
        data: Mapping[str, object] | str | bytes | None = None,
        repeat: bool | None = None,
        authenticated: bool = True,
        final: tuple[int, ...] = (),
    ) -> Response:
        """Send any request and return the response, whatever its status.

        path: below the base address, or a whole address. params: of the query; a value may be a
        list. json: a body as JSON. data: a body as a form (mapping), text or bytes.
        repeat: whether it may be sent twice; None: GET, HEAD and OPTIONS may.
        authenticated: whether it carries the credentials; a 401 then renews them once, where they
        can be renewed.
        final: statuses after which it is not sent again, whatever `statuses` says.
        Raises RequestFailedError when no whole response came.
        """
        method = method.upper()
        if repeat is None:
            repeat = method in _SAFE_METHODS
        place = self.scrub(urls.shown(urls.join(self.base_url, path), params))
        self._check_headers(headers or {}, place)
        if isinstance(data, str):
            data = data.encode()  # http.client would encode it as Latin-1
        prepared = _Request(
            method,
            urls.join(self.base_url, path),
            place,
            params or {},
            headers or {},
            json,
            data,
            repeat,
            final,
        )
        if not authenticated or self.authentication is None:
            return self._send(prepared, Credentials())
        return self._send_authenticated(prepared, self.authentication)

    def obtain_credentials(self) -> None:
        """Have the credentials of the next request ready, from the server where they come from it.

        So an error of theirs is told from one of the request. Raises HrisError.
        """
        if self.authentication is not None:
            self.authentication(None)

    def check_success(self, response: Response, hint: Hint | None = None) -> None:
        """Raise RefusedError with the server's words for a response that is not a success (2xx)."""
        if response.status < 300:
            return
        retries = 0
        if response.repeatable and response.status in self.statuses:
            retries = self.options.retries
        raise self.clean(http_errors.refused(response, retries, hint or self.hint))

    def decode(self, response: Response, hint: Hint | None = None) -> Any:
        """The JSON value of a successful response. Raises HrisError."""
        self.check_success(response, hint)
        content_type = response.headers.get("content-type", "")
        try:
            most_bytes = self.options.max_response_mb * MIB
            return responses.decode(
                response.body, response.place, hint or self.hint, content_type, most_bytes
            )
        except HrisError as error:
            raise self.clean(error) from None

    def scrub(self, text: str) -> str:
        """A text of the server without secrets: ours in any form, and those that it gives."""
        return secret_texts.without_secrets(text, tuple(self.secrets))

    def clean(self, error: HrisError) -> HrisError:
        """The same kind of error without secrets."""
        return error.rewritten(self.scrub)

    def _send_authenticated(self, request: _Request, authentication: Authentication) -> Response:
        credentials = authentication(None)
        response = self._send(request, credentials or Credentials())
        if response.status == 401 and credentials is not None:
            renewed = authentication(credentials)
            if renewed is not None:
                second = self._send(request, renewed)
                return replace(second, attempts=second.attempts + response.attempts)
        return response

    def _send(self, request: _Request, credentials: Credentials) -> Response:
        """Send a request, again where its options say so.

        urllib3 notices no break after the headers, because requests reads the body later: such a
        request is sent again here.
        """
        began, attempts = time.monotonic(), 0
        retries_left = self.options.retries if request.repeatable else 0
        while True:
            answer = self._begin(request, credentials)
            attempts += 1 + sessions.count_retries(answer)
            try:
                with answer:
                    body = response_limits.read_body(answer, self.options)
                self.traffic.received(len(body), request.place)
            except ResponseLimitError as error:
                raise http_errors.over_limit(error, request.place) from None
            except requests.RequestException as error:
                if not retries_left:
                    raise self._unreachable(error, request) from None
                retries_left -= 1
                self.traffic.sent(requests=0, retries=1)
                continue
            return Response(
                status=answer.status_code,
                headers={name.lower(): text for name, text in answer.headers.items()},
                body=body,
                url=request.url,
                place=request.place,
                seconds=time.monotonic() - began,
                attempts=attempts,
                repeatable=request.repeatable and answer.status_code not in request.final,
            )

    def _begin(self, request: _Request, credentials: Credentials) -> requests.Response:
        """The response with its headers read and its body to come."""
        self.traffic.sent(requests=1, retries=0)
        try:
            with warnings.catch_warnings():
                # The warning of verification() is enough
                warnings.simplefilter("ignore", InsecureRequestWarning)
                answer = self._session(request).request(
                    request.method,
                    request.url,
                    params={**request.params, **credentials.params},
                    json=request.json,
                    data=request.data,
                    auth=sessions.HeaderAuth({**request.headers, **credentials.headers}),
                    timeout=(self.options.connect_timeout, self.options.timeout),
                    proxies=self._proxies,
                    verify=self._verify,
                    allow_redirects=False,
                    stream=True,
                )
        except sessions.RetryAfterTooLongError as error:
            longest = self.options.retry_after_max
            raise http_errors.pause_too_long(
                error.seconds, longest, request.place, error.status
            ) from None
        except ResponseLimitError as error:
            raise http_errors.over_limit(error, request.place) from None
        except requests.RequestException as error:
            raise self._unreachable(error, request) from None
        retried = sessions.count_retries(answer)
        self.traffic.sent(requests=retried, retries=retried)
        return answer

    def _unreachable(self, error: requests.RequestException, request: _Request) -> HrisError:
        return self.clean(http_errors.unreachable(error, request.place, self.options))

    def _session(self, request: _Request) -> requests.Session:
        """This thread's session for requests that are sent again after the same statuses."""
        known = self._of_thread.__dict__
        statuses = tuple(status for status in self.statuses if status not in request.final)
        name = f"{request.repeatable} {statuses}"
        if name not in known:
            known[name] = sessions.new_session(self.options, request.repeatable, statuses)
        return known[name]

    def _check_headers(self, headers: Mapping[str, str], place: str) -> None:
        for name, text in headers.items():
            if not _HEADER.fullmatch(f"{name}:{text}"):
                message = f"the header {name!r} holds characters that no header may have"
                raise self.clean(RequestFailedError(message, place, sent=False))
