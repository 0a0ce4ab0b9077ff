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
    return entries_in(account.attributes[attribute])


def entries_in(texts: Iterable[str]) -> list[RemovedGroup]:
    """The groups that these values of the attribute remember."""
    found = []
    for text in texts:
        if text.startswith(PREFIX):
            guid, _word, since = text.removeprefix(PREFIX).partition(" since=")
            found.append(RemovedGroup(guid, since if is_day(since) else ""))
    return found


def with_groups(texts: Sequence[str], groups: Iterable[Group], since: str) -> list[str]:
    """The values of the attribute with these groups as well."""
    known = {entry.guid for entry in entries_in(texts)}
    added = [f"{PREFIX}{group.guid} since={since}" for group in groups if group.guid not in known]
    return [*texts, *added]


def without_groups(texts: Sequence[str]) -> list[str]:
    """The values of the attribute without what the account remembers; other values stay."""
    return [text for text in texts if not text.startswith(PREFIX)]


def restorable(entries: Iterable[RemovedGroup], today: str, within_days: int | None) -> set[str]:
    """The GUIDs of removed groups that are recent enough to be given back."""
    return {entry.guid for entry in entries if is_recent(entry.since, today, within_days)}


def is_recent(since: str, today: str, within_days: int | None) -> bool:
    """Whether what is remembered since a day is given back. within_days: None for never."""
    if not since or within_days is None:
        return False
    return (date.fromisoformat(today) - date.fromisoformat(since)).days <= within_days
