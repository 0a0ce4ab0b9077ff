# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References from one person to another (manager), whatever the order of the feed.

A reference line reads from a person's record who is meant, and finds that person by another field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..data_class import mutable
from ..errors import HrisError
from ..model.findings import WARNING, Finding
from ..model.people import EMPLOYED, HELD, LEAVER, AccountReference, Person
from .mapping import ReferenceLine, reference_value
from .values import to_text

_UNCHANGED = "the attribute is left as it is"


@mutable
class _Target:
    """Who is meant by a person's reference."""

    key: str | None = None  # of the other person; None for nobody
    account: AccountReference | None = None  # where no person has the value
    problem: str | None = None  # why nobody is meant, or why it is somebody else


_NOBODY = _Target()


def resolve_references(people: Sequence[Person], lines: Iterable[ReferenceLine]) -> list[Finding]:
    """Set the references of each person; give the findings.

    people: with their states. An attribute that is left as it is gets no entry. Where the line says
    ``leaver: next``, the chain of managers is followed past those who have left.
    """
    findings: list[Finding] = []
    by_key = {person.key: person for person in people}
    for line in lines:
        holders = _holders(people, line)
        targets = {
            person.key: _target(person, line, holders) for person in people if person.state != HELD
        }
        findings += _cycles(targets, line)
        for person in people:
            if person.state in EMPLOYED:
                findings += _resolve(person, line, targets, by_key)
    return findings


def _resolve(
    person: Person, line: ReferenceLine, targets: dict[str, _Target], by_key: dict[str, Person]
) -> list[Finding]:
    """Set one reference of a person; give the finding about it, if there is one."""
    target = targets[person.key]
    clears = target is _NOBODY and line.empty == "clear"
    if target.key and by_key[target.key].state == LEAVER and line.leaver != "keep":
        clears = line.leaver == "clear"
        target = _past_leavers(target.key, line, targets, by_key)
    if target.key or target.account or clears:
        person.references = {**person.references, line.name: target.account or target.key}
    if target.problem is None:
        return []
    return [Finding("reference", f"{target.problem}.", person.key, line.place, WARNING)]


def _holders(people: Iterable[Person], line: ReferenceLine) -> dict[str, list[str]]:
    """{value of the line's field: keys of the people who have it}.

    A person whose field cannot be read is not found. That is a finding at everybody who refers to
    this person.
    """
    holders: dict[str, list[str]] = defaultdict(list)
    for person in people:
        for value in _values_of(person, line):
            holders[value].append(person.key)
    return holders


def _values_of(person: Person, line: ReferenceLine) -> set[str]:
    """The values of the line's field in all records of a person."""
    records = [person.record]
    if person.employment:
        records = [one.record for one in person.employment.records]
    found = set()
    for record in records:
        try:
            value = to_text(line.other.evaluate(record))
        except HrisError:
            continue
        if value is not None:
            found.add(value)
    return found


def _target(person: Person, line: ReferenceLine, holders: dict[str, list[str]]) -> _Target:
    try:
        value = reference_value(line, person.record)
    except HrisError as error:
        return _Target(problem=f"{error.message}: {_UNCHANGED}. Correct the rule or HR")
    if value is None:
        return _NOBODY
    keys, field = holders.get(value, []), line.other.source
    problem = None
    if not keys and line.account:
        return _Target(account=AccountReference(line.account, value))
    if not keys:
        problem = f"no employee has {field} '{value}'"
    elif len(keys) > 1:
        problem = f"{len(keys)} employees have {field} '{value}'"
    elif keys[0] == person.key:
        problem = "the employee refers to himself or herself"
    if problem is None:
        return _Target(keys[0])
    return _Target(problem=f"{problem}: {_UNCHANGED}. Correct it in HR")


def _past_leavers(
    leaver: str, line: ReferenceLine, targets: dict[str, _Target], by_key: dict[str, Person]
) -> _Target:
    """Who is written instead of a person who has left, and what is reported."""
    enter = "Enter the new one in HR"
    if line.leaver == "clear":
        return _Target(problem=f"{leaver} has left: the attribute is cleared. {enter}")
    if line.leaver == "next":
        key = _next_employed(leaver, targets, by_key)
        if key:
            problem = f"{leaver} has left: {key}, the next person above, is written. {enter}"
            return _Target(key, problem=problem)
    return _Target(problem=f"{leaver} has left: {_UNCHANGED}. {enter}")


def _next_employed(
    leaver: str, targets: dict[str, _Target], by_key: dict[str, Person]
) -> str | None:
    """The next person up the chain who has not left; None where the chain ends or is a ring."""
    seen: set[str] = set()
    key: str | None = leaver
    while key and key not in seen:
        if by_key[key].state != LEAVER:
            return key
        seen.add(key)
        key = targets.get(key, _NOBODY).key
    return None


def _cycles(targets: dict[str, _Target], line: ReferenceLine) -> list[Finding]:
    """A finding for each ring of people who refer to one another."""
    findings = []
    done: set[str] = set()
    for start in targets:
        path: dict[str, int] = {}  # in the order of the chain
        key: str | None = start
        while key in targets and key not in done and key not in path:
            path[key] = len(path)
            key = targets[key].key
        if key in path:
            findings.append(_cycle(list(path)[path[key] :], line))
        done.update(path)
    return findings


def _cycle(ring: list[str], line: ReferenceLine) -> Finding:
    first = ring.index(min(ring))
    ring = ring[first:] + ring[:first]
    chain = " → ".join([*ring, ring[0]])
    message = (
        f"{chain}: these employees refer to one another in a ring. "
        "It is written as HR has it. Correct it in HR."
    )
    return Finding("reference_cycle", message, ring[0], line.place, WARNING)
