# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules and values against the directory as it is: what would be refused is found before anything is written."""

from __future__ import annotations

from ..ad_values.attribute_checks import check_texts
from ..ad_values.dn import normal
from ..errors import HrisError, did_you_mean
from ..rules.assignment import Assignment
from ..rules.ruleset import Ruleset
from .ownership import privileged_groups
from .summary import HIDDEN


def written_by(rules: Ruleset) -> dict[str, str]:
    """{attribute: the place of the rule that gives its value}; the cn is no attribute that is written."""
    places = {line.name: line.place for line in rules.leaver_mapping + rules.mapping}
    if rules.leaver["account_expires"]:
        places["accountExpires"] = "leaver.account_expires"
    return places | {
        name: rule.place
        for name, rule in rules.naming.attributes.items()
        if name.casefold() != "cn"
    }


def check_attributes(rules: Ruleset, schema: dict) -> None:
    """Raise HrisError for an attribute of the rules that this directory does not have or nobody may write."""
    own = {rules.ownership["attribute"]: "ownership.attribute"} | (
        {rules.leaver["record"]: "leaver.record"} if rules.leaver["record"] else {}
    )
    for name, place in (written_by(rules) | own).items():
        definition = schema.get(name.casefold())
        if definition is None:
            raise HrisError(
                f"this directory has no attribute '{name}'",
                place=place,
                hint=did_you_mean(name, COMMON_ATTRIBUTES)
                or "extensionAttribute1 to 15 and msExch… exist only where Exchange was installed",
            )
        if name in rules.naming.attributes and name != definition["name"]:
            raise HrisError(
                f"this directory spells it '{definition['name']}'",
                place=place,
                hint="Write it like that",
            )
        if not definition["writable"]:
            raise HrisError(
                f"the attribute '{name}' is kept by the directory itself",
                place=place,
                hint="Take it out of the rules",
            )
    for fallback in rules.fallbacks:
        if fallback.attribute.casefold() not in schema:
            raise HrisError(
                f"this directory has no attribute '{fallback.attribute}'",
                place=fallback.value.place.rpartition(".")[0],
            )


# Only for offering the right spelling in a message.
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


def check_containers(rules: Ruleset, containers: set[str]) -> None:
    """Raise HrisError for an OU that the rules name literally and that does not exist. containers: normal DNs."""
    places = [
        (rule.ou.source, rule.ou.place)
        for rule in rules.placement
        if not rule.ou.paths and "{" not in rule.ou.source and not rule.create
    ]
    places += [
        (base, "ownership.bases") for base in rules.ownership["bases"] if not base.startswith("dc=")
    ]
    if rules.leaver.get("move_to"):
        places.append((rules.leaver["move_to"], "leaver.move_to"))
    for dn, place in places:
        if normal(dn) not in containers:
            raise HrisError(
                f"the OU {dn} does not exist",
                place=place,
                hint=did_you_mean(normal(dn), containers) or "Create it, or mend the rule",
            )


def resolve_groups(rules: list[Assignment], groups: list[dict]) -> dict[str, dict]:
    """{name as the rules have it: group}. Raises HrisError for a group that is missing or privileged."""
    by_name = {group["name"].casefold(): group for group in groups}
    by_dn = {normal(group["dn"]): group for group in groups}
    privileged = privileged_groups(groups)
    resolved = {}
    for rule in rules:
        for name in rule.groups:
            group = by_name.get(name.casefold()) or (
                by_dn.get(normal(name)) if "=" in name else None
            )
            if group is None:
                raise HrisError(
                    f"the group '{name}' does not exist",
                    place=f"{rule.place}.groups",
                    hint=did_you_mean(name, [group["name"] for group in groups]),
                )
            if normal(group["dn"]) in privileged:
                raise HrisError(
                    f"the group '{name}' is privileged",
                    place=f"{rule.place}.groups",
                    hint="Rights over the directory are given by hand, never by birth",
                )
            resolved[name] = group
    return resolved


def check_values(
    values: dict[str, list[str]], definitions: dict, places: dict[str, str], hidden=frozenset()
) -> None:
    """Raise HrisError for the first value that AD would refuse.

    definitions: {attribute as the rules spell it: its entry of the schema}. places: what written_by gave. hidden:
    attributes in lower case whose values are not told.
    """
    for name, texts in values.items():
        try:
            check_texts(texts, definitions[name], places[name])
        except HrisError:
            if name.casefold() not in hidden:
                raise
            raise HrisError(
                f"{name} has a value that AD would refuse {HIDDEN}",
                place=places[name],
                hint="Mend it in HR",
            ) from None
