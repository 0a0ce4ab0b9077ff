# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changes of one person's account, from what was decided: in an order that is safe, access
first.
"""

from __future__ import annotations

from ..data_class import mutable
from ..model import actions
from ..model.directory import Account
from ..model.findings import Finding
from ..model.people import OUT_OF_SCOPE, Person
from ..model.plan import Change, ValueChange, ValueChanges
from ..option_names import option_name
from ..rules.end_of_access import end_of_access
from . import compare, lifecycle_steps, transitions
from .compare import change_of, group_changes
from .context import Context
from .decisions import Decision
from .given_back import found_again, not_saved, saved_of
from .group_notes import FIRST, with_note
from .membership_changes import MembershipChanges, birthright, membership_changes
from .ordinary import stays
from .owner_changes import relinked, taken_over
from .ownership import DISABLED, Mark, mark_of
from .places import Places, references_of
from .primary_groups import primary_group_findings
from .renaming import addresses_with
from .reports_of_leavers import ReportChanges, report_changes, with_replaced
from .returning import add_new_password
from .timed_groups import say_days
from .transitions import FOLLOW, Step
from .wanted_marks import wanted_mark


@mutable
class _Values:
    """The values of an account that change."""

    now: ValueChanges
    findings: list[Finding]
    reports: ReportChanges | None = None


def changes_of(
    context: Context, places: Places, person: Person, account: Account | None, decision: Decision
) -> tuple[list[Change], list[Finding]]:
    """(the changes of one person, findings)."""
    step = decision.step
    if account is None:
        if not step.switch:
            return [], decision.findings
        return _creation(context, places, person, decision)
    if stays(context, places, person, account, decision):
        return [], decision.findings
    if step.switch == transitions.DELETE:
        return [compare.deletion(person, account)], decision.findings
    findings = [
        *decision.findings,
        *lifecycle_steps.finding_of(person, account, step),
        *primary_group_findings(context, person, account, decision),
    ]
    if step.switch is None and step.care is None and not _has_day_in_mark(context, person, account):
        return [], findings
    mark = mark_of(account, context.mark)
    values = _values(context, places, person, account, decision, mark)
    groups = membership_changes(context, places, person, account, decision, mark)
    findings += values.findings
    if values.reports:
        groups = _with_reports(context, account, groups, values.reports)
    if groups.too_long:
        findings += not_saved(person, groups.too_long, option_name("leaver.record"))
    is_unchanged = not (values.now or any(groups))
    if is_unchanged and not step.switch and decision.dn == account.dn:
        return [], findings
    changes = _written(context, person, account, step, values.now | groups.remembered)
    changes += compare.relocation(person, account, decision.dn)
    about = (person, account, account.dn)
    given = "birthright or restored group"
    changes += group_changes(actions.GROUP_ADD, groups.gain, *about, given)
    changes += group_changes(actions.GROUP_REMOVE, groups.lose, *about, "no rule gives this group")
    say_days(context, person, changes)
    if groups.last:
        change = change_of(actions.UPDATE, person, account, "what was saved was given back")
        change.attributes, change.last = groups.last, True
        changes.append(change)
    return changes, findings


def _creation(
    context: Context, places: Places, person: Person, decision: Decision
) -> tuple[list[Change], list[Finding]]:
    rules, dn, step = context.rules, decision.dn, decision.step
    references, findings = references_of(person, places, context.written_by)
    attributes = compare.first_values(decision.wanted, decision.names, references)
    mark = wanted_mark(person, None, None, step, rules, context.sources)
    attributes[context.mark] = ValueChange([], [mark])
    settled = birthright(context, None, decision, FIRST)
    if context.removed_groups and settled.note:
        own = attributes.get(context.removed_groups)
        texts = with_note(own.after if own else [], settled.note)
        attributes[context.removed_groups] = ValueChange([], texts)
    attributes = dict(sorted(attributes.items(), key=lambda pair: pair[0].casefold()))
    if not context.spelled_alike:  # whoever reads the plan or its outcome looks for those names
        spelled = {name: definition.name for name, definition in context.definitions.items()}
        attributes = {spelled.get(name, name): values for name, values in attributes.items()}
    enabled = step.switch == transitions.CREATE
    attributes["userAccountControl"] = compare.uac_change(None, enabled)
    if rules.joiner.must_change_password:
        attributes["pwdLastSet"] = ValueChange([], ["0"])
    reason = "is in the feed"
    if person.start:
        reason = f"starts {person.start}"
    change = Change(actions.CREATE, person.source, person.key, None, dn, reason, attributes)
    changes = [change]
    changes += group_changes(actions.GROUP_ADD, settled.gain, person, None, dn, "birthright group")
    say_days(context, person, changes)
    return changes, decision.findings + findings


def _values(
    context: Context,
    places: Places,
    person: Person,
    account: Account,
    decision: Decision,
    mark: Mark | None,
) -> _Values:
    step = decision.step
    found = _Values(dict(decision.differences), [])
    if step.care == FOLLOW and mark and mark.state == DISABLED:
        found.findings += found_again(context, places, person, found.now)
    wanted = wanted_mark(person, account, mark, step, context.rules, context.sources)
    before = account.attributes.get(context.mark, compare.NO_VALUE)
    if before != [wanted]:
        found.now[context.mark] = ValueChange(before, [wanted])
    if step.care == FOLLOW:
        _follow(context, places, person, account, decision, found)
    return found


def _follow(
    context: Context,
    places: Places,
    person: Person,
    account: Account,
    decision: Decision,
    found: _Values,
) -> None:
    """Add what changes for an account that follows the rules: names and references."""
    definitions = context.definitions
    if decision.names:
        renamed = _renamed(context, decision, account)
        found.now |= compare.differences(renamed, account, definitions)
    if person.references:
        references, findings = references_of(person, places, context.written_by)
        found.findings += findings
        enforced = {name: place for name, place in references.items() if name in context.enforced}
        found.now |= compare.reference_differences(enforced, account, definitions)
    if context.replacing_lines:
        found.reports = report_changes(context, places, person, account)
        found.now |= found.reports.values
        found.findings += found.reports.findings


def _with_reports(
    context: Context, account: Account, groups: MembershipChanges, reports: ReportChanges
) -> MembershipChanges:
    """What the account remembers of groups, with what it remembers of leavers whom it named."""
    name = context.removed_groups
    if name is None or not (reports.gone or reports.new):
        return groups
    before = account.attributes.get(name, compare.NO_VALUE)
    now, last = groups.remembered.get(name), groups.last.get(name)
    now, last = with_replaced(reports, before, now, last)
    return groups._replace(remembered={name: now}, last={name: last} if last else {})


def _renamed(context: Context, decision: Decision, account: Account) -> dict[str, list[str]]:
    """The values of names that change; a new address keeps the former ones as aliases, where the
    rules want that.
    """
    wanted = {name: [text] for name, text in decision.names.items()}
    if "mail" in wanted and context.rules.naming.keep_addresses:
        wanted["proxyAddresses"] = addresses_with(wanted["mail"][0], account, decision.lost)
    return wanted


def _written(
    context: Context, person: Person, account: Account, step: Step, values: ValueChanges
) -> list[Change]:
    """The values as one change, or as two where the account is enabled or disabled: that one first,
    alone.
    """
    changes = []
    # The account is found by its key or by its mark, wherever a run is killed: the key comes first
    owner = relinked(context, person, account, values)
    owner += taken_over(context, person, account, values)
    switched = lifecycle_steps.switch_attributes(account, step)
    if step.switch != transitions.ENABLE:
        changes += owner  # the mark says why it is disabled, before it is
    if switched and step.switch:
        for name in _written_with_switch(context, person, account, step):
            if name in values:
                switched[name] = values.pop(name)
        action = lifecycle_steps.ACTIONS[step.switch]
        change = change_of(action, person, account, lifecycle_steps.reason_of(person, step))
        change.attributes = switched
        if step.switch == transitions.LOCK:
            change.random_password = context.rules.leaver.scramble_password
            ends = end_of_access(person)
            if ends:
                change.access_ends = ends.isoformat(timespec="seconds")
        add_new_password(context, account, step, change)
        changes.append(change)
    if step.switch == transitions.ENABLE:
        changes += owner  # an account that is disabled and active was disabled by hand
    if values:
        change = change_of(actions.UPDATE, person, account, _reason_of_values(person, step))
        change.attributes = dict(sorted(values.items()))
        changes.append(change)
    return changes


def _has_day_in_mark(context: Context, person: Person, account: Account) -> bool:
    """Whether the mark says since when nothing is done to the account."""
    if person.state == OUT_OF_SCOPE:
        has_access = account.enabled and mark_of(account, context.mark) is not None
        return has_access and context.rules.scope.leaving.action == "leaver"
    return person.state == transitions.ABSENT


def _reason_of_values(person: Person, step: Step) -> str:
    if step.care:
        return "differs from HR"
    return "not in scope" if person.state == OUT_OF_SCOPE else "absent from the feed"


def _written_with_switch(
    context: Context, person: Person, account: Account, step: Step
) -> list[str]:
    """The attributes that are written together with enabling or disabling."""
    names = [context.mark]
    if context.removed_groups:
        names.append(context.removed_groups)
    if step.switch == transitions.ENABLE:
        for source in context.sources.values():  # whichever of them locked it
            names += [line.name for line in source.rules.leaver_mapping]
        names += [one.name for one in saved_of(context, person, account).values()]
    return names
