# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's token: a JWT with a readable expiry (180 days after it was made)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from .. import bounded_json
from ..errors import HrisError, Warn

DAY = 86400  # seconds
RENEW = "Make a new one in IceHrm under Personal Information > Basic Information > Api Access"


def checked(token: str, place: str) -> str:
    """The token. Raises HrisError, naming the place, for one that no header can hold."""
    if not token.isascii() or not token.isprintable() or " " in token:
        raise HrisError(
            "it holds characters that no token has", place, "Give the token alone, without 'Bearer'"
        )
    return token


def payload(token: str) -> dict[str, Any] | None:
    """The token's payload, without verifying it; None when the token is not a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    padding = "=" * (-len(parts[1]) % 4)
    try:
        value = bounded_json.decode(base64.urlsafe_b64decode(parts[1] + padding).decode())
    except (binascii.Error, ValueError):  # neither UTF-8 nor JSON, too
        return None
    if not isinstance(value, dict):
        return None
    return value


def check_expiry(
    claims: Mapping[str, Any], now: float, warn_days: float, warn: Warn, place: str
) -> None:
    """Raise HrisError when the token has expired; warn when it expires within warn_days.

    A token without an expiry passes. now: Unix time. claims: the payload; "expire" is IceHrm's
    name, "exp" that of RFC 7519.
    """
    try:
        expire = float(claims.get("expire", claims.get("exp", "")))
        day = datetime.fromtimestamp(expire, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    except (TypeError, ValueError, OverflowError, OSError):
        return
    if expire <= now:
        raise HrisError(f"it expired on {day}", place, RENEW)
    if expire - now < warn_days * DAY:
        warn(f"The IceHrm token expires in {(expire - now) / DAY:.1f} days, on {day}. {RENEW}.")
