# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from a directory or from HR on its way into HTML, JSON inside HTML, Markdown and CSV: nothing of it is ever taken for code."""

from __future__ import annotations

import html
import json
import re

# What no document may hold: control characters, and halves of surrogate pairs, which have no UTF-8
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Characters that turn the reading direction, by which a name can look like another one
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TURNING_IN_JSON = re.compile(r"\\u(?:202[a-e]|206[6-9])")
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~>]|^[-+]|^\d+(?=[.)]))")
_MENTION = re.compile(r"(?<![\w.+-])@(?=\w)")
# A cell that begins so is a formula to a spreadsheet (OWASP, CSV Injection); the wide forms are the same to some of them
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain(value) -> str:
    """value as text without what cannot be shown; None is empty."""
    text = "" if value is None else str(value)
    return _TURNING.sub("\ufffd", _UNPRINTABLE.sub("\ufffd", text))


def in_html(value) -> str:
    """value as text or a quoted attribute of HTML."""
    return html.escape(plain(value), quote=True)


def in_address(value) -> str:
    """value as part of an address's fragment."""
    letters = plain(value).encode()
    return "".join(
        chr(byte) if byte < 128 and (chr(byte).isalnum() or chr(byte) in "-_") else f"%{byte:02X}"
        for byte in letters
    )


def json_in_html(data) -> str:
    """data as JSON that can stand in a script element: no character in it means anything to HTML."""
    text = _TURNING_IN_JSON.sub(
        r"\\ufffd", json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    )
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def one_line(value) -> str:
    """value as text on one line."""
    return " ".join(plain(value).split())


def in_markdown(value) -> str:
    """value as prose of Markdown (GitHub's and CommonMark's): no markup, no HTML, and nobody is mentioned."""
    text = one_line(value).replace("&", "&amp;").replace("<", "&lt;")
    return _MENTION.sub("&#64;", _MARKDOWN.sub(r"\\\1", text))


def code_in_markdown(value) -> str:
    """value as code inside a cell of a Markdown table, where a backslash protects the pipe and nothing else."""
    text = one_line(value).replace("`", "'").replace("|", "\\|")
    return f"`{text}`" if text else ""


def cell(value) -> str:
    """value as a cell of CSV that a spreadsheet shows and does not calculate."""
    text = plain(value)
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) else text
