# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger of an orchestration: the events of its runs, and the steps that are done.

It is a file of JSON Lines with mode 0600 that only grows. Each line is an entry:

{"kind": "run", "file": digest, "day"}              an outcome file whose events are here
{"kind": "event", "account", "event", "day"}        the last one of its kind counts
{"kind": "step", "step", "day"}                     the day on which the step was first seen
{"kind": "begun", "account", "step", "occurrence", "day"}   its call is made now
{"kind": "failed", "account", "step", "occurrence", "day"}  it was not delivered
{"kind": "done", "account", "step", "occurrence", "day"}

A step that was begun, and neither failed nor is done, is unsure: its run was killed.

Entries are on disk before the next thing happens. When a run is killed while it writes, the last
line is incomplete and counts as not written. With a key, each line has its seal (seals.py).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timezone
from typing import NamedTuple

from ..data_class import field, mutable
from ..errors import HrisError
from ..json_files import last_line, read_lines
from ..model.outcomes import AccountOutcome
from ..private_file import append_private, write_private
from ..seals import LineSeals, seal_at_end
from ..user_files import open_trusted

BEGUN, FAILED, DONE = "begun", "failed", "done"  # kinds of entries about one step of an account
Entry = dict[str, str]  # a line of the file, as described above; days are YYYY-MM-DD


class EventDay(NamedTuple):
    """When an event last happened to an account."""

    day: date
    number: int  # 1 for the first event of its kind on that day, 2 for the second, …


class DoneStep(NamedTuple):
    """A step that was done for an account."""

    account: str  # account_id()
    step: str
    occurrence: str  # what the step was due by, see steps.py


@mutable
class Ledger:
    """What the entries say together."""

    runs: set[str] = field(default_factory=set)  # digests of outcome files
    events: dict[str, dict[str, EventDay]] = field(default_factory=dict)  # by account and event
    steps: dict[str, date] = field(default_factory=dict)  # the day each step was first seen
    done: set[DoneStep] = field(default_factory=set)
    unsure: dict[DoneStep, date] = field(default_factory=dict)  # the day on which it was begun


def account_id(outcome: AccountOutcome) -> str:
    """What identifies an account in the ledger: its GUID, or before it has one source and key."""
    return outcome.guid or person_id(outcome)


def person_id(outcome: AccountOutcome) -> str:
    """What identifies somebody who has no account yet."""
    return f"{outcome.source}:{outcome.key}"


def read(path: str, key: str | None) -> Ledger:
    """The ledger of a file, empty without a file. key: the secret that it was signed with. Raises
    HrisError for another kind of file.
    """
    ledger = Ledger()
    for number, entry in enumerate(_entries(path, key), start=1):
        try:
            _apply(ledger, entry)
        except (ValueError, KeyError, TypeError) as error:
            raise HrisError(
                "the line is not an entry of a ledger",
                f"{path}, line {number}",
                "Check the path. To start a new ledger, move the file away: steps that became due "
                "before are then not done",
            ) from error
    return ledger


def _entries(path: str, key: str | None) -> list[Entry]:
    if not os.path.exists(path):
        return []
    check = _seals(key).checker("the ledger", path)
    return read_lines(path, torn=True, trusted=True, check=check)


def _seals(key: str | None, last: str = "") -> LineSeals:
    return LineSeals("hris.ad ledger 1", key, last)


def _apply(ledger: Ledger, entry: Entry) -> None:
    """Add an entry. Raises ValueError, KeyError or TypeError for what is not one."""
    day = date.fromisoformat(entry["day"])
    match entry["kind"]:
        case "run":
            ledger.runs.add(entry["file"])
        case "event":
            _apply_event(ledger, entry["account"], entry["event"], day)
        case "step":
            ledger.steps.setdefault(entry["step"], day)
        case "begun" | "failed" | "done":
            one = DoneStep(entry["account"], entry["step"], entry["occurrence"])
            ledger.unsure.pop(one, None)
            if entry["kind"] == DONE:
                ledger.done.add(one)
            if entry["kind"] == BEGUN:
                ledger.unsure[one] = day
        case unknown:
            raise ValueError(unknown)


def _apply_event(ledger: Ledger, account: str, event: str, day: date) -> None:
    known = ledger.events.setdefault(account, {})
    last = known.get(event)
    number = 1
    if last and last.day == day:
        number = last.number + 1
    known[event] = EventDay(day, number)


def add(path: str, entries: Sequence[Entry], key: str | None) -> None:
    """Add entries to the file, and return when they are on disk. key: with it, they are signed.
    Raises HrisError.
    """
    if not entries:
        return
    last = last_line(path)
    if not last.endswith(b"\n"):
        write_private(path, _texts(_entries(path, key), _seals(key)))
        last = last_line(path)
    append_private(path, _texts(entries, _seals(key, seal_at_end(last))))


def _texts(entries: Iterable[Entry], seals: LineSeals) -> Iterator[str]:
    for entry in entries:
        bare = {name: value for name, value in entry.items() if name != "seal"}
        yield seals.sealed(json.dumps(bare, separators=(",", ":")) + "\n")


def add_run(
    ledger: Ledger, src: str, outcomes: Iterable[AccountOutcome], today: date
) -> list[Entry]:
    """Add the events of an outcome file to the ledger in memory.

    Returns the entries for the ledger's file; none when the outcome is known already.
    """
    digest = digest_of(src)
    if digest in ledger.runs:
        return []
    day = today.isoformat()
    entries: list[Entry] = [
        {"kind": "event", "account": account_id(outcome), "event": event, "day": day}
        for outcome in outcomes
        for event in outcome.events
    ]
    entries.append({"kind": "run", "file": digest, "day": day})
    for entry in entries:
        _apply(ledger, entry)
    return entries


def is_event(entry: Entry) -> bool:
    """Whether the entry is about an event."""
    return entry["kind"] == "event"


def step_entry(step: str, today: date) -> Entry:
    """The entry that the ledger knows a step from today on."""
    return {"kind": "step", "step": step, "day": today.isoformat()}


def done_entry(done: DoneStep, today: date) -> Entry:
    """The entry that a step was done today."""
    return step_done_entry(DONE, done, today)


def step_done_entry(kind: str, one: DoneStep, today: date) -> Entry:
    """The entry about a step of an account: BEGUN, FAILED or DONE."""
    return {"kind": kind, **one._asdict(), "day": today.isoformat()}


def digest_of(path: str) -> str:
    """What distinguishes outcome files: their content, and when they were written."""
    try:
        with open_trusted(path) as file:
            written = str(os.fstat(file.fileno()).st_mtime_ns)
            return hashlib.sha256(file.read() + written.encode()).hexdigest()
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error


def written_on(path: str) -> date:
    """The day (UTC) on which a file was written."""
    return datetime.fromtimestamp(os.stat(path).st_mtime, timezone.utc).date()
