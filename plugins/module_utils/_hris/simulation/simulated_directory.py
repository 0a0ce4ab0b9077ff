# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory that is only imagined: one in which the rules find all that they name, and what becomes of it over a plan."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from uuid import NAMESPACE_X500, uuid5

from ..ad_values.dn import escape_value, normal, parent, split
from ..errors import HrisError
from ..planning.plan import make_plan
from ..rules.placement import place_of
from ..model.people import ACTIVE, LEAVER
from ..rules.people import people_of
from ..rules.ruleset import Ruleset
from ..rules.times import days_later
from .application import after
from .standard_schema import assumed_definition, standard_schema

DOMAIN_SID = "S-1-5-21-1000-2000-3000"
FALLBACK_DOMAIN = "DC=corp,DC=example"  # where no rule names a DN
FIRST_GROUP_RID = 1_000_000  # far from those of accounts
# [MS-ADTS] 6.1.1.6: groups that every domain has and that nobody gets by birth
WELL_KNOWN = {
    "domain admins": f"{DOMAIN_SID}-512",
    "domain controllers": f"{DOMAIN_SID}-516",
    "schema admins": f"{DOMAIN_SID}-518",
    "enterprise admins": f"{DOMAIN_SID}-519",
    "group policy creator owners": f"{DOMAIN_SID}-520",
    "administrators": "S-1-5-32-544",
    "account operators": "S-1-5-32-548",
    "server operators": "S-1-5-32-549",
    "print operators": "S-1-5-32-550",
    "backup operators": "S-1-5-32-551",
}
_DOMAIN = re.compile(r"(?:^|,)\s*(dc=[^,{}]+(?:,\s*dc=[^,{}]+)*)$", re.IGNORECASE)
MOST_RUNS = 10


def imagined_snapshot(
    rulesets: list[Ruleset],
    people: list[dict],
    accounts: list[dict] = (),
    ous=(),
    groups=(),
    attributes=None,
) -> dict:
    """A snapshot as of the directory room, in which everything exists that the rules name for these people.

    accounts: as a snapshot has them; their OUs exist, and the groups that they are in. ous, groups: DNs of more OUs, names or DNs of
    more groups. attributes: {name: definition} of attributes that Active Directory's own schema lacks; those that the rules name
    and nobody has defined are text with any number of values. An OU that a rule would create does not exist.
    """
    domain = domain_of(rulesets)
    schema = dict(_standard())
    schema |= {name.lower(): definition for name, definition in (attributes or {}).items()}
    for rules in rulesets:
        for name in rules.attributes:
            schema.setdefault(name.lower(), assumed_definition(name))
    named = [
        *(name for rules in rulesets for rule in rules.groups for name in rule.groups),
        *groups,
    ]
    named += [dn for account in accounts for dn in account.groups]
    containers = [*_named_containers(rulesets), *_given_containers(rulesets, people), *ous]
    containers += [parent(account.dn) for account in accounts]
    return {
        "domain": {
            "dn": domain,
            "name": ".".join(part.partition("=")[2] for part in domain.split(",")).lower(),
            "sid": DOMAIN_SID,
            "server": "none: it is imagined",
            "bound_as": "",
            "bound_sid": None,
        },
        "schema": schema,
        "containers": _with_ancestors([domain, *containers]),
        "groups": _groups(named, domain),
        "accounts": list(accounts),
        "contacts": [],
        "deleted": [],
    }


def settled(
    snapshot: dict, people: list[dict], findings: list[dict], rules: Ruleset, as_of: datetime
) -> tuple[dict, dict]:
    """(the snapshot as it is when runs of the same moment have nothing more to do, the last run's plan, which is without changes).

    Raises HrisError for rules that never come to rest.
    """
    for _run in range(MOST_RUNS):
        plan, _decided = make_plan(people, findings, snapshot, rules, as_of)
        if not plan.changes:
            return snapshot, plan
        snapshot = after(snapshot, plan.changes)
    change = plan.changes[0]
    raise HrisError(
        f"each run would change {change['dn']} again ({change['action']})",
        place=change.key,
        hint="Two rules undo one another; mend one",
    )


def assumed(rules: Ruleset, attributes: dict) -> list[str]:
    """The attributes of the rules of which nothing is known but the name, so that a misspelled one is not noticed.

    attributes: as of imagined_snapshot.
    """
    known = _standard().keys() | {name.lower() for name in attributes}
    return sorted(name for name in rules.attributes if name.lower() not in known)


def domain_of(rulesets: list[Ruleset]) -> str:
    """The DN of the domain that the rules are for, as they spell it."""
    for rules in rulesets:
        for source in (
            *(rule.ou.source for rule in rules.placement),
            rules.leaver.get("move_to"),
            *rules.ownership.bases,
        ):
            found = _DOMAIN.search((source or "").strip())
            if found:
                return found[1]
    return FALLBACK_DOMAIN


def group_dn(name: str, domain: str) -> str:
    """The DN of a group, for one that the rules call by its logon name."""
    return name if "=" in name else f"CN={escape_value(name)},OU=Groups,{domain}"


@lru_cache(1)
def _standard() -> dict:
    return standard_schema()


def _groups(names: list[str], domain: str) -> list[dict]:
    found: dict[str, dict] = {}
    for name in (*(name.title() for name in WELL_KNOWN), "Domain Users", *names):
        dn = group_dn(name, domain)
        if normal(dn) not in found:
            cn = split(dn)[0]
            sid = (
                f"{DOMAIN_SID}-513"
                if cn == "Domain Users"
                else f"{DOMAIN_SID}-{FIRST_GROUP_RID + len(found)}"
            )
            found[normal(dn)] = {
                "guid": str(uuid5(NAMESPACE_X500, normal(dn))),
                "dn": dn,
                "sid": WELL_KNOWN.get(cn.casefold(), sid),
                "name": cn,
                "cn": cn,
                "groups": [],
                "attributes": {},
            }
    return list(found.values())


def _named_containers(rulesets: list[Ruleset]) -> list[str]:
    """The OUs that the rules name by their text; of one that is computed, what is written behind the last expression."""
    found = []
    for rules in rulesets:
        for rule in rules.placement:
            computed, literal = rule.ou.source.rpartition("}")[1:]
            if computed:
                found.append(literal.partition(",")[2])
            elif not rule.create:
                found.append(rule.ou.source)
        found.append(rules.leaver.get("move_to") or "")
    found += [base for rules in rulesets for base in rules.ownership.bases]
    return [dn for dn in found if dn]


def _given_containers(rulesets: list[Ruleset], people: list[dict]) -> list[str]:
    """The computed OUs that the rules give these people, whatever state they will be in."""
    found = {}
    for rules in rulesets:
        for person in people:
            try:
                dn, rule = place_of(rules.placement, person.record)
                if not rule.create:
                    normal(dn)
                    found[dn] = None
            except HrisError:
                continue  # the plan holds this person, and says why
    return list(found)


def _with_ancestors(dns: list[str]) -> list[str]:
    found: dict[str, str] = {}
    for dn in dns:
        while dn and normal(dn) not in found:
            found[normal(dn)] = dn
            dn = "" if normal(dn) == normal(dns[0]) else parent(dn)
    return list(found.values())


def left_by(
    rules: Ruleset, rulesets: list[Ruleset], employees: list[dict], as_of: datetime
) -> tuple[dict, dict]:
    """(the directory as these rules would have left it by now, the plan of their next run, which is without changes).

    Nothing is known of what was there before: accounts have the names that a first run gives, and nobody is in a group that no
    rule gives. rulesets: other rules that the directory has OUs, groups and attributes for.
    """
    people, _findings = people_of(employees, rules, as_of)
    return worked_on(imagined_snapshot([rules, *rulesets], people), employees, rules, as_of)


def worked_on(
    snapshot: dict, employees: list[dict], rules: Ruleset, as_of: datetime
) -> tuple[dict, dict]:
    """(the snapshot as these rules would have left it by now, the plan of their next run, which is without changes).

    Everybody has been employed for a while: who has left is locked since the day that HR tells, and gone where the retention is
    over. What ``actions`` holds back is done: another configuration of the source did it.
    """
    free = replace(rules, actions=None)
    people, findings = people_of(employees, free, as_of)
    snapshot = settled(
        snapshot, [_employed(person, rules, as_of) for person in people], findings, free, as_of
    )[0]
    return settled(snapshot, people, findings, free, as_of)


def _employed(person: dict, rules: Ruleset, as_of: datetime) -> dict:
    """The person, of one who has left as he or she worked here, unless the account is deleted by now."""
    days = rules.leaver.delete_after_days
    if person.state != LEAVER:
        return person
    if (
        days is not None
        and person.first_day_without_access
        and days_later(date.fromisoformat(person.first_day_without_access), days) <= as_of.date()
    ):
        return person
    return {**person, "state": ACTIVE}
