# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules that decided a change, in words: to compare old rules with new ones."""

from __future__ import annotations

from ..ad_values.dn import normal
from ..data_class import frozen
from ..errors import HrisError
from ..model import actions
from ..model.people import LEAVER, Person
from ..model.plan import Change
from ..option_names import option_name
from ..planning.checks import written_by
from ..planning.plan_file import provenance
from ..rules.group_rules import GroupRule
from ..rules.mapping_lines import ConstantLine
from ..rules.ruleset import Ruleset
from .attribution import (
    is_called,
    leaver_groups,
    leaver_place,
    placement_of,
    with_condition,
    with_days,
)

# What a change concerns beside attributes
PLACE, GROUP = "place", "group"


@frozen
class RuleTexts:
    """The rules, and the one of each attribute in words: mapping.title: position.title."""

    rules: Ruleset
    attributes: dict[str, str]  # by attribute in lower case
    leaver_attributes: dict[str, str]  # the same for leavers
    cn: str  # the naming rule of the common name


def rule_texts(rules: Ruleset) -> RuleTexts:
    """The texts of some rules, which are the same for all changes."""
    sources = {name.casefold(): rule.source for name, rule in provenance(rules).items()}
    attributes = {}
    for name, place in written_by(rules).items():
        parts = (place, sources.get(name.casefold()))
        attributes[name.casefold()] = ": ".join(filter(None, parts))
    attributes[rules.ownership.attribute.casefold()] = option_name("ownership.attribute")
    if rules.leaver.record:
        attributes[rules.leaver.record.casefold()] = option_name("leaver.record")
    leaver_attributes = dict(attributes)
    for line in rules.leaver_mapping:
        text = line.place
        if not isinstance(line, ConstantLine):
            text += f": {line.source.source}"
        leaver_attributes[line.name.casefold()] = text
    cn = rules.naming.attributes["cn"]
    return RuleTexts(rules, attributes, leaver_attributes, f"{cn.place}: {cn.source}")


def rules_of_change(change: Change, person: Person | None, texts: RuleTexts) -> dict[str, str]:
    """{what: the rule} for everything that a change of a plan concerns.

    what: an attribute, PLACE or GROUP. A group that no rule names is left out.
    """
    is_leaver = person is not None and person.state == LEAVER
    by_attribute = texts.leaver_attributes if is_leaver else texts.attributes
    rules = {}
    for name in change.attributes:
        rule = by_attribute.get(name.casefold())
        if rule:
            rules[name] = rule
    if change.action == actions.RENAME:
        rules[PLACE] = texts.cn
    elif change.to or change.action == actions.CREATE:
        rules[PLACE] = _place_rule(person, texts.rules, is_leaver)
    if change.group:
        group = _group_rule(change, person, texts.rules, is_leaver)
        if group:
            rules[GROUP] = group
    return rules


def _place_rule(person: Person | None, rules: Ruleset, is_leaver: bool) -> str:
    if is_leaver:
        return leaver_place(rules)
    return placement_of(person.record if person else {}, rules)


def _group_rule(
    change: Change, person: Person | None, rules: Ruleset, is_leaver: bool
) -> str | None:
    """The rule that gives the group or, where it is taken, the one that names it."""
    if is_leaver:
        return leaver_groups(rules)
    name = normal(change.group or "")
    for rule in rules.groups:
        if not any(is_called(group, name) for group in rule.groups):
            continue
        if change.action == actions.GROUP_REMOVE or _holds(rule, person):
            return with_days(with_condition(rule.place, rule.when), rule)
    return None


def _holds(rule: GroupRule, person: Person | None) -> bool:
    """Whether a rule holds for a person; one that cannot be evaluated does not."""
    try:
        return person is not None and rule.holds(person)
    except HrisError:
        return False
