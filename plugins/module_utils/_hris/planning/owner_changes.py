# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of whose an account is: of its key, and of the source in its mark."""

from __future__ import annotations

from ..ad_values.equality import folding
from ..model import actions
from ..model.directory import Account
from ..model.people import Person
from ..model.plan import Change, ValueChanges
from .compare import change_of
from .context import Context
from .hand_over import EXPIRY
from .ownership import mark_of, read_mark


def taken_over(
    context: Context, person: Person, account: Account, values: ValueChanges
) -> list[Change]:
    """The change of the mark of an account that had another owner; it is taken out of the
    values.
    """
    before = mark_of(account, context.mark)
    written = values.get(context.mark)
    after = read_mark(written.after[0]) if written and written.after else None
    if before is None or after is None or before.source == after.source:
        return []
    reason = f"{after.source} has the primary record now, {before.source} had it before"
    change = change_of(actions.TAKE_OVER, person, account, reason)
    change.attributes = {context.mark: values.pop(context.mark)}
    if EXPIRY in values:  # with the mark, by which the next run knows who set it
        change.attributes[EXPIRY] = values.pop(EXPIRY)
    return [change]


def relinked(
    context: Context, person: Person, account: Account, values: ValueChanges
) -> list[Change]:
    """The change of the key of an account that has another one; it is taken out of the values."""
    name = context.spelled(context.rules.key)
    key = values.get(name)
    if key is None or not key.before:
        return []
    fold = folding(context.definitions[name])
    if list(map(fold, key.before)) == list(map(fold, key.after)):
        return []
    reason = f"the person's key was {key.before[0]}"
    change = change_of(actions.RELINK, person, account, reason)
    change.attributes = {name: values.pop(name)}
    return [change]
