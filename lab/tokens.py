"""IceHrm's API tokens: JSON Web Tokens, HS256, with the payload {token, expire}."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time

DAYS = 180  # how long IceHrm's own tokens live


def _pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _sign(key: str, text: str) -> str:
    return _pack(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest())


def issue(key: str, level: str = "Admin", owner: int | None = None, days: float = DAYS) -> str:
    """A token of a user at `level` (Admin, Manager, Employee).

    owner: the employee of the user; None: the user has no employee profile.
    """
    head = _pack(json.dumps({"typ": "JWT", "alg": "HS256"}).encode())
    user = f"{level}:{owner or ''}:{secrets.token_hex(8)}"
    body = _pack(json.dumps({"token": user, "expire": int(time.time() + days * 86400)}).encode())
    return f"{head}.{body}.{_sign(key, f'{head}.{body}')}"


def read(key: str, token: str) -> tuple[str, int | None] | None:
    """(level, owner) of a valid token; None for a wrong signature or an expired token.

    Raises ValueError for a text that is not a JWT.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("not three parts")
    payload = json.loads(_unpack(parts[1]))
    if not isinstance(payload, dict) or "token" not in payload:
        raise ValueError("no payload of ours")
    signed = hmac.compare_digest(_sign(key, f"{parts[0]}.{parts[1]}"), parts[2])
    if not signed or payload.get("expire", 0) <= time.time():
        return None
    level, owner, _once = payload["token"].split(":")
    return level, int(owner) if owner else None
