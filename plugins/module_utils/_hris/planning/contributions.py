# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of a person of whom several sources know, or whose account another source had."""

from __future__ import annotations

from ..data_class import frozen
from ..model.people import CURRENT, Person
from .context import Context
from .ownership import Mark


@frozen
class Contribution:
    """What other sources say about the groups of one account; normal DNs."""

    given: frozenset[str]  # by their rules about all current records
    wanted: frozenset[str]  # by any of their rules about a current record
    managed: frozenset[str]  # by any of their rules

    @property
    def not_restored(self) -> frozenset[str]:
        """The groups that their rules decide about, and not what the account remembers."""
        return self.managed - self.wanted


NONE = Contribution(frozenset(), frozenset(), frozenset())


def contribution_of(context: Context, person: Person, mark: Mark | None) -> Contribution:
    """What the other sources of a person, and of the mark of the account, say about its groups.

    context: that of the person's source. Raises HrisError for a rule that cannot be evaluated.
    """
    others = others_of(context, person, mark)
    if not others:
        return NONE
    given: set[str] = set()
    wanted: set[str] = set()
    managed: set[str] = set()
    for other in others:
        managed |= other.memberships.managed
        for is_given, group in _groups(other, person):
            wanted.add(group)
            if is_given:
                given.add(group)
    return Contribution(frozenset(given), frozenset(wanted), frozenset(managed))


def others_of(context: Context, person: Person, mark: Mark | None) -> list[Context]:
    """The other sources of a person, and of the mark of the account, that are in this run."""
    names = {*person.sources, *(mark.sources if mark else ())} - {person.source}
    return [context.sources[name] for name in sorted(names) if name in context.sources]


def _groups(other: Context, person: Person) -> set[tuple[bool, str]]:
    """(whether the rule is about all current records, a group) of the rules of another source."""
    current = [
        one.record
        for one in person.several_records
        if one.source == other.rules.source and one.time == CURRENT and one.in_scope
    ]
    found: set[tuple[bool, str]] = set()
    for rule in other.rules.groups:
        if any(rule.holds_for(record, person) for record in current):
            is_given = rule.records == "current"
            found.update((is_given, dn) for dn in other.memberships.dns_of(rule.groups))
    return found
