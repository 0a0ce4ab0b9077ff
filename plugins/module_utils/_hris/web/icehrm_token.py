# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's token: a JWT whose expiry anyone can read (180 days after it was made), so that its end surprises nobody."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timezone

from ..errors import HrisError

DAY = 86400
RENEW = "Make a new one in IceHrm under Personal Information > Basic Information > Api Access"


def checked(token: str, place: str) -> str:
    """The token. Raises HrisError naming the place when it cannot be sent as one."""
    if not token.isascii() or not token.isprintable() or " " in token:
        raise HrisError(
            "it holds characters that no token has", place, "Give the token alone, without 'Bearer'"
        )
    return token


def payload(token: str) -> dict | None:
    """The token's payload, read without its key; None when the token is not a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        value = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None


def check_expiry(claims: dict, now: float, warn_days: float, warn, place: str) -> None:
    """Raise HrisError when the token has expired; warn when it will within warn_days. A token without an expiry passes.

    now: Unix time. claims: "expire" is IceHrm's name, "exp" the standard's.
    """
    expire = claims.get("expire", claims.get("exp"))
    try:
        expire = float(expire)
        day = datetime.fromtimestamp(expire, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    except (TypeError, ValueError, OverflowError, OSError):
        return
    if expire <= now:
        raise HrisError(f"it expired on {day}", place, RENEW)
    if expire - now < warn_days * DAY:
        warn(f"The IceHrm token expires in {(expire - now) / DAY:.1f} days, on {day}. {RENEW}.")
