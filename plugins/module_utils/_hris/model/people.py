# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People: the records of one human, seen through the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ..data_class import frozen, mutable
from .records import Record

# The states of a person (docs/lifecycle.md)
NOT_DUE = "not_due"  # starts later than the joiner rule looks ahead: no account yet
PREPARED = "prepared"  # starts soon: the account is created ahead of time
ACTIVE = "active"  # works here now
LEAVE = "leave"  # works here, but is away for a while (parental leave, sabbatical)
LEAVER = "leaver"  # has left: the account is locked
OUT_OF_SCOPE = "out_of_scope"  # works here, but no record is in scope
HELD = "held"  # the records cannot be judged: nothing is done for this person, except a lock
STATES = (NOT_DUE, PREPARED, ACTIVE, LEAVE, LEAVER, OUT_OF_SCOPE, HELD)
EMPLOYED = (PREPARED, ACTIVE, LEAVE)  # those whose account follows the rules
# What a record is on the day of the run
PAST, CURRENT, FUTURE, UNREADABLE = "past", "current", "future", "unreadable"


@frozen
class PersonRecord:
    """One record of a person, as it is on the day of the run. Days as in Person."""

    source: str
    key: str
    record: Record
    time: str  # PAST, CURRENT, FUTURE or UNREADABLE
    in_scope: bool
    start: str | None
    end: str | None


@frozen
class Employment:
    """The records of a person who has several of them."""

    records: Sequence[PersonRecord]  # the primary record first, then by their days
    next_start: str | None  # where no record is current: the first day of the next one
    left: str | None  # prepared again: the first day without access of the employment before
    is_bridged: bool  # no record is current, but the next one starts so soon that nothing changes
    alone: Sequence[Person]  # who each key would be alone, where the records have several keys


class PersonId(NamedTuple):
    """Who a person is in all sources together: two sources may use the same key."""

    source: str
    key: str


@frozen
class AccountReference:
    """An account that is referred to, but belongs to nobody in the feeds."""

    attribute: str  # as the rules spell it
    value: str


# Who is referred to: a person, an account, or None to clear the attribute
Reference: TypeAlias = "PersonId | AccountReference | None"


@mutable
class Person:
    """One person. Days are ISO 8601 texts (2026-03-02) in the person's own time zone."""

    source: str  # of the primary record: its rules are the person's rules
    key: str  # the value of the key attribute, from the primary record
    state: str  # one of STATES
    today: str  # the day that the run is computed for
    timezone: str | None  # IANA name; None where the state could not be computed
    start: str | None  # first day of work, of all records without a gap between them
    end: str | None  # last day of work, of all records without a gap between them
    first_day_without_access: str | None  # where HR gives a last day
    references: dict[str, Reference]  # by attribute; never changed, since people share them
    fallbacks: Sequence[tuple[str, str]]  # (attribute, value): other ways to find the account
    record: Record  # the primary record: in rules its name is ``employee``
    # Whether all records that have begun have ended; None: they may have, but one cannot be read
    has_left: bool | None = False
    employment: Employment | None = None  # None: there is one record only
    # Of a leaver, by attribute: who is written instead (None: nobody); never changed
    successors: Mapping[str, PersonId | None] | None = None

    @property
    def several_records(self) -> Sequence[PersonRecord]:
        """The records of somebody who has several, the primary one first; none of others."""
        return self.employment.records if self.employment else ()

    @property
    def keys(self) -> Sequence[str]:
        """The keys of all records, that of the primary record first, each once."""
        if self.employment is None:
            return (self.key,)
        keys = {one.key.casefold(): one.key for one in reversed(self.employment.records)}
        others = [key for folded, key in keys.items() if folded != self.key.casefold()]
        return (self.key, *reversed(others))

    @property
    def ids(self) -> Sequence[PersonId]:
        """The source and key of each record, those of the primary record first, each once."""
        first = PersonId(self.source, self.key)
        if self.employment is None:
            return (first,)
        records = self.employment.records
        ids = {(one.source, one.key.casefold()): PersonId(one.source, one.key) for one in records}
        return list({(self.source, self.key.casefold()): first, **ids}.values())

    @property
    def sources(self) -> Sequence[str]:
        """The sources of all records, that of the primary record first, each once."""
        if self.employment is None:
            return (self.source,)
        return list(dict.fromkeys((self.source, *(one.source for one in self.employment.records))))


def precedence(person: Person) -> tuple[str, str, str]:
    """The start date, the key and the source: the earlier person gets a name that two people want,
    in any order of the feeds.
    """
    return person.start or "", person.key, person.source
