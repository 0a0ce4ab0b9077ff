# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The step that is taken for one person and account, and the mark and the switch that it writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..model import actions, findings
from ..model.directory import Account
from ..model.findings import INFO, WARNING, Finding
from ..model.people import CURRENT, LEAVER, OUT_OF_SCOPE, PREPARED, Person
from ..model.plan import ValueChanges
from ..option_names import with_options
from ..rules.policies import Absent, OutOfScope
from ..rules.ruleset import Ruleset
from ..rules.times import days_later
from . import ownership, transitions
from .compare import uac_change
from .ownership import Mark
from .transitions import Step

# {Step.switch: the action that turns an existing account on or off}
ACTIONS = {
    transitions.ENABLE: actions.ENABLE,
    transitions.PAUSE: actions.DISABLE,
    transitions.LOCK: actions.DISABLE,
    transitions.UNSTART: actions.DISABLE,
    transitions.STAY_OUT: actions.DISABLE,
}
# {Step.finding: (what is wrong and what to do, with the option to set in braces, severity)}
FINDINGS = {
    transitions.DISABLED_BY_HAND: (
        "was disabled by hand: it stays disabled. Enable it by hand when that is right.",
        INFO,
    ),
    transitions.START_MOVED: (
        "is enabled, but the first day is in the future: it stays enabled. Disable it by hand, or "
        "set {joiner.moved_start}.",
        WARNING,
    ),
    findings.OUT_OF_SCOPE: (
        "belongs to somebody who works here, but none of the records is in scope: it stays "
        "enabled. Disable it by hand, or set {scope.action}.",
        WARNING,
    ),
    transitions.REENABLED: (
        "belongs to a leaver and was enabled by hand: it stays enabled. Disable it by hand, or set "
        "{leaver.reenabled}.",
        WARNING,
    ),
}
REASONS = {
    transitions.ENABLE: "works here",
    transitions.PAUSE: "is on leave",
    transitions.UNSTART: "the first day was moved",
    transitions.STAY_OUT: "is locked out, and was enabled by hand",
}


def choose_step(person: Person, account: Account | None, mark: Mark | None, rules: Ruleset) -> Step:
    """The step of the table, under the policies of the rules."""
    view = transitions.view_of(account, mark)
    row = transitions.row_of(person, rules.leave)
    if row == PREPARED and view == transitions.ENABLED and _works_elsewhere(person):
        row = OUT_OF_SCOPE  # the account is not one that waits for the first day
    step = transitions.step(row, view)
    if step is transitions.FOLLOWING:
        return step  # no policy says anything else
    is_early = row == PREPARED and rules.joiner.enable == "on_create"
    if step.switch == transitions.CREATE_WAITING and is_early:
        return replace(step, switch=transitions.CREATE)
    if step.finding == findings.OUT_OF_SCOPE and rules.scope.leaving.action == "keep":
        return transitions.NOTHING
    if step.finding == transitions.START_MOVED and _is_enabled_early(step, rules):
        return transitions.FOLLOWING
    if step.finding == transitions.START_MOVED and rules.joiner.moved_start == "disable":
        return Step(transitions.UNSTART, step.care)
    if rules.leaver.reenabled == "report" and _is_reenabled(step, view, mark):
        return Step(finding=transitions.REENABLED)
    if step.due and retention_is_over(person, mark, rules):
        return Step(transitions.DELETE)
    return step


def _is_enabled_early(step: Step, rules: Ruleset) -> bool:
    """Whether the rules want an account enabled before the first day."""
    return step.care == transitions.FOLLOW and rules.joiner.enable == "on_create"


def _works_elsewhere(person: Person) -> bool:
    """Whether somebody whose first day is still to come works here already, out of scope."""
    return any(one.time == CURRENT for one in person.several_records)


def _is_reenabled(step: Step, view: str, mark: Mark | None) -> bool:
    """Whether somebody enabled an account by hand that we locked."""
    locked_by_us = mark is not None and mark.state == ownership.DISABLED
    return step.switch == transitions.LOCK and view == transitions.ENABLED and locked_by_us


def retention_is_over(person: Person, mark: Mark | None, rules: Ruleset) -> bool:
    """Whether the account of a leaver is to be deleted, if it has been locked since then."""
    days = rules.leaver.delete_after_days
    return days is not None and _later(locked_since(person, mark), days) <= person.today


def locked_since(person: Person, mark: Mark | None) -> str:
    """The first day without access of a leaver: the later one of HR and of the mark, or today.

    A last day that HR moves back after the account was locked does not shorten the retention; one
    that is moved ahead lengthens it.
    """
    days = [person.first_day_without_access]
    if person.state == PREPARED and person.employment:
        days = [person.employment.left]  # the other day is that of the next record
    if mark and mark.state == ownership.DISABLED:
        days.append(mark.since)
    return max((day for day in days if day), default=person.today)


def _later(day: str, days: int) -> str:
    return days_later(date.fromisoformat(day), days).isoformat()


def absent_person(key: str | None, mark: Mark, today: str, absent: Absent) -> Person:
    """The stand-in for the person of an account that no record has: the rules want nothing for
    it.
    """
    grace_end = None
    if mark.absent and absent.action == "disable":
        grace_end = _later(mark.absent, absent.grace_days)
    is_over = grace_end is not None and grace_end <= today
    return Person(
        source=mark.source,
        key=key or "",
        state=transitions.ABSENT_TOO_LONG if is_over else transitions.ABSENT,
        today=today,
        timezone=None,
        start=None,
        end=None,
        first_day_without_access=grace_end if is_over else None,
        references={},
        fallbacks=(),
        record={},
    )


def out_of_scope_person(person: Person, mark: Mark | None, leaving: OutOfScope) -> Person:
    """The person under the policy for people without a record in scope: a leaver, when the days of
    grace are over.
    """
    if leaving.action != "leaver" or mark is None:
        return person
    if mark.state == ownership.DISABLED:
        return replace(person, state=LEAVER, end=None, first_day_without_access=None)
    if mark.out_of_scope is None:
        return person
    first = _later(mark.out_of_scope, leaving.grace_days)
    if first > person.today:
        return person
    return replace(person, state=LEAVER, end=None, first_day_without_access=first)


def switch_attributes(account: Account, step: Step) -> ValueChanges:
    """The change of userAccountControl that the step needs; {} where it is right already."""
    if step.switch not in ACTIONS:
        return {}
    enabled = step.switch == transitions.ENABLE
    if account.enabled is enabled:
        return {}
    return {"userAccountControl": uac_change(account.uac, enabled)}


def reason_of(person: Person, step: Step) -> str:
    """Why an account is enabled or disabled, in a few words."""
    switch = step.switch or ""
    if switch == transitions.LOCK:
        return _reason_of_lock(person)
    if switch == transitions.ENABLE and person.start:
        return f"started {person.start}"
    return REASONS[switch]


def _reason_of_lock(person: Person) -> str:
    if person.state == PREPARED and person.employment:  # the end is that of the next record
        left = person.employment.left
        return f"no access since {left}" if left else "has left"
    if person.has_left:
        return f"left on {person.end}" if person.end else "has left"
    if person.state == LEAVER:
        return "not in scope for too long"
    return "absent from the feed for too long"


def finding_of(person: Person, account: Account, step: Step) -> list[Finding]:
    """The finding of a step; [] for most steps."""
    if not step.finding:
        return []
    message, severity = FINDINGS[step.finding]
    text = f"{account.dn} {with_options(message)}"
    return [Finding(step.finding, text, key=person.key, severity=severity)]
