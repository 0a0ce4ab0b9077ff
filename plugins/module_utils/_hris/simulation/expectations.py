# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is expected of one person, compared with what the rules made: only what is named, each difference with the rule that decided."""

from __future__ import annotations

from ..ad_values.attribute_checks import same_values
from ..ad_values.dn import normal, parent, split
from ..errors import HrisError, did_you_mean
from ..model.findings import ERROR
from ..model.people import HELD, STATES
from ..planning.explain import explain
from ..planning.transitions import ABSENT, ABSENT_TOO_LONG
from ..rules.options import ACTIONS
from ..rules.ruleset import Ruleset
from ..rules.values import to_text, to_texts
from . import attribution
from .cases import located
from .given_accounts import find_group, names_in, spelling

ALL_STATES = (*STATES, ABSENT, ABSENT_TOO_LONG)


def compared(expected: dict, scene: dict, place: str) -> list[dict]:
    """The problems (trial.try_case) of one person. scene: {"rules", "people", "decided", "plan", "before", "after", "keys"}.

    Raises HrisError for a word or name in ``expected`` that there is not.
    """
    seen = located(_seen, f"{place}.key", expected, scene)
    found = []
    for word, value in expected.items():
        if word != "key":
            found += located(_CHECKS[word], f"{place}.{word}", value, seen, f"{place}.{word}")
    return found


def with_key(snapshot: dict, key: str | None, rules: Ruleset) -> dict | None:
    """The account with the key of an employee; None where there is none."""
    name = snapshot.schema[rules.key.casefold()]["name"]
    for account in snapshot.accounts if key else ():
        if key.casefold() in map(str.casefold, account.attributes.get(name, ())):
            return account
    return None


def _seen(expected: dict, scene: dict) -> dict:
    """All that the checks look at of the person whom an expectation is about."""
    key = to_text(expected["key"]) if "key" in expected else next(iter(scene["keys"]), None)
    fold = (key or "").casefold()
    plan, rules = scene["plan"], scene["rules"]
    mine = [
        (person, account)
        for person, account, _decision in scene["decided"]
        if (person.key or "").casefold() == fold
    ]
    person = next(
        (one for one in scene["people"] if one.key.casefold() == fold),
        mine[0][0] if mine else None,
    )
    before = mine[0][1] if mine else with_key(scene["before"], key, rules)
    changes = [
        change for change in plan.changes if (change.key or "").casefold() == fold and change.key
    ]
    now = next(
        (
            account
            for account in scene["after"]["accounts"]
            if before and account.guid == before["guid"]
        ),
        None,
    )
    return scene | {
        "key": key,
        "person": person,
        "changes": changes,
        "findings": [entry for entry in plan.findings if (entry.key or fold).casefold() == fold],
        "account": before,
        "now": now if before else with_key(scene["after"], key, rules),
        "explained": explain(person, before, plan, rules, scene["before"]) if person else None,
    }


def _problem(what: str, expected, actual, decided: str) -> dict:
    return {
        "what": what,
        "expected": _shown(expected),
        "actual": _shown(actual),
        "decided": decided,
    }


def _shown(value) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(one) for one in value) or "none"
    return (
        "none"
        if value is None
        else {True: "true", False: "false"}[value]
        if isinstance(value, bool)
        else str(value)
    )


def _state(value, seen: dict, place: str) -> list[dict]:
    if value not in ALL_STATES:
        raise HrisError(
            f"unknown state '{value}'", place=place, hint=did_you_mean(str(value), ALL_STATES)
        )
    actual = seen["person"]["state"] if seen["person"] else None
    return [] if actual == value else [_problem("state", value, actual, attribution.of_state(seen))]


def _actions(value, seen: dict, place: str) -> list[dict]:
    wanted = names_in(value, place)
    for action in wanted:
        if action not in ACTIONS:
            raise HrisError(
                f"unknown action '{action}'", place=place, hint=did_you_mean(action, ACTIONS)
            )
    actual = list(dict.fromkeys(change.action for change in seen["changes"]))
    return (
        []
        if set(actual) == set(wanted)
        else [_problem("actions", wanted, actual, attribution.of_changes(seen))]
    )


def _nothing(value: bool, seen: dict, _place: str) -> list[dict]:
    return (
        []
        if value is not bool(seen["changes"])
        else [_problem("nothing", value, not seen["changes"], attribution.of_changes(seen))]
    )


def _attributes(value: dict, seen: dict, place: str) -> list[dict]:
    found = []
    schema = seen["before"]["schema"]
    for name, wanted in value.items():
        spelled = spelling(name, schema, place)
        definition = schema[spelled.casefold()]
        texts = to_texts(wanted)
        if definition.syntax == "dn":
            texts = [_account_called(text, seen, f"{place}.{name}") for text in texts]
        actual = seen["now"]["attributes"].get(spelled, []) if seen["now"] else []
        if not same_values(actual, texts, definition):
            found.append(
                _problem(
                    f"attributes.{name}", texts, actual, attribution.of_attribute(spelled, seen)
                )
            )
    return found


def _account_called(text: str, seen: dict, place: str) -> str:
    """The DN of the account that a reference is expected to name, by its DN or by its employee's key."""
    if "=" in text:
        return text
    account = with_key(seen["after"], text, seen["rules"])
    if account is None:
        raise HrisError(
            f"no account has the key '{text}'",
            place=place,
            hint="Name the other one by key or DN, and give the case its record",
        )
    return account.dn


def _unchanged(value, seen: dict, place: str) -> list[dict]:
    found = []
    for name in names_in(value, place):
        spelled = spelling(name, seen["before"]["schema"], place)
        for change in seen["changes"]:
            values = change.attributes.get(spelled)
            if spelled == "cn" and change.to:
                values = {"before": [split(change.dn)[0]], "after": [split(change.to)[0]]}
            if values and values.before != values.after:
                found.append(
                    _problem(
                        f"unchanged {name}",
                        values.before,
                        values.after,
                        attribution.of_attribute(spelled, seen),
                    )
                )
    return found


def _exists(value: bool, seen: dict, _place: str) -> list[dict]:
    actual = seen["now"] is not None
    return (
        [] if actual is value else [_problem("exists", value, actual, attribution.of_changes(seen))]
    )


def _enabled(value: bool, seen: dict, _place: str) -> list[dict]:
    actual = seen["now"]["enabled"] if seen["now"] else None
    return (
        []
        if actual is value
        else [_problem("enabled", value, actual, attribution.of_changes(seen))]
    )


def _dn(value, seen: dict, place: str) -> list[dict]:
    return _place("dn", value, seen["now"] and seen["now"]["dn"], seen, place)


def _ou(value, seen: dict, place: str) -> list[dict]:
    return _place("ou", value, seen["now"] and parent(seen["now"]["dn"]), seen, place)


def _place(what: str, value, actual: str | None, seen: dict, place: str) -> list[dict]:
    wanted = located(normal, place, str(value))
    same = actual is not None and wanted == normal(actual)
    return [] if same else [_problem(what, value, actual, attribution.of_place(seen))]


def _groups(value, seen: dict, place: str) -> list[dict]:
    """A list: all groups at the end. given, taken: all that the run gives or takes. in, not_in: some, at the end."""
    value = value if isinstance(value, dict) else {"whole": value}
    end = {normal(dn): dn for dn in (seen["now"]["groups"] if seen["now"] else [])}
    by_action = {
        action: {
            normal(change.group): change.group
            for change in seen["changes"]
            if change.action == action
        }
        for action in ("group_add", "group_remove")
    }
    actual = {
        "whole": end,
        "given": by_action["group_add"],
        "taken": by_action["group_remove"],
        "in": end,
        "not_in": end,
    }
    found = []
    for word, names in value.items():
        wanted = {
            normal(dn): dn
            for name in names_in(names, place)
            for dn in [find_group(name, seen["before"], place)]
        }
        there = set(actual[word])
        wrong = {"in": set(wanted) - there, "not_in": set(wanted) & there}.get(
            word, set(wanted) ^ there
        )
        if wrong:
            what = "groups" if word == "whole" else f"groups.{word}"
            shown = (
                [_short(one) for one in wanted.values()],
                [_short(one) for one in actual[word].values()],
            )
            found.append(_problem(what, *shown, attribution.of_groups(sorted(wrong), seen)))
    return found


def _short(dn: str) -> str:
    return dn.partition(",")[0].partition("=")[2]


def _findings(value, seen: dict, place: str) -> list[dict]:
    """All findings about the person, by kind, with a place or words of the message where the case names them."""
    value = [value] if isinstance(value, (str, dict)) else value or []
    if not isinstance(value, list):
        raise HrisError("findings are a list of kinds", place=place)
    left, missing = list(seen["findings"]), []
    for one in value:
        one = {"kind": one} if isinstance(one, str) else one
        met = next((entry for entry in left if _meets(entry, one)), None)
        if met:
            left.remove(met)
        else:
            missing.append(one)
    if not left and not missing:
        return []
    expected = [one if isinstance(one, str) else " ".join(map(str, one.values())) for one in value]
    return [
        _problem(
            "findings",
            expected,
            [entry.kind for entry in seen["findings"]],
            attribution.of_findings(seen),
        )
    ]


def _meets(entry: dict, wanted: dict) -> bool:
    same = all(entry[word] == wanted[word] for word in ("kind", "place") if word in wanted)
    return same and str(wanted.get("message", "")) in entry.message


def _held(value, seen: dict, _place: str) -> list[dict]:
    """true, false, or words of the reason."""
    reasons = [entry.message for entry in seen["findings"] if entry.severity == ERROR]
    held = bool(reasons) or bool(seen["person"] and seen["person"]["state"] == HELD)
    met = any(value in reason for reason in reasons) if isinstance(value, str) else held is value
    return [] if met else [_problem("held", value, reasons or held, attribution.of_changes(seen))]


_CHECKS = {
    "state": _state,
    "nothing": _nothing,
    "actions": _actions,
    "attributes": _attributes,
    "unchanged": _unchanged,
    "exists": _exists,
    "enabled": _enabled,
    "dn": _dn,
    "ou": _ou,
    "groups": _groups,
    "findings": _findings,
    "held": _held,
}
