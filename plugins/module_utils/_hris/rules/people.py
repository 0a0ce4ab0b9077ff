# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records seen through the rules: people, and findings about those who cannot be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from ..data_class import mutable
from ..model.findings import Finding
from ..model.people import Person
from ..model.record_fields import Path
from ..model.records import Record
from .days import mixed_moments
from .employment import employment_rules
from .fields import check_fields
from .identity import RecordsOfPerson, join_records
from .joined_sources import SourceRecords, join_sources
from .kept_fields import check_left_out
from .person import Day, person_of, person_of_sources, states_of_records
from .records import group_by_key
from .references import PeopleOfSource, resolve_references
from .ruleset import Ruleset


class Feed(NamedTuple):
    """The records of one source."""

    rules: Ruleset
    records: Sequence[Record]
    left_out: Sequence[Path] = ()  # fields that HR has and the records lack


@mutable
class SourcePeople:
    """The people of one source: what planning compares with the directory."""

    rules: Ruleset
    people: list[Person]
    findings: list[Finding]  # about the records


def people_of(records: Sequence[Record], rules: Ruleset, as_of: datetime) -> SourcePeople:
    """The people of one source, as people_of_sources."""
    feed = Feed(rules, records)
    check_feed(feed)
    return people_of_sources([feed], as_of)[0]


def check_feed(feed: Feed) -> None:
    """Raise HrisError for a rule that reads a field which no record has."""
    expressions, optional = feed.rules.record_expressions, feed.rules.optional_fields
    check_left_out(expressions, feed.left_out)
    check_fields(expressions, feed.records, optional, feed.left_out)


def people_of_sources(feeds: Sequence[Feed], as_of: datetime) -> list[SourcePeople]:
    """The people of all records that have a key, and the findings, for each source.

    feeds: checked by check_feed, in the order of the sources. Somebody of whom several sources know
    is a person of the source of the primary record.

    What the rules want for a person's account is computed one by one (desired_state.py), so that a
    large company is never twice in memory. People who cannot be judged have the state HELD: their
    accounts are left as they are.
    """
    day = Day(as_of, {}, {feed.rules.source: number for number, feed in enumerate(feeds)})
    found = _people_of_records(feeds, day)
    groups_of_people = [PeopleOfSource(source.rules, source.people) for source in found]
    for source, more in zip(found, resolve_references(groups_of_people), strict=True):
        source.findings += more
    for source in found:
        for finding in source.findings:
            finding.source = source.rules.source
    return found


def _people_of_records(feeds: Sequence[Feed], day: Day) -> list[SourcePeople]:
    """The people without their references. What finds them takes memory for each record, and is
    gone then.
    """
    as_of, today = day.as_of, day.as_of.date().isoformat()
    found, sources = [], []
    for feed in feeds:
        rules, records = feed.rules.on(as_of), feed.records
        groups, findings = group_by_key(records, rules.key_line)
        joined, proposals = join_records(groups, rules.identity, rules.exceptions, today)
        sources.append(SourceRecords(rules, joined))
        mixed = mixed_moments(rules.dates.days, records, rules.key_line)
        found.append(SourcePeople(rules, [], [*findings, *proposals, *mixed]))
    elsewhere = _add_joined(found, sources, day) if len(sources) > 1 else set()
    for source, records_of_source in zip(found, sources, strict=True):
        people = records_of_source.people
        _add_people(source, [one for one in people if id(one) not in elsewhere], day)
    return found


def _add_people(source: SourcePeople, people: Iterable[RecordsOfPerson], day: Day) -> None:
    """Add the people of whom one source knows."""
    judging = employment_rules([source.rules], day.order)
    state_of = states_of_records(source.rules, day)
    for one in people:
        person, findings = person_of(one, source.rules, judging, day, state_of)
        source.people.append(person)
        source.findings += findings


def _add_joined(
    found: Sequence[SourcePeople], sources: Sequence[SourceRecords], day: Day
) -> set[int]:
    """Add the people of whom several sources know to the source of their primary record. The
    identities (id) of their records.
    """
    elsewhere: set[int] = set()
    together = join_sources(sources, day.as_of.date().isoformat())
    for source, finding in together.findings:
        found[day.order[source]].findings.append(finding)
    for parts in together.joined:
        elsewhere.update(id(part.person) for part in parts)
        person, findings = person_of_sources(parts, day)
        owner = found[day.order[person.source]]
        owner.people.append(person)
        owner.findings += findings
    return elsewhere
