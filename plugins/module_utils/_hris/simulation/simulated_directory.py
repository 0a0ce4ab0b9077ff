# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated directory: it has everything that the rules name, and simulated runs change it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import NAMESPACE_X500, uuid5

from ..ad_values.dn import escape_value, normal, parent, split
from ..ad_values.sid import BUILTIN_DOMAIN, DOMAIN_USERS_RID
from ..errors import HrisError
from ..model.directory import Account, AttributeDefinition, Domain, Group, Snapshot
from ..model.people import ACTIVE, LEAVER, Person
from ..model.plan import Plan
from ..model.records import Record
from ..planning.plan import make_plan
from ..rules.people import Feed, SourcePeople, people_of_sources
from ..rules.placement import place_of
from ..rules.ruleset import Ruleset
from ..rules.times import days_later
from .application import apply_simulated
from .standard_schema import assumed_definition, standard_schema

DOMAIN_SID = "S-1-5-21-1000-2000-3000"
FALLBACK_DOMAIN = "DC=corp,DC=example"  # where no rule names a DN
FIRST_GROUP_RID = 1_000_000  # far from those of accounts
MOST_RUNS = 10
# Groups that every domain has ([MS-ADTS] 6.1.1.6)
WELL_KNOWN = {
    "Domain Admins": f"{DOMAIN_SID}-512",
    "Domain Controllers": f"{DOMAIN_SID}-516",
    "Schema Admins": f"{DOMAIN_SID}-518",
    "Enterprise Admins": f"{DOMAIN_SID}-519",
    "Group Policy Creator Owners": f"{DOMAIN_SID}-520",
    "Administrators": f"{BUILTIN_DOMAIN}-544",
    "Account Operators": f"{BUILTIN_DOMAIN}-548",
    "Server Operators": f"{BUILTIN_DOMAIN}-549",
    "Print Operators": f"{BUILTIN_DOMAIN}-550",
    "Backup Operators": f"{BUILTIN_DOMAIN}-551",
    "Domain Users": f"{DOMAIN_SID}-{DOMAIN_USERS_RID}",
}
_DOMAIN = re.compile(r"(?:^|,)\s*(dc=[^,{}]+(?:,\s*dc=[^,{}]+)*)$", re.IGNORECASE)

Definitions = Mapping[str, AttributeDefinition]  # {attribute: definition}


class Settled(NamedTuple):
    """A directory in which runs of the same moment have nothing more to do."""

    snapshot: Snapshot
    plan: Plan  # of the last run: it has no changes


def simulated_snapshot(
    rulesets: Sequence[Ruleset],
    records: Iterable[Record],
    accounts: Sequence[Account] = (),
    ous: Iterable[str] = (),
    groups: Iterable[str] = (),
    attributes: Definitions | None = None,
) -> Snapshot:
    """A snapshot in which everything exists that the rules name for these records.

    accounts: their OUs and groups exist. ous, groups: more OUs (DNs) and groups (names or DNs).
    attributes: those that Active Directory's own schema does not have. Attributes that only the
    rules name are text with any number of values. An OU that a rule would create does not exist.
    """
    domain = domain_of(rulesets)
    schema = dict(_standard_schema())
    schema |= {name.lower(): definition for name, definition in (attributes or {}).items()}
    for rules in rulesets:
        for name in rules.attributes:
            schema.setdefault(name.lower(), assumed_definition(name))
    containers = [domain, *_literal_containers(rulesets), *_computed_containers(rulesets, records)]
    containers += [*ous, *(parent(account.dn) for account in accounts)]
    names = [name for rules in rulesets for rule in rules.groups for name in rule.groups]
    names += groups
    protected = [text for rules in rulesets for text in rules.ownership.protected]
    names += [text for text in protected if "=" not in text]
    containers += [text for text in protected if "=" in text]
    names += [dn for account in accounts for dn in account.groups]
    parts = domain.split(",")
    return Snapshot(
        domain=Domain(
            dn=domain,
            name=".".join(part.partition("=")[2] for part in parts).lower(),
            sid=DOMAIN_SID,
            server="none: the directory is simulated",
            bound_as="",
            bound_sid=None,
        ),
        schema=schema,
        containers=_with_ancestors(containers),
        groups=_groups(names, domain),
        accounts=list(accounts),
        contacts=[],
        deleted=[],
    )


def settle(snapshot: Snapshot, sources: Sequence[SourcePeople], as_of: datetime) -> Settled:
    """Simulate runs of the same moment until one has nothing to do.

    Raises HrisError for rules with which every run changes something again.
    """
    for _run in range(MOST_RUNS):
        plan = make_plan(sources, snapshot, as_of).plan
        if not plan.changes:
            return Settled(snapshot, plan)
        snapshot = apply_simulated(snapshot, plan.changes)
    change = plan.changes[0]
    raise HrisError(
        f"each run would change {change.dn} again ({change.action})",
        place=change.key,
        hint="Two rules undo one another; correct one of them",
    )


def assumed_attributes(rules: Ruleset, attributes: Definitions) -> list[str]:
    """The attributes of which only the rules know the name: a misspelled one is not noticed.

    attributes: as of simulated_snapshot.
    """
    known = _standard_schema().keys() | {name.lower() for name in attributes}
    return sorted(name for name in rules.attributes if name.lower() not in known)


def domain_of(rulesets: Iterable[Ruleset]) -> str:
    """The DN of the domain that the rules are for, as they spell it."""
    for rules in rulesets:
        places = [rule.ou.source for rule in rules.placement]
        for place in (*places, rules.leaver.move_to or "", *rules.ownership.bases):
            match = _DOMAIN.search(place.strip())
            if match:
                return match[1]
    return FALLBACK_DOMAIN


def group_dn(name: str, domain: str) -> str:
    """The DN of a group that the rules name by its logon name or DN."""
    return name if "=" in name else f"CN={escape_value(name)},OU=Groups,{domain}"


@lru_cache(1)
def _standard_schema() -> dict[str, AttributeDefinition]:
    return standard_schema()


def _groups(names: Iterable[str], domain: str) -> list[Group]:
    groups: dict[str, Group] = {}
    known = {name.casefold(): sid for name, sid in WELL_KNOWN.items()}
    for name in (*WELL_KNOWN, *names):
        dn = group_dn(name, domain)
        if normal(dn) in groups:
            continue
        cn = split(dn)[0]
        groups[normal(dn)] = Group(
            guid=str(uuid5(NAMESPACE_X500, normal(dn))),
            dn=dn,
            sid=known.get(cn.casefold(), f"{DOMAIN_SID}-{FIRST_GROUP_RID + len(groups)}"),
            name=cn,
            cn=cn,
            groups=[],
            attributes={},
        )
    return list(groups.values())


def _literal_containers(rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """The OUs in the text of the rules; of a computed one, the part after the last expression."""
    for rules in rulesets:
        for rule in rules.placement:
            is_computed, literal = rule.ou.source.rpartition("}")[1:]
            above = literal.partition(",")[2]
            if is_computed and above:
                yield above
            elif not is_computed and not rule.create:
                yield rule.ou.source
        if rules.leaver.move_to:
            yield rules.leaver.move_to
        yield from rules.ownership.bases


def _computed_containers(rulesets: Iterable[Ruleset], records: Iterable[Record]) -> dict[str, None]:
    """The computed OUs that the rules give these records, whatever their states are; each once."""
    ous: dict[str, None] = {}
    known = list(records)
    for rules in rulesets:
        for record in known:
            try:
                dn, rule = place_of(rules.placement, record)
                normal(dn)
            except HrisError:
                continue  # the plan holds this person, and says why
            if not rule.create:
                ous[dn] = None
    return ous


def _with_ancestors(dns: Sequence[str]) -> list[str]:
    """The DNs and all that are above them, each once. dns: the first one is the domain."""
    containers: dict[str, str] = {}
    domain = normal(dns[0])
    for dn in dns:
        while dn and normal(dn) not in containers:
            containers[normal(dn)] = dn
            dn = "" if normal(dn) == domain else parent(dn)
    return list(containers.values())


def left_by(feeds: Sequence[Feed], rulesets: Iterable[Ruleset], as_of: datetime) -> Settled:
    """The directory as the rules of these sources would have left it by now.

    Nothing is known about the time before: accounts have the names that a first run gives, and
    nobody is in a group that no rule gives. rulesets: other rules whose OUs, groups and attributes
    exist as well.
    """
    records = [record for feed in feeds for record in feed.records]
    snapshot = simulated_snapshot([*(feed.rules for feed in feeds), *rulesets], records)
    return left_over(snapshot, feeds, as_of)


def left_over(snapshot: Snapshot, feeds: Sequence[Feed], as_of: datetime) -> Settled:
    """The snapshot as the rules of these sources would have left it by now.

    Everybody has been employed for a while: a leaver is locked since the day in HR, and deleted
    where the retention is over. What the option ``actions`` does not allow is done as well: another
    configuration of the source did it.
    """
    unlimited = [feed._replace(rules=replace(feed.rules, actions=None)) for feed in feeds]
    sources = people_of_sources(unlimited, as_of)
    before = [
        replace(source, people=[_employed(one, source.rules, as_of) for one in source.people])
        for source in sources
    ]
    earlier = settle(snapshot, before, as_of)
    return settle(earlier.snapshot, sources, as_of)


def _employed(person: Person, rules: Ruleset, as_of: datetime) -> Person:
    """The person; a leaver as an employee, unless the account is deleted by now."""
    if person.state != LEAVER or _is_deleted(person, rules, as_of):
        return person
    return replace(person, state=ACTIVE)


def _is_deleted(person: Person, rules: Ruleset, as_of: datetime) -> bool:
    """Whether the retention of a leaver's account is over."""
    days, first = rules.leaver.delete_after_days, person.first_day_without_access
    if days is None or not first:
        return False
    return days_later(date.fromisoformat(first), days) <= as_of.date()
