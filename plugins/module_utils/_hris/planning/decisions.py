# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done for one person: the step, the names and the place. Decided for all people before any
change is made up,

because references ask where the accounts of other people are at the end of the run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..ad_values.equality import as_written
from ..data_class import field, mutable
from ..errors import HrisError
from ..model.directory import Account
from ..model.findings import Finding
from ..model.people import HELD, Person
from ..model.plan import ValueChange, ValueChanges
from ..rules.desired_state import DesiredState, desired_state
from . import lifecycle_steps
from .account_index import values_of
from .allocations import Allocations
from .context import Context
from .contributions import NONE, Contribution, contribution_of
from .differing_values import differing_values, without
from .following_names import (
    NO_NAMES,
    FollowedNames,
    follow_names,
    former_names,
    outdated_names,
    release_names,
    words_of,
)
from .names import choose_names, keeps_dn, settle_dn
from .names_of_person import PassedOver
from .ownership import Mark, mark_of
from .transitions import FOLLOW, FOLLOWING, LEAVE_CARE, Step
from .value_checks import check_values, refused_values, release_values, take_values

# Shared by all people for whom there is nothing to note, which is nearly everybody; never changed
NO_DIFFERENCES: ValueChanges = {}
NO_VALUES: dict[str, list[str]] = {}
NO_FINDINGS: list[Finding] = []


@mutable
class Decision:
    """What is done for one person."""

    step: Step
    dn: str  # of the account at the end of the run; "" for no account
    names: Mapping[str, str] = field(default_factory=dict)  # {attribute: name} that are given
    wanted: Mapping[str, Sequence[str]] = field(default_factory=dict)  # values of a new account
    differences: ValueChanges = field(default_factory=dict)  # of an existing account
    groups: tuple[str, ...] = ()  # birthright groups, as the rules name them
    contribution: Contribution = NONE  # what other sources say about the groups
    findings: list[Finding] = field(default_factory=list)
    lost: Collection[str] = ()  # addresses in lower case that another account takes in exchange
    passed_over: Sequence[PassedOver] = ()  # names that the person does not get


class _Values(NamedTuple):
    """What changes of the values of an existing account."""

    differences: ValueChanges
    contribution: Contribution
    findings: list[Finding]


NO_CHANGES = _Values(NO_DIFFERENCES, NONE, NO_FINDINGS)  # of nearly everybody


def decide(
    context: Context,
    allocations: Allocations,
    person: Person,
    account: Account | None,
    may_allocate: bool = True,
) -> Decision | None:
    """What is done for a person.

    None where a name or a place has to be found and may_allocate is not given, because names go to
    the earlier person. Raises HrisError for what holds the person.
    """
    if account is None:
        return _decide_new(context, allocations, person, may_allocate)
    mark, is_ordinary = mark_of(account, context.mark), context.is_ordinary(person, account)
    step = FOLLOWING
    if not is_ordinary:
        step = lifecycle_steps.choose_step(person, account, mark, context.rules)
    current = account.attributes if context.spelled_alike else NO_VALUES
    desired, findings = desired_state(person, context.rules, current)
    values: _Values | None = NO_CHANGES
    if desired.attributes or not is_ordinary:
        values = _values(context, allocations, person, account, mark, step, desired, may_allocate)
    if values is None:
        return None
    named = _names_and_place(context, allocations, person, account, step, desired, may_allocate)
    if named is None:
        return None
    return Decision(
        step,
        named.dn,
        named.names,
        NO_VALUES,
        values.differences,
        desired.groups,
        values.contribution,
        [*findings, *values.findings, *named.findings] or NO_FINDINGS,
        passed_over=named.passed_over,
    )


def _values(
    context: Context,
    allocations: Allocations,
    person: Person,
    account: Account,
    mark: Mark | None,
    step: Step,
    desired: DesiredState,
    may_allocate: bool,
) -> _Values | None:
    """The values that differ, and what other sources say; None as decide."""
    _check_identity(context, person, account, mark, step, desired)
    if person.employment:
        _keep_key(person, account, desired, context.rules.key)
    if not step.care:
        return NO_CHANGES
    differences, findings = differing_values(context, person, account, mark, step, desired)
    if not context.unique.isdisjoint(differences):
        if not may_allocate:
            return None
        taken = take_values(context, allocations, person, account, account.dn, differences)
        differences = without(differences, taken)
        findings += taken.values()
    contribution = NONE
    if person.employment or (mark and mark.is_shared(person.source)):
        contribution = contribution_of(context, person, mark)
    return _Values(differences or NO_DIFFERENCES, contribution, findings)


def _names_and_place(
    context: Context,
    allocations: Allocations,
    person: Person,
    account: Account,
    step: Step,
    desired: DesiredState,
    may_allocate: bool,
) -> FollowedNames | None:
    """As follow_names, for whatever the step is."""
    if step.care == FOLLOW:
        found = follow_names(context, allocations, person, account, desired, may_allocate)
        if found is None:
            return None
        if context.rules.naming.on_change != "report":
            return found
        more = outdated_names(context, person, account, desired)
        return found._replace(findings=[*found.findings, *more])
    ou = context.rules.leaver.move_to
    if step.care != LEAVE_CARE or not ou or keeps_dn(None, account, ou):
        return FollowedNames(NO_NAMES, account.dn)
    if not may_allocate:
        return None
    return FollowedNames(NO_NAMES, settle_dn(None, account, ou, allocations.names))


def lock_only(person: Person, account: Account, context: Context) -> Decision:
    """The decision for somebody who has left, but for whom nothing else can be decided."""
    mark = mark_of(account, context.mark)
    alone = replace(person, state=HELD, has_left=True)
    step = lifecycle_steps.choose_step(alone, account, mark, context.rules)
    return Decision(step, account.dn)


def _keep_key(person: Person, account: Account, desired: DesiredState, key: str) -> None:
    """Keep the key of the account, when it is one of the person's keys."""
    keys = {one.casefold() for one in person.keys}
    if any(value.casefold() in keys for value in values_of(account, key)):
        desired.attributes.pop(key, None)


def _check_identity(
    context: Context,
    person: Person,
    account: Account,
    mark: Mark | None,
    step: Step,
    desired: DesiredState,
) -> None:
    """Raise IdentityError where the account may be that of somebody else."""
    if step.care == FOLLOW:
        context.identity.check_account(person, account, mark, desired.attributes)
    elif person.has_left and (step.switch or step.care):  # to lock, to follow a leaver, to delete
        context.identity.check_leaver(person, account, mark)


def _decide_new(
    context: Context, allocations: Allocations, person: Person, may_allocate: bool
) -> Decision | None:
    """As decide, for a person without an account."""
    rules = context.rules
    step = lifecycle_steps.choose_step(person, None, None, rules)
    if not step.switch:
        return Decision(step, "", NO_NAMES, NO_VALUES, NO_DIFFERENCES, (), NONE, NO_FINDINGS)
    if not may_allocate:
        return None
    desired, findings = desired_state(person, rules, NO_VALUES)
    context.identity.check_new(person, desired.attributes)
    words = words_of(context, context.naming_lines, person, None, desired)
    wanted, refused = _creatable(context, person, desired.attributes)
    findings += refused
    ou = allocations.ou_for(desired, person.source)
    chosen = choose_names(rules.naming, words, ou, allocations.names_for(person, None))
    check_values(context, {name: [text] for name, text in chosen.names.items()})
    findings += former_names(context, person, chosen.passed_over)
    new = {
        name: ValueChange([], list(texts))
        for name, texts in wanted.items()
        if name in context.unique
    }
    taken = take_values(context, allocations, person, None, chosen.dn, new)
    if taken:
        wanted = {name: texts for name, texts in wanted.items() if name not in taken}
        findings += taken.values()
    contribution = contribution_of(context, person, None) if person.employment else NONE
    return Decision(
        step,
        chosen.dn,
        chosen.names,
        wanted,
        groups=desired.groups,
        contribution=contribution,
        findings=findings,
        passed_over=chosen.passed_over,
    )


def _creatable(
    context: Context, person: Person, desired: Mapping[str, Sequence[str]]
) -> tuple[Mapping[str, Sequence[str]], list[Finding]]:
    """(the values that a new account can have, findings about the others)."""
    wanted: Mapping[str, Sequence[str]] = {
        name: as_written(texts, context.definitions[name])
        for name, texts in desired.items()
        if texts
    }
    refused = refused_values(context, person, wanted)
    if refused:
        wanted = {name: texts for name, texts in wanted.items() if name not in refused}
    return wanted, list(refused.values())


def release(context: Context, allocations: Allocations, person: Person, account: Account) -> None:
    """Note what an account probably gives up in this run, before anybody takes it."""
    taken = allocations.names
    mark = mark_of(account, context.mark)
    try:
        step = lifecycle_steps.choose_step(person, account, mark, context.rules)
        current = account.attributes if context.spelled_alike else NO_VALUES
        desired, _findings = desired_state(person, context.rules, current)
        if step.care:
            found, _findings = differing_values(context, person, account, mark, step, desired)
            release_values(context, taken, account.dn, found)
        ou = context.rules.leaver.move_to
        if step.care == FOLLOW:
            release_names(context, allocations, person, account, desired)
        elif step.care == LEAVE_CARE and ou and not keeps_dn(None, account, ou):
            taken.release_dn(account.dn)
    except HrisError:
        return  # it holds the person, which is decided and reported later
