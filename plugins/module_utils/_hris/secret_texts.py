# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that servers sent, without secrets: those that were sent to them, and those that they gave.

What was sent is known by its value and searched for in each form in which a server may repeat it.
What was received is known by its name, such as access_token, or by the look of a JWT.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "********"
CUT = "…"  # what a text that was cut ends with
# Characters. What is shorter is searched for as it is only, and is no part of a secret to be known.
_SHORTEST = 4
_DEEPEST = 50  # levels of JSON that a result shows
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=%\\"
# Characters of Base64 that depend on what stands before a secret, by the bytes of that modulo 3
_UNDETERMINED = (0, 2, 3)

_NAME = (
    r"[\w.\-]{0,40}(?:token|secret(?!ar)|passw(?:or)?d|passphrase|pwd|(?:api|access|private)[_\-]?key"
    r"|authorization|cookie|signature|credential|assertion|jwt)[\w.\-]{0,40}"
)
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
# What is about a secret and is none, as token_type
_ABOUT = re.compile(
    r"(?:type|ur[il]|endpoint|encoding|lifetime|policy|expir\w*|_in|_at)$", re.IGNORECASE
)
_PAIRS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "name": "value" of JSON, and of what looks like it; cut texts have no quote at the end
        rf"""["'](?P<name>{_NAME})["']\s*(?::|=>|=|,)\s*["'](?P<value>(?:\\.|[^"'\\])+)""",
        # The same inside of a text of JSON
        rf"""\\["'](?P<name>{_NAME})\\+["']\s*:\s*\\+["'](?P<value>[^"'\\]+)""",
        rf"""["'](?P<name>{_NAME})["']\s*:\s*(?P<value>\d[\w.\-]*)""",
        rf"""(?<![\w.\-])(?P<name>{_NAME})=["']?(?P<value>[^&\s"'<>;,)]+)""",
        rf"""<(?:\w+:)?(?P<name>{_NAME})(?:\s[^<>]*)?>(?P<value>[^<]+)""",
    )
]
# Words between which prose may stand, so that only what looks like a secret is one
_LOOSE = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"""(?<![\w.\-])(?P<name>{_NAME})\s*:\s*(?:\w+\s+)?(?P<value>[\w.~+/=\-]+)""",
        r"""\b(?P<name>bearer|basic|digest|negotiate)\s+(?P<value>[\w.~+/=\-]+)""",
        r"""\b(?P<name>)(?P<value>eyJ[\w\-]{8,}\.[\w\-]{8,}(?:\.[\w\-]*)?)""",
    )
]


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, in any form, and without what looks like one received."""
    known = tuple(dict.fromkeys(filter(None, secrets)))
    if known:
        text = _without_known(text, known)
    for pattern in _PAIRS:
        text = pattern.sub(_hide_pair, text)
    for pattern in _LOOSE:
        text = pattern.sub(_hide_loose, text)
    return text


def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    return _SECRET_NAME.search(name) is not None and _ABOUT.search(name) is None


def received(value: Any) -> Iterator[str]:
    """Yield the secrets that an answer, JSON, gives by their names."""
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and is_secret_name(str(name)):
                yield item


def structure_without_secrets(value: Any, scrub: Callable[[str], str], depth: int = 0) -> Any:
    """JSON without secrets: each text scrubbed, and each field hidden that is named like a secret.

    Raises ValueError for JSON that is nested too deeply to be shown.
    """
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {scrub(str(name)): _field(name, item, scrub, depth) for name, item in value.items()}
    if isinstance(value, list):
        return [structure_without_secrets(item, scrub, depth + 1) for item in value]
    return scrub(value) if isinstance(value, str) else value


def _field(name: str, value: Any, scrub: Callable[[str], str], depth: int) -> Any:
    is_value = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    if is_value and value != "" and is_secret_name(str(name)):
        return HIDDEN
    return structure_without_secrets(value, scrub, depth + 1)


def _hide_pair(match: re.Match[str]) -> str:
    if _ABOUT.search(match["name"]) or match["value"].startswith(HIDDEN):
        return match[0]
    return _hide(match)


def _hide_loose(match: re.Match[str]) -> str:
    value = match["value"]
    is_word = len(value) < 16 and (len(value) < 8 or not any(char.isdigit() for char in value))
    if is_word or (match["name"] and _ABOUT.search(match["name"])):
        return match[0]
    return _hide(match)


def _hide(match: re.Match[str]) -> str:
    start, end = (position - match.start() for position in match.span("value"))
    return match[0][:start] + HIDDEN + match[0][end:]


def _without_known(text: str, secrets: tuple[str, ...]) -> str:
    forms, encoded = _forms(secrets)
    for form in forms:
        text = text.replace(form, HIDDEN)
    for form in encoded:
        while (start := text.find(form)) >= 0:
            end = start + len(form)
            while start and text[start - 1] in _BASE64:
                start -= 1
            while end < len(text) and text[end] in _BASE64:
                end += 1
            text = text[:start] + HIDDEN + text[end:]
    return _without_beginnings(text, (*forms, *encoded)) if CUT in text else text


def _without_beginnings(text: str, forms: Iterable[str]) -> str:
    """The text without beginnings of secrets at the places where a server's text was cut."""
    parts = text.split(CUT)
    for number, part in enumerate(parts[:-1]):
        found = max((_beginning(part, form) for form in forms), default=0)
        if found:
            parts[number] = part[:-found] + HIDDEN
    return CUT.join(parts)


def _beginning(text: str, form: str) -> int:
    """How many characters at the end of the text are the beginning of the form; 0 for few."""
    for size in range(min(len(form), len(text)), _SHORTEST - 1, -1):
        if text.endswith(form[:size]):
            return size
    return 0


@lru_cache(maxsize=32)
def _forms(secrets: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(the forms of the secrets, parts of their Base64), the longest first."""
    forms: set[str] = set()
    encoded: set[str] = set()
    for secret in secrets:
        forms.add(secret)
        if len(secret) >= _SHORTEST:
            forms.update(_written(secret))
            encoded.update(_encoded(secret))
    return _longest_first(forms), _longest_first(encoded)


def _longest_first(texts: set[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda text: (-len(text), text)))  # one may contain another


def _written(secret: str) -> Iterator[str]:
    """Yield the secret as addresses, forms, JSON, markup and messages on one line write it."""
    for text in (secret, " ".join(secret.split())):
        yield text
        for escaped in (quote_plus(text), quote(text), quote(text, safe="")):
            yield escaped
            yield re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), escaped)
            yield quote(escaped, safe="")
        for ascii_only in (True, False):
            inner = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
            yield from (inner, inner.replace("/", "\\/"), json.dumps(inner)[1:-1])
        for markup in (html.escape(text), html.escape(text, quote=False)):
            yield from (markup, markup.replace("&#x27;", "&#39;"))
        yield from (text.encode().hex(), text.encode().hex().upper())


def _encoded(secret: str) -> Iterator[str]:
    """Yield what Base64 makes of the secret wherever it stands in a longer text, as in Basic."""
    for before, undetermined in enumerate(_UNDETERMINED):
        content = bytes(before) + secret.encode("utf-8", "replace")
        whole = len(content) * 8 // 6  # characters that do not depend on what follows
        part = base64.b64encode(content).decode("ascii")[undetermined:whole]
        if len(part) >= _SHORTEST:
            yield from (part, part.replace("+", "-").replace("/", "_"))
            yield from (quote(part, safe=""), part.replace("/", "\\/"))
