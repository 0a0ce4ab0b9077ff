# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dead letters: calls that were not delivered, kept as JSON Lines of mode 0600, without secrets.

A letter holds the object that the call was about, and not the request, which is rendered again
with the credentials of the day.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import asdict, fields

from ..data_class import frozen
from ..errors import HrisError
from ..json_files import last_line, read_lines
from ..model.records import Record
from ..model.shapes import shaped
from ..private_file import append_private, write_private
from ..seals import LineSeals, seal_at_end


@frozen
class DeadLetter:
    """One call that was not delivered; a line of the file has the same names."""

    webhook: str  # the webhook's name
    object: Record  # the flat object
    today: str  # what `today` was in the first attempt, YYYY-MM-DD
    now: str  # what `now` was in the first attempt, UTC, ISO 8601
    idempotency_key: str | None
    reason: str | None  # why the last attempt failed
    status: int | None  # the HTTP status of the last response
    possibly_delivered: (
        bool  # whether the receiver may have it, and a second call would count twice
    )
    attempts: int
    at: str  # when it was kept, UTC, ISO 8601


_NO_CALL = "the line is not an undelivered call"
_GIVE = "Give a file that undelivered_dest has written"
_FIELDS = {field.name for field in fields(DeadLetter)}


def check_writable(path: str) -> None:
    """Raise HrisError when nothing can be added to the file, before a call is made."""
    append_private(path, ())


def append(path: str, letters: list[DeadLetter], key: str | None) -> None:
    """Add letters to the file. key: with it, they are signed. Raises HrisError."""
    if letters:
        append_private(path, _lines(letters, _seals(key, seal_at_end(last_line(path)))))


def read(path: str, key: str | None) -> list[DeadLetter]:
    """The letters of a file. key: the secret that it was signed with. Raises HrisError for a file
    that has something else.
    """
    check = _seals(key).checker("the file of undelivered calls", path)
    lines = read_lines(path, trusted=True, check=check)
    return [letter_of(line, f"{path}, line {n}") for n, line in enumerate(lines, start=1)]


def read_failures(path: str, key: str | None) -> list[Record]:
    """The lines of a file of calls, or of write-backs, that failed. Raises HrisError."""
    check = _seals(key).checker("the file of failures", path)
    return read_lines(path, trusted=True, check=check)


def write_failures(path: str, lines: Iterable[Record], key: str | None) -> None:
    """Write such a file, with these lines only. key: as of append. Raises HrisError."""
    seals = _seals(key)
    texts = (json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    write_private(path, map(seals.sealed, texts))


def unsure(webhook: str, item: Record, day: str, at: str) -> DeadLetter:
    """The letter of a call in the middle of which a run was killed. day: of that run. at: now."""
    return DeadLetter(
        webhook=webhook,
        object=item,
        today=day,
        now=f"{day}T00:00:00Z",
        idempotency_key=None,
        reason="a run was killed while it made this call",
        status=None,
        possibly_delivered=True,
        attempts=1,
        at=at,
    )


def letter_of(line: Record, place: str) -> DeadLetter:
    """The letter of a line. Raises HrisError naming the place."""
    bare = {name: value for name, value in line.items() if name in _FIELDS}
    if not isinstance(line.get("object"), dict):
        raise HrisError(
            _NO_CALL,
            place,
            _GIVE,
        )
    return shaped(DeadLetter, bare, _NO_CALL, place, _GIVE)


def as_possibly_delivered(letters: Iterable[DeadLetter]) -> list[DeadLetter]:
    """The same letters, of which the receiver may have each."""
    return [dataclasses.replace(letter, possibly_delivered=True) for letter in letters]


def replace(path: str, letters: list[DeadLetter], key: str | None) -> None:
    """Write the file anew, with these letters only. key: as of append. Raises HrisError."""
    write_private(path, _lines(letters, _seals(key)))


def _lines(letters: Iterable[DeadLetter], seals: LineSeals) -> list[str]:
    texts = (json.dumps(asdict(letter), separators=(",", ":")) + "\n" for letter in letters)
    return [seals.sealed(text) for text in texts]


def _seals(key: str | None, last: str = "") -> LineSeals:
    return LineSeals("hris.ad undelivered 1", key, last)
