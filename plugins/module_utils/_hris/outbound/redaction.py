# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the result of a call shows of its request and response: everything except secrets."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..secret_texts import HIDDEN, structure_without_secrets

LONGEST_VALUE = 500  # characters of a value in a diff
# Names of headers and parameters that hold secrets wherever they are used. Other secrets are
# known by their values (Client.secrets).
_SECRET = re.compile(
    r"authorization|cookie|token|secret|passw|pwd|(api|access)[-_]?key|signature"
    r"|^(sig|code|key)$|credential",
    re.IGNORECASE,
)
Scrub = Callable[[str], str]  # takes a text, returns it without our secrets (Client.scrub)


def redacted(values: Mapping[str, Any], scrub: Scrub) -> dict[str, str | list[str]]:
    """Headers or query parameters for a result; a parameter may be a list."""
    return {name: _redacted(name, value, scrub) for name, value in values.items()}


def _redacted(name: str, value: Any, scrub: Scrub) -> str | list[str]:
    if _SECRET.search(name):
        return HIDDEN
    if isinstance(value, list):
        return [scrub(str(item)) for item in value]
    return scrub(str(value))


def shown_value(value: Any) -> str:
    """A value in one line of a diff: no line break of it makes another line, and it is short."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = text[:LONGEST_VALUE]
    if not shown.isprintable():
        shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in shown)
    if len(text) > LONGEST_VALUE:
        shown += f"… ({len(text) - LONGEST_VALUE} more characters)"
    return shown


def body_text(body: bytes, limit: int, scrub: Scrub) -> str:
    """A body as text for a result. limit: the most characters of it."""
    text = scrub(body.decode("utf-8", errors="replace"))
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit} more characters)"


def body_value(body: bytes, content_type: str, limit: int, scrub: Scrub) -> Any:
    """A body for a result: JSON as a structure when it is not longer than limit, else text."""
    if "json" in content_type and len(body) <= limit:
        with contextlib.suppress(ValueError, RecursionError):
            return structure_without_secrets(json.loads(body), scrub)
    return body_text(body, limit, scrub)
