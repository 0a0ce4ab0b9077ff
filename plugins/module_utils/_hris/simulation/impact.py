# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The impact of new rules: what they change in the directory that the old rules would have left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..data_class import frozen
from ..errors import HrisError
from ..model import actions
from ..model.findings import Finding, identity
from ..model.people import Person
from ..model.plan import Change, LimitVerdict, Plan
from ..option_names import option_name
from ..planning.attribute_counts import attribute_counts
from ..planning.plan import make_plan
from ..planning.plan_file import provenance
from ..rules.people import Feed, SourcePeople, people_of_sources
from ..rules.policies import Limits
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


def compare_rules(
    old: Sequence[Feed], new: Sequence[Feed], as_of: datetime, limits: Limits | None = None
) -> Impact:
    """The impact of new rules of the sources of a domain. Raises HrisError where the rules do not
    fit the records.

    old: the sources with the old rules, without those that are new. new: all of them with the new
    rules. Both are checked by check_feed. limits: of the whole domain.
    """
    old, new = ([_on(feed, as_of) for feed in feeds] for feeds in (old, new))
    old_rules = {feed.rules.source: feed.rules for feed in old}
    new_rules = {feed.rules.source: feed.rules for feed in new}
    before = _left_by_old(old, new_rules.values(), as_of)
    people = people_of_sources(new, as_of)
    plan = make_plan(people, before.snapshot, as_of, limits).plan
    plan.changes = _with_rules(plan.changes, people, old_rules, new_rules)
    plan.rules = {name: provenance(rules) for name, rules in new_rules.items()}
    plan.labels = sorted({rules.label for rules in new_rules.values() if rules.label})
    every = (*old_rules.values(), *new_rules.values())
    redact = frozenset().union(*(rules.redact for rules in every))
    findings_old = {identity(finding): finding for finding in before.plan.findings}
    findings = {identity(finding): finding for finding in plan.findings}
    return Impact(
        plan=plan,
        people=sum(len(source.people) for source in people),
        changed=len({(one.source, one.key) for one in plan.changes if one.key is not None}),
        attributes=attribute_counts(plan.changes),
        findings_new=_missing_in(findings_old, findings, new_rules, redact),
        findings_gone=_missing_in(findings, findings_old, old_rules, redact),
        redact=redact,
    )


def _on(feed: Feed, as_of: datetime) -> Feed:
    return feed._replace(rules=feed.rules.on(as_of))


def _left_by_old(feeds: Sequence[Feed], rulesets: Iterable[Ruleset], as_of: datetime) -> Settled:
    try:
        return left_by(feeds, rulesets, as_of)
    except HrisError as error:
        place = ", ".join(filter(None, (option_name("rules_before"), error.place)))
        raise error.at(place) from None


_Rulesets = Mapping[str, Ruleset]  # by source
_Findings = dict[tuple["str | None", ...], Finding]  # {identity: finding}


def _missing_in(
    known: _Findings, findings: _Findings, rulesets: _Rulesets, redact: frozenset[str]
) -> list[Finding]:
    """The findings that are not known. Their people have no names where the label is hidden."""
    hidden = {
        name for name, one in rulesets.items() if one.label and one.label.casefold() in redact
    }
    missing = [finding for key, finding in findings.items() if key not in known]
    return [replace(one, name=None) if one.source in hidden else one for one in missing]


def _with_rules(
    changes: Sequence[Change], sources: Sequence[SourcePeople], old: _Rulesets, new: _Rulesets
) -> list[Change]:
    """The changes with the rules that decided them in their reasons: those of the source that the
    person belongs to.
    """
    people = {(one.source, one.key): one for source in sources for one in source.people}
    old_texts = {name: rule_texts(rules) for name, rules in old.items()}
    new_texts = {name: rule_texts(rules) for name, rules in new.items()}
    explained = []
    for change in changes:
        source = change.source or ""
        reasons = [change.reason]
        if source in new_texts:  # an OU belongs to no source
            person = people.get((source, change.key or ""))
            reasons += _deciding_rules(change, person, old_texts.get(source), new_texts[source])
        explained.append(replace(change, reason="; ".join(dict.fromkeys(reasons))))
    return explained


def _deciding_rules(
    change: Change, person: Person | None, old: RuleTexts | None, new: RuleTexts
) -> list[str]:
    """The rules that decided a change, with what they were before where that is another text."""
    rules_now = rules_of_change(change, person, new)
    rules_before = rules_of_change(change, person, old) if old else {}
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
        texts.append(option_name("rehire.restore"))
    return texts
