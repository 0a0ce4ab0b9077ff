# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server sent: a response, its JSON, or one clear error that says why there is none."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

from ..data_class import frozen
from ..errors import HrisError

# callable(status, text of the body) -> advice of a system for a known response, or None
Hint = Callable[[int, str], "str | None"]

LONGEST_WORDS = 300  # characters of a server's text in a message
# Where errors have their text: API Platform (ELMO), OAuth 2.0, IceHrm
_ERROR_FIELDS = (
    "detail",
    "error_description",
    "hydra:description",
    "message",
    "title",
    "error",
)


@frozen
class Response:
    """A whole response, whatever its status."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes
    url: str  # as requested, without the query
    place: str  # the same for messages, without secrets
    seconds: float  # from the first attempt to the last byte
    attempts: int  # how often the request was sent
    repeatable: bool  # whether the request could be sent twice

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        return self.headers.get("location")


def decode(body: bytes, place: str, hint: Hint | None = None, content_type: str = "") -> Any:
    """The JSON value of a successful response's body.

    content_type: what the server calls the body. Only messages use it, because servers give JSON
        wrong names.
    Raises HrisError for a body that is empty, cut off or something else.
    """
    text = _text(body, place)
    advice = None
    if hint is not None:
        advice = hint(200, text)
    if not text.strip():
        raise HrisError("the answer is empty", place, advice)
    media_type = _foreign_type(content_type)
    if text.lstrip().startswith("<"):
        raise _markup(text, media_type, place, advice)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise HrisError(_why_not_json(text, error, media_type), place, advice) from error
    except RecursionError as error:
        raise HrisError("the answer is JSON nested too deeply to read", place) from error


def error_words(body: bytes) -> str:
    """What the server says about an error, on one line; "" when it says nothing.

    ELMO: detail, error_description or title, and violations (API Platform). IceHrm: error
    [[{code, message}]], in its older documentation message. Anything else: its first words, or a
    web page's title.
    """
    text = body.decode("utf-8", errors="replace")
    try:
        value = json.loads(text)
    except ValueError:
        if text.lstrip().startswith("<"):
            return f"a web page{_title(text)}"
        return _one_line(text)
    return _one_line(_words(value))


def error_inside(value: object) -> str | None:
    """The text, perhaps empty, of an error that has a status of success (IceHrm), else None."""
    if not isinstance(value, dict):
        return None
    if value.get("error") or str(value.get("status", "")).upper() == "ERROR":
        return _one_line(_words(value))
    return None


def _words(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(filter(None, map(_words, value)))
    if isinstance(value, dict):
        present = (value[name] for name in _ERROR_FIELDS if value.get(name))
        words = _words(next(present, None))
        return "; ".join(filter(None, [words, *_violations(value.get("violations"))]))
    if value is None or isinstance(value, bool):
        return ""
    return str(value)


def _violations(value: object) -> list[str]:
    """API Platform's list of invalid fields."""
    if not isinstance(value, list):
        return []
    items = [item for item in value if isinstance(item, dict)]
    return [f"{item.get('propertyPath')}: {item.get('message')}" for item in items]


def _text(body: bytes, place: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HrisError(f"the answer is not UTF-8 text (byte {error.start})", place) from error


def _foreign_type(content_type: str) -> str:
    """The media type without parameters; "" for JSON or none."""
    media_type = _one_line(content_type.partition(";")[0].strip().lower())
    if "json" in media_type:
        return ""
    return media_type


def _markup(text: str, media_type: str, place: str, advice: str | None) -> HrisError:
    """The error for XML or a web page in place of JSON."""
    if "xml" in media_type and "html" not in media_type:
        return HrisError(
            f"the answer is XML ({media_type}), not JSON",
            place,
            advice or "Ask for JSON, as with an Accept header",
        )
    return HrisError(
        f"the answer is a web page{_title(text)}, not JSON",
        place,
        advice or "Is the address that of the API, and not of the site or its login page",
    )


def _why_not_json(text: str, error: json.JSONDecodeError, media_type: str) -> str:
    if text.lstrip()[:1] not in ("{", "["):
        kind = f"{media_type}, " if media_type else ""
        return f"the answer is {kind}not JSON: '{_one_line(text)}'"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"the answer breaks off after {len(text)} characters: its JSON is cut"
    return f"the answer is broken JSON: {error.msg} at character {error.pos}"


def _title(text: str) -> str:
    match = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    if match is None:
        return ""
    return f" titled '{_one_line(html.unescape(match.group(1)))}'"


def _one_line(text: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(printable.split())
    if len(line) > LONGEST_WORDS:
        return line[:LONGEST_WORDS] + "…"
    return line
