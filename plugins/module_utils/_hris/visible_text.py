# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of HR or of the directory as people see it: the one function that all diffs, messages, logs
and reports use.

A value can have a line break, and so look like two lines of a diff, or a character that turns the
direction of reading, and so look like another name.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from typing import Any

LONGEST = 1000  # characters of a message, or of a value in a diff or report
_BINARY = 128  # characters: a longer base64 text is taken for binary
_DIGITS = 12  # of a digest: enough to see that two values differ
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
# Joiners inside of words of many scripts, and of pictures; without the others a text is the same
_JOINERS = "\u200c\u200d"
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
# Control and format characters, separators of lines and paragraphs, halves of surrogate pairs
_HIDDEN = ("Cc", "Cf", "Zl", "Zp", "Cs")
_NOT_CHARACTERS = "\ufffe\uffff"


def visible(text: str) -> str:
    r"""The text on one line, with every character that is not seen, or that changes what is seen
    of others, as an escape: a line break as \n, others as \x1b or \u202e.
    """
    if text.isprintable():  # nearly every text, and the quickest test
        return text
    return "".join(map(_escaped, text))


def _escaped(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    if unicodedata.category(char) not in _HIDDEN and char not in _NOT_CHARACTERS:
        return char
    number = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def shown_value(text: str) -> str:
    """A value of an attribute for a diff or report: visible, binary as size and digest, and at most
    LONGEST characters long.
    """
    if len(text) > _BINARY:
        size = _binary_size(text)
        if size is not None:
            return f"({size:,} bytes, sha256 {_digest(text)})"
    if len(text) <= LONGEST:
        return visible(text)
    return f"{visible(text[:LONGEST])}… ({len(text):,} characters, sha256 {_digest(text)})"


def bounded_message(text: str) -> str:
    """A message about one person or change: visible, and at most LONGEST characters long."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    return visible(text)


def bounded_data(data: Any) -> Any:
    """Plain data for a result: every text in it is at most about LONGEST characters long."""
    if isinstance(data, str):
        return data if len(data) <= LONGEST else shown_value(data)
    if isinstance(data, dict):
        return {name: bounded_data(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [bounded_data(value) for value in data]
    return data


def _binary_size(text: str) -> int | None:
    """The bytes of a base64 text; None for another one."""
    if len(text) % 4 or not _BASE64.fullmatch(text):
        return None
    try:
        return len(base64.b64decode(text, validate=True))
    except binascii.Error:
        return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
