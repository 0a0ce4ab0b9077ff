# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mark that an account has after the step: who owns it, its state, and the days that matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..model.directory import Account
from ..model.people import ACTIVE, OUT_OF_SCOPE, PAST, Person, PersonId
from ..rules.ruleset import Ruleset
from . import lifecycle_steps, ownership, transitions
from .account_index import values_of
from .lifecycle_steps import locked_since, retention_is_over
from .ownership import Mark, active_mark, write_mark
from .transitions import Step

# {Step.switch: the state in the mark afterwards}
MARKS = {
    transitions.CREATE: ownership.ACTIVE,
    transitions.CREATE_WAITING: ownership.PREPARED,
    transitions.CREATE_PAUSED: ownership.LEAVE,
    transitions.ENABLE: ownership.ACTIVE,
    transitions.PAUSE: ownership.LEAVE,
    transitions.UNSTART: ownership.PREPARED,
}


def wanted_mark(
    person: Person,
    account: Account | None,
    mark: Mark | None,
    step: Step,
    rules: Ruleset,
    sources: Collection[str],
) -> str:
    """The mark that the account has after the step. sources: all sources of the plan."""
    plain = active_mark(rules.source)
    if mark == plain and _stays_active(person, account, step):  # nearly everybody
        return write_mark(plain)
    if mark and step.switch == transitions.STAY_OUT:
        return write_mark(mark._replace(absent=_absent_since(person, mark, rules)))
    wanted = _wanted_mark(person, account, mark, step, rules)
    if person.employment or (mark and (mark.key or mark.is_shared(person.source))):
        missing = [name for name in mark.contributors if name not in sources] if mark else []
        wanted = _with_sources(wanted, person, mark, step, missing)
        other = _other_key(person, account, mark, step, rules)
        if mark and missing and other is None:
            other = _key_in(mark)  # it may be that of a record which is not in this run
        if other:
            source = other.source if other.source != wanted.source else None
            wanted = wanted._replace(key=other.key, key_source=source)
    if mark and mark.is_scrambled and not is_enabled(account, step):
        wanted = wanted._replace(password=ownership.SCRAMBLED)
    return write_mark(wanted)


def _stays_active(person: Person, account: Account | None, step: Step) -> bool:
    """Whether nothing can be said of somebody but that the account follows the rules."""
    return (
        person.state == ACTIVE
        and step.care == transitions.FOLLOW
        and step.switch is None
        and person.employment is None
        and account is not None
        and account.enabled
    )


def is_enabled(account: Account | None, step: Step) -> bool:
    """Whether an account is enabled after the step."""
    if step.switch in lifecycle_steps.ACTIONS:
        return step.switch == transitions.ENABLE
    return account is not None and account.enabled


def _absent_since(person: Person, mark: Mark, rules: Ruleset) -> str | None:
    """The day since when the person is absent, where it counts; None for who is in the feed."""
    if person.state == transitions.ABSENT and rules.absent.action == "disable":
        return mark.absent or person.today
    return None


def _key_in(mark: Mark | None) -> PersonId | None:
    """The other key in a mark, with its source."""
    if mark is None or not mark.key:
        return None
    return PersonId(mark.key_source or mark.source, mark.key)


def _with_sources(
    wanted: Mark, person: Person, mark: Mark | None, step: Step, missing: Iterable[str]
) -> Mark:
    """The mark with the source that owns the account, and those that have a record of the person
    which keeps access, or will. missing: contributors that are not in this run.

    Only an account that follows the rules gets another owner: a lock is no reason for that.
    """
    if mark and step.care != transitions.FOLLOW:
        return wanted._replace(source=mark.source, contributors=mark.contributors)
    others = {one.source for one in person.several_records if one.time != PAST}
    others = (others - {person.source}).union(missing)
    return wanted._replace(contributors=tuple(sorted(others)))


def _wanted_mark(
    person: Person, account: Account | None, mark: Mark | None, step: Step, rules: Ruleset
) -> Mark:
    source = rules.source
    is_locked = mark is not None and mark.state == ownership.DISABLED
    if step.switch == transitions.LOCK or (step.care == transitions.LEAVE_CARE and is_locked):
        return Mark(source, ownership.DISABLED, _lock_day(person, mark, step, rules))
    if step.switch in MARKS:
        return Mark(source, MARKS[step.switch])
    if mark is None:
        return Mark(source, ownership.ACTIVE)
    is_enabled = account is not None and account.enabled
    state = mark.state
    if is_enabled and step.care == transitions.FOLLOW:
        state = ownership.ACTIVE
    kept = Mark(source, state, mark.since if state == ownership.DISABLED else None)
    if is_enabled or state != ownership.DISABLED:
        return _with_days(kept, person, mark, rules)
    return kept


def _other_key(
    person: Person, account: Account | None, mark: Mark | None, step: Step, rules: Ruleset
) -> PersonId | None:
    """The key by which the account is found when HR removes the record of its own key."""
    if step.care is None or person.state in (transitions.ABSENT, transitions.ABSENT_TOO_LONG):
        return _key_in(mark)  # a lock, or a day in the mark, and nothing else
    own = [key.casefold() for key in values_of(account, rules.key)] if account else []
    keys = [key.casefold() for key in person.keys]
    if step.care == transitions.FOLLOW and not set(own) & set(keys):
        own = keys[:1]  # the account gets the key of the person
    return next((one for one in person.ids if one.key.casefold() not in own), None)


def _with_days(kept: Mark, person: Person, mark: Mark, rules: Ruleset) -> Mark:
    """The mark with the day since when something holds which cannot last: the days of the old mark,
    or today.
    """
    absent = _absent_since(person, mark, rules)
    if absent:
        return kept._replace(absent=absent)
    if person.state == OUT_OF_SCOPE and rules.scope.leaving.action == "leaver":
        return kept._replace(out_of_scope=mark.out_of_scope or person.today)
    if person.employment and person.employment.is_bridged and kept.state == ownership.ACTIVE:
        return kept._replace(bridged=mark.bridged or person.today)
    return kept


def _lock_day(person: Person, mark: Mark | None, step: Step, rules: Ruleset) -> str:
    """The day in the mark of a locked account.

    An account that is locked only now keeps its whole retention. Otherwise the next run would
    delete it. So does one that kept access in a gap between two records, when HR withdraws the
    next record.
    """
    if step.switch == transitions.LOCK:
        was_bridged = mark is not None and mark.bridged is not None
        if was_bridged or retention_is_over(person, mark, rules):
            return person.today
    return locked_since(person, mark)
