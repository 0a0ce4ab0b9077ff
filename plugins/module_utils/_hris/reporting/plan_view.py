# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report shows of a plan, in every format: accounts, changes, findings, limits.

Hidden values are not in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..data_class import frozen, mutable
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
from ..model.journal import Application
from ..model.plan import APPLIED, Approval, Change, LimitVerdict, Plan, Provenance
from ..planning.attribute_counts import attribute_counts
from ..planning.summary import only_words
from .cause_views import CauseView, cause_views
from .change_states import states_of
from .change_views import AccountView, Secrets, accounts_of, shown_key
from .redaction import Redaction, redaction_of
from .verdicts import Verdict, verdict_applied, verdict_planned

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
    secrets = _secrets(plan, redaction)
    findings = _findings(plan, redaction, secrets)
    pairs = zip(plan.changes, states, strict=True)
    tally: Counter[str] | None = None
    if application is not None:
        tally = Counter(state.status for state in states)
    return ReportView(
        sources=plan.sources,
        applied=application is not None,
        facts=_facts(plan, application.plan.approval if application else None),
        verdict=_verdict(plan, tally, not_written, redaction),
        actions=_by_action(plan.changes),
        made=_by_action(change for change, state in pairs if state.status == APPLIED),
        states=dict(tally or {}),
        risks=dict(Counter(change.risk for change in plan.changes if change.risk)),
        attributes=attribute_counts(plan.changes),
        people=plan.people,
        matched=plan.matched,
        rules=_rules(plan),
        accounts=accounts_of(plan, states, redaction, secrets),
        changes=len(plan.changes),
        findings=by_severity(findings),
        causes=cause_views(findings, plan.sources),
        limits=_limits(plan),
    )


def _secrets(plan: Plan, redaction: Redaction) -> Secrets:
    secrets: Secrets = defaultdict(set)
    for change in plan.changes:
        secrets[change.source, change.key] |= redaction.secrets(change)
    return secrets


def _findings(plan: Plan, redaction: Redaction, secrets: Secrets) -> list[Finding]:
    findings = [
        redaction.finding(entry, plan.rules, secrets.get((entry.source, entry.key), ()))
        for entry in plan.findings
    ]
    for entry in findings:
        entry.key = shown_key(entry, plan)
    return findings


def _verdict(
    plan: Plan, tally: Mapping[str, int] | None, not_written: str | None, redaction: Redaction
) -> Verdict:
    """tally: {state of a change: changes}; None where the plan was not applied."""
    if tally is not None:
        verdict = verdict_applied(tally)
    elif not_written:
        verdict = Verdict(BAD, redaction.sentence(f"Nothing was written: {not_written}"))
    else:
        verdict = verdict_planned(plan)
    still_open = open_access_words(open_access(plan.findings))
    if still_open:
        verdict = Verdict(BAD, ". ".join([verdict.text, *still_open]))
    return verdict


def _by_action(changes: Iterable[Change]) -> dict[str, int]:
    """{action: how many changes}, in the order of all actions."""
    counts = Counter(change.action for change in changes)
    return {name: counts[name] for name in actions.NAMES if counts[name]}


def _limits(plan: Plan) -> list[LimitVerdict]:
    """The limits, without the source where there is only one."""
    if len(plan.sources) > 1:
        return plan.limits
    return [replace(one, source=None) for one in plan.limits]


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
