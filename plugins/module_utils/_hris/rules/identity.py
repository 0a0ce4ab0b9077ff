# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which records are one person: those with the same key, with the same strong identifier, and those
that a human joined.

What only looks alike (a name with a birth date) is proposed to a human and never joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from ..data_class import frozen, mutable
from ..errors import HrisError, did_you_mean, foreseen
from ..model.findings import WARNING, Finding
from ..model.records import Record
from ..option_names import option_name
from .expressions import Expression, compile_condition, compile_rule
from .mapping import UnmappedError, wanted_values
from .mapping_lines import ExpressionLine, MappingLine
from .policies import Options, PersonException
from .records import RecordGroup
from .values import to_text

# Attributes whose values change together only when somebody else is meant
NAME_ATTRIBUTES = ("givenname", "sn")


@frozen
class Identity:
    """How records with different keys are recognised as one person's."""

    same: Sequence[Expression]  # strong identifiers: equal values are one person
    similar: Sequence[Expression]  # equal values only propose that it is one person
    names: Sequence[ExpressionLine]  # the mapping lines of given and family name
    fixed: Sequence[str]  # attributes that never change for one person
    absent: Sequence[Sequence[str]]  # sets of attributes: equal values may be one person
    confirmed: Expression | None  # condition: HR confirms who somebody is


@mutable
class RecordsOfPerson:
    """All records of one person, in the order of the feed."""

    records: RecordGroup
    problem: HrisError | None = None  # why it is not certain that they are one person's


@frozen
class _Decisions:
    """What humans decided about keys: pairs of keys in lower case, the smaller one first."""

    joined: frozenset[tuple[str, str]]
    separated: frozenset[tuple[str, str]]
    confirmed: frozenset[str]  # keys in lower case


def compile_identity(options: Options, mapping: Sequence[MappingLine]) -> Identity:
    """The rules of the option identity. Raises HrisError naming the rule."""
    mapped = {line.name.casefold(): line.name for line in mapping}

    def spelled(name: str, place: str) -> str:
        if name.casefold() not in mapped:
            hint = did_you_mean(name, mapped.values())
            raise HrisError(f"the attribute '{name}' is not mapped", place, hint)
        return mapped[name.casefold()]

    def rules(option: str) -> tuple[Expression, ...]:
        texts = options[option].items()
        return tuple(
            compile_rule(text, option_name(f"identity.{option}.{name}")) for name, text in texts
        )

    names = [
        line
        for line in mapping
        if isinstance(line, ExpressionLine) and line.name.casefold() in NAME_ATTRIBUTES
    ]
    fixed = [spelled(name, option_name("identity.fixed")) for name in options["fixed"]]
    absent = [
        [spelled(name.strip(), option_name("identity.absent")) for name in text.split("+")]
        for text in options["absent"] or []
    ]
    if options["absent"] is None and len(names) == len(NAME_ATTRIBUTES):
        absent = [[line.name for line in names]]
    when = options["confirmed"]
    confirmed = compile_condition(when, option_name("identity.confirmed")) if when else None
    return Identity(rules("same"), rules("similar"), names, fixed, absent, confirmed)


def join_records(
    groups: Sequence[RecordGroup],
    identity: Identity,
    exceptions: Iterable[PersonException],
    today: str,
) -> tuple[list[RecordsOfPerson], list[Finding]]:
    """(the records of each person, proposals to join people).

    groups: the records of each key. exceptions: decisions of humans; those that end before today
    (ISO 8601) do not count.
    """
    decisions = _decisions(exceptions, today)
    people = [RecordsOfPerson(group) for group in groups]
    if identity.same or decisions.joined:
        people = _joined(people, identity, decisions)
    for person in people:
        if len(person.records) > 1 and person.problem is None:
            person.problem = _different_names(person, identity, decisions)
    return people, list(_proposals(people, identity, decisions))


def _decisions(exceptions: Iterable[PersonException], today: str) -> _Decisions:
    counting = (entry for entry in exceptions if entry.counts_on(today))
    valid = [entry for entry in counting if not entry.other_source]

    def pairs(action: str) -> frozenset[tuple[str, str]]:
        return frozenset(_pair(one.key, one.other or "") for one in valid if one.action == action)

    confirmed = frozenset(one.key.casefold() for one in valid if one.action == "confirm")
    return _Decisions(pairs("join"), pairs("separate"), confirmed)


def _pair(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((one.casefold(), other.casefold()))
    return first, second


def _joined(
    people: list[RecordsOfPerson], identity: Identity, decisions: _Decisions
) -> list[RecordsOfPerson]:
    """The people with the records that belong together, in the order of the feed."""
    by_key = {person.records[0].key.casefold(): number for number, person in enumerate(people)}
    links = [
        (by_key[one], by_key[other])
        for one, other in sorted(decisions.joined)
        if one in by_key and other in by_key
    ]
    links += _links_by_identifier(people, identity, decisions)
    leaders = list(range(len(people)))  # of each person, an earlier one who is the same
    members = {number: {key} for key, number in by_key.items()}  # {leader: keys of all}
    for one, other in links:
        first, second = sorted((_leader(leaders, one), _leader(leaders, other)))
        if first != second and not _are_separated(members[first], members[second], decisions):
            leaders[second] = first
            members[first] |= members.pop(second)
    found: dict[int, RecordsOfPerson] = {}
    for number, person in enumerate(people):
        leader = found.setdefault(_leader(leaders, number), person)
        if leader is not person:
            leader.records = [*leader.records, *person.records]
            leader.problem = leader.problem or person.problem
    return list(found.values())


def _leader(leaders: list[int], number: int) -> int:
    """The first one of those who are the same person."""
    while leaders[number] != number:
        leaders[number] = leaders[leaders[number]]  # the way is shorter for the next question
        number = leaders[number]
    return number


def _links_by_identifier(
    people: Sequence[RecordsOfPerson], identity: Identity, decisions: _Decisions
) -> list[tuple[int, int]]:
    """Pairs of people with the same strong identifier. A person whose identifier cannot be read
    gets a problem.
    """
    links: list[tuple[int, int]] = []
    for rule in identity.same:
        alike: dict[str, list[int]] = defaultdict(list)  # {value: the people who have it}
        for number, person in enumerate(people):
            try:
                values = {foreseen(_identifier, rule, one.record) for one in person.records}
            except HrisError as error:
                person.problem = error
                continue
            for value in values - {None}:
                alike[(value or "").casefold()].append(number)
        for numbers in alike.values():
            if len(numbers) > 1:
                links += _links_of(numbers, people, decisions)
    if decisions.separated:  # only then the order of the links matters
        links.sort(key=lambda link: [people[number].records[0].key.casefold() for number in link])
    return links


def _identifier(rule: Expression, record: Record) -> str | None:
    return to_text(rule.evaluate(record))


def _links_of(
    numbers: Sequence[int], people: Sequence[RecordsOfPerson], decisions: _Decisions
) -> list[tuple[int, int]]:
    """Pairs that join these people, for any order of the feed the same.

    Everybody is joined to the first one, whom nobody separated from anybody if possible. Those whom
    a human separated from somebody may not be joined to that one, but to one another.
    """
    parted = {key for pair in decisions.separated for key in pair}
    ranks = {number: people[number].records[0].key.casefold() for number in numbers}
    first, *others = sorted(numbers, key=lambda number: (ranks[number] in parted, ranks[number]))
    links = [(first, other) for other in others]
    return links + list(combinations([one for one in others if ranks[one] in parted], 2))


def _are_separated(first: set[str], second: set[str], decisions: _Decisions) -> bool:
    pairs = decisions.separated
    return bool(pairs) and any(_pair(one, other) in pairs for one in first for other in second)


def _different_names(
    person: RecordsOfPerson, identity: Identity, decisions: _Decisions
) -> HrisError | None:
    """Why the records seem to be those of two humans: given and family name both differ."""
    keys = {one.key.casefold() for one in person.records}
    if len(identity.names) < len(NAME_ATTRIBUTES) or keys & decisions.confirmed:
        return None
    if not differ_in_both(names_of(one.record, identity) for one in person.records):
        return None
    return two_people(identity)


def differ_in_both(names: Iterable[Mapping[str, str]]) -> bool:
    """Whether no single name is common to all who have both. names: of names_of."""
    whole = {
        tuple(found[name] for name in NAME_ATTRIBUTES)
        for found in names
        if len(found) == len(NAME_ATTRIBUTES)
    }
    return bool(whole) and all(len(set(texts)) > 1 for texts in zip(*whole, strict=True))


def two_people(identity: Identity) -> HrisError:
    """Why a person is held whose records seem to be those of two humans."""
    return HrisError(
        "records of this person have different given and family names, as if they were of two "
        "people",
        identity.names[0].place,
        f"Correct HR, or confirm the key in {option_name('exceptions')} (action: confirm)",
    )


def names_of(record: Record, identity: Identity) -> dict[str, str]:
    """{attribute in lower case: name in lower case}, of the names that HR has."""
    found: dict[str, str] = {}
    for line in identity.names:
        try:
            values = wanted_values(line, record)
        except (HrisError, UnmappedError):
            continue
        if values:
            found[line.name.casefold()] = values[0].casefold()
    return found


def _proposals(
    people: Sequence[RecordsOfPerson], identity: Identity, decisions: _Decisions
) -> Iterator[Finding]:
    """A finding for each person who looks like an earlier one of the feed."""
    for rule in identity.similar:
        alike: dict[str, list[RecordsOfPerson]] = defaultdict(list)
        for person in people:
            try:
                value = foreseen(_identifier, rule, person.records[0].record)
            except HrisError as error:
                yield _unknown_proposal(error, person.records[0].key)
                continue
            if value is not None:
                alike[value.casefold()].append(person)
        for group in alike.values():
            for person in group[1:]:
                key, first = person.records[0].key, group[0].records[0].key
                if _pair(key, first) not in decisions.separated:
                    yield _proposal(key, first, rule)


def _unknown_proposal(error: HrisError, key: str) -> Finding:
    message = f"{error} So it is not known whether somebody else is the same person."
    return Finding("same_person", message, key=key, place=error.place, severity=WARNING)


def _proposal(key: str, first: str, rule: Expression) -> Finding:
    message = (
        f"may be the same person as {first}: both have the same value of {rule.source!r}. They are "
        "two people until somebody decides: write an exception with the action join or separate "
        "for the two keys."
    )
    return Finding("same_person", message, key=key, place=rule.place, severity=WARNING)
