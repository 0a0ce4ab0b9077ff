# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One case tried: the company that it describes is imagined, the plan is made, and each expectation is compared with what came."""

from __future__ import annotations

from dataclasses import replace

from ..ad_values.dn import normal
from ..errors import HrisError
from ..planning.plan import make_plan
from ..rules.people import people_of
from ..rules.records import keys_of
from ..rules.ruleset import Ruleset
from . import expectations
from .application import after
from .cases import located
from .given_accounts import find_group, names_in, stand
from .simulated_directory import imagined_snapshot, worked_on


def try_case(case: dict, domain: dict, rules: Ruleset) -> dict:
    """What became of a case (cases.read_cases): {"name", "problems": [problem, …], "error": text or None}.

    A problem is {"what", "expected", "actual", "decided": the rule that decided it}, all texts. error: the rules stopped the run. Raises
    HrisError, naming the place in the case, for what the case itself has wrong.
    """
    lenient = replace(
        rules, optional_fields=_all_fields(rules)
    )  # rehearsing.test_rules looks at the fields of all cases together
    imagine = _imagining(case, domain, lenient)
    snapshot, former = (
        imagine([]),
        [record for record in case["before"] or [] if record is not None],
    )
    try:
        if former:
            snapshot = worked_on(snapshot, former, lenient, case["before_as_of"])[0]
        snapshot = _with_accounts(case, snapshot, lenient, imagine)
        people, findings = people_of(case["employees"], lenient, case["as_of"])
        plan, decided = make_plan(people, findings, snapshot, lenient, case["as_of"])
    except _CaseError as error:
        raise error.reason from None
    except HrisError as error:
        return {"name": case["name"], "problems": [], "error": str(error)}
    scene = {
        "rules": rules,
        "people": people,
        "decided": decided,
        "plan": plan,
        "before": snapshot,
        "after": after(snapshot, plan.changes),
        "keys": keys_of(case["employees"], rules),
    }
    problems = []
    for expected in case["expect"]:
        problems += expectations.compared(expected, scene, f"{case['place']}.expect")
    return {"name": case["name"], "problems": problems, "error": None}


class _CaseError(Exception):
    """Carries the HrisError about what the case itself has wrong past those of the rules."""

    def __init__(self, reason: HrisError):
        super().__init__(str(reason))
        self.reason = reason


def _imagining(case: dict, domain: dict, rules: Ruleset):
    """The function from accounts to a snapshot in which they stand, with all that rules, case and domain name."""
    people = [
        {"employee": employee}
        for employee in (*case["employees"], *(case["before"] or ()))
        if employee is not None
    ]
    place = f"{case['place']}.account"

    def imagine(accounts, groups=domain.groups):
        return imagined_snapshot(
            [rules], people, accounts, domain["ous"], groups, domain.attributes
        )

    known, missing = imagine([]), []
    for name in _groups_of_accounts(case, place):
        try:
            find_group(name, known, place)
        except HrisError:
            missing.append(name)
    return lambda accounts: imagine(accounts, [*domain.groups, *missing])


def _with_accounts(case: dict, snapshot: dict, rules: Ruleset, imagine) -> dict:
    """The snapshot with the accounts that the case has written by hand."""
    keys, place = keys_of(case["employees"], rules), f"{case['place']}.account"
    accounts = {account.guid: account for account in snapshot.accounts}
    for number, given in enumerate(case["accounts"]):
        if given is None:
            continue
        key, employee = (
            (keys[number], case["employees"][number]) if number < len(keys) else (None, None)
        )
        known = expectations.with_key(snapshot, key, rules)
        try:
            account = stand(given, known, key, employee, number, snapshot, rules, place)
        except HrisError as error:
            raise _CaseError(error) from None
        if known:
            del accounts[known.guid]
        accounts[account.guid] = account
    _check_alone(accounts.values(), place)
    found = imagine(list(accounts.values()))
    return {
        **found,
        "deleted": snapshot.deleted,
        "containers": list(
            {normal(dn): dn for dn in (*snapshot.containers, *found["containers"])}.values()
        ),
    }


def _groups_of_accounts(case: dict, place: str) -> list[str]:
    """The groups that the case's accounts are in: they exist, since the case says so."""
    names = [
        name
        for given in case["accounts"]
        if given
        for name in names_in(given.get("groups"), f"{place}.groups")
    ]
    for name in names:
        if "=" in name:
            located(normal, f"{place}.groups", name)
    return names


def _check_alone(accounts, place: str) -> None:
    seen = set()
    for account in accounts:
        name = normal(account.dn)
        if name in seen:
            raise _CaseError(
                HrisError(
                    f"two accounts are {account['dn']}",
                    place=place,
                    hint="Give one of them another dn or cn",
                )
            )
        seen.add(name)


def _all_fields(rules: Ruleset) -> list[str]:
    return sorted({path[0] for expression in rules.record_expressions for path in expression.paths})
