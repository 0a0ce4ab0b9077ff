# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The format of a journal: the lines that are written, and the one reader of them.

JSON Lines, in ASCII. The first line holds the plan with the changes that the run makes. These may
be fewer than in the plan file: a run leaves out what is held, what another shard makes, and
accounts that have changed. Each change has up to three more lines::

    {"event": "plan", "plan": {the plan}}
    {"event": "intent", "at", "plan": digest, "index", "key", "action", "guid", "dn"}
    {"event": "part", the same, "message"}
    {"event": "result", the same, "status", "code", "message"}

With a key, each line has its seal as its last field (seals.py).

index: the number of the change in the plan of the first line, from 0. The intent is on disk before
the change is sent. A part says that the change was made but for values that are written later, such
as a manager whose account does not exist yet. status: applied, refused or skipped. code and message
stand there when there are any.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from ..errors import HrisError, quoted
from ..json_pieces import compact
from ..seals import LineSeals
from .plan import APPLIED, REFUSED, SKIPPED, UNKNOWN, Outcome, Plan
from .plan_json import Json, plan_from_json, plan_in_parts

WHAT = "the journal"
NO_JOURNAL = "the file is not a journal: its first line has no plan"
NAME_IT = "Name the file that the option journal has written"
PLAN, INTENT, PART, RESULT = "plan", "intent", "part", "result"  # the events
RESULTS = (APPLIED, REFUSED, SKIPPED)
NO_ANSWER = "it may have been sent, and no answer was noted: look at the account, or run again"
LOST = "connectionLost"  # the code of a change whose answer did not come


class Application(NamedTuple):
    """What a journal tells: the plan, and what became of each change that was announced."""

    plan: Plan
    states: dict[int, ChangeState]  # {index of a change: its state}


class ChangeState(NamedTuple):
    """What became of one change."""

    status: str  # APPLIED, REFUSED, SKIPPED or UNKNOWN
    message: str


def line_of_plan(plan: Plan) -> Iterator[str]:
    """Yield the first line in pieces, without the bracket at its end."""
    yield f'{{"event": "{PLAN}", "plan": '
    yield from compact(plan_in_parts(plan).items(), json.dumps)


def line_of_intent(plan: Plan, index: int, now: datetime) -> Json:
    """The line before a change is sent. now: an aware moment."""
    return _line(INTENT, plan, index, now)


def line_of_part(plan: Plan, index: int, message: str, now: datetime) -> Json:
    """The line of a change that was made but for some values. now: an aware moment."""
    return {**_line(PART, plan, index, now), "message": message}


def line_of_result(plan: Plan, index: int, outcome: Outcome, now: datetime) -> Json:
    """The line with what became of a change. now: an aware moment."""
    line = _line(RESULT, plan, index, now)
    line["status"] = outcome.status
    if outcome.code:
        line["code"] = outcome.code
    if outcome.message:
        line["message"] = outcome.message
    return line


def status_of(status: str, code: str) -> str:
    """The status, which is UNKNOWN for a change whose answer was lost."""
    return UNKNOWN if status == REFUSED and code == LOST else status


def text_of(line: Json) -> str:
    """A line as the file has it."""
    return json.dumps(line) + "\n"


def seals_of(key: str | None) -> LineSeals:
    """The seals of the lines of a journal."""
    return LineSeals("hris.ad journal 1", key)


def application_of(lines: Iterable[bytes], place: str, key: str | None) -> Application:
    """What the lines of a journal tell. place: the file, for messages. key: the secret that it was
    signed with.

    A change that was not announced has no state. The last result of a change counts. A last line
    without its end is ignored: a run that was killed leaves one. Raises HrisError that names the
    line, and quotes nothing of the plan.
    """
    seals, texts = seals_of(key), iter(lines)
    plan = _read_plan(next(texts, b""), place, seals)
    states: dict[int, ChangeState] = {}
    for number, text in enumerate(texts, 2):
        if text.endswith(b"\n"):
            line_place = f"{place}, line {number}"
            seals.check(text, WHAT, line_place)
            _read_line(states, text, plan, line_place)
    return Application(plan, states)


def _line(event: str, plan: Plan, index: int, now: datetime) -> Json:
    change = plan.changes[index]
    return {
        "at": now.isoformat(timespec="milliseconds"),
        "event": event,
        "plan": plan.digest,
        "index": index,
        "key": change.key,
        "action": change.action,
        "guid": change.guid,
        "dn": change.dn,
    }


def _read_plan(text: bytes, path: str, seals: LineSeals) -> Plan:
    place = f"{path}, line 1"
    if text and not text.endswith(b"\n"):
        raise HrisError(
            "the journal ends in its first line",
            place,
            "The run was killed before it wrote to the directory. Run it again",
        )
    line = _object(text, place)
    if line.get("event") == PLAN:
        seals.check(text, WHAT, place)
        return plan_from_json(line.get("plan"), NO_JOURNAL, place, NAME_IT)
    raise HrisError(NO_JOURNAL, place, NAME_IT)


def _read_line(states: dict[int, ChangeState], text: bytes, plan: Plan, place: str) -> None:
    line = _object(text, place)
    index, event = line.get("index"), line.get("event")
    if line.get("plan") != plan.digest:
        raise HrisError(
            "the line belongs to another plan than the journal",
            place,
            "Name a file that one run has written",
        )
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(plan.changes):
        message = f"the plan of the journal has no change number {quoted(index)}"
        raise HrisError(message, place, "The journal is damaged")
    if event == INTENT:
        states.setdefault(index, ChangeState(UNKNOWN, NO_ANSWER))
    elif event == PART:
        states[index] = ChangeState(APPLIED, str(line.get("message") or ""))
    elif event == RESULT:
        states[index] = _result(line, place)
    else:
        message = f"a journal has no event {quoted(event)}"
        raise HrisError(message, place, f"Known are: {INTENT}, {PART}, {RESULT}")


def _result(line: Json, place: str) -> ChangeState:
    status = line.get("status")
    if status not in RESULTS:
        message = f"a change has no result {quoted(status)}"
        raise HrisError(message, place, "Known are: " + ", ".join(RESULTS))
    known = status_of(status, str(line.get("code") or ""))
    return ChangeState(known, str(line.get("message") or ""))


def _object(text: bytes, place: str) -> Json:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HrisError(f"this is not JSON ({type(error).__name__})", place) from None
    if not isinstance(line, dict):
        raise HrisError("this is not a JSON object", place)
    return line
