# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References from one person to another (manager), whatever the order of the feed.

A reference line reads from a person's record who is meant, and finds that person by another field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from ..errors import HrisError, shortened
from ..model.findings import WARNING, Finding, Mention, mentioning, separated
from ..model.people import (
    EMPLOYED,
    HELD,
    LEAVER,
    AccountReference,
    Person,
    PersonId,
)
from ..model.records import Record
from .mapping import reference_value, references_of
from .mapping_lines import ReferenceLine
from .ruleset import Ruleset
from .successors import NOBODY, UNCHANGED, Successors, Target, Targets
from .values import to_text

MOST_IN_RING = 10  # people of a ring in a message


class PeopleOfSource(NamedTuple):
    """The people of one source."""

    rules: Ruleset
    people: Sequence[Person]


def resolve_references(sources: Sequence[PeopleOfSource]) -> list[list[Finding]]:
    """Set the references of each person; give the findings for each source.

    People: with their states. An attribute that is left as it is gets no entry. Where the line says
    ``leaver: next``, the chain of managers is followed past those who have left.
    """
    elsewhere = _by_key(sources) if len(sources) > 1 else {}
    joined = []
    if len(sources) > 1:
        joined = [one for source in sources for one in source.people if len(one.sources) > 1]
    ids = _Ids()
    return [_resolve_source(source, joined, elsewhere, ids) for source in sources]


class _Ids:
    """The identity of each person who is referred to, made once: many people have one manager."""

    def __init__(self) -> None:
        self._known: dict[int, PersonId] = {}

    def of(self, person: Person) -> PersonId:
        """The identity of a person."""
        found = self._known.get(id(person))
        if found is None:
            found = self._known[id(person)] = PersonId(person.source, person.key)
        return found


def _resolve_source(
    source: PeopleOfSource,
    joined: Iterable[Person],
    elsewhere: Mapping[str, list[Person]],
    ids: _Ids,
) -> list[Finding]:
    """joined: people of several sources. elsewhere: the people of all sources by key."""
    findings: list[Finding] = []
    people, name = source.people, source.rules.source
    others = [one for one in joined if one.source != name and name in one.sources]
    for line in references_of(source.rules.mapping):
        holders = _holders([*people, *others], line, name)
        shared: dict[str, Target] = {}
        targets = {
            id(person): _target(person, line, holders, elsewhere, shared)
            for person in people
            if person.state != HELD
        }
        findings += _cycles(people, targets, line)
        found = partial(_people_with, holders, elsewhere)
        successors = Successors(line, targets, found)
        for person in people:
            if person.state in EMPLOYED:
                findings += _resolve(person, line, successors, ids)
            elif person.state == LEAVER and not successors.keeps:
                _set_successor(person, successors, ids)
        findings += successors.findings()
    return findings


def _set_successor(leaver: Person, successors: Successors, ids: _Ids) -> None:
    """Set who gets the reports of a leaver for whom HR names nobody any more."""
    line, heir = successors.line, successors.target(leaver).person
    if heir and heir is not leaver:
        leaver.successors = {**(leaver.successors or {}), line.name: ids.of(heir)}
    elif heir is None and line.leaver == "clear":
        leaver.successors = {**(leaver.successors or {}), line.name: None}


def _resolve(
    person: Person, line: ReferenceLine, successors: Successors, ids: _Ids
) -> Sequence[Finding]:
    """Set one reference of a person; give the finding about it, if there is one."""
    target = successors.targets[id(person)]
    clears = target is NOBODY and line.empty == "clear"
    if target.person and target.person.state == LEAVER:
        successors.note(target.person, person)
        if not successors.keeps:
            clears = line.leaver == "clear"
            target = successors.target(target.person, person)
    if target.person and not person.references:
        if target.alone is None:
            target.alone = {line.name: ids.of(target.person)}
        person.references = target.alone
    elif target.person:
        person.references = {**person.references, line.name: ids.of(target.person)}
    elif target.account or clears:
        person.references = {**person.references, line.name: target.account}
    if target.problem is None:
        return ()
    return [mentioning("reference", target.problem, person.key, line.place, WARNING)]


def _holders(people: Iterable[Person], line: ReferenceLine, source: str) -> dict[str, list[Person]]:
    """{value of the line's field: the people who have it} in records of the source.

    A person whose field cannot be read is not found. That is a finding at everybody who refers to
    this person.
    """
    holders: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.employment is None:
            value = _value_of(person.record, line)
            if value is not None:
                holders[value].append(person)
            continue
        records = [one.record for one in person.employment.records if one.source == source]
        values = {_value_of(record, line) for record in records}
        for value in filter(None, values):
            holders[value].append(person)
    return holders


def _value_of(record: Record, line: ReferenceLine) -> str | None:
    """The value of the line's field; None where it cannot be read."""
    try:
        return to_text(line.other.evaluate(record))
    except HrisError:
        return None


def _by_key(sources: Iterable[PeopleOfSource]) -> dict[str, list[Person]]:
    """{key in lower case: the people who have it} in all sources."""
    found: dict[str, list[Person]] = defaultdict(list)
    for source in sources:
        for person in source.people:
            for key in {key.casefold() for key in person.keys}:
                found[key].append(person)
    return found


def _people_with(
    holders: Mapping[str, list[Person]],
    elsewhere: Mapping[str, list[Person]],
    value: str,
    person: Person,
) -> Sequence[Person]:
    """The people of the own source who have the value, or else those of others whose key it is."""
    if value in holders:
        return holders[value]
    others = elsewhere.get(value.casefold(), ())
    return [one for one in others if one.source != person.source]


def _target(
    person: Person,
    line: ReferenceLine,
    holders: Mapping[str, list[Person]],
    elsewhere: Mapping[str, list[Person]],
    shared: dict[str, Target],
) -> Target:
    """Who is meant. shared: {value: the target of everybody who names this one person}."""
    try:
        value = reference_value(line, person.record)
    except HrisError as error:
        return Target(
            problem=[f"{error.message}: {line.name} {UNCHANGED}. Correct the rule or HR."]
        )
    if value is None:
        return NOBODY
    found = holders.get(value) or _people_with(holders, elsewhere, value, person)
    if len(found) == 1 and found[0] is not person and value in holders:
        return shared.get(value) or shared.setdefault(value, Target(found[0]))
    what = line.other.source if value in holders else "key"
    problem = None
    if not found and line.account:
        return Target(account=AccountReference(line.account, value))
    if not found:
        problem = f"no employee has {line.other.source} {shortened(value)}"
    elif len(found) > 1:
        problem = f"{len(found)} employees have {what} {shortened(value)}"
    elif found[0] is person:
        problem = "the employee refers to himself or herself"
    if problem is None:
        return Target(found[0])
    return Target(problem=[f"{problem}: {line.name} {UNCHANGED}. Correct it in HR."])


def _cycles(people: Iterable[Person], targets: Targets, line: ReferenceLine) -> list[Finding]:
    """A finding for each ring of people who refer to one another."""
    findings = []
    done: set[int] = set()
    for start in people:
        first = targets.get(id(start), NOBODY).person
        if first is None or id(first) in done:
            done.add(id(start))  # nearly everybody: the rest of the chain is known
            continue
        path: dict[int, Person] = {}  # in the order of the chain
        person: Person | None = start
        while person and id(person) in targets:
            if id(person) in done or id(person) in path:
                break
            path[id(person)] = person
            person = targets[id(person)].person
        if person and id(person) in path:
            ring = list(path.values())[list(path).index(id(person)) :]
            findings.append(_cycle(ring, line))
        done.update(path)
    return findings


def _cycle(ring: list[Person], line: ReferenceLine) -> Finding:
    keys = [one.key for one in ring]
    first = keys.index(min(keys))
    ring = ring[first:] + ring[:first]
    shown = [Mention(one.source, one.key) for one in ring[:MOST_IN_RING]]
    left_out = " → …" if len(ring) > MOST_IN_RING else ""
    message = (
        f"{left_out} → {ring[0].key}: these employees refer to one another in a ring. {line.name} "
        "is written as HR has it. Correct it in HR."
    )
    parts = [*separated(shown, " → "), message]
    return mentioning("reference_cycle", parts, ring[0].key, line.place, WARNING)
