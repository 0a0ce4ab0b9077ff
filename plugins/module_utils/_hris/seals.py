# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seals of files that a later run believes: with a key, only its holders can make them.

A document has one seal over all of it. A file of lines has one for each line, because a run that is
killed must leave a file that can be read: each covers its line and the seal before it, so that no
line can be changed, added, moved or taken out of the middle.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

from .errors import HrisError
from .option_names import with_options

PLAIN, KEYED = "sha256", "hmac-sha256"  # kinds of seals
_SEAL_OF_LINE = re.compile(rb', "seal": "([0-9a-f]{64})"\}\s*\Z')
_CHANGED = "changed after it was made"
_SET_KEY = "Set {plan_key}"
_SAME_KEY = "Make it with the same {plan_key}, or leave {plan_key} out"


def canonical(value: Any) -> bytes:
    """The same bytes for equal plain data."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def seal_of(data: dict[str, Any], key: str | None) -> dict[str, str]:
    """The seal of a document, which is its field "seal": {"kind", "value"}. Without a key it is a
    checksum, which anybody can make.
    """
    return {"kind": KEYED if key else PLAIN, "value": _value(data, key)}


def check_seal(data: dict[str, Any], key: str | None, what: str, place: str, again: str) -> None:
    """Raise HrisError for a document without a seal, with the wrong one, or with one of another
    kind than the key asks for.

    what: the document, such as ``the plan``. place: its file. again: how to get a new one.
    """
    seal = data.get("seal")
    if not isinstance(seal, dict) or seal.get("kind") not in (PLAIN, KEYED):
        raise HrisError(f"{what} has no seal", place, again)
    is_keyed = seal["kind"] == KEYED
    if key and not is_keyed:
        raise HrisError(f"{what} is not signed", place, with_options(_SAME_KEY))
    if not key and is_keyed:
        raise HrisError(
            f"{what} is signed, and the key is not given", place, with_options(_SET_KEY)
        )
    bare = {name: value for name, value in data.items() if name != "seal"}
    if not hmac.compare_digest(str(seal.get("value")).encode(), _value(bare, key).encode()):
        raise HrisError(f"{what} was {_CHANGED}", place, f"{again}: it is never edited by hand")


def _value(data: dict[str, Any], key: str | None) -> str:
    if key:
        return hmac.new(key.encode(), canonical(data), hashlib.sha256).hexdigest()
    return hashlib.sha256(canonical(data)).hexdigest()


def seal_at_end(line: bytes) -> str:
    """The seal of a line of a file; "" for a line without one."""
    found = _SEAL_OF_LINE.search(line)
    return found[1].decode() if found else ""


class LineSeals:
    """The seals of one file of JSON Lines, in the order of its lines. Without a key, its lines have
    none; or checksums, which anybody can make, where the file is always sealed.
    """

    def __init__(self, kind: str, key: str | None, last: str = "", always: bool = False):
        """kind: of the file, so that no line is taken for one of another kind of file. last: the
        seal of the last line, to add to a file. always: whether the lines have seals without a key.
        """
        self._key = f"{kind}\n{key or ''}".encode() if key or always else None
        self._last = last

    def sealed(self, text: str) -> str:
        """A line, which is a JSON object with fields, with its seal as its last field."""
        if not self._key:
            return text
        body = text.rstrip()[:-1]
        self._last = self._next(body.encode())
        return f'{body}, "seal": "{self._last}"}}\n'

    def check(self, line: bytes, what: str, place: str) -> None:
        """Raise HrisError where the next line does not have its seal, or has one and no key is
        given. what: the file, such as ``the journal``. place: the file and line.
        """
        found = _SEAL_OF_LINE.search(line)
        if not self._key:
            if found:
                raise HrisError(
                    f"{what} is signed, and the key is not given", place, with_options(_SET_KEY)
                )
            return
        if not found:
            raise HrisError(f"{what} is not signed", place, with_options(_SAME_KEY))
        self._last = self._next(line[: found.start()])
        if not hmac.compare_digest(self._last.encode(), found[1]):
            raise HrisError(f"{what} was {_CHANGED}", place, "It is never edited by hand")

    def checker(self, what: str, path: str) -> Callable[[list[bytes], int], None]:
        """check() for lines of a file: callable(lines, number of the first). Empty lines are passed
        over.
        """

        def check(lines: list[bytes], first: int) -> None:
            for number, line in enumerate(lines, first):
                if line.strip():
                    self.check(line, what, f"{path}, line {number}")

        return check

    def _next(self, body: bytes) -> str:
        return hmac.new(self._key or b"", self._last.encode() + body, hashlib.sha256).hexdigest()
