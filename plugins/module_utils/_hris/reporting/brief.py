# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in a few figures, for the next job of a workflow, and in a few words, for a chat. Of people they tell the keys at most."""

from __future__ import annotations

from collections import Counter

from ..model.findings import ERROR, INFO, WARNING
from .escaping import one_line
from .redaction import Redaction

LONGEST = 500  # characters of a chat text
REASON = 160  # characters of one reason in it
MOST_LIMITS = 5
MESSAGE = 1000  # characters of the message that the figures carry
DIGITS = 8  # of a digest: enough to tell two plans apart by eye

_WORDS = {  # by action: (one, several)
    "create": ("account created", "accounts created"),
    "restore": ("account restored", "accounts restored"),
    "enable": ("enabled", "enabled"),
    "disable": ("disabled", "disabled"),
    "delete": ("deleted", "deleted"),
    "move": ("moved", "moved"),
    "rename": ("renamed", "renamed"),
    "update": ("updated", "updated"),
    "group_add": ("membership given", "memberships given"),
    "group_remove": ("membership taken", "memberships taken"),
    "create_ou": ("OU created", "OUs created"),
}
_SEVERITIES = {
    ERROR: ("error", "errors"),
    WARNING: ("warning", "warnings"),
    INFO: ("note", "notes"),
}


def told(plan: dict, made: list[dict], result: dict, check_mode: bool) -> dict:
    """What a module's result says of itself: {"brief": brief(…), "chat": chat(…)}."""
    figures = brief(plan, made, result, check_mode)
    return {"brief": figures, "chat": chat(figures)}


def brief(plan: dict, made: list[dict], result: dict, check_mode: bool) -> dict:
    """The run in figures, small enough for an artifact of AWX::

        {"source", "as_of", "digest", "held_digest" and "held" where changes wait, "check_mode", "changed", "changes": {action: count},
         "accounts": count, "findings": {severity: count}, "limits": messages of those that are exceeded, "left_out", "waiting",
         "failed", "msg", "applied" and "refused" (counts) where something was to be written, "refusal": the first one}

    made: the changes that were made, in check mode those that would be if the plan were approved. result: what the module returns.
    """
    refused = result.get("refused") or []
    figures = {
        "source": plan["source"],
        "as_of": plan["as_of"],
        "digest": plan["digest"],
        "check_mode": check_mode,
        "changed": result["changed"],
        "changes": dict(sorted(Counter(change["action"] for change in made).items())),
        "accounts": len({change["key"] or change["dn"] for change in made}),
        "findings": {
            severity: count
            for severity in _SEVERITIES
            if (count := _count(plan["findings"], severity))
        },
        "limits": [
            _cut(verdict["message"], REASON) for verdict in plan["limits"] if verdict["exceeded"]
        ][:MOST_LIMITS],
        "failed": bool(result.get("failed")),
        "msg": _cut(result["msg"], MESSAGE),
    }
    for name in ("held", "held_digest", "waiting", "applied"):
        if name in result:
            figures[name] = result[name]
    if "left_out_total" in result:
        figures["left_out"] = result["left_out_total"]
    if "refused_total" in result:
        figures["refused"] = result["refused_total"]
    if refused:
        figures["refusal"] = _refusal(refused[0], plan["changes"])
    return figures


def chat(figures: dict) -> str:
    """brief() as a text of at most LONGEST characters, the weightier words first."""
    said = [
        f"{figures['source']}{', check mode' if figures['check_mode'] else ''}, {figures['as_of'][:10]}: {_verdict(figures)}."
    ]
    if figures["findings"]:
        said.append(f"Findings: {_listed(figures['findings'], _SEVERITIES)}.")
    if figures.get("held"):
        said.append(
            f"{_number(figures['held'], 'change waits', 'changes wait')} for approval ({_short(figures['held_digest'])})."
        )
    if figures.get("left_out"):
        said.append(
            f"{_number(figures['left_out'], 'change', 'changes')} left out, because the account is not as the plan says."
        )
    if figures.get("waiting"):
        said.append(
            f"{_number(figures['waiting'], 'value waits', 'values wait')} for the run after all parts."
        )
    end = f" Plan {_short(figures['digest'])}."
    return _cut(" ".join(said), LONGEST - len(end)) + end


def _verdict(figures: dict) -> str:
    """What was done, or why nothing was."""
    listed = _listed(figures["changes"], _WORDS)
    if not figures["failed"]:
        return (
            f"would be {listed}"
            if figures["check_mode"] and listed
            else listed or "nothing to change"
        )
    if "applied" not in figures:  # the plan was refused as a whole
        reasons = "; ".join(figures["limits"])
        over = (
            f"over its limits: {reasons}" if reasons and "over its limits" in figures["msg"] else ""
        )
        return f"FAILED, nothing was written: {over or _why(figures)}" + (
            f"; it would be {listed}" if listed else ""
        )
    if figures.get("refused"):
        reason = f", first {figures['refusal']}" if "refusal" in figures else ""
        lost = _number(figures["refused"], "change was", "changes were")
        return f"FAILED: {lost} not wholly made{reason}; {listed or 'nothing'} was made"
    return f"FAILED after writing ({listed or 'nothing'}): {_why(figures)}"


def _why(figures: dict) -> str:
    """The reason in the module's words, without the source that they begin with, and without the example, which may quote values."""
    reason = (
        figures["msg"]
        .partition(" First: ")[0]
        .removeprefix(f"{figures['source']}: ")
        .removeprefix("nothing was written, ")
    )
    return _cut(one_line(reason).rstrip("."), REASON)


def _refusal(entry: dict, changes: list[dict]) -> str:
    """The first refused change: key, action and the reason without any value of the account."""
    change = next(
        (
            one
            for one in changes
            if (one["key"], one["action"], one["dn"])
            == (entry["key"], entry["action"], entry["dn"])
        ),
        {},
    )
    hidden = Redaction(["cn", *change.get("attributes", ())])
    reason = hidden.sentence(entry["message"], hidden.secrets(change))
    return _cut(one_line(f"{entry['key'] or '-'}, {entry['action']}: {reason}").rstrip("."), REASON)


def _count(findings: list[dict], severity: str) -> int:
    return sum(entry["severity"] == severity for entry in findings)


def _listed(counts: dict, words: dict) -> str:
    return ", ".join(
        _number(count, *words.get(name, (name, name)))
        for name in [*words, *(set(counts) - set(words))]
        if (count := counts.get(name))
    )


def _number(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _short(digest: str) -> str:
    return digest.partition(":")[2][:DIGITS]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
