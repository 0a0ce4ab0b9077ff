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
from collections.abc import Iterable
from typing import Any

from ..visible_text import visible

# An escape in JSON of ASCII: only texts with one can have a character that is not seen
_ESCAPE_IN_JSON = re.compile(r"\\[nrtbfu]")
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~>]|^[-+]|^\d+(?=[.)]))")
_MENTION = re.compile(r"(?<![\w.+-])@(?=\w)")
# A spreadsheet takes a cell that starts with one of these for a formula (OWASP, CSV Injection).
# Some spreadsheets take the wide forms for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain(value: object) -> str:
    """The value as visible text on one line; None is empty."""
    return "" if value is None else visible(str(value))


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
    if _ESCAPE_IN_JSON.search(text):
        text = json.dumps(_visible_inside(data), separators=(",", ":"), ensure_ascii=True)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _visible_inside(data: Any) -> Any:
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, dict):
        return {name: _visible_inside(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_visible_inside(value) for value in data]
    return data


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
    return cell_of_lines([value])


def cell_of_lines(values: Iterable[object]) -> str:
    """Values as lines of one cell."""
    text = "\n".join(map(plain, values))
    if text.lstrip(" ").startswith(_FORMULA):
        return f"'{text}"
    return text
