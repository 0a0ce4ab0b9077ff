# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in a few figures, for the next job of a workflow, and in a few words, for a chat.

Of people both have the keys at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from ..data_class import frozen
from ..model.findings import ERROR, INFO, WARNING, open_access, open_access_words
from ..model.plan import Change, Plan
from ..model.plan_json import Json
from ..planning.labels import labelled
from ..planning.plan_file import Refusal, exceeded_limits
from ..planning.summary import counts_of, done_words, only_words
from ..visible_text import visible
from ..wording import counted
from .escaping import one_line
from .redaction import Redaction

LONGEST = 500  # characters of a chat text
REASON = 160  # characters of one reason in it
MOST_LIMITS = 5
MESSAGE = 1000  # characters of the message that the figures carry
NOT_DISABLED = (
    "account is not disabled, and can still log on",
    "accounts are not disabled, and can still log on",
)
DIGITS = 8  # of a digest: enough for people to tell two plans apart

Words = Mapping[str, tuple[str, str]]  # {name: (words for one, words for several)}
_SEVERITIES: Words = {
    ERROR: ("error", "errors"),
    WARNING: ("warning", "warnings"),
    INFO: ("note", "notes"),
}


@frozen
class Brief:
    """The run in figures, small enough for an artifact of AWX."""

    sources: list[str]
    as_of: str  # ISO 8601
    digest: str  # of the plan
    check_mode: bool
    shadow: bool | None  # the run only compares, whatever the mode is
    changed: bool
    changes: dict[str, int]  # {action: changes that were made, in check mode that would be}
    accounts: int  # with such a change
    findings: dict[str, int]  # {severity: how many}
    open_access: dict[str, int]  # {kind of finding: people who can still log on}
    limits: list[str]  # messages of the limits that are exceeded
    failed: bool
    msg: str
    held: int | None  # changes that wait for approval
    held_digest: str | None  # of the plan of these changes
    waiting: int | None  # values that wait for a run without shards
    not_created: int | None  # changes that wait for replication
    applied: int | None  # changes that were made, where something was to be written
    only: int | None  # people whom the run is for; None: everybody
    sources_left_out: list[str] | None  # whose feeds could not be used
    left_out: int | None  # changes of accounts that are not as the plan says
    refused: int | None  # changes that were not or not wholly made
    not_disabled: int | None  # accounts that were to be disabled, and can still log on
    refusal: str | None  # the first of them: key, action and reason
    not_written: str | None  # why nothing was written, for the chat; the JSON has it in msg

    def to_json(self) -> Json:
        """The figures as JSON. None is left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        del values["not_written"]
        return {name: value for name, value in values.items() if value is not None}


def brief(
    plan: Plan,
    made: Sequence[Change],
    result: Mapping[str, Any],
    check_mode: bool,
    refusal: Refusal | None = None,
) -> Brief:
    """The run in figures.

    made: the changes that were made, in check mode those that would be made if the plan were
    approved. result: what the module returns. refusal: why nothing was written.
    """
    severities = Counter(finding.severity for finding in plan.findings)
    exceeded = exceeded_limits(plan)
    refused = _first_refused(plan, result)
    return Brief(
        sources=plan.sources,
        as_of=plan.as_of,
        digest=plan.digest,
        check_mode=check_mode,
        shadow=result.get("shadow"),
        changed=result["changed"],
        changes=counts_of(made),
        accounts=len({(change.source, change.key or change.dn) for change in made}),
        findings={name: severities[name] for name in _SEVERITIES if severities[name]},
        open_access=open_access(plan.findings),
        limits=[_cut(message, REASON) for message in exceeded[:MOST_LIMITS]],
        failed=bool(result.get("failed")),
        msg=_cut(_message(result["msg"], refused, refusal), MESSAGE),
        held=result.get("held"),
        held_digest=result.get("held_digest"),
        waiting=result.get("waiting"),
        not_created=result.get("not_created"),
        applied=result.get("applied"),
        only=None if plan.only is None else len(plan.only),
        sources_left_out=plan.left_out or None,
        left_out=_left_out(result),
        refused=result.get("refused_total"),
        not_disabled=result.get("not_disabled"),
        refusal=refused.text if refused else None,
        not_written=visible(refusal.summary) if refusal else None,
    )


def _left_out(result: Mapping[str, Any]) -> int | None:
    """The changes that are left out because of their accounts, without those that wait."""
    total: int | None = result.get("left_out_total")
    return None if total is None else total - result.get("not_created", 0)


@frozen
class _Refused:
    """A change that was not or not wholly made."""

    change: Change
    text: str  # key, action and reason, without any value of the account


def _first_refused(plan: Plan, result: Mapping[str, Any]) -> _Refused | None:
    for entry in result.get("refused") or ():
        change = _change_of(plan, entry)
        reason = _without_values(entry["message"], change)
        text = one_line(f"{change.key or '-'}, {change.action}: {reason}").rstrip(".")
        return _Refused(change, _cut(text, REASON))
    return None


def _change_of(plan: Plan, entry: Mapping[str, Any]) -> Change:
    """The change that an entry of the result is about."""
    key, action, dn = entry["key"], entry["action"], entry["dn"]
    for change in plan.changes:
        if (change.key, change.action, change.dn) == (key, action, dn):
            return change
    return Change(action, None, key, None, dn, "", name=entry.get("name"))


def _without_values(text: str, change: Change) -> str:
    """A text about a change, without the name and any value of its account."""
    if change.key:
        text = text.replace(labelled(change.key, change.name), change.key)
    redaction = Redaction(["cn", *change.attributes])
    return redaction.sentence(text, redaction.secrets(change))


def _message(message: str, refused: _Refused | None, refusal: Refusal | None) -> str:
    if refusal:
        return refusal.message
    if refused:
        return _without_values(message, refused.change)
    return message


def chat(figures: Brief) -> str:
    """The figures as a text of at most LONGEST characters, the most important words first."""
    sources = ", ".join(figures.sources)
    parts = [f"{sources}{_mode(figures)}, {figures.as_of[:10]}: {_verdict(figures)}."]
    if figures.shadow and figures.limits:
        parts.append("A run would write nothing: the plan is over its limits.")
    parts += [f"{words}!" for words in open_access_words(figures.open_access)]
    if figures.not_disabled:
        parts.append(f"{counted(figures.not_disabled, *NOT_DISABLED)}!")
    if figures.only is not None:
        words = only_words(figures.only)
        parts.append(f"{words[0].upper()}{words[1:]}.")
    if figures.sources_left_out:
        parts.append(f"Without {', '.join(figures.sources_left_out)}!")
    if figures.findings:
        parts.append(f"Findings: {_listed(figures.findings, _SEVERITIES)}.")
    if figures.held:
        waiting = counted(figures.held, "change waits", "changes wait")
        parts.append(f"{waiting} for approval ({_short(figures.held_digest or '')}).")
    if figures.left_out:
        changes = counted(figures.left_out, "change", "changes")
        parts.append(f"{changes} left out, because the account is not as the plan says.")
    if figures.waiting:
        values = counted(figures.waiting, "value waits", "values wait")
        parts.append(f"{values} for the run without shards.")
    if figures.not_created:
        changes = counted(figures.not_created, "change waits", "changes wait")
        parts.append(f"{changes} for replication.")
    end = f" Plan {_short(figures.digest)}."
    return _cut(" ".join(parts), LONGEST - len(end)) + end


def _mode(figures: Brief) -> str:
    if figures.shadow:
        return ", shadow"
    return ", check mode" if figures.check_mode else ""


def _verdict(figures: Brief) -> str:
    """What was done, or why nothing was."""
    done = done_words(figures.changes)
    if figures.failed:
        return _failure(figures, done)
    if not done:
        rest = (figures.held, figures.waiting, figures.left_out, figures.not_created)
        return "nothing was changed" if any(rest) else "nothing to change"
    if figures.check_mode:
        return f"would be {done}"
    return done


def _failure(figures: Brief, done: str) -> str:
    if figures.not_written:
        text = f"FAILED, nothing was written: {figures.not_written}"
        if done:
            text += f"; it would be {done}"
        return text
    done = done or "nothing"
    if figures.refused:
        text = f"FAILED: {counted(figures.refused, 'change was', 'changes were')} not wholly made"
        if figures.refusal:
            text += f", first {figures.refusal}"
        return f"{text}; {done} was made"
    reason = one_line(figures.msg.removeprefix(f"{', '.join(figures.sources)}: ")).rstrip(".")
    return f"FAILED after writing ({done}): {_cut(reason, REASON)}"


def _listed(counts: Mapping[str, int], words: Words) -> str:
    return ", ".join(counted(counts[name], *words[name]) for name in words if counts.get(name))


def _short(digest: str) -> str:
    return digest.partition(":")[2][:DIGITS]


def _cut(text: str, longest: int) -> str:
    text = visible(text)
    if len(text) <= longest:
        return text
    return text[: longest - 1].rstrip() + "…"
