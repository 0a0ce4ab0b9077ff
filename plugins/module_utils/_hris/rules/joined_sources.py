# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which people of several sources are one person: those with the same strong identifier, those whom
a human joined, and those with the same key and the same names.

One key in two sources alone says nothing: two HR systems give numbers of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..data_class import frozen
from ..errors import HrisError
from ..model.findings import WARNING, Finding
from .expressions import Expression
from .identity import NAME_ATTRIBUTES, RecordsOfPerson, differ_in_both, names_of, two_people
from .policies import PersonException
from .ruleset import Ruleset
from .values import to_text


class SourceRecords(NamedTuple):
    """The people of one source, as their records."""

    rules: Ruleset
    people: Sequence[RecordsOfPerson]


class Part(NamedTuple):
    """What one source knows of a person."""

    rules: Ruleset
    person: RecordsOfPerson


@frozen
class JoinedSources:
    """The people of several sources together."""

    joined: Sequence[Sequence[Part]]  # people of whom two sources know
    findings: Sequence[tuple[str, Finding]]  # (source, people who may be the same)


_Member = tuple[int, int]  # the number of the source, and that of the person in it
_Id = tuple[str, str]  # the source, and the key in lower case
Separated = set[frozenset[_Id]]  # pairs of people who are two


def join_sources(sources: Sequence[SourceRecords], today: str) -> JoinedSources:
    """Join the people of several sources. today: ISO 8601, for exceptions that end."""
    decisions = _Decisions(sources, today)
    links = [*decisions.joined, *_same_identifiers(sources)]
    findings: list[tuple[str, Finding]] = []
    for one, other in _same_keys(sources):
        first, second = _part(sources, one), _part(sources, other)
        names = [_names(first), _names(second)]
        if len(names[0]) == len(NAME_ATTRIBUTES) and names[0] == names[1]:
            links.append((one, other))
        elif names[0].items() & names[1].items() and not decisions.separates({one}, {other}):
            findings.append((second.rules.source, _proposal(second, first)))
    groups = _groups(links, decisions)
    joined = [[_part(sources, member) for member in sorted(group)] for group in groups]
    return JoinedSources([parts for parts in joined if len(parts) > 1], findings)


def problem_of(parts: Sequence[Part], today: str) -> HrisError | None:
    """Why it is not certain that the records of joined sources are those of one person."""
    for part in parts:
        if part.person.problem:
            return part.person.problem
    if any(_is_confirmed(part, today) for part in parts):
        return None
    names = (
        names_of(one.record, rules.identity) for rules, person in parts for one in person.records
    )
    return two_people(parts[0].rules.identity) if differ_in_both(names) else None


def _is_confirmed(part: Part, today: str) -> bool:
    keys = {one.key.casefold() for one in part.person.records}
    return any(
        one.action == "confirm" and one.key.casefold() in keys and one.counts_on(today)
        for one in part.rules.exceptions
    )


def _part(sources: Sequence[SourceRecords], member: _Member) -> Part:
    source = sources[member[0]]
    return Part(source.rules, source.people[member[1]])


def _names(part: Part) -> dict[str, str]:
    """The names of a person, where all records in this source have the same."""
    found = [names_of(one.record, part.rules.identity) for one in part.person.records]
    return found[0] if all(names == found[0] for names in found) else {}


class _Decisions:
    """What humans decided about people of two sources."""

    def __init__(self, sources: Sequence[SourceRecords], today: str):
        exceptions = [
            (source.rules.source, one)
            for source in sources
            for one in source.rules.exceptions
            if one.other_source and one.counts_on(today)
        ]
        self._separated = separated_people((source.rules for source in sources), today)
        pairs = [_pair(*one) for one in exceptions if one[1].action == "join"]
        named = {one for pair in (*pairs, *self._separated) for one in pair}
        self._members = _members_with(sources, named) if named else {}
        self._ids: dict[_Member, set[_Id]] = defaultdict(set)
        for one, member in self._members.items():
            self._ids[member].add(one)
        known = (sorted(pair) for pair in pairs if pair <= self._members.keys())
        self.joined = [(self._members[one], self._members[other]) for one, other in sorted(known)]

    def separates(self, one: set[_Member], other: set[_Member]) -> bool:
        """Whether somebody of the one and somebody of the other are two people."""
        if not self._separated:
            return False
        return any(
            frozenset((first, second)) in self._separated
            for a in one
            for first in self._ids[a]
            for b in other
            for second in self._ids[b]
        )


def separated_people(rulesets: Iterable[Ruleset], today: str) -> Separated:
    """The people who are two, as humans decided. today: ISO 8601, for exceptions that end."""
    return {
        _pair(rules.source, one)
        for rules in rulesets
        for one in rules.exceptions
        if one.action == "separate" and one.counts_on(today)
    }


def _pair(source: str, one: PersonException) -> frozenset[_Id]:
    first = (source, one.key.casefold())
    return frozenset((first, (one.other_source or source, (one.other or "").casefold())))


def _members_with(sources: Sequence[SourceRecords], named: set[_Id]) -> dict[_Id, _Member]:
    found: dict[_Id, _Member] = {}
    for number, source in enumerate(sources):
        for position, person in enumerate(source.people):
            for record in person.records:
                one = (source.rules.source, record.key.casefold())
                if one in named:
                    found[one] = (number, position)
    return found


def _same_identifiers(sources: Sequence[SourceRecords]) -> Iterator[tuple[_Member, _Member]]:
    """Pairs of people of two sources with the same value of an identifier of the same name."""
    rules: dict[str, list[tuple[int, Expression]]] = defaultdict(list)
    for number, source in enumerate(sources):
        for rule in source.rules.identity.same:
            rules[rule.place or ""].append((number, rule))
    for place in sorted(rules):
        alike: dict[str, list[_Member]] = defaultdict(list)
        if len(rules[place]) > 1:
            for number, rule in rules[place]:
                for value, position in _values(sources[number].people, rule):
                    alike[value].append((number, position))
        for members in alike.values():
            for other in members[1:]:
                if other[0] != members[0][0]:
                    yield members[0], other


def _values(people: Sequence[RecordsOfPerson], rule: Expression) -> Iterator[tuple[str, int]]:
    """(a value of the identifier in lower case, the number of the person)."""
    for position, person in enumerate(people):
        try:
            values = {to_text(rule.evaluate(one.record)) for one in person.records}
        except HrisError:
            continue  # the source itself has the finding
        for value in values - {None}:
            yield (value or "").casefold(), position


def _same_keys(sources: Sequence[SourceRecords]) -> Iterator[tuple[_Member, _Member]]:
    """Pairs of people of two sources with the same value of the same key attribute."""
    first: dict[tuple[str, str], _Member] = {}
    for number, source in enumerate(sources):
        attribute = source.rules.key.casefold()
        for position, person in enumerate(source.people):
            for key in {one.key.casefold() for one in person.records}:
                member = first.setdefault((attribute, key), (number, position))
                if member[0] != number:
                    yield member, (number, position)


def _groups(links: Iterable[tuple[_Member, _Member]], decisions: _Decisions) -> list[set[_Member]]:
    """The members that are one person, as far as nobody separated them."""
    groups: dict[_Member, set[_Member]] = {}
    for one, other in links:
        first = groups.setdefault(one, {one})
        second = groups.setdefault(other, {other})
        if first is second or decisions.separates(first, second):
            continue
        first |= second
        groups.update(dict.fromkeys(second, first))
    return list({id(group): group for group in groups.values()}.values())


def _proposal(part: Part, other: Part) -> Finding:
    key, name = part.person.records[0].key, other.rules.source
    message = (
        f"may be the same person as {other.person.records[0].key} of the source {name}: both have "
        "the same key, and one of their names is equal. They are two people until somebody "
        "decides: write an exception with the action join or separate for the two keys, with "
        f"other_source: {name}."
    )
    place = part.rules.key_line.place
    return Finding("same_person", message, key=key, place=place, severity=WARNING)
