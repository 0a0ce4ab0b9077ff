# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account remembers of before its person left, in an explanation: without values."""

from __future__ import annotations

from datetime import date

from ..data_class import mutable
from ..model.directory import Account, Snapshot
from ..rules.ruleset import Ruleset
from ..rules.times import days_later
from .removed_groups import entries_in
from .saved_values import PLACE, saved_in


@mutable
class ExplainedSaved:
    """Something that an account remembers of before its person left."""

    what: str  # an attribute, ``group`` or ``place``
    since: str  # the first day without access, ISO 8601
    given_back_until: str | None  # the last day on which a rehire gets it back; None: never
    group: str | None = None  # the DN of the group; None where it is not there any more


def explained_saved(
    account: Account | None, rules: Ruleset, snapshot: Snapshot
) -> list[ExplainedSaved]:
    """What the account remembers, in the order of its names."""
    if account is None or not rules.leaver.record:
        return []
    texts = account.attributes.get(snapshot.schema[rules.leaver.record.casefold()].name, ())
    dns = {group.guid: group.dn for group in snapshot.groups}
    rehire, found = rules.rehire, []
    for entry in entries_in(texts):
        last = _last_day(entry.since, rehire.groups_within)
        found.append(ExplainedSaved("group", entry.since, last, dns.get(entry.guid)))
    for one in saved_in(texts).values():
        what = "place" if one.name == PLACE else one.name
        found.append(ExplainedSaved(what, one.since, _last_day(one.since, rehire.all_within)))
    return sorted(found, key=lambda one: (one.what.casefold(), one.group or ""))


def _last_day(since: str, within: int | None) -> str | None:
    if not since or within is None:
        return None
    return days_later(date.fromisoformat(since), within).isoformat()


def saved_line(entry: ExplainedSaved, today: str) -> str:
    """The entry for reading. today: ISO 8601."""
    what = entry.what
    if what == "group":
        what = f"group {entry.group or 'that is not there any more'}"
    back = "a rehire does not get it back"
    if entry.given_back_until and entry.given_back_until < today:
        back = f"{back} any more, since the end of {entry.given_back_until}"
    elif entry.given_back_until:
        back = f"a rehire gets it back until {entry.given_back_until}, where HR does not decide"
    return f"saved {what}, since {entry.since or 'an unknown day'}: {back}"
