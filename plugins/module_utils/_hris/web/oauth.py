# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth 2.0 client credentials (RFC 6749, 4.4): a token, kept until shortly before it expires."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping

from .. import secret_texts
from ..data_class import frozen
from ..errors import HrisError
from . import urls
from .client import Client, Credentials
from .responses import Response

EARLY = 60  # seconds before expiry at which a token is renewed, as ELMO's own SDK does
_MOST_DIGITS = 50  # of a lifetime


@frozen
class TokenRequest:
    """How a token is requested."""

    url: str  # a path below the base address, or a whole address
    fields: Mapping[str, object]  # of the body
    headers: Mapping[str, str]
    encoding: str  # of the body: "json" or "form"
    advice: str = ""  # what to do where the server refuses it


class ClientCredentials:
    """The authentication of a Client by a token. It requests a token on its first call.

    clock: callable -> seconds.
    """

    def __init__(
        self, client: Client, request: TokenRequest, clock: Callable[[], float] = time.monotonic
    ):
        self._client = client
        self._request = request
        self._clock = clock
        self._lock = threading.Lock()
        self._credentials: Credentials | None = None
        self._valid_until = 0.0

    def __call__(self, refused: Credentials | None) -> Credentials:
        """The credentials. Raises HrisError when the server gives no token."""
        with self._lock:
            # Of several requests that were refused with one token, the first renews it and the
            # others take the new one.
            current = self._credentials
            if current is None or refused == current or self._clock() >= self._valid_until:
                current = self._renew()
            return current

    def _renew(self) -> Credentials:
        token, lifetime = _new_token(self._client, self._request)
        self._client.secrets.append(token)
        self._credentials = Credentials(headers={"Authorization": f"Bearer {token}"})
        # With a lifetime of less than two minutes there would be a new token for each request.
        self._valid_until = self._clock() + max(lifetime - EARLY, lifetime / 2)
        return self._credentials


def _new_token(client: Client, request: TokenRequest) -> tuple[str, float]:
    """(token, seconds that it is valid; infinite when the server does not say)."""
    place = urls.shown(urls.join(client.base_url, request.url))
    as_json = request.encoding == "json"
    response = client.request(
        "POST",
        request.url,
        headers=request.headers,
        json=request.fields if as_json else None,
        data=None if as_json else request.fields,
        repeat=True,  # requesting a token twice is harmless
        authenticated=False,
    )
    value = _decoded(client, response, request.advice)
    client.secrets += secret_texts.received(value)
    if not isinstance(value, dict) or not _is_token(value.get("access_token")):
        raise HrisError(
            "the answer holds no usable access_token", place, "Is this the token address"
        )
    token_type = str(value.get("token_type") or "Bearer")
    if token_type.lower() != "bearer":
        raise HrisError(f"the token is of the type '{client.scrub(token_type)}', not Bearer", place)
    return value["access_token"], _lifetime(value.get("expires_in"))


def _decoded(client: Client, response: Response, advice: str) -> object:
    """The JSON value. No message quotes a successful answer, which may be the token itself."""

    def hint(status: int, _text: str) -> str | None:
        return advice or None if status in (400, 401, 403) else None

    try:
        return client.decode(response, hint)
    except HrisError as error:
        body = " ".join(response.body.decode("utf-8", "replace").split())
        if response.status >= 300 or not body:
            raise
        raise error.rewritten(
            lambda text: secret_texts.without_secrets(text, (body, body.strip("\"'")))
        ) from None


def _is_token(value: object) -> bool:
    if not isinstance(value, str) or not value:
        return False
    return value.isascii() and value.isprintable() and " " not in value


def _lifetime(value: object) -> float:
    """What is no positive number says nothing; a token that has expired is renewed after a 401."""
    try:
        seconds = float(str(value)[:_MOST_DIGITS])
    except ValueError:
        return math.inf
    return seconds if seconds > 0 else math.inf  # NaN is not above 0
