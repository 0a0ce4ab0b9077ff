# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door to other systems: requests with time limits, retries, verified TLS, and errors that say what to do.

No redirect is ever followed: it would carry the credentials elsewhere, and a redirect to a login page is not an answer.
"""

from __future__ import annotations

import re
import threading
import time
import warnings

from ..errors import HrisError
from . import http_errors, response_limits, responses, retries, tls, urls
from .options import check

try:
    import requests
    from urllib3.exceptions import InsecureRequestWarning
except ImportError:  # the edge reports the missing library
    requests = None


class Client:
    """One system: its base address, its authorisation and its counters. Threads may share it.

    options: the values of options.ARGUMENTS. warn: callable(text).
    hint: callable(status, text of the body) -> advice of this system for a known answer, or None.
    authorisation: callable(refused) -> {"headers": {name: text}, "params": {name: text}}, either may be missing.
        ``refused``: None, or the credentials that a 401 came back for; then None says that there is nothing to renew.
        Set by authorisation.authorise.
    statuses: the answers after which a request is sent again. Set before the first request.
    secrets: texts that no message may hold; scrub takes them out. counts: {"requests", "retries"}, as sent.
    """

    def __init__(self, base_url: str, options: dict, warn, hint=None, statuses=retries.STATUSES):
        check(options)
        self.base_url = urls.checked(base_url, "base_url")
        self.options = options
        self.hint = hint
        self.statuses = statuses
        self.authorisation = None
        self.secrets = []
        self.counts = {"requests": 0, "retries": 0}
        self._lock = threading.Lock()
        self._of_thread = threading.local()  # requests' sessions are not for several threads
        if urls.is_clear(self.base_url):
            warn(
                f"{urls.shown(self.base_url)} is not https: credentials and personal data travel unencrypted."
            )
        self._verify = tls.verified_with(options, warn)
        self._proxies = (
            {"http": options["proxy"], "https": options["proxy"]} if options["proxy"] else None
        )

    def get(self, path: str, params: dict | None = None, tolerate=()):
        """GET and decode. Returns the JSON value, or None for a status that is tolerated. Raises HrisError."""
        answer = self.ask("GET", path, params)
        if answer["status"] in tolerate:
            return None
        return self.value(answer)

    def ask(
        self,
        method: str,
        path: str,
        params: dict | None = None,
        headers: dict | None = None,
        repeat: bool | None = None,
        authorised: bool = True,
        **body,
    ) -> dict:
        """Any request. Returns the answer, whatever its status. Raises HrisError when none came whole.

        {"status", "headers": {name in lower case: text}, "body": bytes, "location": text or None, "url": as asked for,
         "place": the same for messages, "seconds": float, "attempts": int, "repeat": bool}

        path: below the base address, or a whole address. params: of the query; a value may be a list. body: ``json=value``, or
        ``data=`` a dict (a form), text or bytes. repeat: whether it may be sent twice; None: GET, HEAD and OPTIONS may.
        authorised: whether it carries our credentials; a 401 then renews them once, where they can be.
        """
        method = method.upper()
        repeat = method in ("GET", "HEAD", "OPTIONS") if repeat is None else repeat
        credentials = self.authorisation(None) if authorised and self.authorisation else None
        answer = self._send(method, path, params, headers, credentials, repeat, body)
        if answer["status"] == 401 and credentials:
            renewed = self.authorisation(credentials)
            if renewed is not None:
                answer = self._send(method, path, params, headers, renewed, repeat, body)
        return answer

    def accepted(self, answer: dict, hint=None) -> dict:
        """The answer, if it is a success (2xx). Raises HrisError with the server's words."""
        if answer["status"] >= 300:
            retries = (
                self.options["retries"]
                if answer["repeat"] and answer["status"] in self.statuses
                else 0
            )
            raise self.clean(http_errors.refused(answer, retries, hint or self.hint))
        return answer

    def value(self, answer: dict, hint=None):
        """The JSON value of a successful answer. Raises HrisError."""
        self.accepted(answer, hint)
        try:
            return responses.decode(
                answer["body"],
                answer["place"],
                hint or self.hint,
                answer["headers"].get("content-type"),
            )
        except HrisError as error:
            raise self.clean(error) from None

    def scrub(self, text: str) -> str:
        """A text of the server without our secrets, should it repeat them."""
        for secret in sorted(
            filter(None, self.secrets), key=len, reverse=True
        ):  # the longest first: one may hold another
            text = text.replace(secret, "********")
        return text

    def clean(self, error: HrisError) -> HrisError:
        """The same kind of error without our secrets."""
        return error.rewritten(self.scrub)

    def _send(self, method, path, params, headers, credentials, repeat, body) -> dict:
        """One request, sent again as the options say.

        urllib3 sees no break after the headers, because requests reads the body later: that is sent again here.
        """
        url = urls.join(self.base_url, path)
        place = self.scrub(urls.shown(url, params))
        for name, text in (headers or {}).items():
            if not _HEADER.fullmatch(f"{name}:{text}"):
                raise self.clean(
                    HrisError(
                        f"the header {name!r} holds characters that no header may have", place
                    )
                )
        arguments = {
            "params": {**(params or {}), **(credentials or {}).get("params", {})},
            "auth": _header({**(headers or {}), **(credentials or {}).get("headers", {})}),
            "timeout": (self.options["connect_timeout"], self.options["timeout"]),
            "proxies": self._proxies,
            "verify": self._verify,
            "allow_redirects": False,
            "stream": True,
            **_bytes(body),
        }
        began, attempts = time.monotonic(), 0
        for remaining in range(self.options["retries"] if repeat else 0, -1, -1):
            attempts += 1
            self._count(requests=1)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", InsecureRequestWarning)  # said once, by trust
                    response = self._session(repeat).request(method, url, **arguments)
            except retries.RetryAfterTooLongError as error:
                raise http_errors.pause_too_long(
                    error.seconds, self.options["retry_after_max"], place, error.status
                ) from None
            except requests.RequestException as error:
                raise self.clean(http_errors.unreachable(error, place, self.options)) from None
            again = len(response.raw.retries.history) if response.raw.retries else 0
            attempts += again
            self._count(requests=again, retries=again)
            try:
                with response:
                    content = response_limits.body(response, self.options, place)
            except requests.RequestException as error:
                if not remaining:
                    raise self.clean(http_errors.unreachable(error, place, self.options)) from None
                self._count(retries=1)
                continue
            return {
                "status": response.status_code,
                "headers": {name.lower(): text for name, text in response.headers.items()},
                "body": content,
                "url": url,
                "place": place,
                "location": response.headers.get("Location"),
                "seconds": time.monotonic() - began,
                "attempts": attempts,
                "repeat": repeat,
            }
        raise AssertionError("unreachable: the last round returns or raises")

    def _session(self, repeat: bool):
        """This thread's session for requests that may, or may not, be sent twice."""
        name = "repeating" if repeat else "once"
        session = getattr(self._of_thread, name, None)
        if session is None:
            session = requests.Session()
            session.get_redirect_target = lambda response: (
                None
            )  # requests prepares the next request even if not to follow
            for prefix in ("https://", "http://"):
                session.mount(prefix, retries.adapter(self.options, repeat, self.statuses))
            setattr(self._of_thread, name, session)
        return session

    def _count(self, **more: int) -> None:
        with self._lock:
            for name, number in more.items():
                self.counts[name] += number


_HEADER = re.compile(
    r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\xa0-\xff]*"
)  # RFC 9110, 5.1 and 5.5


def _header(headers: dict):
    """An auth of our own, even an empty one: without it requests takes a password for this host from ~/.netrc."""

    def put(request):
        request.headers["Accept"] = "application/json"
        request.headers.update(headers)
        return request

    return put


def _bytes(body: dict) -> dict:
    """Text as UTF-8; http.client would write it in Latin-1."""
    return {
        name: value.encode() if isinstance(value, str) else value
        for name, value in body.items()
        if name != "json"
    } | {name: value for name, value in body.items() if name == "json"}
