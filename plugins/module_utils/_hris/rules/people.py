# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records seen through the rules: people, and findings about those who cannot be judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from ..data_class import frozen, mutable
from ..errors import HrisError
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
from .employment import EmploymentState, employment_of, has_left, left_on, sorted_records
from .fields import check_fields
from .identity import RecordsOfPerson, join_records
from .judged_records import JudgedRecord, begun_of, by_content, judge
from .lifecycle_state import lifecycle_state
from .mapping import references_of
from .records import KeyedRecord, group_by_key
from .references import resolve_references
from .ruleset import Ruleset
from .values import to_text

NO_REFERENCES: dict[str, Reference] = {}  # of people without any; shared, because there are many


@mutable
class SourcePeople:
    """The people of one source: what planning compares with the directory."""

    rules: Ruleset
    people: list[Person]
    findings: list[Finding]  # about the records


@frozen
class _Day:
    """The day of the run, and the text of every day once, for all people."""

    as_of: datetime
    texts: dict[date, str]

    def text(self, day: date | None) -> str | None:
        """The day in ISO 8601."""
        if day is None:
            return None
        return self.texts.get(day) or self.texts.setdefault(day, day.isoformat())


def people_of(records: Sequence[Record], rules: Ruleset, as_of: datetime) -> SourcePeople:
    """The people of all records that have a key, and the findings.

    What the rules want for a person's account is computed one by one (desired_state.py), so that a
    large company is never twice in memory. People who cannot be judged have the state HELD: their
    accounts are left as they are. Raises HrisError for a rule that reads a field which no record
    has.
    """
    check_fields(rules.record_expressions, records, rules.optional_fields)
    groups, findings = group_by_key(records, rules.key_line)
    joined, proposals = join_records(
        groups, rules.identity, rules.exceptions, as_of.date().isoformat()
    )
    findings += proposals
    day = _Day(as_of, {})
    people = []
    for one in joined:
        person, more = _person(one, rules, day)
        people.append(person)
        findings += more
    findings += resolve_references(people, references_of(rules.mapping))
    return SourcePeople(rules, people, findings)


def _person(one: RecordsOfPerson, rules: Ruleset, day: _Day) -> tuple[Person, Sequence[Finding]]:
    if len(one.records) == 1 and one.problem is None:
        try:
            return _person_with_one_record(one.records[0], rules, day), ()
        except HrisError:
            pass  # judged once more below, where the error is found again and becomes a finding
    judged = sorted((judge(record, rules, day.as_of) for record in one.records), key=by_content)
    found = _employment(judged, rules)
    if one.problem:
        _hold(found, one.problem, judged)
    person = _assembled(found, judged, rules, day)
    if person.state != HELD:
        try:
            person.fallbacks = _fallbacks(found.primary.record, rules)
        except HrisError as error:
            found.error, person.state = error, HELD
    return person, list(_findings(person, found, judged))


def _employment(judged: Sequence[JudgedRecord], rules: Ruleset) -> EmploymentState:
    """The employment; held where a preference cannot be evaluated."""
    try:
        return employment_of(judged, rules)
    except HrisError as error:
        found = EmploymentState(HELD, judged[0], None, None, None, error=error)
        found.has_left = has_left(judged, rules)
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


def _person_with_one_record(one: KeyedRecord, rules: Ruleset, day: _Day) -> Person:
    """As _person, for nearly everybody. Raises HrisError for a record that cannot be read."""
    record, when = one.record, rules.scope.when
    found = lifecycle_state(record, rules.dates, rules.joiner, rules.leaver, day.as_of)
    state = found.state
    if state != LEAVER and when is not None and not when.evaluate(record):
        state = OUT_OF_SCOPE
    return Person(
        key=one.key,
        state=state,
        today=day.text(found.today) or "",
        timezone=found.timezone.key,
        start=day.text(found.start),
        end=day.text(found.end),
        first_day_without_access=day.text(found.first_day_without_access),
        references=NO_REFERENCES,
        fallbacks=_fallbacks(record, rules) if rules.fallbacks else (),
        record=record,
        has_left=state == LEAVER,
    )


def _assembled(
    found: EmploymentState, judged: Sequence[JudgedRecord], rules: Ruleset, day: _Day
) -> Person:
    primary = found.primary
    today, timezone = day.as_of.date(), None
    if primary.state:
        today, timezone = primary.state.today, primary.state.timezone.key
    person = Person(
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
            alone=_alone(judged, rules, day),
        )
    return person


def _person_record(one: JudgedRecord, day: _Day) -> PersonRecord:
    end = one.state.end if one.state else None
    return PersonRecord(
        one.key, one.record, one.time, one.in_scope, day.text(one.start), day.text(end)
    )


def _alone(judged: Sequence[JudgedRecord], rules: Ruleset, day: _Day) -> Sequence[Person]:
    """Who each key would be alone: needed where the keys have an account each."""
    by_key: dict[str, list[JudgedRecord]] = {}
    for one in judged:
        by_key.setdefault(one.key.casefold(), []).append(one)
    if len(by_key) == 1:
        return ()
    people = []
    for records in by_key.values():
        found = _employment(records, rules)
        if found.state == PREPARED and found.has_left:
            _forget_next(found)
        people.append(_assembled(found, records[:1], rules, day))  # its keys are one
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
