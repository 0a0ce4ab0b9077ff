# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of the modules that run a plan, put together in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..errors import HrisError
from ..model import actions
from ..model.plan import APPLIED, Change, Outcome, Plan
from ..model.plan_json import finding_to_json, plain
from ..planning.attribute_counts import attribute_counts
from ..planning.causes import FEW, Cause, by_cause, causes_of, skeleton, spread
from ..planning.labels import who
from ..planning.plan_file import Refusal
from ..planning.summary import (
    counts_of,
    diffs,
    done_words,
    made_sentence,
    report,
    sentence,
    summary,
)
from ..reporting.brief import NOT_DISABLED, brief, chat
from ..visible_text import visible
from ..wording import counted
from .execution import Executed

Result = dict[str, Any]  # what a module returns; RETURN of the module describes it
WARNED = 10  # causes for which changes were not made: so many have warnings
NONE_NOW = (
    "this run makes none of the changes: they wait for approval or for replication, are in another "
    "shard, or their accounts have changed"
)
_Refusal = tuple[Change, Outcome]


def plan_result(
    plan: Plan, changes: Sequence[Change], most: int, rest: str | None = None
) -> Result:
    """What a run says about its plan. changes: those that it makes. most: entries of each list.
    rest: where all of them are, of summary.in_file(); None: in no file.
    """
    return {
        "changed": bool(changes),
        "msg": sentence(plan, changes),
        "digest": plan.digest,
        "diff": diffs(changes, frozenset(plan.redact), most, plan.sources, rest),
    }


def findings_result(plan: Plan, most: int, rest: str | None = None) -> Result:
    """What a run says about people, findings and limits. rest: as of plan_result."""
    return findings_of(plan, most) | {
        "summary": summary(plan),
        "report": report(plan, most, rest=rest),
        "limits": [plain(verdict) for verdict in plan.limits],
        "as_of": plan.as_of,
    }


def compared_result(
    plan: Plan, refusal: Refusal | None, most: int, rest: str | None = None
) -> Result:
    """What a run says that only compares. refusal: why it would write nothing. rest: as of
    plan_result.
    """
    result = plan_result(plan, plan.changes, most, rest) | findings_result(plan, most, rest)
    counts = attribute_counts(plan.changes)
    differs = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    lines = [f"accounts that differ, by attribute: {differs}"] if differs else []
    if refusal:
        lines.append(f"a run would write nothing: {visible(refusal.summary)}")
    first, *others = result["report"]
    words = "; a run would write nothing" if refusal else ""
    return result | {
        "shadow": True,
        "msg": f"{result['msg']}{words}; only compared",
        "attributes": counts,
        "report": [f"{first}; only compared", *lines, *others],
    }


def happened_result(
    plan: Plan, made: Sequence[Change], most: int, rest: str | None = None
) -> Result:
    """The same parts of findings_result about what a run did, in place of what it was to do."""
    return {
        "summary": summary(plan, made),
        "report": report(plan, most, made_sentence(plan, made), rest),
    }


def findings_of(plan: Plan, most: int) -> Result:
    """The findings of a plan. most: entries of the list."""
    return {
        "findings": [finding_to_json(one) for one in spread(causes_of(plan.findings), most)],
        "findings_total": len(plan.findings),
    }


def refused_result(plan: Plan, refusal: Refusal) -> Result:
    """What a run says whose plan may not be applied. Nothing was written."""
    message = f"{refusal.message} {refusal.example}".rstrip()
    return {
        "changed": False,
        "failed": True,
        "msg": message,
        "not_written": visible(refusal.summary),
        "digest": plan.digest,
    }


def executed_result(
    plan: Plan,
    executed: Executed,
    most: int,
    warn: Callable[[str], None],
    left_open: int = 0,
) -> Result:
    """What became of the changes: counts, those that were not or not wholly made, and failure when
    there are any. left_open: accounts that were to be disabled, and were left out before.
    """
    pairs = zip(executed.changes, executed.outcomes, strict=True)
    refused = [(change, outcome) for change, outcome in pairs if outcome.message]
    causes = by_cause(refused, _cause_of_refusal)
    result: Result = {
        "changed": bool(executed.made),
        "msg": made_sentence(plan, executed.made),
        "applied": len(executed.made),
        "refused": [_refused(change, outcome) for change, outcome in spread(causes, most)],
        "refused_total": len(refused),
    }
    if plan.approval:
        result["approval"] = plain(plan.approval)
    if executed.journal:
        result["journal"] = executed.journal
    if executed.undo_plan:
        result["undo_dest"] = executed.undo_plan
    if plan.changes and not executed.changes:
        result["not_written"] = NONE_NOW
    if refused:
        change, outcome = refused[0]
        first = who(change, plan.sources)
        result["failed"] = True
        result["msg"] = (
            f"{plan.title}: {len(refused)} of {len(executed.changes)} changes were not or not "
            f"wholly made. {_made(executed)}. "
            f"First: {first}: {change.action}: {outcome.message}"
        )
    add_not_disabled(result, left_open + sum(_leaves_open(*pair) for pair in refused))
    for cause in causes[:WARNED]:
        for text in _warnings(cause, plan.sources):
            warn(text)
    if executed.failure:
        add_failure(result, executed.failure)
    return result


def _made(executed: Executed) -> str:
    """What was made of changes of which some were not."""
    done = done_words(counts_of(executed.made))
    return f"What was made: {done}" if done else "Nothing was changed"


def add_not_disabled(result: Result, count: int) -> None:
    """Make a result fail that leaves accounts enabled which were to be disabled."""
    if count:
        result["failed"], result["not_disabled"] = True, count
        result["msg"] = f"{result['msg'].rstrip('.')}. {counted(count, *NOT_DISABLED)}."


def _cause_of_refusal(refused: _Refusal) -> tuple[str, ...]:
    change, outcome = refused
    return change.action, outcome.status, skeleton(outcome.message, change.key, change.name)


def _warnings(cause: Cause[_Refusal], sources: Sequence[str]) -> Iterable[str]:
    """Yield a warning for each of a few changes, or one for many."""
    more = len(cause.entries) - FEW
    for change, outcome in cause.entries[: FEW if more <= 0 else 1]:
        text = f"{who(change, sources)}: {change.action} was {outcome.status}: {outcome.message}"
        others = f" So were {len(cause.entries) - 1:,} others." if more > 0 else ""
        yield f"{text}{others}"


def _leaves_open(change: Change, outcome: Outcome) -> bool:
    """Whether an account was to be disabled and is not, as far as is known."""
    return change.action == actions.DISABLE and outcome.status != APPLIED


def _refused(change: Change, outcome: Outcome) -> Result:
    return {
        "source": change.source,
        "key": change.key,
        "name": change.name,
        "action": change.action,
        "dn": change.dn,
        "status": outcome.status,
        "message": outcome.message,
    }


def add_failure(result: Result, message: str) -> None:
    """Make a result fail; what it says about writes stays."""
    result["failed"] = True
    result["msg"] = f"{result['msg']}. Another error: {message}"


def add_part(result: Result, work: Callable[[], Result]) -> None:
    """Add a part to the result of a run that may have written; a failure of the part does not hide
    the rest.
    """
    try:
        result.update(work())
    except HrisError as error:
        add_failure(result, str(error))


def add_brief(
    result: Result,
    plan: Plan,
    made: Iterable[Change],
    check_mode: bool,
    refusal: Refusal | None = None,
) -> Result:
    """Add the run in figures and as a text for a chat.

    made: the changes that were, or would be, made. refusal: why nothing was written.
    """
    figures = brief(plan, list(made), result, check_mode, refusal)
    result["brief"] = figures.to_json()
    result["chat"] = chat(figures)
    return result
