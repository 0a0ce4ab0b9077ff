# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The impact of new rules: what they change in the directory that the old rules would have left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..data_class import frozen
from ..errors import HrisError
from ..model import actions
from ..model.findings import Finding, identity
from ..model.people import Person
from ..model.plan import Change, LimitVerdict, Plan
from ..model.records import Record
from ..option_names import option_name
from ..planning.plan import make_plan
from ..planning.plan_file import provenance
from ..rules.people import people_of
from ..rules.ruleset import Ruleset
from .change_attribution import GROUP, PLACE, RuleTexts, rule_texts, rules_of_change
from .simulated_directory import Settled, left_by


@frozen
class Impact:
    """What changes with new rules."""

    plan: Plan  # of the next run; the reason of a change names the rules that decided it
    people: int  # in the feed
    changed: int  # people with a change
    attributes: dict[str, int]  # {attribute: accounts that get another value}
    findings_new: list[Finding]  # those that the old rules do not have
    findings_gone: list[Finding]  # those that only the old rules have
    redact: frozenset[str]  # attributes in lower case that the old or the new rules hide

    @property
    def percent(self) -> float:
        """The people with a change, of a hundred in the feed."""
        if not self.people:
            return 0.0
        return round(100 * self.changed / self.people, 1)

    @property
    def limits_exceeded(self) -> list[LimitVerdict]:
        """The limits that would stop the run."""
        return [verdict for verdict in self.plan.limits if verdict.exceeded]


def compare_rules(records: Sequence[Record], old: Ruleset, new: Ruleset, as_of: datetime) -> Impact:
    """The impact of new rules. Raises HrisError for rules that do not fit the records."""
    before = _left_by_old(records, old, new, as_of)
    source = people_of(records, new, as_of)
    plan = make_plan([source], before.snapshot, as_of).plan
    plan.changes = _with_rules(plan.changes, source.people, old, new)
    plan.rules = {new.source: provenance(new)}
    plan.labels = [new.label] if new.label else []
    redact = old.redact | new.redact
    findings_old = {identity(finding): finding for finding in before.plan.findings}
    findings = {identity(finding): finding for finding in plan.findings}
    return Impact(
        plan=plan,
        people=len(source.people),
        changed=len({change.key for change in plan.changes} - {None}),
        attributes=_attributes(plan.changes),
        findings_new=_missing_in(findings_old, findings, new, redact),
        findings_gone=_missing_in(findings, findings_old, old, redact),
        redact=redact,
    )


def _left_by_old(records: Sequence[Record], old: Ruleset, new: Ruleset, as_of: datetime) -> Settled:
    try:
        return left_by(old, [new], records, as_of)
    except HrisError as error:
        place = ", ".join(filter(None, (option_name("rules_before"), error.place)))
        raise error.at(place) from None


_Findings = dict[tuple["str | None", ...], Finding]  # {identity: finding}


def _missing_in(
    known: _Findings, findings: _Findings, rules: Ruleset, redact: frozenset[str]
) -> list[Finding]:
    """The findings that are not known. Their people have no names where the label is hidden."""
    missing = [finding for key, finding in findings.items() if key not in known]
    if rules.label and rules.label.casefold() in redact:
        return [replace(finding, name=None) for finding in missing]
    return missing


def _attributes(changes: Sequence[Change]) -> dict[str, int]:
    updates = (change for change in changes if change.action == actions.UPDATE)
    counts = Counter(name for change in updates for name in change.attributes)
    return dict(sorted(counts.items()))


def _with_rules(
    changes: Sequence[Change], people: Sequence[Person], old: Ruleset, new: Ruleset
) -> list[Change]:
    """The changes with the rules that decided them in their reasons."""
    by_key = {person.key: person for person in people}
    new_texts, old_texts = rule_texts(new), rule_texts(old)
    explained = []
    for change in changes:
        rules = _deciding_rules(change, by_key.get(change.key or ""), old_texts, new_texts)
        reason = "; ".join((change.reason, *dict.fromkeys(rules)))
        explained.append(replace(change, reason=reason))
    return explained


def _deciding_rules(
    change: Change, person: Person | None, old: RuleTexts, new: RuleTexts
) -> list[str]:
    """The rules that decided a change, with what they were before where that is another text."""
    rules_now = rules_of_change(change, person, new)
    rules_before = rules_of_change(change, person, old)
    texts = []
    for what, rule in rules_now.items():
        if change.action != actions.UPDATE and what not in (PLACE, GROUP):
            continue
        before = rules_before.get(what, "no rule")
        if before == rule:
            texts.append(rule)
        else:
            # mapping.title: job (was title), not (was mapping.title: title)
            label = rule.partition(": ")[0]
            texts.append(f"{rule} (was {before.removeprefix(f'{label}: ')})")
    if change.action == actions.GROUP_ADD and GROUP not in rules_now:
        texts.append(option_name("rehire.restore_within_days"))
    return texts
