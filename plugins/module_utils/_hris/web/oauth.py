# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth 2.0 client credentials (RFC 6749, 4.4): a token, kept until shortly before it expires."""

from __future__ import annotations

import threading
import time

from ..errors import HrisError
from . import urls

EARLY = 60  # seconds before expiry at which a token is renewed, as ELMO's own SDK does


def client_credentials(
    client, path: str, fields: dict, headers: dict, encoding: str, clock=time.monotonic
):
    """The authorisation of a Client: callable(refused) -> credentials. It asks for a token on its first call.

    fields, headers: of the request for a token. encoding: how its body is written, "json" or "form".
    clock: callable -> seconds. Raises HrisError on its call when the server gives no token.
    """
    kept = {"credentials": None, "until": 0.0}
    lock = threading.Lock()

    def authorisation(refused):
        with lock:
            # Of several requests that were refused with one token, the first renews it and the others take the new one.
            if (
                kept["credentials"] is None
                or refused == kept["credentials"]
                or clock() >= kept["until"]
            ):
                token, lifetime = _ask(client, path, fields, headers, encoding)
                client.secrets.append(token)
                kept["credentials"] = {"headers": {"Authorization": f"Bearer {token}"}}
                # A lifetime shorter than two minutes would otherwise be a new token for every request.
                kept["until"] = clock() + max(lifetime - EARLY, lifetime / 2)
            return kept["credentials"]

    return authorisation


def _ask(client, path, fields, headers, encoding) -> tuple[str, float]:
    """(token, seconds that it is valid; infinite when the server does not say)."""
    place = urls.shown(urls.join(client.base_url, path))
    # Asking for a token twice is harmless, so that it may be repeated.
    said = client.ask(
        "POST",
        path,
        headers=headers,
        repeat=True,
        authorised=False,
        **{"json" if encoding == "json" else "data": fields},
    )
    answer = client.value(said, _advice)
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if (
        not isinstance(token, str)
        or not token
        or not token.isascii()
        or not token.isprintable()
        or " " in token
    ):
        raise HrisError(
            "the answer holds no usable access_token", place, "Is this the token address"
        )
    if str(answer.get("token_type") or "Bearer").lower() != "bearer":
        raise HrisError(
            f"the token is of the type '{client.scrub(str(answer['token_type']))}', not Bearer",
            place,
        )
    try:
        return token, float(answer["expires_in"])
    except (KeyError, TypeError, ValueError):
        return token, float("inf")


def _advice(status: int, _text: str) -> str | None:
    if status in (400, 401, 403):
        return "No token was given: check client_id and client_secret, and whether token_encoding suits the server"
    return None
