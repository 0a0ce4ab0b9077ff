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
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .errors import HrisError
from .json_pieces import compact
from .option_names import with_options

PLAIN, KEYED = "sha256", "hmac-sha256"  # kinds of seals
_SEAL_OF_LINE = re.compile(rb', "seal": "([0-9a-f]{64})"\}\s*\Z')
# Plain data has no circles, and to look for them takes a tenth of the time
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False)
_CHANGED = "changed after it was made"
_SET_KEY = "Set {plan_key}"
_SAME_KEY = "Make it with the same {plan_key}, or leave {plan_key} out"


def canonical(value: Any) -> bytes:
    """The same bytes for equal plain data."""
    return _ENCODER.encode(value).encode()


def canonical_pieces(data: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the bytes of canonical() in pieces. A field that is an iterator counts as a list."""
    return map(str.encode, compact(sorted(data.items()), _ENCODER.encode))


def seal_of(data: Mapping[str, Any], key: str | None) -> dict[str, str]:
    """The seal of a document, which is its field "seal": {"kind", "value"}. Without a key it is a
    checksum, which anybody can make. data: as of canonical_pieces.
    """
    return {"kind": KEYED if key else PLAIN, "value": _value(data, key)}


def check_seal(data: Mapping[str, Any], key: str | None, what: str, place: str, again: str) -> None:
    """Raise HrisError for a document without a seal, with the wrong one, or with one of another
    kind than the key asks for. data: as of canonical_pieces.

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
    bare = {name: _in_parts(value) for name, value in data.items() if name != "seal"}
    if not hmac.compare_digest(str(seal.get("value")).encode(), _value(bare, key).encode()):
        raise HrisError(f"{what} was {_CHANGED}", place, f"{again}: it is never edited by hand")


def _in_parts(value: Any) -> Any:
    return iter(value) if isinstance(value, list) else value


def _value(data: Mapping[str, Any], key: str | None) -> str:
    sealing: Any = hmac.new(key.encode(), digestmod=hashlib.sha256) if key else hashlib.sha256()
    for piece in canonical_pieces(data):
        sealing.update(piece)
    return sealing.hexdigest()


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
        return "".join(self.sealed_pieces([text.rstrip()[:-1]]))

    def sealed_pieces(self, body: Iterable[str]) -> Iterator[str]:
        """Yield the same of a line that comes in pieces, without the bracket at its end."""
        if not self._key:
            yield from body
            yield "}\n"
            return
        sealing = self._begun()
        for piece in body:
            sealing.update(piece.encode())
            yield piece
        self._last = sealing.hexdigest()
        yield f', "seal": "{self._last}"}}\n'

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
        sealing = self._begun()
        sealing.update(body)
        return sealing.hexdigest()

    def _begun(self) -> hmac.HMAC:
        return hmac.new(self._key or b"", self._last.encode(), hashlib.sha256)
