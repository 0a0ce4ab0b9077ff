# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an execution (doc_fragments/execution.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..data_class import frozen
from ..model.plan import Approval
from .recent_file import ARGUMENTS as RECENT
from .run_files import RunFiles

ARGUMENTS: dict[str, Any] = dict(
    journal=dict(type="path"),
    audit=dict(type="path"),
    undo_dest=dict(type="path"),
    plan_key=dict(type="str", no_log=True),
    canary=dict(type="int", default=0),
    stop=dict(
        type="dict",
        apply_defaults=True,
        options=dict(first=dict(type="int", default=10), percent=dict(type="float", default=50)),
    ),
    report_limit=dict(type="int", default=100),
    approved_by=dict(type="str"),
    approval_ticket=dict(type="str"),
    **RECENT,
)


@frozen
class ExecutionOptions:
    """The options in ARGUMENTS."""

    journal: str | None
    audit: str | None
    undo_dest: str | None
    own_undo: bool  # whether no other run has this file: it is made for changes only
    plan_key: str | None
    canary: int  # accounts; 0: none
    stop_first: int  # equal refusals at the beginning that stop the run; 0: never
    stop_percent: float  # the share of refusals that stops the run
    report_limit: int  # entries of each list in the result


def execution_options(files: RunFiles) -> ExecutionOptions:
    """The options from the parameters of a module."""
    params, stop = files.params, files.params["stop"]
    return ExecutionOptions(
        journal=params["journal"] or files.for_report("journal.jsonl"),
        audit=params["audit"],
        undo_dest=params["undo_dest"],
        own_undo="undo_dest" in files.own,
        plan_key=params["plan_key"],
        canary=params["canary"],
        stop_first=stop["first"],
        stop_percent=stop["percent"],
        report_limit=params["report_limit"],
    )


def approval_of(params: Mapping[str, Any]) -> Approval | None:
    """Who approved the plan of a run; None for a run without an approval."""
    if not params["approved_digest"]:
        return None
    by, ticket = params["approved_by"] or None, params["approval_ticket"] or None
    return Approval(params["approved_digest"], by, ticket)


def check_files(
    files: RunFiles, options: ExecutionOptions, others: Iterable[str | None] = ()
) -> None:
    """Raise HrisError, before anything is read or written, for a file that could not be written at
    the end. others: more files that the run writes anew.
    """
    files.check([options.journal, options.undo_dest, *others], [options.audit])
