# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dead letters: calls that were not delivered, kept as JSON Lines of mode 0600, without secrets.

A letter holds the object that the call was about, and not the request, which is rendered again
with the credentials of the day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields

from ..data_class import frozen
from ..errors import HrisError
from ..json_files import read_lines
from ..model.records import Record
from ..private_file import append_private, write_private


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


_FIELDS = {field.name for field in fields(DeadLetter)}


def check_writable(path: str) -> None:
    """Raise HrisError when nothing can be added to the file, before a call is made."""
    append_private(path, ())


def append(path: str, letters: list[DeadLetter]) -> None:
    """Add letters to the file. Raises HrisError."""
    if letters:
        append_private(path, _lines(letters))


def read(path: str) -> list[DeadLetter]:
    """The letters of a file. Raises HrisError for a file that has something else."""
    return [
        _letter(line, f"{path}, line {n}")
        for n, line in enumerate(read_lines(path, trusted=True), start=1)
    ]


def _letter(line: Record, place: str) -> DeadLetter:
    if _FIELDS.difference(line) or not isinstance(line["object"], dict):
        raise HrisError(
            "the line is not an undelivered call",
            place,
            "Give a file that undelivered_dest has written",
        )
    return DeadLetter(**{name: line[name] for name in _FIELDS})


def replace(path: str, letters: list[DeadLetter]) -> None:
    """Write the file anew, with these letters only. Raises HrisError."""
    write_private(path, _lines(letters))


def _lines(letters: Iterable[DeadLetter]) -> list[str]:
    return [json.dumps(asdict(letter), separators=(",", ":")) + "\n" for letter in letters]
