# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report tells of a plan, whatever its format: accounts and changes, findings, limits. Hidden values are gone here."""

from __future__ import annotations

from collections import Counter, defaultdict

from ..ad_values.dn import split
from ..ad_values.filetime import NEVER, from_filetime
from ..errors import HrisError
from ..journal_format import APPLIED, REFUSED, SKIPPED, UNKNOWN
from ..planning.summary import NAMES_OF_DISABLED
from .journal import NOT_ATTEMPTED, states_of
from .redaction import Redaction, hidden_of

ACTIONS = (
    "create_ou",
    "create",
    "enable",
    "disable",
    "delete",
    "move",
    "rename",
    "update",
    "group_add",
    "group_remove",
)
SEVERITIES = ("error", "warning", "info")
SEALS = {
    "sha256": "unbroken",
    "hmac-sha256": "unbroken, made with the key",
}  # of a plan whose seal was checked before


def view_of(plan: dict, journal: tuple[dict, dict] | None, redact: list[str]) -> dict:
    """The plan as a report shows it.

    plan: a plan file's content; journal: of journal_format.read_journal, None when it was not applied.
    redact: attributes that are hidden beside those that the plan hides. Returns::

        {"source", "description", "facts": [(label, text)], "verdict": {"level": "good" | "warning" | "bad", "text"},
         "counts", "people", "matched", "states": {state: count}, "risks": {"low" | "high": count}, "rules",
         "accounts": [{"key", "name", "dn", "changes": [change]}], "changes": count, "findings": [finding], "limits": [verdict]}

    A change: {"index", "action", "state", "risk", "risks", "reason", "dn", "to", "group", "values": [[name, before, after]],
    "password", "message"}. Raises HrisError for a journal of another plan.
    """
    redaction = Redaction(hidden_of(plan, redact))
    states = states_of(plan, journal)
    rules = plan.get("rules") or {}
    secrets = defaultdict(set)
    for entry in plan["changes"]:
        secrets[entry.get("key")] |= redaction.secrets(entry)
    accounts = _accounts(plan["changes"], states, redaction, secrets)
    counts = Counter(entry["action"] for entry in plan["changes"])
    tally = Counter(state for state, _message in states)
    findings = [
        redaction.finding(entry, rules, secrets.get(entry.get("key"), ()))
        for entry in plan.get("findings") or []
    ]
    findings.sort(
        key=lambda entry: (
            SEVERITIES.index(entry["severity"])
            if entry.get("severity") in SEVERITIES
            else len(SEVERITIES)
        )
    )
    limits = plan.get("limits") or []
    return {
        "source": plan.get("source") or "",
        "description": plan.get("description") or "",
        "facts": _facts(plan),
        "verdict": _verdict(limits, tally, journal is not None, len(plan["changes"])),
        "counts": {action: counts[action] for action in sorted(counts, key=_rank)},
        "people": plan.get("people") or {},
        "matched": plan.get("matched") or {},
        "states": dict(tally) if journal is not None else {},
        "risks": dict(Counter(entry["risk"] for entry in plan["changes"] if entry.get("risk"))),
        "rules": {
            name: {key: rule[key] for key in ("place", "source") if rule.get(key)}
            for name, rule in rules.items()
        },
        "accounts": accounts,
        "changes": len(plan["changes"]),
        "findings": findings,
        "limits": limits,
        "expires": plan.get("expires"),
    }


def _rank(action: str) -> tuple:
    return (ACTIONS.index(action) if action in ACTIONS else len(ACTIONS), action)


def _accounts(
    changes: list[dict], states: list[tuple], redaction: Redaction, secrets: dict
) -> list[dict]:
    """The changes by the account that they concern, in the plan's order; an account without a key is known by its GUID or DN."""
    found: dict = {}
    for index, (entry, (state, message)) in enumerate(zip(changes, states, strict=True)):
        key = entry.get("key")
        dn = entry.get("dn") or ""
        account = found.setdefault(
            (key, entry.get("guid") or dn) if key is None else key,
            {"key": key, "dn": dn, "changes": []},
        )
        hidden = secrets[key]
        shown = {
            "action": entry["action"],
            "state": state,
            "reason": redaction.sentence(entry.get("reason"), hidden),
            "message": redaction.sentence(message, hidden),
            "risk": entry.get("risk"),
            "risks": [redaction.sentence(risk, hidden) for risk in entry.get("risks") or []],
            "dn": redaction.dn(dn),
            "to": redaction.dn(entry.get("to")),
            "group": redaction.group(entry["group"]) if entry.get("group") else None,
            "password": bool(entry.get("password")) or entry["action"] == "create",
            "values": [
                _value(name, values, redaction)
                for name, values in (entry.get("attributes") or {}).items()
            ],
        }
        account["changes"].append(
            {"index": index} | {name: value for name, value in shown.items() if value}
        )
    for account in found.values():
        account["dn"] = redaction.dn(account["dn"])
        account["name"] = _name(account["dn"])
    return list(found.values())


def _name(dn: str) -> str:
    try:
        return split(dn)[0]
    except HrisError:
        return dn


def _value(name: str, values: dict, redaction: Redaction) -> list:
    before, after = values.get("before") or [], values.get("after") or []
    if name == "userAccountControl":
        return ["account", _switch(before), _switch(after)]
    if name == "accountExpires" and name.casefold() not in redaction.attributes:
        return [name, [_moment(value) for value in before], [_moment(value) for value in after]]
    return [name, redaction.values(name, before), redaction.values(name, after)]


def _switch(values: list) -> list[str]:
    """userAccountControl in words, like planning/show.py."""
    return [
        NAMES_OF_DISABLED[bool(int(value) & 2)] if str(value).isdigit() else str(value)
        for value in values
    ]


def _moment(value: str) -> str:
    """accountExpires (units of 100 ns since 1601) as a moment in UTC."""
    if str(value) in NEVER:
        return "never"
    try:
        return from_filetime(int(value)).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):
        return str(value)


def _facts(plan: dict) -> list[tuple[str, str]]:
    domain, digests = plan.get("domain") or {}, plan.get("digests") or {}
    facts = [
        ("Domain", domain.get("name")),
        ("Domain DN", domain.get("dn")),
        ("Server", domain.get("server")),
        ("Computed for", plan.get("as_of")),
        ("Made", plan.get("made")),
        ("Expires", plan.get("expires")),
        ("Digest", plan.get("digest")),
        ("Seal", SEALS.get((plan.get("seal") or {}).get("kind"))),
        *((f"Digest of {name}", digests.get(name)) for name in ("feed", "rules", "code")),
    ]
    return [(label, str(text)) for label, text in facts if text]


def _verdict(limits: list[dict], tally: Counter, applied: bool, changes: int) -> dict:
    exceeded = [verdict for verdict in limits if verdict.get("exceeded")]
    if applied:
        failed = {
            state: tally[state]
            for state in (REFUSED, SKIPPED, UNKNOWN, NOT_ATTEMPTED)
            if tally[state]
        }
        text = f"{tally[APPLIED]:,} of {changes:,} changes were applied"
        if failed:
            return {
                "level": "bad",
                "text": text
                + ": "
                + ", ".join(f"{count:,} {state}" for state, count in failed.items()),
            }
        return {"level": "good", "text": text}
    if exceeded:
        actions = ", ".join(str(verdict.get("action")) for verdict in exceeded)
        return {"level": "bad", "text": f"Over its limits: {actions}. Nothing was written"}
    if not changes:
        return {"level": "good", "text": "Nothing to change"}
    if limits:
        return {"level": "good", "text": f"Within its limits. {changes:,} changes are planned"}
    return {"level": "warning", "text": f"{changes:,} changes are planned. No limits are set"}
