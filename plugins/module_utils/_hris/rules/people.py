# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records seen through the rules: people, and findings about those who cannot be judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ..data_class import mutable
from ..errors import HrisError
from ..model.findings import Finding, held
from ..model.people import HELD, Person
from ..model.records import Record
from .fields import check_fields
from .lifecycle_state import lifecycle_state
from .mapping import references_of
from .records import KeyedRecord, sort_records
from .references import resolve_references
from .ruleset import Ruleset
from .values import to_text

NO_REFERENCES: dict[str, str | None] = {}  # of people without any; shared, because there are many


@mutable
class SourcePeople:
    """The people of one source: what planning compares with the directory."""

    rules: Ruleset
    people: list[Person]
    findings: list[Finding]  # about the records


def people_of(records: Sequence[Record], rules: Ruleset, as_of: datetime) -> SourcePeople:
    """Every record with a key as a person, and the findings.

    What the rules want for a person's account is computed one by one (desired_state.py), so that a
    large company is never twice in memory. People who cannot be judged have the state HELD: their
    accounts are left as they are. Raises HrisError for a rule that reads a field which no record
    has.
    """
    check_fields(rules.record_expressions, records, rules.optional_fields)
    found = sort_records(records, rules.key_line, rules.primary)
    findings = found.findings
    today = as_of.date().isoformat()
    texts: dict[date, str] = {}  # the text of every day once, for all people
    people = [_held_person(one, today) for one in found.held]
    for one in found.counting:
        try:
            people.append(_person(one, rules, as_of, texts))
        except HrisError as error:
            people.append(_held_person(one, today))
            findings.append(held(error, one.key))
    findings += resolve_references(people, references_of(rules.mapping))
    return SourcePeople(rules, people, findings)


def _held_person(one: KeyedRecord, today: str) -> Person:
    return Person(
        key=one.key,
        state=HELD,
        today=today,
        timezone=None,
        start=None,
        end=None,
        first_day_without_access=None,
        references=NO_REFERENCES,
        fallbacks=(),
        records=(one.record,),
    )


def _person(one: KeyedRecord, rules: Ruleset, as_of: datetime, texts: dict[date, str]) -> Person:
    record = one.record
    found = lifecycle_state(record, rules.dates, rules.joiner, rules.leaver, as_of)
    return Person(
        key=one.key,
        state=found.state,
        today=_text(found.today, texts) or "",
        timezone=found.timezone.key,
        start=_text(found.start, texts),
        end=_text(found.end, texts),
        first_day_without_access=_text(found.first_day_without_access, texts),
        references=NO_REFERENCES,
        fallbacks=_fallbacks(record, rules) if rules.fallbacks else (),
        records=(record,),
    )


def _text(day: date | None, texts: dict[date, str]) -> str | None:
    if day is None:
        return None
    return texts.get(day) or texts.setdefault(day, day.isoformat())


def _fallbacks(record: Record, rules: Ruleset) -> list[tuple[str, str]]:
    found = []
    for rule in rules.fallbacks:
        if rule.when is None or rule.when.evaluate(record):
            value = to_text(rule.value.evaluate(record))
            if value:
                found.append((rule.attribute, value))
    return found
