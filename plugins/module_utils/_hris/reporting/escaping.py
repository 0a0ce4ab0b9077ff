# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Escaping: text from a directory or from HR becomes text of HTML, JSON in HTML, Markdown or CSV.

No document takes any of that text for code.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

# What no document may hold: control characters, and halves of surrogate pairs, which have no UTF-8
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Characters that change the reading direction: with them a name can look like another name
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DIRECTION_IN_JSON = re.compile(r"\\u(?:202[a-e]|206[6-9])")
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~>]|^[-+]|^\d+(?=[.)]))")
_MENTION = re.compile(r"(?<![\w.+-])@(?=\w)")
# A spreadsheet takes a cell that starts with one of these for a formula (OWASP, CSV Injection).
# Some spreadsheets take the wide forms for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain(value: object) -> str:
    """The value as text without what cannot be shown; None is empty."""
    if value is None:
        return ""
    text = str(value)
    if text.isprintable():  # nearly every text, and the quickest test
        return text
    return _DIRECTION.sub("\ufffd", _UNPRINTABLE.sub("\ufffd", text))


def in_html(value: object) -> str:
    """The value as text or as a quoted attribute of HTML."""
    return html.escape(plain(value), quote=True)


def in_fragment(value: object) -> str:
    """The value as a part of the fragment of an address."""
    return "".join(map(_fragment_byte, plain(value).encode()))


def _fragment_byte(byte: int) -> str:
    character = chr(byte)
    if byte < 128 and (character.isalnum() or character in "-_"):
        return character
    return f"%{byte:02X}"


def json_in_html(data: Any) -> str:
    """JSON for a script element: no character in it means anything to HTML."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    text = _DIRECTION_IN_JSON.sub(r"\\ufffd", text)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def one_line(value: object) -> str:
    """The value as text on one line."""
    return " ".join(plain(value).split())


def in_markdown(value: object) -> str:
    """The value as prose of Markdown (CommonMark, GitHub): no markup, no HTML, no mention."""
    text = one_line(value).replace("&", "&amp;").replace("<", "&lt;")
    return _MENTION.sub("&#64;", _MARKDOWN.sub(r"\\\1", text))


def code_in_markdown(value: object) -> str:
    """The value as code in a cell of a Markdown table, where a backslash escapes only the pipe."""
    text = one_line(value).replace("`", "'").replace("|", "\\|")
    if not text:
        return ""
    return f"`{text}`"


def cell(value: object) -> str:
    """The value as a cell of CSV that a spreadsheet shows and does not calculate."""
    text = plain(value)
    if text.lstrip(" ").startswith(_FORMULA):
        return f"'{text}"
    return text
