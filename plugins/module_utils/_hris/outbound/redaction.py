# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call's result shows of requests and answers: everything but secrets."""

from __future__ import annotations

import json
import re

HIDDEN = "********"
# Names of headers and parameters that hold secrets wherever they are used. Other secrets are known by value (client.secrets).
_SECRET = re.compile(
    r"authorization|cookie|token|secret|passw|pwd|(api|access)[-_]?key|signature|^(sig|code|key)$|credential",
    re.IGNORECASE,
)


def named(values: dict, scrub) -> dict:
    """Headers or parameters for a result."""
    return {
        name: HIDDEN if _SECRET.search(name) else _scrubbed(value, scrub)
        for name, value in values.items()
    }


def text(body: bytes, most: int, scrub) -> str:
    """A body for a result: as text, cut after so many characters."""
    whole = scrub(body.decode("utf-8", errors="replace"))
    return whole if len(whole) <= most else f"{whole[:most]}… ({len(whole) - most} more characters)"


def value(body: bytes, content_type: str, most: int, scrub):
    """A body for a result: JSON as a structure, as long as it is short enough, else text."""
    shown = text(body, most, scrub)
    if "json" in content_type and len(body) <= most:
        try:
            return json.loads(shown)
        except ValueError:
            return shown
    return shown


def _scrubbed(value, scrub):
    return [scrub(str(item)) for item in value] if isinstance(value, list) else scrub(str(value))
