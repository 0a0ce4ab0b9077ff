# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References from one person to another (manager), whatever the order of the feed.

A reference line reads from a person's record who is meant, and finds that person by another field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..data_class import mutable
from ..errors import HrisError, shortened
from ..model.findings import WARNING, Finding, MentioningFinding
from ..model.people import (
    EMPLOYED,
    HELD,
    LEAVER,
    AccountReference,
    Person,
    PersonId,
    Reference,
)
from ..model.records import Record
from .mapping import ReferenceLine, reference_value, references_of
from .ruleset import Ruleset
from .values import to_text

MOST_IN_RING = 10  # people of a ring in a message
_UNCHANGED = "is left as it is"


class PeopleOfSource(NamedTuple):
    """The people of one source."""

    rules: Ruleset
    people: Sequence[Person]


@mutable
class _Target:
    """Who is meant by a person's reference."""

    person: Person | None = None  # None for nobody
    account: AccountReference | None = None  # where no person has the value
    problem: str | None = None  # why nobody is meant, or why it is somebody else
    mentions: Sequence[Person] = ()  # the people whose keys are in it


_NOBODY = _Target()
_Targets = dict[int, _Target]  # {id() of a person: who is meant}


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
        self._alone: dict[tuple[str, int], dict[str, Reference]] = {}

    def of(self, person: Person) -> PersonId:
        """The identity of a person."""
        found = self._known.get(id(person))
        if found is None:
            found = self._known[id(person)] = PersonId(person.source, person.key)
        return found

    def alone(self, attribute: str, person: Person) -> dict[str, Reference]:
        """The references of those who refer to this person and to nobody else: one object for all
        of them, because there are many.
        """
        known = (attribute, id(person))
        found = self._alone.get(known)
        if found is None:
            found = self._alone[known] = {attribute: self.of(person)}
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
        targets = {
            id(person): _target(person, line, holders, elsewhere)
            for person in people
            if person.state != HELD
        }
        findings += _cycles(people, targets, line)
        for person in people:
            if person.state in EMPLOYED:
                findings += _resolve(person, line, targets, ids)
    return findings


def _resolve(person: Person, line: ReferenceLine, targets: _Targets, ids: _Ids) -> list[Finding]:
    """Set one reference of a person; give the finding about it, if there is one."""
    target = targets[id(person)]
    clears = target is _NOBODY and line.empty == "clear"
    if target.person and target.person.state == LEAVER and line.leaver != "keep":
        clears = line.leaver == "clear"
        target = _past_leavers(target.person, line, targets)
    if target.person and not person.references:
        person.references = ids.alone(line.name, target.person)
    elif target.person:
        person.references = {**person.references, line.name: ids.of(target.person)}
    elif target.account or clears:
        person.references = {**person.references, line.name: target.account}
    if target.problem is None:
        return []
    finding = MentioningFinding("reference", f"{target.problem}.", person.key, line.place, WARNING)
    finding.mentions = [(one.source, one.key) for one in target.mentions]
    return [finding]


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


def _target(
    person: Person,
    line: ReferenceLine,
    holders: Mapping[str, list[Person]],
    elsewhere: Mapping[str, list[Person]],
) -> _Target:
    try:
        value = reference_value(line, person.record)
    except HrisError as error:
        return _Target(problem=f"{error.message}: {line.name} {_UNCHANGED}. Correct the rule or HR")
    if value is None:
        return _NOBODY
    found, what = holders.get(value, []), line.other.source
    if not found:
        others = elsewhere.get(value.casefold(), [])
        found, what = [one for one in others if one.source != person.source], "key"
    problem = None
    if not found and line.account:
        return _Target(account=AccountReference(line.account, value))
    if not found:
        problem = f"no employee has {line.other.source} {shortened(value)}"
    elif len(found) > 1:
        problem = f"{len(found)} employees have {what} {shortened(value)}"
    elif found[0] is person:
        problem = "the employee refers to himself or herself"
    if problem is None:
        return _Target(found[0])
    return _Target(problem=f"{problem}: {line.name} {_UNCHANGED}. Correct it in HR")


def _past_leavers(leaver: Person, line: ReferenceLine, targets: _Targets) -> _Target:
    """Who is written instead of a person who has left, and what is reported."""
    enter = "Enter the new one in HR"
    if line.leaver == "clear":
        problem = f"{leaver.key} has left: {line.name} is cleared. {enter}"
        return _Target(problem=problem, mentions=[leaver])
    if line.leaver == "next":
        above = _next_employed(leaver, targets)
        if above:
            problem = (
                f"{leaver.key} has left: {above.key}, the next person above, is written to "
                f"{line.name}. {enter}"
            )
            return _Target(above, problem=problem, mentions=[leaver, above])
    problem = f"{leaver.key} has left: {line.name} {_UNCHANGED}. {enter}"
    return _Target(problem=problem, mentions=[leaver])


def _next_employed(leaver: Person, targets: _Targets) -> Person | None:
    """The next person up the chain who has not left; None where the chain ends or is a ring."""
    seen: set[int] = set()
    person: Person | None = leaver
    while person and id(person) not in seen:
        if person.state != LEAVER:
            return person
        seen.add(id(person))
        person = targets.get(id(person), _NOBODY).person
    return None


def _cycles(people: Iterable[Person], targets: _Targets, line: ReferenceLine) -> list[Finding]:
    """A finding for each ring of people who refer to one another."""
    findings = []
    done: set[int] = set()
    for start in people:
        first = targets.get(id(start), _NOBODY).person
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
    ring, keys = ring[first:] + ring[:first], keys[first:] + keys[:first]
    left_out = ["…"] if len(keys) > MOST_IN_RING else []
    chain = " → ".join([*keys[:MOST_IN_RING], *left_out, keys[0]])
    message = (
        f"{chain}: these employees refer to one another in a ring. {line.name} is written as HR "
        "has it. Correct it in HR."
    )
    finding = MentioningFinding("reference_cycle", message, keys[0], line.place, WARNING)
    finding.mentions = [(one.source, one.key) for one in ring[:MOST_IN_RING]]
    return finding
