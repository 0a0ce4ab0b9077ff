# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordinary people (Context.is_ordinary) for whom nothing changes: nearly everybody on most days,
which is seen here with few questions.
"""

from __future__ import annotations

from ..ad_values.sid import DOMAIN_USERS_RID
from ..model.directory import Account
from ..model.people import Person, PersonId
from .context import Context
from .decisions import Decision
from .group_notes import UNKNOWN, Past
from .membership_changes import REMEMBERED
from .memberships import NOTHING_SETTLED
from .places import Places

_PAST = Past(primary=DOMAIN_USERS_RID)  # of an account that remembers nothing


def stays(
    context: Context, places: Places, person: Person, account: Account, decision: Decision
) -> bool:
    """Whether it is certain that nothing changes for an ordinary person."""
    if decision.differences or decision.names or decision.dn != account.dn:
        return False
    if context.replacing_lines or not context.is_ordinary(person, account):
        return False
    return _keeps_groups(context, account, decision) and _keeps_references(
        context, places, person, account
    )


def _keeps_groups(context: Context, account: Account, decision: Decision) -> bool:
    if account.primary_group != DOMAIN_USERS_RID:
        return False
    past, remembers = UNKNOWN, context.removed_groups
    if remembers is not None:
        past, texts = _PAST, account.attributes.get(remembers)
        if texts:  # the note of who gave the groups, which every account of ours has
            if any(text.startswith(REMEMBERED) for text in texts):
                return False
            past = Past(tuple(texts), primary=DOMAIN_USERS_RID)
    settled = context.memberships.birthright(account, decision.groups, past)
    return settled == NOTHING_SETTLED


def _keeps_references(context: Context, places: Places, person: Person, account: Account) -> bool:
    for name, other in person.references.items():
        place = places.of(other) if isinstance(other, PersonId) else None
        if place is None or place.now != place.then:
            return False
        if account.attributes.get(context.definitions[name].name) != [place.then]:
            return False
    return True
