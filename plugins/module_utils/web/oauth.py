# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth 2.0 client credentials (RFC 6749, 4.4): a token, kept until shortly before it expires."""
from __future__ import annotations

import time

from ..errors import HrisError
from . import urls

EARLY = 60  # seconds before expiry at which a token is renewed, as ELMO's own SDK does


def client_credentials(client, path: str, client_id: str, client_secret: str, encoding="json", clock=time.monotonic):
    """The authorisation of a Client: callable(renew) -> "Bearer …". It asks for a token on its first call.

    encoding: how the request's body is written, "json" or "form". clock: callable -> seconds.
    Raises HrisError on its call when the server gives no token.
    """
    kept = {"header": None, "until": 0.0}
    client.secrets.append(client_secret)

    def authorisation(renew: bool) -> str:
        if renew or kept["header"] is None or clock() >= kept["until"]:
            token, lifetime = _ask(client, path, client_id, client_secret, encoding)
            client.secrets.append(token)
            kept["header"] = f"Bearer {token}"
            # A lifetime shorter than two minutes would otherwise be a new token for every request.
            kept["until"] = clock() + max(lifetime - EARLY, lifetime / 2)
        return kept["header"]

    return authorisation


def _ask(client, path, client_id, client_secret, encoding) -> tuple[str, float]:
    """(token, seconds that it is valid; infinite when the server does not say)."""
    fields = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    place = urls.shown(urls.join(client.base_url, path))
    answer = client.ask_token(path, _advice, **{"json" if encoding == "json" else "data": fields})
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token:
        raise HrisError("the answer holds no usable access_token", place, "Is this the token address")
    if str(answer.get("token_type") or "Bearer").lower() != "bearer":
        raise HrisError(f"the token is of the type '{answer['token_type']}', not Bearer", place)
    try:
        return token, float(answer["expires_in"])
    except (KeyError, TypeError, ValueError):
        return token, float("inf")


def _advice(status: int, _text: str) -> str | None:
    if status in (400, 401, 403):
        return "No token was given: check client_id and client_secret, and whether token_encoding suits the server"
    return None
