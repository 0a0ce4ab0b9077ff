# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the rules against one directory, before anybody's plan is made."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from ..ad_values.dn import normal
from ..errors import HrisError, did_you_mean
from ..model.directory import AttributeDefinition, Group
from ..option_names import option_name
from ..rules.adoption import account_attributes
from ..rules.group_rules import GroupRule
from ..rules.mapping import references_of
from ..rules.ruleset import Ruleset
from .group_names import GroupNames

Schema = Mapping[str, AttributeDefinition]  # {attribute in lower case: definition}
# Only to offer the right spelling in a message
COMMON_ATTRIBUTES = (
    "company",
    "co",
    "c",
    "department",
    "description",
    "displayName",
    "division",
    "employeeID",
    "employeeNumber",
    "employeeType",
    "facsimileTelephoneNumber",
    "givenName",
    "homePhone",
    "info",
    "initials",
    "ipPhone",
    "l",
    "mail",
    "manager",
    "middleName",
    "mobile",
    "pager",
    "physicalDeliveryOfficeName",
    "postalCode",
    "preferredLanguage",
    "proxyAddresses",
    "sAMAccountName",
    "sn",
    "st",
    "streetAddress",
    "telephoneNumber",
    "thumbnailPhoto",
    "title",
    "userPrincipalName",
    "wWWHomePage",
)
NO_EXCHANGE = "extensionAttribute1 to 15 and msExch… exist only where Exchange was installed"


def written_by(rules: Ruleset) -> dict[str, str]:
    """{attribute: the rule that gives its value}; a cn is not written as an attribute."""
    places = {line.name: line.place for line in (*rules.leaver_mapping, *rules.mapping)}
    if rules.leaver.account_expires:
        places["accountExpires"] = option_name("leaver.account_expires")
    for name, rule in rules.naming.attributes.items():
        if name.casefold() != "cn":
            places[name] = rule.place
    return places


def check_attributes(rules: Ruleset, schema: Schema) -> None:
    """Raise HrisError for an attribute of the rules that this directory lacks or that cannot be
    written.
    """
    places = written_by(rules)
    places[rules.ownership.attribute] = option_name("ownership.attribute")
    if rules.leaver.record:
        places[rules.leaver.record] = option_name("leaver.record")
    for name, place in places.items():
        _check_attribute(name, place, schema, name in rules.naming.attributes)
    for line in references_of(rules.mapping):
        if line.account:
            check_known(line.account, f"{line.place}.account", schema)
    for name in rules.unique:
        check_known(name, option_name("unique"), schema)
    for name in account_attributes(rules.adopt_when):
        check_known(name, option_name("ownership.adopt_when"), schema)
    for fallback in rules.fallbacks:
        if fallback.attribute.casefold() not in schema:
            message = f"this directory has no attribute '{fallback.attribute}'"
            raise HrisError(message, place=fallback.value.place.rpartition(".")[0])


def check_known(name: str, place: str, schema: Schema) -> AttributeDefinition:
    """What the schema says about an attribute. Raises HrisError where it does not have it."""
    definition = schema.get(name.casefold())
    if definition is None:
        message = f"this directory has no attribute '{name}'"
        hint = did_you_mean(name, COMMON_ATTRIBUTES) or NO_EXCHANGE
        raise HrisError(message, place=place, hint=hint)
    return definition


def _check_attribute(name: str, place: str, schema: Schema, is_name: bool) -> None:
    definition = check_known(name, place, schema)
    if is_name and name != definition.name:
        message = f"this directory spells the attribute '{definition.name}'"
        raise HrisError(message, place=place, hint="Write it like that")
    if not definition.writable:
        message = f"the directory itself writes the attribute '{name}'"
        raise HrisError(message, place=place, hint="Remove it from the rules")


def check_containers(rules: Ruleset, containers: set[str]) -> None:
    """Raise HrisError for an OU without expressions in the rules that does not exist. containers:
    normal DNs.
    """
    places = [
        (rule.ou.source, rule.ou.place)
        for rule in rules.placement
        if not rule.ou.paths and "{" not in rule.ou.source and not rule.create
    ]
    bases = rules.ownership.bases
    place_of_bases = option_name("ownership.bases")
    places += [(base, place_of_bases) for base in bases if not base.startswith("dc=")]
    if rules.leaver.move_to:
        places.append((rules.leaver.move_to, option_name("leaver.move_to")))
    for dn, place in places:
        if normal(dn) not in containers:
            hint = did_you_mean(normal(dn), containers) or "Create it, or correct the rule"
            raise HrisError(f"the OU {dn} does not exist", place=place, hint=hint)


def resolve_groups(
    rules: Iterable[GroupRule], groups: Sequence[Group], privileged: Container[str]
) -> dict[str, Group]:
    """{name in the rules: group}. privileged: normal DNs. Raises HrisError for a group that does
    not exist or is privileged.
    """
    names = GroupNames(groups)
    resolved = {}
    for rule in rules:
        place = f"{rule.place}.groups"
        for name in rule.groups:
            group = names.find(name)
            if group is None:
                hint = did_you_mean(name, [group.name for group in groups])
                raise HrisError(f"the group '{name}' does not exist", place=place, hint=hint)
            if normal(group.dn) in privileged:
                hint = (
                    "Add people to privileged groups by hand, and remove the group from the rules"
                )
                raise HrisError(f"the group '{name}' is privileged", place=place, hint=hint)
            resolved[name] = group
    return resolved
