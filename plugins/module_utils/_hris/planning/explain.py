# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why one account is as it is: each value with the rule and the field of HR that it comes from."""

from __future__ import annotations

from ..ad_values.attribute_checks import same_values
from ..ad_values.dn import normal
from ..errors import HrisError
from ..rules.mapping import Attribute, UnmappedError, reference_value, wanted_values
from ..rules.ruleset import Ruleset
from ..rules.values import to_text
from .ownership import mark_of
from .summary import HIDDEN


def explain(person: dict, account: dict | None, plan: dict, rules: Ruleset, snapshot: dict) -> dict:
    """What the rules make of one person; RETURN of the module sync describes it (explanation).

    account: the one that is correlated, or None. plan: of make_plan, from which the person's changes and findings are taken.
    """
    changes = [change for change in plan["changes"] if change["key"] == person["key"]]
    return {
        "key": person["key"],
        "state": person["state"],
        "dates": {name: person[name] for name in ("start", "end", "today", "zone")}
        | {"first_day_without_access": person["locked"]},
        "account": _account(account, rules, snapshot["schema"]),
        "attributes": [
            _attribute(line, person, account, changes, rules, snapshot)
            for line in _lines(person, rules)
        ],
        "names": [_name(name, account, changes, rules) for name in rules.naming.attributes],
        "placement": [
            _assignment(rule, person) | {"ou": rule.ou.source} for rule in rules.placement
        ],
        "groups": [
            _assignment(rule, person)
            | {"group": name, "member": _is_member(name, account, snapshot)}
            for rule in rules.groups
            for name in rule.groups
        ],
        "changes": [_shown_change(change, rules) for change in changes],
        "findings": [finding for finding in plan["findings"] if finding["key"] == person["key"]],
        "employee": person["employee"],
    }


def _lines(person: dict, rules: Ruleset) -> list[Attribute]:
    return rules.leaver_mapping if person["state"] == "leaver" else rules.mapping


def _account(account: dict | None, rules: Ruleset, schema: dict) -> dict | None:
    if account is None:
        return None
    mark = mark_of(account, schema[rules.ownership["attribute"].casefold()]["name"])
    return {
        "dn": account["dn"],
        "guid": account["guid"],
        "enabled": account["enabled"],
        "mark": dict(mark) if mark else None,
    }


def _attribute(
    line: Attribute,
    person: dict,
    account: dict | None,
    changes: list[dict],
    rules: Ruleset,
    snapshot: dict,
) -> dict:
    definition = snapshot["schema"][line.name.casefold()]
    now = account["attributes"].get(definition["name"], []) if account else []
    found = {
        "attribute": line.name,
        "rule": line.place,
        "source": line.source.source if line.source else "(constant)",
        "now": now,
    }
    try:
        wanted = (
            _reference(line, person)
            if line.is_reference
            else wanted_values(line, person["employee"])
        )
        found |= {"wanted": wanted, "why": _why(line, wanted, now, definition, account, changes)}
    except (HrisError, UnmappedError) as error:
        found |= {"wanted": None, "why": f"left as it is: {error}"}
    if line.name.casefold() in rules.redact:
        found |= {name: HIDDEN for name in ("now", "wanted") if found[name]}
    return found


def _reference(line: Attribute, person: dict) -> list[str] | None:
    other = person["references"].get(line.name, reference_value(line, person["employee"]))
    return [other] if other else [] if line.name in person["references"] else None


def _why(
    line: Attribute,
    wanted: list | None,
    now: list,
    definition: dict,
    account: dict | None,
    changes: list[dict],
) -> str:
    for change in changes:
        if definition["name"] in change.get("attributes", {}) or line.name in change.get(
            "attributes", {}
        ):
            return f"written with {change['action']}"
    if wanted is None:
        return "left as it is: HR has no value, and the rule keeps what is there"
    if account is None:
        return "not written: no account is created"
    if line.apply == "on_create":
        return "left as it is: set when an account is created, and IT's afterwards"
    if line.is_reference or same_values(now, wanted, definition):
        return "nothing to write: the account has it"
    return (
        "left as it is: only reported"
        if line.apply == "report"
        else "not written: see the findings"
    )


def _name(name: str, account: dict | None, changes: list[dict], rules: Ruleset) -> dict:
    rule = rules.naming.attributes[name]
    for change in changes:
        if name == "cn" and change["action"] in ("create", "rename"):
            return {
                "attribute": name,
                "rule": rule.place,
                "source": rule.source,
                "why": f"given with {change.get('to', change['dn'])}",
            }
        if name in change.get("attributes", {}):
            after = "; ".join(change["attributes"][name]["after"])
            return {
                "attribute": name,
                "rule": rule.place,
                "source": rule.source,
                "why": f"given: {after}",
            }
    return {
        "attribute": name,
        "rule": rule.place,
        "source": rule.source,
        "why": "kept: names are given once" if account else "not given: no account is created",
    }


def _assignment(rule, person: dict) -> dict:
    when = rule.when.source if rule.when else None
    try:
        holds = rule.when is None or bool(rule.when.evaluate(person["employee"]))
    except HrisError as error:
        return {"rule": rule.place, "when": when, "holds": False, "why": str(error)}
    return {"rule": rule.place, "when": when, "holds": holds}


def _is_member(name: str, account: dict | None, snapshot: dict) -> bool:
    if account is None:
        return False
    direct = {normal(dn) for dn in account["groups"]}
    return any(
        normal(group["dn"]) in direct
        for group in snapshot["groups"]
        if group["name"].casefold() == name.casefold() or group["dn"] == name
    )


def _shown_change(change: dict, rules: Ruleset) -> dict:
    hidden = {
        name: {when: [HIDDEN] if texts else [] for when, texts in values.items()}
        if name.casefold() in rules.redact
        else values
        for name, values in change.get("attributes", {}).items()
    }
    return change | ({"attributes": hidden} if hidden else {})


def find_person(people: list[dict], key: str) -> dict | None:
    """The person with the key, case aside."""
    return next(
        (person for person in people if person["key"].casefold() == key.strip().casefold()), None
    )


def lines_of(found: dict) -> list[str]:
    """An explanation for reading, a line for each statement."""
    dates = {name: value for name, value in found["dates"].items() if value}
    account = found["account"]
    stands = (
        f"{account['dn']} ({'enabled' if account['enabled'] else 'disabled'}, mark {_mark(account['mark'])})"
        if account
        else "none"
    )
    lines = [
        f"{found['key']}: {found['state']}; "
        + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in dates.items()),
        f"account: {stands}",
    ]
    for entry in found["attributes"]:
        wanted, now = _text(entry["wanted"]), _text(entry["now"])
        lines.append(
            f"{entry['attribute']} = {wanted} from {entry['source']} ({entry['rule']}); is {now}: {entry['why']}"
        )
    lines += [
        f"{entry['attribute']} from {entry['source']} ({entry['rule']}): {entry['why']}"
        for entry in found["names"]
    ]
    chosen = next((entry for entry in found["placement"] if entry["holds"]), None)
    lines.append(f"place: {chosen['ou']} ({chosen['rule']})" if chosen else "place: no rule holds")
    lines += [
        f"group {entry['group']} ({entry['rule']}{', when ' + entry['when'] if entry['when'] else ''}): "
        f"{'given' if entry['holds'] else 'not given'}, {'a member' if entry['member'] else 'no member'} now"
        for entry in found["groups"]
    ]
    lines += [
        f"change: {change['action']} ({change['reason']})"
        + (f" {change['group']}" if "group" in change else "")
        for change in found["changes"]
    ]
    lines += [f"{finding['severity']}: {finding['message']}" for finding in found["findings"]]
    return lines if found["changes"] else [*lines, "nothing is written"]


def _mark(mark: dict | None) -> str:
    return (
        " ".join(f"{name}={to_text(value)}" for name, value in mark.items() if value)
        if mark
        else "none"
    )


def _text(values) -> str:
    return (
        values
        if isinstance(values, str)
        else "(nothing)"
        if values is None
        else "; ".join(values) or "(empty)"
    )
