# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long leavers kept access: from the moment when it should have ended to the lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ..model.actions import BAD, DISABLE, GOOD, WARN
from ..model.audit import CHANGE
from ..model.plan import APPLIED
from ..model.plan_json import Json
from ..wording import counted
from .verdicts import Verdict


class LeaverAccess(NamedTuple):
    """The access of one leaver."""

    source: str
    key: str
    dn: str
    ends: datetime  # when it should have ended
    locked: datetime | None  # None: no lock was made
    result: str  # of the last attempt
    plan: str  # digest

    @property
    def minutes(self) -> int | None:
        """From the end to the lock, rounded up; 0 for a lock before the end. None: not locked."""
        if self.locked is None:
            return None
        return max(0, -(-int((self.locked - self.ends).total_seconds()) // 60))


def access_of_leavers(lines: Iterable[Json]) -> list[LeaverAccess]:
    """The leavers whose accounts runs disabled, or tried to, the longest access first.

    lines: of the audit log, in its order. The first lock after an end counts; of attempts that
    failed, the last.
    """
    found: dict[tuple[str, str], LeaverAccess] = {}
    for line in lines:
        one = _leaver(line)
        if one is None:
            continue
        name = (line.get("guid") or one.dn, line["access_ends"])
        earlier = found.get(name)
        if earlier is None or earlier.locked is None:
            found[name] = one
    return sorted(found.values(), key=_order)


def _order(one: LeaverAccess) -> tuple[bool, int, str]:
    minutes = one.minutes
    return minutes is not None, -(minutes or 0), one.key


def _leaver(line: Json) -> LeaverAccess | None:
    """What a line says about a leaver; None for a line about something else."""
    if line.get("event") != CHANGE or line.get("action") != DISABLE or not line.get("access_ends"):
        return None
    is_locked = line.get("result") == APPLIED
    return LeaverAccess(
        source=line.get("source") or "",
        key=line.get("key") or "",
        dn=line.get("dn") or "",
        ends=datetime.fromisoformat(line["access_ends"]),
        locked=datetime.fromisoformat(line["at"]) if is_locked else None,
        result=line.get("result") or "",
        plan=line.get("plan") or "",
    )


def verdict_on_access(found: list[LeaverAccess], problems: int) -> Verdict:
    """What the report says first. problems: lines of the log that cannot be believed."""
    if problems:
        lines = counted(problems, "line", "lines")
        return Verdict(
            BAD,
            f"The audit log was changed: {lines} cannot be believed",
        )
    if not found:
        return Verdict(GOOD, "No leaver was locked")
    waiting = sum(one.locked is None for one in found)
    longest = max(one.minutes or 0 for one in found)
    leavers = counted(len(found), "leaver", "leavers")
    minutes = counted(longest, "minute", "minutes")
    words = f"{leavers}, the longest access after its end was {minutes}"
    if waiting:
        return Verdict(BAD, f"{words}; {counted(waiting, 'was', 'were')} not locked")
    return Verdict(WARN if longest > 24 * 60 else GOOD, words)
