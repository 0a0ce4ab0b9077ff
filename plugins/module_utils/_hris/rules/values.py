# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what an expression yields to what an LDAP attribute holds: a list of texts."""

from __future__ import annotations

import unicodedata

from ..errors import HrisError


def to_text(value) -> str | None:
    """One JSON scalar as the text that AD stores; None for null and for text that is empty once trimmed.

    Booleans become TRUE and FALSE (LDAP boolean syntax, RFC 4517 3.3.3), numbers their decimal text. Text is trimmed
    and brought to NFC, because feeds mix composed and decomposed letters and AD compares them as different.
    Raises HrisError for objects and lists.
    """
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        return (text if text.isascii() else unicodedata.normalize("NFC", text)) or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, dict):
        raise HrisError(
            "the value is an object",
            hint="Choose one of its fields: " + ", ".join(sorted(map(str, value))),
        )
    raise HrisError(
        "the value is a list where one value is needed", hint="Choose one, as in 'phones[0]'"
    )


def to_texts(value) -> list[str]:
    """The value as an attribute's list of texts, in the order given, without doubles; [] for nothing."""
    if not isinstance(value, list):
        text = to_text(value)
        return [] if text is None else [text]
    return list(dict.fromkeys(text for text in map(to_text, value) if text is not None))
