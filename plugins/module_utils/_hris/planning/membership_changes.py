# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memberships of one person's account that change, and what the account remembers of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..model.directory import Account
from ..model.people import Person
from ..model.plan import ValueChange, ValueChanges
from . import compare, removed_groups, saved_values, transitions
from .context import Context
from .contributions import NONE
from .decisions import Decision
from .given_back import with_saved
from .group_notes import UNKNOWN, Past, with_note
from .memberships import NO_GROUPS, NOTHING_SETTLED, GroupTuple, Settled, Wanted
from .ownership import Mark, read_mark
from .places import Places
from .saved_values import saves_place
from .transitions import FOLLOW, LEAVE_CARE, Step
from .wanted_marks import wanted_mark


class MembershipChanges(NamedTuple):
    """The memberships of an account that change."""

    gain: GroupTuple
    lose: GroupTuple
    remembered: ValueChanges  # what the account remembers
    last: ValueChanges  # the same, to be written when memberships and place have been given back
    too_long: Sequence[str] = ()  # attributes whose values cannot be saved


# What begins a value of leaver.record that a rehire may get back
REMEMBERED = (removed_groups.PREFIX, saved_values.PREFIX)
NO_GROUP_CHANGES = MembershipChanges((), (), {}, {})


def membership_changes(
    context: Context,
    places: Places,
    person: Person,
    account: Account,
    decision: Decision,
    mark: Mark | None,
) -> MembershipChanges:
    """What changes of the groups of an existing account, and of what it remembers."""
    step, known = decision.step, context.memberships
    if step.care == FOLLOW:
        return _followed_groups(context, person, account, decision, mark)
    if step.care != LEAVE_CARE:
        return NO_GROUP_CHANGES
    managed = decision.contribution.managed
    lose = known.lost(account, context.rules.leaver.groups, managed)
    is_changed = lose or decision.differences or decision.dn != account.dn
    if not is_changed or context.removed_groups is None:
        return MembershipChanges((), lose, {}, {})
    attribute = context.removed_groups
    before = account.attributes.get(attribute, compare.NO_VALUE)
    day = _day_of_leaving(context, person, account, step, mark)
    texts = removed_groups.with_groups(before, lose, day)
    changed, dn = decision.differences, decision.dn
    texts, too_long = with_saved(context, places, account, texts, changed, dn, day)
    remembered = {} if texts == before else {attribute: ValueChange(before, texts)}
    return MembershipChanges((), lose, remembered, {}, too_long)


def _day_of_leaving(
    context: Context, person: Person, account: Account, step: Step, mark: Mark | None
) -> str:
    """The first day without access, as the mark has it after the step."""
    after = read_mark(wanted_mark(person, account, mark, step, context.rules, context.sources))
    if after and after.since:
        return after.since
    return person.first_day_without_access or person.today


def _is_enabled(account: Account, step: Step) -> bool:
    """Whether the account is enabled after the step."""
    return account.enabled or step.switch == transitions.ENABLE


def _followed_groups(
    context: Context, person: Person, account: Account, decision: Decision, mark: Mark | None
) -> MembershipChanges:
    attribute, known = context.removed_groups, context.memberships
    if attribute is None:
        settled = birthright(context, account, decision, UNKNOWN)
        return MembershipChanges(settled.gain, settled.lose, {}, {})
    before = account.attributes.get(attribute, compare.NO_VALUE)
    is_enabled = _is_enabled(account, decision.step)
    back = known.remembered(account, attribute, person.today) if before else NO_GROUPS
    past = Past(
        tuple(before),
        mark is None,
        back,
        is_enabled,
        _may_take(context, person, mark),
        account.primary_group,
    )
    settled = birthright(context, account, decision, past)
    if settled == NOTHING_SETTLED and not before:
        return NO_GROUP_CHANGES  # nearly everybody
    noted = with_note(before, settled.note) if settled.note else before
    restored: GroupTuple = ()
    last: ValueChanges = {}
    cleared = [text for text in noted if not text.startswith(REMEMBERED)]
    if is_enabled and len(cleared) < len(noted):
        restored = known.restored(account, back, decision.contribution.not_restored)
        if restored or settled.has_restored or (saves_place(before) and decision.dn != account.dn):
            last = {attribute: ValueChange(noted, cleared)}
        else:
            noted = cleared
    changed = {} if noted == before else {attribute: ValueChange(before, noted)}
    return MembershipChanges(settled.gain + restored, settled.lose, changed, last)


def _may_take(context: Context, person: Person, mark: Mark | None) -> bool:
    """Whether this run has all sources that the account has groups from."""
    if mark is None or not mark.is_shared(person.source):
        return True
    return context.sources.keys() >= set(mark.sources)


def birthright(
    context: Context, account: Account | None, decision: Decision, past: Past
) -> Settled:
    """What the rules of all sources of an account say about its groups.

    account: None for a new one.
    """
    others, known = decision.contribution, context.memberships
    if others is NONE:
        return known.birthright(account, decision.groups, past)
    wanted = Wanted(others.given, others.wanted, others.managed)
    return known.birthright_of_all(account, decision.groups, wanted, past)
