# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report shows of a plan, in every format: accounts, changes, findings, limits.

Hidden values are not in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..ad_values.dn import split
from ..ad_values.filetime import NEVER, from_filetime
from ..data_class import frozen, mutable
from ..errors import HrisError
from ..model import actions
from ..model.actions import BAD, WARN
from ..model.findings import (
    ERROR,
    INFO,
    SEVERITIES,
    WARNING,
    Finding,
    open_access,
    open_access_words,
)
from ..model.journal import Application, ChangeState
from ..model.plan import APPLIED, Approval, Change, LimitVerdict, Plan, Provenance, ValueChange
from ..planning.attribute_counts import attribute_counts
from ..planning.labels import labelled
from ..planning.summary import HIDDEN, enabled_word, only_words
from .cause_views import CauseView, cause_views
from .change_states import states_of
from .redaction import Redaction, redaction_of
from .verdicts import Verdict, verdict_applied, verdict_planned

_Secrets = dict[tuple["str | None", "str | None"], set[str]]  # {(source, key): values}
SEVERITY_TONES = {ERROR: BAD, WARNING: WARN, INFO: actions.NEUTRAL}
EXPIRES = "Expires"  # the label of the fact
# In words, by the kind of a seal. A plan is only read when its seal is right.
SEALS = {"sha256": "unbroken", "hmac-sha256": "unbroken, made with the key"}


@frozen
class Fact:
    """One fact about a plan."""

    label: str
    text: str
    is_code: bool = False  # for comparing, not for reading


@frozen
class ValueView:
    """The values of one attribute, or of another thing that changes."""

    name: str
    before: list[str]
    after: list[str]


@mutable
class ChangeView:
    """One change. A text is empty where there is nothing to say."""

    index: int  # in the plan, from 0
    action: str
    state: str  # of change_states.py
    message: str  # why it has this state
    reason: str
    risk: str | None
    risks: list[str]
    dn: str
    to: str
    group: str  # DN
    leaves_group: bool  # whether the account leaves the group; else it joins it
    password: bool  # whether the account gets a random password
    values: list[ValueView]


@mutable
class AccountView:
    """The changes of one account, or of another object."""

    key: str | None  # of the person
    name: str  # of the person; the name of the object where that is not known
    label: str  # both, as in E1001 (Ann Lee)
    dn: str
    changes: list[ChangeView]


@mutable
class ReportView:
    """A plan as a report shows it."""

    sources: list[str]
    applied: bool  # whether the report says what became of the changes
    facts: list[Fact]
    verdict: Verdict
    actions: dict[str, int]  # {action: changes of the plan}
    made: dict[str, int]  # {action: changes that were applied}; empty unless applied
    states: dict[str, int]  # {state: changes}; empty unless applied
    risks: dict[str, int]  # {risk: changes}
    attributes: dict[str, int]  # {attribute: accounts that get another value}
    people: dict[str, int]  # {state of a person: people}
    matched: dict[str, int]  # {how people and accounts were matched: how many}
    rules: dict[str, Provenance]  # {attribute, of several sources "source: attribute": where from}
    accounts: list[AccountView]  # in the order of the plan
    changes: int
    findings: list[Finding]  # errors first
    causes: list[CauseView]  # of many findings, the most frequent first
    limits: list[LimitVerdict]


def view_of(
    plan: Plan,
    application: Application | None,
    redact: Iterable[str],
    not_written: str | None = None,
) -> ReportView:
    """The plan as a report shows it.

    application: None when the plan was not applied. redact: attributes that are hidden, besides
    those that the plan hides. not_written: why a run wrote nothing of it. Raises HrisError for the
    journal of another plan.
    """
    redaction = redaction_of(plan, redact)
    states = states_of(plan, application)
    secrets: _Secrets = defaultdict(set)
    for change in plan.changes:
        secrets[change.source, change.key] |= redaction.secrets(change)
    findings = [
        redaction.finding(entry, plan.rules, secrets.get((entry.source, entry.key), ()))
        for entry in plan.findings
    ]
    for entry in findings:
        entry.key = _shown_key(entry, plan)
    counts = Counter(change.action for change in plan.changes)
    made = Counter(
        change.action
        for change, state in zip(plan.changes, states, strict=True)
        if state.status == APPLIED
    )
    verdict, tally = verdict_planned(plan), Counter[str]()
    several = len(plan.sources) > 1
    still_open = open_access_words(open_access(plan.findings))
    if application is not None:
        tally.update(state.status for state in states)
        verdict = verdict_applied(tally)
    elif not_written:
        verdict = Verdict(BAD, redaction.sentence(f"Nothing was written: {not_written}"))
    if still_open:
        verdict = Verdict(BAD, ". ".join([verdict.text, *still_open]))
    return ReportView(
        sources=plan.sources,
        applied=application is not None,
        facts=_facts(plan, application.plan.approval if application else None),
        verdict=verdict,
        actions={name: counts[name] for name in actions.NAMES if counts[name]},
        made={name: made[name] for name in actions.NAMES if made[name]},
        states=dict(tally),
        risks=dict(Counter(change.risk for change in plan.changes if change.risk)),
        attributes=attribute_counts(plan.changes),
        people=plan.people,
        matched=plan.matched,
        rules=_rules(plan),
        accounts=_accounts(plan, states, redaction, secrets),
        changes=len(plan.changes),
        findings=by_severity(findings),
        causes=cause_views(findings, plan.sources),
        limits=[one if several else replace(one, source=None) for one in plan.limits],
    )


def _rules(plan: Plan) -> dict[str, Provenance]:
    """Where each attribute comes from, for a table."""
    if len(plan.rules) == 1:
        return next(iter(plan.rules.values()))
    return {
        f"{source}: {name}": rule
        for source, attributes in plan.rules.items()
        for name, rule in attributes.items()
    }


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Findings, errors first."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def limit_name(verdict: LimitVerdict) -> str:
    """A limit in a report: with its source, where there are several."""
    return f"{verdict.source}: {verdict.action}" if verdict.source else verdict.action


def _shown_key(one: Change | Finding, plan: Plan) -> str | None:
    """The key of a person in a report: with the source, where there are several."""
    if one.key and one.source and len(plan.sources) > 1:
        return f"{one.source}: {one.key}"
    return one.key


def _accounts(
    plan: Plan,
    states: Sequence[ChangeState],
    redaction: Redaction,
    secrets: _Secrets,
) -> list[AccountView]:
    """The changes by account, in the order of the plan.

    An account without a key is identified by its GUID or DN.
    """
    accounts: dict[tuple[str | None, ...], AccountView] = {}
    for index, (change, state) in enumerate(zip(plan.changes, states, strict=True)):
        identity = (change.source, change.key) if change.key else (change.guid or change.dn,)
        account = accounts.get(identity)
        if account is None:
            key = _shown_key(change, plan)
            account = accounts[identity] = _account(change, key, redaction)
        view = _change(index, change, state, redaction, secrets[change.source, change.key])
        account.changes.append(view)
    return list(accounts.values())


def _account(change: Change, key: str | None, redaction: Redaction) -> AccountView:
    dn = redaction.dn(change.dn)
    person = redaction.person(change.name)
    name = label = person or _name_in(dn)
    if key and name == HIDDEN:
        label = key
    elif key:
        label = labelled(key, name)
    return AccountView(key, name, label, dn, [])


def _name_in(dn: str) -> str:
    try:
        return split(dn)[0]
    except HrisError:
        return dn


def _change(
    index: int, change: Change, state: ChangeState, redaction: Redaction, hidden: set[str]
) -> ChangeView:
    return ChangeView(
        index=index,
        action=change.action,
        state=state.status,
        message=redaction.sentence(state.message, hidden),
        reason=redaction.sentence(change.reason, hidden),
        risk=change.risk,
        risks=[redaction.sentence(risk, hidden) for risk in change.risks],
        dn=redaction.dn(change.dn),
        to=redaction.dn(change.to or ""),
        group=redaction.group(change.group or ""),
        leaves_group=change.action == actions.GROUP_REMOVE,
        password=change.random_password or change.action == actions.CREATE,
        values=[_values(name, values, redaction) for name, values in change.attributes.items()],
    )


def _values(name: str, values: ValueChange, redaction: Redaction) -> ValueView:
    before, after = values.before, values.after
    if name == "userAccountControl":
        words = [list(map(enabled_word, texts)) for texts in (before, after)]
        return ValueView("account", *words)
    if name == "accountExpires" and name.casefold() not in redaction.attributes:
        return ValueView(name, list(map(_moment, before)), list(map(_moment, after)))
    return ValueView(name, redaction.values(name, before), redaction.values(name, after))


def _moment(value: str) -> str:
    """accountExpires (FILETIME) as a moment in UTC."""
    if value in NEVER:
        return "never"
    try:
        return from_filetime(int(value)).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):
        return value


def _facts(plan: Plan, approval: Approval | None) -> list[Fact]:
    """approval: of the run that applied the plan."""
    facts = [
        Fact("Domain", plan.domain.name),
        Fact("Domain DN", plan.domain.dn, is_code=True),
        Fact("Server", plan.domain.server),
        Fact("Computed for", plan.as_of),
        Fact("Changes", "" if plan.only is None else only_words(len(plan.only))),
        Fact("Made", plan.made),
        Fact(EXPIRES, plan.expires),
        Fact("Digest", plan.digest, is_code=True),
        Fact("Seal", SEALS.get(plan.seal.kind, "") if plan.seal else ""),
    ]
    if approval:
        facts.append(Fact("Approved by", approval.by or "not said"))
        facts.append(Fact("Ticket of the approval", approval.ticket or ""))
    for name in ("feed", "rules", "code"):
        facts.append(Fact(f"Digest of {name}", plan.digests.get(name, ""), is_code=True))
    return [fact for fact in facts if fact.text]
