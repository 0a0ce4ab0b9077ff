# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The step ledger of a source as a part of the state of a domain."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timezone

from ..data_class import frozen
from ..errors import Warn
from ..model.kept_state import LEDGER
from ..outbound import step_ledger
from ..outbound.step_ledger import Entry
from ..planning.lost_state import lost_state
from ..run.domain_state import tell
from ..run.kept_state import (
    KeptStateOptions,
    Place,
    is_in,
    kept_file,
    read_state,
    refuse_lost,
    remember_file,
    vanishing,
)
from ..user_files import folder_of, make_folder


@frozen
class KeptLedger:
    """Where a ledger is, and the state that knows of it."""

    path: str
    source: str  # "" where it is not known
    state: KeptStateOptions
    key: str | None  # files are signed with it


def check_ledger(ledger: KeptLedger, warn: Warn) -> None:
    """Say that a ledger of earlier runs is not there any more, and that a new one will not last.
    Raises HrisError where state must exist.
    """
    kept, path = ledger.state, ledger.path
    if os.path.exists(path):
        return
    tell(vanishing([Place("the step ledger", path)], kept), warn)
    state = read_state(kept, ledger.key) if kept.dir else None
    if state and ledger.source in state.sources:
        findings = lost_state(kept.dir, state, {ledger.source: [kept_file(LEDGER, path)]}, {})
        tell(findings, warn)
        refuse_lost(findings, kept)


def add_entries(ledger: KeptLedger, entries: Sequence[Entry]) -> None:
    """Add entries to the ledger; of a new one, the list of the state says that it is there."""
    kept, path = ledger.state, ledger.path
    is_new = not os.path.exists(path)
    if is_new and kept.dir and is_in(path, kept.dir):
        make_folder(folder_of(path))
    step_ledger.add(path, entries, ledger.key)
    if is_new and entries and ledger.source:
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        remember_file(kept, ledger.key, ledger.source, LEDGER, now)
