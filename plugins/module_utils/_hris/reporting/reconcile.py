# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reconciliation: where HR and the directory do not agree after a run, as findings, from what the run left behind."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.findings import INFO, WARNING, finding
from .redaction import Redaction, hidden_of

UNOWNED, NO_ACCOUNT, ENABLED, CHANGED = (
    "unowned",
    "no_account",
    "wrongly_enabled",
    "changed_outside",
)
KINDS = {
    UNOWNED: "Accounts that nobody owns",
    NO_ACCOUNT: "Employees without an account",
    ENABLED: "Accounts that are enabled and should not be",
    CHANGED: "Values that somebody else changed",
}
# The plan's own findings, by what they say about the two sides
OF_PLAN = {
    "absent": UNOWNED, "not_adopted": UNOWNED, "reenabled": ENABLED, "start_moved": ENABLED, "drift": CHANGED, "disabled_by_hand": CHANGED,
}  # fmt: skip
# Every run of ours, or the server by itself, changes these.
RESTLESS = frozenset(
    (
        "useraccountcontrol",
        "pwdlastset",
        "whenchanged",
        "usnchanged",
        "cn",
        "name",
        "distinguishedname",
    )
)


def reconcile(
    plan: dict, outcomes: list[dict] | None, earlier: list[dict] | None, redact: list[str]
) -> list[dict]:
    """Findings of KINDS.

    plan: the plan of a run. outcomes: its outcome, None when there is no such file. earlier: the outcome of the run before,
    for what changed between the two. redact: attributes that are hidden beside those that the plan hides.
    """
    redaction = Redaction(hidden_of(plan, redact))
    rules = plan.get("rules") or {}
    found = []
    for entry in plan.get("findings") or []:
        if entry.get("kind") in OF_PLAN:
            found.append(redaction.finding(entry, rules, ()) | {"kind": OF_PLAN[entry["kind"]]})
    unowned = (plan.get("matched") or {}).get("accounts_without_person", 0)
    if unowned:
        message = f"{unowned:,} accounts below our bases belong to no employee; those that carry our mark are told one by one."
        found.append(finding(UNOWNED, message, place="ownership.bases", severity=INFO))
    found += _without_account(plan, outcomes, redaction, rules)
    found += _enabled(plan, outcomes, redaction)
    if earlier is not None and outcomes is not None:
        found += _changed(plan, outcomes, earlier, redaction)
    return found


def _without_account(
    plan: dict, outcomes: list[dict] | None, redaction: Redaction, rules: dict
) -> Iterator[dict]:
    there = (
        None
        if outcomes is None
        else {outcome["key"] for outcome in outcomes if outcome.get("guid")}
    )
    # In check mode an outcome tells of accounts that would be created, and those have no GUID.
    to_be = {outcome["key"] for outcome in outcomes or [] if not outcome.get("guid")}
    for change in plan["changes"]:
        key = change.get("key")
        if change["action"] == "create" and (there is None or key not in there):
            planned = there is None or key in to_be
            words = "the plan makes" if planned else "the run was to make it and did not:"
            message = f"has no account; {words} {redaction.dn(change['dn'])}."
            yield finding(NO_ACCOUNT, message, key=key, severity=INFO if planned else WARNING)
    for entry in plan.get("findings") or []:
        if (
            there is not None
            and entry.get("severity") == "error"
            and entry.get("key") not in there
            and entry.get("kind") not in OF_PLAN
        ):
            yield redaction.finding(entry, rules, ()) | {"kind": NO_ACCOUNT}


def _enabled(plan: dict, outcomes: list[dict] | None, redaction: Redaction) -> Iterator[dict]:
    """Accounts that the plan disables, unless the outcome tells that it was done."""
    done = {
        outcome["key"]
        for outcome in outcomes or []
        if {"disabled", "deleted"} & set(outcome.get("events") or ())
    }
    for change in plan["changes"]:
        if change["action"] == "disable" and change.get("key") not in done:
            after = (
                "It is still to be disabled" if outcomes is None else "The run did not disable it"
            )
            reason = redaction.sentence(change.get("reason"), redaction.secrets(change))
            yield finding(
                ENABLED,
                f"{redaction.dn(change['dn'])} is enabled: {reason}. {after}.",
                key=change.get("key"),
                severity=WARNING,
            )


def _changed(
    plan: dict, outcomes: list[dict], earlier: list[dict], redaction: Redaction
) -> Iterator[dict]:
    """What differs between the end of the earlier run and the start of this one: nobody of ours wrote in between."""
    first: dict[
        str, dict
    ] = {}  # what this run found, where it changed it: {key: {"dn", attribute: values}}
    for change in plan["changes"]:
        seen = first.setdefault(change.get("key"), {"dn": change["dn"], "attributes": {}})
        for name, values in (change.get("attributes") or {}).items():
            seen["attributes"].setdefault(name, values.get("before") or [])
    former = {outcome["key"]: outcome for outcome in earlier}
    # What only one of the two runs read is a change of the rules, not of the directory.
    read = _names(earlier) & (
        _names(outcomes) | {name for seen in first.values() for name in seen["attributes"]}
    )
    for outcome in outcomes:
        old, key = former.get(outcome["key"]), outcome["key"]
        if old is None or not old.get("guid") or old["guid"] != outcome.get("guid"):
            continue
        seen = first.get(key, {"dn": outcome["dn"], "attributes": {}})
        if old["dn"] != seen["dn"]:
            message = f"the account was moved or renamed: {redaction.dn(old['dn'])} is now {redaction.dn(seen['dn'])}."
            yield finding(CHANGED, message, key=key, severity=WARNING)
        now = outcome["attributes"] | seen["attributes"]
        for name in sorted(read):
            before, after = old["attributes"].get(name) or [], now.get(name) or []
            if name.casefold() not in RESTLESS and sorted(before) != sorted(after):
                words = [
                    ", ".join(redaction.values(name, values)) or "empty"
                    for values in (before, after)
                ]
                message = (
                    f"{name} was {words[0]} after the last run, and this one found {words[1]}."
                )
                yield finding(CHANGED, message, key=key, place=name, severity=WARNING)


def _names(outcomes: list[dict]) -> set[str]:
    return {name for outcome in outcomes for name in outcome.get("attributes") or {}}
