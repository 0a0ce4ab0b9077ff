# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report shows of a plan, in every format: accounts, changes, findings, limits.

Hidden values are not in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ..ad_values.dn import split
from ..ad_values.filetime import NEVER, from_filetime
from ..data_class import frozen, mutable
from ..errors import HrisError
from ..model import actions
from ..model.actions import BAD, GOOD, WARN
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
from ..model.plan import APPLIED, Change, LimitVerdict, Plan, Provenance, ValueChange
from ..planning.labels import labelled
from ..planning.summary import HIDDEN, enabled_word
from .change_states import FAILED, states_of
from .redaction import Redaction, redaction_of

SEVERITY_TONES = {ERROR: BAD, WARNING: WARN, INFO: actions.NEUTRAL}
EXPIRES = "Expires"  # the label of the fact
# In words, by the kind of a seal. A plan is only read when its seal is right.
SEALS = {"sha256": "unbroken", "hmac-sha256": "unbroken, made with the key"}


@frozen
class Verdict:
    """What a report says first."""

    tone: str  # GOOD, WARN or BAD of model/actions.py
    text: str


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

    source: str
    applied: bool  # whether the report says what became of the changes
    facts: list[Fact]
    verdict: Verdict
    actions: dict[str, int]  # {action: changes}
    states: dict[str, int]  # {state: changes}; empty unless applied
    risks: dict[str, int]  # {risk: changes}
    people: dict[str, int]  # {state of a person: people}
    matched: dict[str, int]  # {how people and accounts were matched: how many}
    rules: dict[str, Provenance]  # {attribute: where it comes from}
    accounts: list[AccountView]  # in the order of the plan
    changes: int
    findings: list[Finding]  # errors first
    limits: list[LimitVerdict]


def view_of(plan: Plan, application: Application | None, redact: Iterable[str]) -> ReportView:
    """The plan as a report shows it.

    application: None when the plan was not applied. redact: attributes that are hidden, besides
    those that the plan hides. Raises HrisError for the journal of another plan.
    """
    redaction = redaction_of(plan, redact)
    states = states_of(plan, application)
    secrets: dict[str | None, set[str]] = defaultdict(set)
    for change in plan.changes:
        secrets[change.key] |= redaction.secrets(change)
    findings = [
        redaction.finding(entry, plan.rules, secrets.get(entry.key, ())) for entry in plan.findings
    ]
    counts = Counter(change.action for change in plan.changes)
    verdict, tally = _verdict_planned(plan), Counter[str]()
    still_open = open_access_words(open_access(plan.findings))
    if application is not None:
        tally.update(state.status for state in states)
        verdict = _verdict_applied(tally)
    if still_open:
        verdict = Verdict(BAD, ". ".join([verdict.text, *still_open]))
    return ReportView(
        source=plan.source,
        applied=application is not None,
        facts=_facts(plan),
        verdict=verdict,
        actions={name: counts[name] for name in actions.NAMES if counts[name]},
        states=dict(tally),
        risks=dict(Counter(change.risk for change in plan.changes if change.risk)),
        people=plan.people,
        matched=plan.matched,
        rules=plan.rules,
        accounts=_accounts(plan.changes, states, redaction, secrets),
        changes=len(plan.changes),
        findings=by_severity(findings),
        limits=plan.limits,
    )


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Findings, errors first."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def _accounts(
    changes: Sequence[Change],
    states: Sequence[ChangeState],
    redaction: Redaction,
    secrets: Mapping[str | None, set[str]],
) -> list[AccountView]:
    """The changes by account, in the order of the plan.

    An account without a key is identified by its GUID or DN.
    """
    accounts: dict[str | tuple[str, ...], AccountView] = {}
    for index, (change, state) in enumerate(zip(changes, states, strict=True)):
        identity = change.key or (change.guid or change.dn,)
        account = accounts.get(identity)
        if account is None:
            account = accounts[identity] = _account(change, redaction)
        view = _change(index, change, state, redaction, secrets[change.key])
        account.changes.append(view)
    return list(accounts.values())


def _account(change: Change, redaction: Redaction) -> AccountView:
    dn = redaction.dn(change.dn)
    person = redaction.person(change.name)
    name = label = person or _name_in(dn)
    if change.key and name == HIDDEN:
        label = change.key
    elif change.key:
        label = labelled(change.key, name)
    return AccountView(change.key, name, label, dn, [])


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


def _facts(plan: Plan) -> list[Fact]:
    facts = [
        Fact("Domain", plan.domain.name),
        Fact("Domain DN", plan.domain.dn, is_code=True),
        Fact("Server", plan.domain.server),
        Fact("Computed for", plan.as_of),
        Fact("Made", plan.made),
        Fact(EXPIRES, plan.expires),
        Fact("Digest", plan.digest, is_code=True),
        Fact("Seal", SEALS.get(plan.seal.kind, "") if plan.seal else ""),
    ]
    for name in ("feed", "rules", "code"):
        facts.append(Fact(f"Digest of {name}", plan.digests.get(name, ""), is_code=True))
    return [fact for fact in facts if fact.text]


def _verdict_applied(tally: Mapping[str, int]) -> Verdict:
    text = f"{tally.get(APPLIED, 0):,} of {sum(tally.values()):,} changes were applied"
    failed = [f"{tally[state]:,} {state}" for state in FAILED if tally.get(state)]
    if failed:
        return Verdict(BAD, f"{text}: {', '.join(failed)}")
    return Verdict(GOOD, text)


def _verdict_planned(plan: Plan) -> Verdict:
    exceeded = [verdict.action for verdict in plan.limits if verdict.exceeded]
    if exceeded:
        return Verdict(BAD, f"Over its limits: {', '.join(exceeded)}. Nothing was written")
    if not plan.changes:
        return Verdict(GOOD, "Nothing to change")
    planned = f"{len(plan.changes):,} changes are planned"
    if plan.limits:
        return Verdict(GOOD, f"Within its limits. {planned}")
    return Verdict(WARN, f"{planned}. No limits are set")
