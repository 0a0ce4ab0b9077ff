# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reconciliation: where HR and the directory disagree after a run, by the files of the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..data_class import field, mutable
from ..model import actions
from ..model.directory import AttributeValues
from ..model.findings import ERROR, INFO, WARNING, Finding
from ..model.outcomes import AccountOutcome
from ..model.plan import Change, Plan
from ..option_names import option_name
from ..wording import counted
from .redaction import Redaction, redaction_of

UNOWNED, NO_ACCOUNT = "unowned", "no_account"
ENABLED, CHANGED = "wrongly_enabled", "changed_outside"
KINDS = {
    UNOWNED: "Accounts without an owner",
    NO_ACCOUNT: "Employees without an account",
    ENABLED: "Accounts that are enabled and should not be",
    CHANGED: "Values changed outside the runs",
}
# {kind of a finding of the plan: what it says about HR and the directory}
OF_PLAN = {
    "absent": UNOWNED,
    "not_adopted": UNOWNED,
    "reenabled": ENABLED,
    "locked_out_enabled": ENABLED,
    "start_moved": ENABLED,
    "drift": CHANGED,
    "disabled_by_hand": CHANGED,
    "locked_out": CHANGED,
}
# Attributes in lower case that every run, or the server itself, changes
VOLATILE = frozenset(
    (
        "useraccountcontrol",
        "pwdlastset",
        "whenchanged",
        "usnchanged",
        "cn",
        "name",
        "distinguishedname",
    )
)
DISABLED_EVENTS = frozenset(
    action.event for action in actions.TABLE if action.name in (actions.DISABLE, actions.DELETE)
)

_Who = tuple["str | None", "str | None"]  # the source and the key of a person


@mutable
class Run:
    """What a run left behind."""

    plan: Plan
    outcomes: Sequence[AccountOutcome] | None  # None when there is no such file
    earlier: Sequence[AccountOutcome] | None  # the outcomes of the run before; None as above


@mutable
class _AccountBefore:
    """An account as the run found it, as far as its changes say."""

    dn: str
    attributes: AttributeValues = field(default_factory=dict)


def reconcile(run: Run, redact: Iterable[str]) -> list[Finding]:
    """Findings of KINDS. redact: attributes that are hidden, besides those that the plan hides."""
    redaction = redaction_of(run.plan, redact)
    return [
        *_findings_of_plan(run.plan, redaction),
        *_unowned(run.plan),
        *_without_account(run, redaction),
        *_enabled(run, redaction),
        *_changed(run, redaction),
    ]


def _findings_of_plan(plan: Plan, redaction: Redaction) -> Iterator[Finding]:
    for finding in plan.findings:
        if finding.kind in OF_PLAN:
            shown = redaction.finding(finding, plan.rules, ())
            yield replace(shown, kind=OF_PLAN[finding.kind])


def _unowned(plan: Plan) -> Iterator[Finding]:
    number = plan.matched.get("accounts_without_person", 0)
    if number:
        text = (
            f"{counted(number, 'account', 'accounts')} below the bases without an employee. Those "
            "with the ownership mark have a finding of their own."
        )
        yield Finding(UNOWNED, text, place=option_name("ownership.bases"), severity=INFO)


def _without_account(run: Run, redaction: Redaction) -> Iterator[Finding]:
    plan, outcomes = run.plan, run.outcomes
    existing = {_who(outcome) for outcome in outcomes or () if outcome.guid}
    # A run in check mode predicts accounts, and these have no GUID
    predicted = {_who(outcome) for outcome in outcomes or () if not outcome.guid}
    for change in plan.changes:
        if change.action != actions.CREATE or _who(change) in existing:
            continue
        dn = redaction.dn(change.dn)
        name = redaction.person(change.name)
        if outcomes is None or _who(change) in predicted:
            text = f"The employee has no account. The plan creates {dn}."
            yield _about(change, NO_ACCOUNT, text, INFO, name)
        else:
            text = f"The employee has no account. The run was to create {dn} and did not."
            yield _about(change, NO_ACCOUNT, text, WARNING, name)
    if outcomes is None:
        return
    for finding in plan.findings:
        is_error = finding.severity == ERROR and finding.kind not in OF_PLAN
        if is_error and _who(finding) not in existing:
            yield replace(redaction.finding(finding, plan.rules, ()), kind=NO_ACCOUNT)


def _enabled(run: Run, redaction: Redaction) -> Iterator[Finding]:
    """Accounts that the plan disables, unless the outcome says that they were disabled."""
    done = {_who(one) for one in run.outcomes or () if DISABLED_EVENTS.intersection(one.events)}
    what = "The plan disables it." if run.outcomes is None else "The run did not disable it."
    for change in run.plan.changes:
        if change.action == actions.DISABLE and _who(change) not in done:
            reason = redaction.sentence(change.reason, redaction.secrets(change))
            text = f"{redaction.dn(change.dn)} is enabled, but: {reason}. {what}"
            name = redaction.person(change.name)
            yield _about(change, ENABLED, text, WARNING, name)


def _changed(run: Run, redaction: Redaction) -> Iterator[Finding]:
    """What differs between the end of the earlier run and the start of this one.

    No run wrote in between, so something else did.
    """
    if run.earlier is None or run.outcomes is None:
        return
    accounts = _accounts_before(run.plan.changes)
    names = {_who(change): change.name for change in run.plan.changes}
    before = {_who(outcome): outcome for outcome in run.earlier}
    # An attribute that only one of the two runs read is a change of the rules
    read = _read(run.earlier) & (_read(run.outcomes) | _read(accounts.values()))
    compared = sorted(name for name in read if name.casefold() not in VOLATILE)
    for outcome in run.outcomes:
        earlier = before.get(_who(outcome))
        if earlier is None or not earlier.guid or earlier.guid != outcome.guid:
            continue
        now = accounts.get(_who(outcome)) or _AccountBefore(outcome.dn or "")
        for finding in _differences(earlier, outcome, now, compared, redaction):
            name = names.get(_who(outcome)) or _name_of(outcome, run.plan.labels)
            yield replace(finding, name=redaction.person(name), source=outcome.source)


def _who(one: AccountOutcome | Change | Finding) -> _Who:
    return one.source, one.key


def _about(change: Change, kind: str, text: str, severity: str, name: str | None) -> Finding:
    return Finding(kind, text, change.key, None, severity, name, change.source)


def _accounts_before(changes: Iterable[Change]) -> dict[_Who, _AccountBefore]:
    """{who: the account as the run found it}, of the accounts that it changed."""
    accounts: dict[_Who, _AccountBefore] = {}
    for change in changes:
        account = accounts.setdefault(_who(change), _AccountBefore(change.dn))
        for name, values in change.attributes.items():
            account.attributes.setdefault(name, values.before)
    return accounts


def _name_of(outcome: AccountOutcome, labels: Iterable[str]) -> str | None:
    names = (text for label in labels for text in outcome.attributes.get(label, ()))
    return next(names, None)


def _read(accounts: Iterable[AccountOutcome | _AccountBefore]) -> set[str]:
    return {name for account in accounts for name in account.attributes}


def _differences(
    earlier: AccountOutcome,
    outcome: AccountOutcome,
    account: _AccountBefore,
    compared: Iterable[str],
    redaction: Redaction,
) -> Iterator[Finding]:
    """The differences of one account. compared: the attributes that both runs read."""
    key = outcome.key
    if earlier.dn != account.dn:
        old, new = redaction.dn(earlier.dn or ""), redaction.dn(account.dn)
        text = f"The account was moved or renamed: {old} is now {new}."
        yield Finding(CHANGED, text, key, severity=WARNING)
    for name in compared:
        before = earlier.attributes.get(name, [])
        after = account.attributes.get(name)
        if after is None:
            after = outcome.attributes.get(name, [])
        if sorted(before) != sorted(after):
            old, new = _in_words(redaction, name, before), _in_words(redaction, name, after)
            text = f"{name} was {old} after the last run, and this run found {new}."
            yield Finding(CHANGED, text, key, name, WARNING)


def _in_words(redaction: Redaction, name: str, values: Sequence[str]) -> str:
    return ", ".join(redaction.values(name, values)) or "empty"
