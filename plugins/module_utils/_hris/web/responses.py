# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server answered: its JSON, or one clear error about why there is none."""

from __future__ import annotations

import html
import json
import re

from ..errors import HrisError

LONGEST_WORDS = 300


def decode(body: bytes, place: str, hint=None, content_type: str | None = None):
    """The JSON value of a successful answer's body. Raises HrisError for an empty, cut or foreign body.

    hint: callable(status, text) -> advice of the system for a known text, or None. content_type: what the server calls the
    body; only its words for errors use it, because servers give JSON wrong names.
    """
    text = _text(body, place)
    advice = hint(200, text) if hint else None
    if not text.strip():
        raise HrisError("the answer is empty", place, advice)
    named = _kind(content_type)
    if text.lstrip().startswith("<") and "xml" in named and "html" not in named:
        raise HrisError(
            f"the answer is XML ({named}), not JSON",
            place,
            advice or "Ask for JSON, as with an Accept header",
        )
    if text.lstrip().startswith("<"):
        raise HrisError(
            f"the answer is a web page{_title(text)}, not JSON",
            place,
            advice or "Is the address that of the API, and not of the site or its login page",
        )
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise HrisError(_why_not_json(text, error, named), place, advice) from error
    except RecursionError as error:
        raise HrisError("the answer is JSON nested too deeply to read", place) from error


def words(body: bytes) -> str:
    """What the server says about an error, on one line; "" when it says nothing.

    ELMO: detail, error_description or title, and violations (API Platform). IceHrm: error [[{code, message}]], in its
    older documentation message. Anything else: its first words, or a web page's title.
    """
    text = body.decode("utf-8", errors="replace")
    try:
        value = json.loads(text)
    except ValueError:
        if text.lstrip().startswith("<"):
            return f"a web page{_title(text)}"
        return _one_line(text)
    return _one_line(_said(value))


def error_inside(value) -> str | None:
    """The words, perhaps none, of an error that came as a good answer (IceHrm: with status 200); else None."""
    if isinstance(value, dict) and (
        value.get("error") or str(value.get("status", "")).upper() == "ERROR"
    ):
        return _one_line(_said(value))
    return None


def _said(value) -> str:
    if isinstance(value, list):
        return "; ".join(filter(None, (_said(item) for item in value)))
    if not isinstance(value, dict):
        return "" if value is None or isinstance(value, bool) else str(value)
    for name in ("detail", "error_description", "hydra:description", "message", "title", "error"):
        if value.get(name):
            said = _said(value[name])
            break
    else:
        said = ""
    broken = [
        f"{item.get('propertyPath')}: {item.get('message')}"
        for item in value.get("violations") or []
        if isinstance(item, dict)
    ]
    return "; ".join(filter(None, [said, *broken]))


def _text(body: bytes, place: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HrisError(f"the answer is not UTF-8 text (byte {error.start})", place) from error


def _kind(content_type: str | None) -> str:
    """What the server calls the body, without parameters; "" for JSON or nothing."""
    named = _one_line((content_type or "").partition(";")[0].strip().lower())
    return "" if "json" in named else named


def _why_not_json(text: str, error: json.JSONDecodeError, named: str) -> str:
    if text.lstrip()[:1] not in ("{", "["):
        return f"the answer is {named + ', ' if named else ''}not JSON: '{_one_line(text)}'"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"the answer breaks off after {len(text)} characters: its JSON is cut"
    return f"the answer is broken JSON: {error.msg} at character {error.pos}"


def _title(text: str) -> str:
    found = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return f" titled '{_one_line(html.unescape(found.group(1)))}'" if found else ""


def _one_line(text: str) -> str:
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= LONGEST_WORDS else line[:LONGEST_WORDS] + "…"
