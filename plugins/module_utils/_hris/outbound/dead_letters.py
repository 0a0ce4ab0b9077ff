# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that were not delivered, kept until they are: JSON Lines of mode 0600, without a secret.

A line holds the object that the call was about, and not the request: that is rendered again, with the credentials of that day.
{"webhook", "object", "today", "now", "idempotency_key", "reason", "status", "unsure", "attempts", "at"}
unsure: the receiver may have got it, and would take a second one for another call.
"""

from __future__ import annotations

import json

from ..errors import HrisError
from ..private_file import append_private, write_private
from ..sources.files import read_feed

_NEEDED = {"webhook", "object", "reason", "unsure", "attempts"}


def prepare(path: str) -> None:
    """See that the file can be written, before there is anything to lose. Raises HrisError."""
    append_private(path, ())


def keep(path: str, lines: list[dict]) -> None:
    """Add lines to the file. Raises HrisError."""
    if lines:
        append_private(path, (_text(line) for line in lines))


def take(path: str, webhook: str) -> tuple[list[dict], list[dict]]:
    """(the lines of this webhook, those of others) in the file. Raises HrisError for a file that is none of this kind."""
    mine, others = [], []
    for number, line in enumerate(read_feed(path), start=1):
        if not set(line) >= _NEEDED or not isinstance(line["object"], dict):
            raise HrisError(
                "the line is no call that was kept",
                f"{path} line {number}",
                "Name the file that undelivered_dest has written",
            )
        (mine if line["webhook"] == webhook else others).append(line)
    return mine, others


def replace(path: str, lines: list[dict]) -> None:
    """Let the file hold these lines and no others. Raises HrisError."""
    write_private(path, map(_text, lines))


def _text(line: dict) -> str:
    return json.dumps(line, separators=(",", ":")) + "\n"
