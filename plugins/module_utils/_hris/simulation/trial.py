# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One case tried: a directory is simulated, a plan is made, and expectations are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from ..ad_values.dn import normal
from ..ad_values.unique_names import comparable
from ..errors import HrisError
from ..model.directory import Account, Snapshot
from ..planning.former_names import FormerNames
from ..planning.plan import make_plan
from ..rules.people import Feed, check_feed, people_of
from ..rules.records import keys_of
from ..rules.ruleset import Ruleset
from .application import apply_simulated
from .case_domain import CaseDomain
from .case_results import CaseResult
from .case_values import CaseError, located, names_in
from .cases import Case
from .expectations import problems_of
from .given_accounts import GivenAccount, find_group, given_account
from .person_outcome import CaseRun, account_with_key
from .simulated_directory import left_over, simulated_snapshot


def try_case(case: Case, domain: CaseDomain, rules: Ruleset) -> CaseResult:
    """What became of a case. Raises CaseError for a case that is written wrongly."""
    # The module looks at the fields of all cases together: one case may lack a field
    fields = {path[0] for expression in rules.record_expressions for path in expression.paths}
    lenient = replace(rules.on(case.as_of), optional_fields=sorted(fields), of_day=None)
    try:
        run = _run(case, domain, lenient)
    except CaseError:
        raise
    except HrisError as error:
        return CaseResult(case.name, error=str(error))
    result = CaseResult(case.name)
    for expectation in case.expect:
        result.problems += problems_of(expectation, run, f"{case.place}.expect")
    return result


def _run(case: Case, domain: CaseDomain, rules: Ruleset) -> CaseRun:
    snapshot = _directory(case, domain, rules)
    source = people_of(case.employees, rules, case.as_of)
    taken = map(comparable, domain.taken_names)
    name = snapshot.domain.name
    former = FormerNames(case.as_of.date(), name, in_file=taken) if domain.taken_names else None
    planned = make_plan([source], snapshot, case.as_of, former=former)
    return CaseRun(
        rules=rules,
        people=source.people,
        keys=keys_of(case.employees, rules.key_line),
        planned=planned,
        before=snapshot,
        after=apply_simulated(snapshot, planned.plan.changes),
    )


def _directory(case: Case, domain: CaseDomain, rules: Ruleset) -> Snapshot:
    """The directory before the run: what earlier runs left, with the accounts of the case."""
    simulate = partial(
        simulated_snapshot,
        [rules],
        case.records,
        ous=domain.ous,
        attributes=domain.attributes,
    )
    known = simulate(groups=domain.groups)
    groups = [*domain.groups, *_unknown_groups(case, known)]
    snapshot = simulate(groups=groups)
    if case.before:
        before = Feed(rules, case.before)
        check_feed(before)
        snapshot = left_over(snapshot, [before], case.before_as_of).snapshot
    accounts = _accounts(case, snapshot, rules)
    complete = simulate(accounts=accounts, groups=groups)
    containers = [*snapshot.containers, *complete.containers]
    return replace(
        complete,
        deleted=snapshot.deleted,
        containers=list({normal(dn): dn for dn in containers}.values()),
    )


def _unknown_groups(case: Case, snapshot: Snapshot) -> list[str]:
    """The groups that only accounts of the case name: they exist, because the case says so."""
    place = f"{case.place}.account.groups"
    unknown = []
    for words in case.accounts:
        for name in names_in((words or {}).get("groups"), place):
            if "=" in name:
                located(normal, place, name)
            try:
                find_group(name, snapshot, place)
            except CaseError:
                unknown.append(name)
    return unknown


def _accounts(case: Case, snapshot: Snapshot, rules: Ruleset) -> list[Account]:
    """The accounts of the snapshot, and those that the case writes over them or beside them."""
    place = f"{case.place}.account"
    keys = keys_of(case.employees, rules.key_line)
    accounts = {account.guid: account for account in snapshot.accounts}
    positions = enumerate(zip_longest(case.accounts, keys, case.employees))
    for number, (words, key, record) in positions:
        if words is None:
            continue
        former = account_with_key(snapshot, key, rules)
        given = GivenAccount(words, place, number, key, record, former)
        account = located(given_account, place, given, snapshot, rules)
        if former:
            accounts.pop(former.guid, None)  # two records of a case can have one account
        accounts[account.guid] = account
    _check_names(accounts.values(), place)
    return list(accounts.values())


def _check_names(accounts: Iterable[Account], place: str) -> None:
    names: set[str] = set()
    for account in accounts:
        name = normal(account.dn)
        if name in names:
            hint = "Give one of them another dn or cn"
            raise CaseError(f"two accounts are {account.dn}", place, hint)
        names.add(name)
