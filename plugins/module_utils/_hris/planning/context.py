# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules mean in one directory: looked up and checked once, for all people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ..ad_values.dn import normal
from ..ad_values.protection import Protected
from ..ad_values.unique_names import KEPT_FOR_GOOD, REFUSED_TWICE
from ..data_class import frozen
from ..errors import HrisError
from ..model.directory import Account, AttributeDefinition, NamedObject, Snapshot
from ..model.people import ACTIVE, Person
from ..option_names import option_name
from ..rules.mapping import references_of
from ..rules.mapping_lines import MappingLine, ReferenceLine, merging
from ..rules.naming import reads
from ..rules.ruleset import Ruleset
from .checks import check_attributes, check_containers, written_by
from .identity_checks import IdentityChecks, identity_checks
from .memberships import Memberships
from .ownership import active_mark, write_mark

# Attributes that are compared although no rule has to name them
ALWAYS_COMPARED = ("proxyAddresses", "cn")


@frozen
class Context:
    """The rules of one source in a directory."""

    rules: Ruleset
    sources: Mapping[str, Context]  # {source: its rules in the directory}, of the whole plan
    # {attribute as the rules or the directory spell it: definition}
    definitions: dict[str, AttributeDefinition]
    written_by: dict[str, str]  # the same: {attribute: the rule that gives its value}
    memberships: Memberships
    protected: Protected
    mark: str  # the attribute that keeps the mark, as the directory spells it
    ordinary_mark: list[str]  # its values where there is nothing more to say
    removed_groups: (
        str | None
    )  # the attribute that remembers removed groups, as the directory spells it
    # Attributes whose other values stay, each with the mail domains of those that do not
    merged: Mapping[str, Collection[str]]
    unique: frozenset[str]  # attributes, in both spellings, whose values only one account may have
    enforced: frozenset[str]  # attributes that are always written
    authority: dict[str, str]  # {attribute: on_create or report} of the others
    naming_lines: Sequence[MappingLine]  # the mapping lines that naming rules read
    followed_lines: Sequence[MappingLine]  # those that tell whether names still fit
    replacing_lines: Sequence[ReferenceLine]  # those that say who is written instead of a leaver
    identity: IdentityChecks
    spelled_alike: bool  # whether the rules spell every attribute as the directory does

    def is_ordinary(self, person: Person, account: Account) -> bool:
        """Whether somebody works here, with one record, and the enabled account has the mark that
        says nothing but that it follows the rules. Nearly everybody is ordinary: the step is
        FOLLOWING, the mark stays as it is, and no other source has a say.
        """
        return (
            person.state == ACTIVE
            and person.employment is None
            and account.enabled
            and account.attributes.get(self.mark) == self.ordinary_mark
        )

    def spelled(self, attribute: str) -> str:
        """The name of an attribute as the directory spells it."""
        return self.definitions[attribute].name


def contexts_of(
    snapshot: Snapshot,
    rulesets: Iterable[Ruleset],
    protected: Protected,
    kept_for_good: bool = False,
) -> dict[str, Context]:
    """{source: its rules in this directory}. Raises HrisError for rules that do not fit it.

    kept_for_good: whether names stay with their owners, so that only one may have them. The checks
    of identities know no absent accounts yet (add_absent).
    """
    contexts: dict[str, Context] = {}
    for rules in rulesets:
        alone = {*rules.unique, *REFUSED_TWICE, *(KEPT_FOR_GOOD if kept_for_good else ())}
        contexts[rules.source] = _context_of(snapshot, rules, contexts, protected, alone)
    marks = {context.mark for context in contexts.values()}
    if len(marks) > 1:
        raise HrisError(
            f"the sources keep their marks in different attributes: {', '.join(sorted(marks))}",
            place=option_name("ownership.attribute"),
            hint="Set the same one for all sources of a domain",
        )
    return contexts


def _context_of(
    snapshot: Snapshot,
    rules: Ruleset,
    sources: Mapping[str, Context],
    protected: Protected,
    unique: Iterable[str],
) -> Context:
    schema = snapshot.schema
    check_attributes(rules, schema)
    check_containers(rules, {normal(dn) for dn in snapshot.containers})
    places = written_by(rules)
    names = (*places, *rules.attributes, *ALWAYS_COMPARED)
    definitions = {name: schema[name.casefold()] for name in names}
    for name, definition in list(definitions.items()):
        definitions.setdefault(definition.name, definition)
        if name in places:
            places.setdefault(definition.name, places[name])
    alone = set(map(str.casefold, unique)) - {rules.key.casefold()}
    mapping, record = rules.mapping, rules.leaver.record
    naming_lines = [line for line in mapping if reads(rules.naming.expressions, line.name)]
    followed = rules.naming.followed
    lines = (*mapping, *rules.leaver_mapping)
    return Context(
        rules=rules,
        sources=sources,
        definitions=definitions,
        written_by=places,
        memberships=Memberships(snapshot.groups, rules, protected),
        protected=protected,
        mark=definitions[rules.ownership.attribute].name,
        ordinary_mark=[write_mark(active_mark(rules.source))],
        removed_groups=definitions[record].name if record else None,
        unique=frozenset(name for name in definitions if name.casefold() in alone),
        merged=merging(mapping),
        enforced=frozenset(line.name for line in mapping if line.apply == "always"),
        authority={line.name: line.apply for line in mapping if line.apply != "always"},
        naming_lines=naming_lines,
        followed_lines=[line for line in naming_lines if reads(followed, line.name)],
        replacing_lines=[line for line in references_of(mapping) if line.replaces_leavers],
        identity=IdentityChecks(rules, definitions, frozenset(), [], {}),
        spelled_alike=all(definitions[line.name].name == line.name for line in lines),
    )


def add_absent(
    contexts: dict[str, Context],
    absent: Sequence[Account],
    deleted: Sequence[NamedObject],
    today: str,
) -> None:
    """Add the accounts that nobody in the feeds has, and those that were deleted, to the checks of
    identities. today: ISO 8601.
    """
    for name, context in contexts.items():
        definitions = context.definitions
        checks = identity_checks(context.rules, definitions, absent, deleted, context.mark, today)
        contexts[name] = replace(context, identity=checks)
