# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One case tried: the company that it describes is imagined, the plan is made, and each expectation is compared with what came."""

from __future__ import annotations

from dataclasses import replace

from ..errors import HrisError
from ..planning.after import after
from ..planning.imagined import imagined_snapshot, settled
from ..planning.plan import make_plan
from ..rules.dn import normal
from ..rules.people import people_of
from ..rules.records import keys_of
from ..rules.ruleset import Ruleset
from . import expectations
from .cases import located
from .standing import find_group, names_in, stand


def try_case(case: dict, domain: dict, rules: Ruleset) -> dict:
    """What became of a case (cases.read_cases): {"name", "problems": [problem, …], "error": text or None}.

    A problem is {"what", "expected", "actual", "decided": the rule that decided it}, all texts. error: the rules stopped the run. Raises
    HrisError, naming the place in the case, for what the case itself has wrong.
    """
    lenient = replace(rules, optional_fields=_all_fields(rules))  # a case has the fields that it is about; see check_all
    snapshot = _company(case, domain, lenient)
    try:
        people, findings = people_of(case["employees"], lenient, case["as_of"])
        plan, decided = make_plan(people, findings, snapshot, lenient, case["as_of"])
    except HrisError as error:
        return {"name": case["name"], "problems": [], "error": str(error)}
    scene = {
        "rules": rules,
        "people": people,
        "decided": decided,
        "plan": plan,
        "before": snapshot,
        "after": after(snapshot, plan["changes"]),
        "keys": keys_of(case["employees"], rules),
    }
    problems = []
    for expected in case["expect"]:
        problems += expectations.compared(expected, scene, f"{case['place']}.expect")
    return {"name": case["name"], "problems": problems, "error": None}


def _company(case: dict, domain: dict, rules: Ruleset) -> dict:
    """The snapshot in which the case's accounts stand."""
    people = [{"employee": employee} for employee in case["employees"] + [one for one in case["before"] or [] if one is not None]]
    place = f"{case['place']}.account"
    more = [*domain["groups"], *_groups_of_accounts(case, place)]

    def imagine(accounts, groups):
        return imagined_snapshot([rules], people, accounts, domain["ous"], groups, domain["attributes"])

    empty = imagine([], domain["groups"])
    missing = []
    for name in more:
        try:
            find_group(name, empty, place)
        except HrisError:
            missing.append(name)
    snapshot = imagine([], [*domain["groups"], *missing])
    if case["before"] is not None:
        records = [one for one in case["before"] if one is not None]
        free = replace(rules, actions=None)  # what this configuration may not do, another one did
        former, findings = people_of(records, free, case["before_as_of"])
        snapshot = settled(snapshot, former, findings, free, case["before_as_of"])[0]
    keys = keys_of(case["employees"], rules)
    accounts = {account["guid"]: account for account in snapshot["accounts"]}
    for number, given in enumerate(case["accounts"]):
        if given is None:
            continue
        key = keys[number] if number < len(keys) else None
        employee = case["employees"][number] if number < len(keys) else None
        known = expectations.with_key(snapshot, key, rules) if case["before"] is not None else None
        account = stand(given, known, key, employee, number, snapshot, rules, place)
        if known:
            del accounts[known["guid"]]
        accounts[account["guid"]] = account
    _check_alone(accounts.values(), place)
    found = imagine(list(accounts.values()), [*domain["groups"], *missing])
    return {**found, "containers": list({normal(dn): dn for dn in (*snapshot["containers"], *found["containers"])}.values())}


def _groups_of_accounts(case: dict, place: str) -> list[str]:
    """The groups that the case's accounts are in: they exist, since the case says so."""
    names = [name for given in case["accounts"] if given for name in names_in(given.get("groups"), f"{place}.groups")]
    for name in names:
        if "=" in name:
            located(normal, f"{place}.groups", name)
    return names


def _check_alone(accounts, place: str) -> None:
    seen = set()
    for account in accounts:
        name = normal(account["dn"])
        if name in seen:
            raise HrisError(f"two accounts are {account['dn']}", place=place, hint="Give one of them another dn or cn")
        seen.add(name)


def _all_fields(rules: Ruleset) -> list[str]:
    return sorted({path[0] for expression in rules.employee_expressions for path in expression.paths})
