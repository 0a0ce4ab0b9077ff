# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the domain in one run of sync: what it leaves, whether that lasts, and whether what
earlier runs have left is still there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..data_class import frozen
from ..errors import Warn
from ..model.directory import Account
from ..model.findings import Finding
from ..model.kept_state import DOMAIN, GUARD, LEDGER, NAMES, RECENT
from ..planning.lost_state import KeptFile, lost_names, lost_state, marked_accounts
from .kept_state import (
    KeptStateOptions,
    Place,
    check_folder,
    check_passwords,
    kept_file,
    loss_of,
    read_state,
    refuse_lost,
    refuse_lost_names,
    remember,
    vanishing,
)
from .source_options import SourceOptions

# {option: what its file is for people}
_OF_RUN = {
    "journal": "the journal",
    "audit": "the audit log",
    "undo_dest": "the plan that undoes the run",
    "held_plan_dest": "the plan of the changes that wait for approval",
}


@frozen
class DomainState:
    """The state of the domain, as the options of a run describe it."""

    options: KeptStateOptions
    key: str | None  # that files are signed with
    sources: Sequence[SourceOptions]
    recent: str | None = None  # the file of what runs have written lately
    names: str | None = None  # the file of the names ledger

    def check_places(self, params: Mapping[str, Any]) -> list[Finding]:
        """The findings about files that the next run would not find.

        params: of module sync. Raises HrisError for initial passwords that would be lost, and,
        where state must exist, for a folder that is not there and for state that would be lost.
        """
        check_folder(self.options)
        check_passwords(params["passwords"]["dest"], self.options)
        return vanishing(self._places(params), self.options)

    def _places(self, params: Mapping[str, Any]) -> list[Place]:
        found = [Place(what, params[name]) for name, what in _OF_RUN.items() if params[name]]
        for source in self.sources:
            outcome = source.options["outcome_dest"]
            if outcome:
                found.append(Place("the outcome file", outcome))
            for kind, what in ((GUARD, "the profile of the feed"), (LEDGER, "the step ledger")):
                found += [Place(what, kept.path) for kept in _kept(source) if kept.kind == kind]
        if self.recent:
            found.append(Place("the file of what runs have written lately", self.recent))
        if self.names:
            found.append(Place("the names ledger", self.names))
        if self.options.dir:
            found.append(Place("the list of the state", os.path.join(self.options.dir, "-")))
        return found

    def check_earlier(self, accounts: Sequence[Account]) -> list[Finding]:
        """The findings about state that earlier runs must have left, and that is not there. Raises
        HrisError for them where state must exist, for a names ledger that is lost, and for a list
        that cannot be believed.
        """
        attributes = {one.rules.source: one.rules.ownership.attribute for one in self.sources}
        files = self._files([one.rules.source for one in self.sources])
        if not self.options.dir and not any(files.values()) and not self.names:
            return []
        known = read_state(self.options, self.key)
        marked = marked_accounts(accounts, attributes)
        found = lost_state(self.options.dir, known, files, marked)
        refuse_lost(found, self.options)
        if self.names:
            exists = os.path.lexists(self.names)
            names = lost_names(known, self.names, exists, marked)
            if names:
                refuse_lost_names(names, self.options)
                found.append(names)
        return found

    def remember(self, names: Sequence[str], now: datetime) -> None:
        """Note which files of these sources are there. Raises HrisError."""
        files = self._files(names)
        if self.names:
            files.setdefault(DOMAIN, []).append(kept_file(NAMES, self.names))
        remember(self.options, self.key, files, now.isoformat(timespec="seconds"))

    def _files(self, names: Sequence[str]) -> dict[str, list[KeptFile]]:
        """{source, or DOMAIN: what is kept for it}, as it is now. names: of the sources."""
        found = {one.rules.source: _kept(one) for one in self.sources if one.rules.source in names}
        if self.recent:
            found[DOMAIN] = [kept_file(RECENT, self.recent)]
        return found

    def lasting(self, path: str | None) -> str | None:
        """The path of a file that is still there after the job; None for another one."""
        loss = loss_of(path, self.options) if path else None
        return None if loss and loss.with_job else path


def tell(findings: Sequence[Finding], warn: Warn) -> None:
    """Warn of each of the findings: they are about the run, and not about people."""
    for finding in findings:
        source = f"{finding.source}: " if finding.source else ""
        warn(f"{source}{finding.message}")


def _kept(source: SourceOptions) -> list[KeptFile]:
    """What a source keeps between runs, as it is now."""
    given = {
        GUARD: (source.options["guard"] or {}).get("file"),
        LEDGER: source.options["ledger"],
    }
    return [kept_file(kind, path) for kind, path in given.items() if path]
