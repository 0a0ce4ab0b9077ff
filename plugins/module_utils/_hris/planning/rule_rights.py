# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rights the rules of one source need, whatever the employees of today are: in each OU, for
each attribute, on each group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..ad_values import rights
from ..ad_values.dn import domain_of, is_below, normal, parent
from ..ad_values.rights import Right
from ..ad_values.security_descriptor import CONTROL_ACCESS, WRITE_DAC
from ..data_class import frozen
from ..errors import HrisError
from ..model import actions
from ..model.directory import AttributeDefinition
from ..rules.mapping_lines import ReferenceLine
from ..rules.placement import PlacementRule
from ..rules.ruleset import Ruleset
from .deletion_protection import LIFT
from .group_names import GroupNames
from .needed_rights import RENAMED, Need, deletion, in_container, on_accounts, on_group

_ACCOUNT_CONTROL, _PASSWORD_DAY = "userAccountControl", "pwdLastSet"
LOCK_OUT = "hris.ad.lock_out gives a random password"
UNDO = "the undo of deletions restores them"
LIFTING = "the protection from accidental deletion is lifted"


class RuleNeed(NamedTuple):
    """One right that rules need."""

    need: Need
    # What it is for, where a run does without it; "": a run needs it
    only_for: str = ""


@frozen
class Places:
    """The containers that rules use."""

    people: Sequence[str]  # DNs of those that are there, or that a run creates
    missing: Sequence[str]  # DNs that are not there, and that no run creates
    parents: Sequence[str]  # DNs of those in which a run creates OUs
    # Normal DNs of those among people in which no account is: rules put accounts below them
    tops: Collection[str] = ()


def places_of(rules: Ruleset, containers: Iterable[str]) -> Places:
    """The containers of the rules. containers: DNs of all that are there.

    An OU with expressions can be any below its constant end.
    """
    known = {normal(dn): dn for dn in containers}
    people: dict[str, str] = {}
    missing: dict[str, str] = {}
    parents: dict[str, str] = {}
    exact: set[str] = set()  # where accounts can be
    tops: set[str] = set()
    for rule in rules.placement:
        top = _constant_end(rule, rules)
        is_open = "{" in rule.ou.source
        found = {key: dn for key, dn in known.items() if is_open and _can_be(dn, top)}
        if is_open and not rule.create:
            tops.add(normal(top))
        exact.update(found)
        exact.discard(normal(top))
        if normal(top) in known:
            found[normal(top)] = known[normal(top)]
        elif top:
            (people if rule.create else missing)[normal(top)] = top
        people.update(found)
        if not is_open or rule.create:  # what is given there is handed down to OUs that come
            exact.add(normal(top))
        if rule.create and is_open:
            parents[normal(top)] = top
        if rule.create and normal(top) not in known:
            parents[normal(parent(top))] = parent(top)
    target = rules.leaver.move_to
    if target:
        (people if normal(target) in known else missing)[normal(target)] = target
    if target:
        exact.add(normal(target))
    return Places(_sorted(people), _sorted(missing), _sorted(parents), tops - exact)


def _can_be(dn: str, top: str) -> bool:
    """Whether an OU with expressions can be this one. The domain's own OU has no people."""
    own = "OU=Domain Controllers"
    return is_below(dn, top) and dn[:3].upper() == "OU=" and own.casefold() not in dn.casefold()


def _sorted(dns: Mapping[str, str]) -> list[str]:
    """The upper ones first."""
    return [dns[key] for key in sorted(dns, key=lambda key: (key.count(","), key))]


def _constant_end(rule: PlacementRule, rules: Ruleset) -> str:
    """The DN at the end of the text of a rule that has no expressions; for a text without one, the
    first of the bases, or "".
    """
    text = rule.ou.source
    if "{" not in text:
        return text
    end = text.rpartition("}")[2].partition(",")[2].strip()
    try:
        normal(end)
    except HrisError:
        end = ""
    return end or next(iter(rules.ownership.bases), "")


def needs_of_rules(
    rules: Ruleset,
    places: Places,
    groups: GroupNames,
    definitions: Mapping[str, AttributeDefinition],
) -> list[RuleNeed]:
    """What the rules need, each once. definitions: {attribute in lower case: definition}."""
    found: dict[RuleNeed, None] = {}
    for place in places.people:
        found.update(dict.fromkeys(_at(rules, place, places, definitions)))
    if _may(rules, actions.CREATE_OU):
        for place in places.parents:
            found.setdefault(RuleNeed(in_container(rights.CREATE_OUS, place)))
    for name in dict.fromkeys(name for rule in rules.groups for name in rule.groups):
        group = groups.find(name)
        if group:
            found.setdefault(RuleNeed(on_group(group.dn)))
    if _deletes(rules) and places.people:
        domain = domain_of(places.people[0])
        found.setdefault(RuleNeed(in_container(rights.REANIMATE, domain), UNDO))
    return list(found)


def on_known_attributes(
    needs: Iterable[RuleNeed], definitions: Mapping[str, AttributeDefinition]
) -> list[RuleNeed]:
    """Without rights on attributes that the schema does not have: nobody can give them."""
    others = {*rights.CLASSES, *rights.EXTENDED, ""}
    return [
        one
        for one in needs
        if one.need.grant.right.name in others or one.need.grant.right.name.lower() in definitions
    ]


def _at(
    rules: Ruleset,
    place: str,
    places: Places,
    definitions: Mapping[str, AttributeDefinition],
) -> Iterator[RuleNeed]:
    """Yield what the rules need in one container."""
    is_last = normal(place) == normal(rules.leaver.move_to or "")
    moves = _may(rules, actions.MOVE) and len(places.people) > 1
    if _may(rules, actions.CREATE) and not is_last or moves:
        yield RuleNeed(in_container(rights.CREATE_USERS, place))
    if moves or (_deletes(rules) and (is_last or not rules.leaver.move_to)):
        yield RuleNeed(deletion(place, None))
    for name in sorted(written_by(rules, moves), key=str.casefold):
        yield RuleNeed(on_accounts(rights.write(name), place))
    only_for = "" if rules.leaver.scramble_password else LOCK_OUT
    yield RuleNeed(on_accounts(rights.RESET_PASSWORDS, place), only_for)
    if rules.ownership.deletion_protection == LIFT:
        yield RuleNeed(on_accounts(Right(WRITE_DAC), place), LIFTING)
    for name in rules.attributes:
        definition = definitions.get(name.lower())
        yield RuleNeed(on_accounts(rights.read(name), place))
        if definition and definition.confidential:
            yield RuleNeed(on_accounts(Right(CONTROL_ACCESS, name), place))


def written_by(rules: Ruleset, moves: bool) -> set[str]:
    """The attributes of accounts that exist which a run may write."""
    names = {rules.ownership.attribute, _ACCOUNT_CONTROL}
    for line in rules.mapping:
        # A reference is written when the account exists, because it may name another new one
        if line.apply == "always" or (line.apply != "report" and isinstance(line, ReferenceLine)):
            names.add(line.name)
    names.update(line.name for line in rules.leaver_mapping)
    names.update(filter(None, [rules.leaver.record]))
    if rules.leaver.account_expires:
        names.add("accountExpires")
    if rules.joiner.must_change_password:
        names.add(_PASSWORD_DAY)
    renamed = {name for name in rules.naming.rename if name.lower() != "cn"}
    if "mail" in renamed and rules.naming.keep_addresses:
        names.add("proxyAddresses")
    if moves or len(renamed) < len(rules.naming.rename):
        names.update(RENAMED)
    return names | renamed


def _may(rules: Ruleset, action: str) -> bool:
    return rules.actions is None or action in rules.actions


def _deletes(rules: Ruleset) -> bool:
    return rules.leaver.delete_after_days is not None and _may(rules, actions.DELETE)


def unknown_groups(rules: Ruleset, groups: GroupNames) -> list[str]:
    """The names of groups in the rules that no group of the directory has."""
    names = dict.fromkeys(name for rule in rules.groups for name in rule.groups)
    return [name for name in names if groups.find(name) is None]
