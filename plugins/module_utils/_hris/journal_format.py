# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The format of a journal: the lines that are written, and the one reader of them.

JSON Lines, in ASCII. The first line holds the plan with the changes that the run makes. These may
be fewer than in the plan file: a run leaves out what is held, what another shard makes, and
accounts that have changed. Each change has up to two more lines::

    {"event": "plan", "plan": {the plan}}
    {"event": "intent", "at", "plan": digest, "index", "key", "action", "guid", "dn"}
    {"event": "result", the same, "status", "code", "message"}

index: the number of the change in the plan of the first line, from 0. The intent is on disk before
the change is sent. status: applied, refused or skipped. code and message stand there when there
are any.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone

from .errors import HrisError, quoted

PLAN, INTENT, RESULT = "plan", "intent", "result"  # the events
APPLIED, REFUSED, SKIPPED = "applied", "refused", "skipped"
RESULTS = (APPLIED, REFUSED, SKIPPED)
# It may have been sent, and no answer is noted: the run was killed, or it lost its server.
UNKNOWN = "unknown"
NO_ANSWER = "it may have been sent, and no answer was noted: look at the account, or run again"
LOST = "connectionLost"  # the code of a change whose answer did not come
# What reports and the undoing of a run need of the plan
_NEEDED = {"format", "source", "as_of", "domain", "digest", "digests", "rules", "redact", "changes"}


def line_of_plan(plan: dict) -> dict:
    """The first line."""
    return {"event": PLAN, "plan": plan}


def line_of_intent(plan: dict, index: int) -> dict:
    """The line before a change is sent."""
    return _line(INTENT, plan, index)


def line_of_result(plan: dict, index: int, outcome: dict) -> dict:
    """The line with what became of a change. outcome: of directory.writing.apply."""
    known = {name: outcome[name] for name in ("status", "code", "message") if outcome[name]}
    return _line(RESULT, plan, index) | known


def state_of(outcome: dict) -> str:
    """APPLIED, REFUSED, SKIPPED, or UNKNOWN for a change whose answer was lost.

    outcome: of directory.writing.apply, or the line of a result.
    """
    lost = outcome["status"] == REFUSED and outcome.get("code") == LOST
    return UNKNOWN if lost else outcome["status"]


def text_of(line: dict) -> str:
    """A line as it stands in the file."""
    return json.dumps(line) + "\n"


def read_journal(path: str) -> tuple[dict, dict[int, tuple[str, str]]]:
    """(the plan of the first line, {index of a change: (state, message)}) of a journal.

    state: APPLIED, REFUSED, SKIPPED or UNKNOWN; a change that was not announced has none. The last
    result of a change counts. A last line without its end is ignored: a run that was killed leaves
    one. Raises HrisError that names the line, and quotes nothing of the plan.
    """
    try:
        with open(path, encoding="utf-8", newline="\n", errors="replace") as file:
            plan = _plan(file.readline(), path)
            states: dict[int, tuple[str, str]] = {}
            for number, text in enumerate(file, 2):
                if text.endswith("\n"):
                    _take(states, text, plan, f"{path}, line {number}")
    except OSError as error:
        raise HrisError(f"the journal cannot be read: {error.strerror}", path) from None
    return plan, states


def _line(event: str, plan: dict, index: int) -> dict:
    change = plan["changes"][index]
    about = {name: change[name] for name in ("key", "action", "guid", "dn")}
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    return {"at": now, "event": event, "plan": plan["digest"], "index": index, **about}


def _plan(text: str, path: str) -> dict:
    place = f"{path}, line 1"
    if text and not text.endswith("\n"):
        raise HrisError(
            "the journal ends in its first line",
            place,
            "The run was killed before it wrote to the directory. Run it again",
        )
    line = _object(text, place)
    plan = line.get("plan")
    if line.get("event") != PLAN or not _whole(plan):
        raise HrisError(
            "the file is no journal: its first line holds no plan",
            place,
            "Name the file that the option journal has written",
        )
    return plan


def _whole(plan) -> bool:
    if not isinstance(plan, dict) or not set(plan) >= _NEEDED:
        return False
    changes = plan["changes"]
    return isinstance(changes, list) and all(isinstance(change, dict) for change in changes)


def _take(states: dict, text: str, plan: dict, place: str) -> None:
    line = _object(text, place)
    index, event = line.get("index"), line.get("event")
    if line.get("plan") != plan["digest"]:
        raise HrisError(
            "the line is of another plan than the journal",
            place,
            "Name a file that one run has written",
        )
    if type(index) is not int or not 0 <= index < len(plan["changes"]):
        raise HrisError(
            f"the journal's plan has no change number {quoted(index)}",
            place,
            "The journal is damaged",
        )
    if event == INTENT:
        states.setdefault(index, (UNKNOWN, NO_ANSWER))
    elif event == RESULT:
        states[index] = _result(line, place)
    else:
        raise HrisError(
            f"{quoted(event)} is no event of a journal", place, f"Known are: {INTENT}, {RESULT}"
        )


def _result(line: dict, place: str) -> tuple[str, str]:
    status = line.get("status")
    if status not in RESULTS:
        raise HrisError(f"{quoted(status)} is no result", place, "Known are: " + ", ".join(RESULTS))
    return state_of(line), str(line.get("message") or "")


def _object(text: str, place: str) -> dict:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise HrisError(f"this is no JSON: {error}", place) from None
    if not isinstance(line, dict):
        raise HrisError("this is no JSON object", place)
    return line
