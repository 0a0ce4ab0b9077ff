# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People: the records of one human, seen through the rules."""

from __future__ import annotations

from collections.abc import Sequence

from ..data_class import mutable
from .records import Record

# The states of a person (docs/lifecycle.md)
NOT_DUE = "not_due"  # starts later than the joiner rule looks ahead: no account yet
PREPARED = "prepared"  # starts soon: the account is created ahead of time
ACTIVE = "active"  # works here now
LEAVE = "leave"  # works here, but is away for a while (parental leave, sabbatical)
LEAVER = "leaver"  # has left: the account is locked
HELD = "held"  # the record cannot be judged: nothing is done for this person
STATES = (NOT_DUE, PREPARED, ACTIVE, LEAVE, LEAVER, HELD)
EMPLOYED = (PREPARED, ACTIVE, LEAVE)  # those whose account follows the rules


@mutable
class Person:
    """One person of one source. Days are ISO 8601 texts (2026-03-02) in the person's own time
    zone.
    """

    key: str  # the value of the key attribute
    state: str  # one of STATES
    today: str  # the day that the run is computed for
    timezone: str | None  # IANA name; None where the state could not be computed
    start: str | None  # first day of work
    end: str | None  # last day of work
    first_day_without_access: str | None  # where HR gives a last day
    references: dict[str, str | None]  # {attribute: key of the other person, None to clear it}
    fallbacks: Sequence[tuple[str, str]]  # (attribute, value): other ways to find the account
    records: tuple[Record, ...]  # what HR gave; the rules read the first one

    @property
    def record(self) -> Record:
        """The record that counts: in rules its name is ``employee``."""
        return self.records[0]


def precedence(person: Person) -> tuple[str, str]:
    """The start date and the key: the earlier person gets a name that two people want, in any order
    of the feed.
    """
    return person.start or "", person.key
