# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server sent: a response, its JSON, or one clear error that says why there is none."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any

from .. import bounded_json
from ..data_class import frozen
from ..errors import HrisError

# callable(status, text of the body) -> advice of a system for a known response, or None
Hint = Callable[[int, str], "str | None"]

LONGEST_WORDS = 300  # characters of a server's text in a message
_MOST_READ = 1024 * 1024  # bytes of a body that are searched for words
_MOST_SHOWN = 20 * LONGEST_WORDS  # characters that may become words: the others are not looked at
# Where errors have their text: API Platform (ELMO), OAuth 2.0, IceHrm, and what others call it
_ERROR_FIELDS = (
    "detail",
    "error_description",
    "hydra:description",
    "message",
    "title",
    "error",
    "errors",
    "reason",
    "description",
    "msg",
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


def decode(
    body: bytes,
    place: str,
    hint: Hint | None = None,
    content_type: str = "",
    most_bytes: int | None = None,
) -> Any:
    """The JSON value of a successful response's body.

    content_type: what the server calls the body. Only messages use it, because servers give JSON
        wrong names.
    most_bytes: the size that a body may have, which bounds the values in it.
    Raises HrisError for a body that is empty, cut off or something else.
    """
    text = _text(body, place)
    advice = None
    if hint is not None:
        advice = hint(200, one_line(text))
    if not text.strip():
        raise HrisError("the answer is empty", place, advice)
    media_type = _foreign_type(content_type)
    if text.lstrip().startswith("<"):
        raise _markup(text, media_type, place, advice)
    try:
        return bounded_json.decode(text, most_bytes)
    except json.JSONDecodeError as error:
        raise HrisError(_why_not_json(text, error, media_type), place, advice) from error
    except bounded_json.UnacceptableJsonError as error:
        raise HrisError(f"the answer cannot be read: {error}", place, advice) from error


def error_words(body: bytes) -> str:
    """What the server says about an error, on one line; "" for a body that is empty.

    ELMO: detail, error_description or title, and violations (API Platform). IceHrm: error
    [[{code, message}]], in its older documentation message. Anything else: its first words, or a
    web page's title.
    """
    text = body[:_MOST_READ].decode("utf-8", errors="replace")
    if text.lstrip().startswith("<"):
        return f"a web page{_title(text)}"
    return one_line(_json_words(body) or text)


def error_inside(value: object) -> str | None:
    """The text, perhaps empty, of an error that has a status of success (IceHrm), else None."""
    if not isinstance(value, dict):
        return None
    if value.get("error") or str(value.get("status", "")).upper() == "ERROR":
        return one_line(_words(value))
    return None


def error_of_list(value: object) -> str | None:
    """The same for the answer that holds a list, in the forms of more systems.

    An error may stand beside records: then some of them are missing (GraphQL's "errors").
    """
    if isinstance(value, dict) and (
        value.get("errors") or value.get("success") is False or value.get("ok") is False
    ):
        return one_line(_words(value))
    return error_inside(value)


def _json_words(body: bytes) -> str:
    if len(body) > _MOST_READ:
        return ""
    try:
        return _words(bounded_json.decode(body.decode("utf-8-sig", errors="replace")))
    except ValueError:
        return ""


def _words(value: object) -> str:
    """The texts of an error. Decoded JSON is not nested deeper than this may go."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_words, value[:LONGEST_WORDS])))
    if isinstance(value, dict):
        present = (_words(value[name]) for name in _ERROR_FIELDS if value.get(name))
        words = next(filter(None, present), "")
        return "; ".join(filter(None, [words, *_violations(value.get("violations"))]))
    if value is None or isinstance(value, bool):
        return ""
    return str(value)[:_MOST_SHOWN]


def _violations(value: object) -> list[str]:
    """API Platform's list of invalid fields."""
    if not isinstance(value, list):
        return []
    items = [item for item in value[:LONGEST_WORDS] if isinstance(item, dict)]
    return [f"{_words(item.get('propertyPath'))}: {_words(item.get('message'))}" for item in items]


def _text(body: bytes, place: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HrisError(f"the answer is not UTF-8 text (byte {error.start})", place) from error


def _foreign_type(content_type: str) -> str:
    """The media type without parameters; "" for JSON or none."""
    media_type = one_line(content_type.partition(";")[0].strip().lower())
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
        return f"the answer is {kind}not JSON: '{one_line(text)}'"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"the answer breaks off after {len(text)} characters: its JSON is cut"
    return f"the answer is broken JSON: {error.msg} at character {error.pos}"


def _title(text: str) -> str:
    """A search by hand: a regular expression takes quadratic time for tags that never end."""
    shown = text[:_MOST_READ]
    lower = shown.lower()
    if len(lower) != len(shown):  # some letters are two in lower case
        return ""
    start = lower.find(">", lower.find("<title")) + 1 if "<title" in lower else 0
    end = lower.find("</title", start)
    if not start or end < 0:
        return ""
    return f" titled '{one_line(html.unescape(shown[start:end][:LONGEST_WORDS]))}'"


def one_line(text: str) -> str:
    """A server's text for a message: printable, on one line, and short."""
    printable = "".join(char if char.isprintable() else " " for char in text.strip()[:_MOST_SHOWN])
    line = " ".join(printable.split())
    if len(line) > LONGEST_WORDS:
        return line[:LONGEST_WORDS] + "…"
    return line
