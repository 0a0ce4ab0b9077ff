# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References from one employee to another (the manager), in any order of the feed: who is meant, and what is odd about it."""

from __future__ import annotations

from collections import defaultdict

from ..errors import HrisError
from ..model.findings import WARNING, finding
from ..model.people import EMPLOYED, LEAVER
from .mapping import Attribute, reference_value
from .values import to_text


def resolve_references(people: list[dict], lines: list[Attribute]) -> list[dict]:
    """Set each person's ``references``: {attribute: key of the other person, or None to clear}; the findings.

    people: of people_of, with their states. An attribute that is left as it is gets no entry. A chain of managers is
    followed past leavers where the rule says ``leaver: next``.
    """
    findings = []
    by_key = {person.key: person for person in people}
    for line in lines:
        holders = _holders(people, line)
        named = {
            person.key: _named(person, line, holders)
            for person in people
            if person.state != "held"
        }
        findings += _cycles(
            {key: target for key, (target, _problem) in named.items() if target}, line
        )
        for person in people:
            if person.state not in EMPLOYED or person.key not in named:
                continue
            target, problem = named[person.key]
            clears = target is None and not problem and line.empty == "clear"
            if target and by_key[target]["state"] == LEAVER and line.leaver != "keep":
                clears = line.leaver == "clear"
                target, problem = _past_leavers(target, named, by_key, line)
            if problem:
                findings.append(
                    finding(
                        "reference",
                        f"{problem}.",
                        key=person.key,
                        place=line.place,
                        severity=WARNING,
                    )
                )
            if target or clears:
                person.references = {**person.references, line.name: target}
    return findings


def _holders(people: list[dict], line: Attribute) -> dict[str, list[str]]:
    """{value of the rule's field: keys of the people who have it}.

    Somebody whose field cannot be read is found by nobody, which is a finding at each employee who refers to that person.
    """
    holders = defaultdict(list)
    for person in people:
        try:
            value = to_text(line.other.evaluate(person.record))
        except HrisError:
            continue
        if value is not None:
            holders[value].append(person.key)
    return holders


def _named(person: dict, line: Attribute, holders: dict) -> tuple[str | None, str | None]:
    """(key of the other person or None, what is wrong or None)."""
    try:
        value = reference_value(line, person.record)
    except HrisError as error:
        return None, f"{error.message}: the attribute is left as it is. Mend the rule or HR"
    if value is None:
        return None, None
    targets, field = holders.get(value, []), line.other.source
    if not targets:
        return (
            None,
            f"no employee has {field} '{value}': the attribute is left as it is. Mend it in HR",
        )
    if len(targets) > 1:
        return (
            None,
            f"{len(targets)} employees have {field} '{value}': the attribute is left as it is. Mend it in HR",
        )
    if targets[0] == person.key:
        return (
            None,
            "the employee names himself or herself: the attribute is left as it is. Mend it in HR",
        )
    return targets[0], None


def _past_leavers(
    target: str, named: dict, by_key: dict, line: Attribute
) -> tuple[str | None, str]:
    """(the next person up the chain who has not left, what to tell a human)."""
    gone, seen = target, set()
    while (
        line.leaver == "next"
        and target
        and by_key[target]["state"] == LEAVER
        and target not in seen
    ):
        seen.add(target)
        target = named.get(target, (None, None))[0]
    if line.leaver == "next" and target and target not in seen:
        return (
            target,
            f"{gone} has left: {target}, the next one up, stands in. Enter the new one in HR",
        )
    fate = "cleared" if line.leaver == "clear" else "left as it is"
    return None, f"{gone} has left: the attribute is {fate}. Enter the new one in HR"


def _cycles(targets: dict[str, str], line: Attribute) -> list[dict]:
    """A finding for each ring of people who name one another."""
    findings, done = [], set()
    for start in targets:
        path, key = {}, start
        while key in targets and key not in done and key not in path:
            path[key] = len(path)
            key = targets[key]
        if key in path:
            ring = list(path)[path[key] :]
            ring = ring[ring.index(min(ring)) :] + ring[: ring.index(min(ring))]
            findings.append(
                finding(
                    "reference_cycle",
                    f"{' → '.join([*ring, ring[0]])}: they name one another in a ring. It is written as HR has it; mend it in HR.",
                    key=ring[0],
                    place=line.place,
                    severity=WARNING,
                )
            )
        done.update(path)
    return findings
