# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account remembers of the groups that a leaver lost, so that a rehire can get them back.

The attribute ``leaver.record`` holds one text for each group: ``hris.ad group=GUID since=DAY``, DAY
being the first day without access. The texts are written before the groups are removed and cleared
after they were given back, so that the next run completes a run that was killed in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ..model.directory import Account, Group
from ..model.plan import ValueChange, ValueChanges
from ..rules.times import is_day

PREFIX = "hris.ad group="


class RemovedGroup(NamedTuple):
    """One group that was removed."""

    guid: str
    since: str  # the first day without access, ISO 8601; "" where it is not known


def entries_of(account: Account, attribute: str | None) -> list[RemovedGroup]:
    """The groups that the account remembers. attribute: None where the rules keep no record."""
    if not attribute or attribute not in account.attributes:
        return []
    found = []
    for text in account.attributes[attribute]:
        if text.startswith(PREFIX):
            guid, _word, since = text.removeprefix(PREFIX).partition(" since=")
            found.append(RemovedGroup(guid, since if is_day(since) else ""))
    return found


def with_groups(
    account: Account, attribute: str, groups: Iterable[Group], since: str
) -> ValueChanges:
    """The change that adds groups to what the account remembers; {} when all are there."""
    before = account.attributes.get(attribute, [])
    known = {entry.guid for entry in entries_of(account, attribute)}
    added = [f"{PREFIX}{group.guid} since={since}" for group in groups if group.guid not in known]
    if not added:
        return {}
    return {attribute: ValueChange(before, before + added)}


def without_groups(texts: Sequence[str]) -> list[str]:
    """The values of the attribute without what the account remembers; other values stay."""
    return [text for text in texts if not text.startswith(PREFIX)]


def restorable(entries: Iterable[RemovedGroup], today: str, within_days: int) -> set[str]:
    """The GUIDs of removed groups that are recent enough to be given back."""
    now = date.fromisoformat(today)
    return {
        entry.guid
        for entry in entries
        if entry.since and (now - date.fromisoformat(entry.since)).days <= within_days
    }
