# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door to HR systems: requests with time limits, retries, verified TLS, and errors that say what to do.

No redirect is ever followed: it would carry the credentials elsewhere, and a redirect to a login page is not an answer.
"""
from __future__ import annotations

import ssl
import warnings

from ..errors import HrisError
from . import answers, faults, retrying, urls
from .options import check

try:
    import requests
    from urllib3.exceptions import InsecureRequestWarning
except ImportError:  # the edge reports the missing library
    requests = None

CHUNK = 65536


class Client:
    """One HR system: a session, its base address, its authorisation and its counters.

    options: the values of options.ARGUMENTS. warn: callable(text).
    hint: callable(status, text of the body) -> advice of this HR system for a known answer, or None.
    authorisation: callable(renew: bool) -> value of the Authorization header; ``renew`` after a 401, where a None says
        that there is nothing to renew. Set by the source once it knows it.
    secrets: texts that no message may hold. counts: {"requests", "retries"}, as sent.
    """

    def __init__(self, base_url: str, options: dict, warn, hint=None, statuses=retrying.STATUSES):
        check(options)
        self.base_url = urls.checked(base_url, "base_url")
        self.options = options
        self.hint = hint
        self.statuses = statuses
        self.authorisation = None
        self.secrets = []
        self.counts = {"requests": 0, "retries": 0}
        self._session = requests.Session()
        self._session.get_redirect_target = lambda response: None  # requests prepares the next request even if not to follow
        for prefix in ("https://", "http://"):
            self._session.mount(prefix, retrying.adapter(options, statuses=statuses))
        self._verify = _trust(options, warn)
        if urls.is_clear(self.base_url):
            warn(f"{urls.shown(self.base_url)} is not https: credentials and personal data travel unencrypted.")

    def get(self, path: str, params: dict | None = None, tolerate=()):
        """GET and decode. Returns the JSON value, or None for a status that is tolerated. Raises HrisError."""
        answer = self._authorised("GET", path, params)
        if answer["status"] in tolerate:
            return None
        return self._value(answer)

    def ask_token(self, path: str, hint, **body):
        """POST without an authorisation, with retries: asking for a token twice is harmless. Returns and raises as get.

        hint: as the Client's, for this request. body: ``json`` or ``data``, a dict.
        """
        self._session.mount(urls.join(self.base_url, path), retrying.adapter(self.options, ("POST",), self.statuses))
        return self._value(self._send("POST", path, None, None, **body), hint)

    def scrub(self, text: str) -> str:
        """A text of the server without our secrets, should it repeat them."""
        for secret in filter(None, self.secrets):
            text = text.replace(secret, "********")
        return text

    def _authorised(self, method, path, params):
        header = self.authorisation(False) if self.authorisation else None
        answer = self._send(method, path, params, header)
        if answer["status"] == 401 and self.authorisation:
            renewed = self.authorisation(True)
            if renewed is not None:
                answer = self._send(method, path, params, renewed)
        return answer

    def _value(self, answer: dict, hint=None):
        hint = hint or self.hint
        try:
            if answer["status"] >= 300:
                retries = self.options["retries"] if answer["status"] in self.statuses else 0
                raise faults.refused(answer, retries, hint)
            return answers.decode(answer["body"], answer["place"], hint)
        except HrisError as error:
            raise HrisError(self.scrub(error.message), error.place, error.hint) from None

    def _send(self, method, path, params, authorisation, **body) -> dict:
        """One request, sent again as the options say. Returns {"status", "body": bytes, "location", "place"}.

        urllib3 sees no break after the headers, because requests reads the body later: such a GET is sent again here.
        """
        url = urls.join(self.base_url, path)
        place = urls.shown(url, params)
        proxies = {"http": self.options["proxy"], "https": self.options["proxy"]} if self.options["proxy"] else None
        for remaining in range(self.options["retries"] if method == "GET" else 0, -1, -1):
            self.counts["requests"] += 1
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", InsecureRequestWarning)  # said once, by _trust
                    response = self._session.request(
                        method, url, params=params, auth=_header(authorisation), proxies=proxies, verify=self._verify,
                        timeout=(self.options["connect_timeout"], self.options["timeout"]),
                        allow_redirects=False, stream=True, **body)
            except retrying.RetryAfterTooLongError as error:
                raise faults.pause_too_long(error.seconds, self.options["retry_after_max"], place) from None
            except requests.RequestException as error:
                raise faults.unreachable(error, place, self.options) from None
            sent_again = len(response.raw.retries.history) if response.raw.retries else 0
            self.counts["requests"] += sent_again
            self.counts["retries"] += sent_again
            try:
                with response:
                    content = _body(response, self.options["max_response_mb"], place)
            except requests.RequestException as error:
                if not remaining:
                    raise faults.unreachable(error, place, self.options) from None
                self.counts["retries"] += 1
                continue
            return {"status": response.status_code, "body": content, "place": place,
                    "location": response.headers.get("Location")}
        raise AssertionError("unreachable: the last round returns or raises")


def _header(value):
    """An auth of our own, even an empty one: without it requests takes a password for this host from ~/.netrc."""
    def put(request):
        if value is not None:
            request.headers["Authorization"] = value
        request.headers["Accept"] = "application/json"
        return request
    return put


def _body(response, max_mb: int, place: str) -> bytes:
    parts, size = [], 0
    for part in response.iter_content(CHUNK):
        size += len(part)
        if size > max_mb * 1024 * 1024:
            raise HrisError(f"the answer is larger than {max_mb} MiB", place, "Raise max_response_mb if that is right")
        parts.append(part)
    return b"".join(parts)


def _trust(options: dict, warn):
    """What requests verifies with. Given with each request: REQUESTS_CA_BUNDLE would win over the session's."""
    if not options["validate_certs"]:
        warn("validate_certs is false: whoever answers in the HR system's place is believed.")
        return False
    if not options["ca_cert"]:
        return True
    place = f"ca_cert {options['ca_cert']}"
    try:
        ssl.create_default_context(cafile=options["ca_cert"])
    except ssl.SSLError as error:
        raise HrisError("the file holds no certificate that can be read", place, "It is a PEM file") from error
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", place,
                        "It is read on the machine that the task runs on") from error
    return options["ca_cert"]
