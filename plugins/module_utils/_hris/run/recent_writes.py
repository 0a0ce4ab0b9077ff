# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of recent writes: what runs have written lately, and to which domain controller.

Several runs may use it at once. Each holds a lock only while it reads the file and writes it anew:
before its first write, when it counts what it is about to do, and at its end, when it takes away
what was not done. So a run that is killed has counted too much rather than too little, and the next
run, which does the same for the same people, counts them no second time.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any, NamedTuple

from ..ad_values.dn import normal
from ..directory.options import DirectoryOptions, ServerAddress
from ..errors import HrisError
from ..model.journal import LOST
from ..model.plan import APPLIED, UNKNOWN, Change, LimitVerdict, Outcome, Plan
from ..model.recent import FORMAT, Recent, RecentLockOut, RecentRun
from ..option_names import option_name
from ..planning.plan_file import Refusal, refusal
from ..planning.replication import Waits, objects_that_wait
from ..planning.rolling_limits import marks_of, with_recent
from ..private_file import write_private
from ..seals import seal_of
from .file_lock import alone
from .recent_file import RecentOptions


class _Elsewhere(NamedTuple):
    """Writes to another server."""

    url: str
    at: str  # ISO 8601
    until: str  # ISO 8601, when this server has them


class RecentWrites:
    """The file as one run uses it; without a path there is none, and nothing is counted."""

    def __init__(self, options: RecentOptions):
        """Raises HrisError for a file that is damaged."""
        self._options = options
        self._id = secrets.token_hex(8)
        self._domain = ""
        self._before: str | None = None  # when this server was written last before this run
        self._is_counted = False
        options.read()

    @property
    def path(self) -> str | None:
        """The file, for the check of files; None where there is none."""
        return self._options.path

    def preferred(self, directory: Mapping[str, Any]) -> Mapping[str, Any]:
        """The options of the directory with the server first that was written last."""
        recent = self._options.read()
        last = recent.last_server() if recent else None
        options = DirectoryOptions.from_params(directory)
        servers = sorted(
            directory["servers"], key=lambda name: ServerAddress.parse(name, options).url != last
        )
        return {**directory, "servers": servers}

    def use_for(self, domain: str) -> None:
        """Use the file for the domain with this DN. Raises HrisError where it is of another one."""
        self._domain = normal(domain)
        if self._options.path:
            recent = self._options.read()
            if recent and normal(recent.domain) != self._domain:
                message = f"the file is of the domain {recent.domain}, and this one is {domain}"
                raise HrisError(message, self._options.path, "Give each domain a file of its own")

    def judge(self, plan: Plan) -> None:
        """Judge the limits of a plan with what other runs have written."""
        recent = self._options.read()
        if recent:
            self._judge(plan, recent)

    def waits_for(self, server: str) -> Waits | None:
        """What may not be written on a server now, and why; None where all may be."""
        recent = self._options.read()
        return self._waits(recent, server) if recent else None

    def _waits(self, recent: Recent, server: str) -> Waits | None:
        found = self._written_elsewhere(recent, server)
        if not found:
            return None
        option = option_name("replication_minutes")
        since = _now() - self._options.replication
        elsewhere = {
            one.account
            for one in recent.lock_outs
            if one.server != server and datetime.fromisoformat(one.at) > since
        }
        why = (
            f"the last writes went to {found.url} at {found.at}, and this run works with {server}, "
            f"which may not have them yet. A run that begins after {found.until} does it "
            f"({option}), and so does one that reaches {found.url} again."
        )
        return Waits(
            found.url, why, lambda guid: bool(elsewhere) and recent.mark(None, guid) in elsewhere
        )

    def note_lock_out(self, guid: str, server: str) -> None:
        """Remember an account that is about to be locked out, or whose lock-out is about to be
        lifted. A human asked for it, so no limit refuses it, and it uses up none.
        """
        path = self._options.path
        if not path:
            return
        with self._locked(path) as recent:
            recent.servers[server] = _text(_now())
            account = recent.mark(None, guid)
            others = [one for one in recent.lock_outs if one.account != account]
            recent.lock_outs = [*others, RecentLockOut(account, _text(_now()), server)]

    def count(
        self, plan: Plan, changes: Sequence[Change], server: str, approved: str | None
    ) -> Refusal | None:
        """Count what this run is about to do; why it may not do it, where others have used up a
        limit meanwhile. When the run writes nothing after all, release() takes it back.
        """
        path = self._options.path
        if not path or not changes:
            return None
        with self._locked(path) as recent:
            self._judge(plan, recent)
            refused = refusal(plan, approved)
            waits = self._waits(recent, server)
            if waits and objects_that_wait(changes, waits):
                summary = (
                    f"another run has begun to write to {waits.server}, and this one to {server}"
                )
                refused = refused or Refusal(
                    f"{plan.title}: nothing was written, because {summary}. Run it again.", summary
                )
            if refused:
                return refused
            self._before = recent.servers.get(server)
            recent.servers[server] = _text(_now())
            marks = marks_of(changes, plan.limits, recent.mark)
            recent.runs = [run for run in recent.runs if run.id != self._id]
            recent.runs.append(RecentRun(self._id, _text(_now()), marks))
            self._is_counted = True
        return None

    def settle(
        self, plan: Plan, changes: Sequence[Change], outcomes: Sequence[Outcome], server: str
    ) -> None:
        """Count what was done, or may have been, and nothing else."""
        path = self._options.path
        if not path or not self._is_counted:
            return
        pairs = zip(changes, outcomes, strict=True)
        done = [change for change, outcome in pairs if _may_be_done(outcome)]
        with self._locked(path) as recent:
            for run in recent.runs:
                if run.id == self._id:
                    run.marks = marks_of(done, plan.limits, recent.mark)
            recent.servers[server] = _text(_now())
            for verdict in plan.limits:
                if verdict.changes:  # the next run that goes over it says so again
                    recent.alerts.pop(_name(verdict), None)

    def release(self, server: str) -> None:
        """Take back what was counted: nothing was written."""
        path = self._options.path
        if not path or not self._is_counted:
            return
        self._is_counted = False
        with self._locked(path) as recent:
            recent.runs = [run for run in recent.runs if run.id != self._id]
            if self._before:
                recent.servers[server] = self._before
            else:
                recent.servers.pop(server, None)

    def alert(self, plan: Plan) -> str | None:
        """When another run has said already that these limits are used up, ISO 8601; None for the
        first run that says it, and for limits that this run goes over alone.
        """
        path = self._options.path
        names = [_name(one) for one in plan.limits if one.exceeded and one.recent]
        alone = any(one.exceeded and not one.recent for one in plan.limits)
        if not path or not names:
            return None
        with self._locked(path) as recent:
            oldest = _now() - self._options.window
            known = [recent.alerts[name] for name in names if name in recent.alerts]
            is_known = len(known) == len(names) and not alone
            if is_known and datetime.fromisoformat(min(known)) >= oldest:
                return min(known)
            recent.alerts.update(dict.fromkeys(names, _text(_now())))
            return None

    def _judge(self, plan: Plan, recent: Recent) -> None:
        runs = [run for run in recent.since(_now() - self._options.window) if run.id != self._id]
        hours = self._options.hours
        plan.limits = with_recent(plan.limits, plan.changes, runs, hours, recent.mark)

    def _written_elsewhere(self, recent: Recent, server: str) -> _Elsewhere | None:
        """The writes to another server that this one may not have yet."""
        now = _now()
        for url, at in recent.servers.items():
            until = datetime.fromisoformat(at) + self._options.replication
            if url != server and now < until:
                return _Elsewhere(url, at, until.isoformat(timespec="seconds"))
        return None

    @contextmanager
    def _locked(self, path: str) -> Iterator[Recent]:
        """The content of the file, which is written anew at the end, while no other run has it."""
        with alone(path):
            recent = self._options.read() or Recent(FORMAT, self._domain, secrets.token_hex(16))
            yield recent
            recent.forget(_now(), self._options.window)
            data = asdict(recent)
            del data["seal"]
            data["seal"] = seal_of(data, self._options.key)
            write_private(path, [json.dumps(data, separators=(",", ":")), "\n"])


def _may_be_done(outcome: Outcome) -> bool:
    return outcome.status in (APPLIED, UNKNOWN) or outcome.code == LOST


def _name(verdict: LimitVerdict) -> str:
    return f"{verdict.source or ''}: {verdict.action}"


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
