# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger of an orchestration: which events there were and which steps are done. JSON Lines that only ever grow, mode 0600.

{"what": "run", "file": digest, "day"}          an outcome whose events are here
{"what": "event", "id", "event", "day"}         the last one of its kind of an account counts
{"what": "step", "step", "day"}                 the day that the step was first met
{"what": "done", "id", "step", "occurrence", "day"}

A line is on disk before the next thing happens. What a kill left half-written is the last line, and is nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date, datetime, timezone

from ..errors import HrisError
from ..private_file import append_private, write_private


def read(path: str) -> dict:
    """What the ledger says, all empty without a file. Raises HrisError for a file that is no ledger.

    {"runs": {digest}, "events": {id: {event: (date, its number among those of that day)}}, "steps": {name: date},
     "done": {(id, step, occurrence)}}
    """
    found: dict = {"runs": set(), "events": {}, "steps": {}, "done": set()}
    lines = _lines(path)
    for number, line in enumerate(lines, start=1):
        try:
            _take(found, json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            hint = "Is that the right file? If it is beyond repair, move it away: what is due by then is not made up for"
            raise HrisError(
                "the line is none of a ledger", f"{path} line {number}", hint
            ) from error
    return found


def _take(found: dict, line: dict) -> None:
    kind, day = line["what"], date.fromisoformat(line["day"])
    if kind == "run":
        found["runs"].add(line["file"])
    elif kind == "event":
        known = found["events"].setdefault(line["id"], {})
        before, number = known.get(line["event"], (None, 0))
        known[line["event"]] = (day, number + 1 if before == day else 1)
    elif kind == "step":
        found["steps"].setdefault(line["step"], day)
    elif kind == "done":
        found["done"].add((line["id"], line["step"], line["occurrence"]))
    else:
        raise ValueError(kind)


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise HrisError(
            f"the ledger cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}",
            path,
        ) from error
    return text.split("\n")[:-1]  # what stands behind the last line feed was never finished


def add(path: str, lines: list[dict]) -> None:
    """Add lines, and come back when they are on disk. Raises HrisError."""
    if not lines:
        return
    if os.path.exists(path) and not _ends_whole(path):
        write_private(path, [line + "\n" for line in _lines(path)])
    append_private(path, (json.dumps(line, separators=(",", ":")) + "\n" for line in lines))


def _ends_whole(path: str) -> bool:
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        if not file.tell():
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def take_run(found: dict, src: str, lines: list[dict], identify, today: date) -> list[dict]:
    """Put the events of an outcome into the ledger in memory. Returns the lines to add; none for an outcome that is known already.

    identify: callable(line) -> id.
    """
    digest = digest_of(src)
    if digest in found["runs"]:
        return []
    new = [
        {"what": "event", "id": identify(line), "event": event, "day": today.isoformat()}
        for line in lines
        for event in line.get("events") or ()
    ]
    new.append({"what": "run", "file": digest, "day": today.isoformat()})
    for line in new:
        _take(found, line)
    return new


def digest_of(path: str) -> str:
    """What tells one outcome from another: its content, and when it was written."""
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            return hashlib.sha256(file.read() + str(status.st_mtime_ns).encode()).hexdigest()
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error


def written_on(path: str) -> date:
    """The day (UTC) that a file was written."""
    return datetime.fromtimestamp(os.stat(path).st_mtime, timezone.utc).date()
