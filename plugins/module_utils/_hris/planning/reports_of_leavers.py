# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that still name the account of a leaver, such as that of a manager, while HR names
nobody: they get the successor. When the leaver comes back, they get the leaver back.

The account remembers it in the attribute ``leaver.record``: ``hris.ad replaced=manager
since=2026-03-02 <GUID=the leaver> <GUID=the successor>``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..data_class import mutable
from ..model.directory import Account
from ..model.findings import WARNING, Finding, Mention, mentioning
from ..model.people import Person, PersonId
from ..model.plan import ValueChange, ValueChanges
from ..rules.mapping_lines import ReferenceLine
from ..rules.times import is_day
from .compare import NO_VALUE, Place, reference_differences
from .context import Context
from .places import Places
from .removed_groups import is_recent

PREFIX = "hris.ad replaced="
_TEXT = re.compile(
    r"hris\.ad replaced=([\w-]+) since=(\S+) <GUID=([^>\s]+)> <GUID=([^>\s]+)>", re.ASCII
)


class Replaced(NamedTuple):
    """What an account remembers of one attribute that named a leaver."""

    text: str  # the value of leaver.record
    since: str  # ISO 8601
    leaver: str  # objectGUID
    successor: str  # objectGUID


@mutable
class ReportChanges:
    """What changes of an account that names a leaver."""

    values: ValueChanges
    gone: list[str]  # texts that leaver.record does not have any more
    new: list[str]  # texts that it gets
    findings: list[Finding]


def report_changes(
    context: Context, places: Places, person: Person, account: Account
) -> ReportChanges:
    """What changes of the account of somebody who works here, for whom HR may name nobody."""
    found = ReportChanges({}, [], [], [])
    for line in context.replacing_lines:
        known = _remembered(context, account, line.name)
        if line.name not in person.references:
            _of_line(context, places, person, account, line, known, found)
        elif known:  # HR decides
            found.gone.append(known.text)
    return found


def _of_line(
    context: Context,
    places: Places,
    person: Person,
    account: Account,
    line: ReferenceLine,
    known: Replaced | None,
    found: ReportChanges,
) -> None:
    values = account.attributes.get(context.spelled(line.name), NO_VALUE)
    now = places.known.guid_of(values[0]) if len(values) == 1 else None
    if known and (now != known.successor or not _is_recent(context, person, known)):
        found.gone.append(known.text)  # somebody else decided since, or it is too long ago
        known = None
    if known:
        back = places.people.employee(known.leaver)
        if back:
            found.gone.append(known.text)
            _write(context, account, line, places.of(back), found)
            return
    leaver = places.people.leaver(now) if now else None
    if leaver is None or not leaver.successors or line.name not in leaver.successors:
        return
    successor = leaver.successors[line.name]
    place = places.of(successor) if successor else None
    if successor and (place is None or successor == (person.source, person.key)):
        return
    if not _write(context, account, line, place, found):
        return
    guid = places.known.guid_of(place.now) if place and place.now else None
    if guid and context.removed_groups and context.rules.rehire.all_within is not None:
        since, first = leaver.first_day_without_access or person.today, now
        if known:
            found.gone.append(known.text)
            since, first = known.since, known.leaver
        text = f"{PREFIX}{line.name} since={since} <GUID={first}> <GUID={guid}>"
        found.new.append(text)
    found.findings.append(_finding(line, person, leaver, successor))


def _finding(
    line: ReferenceLine, person: Person, leaver: Person, successor: PersonId | None
) -> Finding:
    what = [Mention(*successor), " is written."] if successor else ["it is cleared."]
    who_left = Mention(leaver.source, leaver.key)
    parts = [f"{line.name} names ", who_left, ", who has left, and HR names nobody: ", *what]
    return mentioning("reference", parts, person.key, line.place, WARNING)


def _write(
    context: Context,
    account: Account,
    line: ReferenceLine,
    place: Place | None,
    found: ReportChanges,
) -> bool:
    """Add the change of the attribute; whether there is one."""
    if line.name not in context.enforced:
        return False
    values = reference_differences({line.name: place}, account, context.definitions)
    found.values |= values
    return bool(values)


def _remembered(context: Context, account: Account, name: str) -> Replaced | None:
    texts = account.attributes.get(context.removed_groups or "", NO_VALUE)
    for text in texts:
        match = _TEXT.fullmatch(text)
        if match and match[1].casefold() == name.casefold() and is_day(match[2]):
            return Replaced(text, match[2], match[3], match[4])
    return None


def _is_recent(context: Context, person: Person, known: Replaced) -> bool:
    return is_recent(known.since, person.today, context.rules.rehire.all_within)


def with_replaced(
    found: ReportChanges, before: list[str], changed: ValueChange | None, last: ValueChange | None
) -> tuple[ValueChange, ValueChange | None]:
    """The changes of ``leaver.record`` with what an account remembers of leavers whom it named.

    before: the values. changed: what is written anyway, and last: at the end.
    """

    def texts(values: list[str]) -> list[str]:
        return [*(text for text in values if text not in found.gone), *found.new]

    after = ValueChange(before, texts(changed.after if changed else before))
    return after, last and ValueChange(texts(last.before), texts(last.after))
