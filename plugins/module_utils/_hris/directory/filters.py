# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LDAP search filters (RFC 4515)."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\*()\x00]")


def escape_text(text: str) -> str:
    """A text as a value in a filter (RFC 4515 section 3)."""
    return _SPECIAL.sub(lambda match: f"\\{ord(match[0]):02x}", text)


def escape_bytes(value: bytes) -> str:
    """Bytes as a value in a filter."""
    return "".join(f"\\{byte:02x}" for byte in value)


def parenthesised(text: str | None) -> str:
    """A filter with its outer parentheses, which people leave out; '' for none."""
    text = (text or "").strip()
    if text and not text.startswith("("):
        return f"({text})"
    return text


def any_of(filters: list[str]) -> str:
    """The filter that finds what at least one of several filters finds."""
    return f"(|{''.join(filters)})"
