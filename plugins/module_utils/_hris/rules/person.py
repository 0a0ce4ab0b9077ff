# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person: the records of one human, judged by the rules of their sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from ..data_class import frozen
from ..errors import HrisError, foreseen
from ..model.findings import WARNING, Finding, held
from ..model.people import (
    HELD,
    LEAVER,
    OUT_OF_SCOPE,
    PAST,
    PREPARED,
    Employment,
    Person,
    PersonRecord,
    Reference,
)
from ..model.records import Record
from .employment import (
    EmploymentRules,
    EmploymentState,
    employment_of,
    employment_rules,
    has_left,
    left_on,
    sorted_records,
)
from .identity import RecordsOfPerson
from .joined_sources import Part, problem_of
from .judged_records import JudgedRecord, begun_of, by_content, judge
from .lifecycle_state import lifecycle_state
from .records import KeyedRecord
from .ruleset import Ruleset
from .shared_answers import shared_answers
from .values import to_text

NO_REFERENCES: dict[str, Reference] = {}  # of people without any; shared, because there are many


@frozen
class Day:
    """The day of the run, the text of every day once for all people, and the sources."""

    as_of: datetime
    texts: dict[date, str]
    order: Mapping[str, int]  # {source: its place in the order of the sources}

    def text(self, day: date | None) -> str | None:
        """The day in ISO 8601."""
        if day is None:
            return None
        return self.texts.get(day) or self.texts.setdefault(day, day.isoformat())


class StateOfRecord(NamedTuple):
    """What the dates and the scope say about somebody with one record, in the order of Person."""

    state: str
    today: str
    timezone: str
    start: str | None
    end: str | None
    first_day_without_access: str | None


# From a record to its state on the day of the run. Raises HrisError for what cannot be read
StateOf = Callable[[Record], StateOfRecord]


def states_of_records(rules: Ruleset, day: Day) -> StateOf:
    """The function that gives the states of the records of one source."""
    when = rules.scope.when
    reads = [*rules.dates.expressions, *((when,) if when else ())]
    return shared_answers(partial(_state_of_record, rules, day), reads)


def _state_of_record(rules: Ruleset, day: Day, record: Record) -> StateOfRecord:
    found = lifecycle_state(record, rules.dates, rules.joiner, rules.leaver, day.as_of)
    state, when = found.state, rules.scope.when
    if state != LEAVER and when is not None and not when.evaluate(record):
        state = OUT_OF_SCOPE
    return StateOfRecord(
        state,
        day.text(found.today) or "",
        found.timezone.key,
        day.text(found.start),
        day.text(found.end),
        day.text(found.first_day_without_access),
    )


def person_of_sources(parts: Sequence[Part], day: Day) -> tuple[Person, Sequence[Finding]]:
    """(the person of whom several sources know, findings)."""
    judged = [
        judge(record, rules, day.as_of) for rules, person in parts for record in person.records
    ]
    judging = employment_rules([part.rules for part in parts], day.order)
    problem = problem_of(parts, day.as_of.date().isoformat())
    return _judged_person(sorted(judged, key=by_content), problem, judging, day)


def person_of(
    one: RecordsOfPerson, rules: Ruleset, judging: EmploymentRules, day: Day, state_of: StateOf
) -> tuple[Person, Sequence[Finding]]:
    """(the person with these records of one source, findings). state_of: of states_of_records."""
    if len(one.records) == 1 and one.problem is None:
        try:
            return foreseen(_person_with_one_record, one.records[0], rules, state_of), ()
        except HrisError:
            pass  # judged once more below, where the error is found again and becomes a finding
    judged = sorted((judge(record, rules, day.as_of) for record in one.records), key=by_content)
    return _judged_person(judged, one.problem, judging, day)


def _judged_person(
    judged: Sequence[JudgedRecord],
    problem: HrisError | None,
    judging: EmploymentRules,
    day: Day,
) -> tuple[Person, Sequence[Finding]]:
    """(the person with these records, findings). problem: why the person is held."""
    found = _employment(judged, judging)
    if problem:
        _hold(found, problem, judged)
    person = _assembled(found, judged, judging, day)
    if person.state != HELD:
        try:
            person.fallbacks = foreseen(_fallbacks, found.primary.record, found.primary.rules)
        except HrisError as error:
            found.error, person.state = error, HELD
    return person, list(_findings(person, found, judged))


def _employment(judged: Sequence[JudgedRecord], judging: EmploymentRules) -> EmploymentState:
    """The employment; held where a preference cannot be evaluated."""
    try:
        return foreseen(employment_of, judged, judging)
    except HrisError as error:
        found = EmploymentState(HELD, judged[0], None, None, None, error=error)
        found.has_left = has_left(judged, judging)
        found.first_day_without_access = left_on(one for one in judged if one.time == PAST)
        return found


def _hold(found: EmploymentState, problem: HrisError, judged: Sequence[JudgedRecord]) -> None:
    """Hold a person whose records may be those of several people: then one record neither bridges
    the gap after another, nor says that everybody still works here.
    """
    past = [one for one in judged if one.time == PAST]
    if found.is_bridged:
        found.is_bridged, found.has_left = False, True
        found.end, found.first_day_without_access = None, left_on(past)
    elif found.state == PREPARED and found.has_left:
        _forget_next(found)
    elif found.has_left is False and begun_of(past):
        found.has_left = None
    found.error, found.state = problem, HELD


def _forget_next(found: EmploymentState) -> None:
    """Set the days to those of the last employment, instead of those of the next record."""
    found.end, found.first_day_without_access = None, found.left


def _person_with_one_record(one: KeyedRecord, rules: Ruleset, state_of: StateOf) -> Person:
    """As _assembled, for nearly everybody. Raises HrisError for a record that cannot be read."""
    record = one.record
    found = state_of(record)
    fallbacks = _fallbacks(record, rules) if rules.fallbacks else ()
    has_left = found.state == LEAVER
    return Person(rules.source, one.key, *found, NO_REFERENCES, fallbacks, record, has_left)


def _assembled(
    found: EmploymentState, judged: Sequence[JudgedRecord], judging: EmploymentRules, day: Day
) -> Person:
    primary = found.primary
    today, timezone = day.as_of.date(), None
    if primary.state:
        today, timezone = primary.state.today, primary.state.timezone.key
    person = Person(
        source=primary.rules.source,
        key=primary.key,
        state=found.state,
        today=day.text(today) or "",
        timezone=timezone,
        start=day.text(found.start),
        end=day.text(found.end),
        first_day_without_access=day.text(found.first_day_without_access),
        references=NO_REFERENCES,
        fallbacks=(),
        record=primary.record,
        has_left=found.has_left,
    )
    if len(judged) > 1:
        person.employment = Employment(
            records=[_person_record(one, day) for one in sorted_records(judged, primary)],
            next_start=day.text(found.next_start),
            left=day.text(found.left),
            is_bridged=found.is_bridged,
            alone=_alone(judged, judging, day),
        )
    return person


def _person_record(one: JudgedRecord, day: Day) -> PersonRecord:
    end = one.state.end if one.state else None
    return PersonRecord(
        one.rules.source,
        one.key,
        one.record,
        one.time,
        one.in_scope,
        day.text(one.start),
        day.text(end),
    )


def _alone(judged: Sequence[JudgedRecord], judging: EmploymentRules, day: Day) -> Sequence[Person]:
    """Who each key would be alone: needed where the keys have an account each."""
    by_key: dict[tuple[str, str], list[JudgedRecord]] = {}
    for one in judged:
        by_key.setdefault((one.rules.source, one.key.casefold()), []).append(one)
    if len(by_key) == 1:
        return ()
    people = []
    for records in by_key.values():
        found = _employment(records, judging)
        if found.state == PREPARED and found.has_left:
            _forget_next(found)
        people.append(_assembled(found, records[:1], judging, day))  # its keys are one
    return people


def _findings(
    person: Person, found: EmploymentState, judged: Sequence[JudgedRecord]
) -> Iterator[Finding]:
    if person.state == HELD and found.error:
        yield held(found.error, person.key)
    for one in judged:
        if one.error and one.error is not found.error and one.in_scope:
            message = f"{one.error} The record has ended, so the account is locked all the same."
            if person.state != LEAVER:
                message = f"{one.error} The record has ended, so it does not matter today."
            yield Finding("unreadable", message, person.key, one.error.place, WARNING)


def _fallbacks(record: Record, rules: Ruleset) -> list[tuple[str, str]]:
    found = []
    for rule in rules.fallbacks:
        if rule.when is None or rule.when.evaluate(record):
            value = to_text(rule.value.evaluate(record))
            if value:
                found.append((rule.attribute, value))
    return found
