# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule that decided, in one line, for an expectation that is not met."""

from __future__ import annotations

from collections.abc import Collection

from ..ad_values.dn import normal
from ..errors import HrisError
from ..model.people import HELD
from ..model.records import Record
from ..option_names import option_name
from ..planning.checks import written_by
from ..planning.explain import ExplainedAttribute
from ..planning.explain_names import ExplainedName
from ..planning.explain_rules import ExplainedRule
from ..planning.explanation_text import dates_text
from ..rules.expressions import Expression
from ..rules.group_rules import GroupRule
from ..rules.placement import place_of
from ..rules.ruleset import Ruleset
from .person_outcome import PersonOutcome


def of_state(outcome: PersonOutcome) -> str:
    """Why the person has this state."""
    if outcome.person is None:
        return of_findings(outcome) or f"{option_name('dates')}: no employee has this key"
    parts = [f"{option_name('dates')}: {dates_text(outcome.person)}"]
    if outcome.state == HELD:
        parts.append(of_findings(outcome))
    return "; ".join(filter(None, parts))


def of_changes(outcome: PersonOutcome) -> str:
    """The changes with their reasons, and the findings that prevent others."""
    reasons = [f"{change.action} ({change.reason})" for change in outcome.changes]
    reasons.append(of_findings(outcome))
    text = "; ".join(filter(None, dict.fromkeys(reasons)))
    return text or f"the rules have nothing to do for state {outcome.state or 'none'}"


def of_attribute(name: str, outcome: PersonOutcome) -> str:
    """The line of the mapping, the naming rule, or what else writes the attribute."""
    folded, findings = name.casefold(), of_findings(outcome)
    explained: list[ExplainedAttribute | ExplainedName] = []
    if outcome.explanation:
        explained = [*outcome.explanation.attributes, *outcome.explanation.names]
    for entry in explained:
        if entry.attribute.casefold() == folded:
            text = f"{entry.rule}: {entry.source}: {entry.why}"
            return "; ".join(filter(None, (text, findings)))
    for attribute, place in written_by(outcome.run.rules).items():
        if attribute.casefold() == folded:
            return place
    return findings or "no rule writes it"


def of_place(outcome: PersonOutcome) -> str:
    """The placement rule that holds, or what the rules say about leavers."""
    if outcome.person is None:
        return of_findings(outcome) or "no employee has this key"
    rules = outcome.run.rules
    if outcome.is_leaver:
        return leaver_place(rules)
    return placement_of(outcome.person.record, rules)


def of_groups(names: Collection[str], outcome: PersonOutcome) -> str:
    """The rules that name these groups, and whether they hold. names: normal DNs."""
    texts = []
    if outcome.explanation:
        for rule in outcome.explanation.groups:
            if any(is_called(rule.group or "", name) for name in names):
                texts.append(_group_rule_text(rule))
    if outcome.is_leaver:
        texts.append(leaver_groups(outcome.run.rules))
    return "; ".join(texts) or of_findings(outcome) or "no rule names the group"


def of_findings(outcome: PersonOutcome) -> str:
    """The findings; empty without any."""
    return "; ".join(f"{finding.kind}: {finding.message}" for finding in outcome.findings)


def placement_of(record: Record, rules: Ruleset) -> str:
    """The placement rule that holds for a record."""
    try:
        _ou, rule = place_of(rules.placement, record)
    except HrisError as error:
        return str(error)
    return f"{with_condition(rule.place, rule.when)}: {rule.ou.source}"


def with_condition(place: str, when: Expression | None) -> str:
    """A rule with its condition: ``groups[1] when department == 'Finance'``."""
    if when is None:
        return place
    return f"{place} when {when.source}"


def with_days(text: str, rule: GroupRule) -> str:
    """A group rule with its days: ``groups[1] when project from 2026-01-01 until project_end``."""
    days = (("from", rule.days.first), ("until", rule.days.last)) if rule.days else ()
    return text + "".join(f" {word} {day.source}" for word, day in days if day)


def leaver_place(rules: Ruleset) -> str:
    """The rule about the place of leavers."""
    ou = rules.leaver.move_to or "the account stays where it is"
    return f"{option_name('leaver.move_to')}: {ou}"


def leaver_groups(rules: Ruleset) -> str:
    """The rule about the groups of leavers."""
    return f"{option_name('leaver.groups')}: {rules.leaver.groups}"


def is_called(group: str, name: str) -> bool:
    """Whether a group of the rules, a logon name or DN, is the one with this normal DN.

    In a simulated directory the logon name of a group is its common name.
    """
    if "=" in group:
        return normal(group) == name
    return name.partition(",")[0] == f"cn={group.casefold()}"


def _group_rule_text(rule: ExplainedRule) -> str:
    text = f"{rule.rule} gives {rule.group}"
    days = (("from", rule.first_day), ("until", rule.last_day))
    text += "".join(f" {word} {day}" for word, day in days if day)
    if rule.when is None and not (rule.first_day or rule.last_day):
        return f"{text} always"
    when = f" when {rule.when}" if rule.when else ""
    return f"{text}{when}, which {'holds' if rule.holds else 'does not hold'}"
