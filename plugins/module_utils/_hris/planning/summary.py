# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan or an outcome for people: short summaries and diffs, bounded in size and with personal values hidden."""

from __future__ import annotations

from collections import Counter

from ..model.findings import ERROR, INFO, WARNING

HIDDEN = "(hidden)"
DIFF_CHARACTERS = (
    200_000  # AWX drops a whole task result over 700,000 characters without a word (measured)
)
NAMES_OF_DISABLED = {True: "disabled", False: "enabled"}


def summary(plan: dict) -> dict:
    """The counts of a plan: people by state, changes by action, findings by kind, accounts concerned, and how
    people and accounts were matched."""
    return {
        "people": plan["people"],
        "changes": plan["counts"],
        "accounts": len({entry["key"] for entry in plan["changes"]} - {None}),
        "findings": dict(sorted(Counter(entry["kind"] for entry in plan["findings"]).items())),
        "matched": plan["matched"],
    }


def sentence(plan: dict) -> str:
    """The plan in one line: ``elmo: 3 create, 1 disable; 2 findings``."""
    counts = (
        ", ".join(f"{count} {action}" for action, count in plan["counts"].items())
        or "nothing to change"
    )
    findings = len(plan["findings"])
    return f"{plan['source']}: {counts}" + (
        f"; {findings} finding{'s' if findings != 1 else ''}" if findings else ""
    )


def report(plan: dict, most: int) -> list[str]:
    """The plan's sentence and its findings, one line each, at most ``most`` of them, errors first."""
    order = {ERROR: 0, WARNING: 1, INFO: 2}
    findings = sorted(plan["findings"], key=lambda entry: order[entry["severity"]])
    lines = [
        f"{entry['severity']}: {entry['key'] or '-'}: {entry['message']}"
        for entry in findings[:most]
    ]
    if len(findings) > most:
        lines.append(f"and {len(findings) - most} more findings; the plan file has them all")
    return [sentence(plan), *lines]


def diff(plan: dict, redact: frozenset, most: int) -> list[dict]:
    """Ansible diffs, one for each account in the plan's order, at most ``most`` of them and bounded in size.

    redact: attribute names in lower case whose values are hidden. The last diff says how many accounts were left out.
    """
    accounts: dict[str, list[dict]] = {}
    for entry in plan["changes"]:
        accounts.setdefault(entry["key"] or entry["dn"], []).append(entry)
    shown, size = [], 0
    for key, entries in accounts.items():
        one = _account_diff(key, entries, redact)
        size += sum(map(len, one.values()))
        if len(shown) >= most or size > DIFF_CHARACTERS:
            left = len(accounts) - len(shown)
            shown.append(
                {
                    "before_header": "…",
                    "after_header": "…",
                    "before": "",
                    "after": f"and {left} more accounts; the plan file has them all\n",
                }
            )
            break
        shown.append(one)
    return shown


def _account_diff(key: str, entries: list[dict], redact: frozenset) -> dict:
    before, after = [], []
    for entry in entries:
        for name, values in entry.get("attributes", {}).items():
            _lines(before, name, values["before"], redact)
            _lines(after, name, values["after"], redact)
        if entry["action"] == "create_ou":
            after.append("dn: " + entry["dn"])
        if entry["action"] == "delete":
            before.append("dn: " + entry["dn"])
        if entry.get("password"):
            after.append("password: (random, shown to nobody)")
        if entry["action"] == "create":
            after += ["dn: " + entry["dn"], "password: (random, shown to nobody)"]
        if "to" in entry:
            before.append("dn: " + entry["dn"])
            after.append("dn: " + entry["to"])
        if "group" in entry:
            (after if entry["action"] == "group_add" else before).append("group: " + entry["group"])
    header = f"{key} {entries[0]['dn']}"
    actions = ", ".join(dict.fromkeys(entry["action"] for entry in entries))
    return {
        "before_header": header,
        "after_header": f"{header} ({actions})",
        "before": _text(before),
        "after": _text(after),
    }


def _lines(lines: list[str], name: str, values: list[str], redact: frozenset) -> None:
    if name == "userAccountControl":
        lines += [f"account: {NAMES_OF_DISABLED[bool(int(value) & 2)]}" for value in values]
    elif name.casefold() in redact:
        lines += [f"{name}: {HIDDEN}"] if values else []
    else:
        lines += [f"{name}: {value}" for value in values]


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
